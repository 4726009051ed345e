#include "CSound.h"

#include <soxr.h>

dpais_resampler * dpais_resampler_create(double rate, double new_rate) {
    const soxr_io_spec_t floats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    soxr_error_t error = NULL;
    soxr_t resampler = soxr_create(rate, new_rate, 1, &error, &floats, &quality, &one_thread);
    if (error == NULL) return (dpais_resampler *) resampler;
    soxr_delete(resampler);
    return NULL;
}

bool dpais_resampler_process(dpais_resampler * resampler, const float * input, size_t count, size_t * used,
    float * output, size_t capacity, size_t * made) {
    *used = *made = 0;
    return soxr_process((soxr_t) resampler, input, count, used, output, capacity, made) == NULL;
}

void dpais_resampler_free(dpais_resampler * resampler) { soxr_delete((soxr_t) resampler); }
