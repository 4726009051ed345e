#include "encoder.h"

#include <math.h>

#if defined(__x86_64__)

#include "vectors.h"

enum { rows_in_a_piece = 16 };

HALF_FUNCTION static void normalise_row(const half_norm *norm, size_t row) {
    const float *from = norm->from + row * norm->width;
    float *to = norm->to + row * norm->width;
    half_pair *pairs = norm->pairs + row * norm->width;
    __m512 sum = _mm512_setzero_ps(), squares = _mm512_setzero_ps();
    for (size_t place = 0; place < norm->width; place += 16) sum = _mm512_add_ps(sum, _mm512_loadu_ps(from + place));
    __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / (float)norm->width);
    for (size_t place = 0; place < norm->width; place += 16) {
        __m512 distance = _mm512_sub_ps(_mm512_loadu_ps(from + place), mean);
        squares = _mm512_fmadd_ps(distance, distance, squares);
    }
    float variance = _mm512_reduce_add_ps(squares) / (float)norm->width;
    __m512 factor = _mm512_set1_ps(1 / sqrtf(variance + norm->epsilon));
    for (size_t place = 0; place < norm->width; place += 16) {
        __m512 value = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(from + place), mean), factor);
        value = _mm512_fmadd_ps(value, _mm512_loadu_ps(norm->scale + place), _mm512_loadu_ps(norm->shift + place));
        _mm512_storeu_ps(to + place, value);
        _mm512_storeu_si512(pairs + place, half_twice(value));
    }
}

static void normalise_piece(void *context, size_t piece, int thread) {
    (void)thread;
    const half_norm *norm = context;
    for (size_t row = piece * rows_in_a_piece; row < norm->rows && row < (piece + 1) * rows_in_a_piece; row++) {
        normalise_row(norm, row);
    }
}

HALF_FUNCTION bool half_are_finite(const float *numbers, size_t count) {
    // A number times 0 is 0, and none where it is infinite or none.
    __m512 sum = _mm512_setzero_ps();
    for (size_t place = 0; place < count; place += 16) {
        sum = _mm512_fmadd_ps(_mm512_loadu_ps(numbers + place), _mm512_setzero_ps(), sum);
    }
    return _mm512_reduce_add_ps(sum) == 0;
}

void half_normalise(half_team *team, int threads, const half_norm *norm) {
    half_team_run(team, threads, normalise_piece, (void *)norm, (norm->rows + rows_in_a_piece - 1) / rows_in_a_piece);
}

#endif
