#ifndef DPAIS_HALF_ROWS_H
#define DPAIS_HALF_ROWS_H

#include "half.h"

/// Where a row of a channel begins.
static inline _Float16 *half_row(const half_tensor *tensor, size_t channel, size_t row) {
    half_plane plane = tensor->planes[channel];
    return (_Float16 *)plane.start + row * plane.stride;
}

#endif
