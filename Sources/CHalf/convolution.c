// Convolutions of 3 × 3 by Winograd's minimal filtering F(4, 3) down the columns (Lavin and Gray 2015, "Fast Algorithms
// for Convolutional Neural Networks", section 4.1; interpolation at 0, ±1, ±2 and infinity): four rows of results take six
// products where there were twelve. Along the rows it stays a plain sum of three, so that neighbouring pixels lie in
// neighbouring lanes throughout. In both directions it would take a third of the products that are left, but
// shuffles, and binary16 would lose three more bits.
#include "half.h"
#include "memory.h"
#include "scratch.h"

#include <string.h>

#if defined(__x86_64__)

#include "vectors.h"

enum {
    /// Rows of results that are computed together.
    rows_out = 4,
    /// Rows of the input that they are made of, and products for each.
    rows_in = rows_out + 2,
    taps = 3,
    /// Outputs whose sums are in registers together, beside `most_registers` registers of pixels: 24 of the 32.
    outputs_together = 8,
    most_registers = 3,
};

struct half_convolution {
    size_t outputs, inputs;
    /// Transformed weights, [row][block of outputs][input][tap][output of the block]; each twice in four bytes, since
    /// the processor spreads four bytes over a register for nothing, two for an instruction.
    uint32_t *weights;
    /// To a whole block.
    float *bias;
    float *slopes;
};

static size_t blocks(size_t outputs) { return (outputs + outputs_together - 1) / outputs_together; }

/// Lavin and Gray's G, for the six products of a column of weights.
static void transform_column(const float g[taps], float u[rows_in]) {
    float even = g[0] + g[2], spread = g[0] / 24 + g[2] / 6;
    u[0] = g[0] / 4;
    u[1] = -(even + g[1]) / 6;
    u[2] = -(even - g[1]) / 6;
    u[3] = spread + g[1] / 12;
    u[4] = spread - g[1] / 12;
    u[5] = g[2];
}

static uint32_t twice(float value) {
    _Float16 half = (_Float16)value;
    uint16_t bits;
    memcpy(&bits, &half, sizeof bits);
    return (uint32_t)bits << 16 | bits;
}

half_convolution *half_convolution_create(
    const float *weights, size_t outputs, size_t inputs, const float *bias, const float *slopes
) {
    half_convolution *made = half_allocate(sizeof *made);
    size_t count = blocks(outputs), padded = count * outputs_together;
    size_t size = rows_in * padded * inputs * taps * sizeof(uint32_t);
    *made = (half_convolution){outputs, inputs, half_allocate(size), half_allocate(padded * sizeof(float)), NULL};
    memset(made->weights, 0, size);
    memset(made->bias, 0, padded * sizeof(float));
    if (bias) memcpy(made->bias, bias, outputs * sizeof(float));
    if (slopes) {
        made->slopes = half_allocate(padded * sizeof(float));
        memset(made->slopes, 0, padded * sizeof(float));
        memcpy(made->slopes, slopes, outputs * sizeof(float));
    }
    for (size_t output = 0; output < outputs; output++) {
        size_t block = output / outputs_together, place = output % outputs_together;
        for (size_t input = 0; input < inputs; input++) {
            const float *kernel = weights + (output * inputs + input) * taps * taps;
            for (size_t tap = 0; tap < taps; tap++) {
                float column[taps] = {kernel[tap], kernel[taps + tap], kernel[2 * taps + tap]}, products[rows_in];
                transform_column(column, products);
                for (size_t row = 0; row < rows_in; row++) {
                    size_t index = ((row * count + block) * inputs + input) * taps + tap;
                    made->weights[index * outputs_together + place] = twice(products[row]);
                }
            }
        }
    }
    return made;
}

void half_convolution_destroy(half_convolution *convolution) {
    if (!convolution) return;
    free(convolution->weights);
    free(convolution->bias);
    free(convolution->slopes);
    free(convolution);
}

/// Sums over all inputs and taps, for a block of outputs and `registers` times 32 pixels.
HALF_INLINE void sum_products(
    size_t registers, const _Float16 *restrict pixels, size_t step, const uint32_t *restrict weights, size_t inputs,
    _Float16 *restrict sums, size_t sums_step
) {
    __m512h sum[outputs_together][most_registers];
    for (size_t output = 0; output < outputs_together; output++) {
        for (size_t part = 0; part < registers; part++) sum[output][part] = _mm512_setzero_ph();
    }
    for (size_t input = 0; input < inputs; input++) {
        _Pragma("clang loop unroll(full)") for (size_t tap = 0; tap < taps; tap++) {
            __m512h x[most_registers];
            for (size_t part = 0; part < registers; part++) {
                x[part] = _mm512_loadu_ph(pixels + tap + half_lanes * part - 1);
            }
            _Pragma("clang loop unroll(full)") for (size_t output = 0; output < outputs_together; output++) {
                __m512h weight = _mm512_castsi512_ph(_mm512_set1_epi32((int)weights[tap * outputs_together + output]));
                for (size_t part = 0; part < registers; part++) {
                    sum[output][part] = _mm512_fmadd_ph(weight, x[part], sum[output][part]);
                }
            }
        }
        pixels += step;
        weights += taps * outputs_together;
    }
    for (size_t output = 0; output < outputs_together; output++) {
        for (size_t part = 0; part < registers; part++) {
            _mm512_store_ph(sums + output * sums_step + half_lanes * part, sum[output][part]);
        }
    }
}

/// Lavin and Gray's Bᵀ.
HALF_INLINE void transform_pixels(const __m512h d[rows_in], __m512h v[rows_in]) {
    __m512h four = half_all(4), five = half_all(5);
    __m512h a = _mm512_fnmadd_ph(four, d[2], d[4]), b = _mm512_fnmadd_ph(four, d[1], d[3]);
    __m512h c = _mm512_sub_ph(d[4], d[2]), e = _mm512_sub_ph(d[3], d[1]);
    e = _mm512_add_ph(e, e);
    v[0] = _mm512_fmadd_ph(four, d[0], _mm512_fnmadd_ph(five, d[2], d[4]));
    v[1] = _mm512_add_ph(a, b);
    v[2] = _mm512_sub_ph(a, b);
    v[3] = _mm512_add_ph(c, e);
    v[4] = _mm512_sub_ph(c, e);
    v[5] = _mm512_fmadd_ph(four, d[1], _mm512_fnmadd_ph(five, d[3], d[5]));
}

/// Lavin and Gray's Aᵀ.
HALF_INLINE void transform_sums(const __m512h m[rows_in], __m512h y[rows_out]) {
    __m512h a = _mm512_add_ph(m[1], m[2]), b = _mm512_sub_ph(m[1], m[2]);
    __m512h c = _mm512_add_ph(m[3], m[4]), d = _mm512_sub_ph(m[3], m[4]);
    y[0] = _mm512_add_ph(m[0], _mm512_add_ph(a, c));
    y[1] = _mm512_fmadd_ph(half_all(2), d, b);
    y[2] = _mm512_fmadd_ph(half_all(4), c, a);
    y[3] = _mm512_add_ph(m[5], _mm512_fmadd_ph(half_all(8), d, b));
}

typedef struct {
    const half_convolution *convolution;
    const half_tensor *input;
    half_sum sum;
    const half_tensor *output;
    half_team *team;
    /// Width, up to whole registers.
    size_t padded;
    /// From a channel's transformed pixels to the next; with a register of zeros before and after them.
    size_t step;
    size_t scratch_bytes;
} job;

/// Transformed rows of all channels around the rows of results from `top` on, [row][channel][pixel].
HALF_FUNCTION static void transform_stripe(const job *job, size_t top, _Float16 *pixels, const _Float16 *zeros) {
    const half_tensor *input = job->input;
    for (size_t channel = 0; channel < input->channels; channel++) {
        const _Float16 *rows[rows_in];
        for (size_t row = 0; row < rows_in; row++) {
            // The row above the first is −1, which is too large too.
            size_t place = top + row - 1;
            rows[row] = place < input->height ? (const _Float16 *)input->planes[channel] + place * input->stride : zeros;
        }
        _Float16 *line = pixels + channel * job->step;
        size_t line_step = input->channels * job->step;
        for (size_t row = 0; row < rows_in; row++) {
            _mm512_store_ph(line + row * line_step, _mm512_setzero_ph());
            _mm512_store_ph(line + row * line_step + half_lanes + job->padded, _mm512_setzero_ph());
        }
        for (size_t x = 0; x < input->width; x += half_lanes) {
            __mmask32 mask = half_first(input->width - x);
            __m512h d[rows_in], v[rows_in];
            for (size_t row = 0; row < rows_in; row++) d[row] = half_load_first(mask, rows[row] + x);
            transform_pixels(d, v);
            for (size_t row = 0; row < rows_in; row++) {
                _mm512_store_ph(line + row * line_step + half_lanes + x, v[row]);
            }
        }
    }
}

/// The products of a block of outputs, [row][output of the block][pixel].
HALF_FUNCTION static void multiply_block(const job *job, size_t block, const _Float16 *pixels, _Float16 *sums) {
    const half_convolution *convolution = job->convolution;
    size_t inputs = convolution->inputs, count = blocks(convolution->outputs);
    for (size_t row = 0; row < rows_in; row++) {
        const uint32_t *weights =
            convolution->weights + (row * count + block) * inputs * taps * outputs_together;
        const _Float16 *from = pixels + row * inputs * job->step + half_lanes;
        _Float16 *to = sums + row * outputs_together * job->padded;
        size_t x = 0;
        while (x < job->padded) {
            size_t left = (job->padded - x) / half_lanes;
            // Four registers are two and two: one alone has no second sum to compute while it waits.
            size_t registers = left == 4 || left == 2 ? 2 : left >= most_registers ? most_registers : 1;
            switch (registers) {
            case 3: sum_products(3, from + x, job->step, weights, inputs, to + x, job->padded); break;
            case 2: sum_products(2, from + x, job->step, weights, inputs, to + x, job->padded); break;
            default: sum_products(1, from + x, job->step, weights, inputs, to + x, job->padded);
            }
            x += registers * half_lanes;
        }
    }
}

/// The results of a block of outputs.
HALF_FUNCTION static void finish_block(const job *job, size_t block, size_t top, const _Float16 *sums) {
    const half_convolution *convolution = job->convolution;
    const half_tensor *output = job->output, *rest = job->sum.rest;
    size_t height = output->height - top < rows_out ? output->height - top : rows_out;
    __m512h zero = _mm512_setzero_ph(), own = half_all(job->sum.own), other = half_all(job->sum.other);
    for (size_t place = 0; place < outputs_together; place++) {
        size_t channel = block * outputs_together + place;
        if (channel >= convolution->outputs) return;
        __m512h bias = half_all(convolution->bias[channel]);
        __m512h slope = half_all(convolution->slopes ? convolution->slopes[channel] : 1);
        _Float16 *plane = (_Float16 *)output->planes[channel] + top * output->stride;
        const _Float16 *added = rest ? (const _Float16 *)rest->planes[channel] + top * rest->stride : NULL;
        const _Float16 *line = sums + place * job->padded;
        for (size_t x = 0; x < output->width; x += half_lanes) {
            __mmask32 mask = half_first(output->width - x);
            __m512h m[rows_in], y[rows_out];
            for (size_t row = 0; row < rows_in; row++) {
                m[row] = _mm512_load_ph(line + row * outputs_together * job->padded + x);
            }
            transform_sums(m, y);
            for (size_t row = 0; row < height; row++) {
                __m512h value = _mm512_add_ph(y[row], bias);
                value = _mm512_mask_mul_ph(value, _mm512_cmp_ph_mask(value, zero, _CMP_LT_OQ), value, slope);
                if (added) {
                    __m512h beside = half_load_first(mask, added + row * rest->stride + x);
                    value = _mm512_fmadd_ph(value, own, _mm512_mul_ph(beside, other));
                }
                half_store_first(plane + row * output->stride + x, mask, value);
            }
        }
    }
}

static void convolve_stripe(void *context, size_t stripe, int thread) {
    const job *job = context;
    _Float16 *zeros = half_team_scratch(job->team, thread, job->scratch_bytes);
    memset(zeros, 0, job->padded * sizeof *zeros);
    _Float16 *sums = zeros + job->padded, *pixels = sums + rows_in * outputs_together * job->padded;
    transform_stripe(job, stripe * rows_out, pixels, zeros);
    for (size_t block = 0; block < blocks(job->convolution->outputs); block++) {
        multiply_block(job, block, pixels, sums);
        finish_block(job, block, stripe * rows_out, sums);
    }
}

void half_convolve(
    half_team *team, int threads, const half_convolution *convolution, const half_tensor *input, half_sum sum,
    const half_tensor *output
) {
    job job = {convolution, input, sum, output, team, 0, 0, 0};
    job.padded = (input->width + half_lanes - 1) / half_lanes * half_lanes;
    job.step = job.padded + 2 * half_lanes;
    // Steps of whole pages, or halves, would put all channels into the same few lines of the cache.
    if (job.step * sizeof(_Float16) % 2048 == 0) job.step += half_lanes;
    job.scratch_bytes =
        ((1 + rows_in * outputs_together) * job.padded + rows_in * convolution->inputs * job.step) * sizeof(_Float16);
    half_team_run(team, threads, convolve_stripe, &job, (input->height + rows_out - 1) / rows_out);
}

#endif
