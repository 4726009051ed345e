// llama.cpp's C interface as Swift sees it. The headers come from the engine cache (.engines/llama/include).
#pragma once
#include <llama.h>
