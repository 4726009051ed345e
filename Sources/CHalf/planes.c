// What pictures need beside convolutions: sums, larger pixels, and the way from and to bytes.
#include "half.h"

#include <stdatomic.h>

#if defined(__x86_64__)

#include "rows.h"
#include "vectors.h"

// MARK: Sums

typedef struct {
    const half_tensor *x, *y, *sum;
    float a, b;
} addition;

HALF_FUNCTION static void add_row(void *context, size_t row, int thread) {
    (void)thread;
    const addition *job = context;
    __m512h a = half_all(job->a), b = half_all(job->b);
    for (size_t channel = 0; channel < job->sum->channels; channel++) {
        const _Float16 *x = half_row(job->x, channel, row), *y = half_row(job->y, channel, row);
        _Float16 *sum = half_row(job->sum, channel, row);
        for (size_t column = 0; column < job->sum->width; column += half_lanes) {
            __mmask32 mask = half_first(job->sum->width - column);
            __m512h other = _mm512_mul_ph(b, half_load_first(mask, y + column));
            half_store_first(sum + column, mask, _mm512_fmadd_ph(a, half_load_first(mask, x + column), other));
        }
    }
}

void half_add(
    half_team *team, int threads, const half_tensor *x, float a, const half_tensor *y, float b, const half_tensor *sum
) {
    addition job = {x, y, sum, a, b};
    half_team_run(team, threads, add_row, &job, sum->height);
}

// MARK: Larger pictures

typedef struct {
    const half_tensor *input, *output;
    size_t factor;
} enlargement;

enum { most_factor = 8 };

/// Which number of a register each of `factor` registers takes, where each number becomes `factor` of them.
HALF_INLINE void spread(size_t factor, __m512i order[most_factor]) {
    for (size_t part = 0; part < factor; part++) {
        uint16_t places[half_lanes];
        for (size_t lane = 0; lane < half_lanes; lane++) {
            places[lane] = (uint16_t)((part * half_lanes + lane) / factor);
        }
        order[part] = _mm512_loadu_si512(places);
    }
}

HALF_FUNCTION static void repeat_row(void *context, size_t row, int thread) {
    (void)thread;
    const enlargement *job = context;
    size_t factor = job->factor, end = job->output->width;
    __m512i order[most_factor];
    spread(factor, order);
    for (size_t channel = 0; channel < job->output->channels; channel++) {
        const _Float16 *from = half_row(job->input, channel, row / factor);
        _Float16 *to = half_row(job->output, channel, row);
        for (size_t column = 0; column < job->input->width; column += half_lanes) {
            __m512i numbers = _mm512_loadu_si512(from + column);
            for (size_t part = 0; part < factor; part++) {
                size_t place = column * factor + part * half_lanes;
                if (place < end) _mm512_storeu_si512(to + place, _mm512_permutexvar_epi16(order[part], numbers));
            }
        }
    }
}

void half_repeat(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output) {
    enlargement job = {input, output, factor};
    half_team_run(team, threads, repeat_row, &job, output->height);
}

HALF_FUNCTION static void shuffle_row(void *context, size_t row, int thread) {
    (void)thread;
    const enlargement *job = context;
    size_t factor = job->factor, end = job->output->width;
    __m512i order[most_factor];
    spread(factor, order);
    // Of each register that is made, the lanes that each channel of a block fills.
    __mmask32 lanes[most_factor][most_factor] = {{0}};
    for (size_t place = 0; place < factor * half_lanes; place++) {
        lanes[place / half_lanes][place % factor] |= (__mmask32)1 << place % half_lanes;
    }
    for (size_t channel = 0; channel < job->output->channels; channel++) {
        _Float16 *to = half_row(job->output, channel, row);
        for (size_t column = 0; column < job->input->width; column += half_lanes) {
            for (size_t part = 0; part < factor; part++) {
                size_t place = column * factor + part * half_lanes;
                if (place >= end) break;
                __m512i made = _mm512_setzero_si512();
                for (size_t index = 0; index < factor; index++) {
                    const _Float16 *from =
                        half_row(job->input, (channel * factor + row % factor) * factor + index, row / factor);
                    __m512i numbers = _mm512_loadu_si512(from + column);
                    made = _mm512_mask_permutexvar_epi16(made, lanes[part][index], order[part], numbers);
                }
                _mm512_storeu_si512(to + place, made);
            }
        }
    }
}

void half_shuffle(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output) {
    enlargement job = {input, output, factor};
    half_team_run(team, threads, shuffle_row, &job, output->height);
}

// MARK: Bytes

enum { colours = 3 };

HALF_FUNCTION void half_read_pixels(const uint8_t *pixels, const half_tensor *planes) {
    for (size_t row = 0; row < planes->height; row++) {
        for (size_t colour = 0; colour < colours; colour++) {
            _Float16 *to = half_row(planes, colour, row);
            const uint8_t *from = pixels + row * planes->width * colours + colour;
            for (size_t column = 0; column < planes->width; column++) {
                to[column] = (_Float16)((float)from[column * colours] * (1.0f / 255));
            }
        }
    }
}

typedef struct {
    const half_tensor *planes;
    uint8_t *pixels;
    atomic_bool is_finite;
} writing;

HALF_FUNCTION static void write_row(void *context, size_t row, int thread) {
    (void)thread;
    writing *job = context;
    const half_tensor *planes = job->planes;
    uint8_t *to = job->pixels + row * planes->width * colours;
    // An infinite number or none at all is not less than this, which every result is.
    const __m512 limit = _mm512_set1_ps(65536);
    __mmask16 finite = 0xFFFF;
    for (size_t column = 0; column < planes->width; column += 16) {
        size_t count = planes->width - column < 16 ? planes->width - column : 16;
        uint8_t bytes[colours][16];
        for (size_t colour = 0; colour < colours; colour++) {
            const _Float16 *from = half_row(planes, colour, row) + column;
            __m256i stored = _mm256_maskz_loadu_epi16((__mmask16)((1u << count) - 1), from);
            __m512 value = _mm512_cvtxph_ps(_mm256_castsi256_ph(stored));
            finite &= _mm512_cmp_ps_mask(_mm512_abs_ps(value), limit, _CMP_LT_OQ);
            // Conversion rounds to nearest; saturation and the maximum bound it.
            __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(value, _mm512_set1_ps(255)));
            whole = _mm512_max_epi32(whole, _mm512_setzero_si512());
            _mm_storeu_si128((__m128i *)bytes[colour], _mm512_cvtusepi32_epi8(whole));
        }
        for (size_t place = 0; place < count; place++) {
            for (size_t colour = 0; colour < colours; colour++) *to++ = bytes[colour][place];
        }
    }
    if (finite != 0xFFFF) atomic_store_explicit(&job->is_finite, false, memory_order_relaxed);
}

bool half_write_pixels(half_team *team, int threads, const half_tensor *planes, uint8_t *pixels) {
    writing job = {planes, pixels, true};
    half_team_run(team, threads, write_row, &job, planes->height);
    return job.is_finite;
}

#endif
