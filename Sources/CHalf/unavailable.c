// On other processors than x86-64 nothing is computed in binary16: `half_is_available` says so, and nobody gets here.
#include "half.h"

#if !defined(__x86_64__)

#include <stdlib.h>

half_convolution *half_convolution_create(
    const float *weights, size_t outputs, size_t inputs, const float *bias, const float *slopes
) {
    (void)weights, (void)outputs, (void)inputs, (void)bias, (void)slopes;
    abort();
}

void half_convolution_destroy(half_convolution *convolution) { (void)convolution; }

void half_convolve(
    half_team *team, int threads, const half_convolution *convolution, const half_tensor *input, half_sum sum,
    const half_tensor *output
) {
    (void)team, (void)threads, (void)convolution, (void)input, (void)sum, (void)output;
    abort();
}

void half_add(
    half_team *team, int threads, const half_tensor *x, float a, const half_tensor *y, float b, const half_tensor *sum
) {
    (void)team, (void)threads, (void)x, (void)a, (void)y, (void)b, (void)sum;
    abort();
}

void half_repeat(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output) {
    (void)team, (void)threads, (void)input, (void)factor, (void)output;
    abort();
}

void half_shuffle(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output) {
    (void)team, (void)threads, (void)input, (void)factor, (void)output;
    abort();
}

void half_read_pixels(const uint8_t *pixels, const half_tensor *planes) {
    (void)pixels, (void)planes;
    abort();
}

bool half_write_pixels(half_team *team, int threads, const half_tensor *planes, uint8_t *pixels) {
    (void)team, (void)threads, (void)planes, (void)pixels;
    abort();
}

half_matrix *half_matrix_create(const float *weights, size_t outputs, size_t inputs) {
    (void)weights, (void)outputs, (void)inputs;
    abort();
}

void half_matrix_destroy(half_matrix *matrix) { (void)matrix; }

half_workspace *half_workspace_create(void) { abort(); }

void half_workspace_destroy(half_workspace *workspace) { (void)workspace; }

bool half_encode(
    const half_encoder *encoder, half_workspace *workspace, half_team *team, int threads, const size_t *lengths,
    size_t texts, float *states
) {
    (void)encoder, (void)workspace, (void)team, (void)threads, (void)lengths, (void)texts, (void)states;
    abort();
}

#endif
