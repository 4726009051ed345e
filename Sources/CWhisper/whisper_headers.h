// whisper.cpp's C interface as Swift sees it. The headers come from the engine cache (.engines/whisper/include).
#pragma once
#include <whisper.h>
