// OpenVINO's C interface as Swift sees it. The headers come from the engine cache (.engines/openvino/include).
#pragma once
#include <openvino/c/openvino.h>
