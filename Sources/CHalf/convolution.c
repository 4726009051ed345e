// Convolutions of 3 × 3 by Winograd's transforms.
//
// A thread transforms the pixels of all inputs for a part of four rows, multiplies and sums them for eight outputs at a
// time, and transforms the sums back. Even and odd columns lie apart on the way, so that neighbouring pairs of pixels lie in
// neighbouring lanes.
#include "half.h"
#include "memory.h"
#include "scratch.h"

#include <string.h>

#if defined(__x86_64__)

#include "rows.h"
#include "vectors.h"
#include "winograd.h"

enum {
    /// Outputs whose sums are in registers together, beside `most_registers` registers of pairs: 24 of the 32.
    outputs_together = 8,
    most_registers = 3,
    /// Registers of pairs in a part of a row, and bytes of one product's pixels there: what a thread works with shall lie in
    /// the caches next to it.
    most_part_registers = 4,
    least_part_registers = 2,
    most_product_bytes = 32 << 10,
};

struct half_convolution {
    size_t outputs, inputs;
    /// Transformed weights, [product][block of outputs][input][output of the block]; each twice in four bytes, since the
    /// processor spreads four bytes over a register for nothing, two for an instruction.
    uint32_t *weights;
    /// To a whole block.
    float *bias;
    float *slopes;
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t blocks(size_t outputs) { return (outputs + outputs_together - 1) / outputs_together; }

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
    size_t size = products * padded * inputs * sizeof(uint32_t);
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
            float u[products];
            transform_kernel(weights + (output * inputs + input) * taps * taps, u);
            for (size_t product = 0; product < products; product++) {
                size_t index = (product * count + block) * inputs + input;
                made->weights[index * outputs_together + place] = twice(u[product]);
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

typedef struct {
    const half_convolution *convolution;
    const half_tensor *input;
    half_sum sum;
    const half_tensor *output;
    half_team *team;
    /// Registers of pairs in a row.
    size_t registers;
    /// Parts that a row is cut into.
    size_t parts;
    /// From a channel's transformed pixels to the next.
    size_t step;
    size_t scratch_bytes;
} job;

/// What one thread works at, and with, in its scratch.
typedef struct {
    /// The first row of results, and the first pixel of each row.
    size_t top;
    size_t left;
    /// Pairs of pixels in a row of these results, up to whole registers.
    size_t pairs;
    /// A row of pixels above or below the picture.
    _Float16 *zeros;
    /// Of one channel's rows, transformed down the columns: [row][parity of the column][pair], with a register of
    /// neighbours, or of zeros, on either side of the pairs.
    _Float16 *columns;
    /// [product][output of the block][pair].
    _Float16 *sums;
    /// [product][input][pair].
    _Float16 *pixels;
} workplace;

/// From a row of one parity to the next.
static size_t columns_step(const workplace *place) { return place->pairs + 2 * half_lanes; }

/// \returns the bytes that it takes.
static size_t arrange(const job *job, workplace *place, _Float16 *scratch) {
    size_t zeros = pair * columns_step(place), columns = rows_in * pair * columns_step(place);
    size_t sums = products * outputs_together * place->pairs, pixels = products * job->convolution->inputs * job->step;
    if (scratch) {
        place->zeros = scratch;
        place->columns = place->zeros + zeros;
        place->sums = place->columns + columns;
        place->pixels = place->sums + sums;
    }
    return (zeros + columns + sums + pixels) * sizeof(_Float16);
}

// MARK: Pixels

/// A channel's rows around those of the results, transformed down the columns.
HALF_INLINE void transform_columns(const job *job, size_t channel, const workplace *place) {
    const half_tensor *input = job->input;
    const size_t stretch = pair * half_lanes;
    size_t begin = place->left > 0 ? place->left - stretch : 0;
    size_t end = least(place->left + pair * place->pairs + stretch, input->width);
    const _Float16 *rows[rows_in];
    for (size_t row = 0; row < rows_in; row++) {
        // The row above the first is −1, which is too large too.
        size_t y = place->top + row - 1;
        rows[row] = y < input->height ? half_row(input, channel, y) + begin : place->zeros;
    }
    _Float16 *to = place->columns + (place->left > 0 ? 0 : half_lanes);
    for (size_t x = 0; x < end - begin; x += stretch) {
        size_t left = end - begin - x;
        __mmask32 first = half_first(left), second = left > half_lanes ? half_first(left - half_lanes) : 0;
        __m512h d[rows_in], low[rows_in], high[rows_in];
        for (size_t row = 0; row < rows_in; row++) d[row] = half_load_first(first, rows[row] + x);
        transform_pixel_column(d, low);
        for (size_t row = 0; row < rows_in; row++) d[row] = half_load_first(second, rows[row] + x + half_lanes);
        transform_pixel_column(d, high);
        for (size_t row = 0; row < rows_in; row++) {
            for (size_t parity = 0; parity < pair; parity++) {
                _mm512_store_ph(
                    to + (row * pair + parity) * columns_step(place) + x / pair,
                    columns_of(parity, low[row], high[row]));
            }
        }
    }
}

/// A channel's pixels for all products: those of pairs, of an even column and the odd one behind it, and their neighbours.
HALF_INLINE void transform_rows(const job *job, size_t channel, const workplace *place) {
    size_t product_step = job->convolution->inputs * job->step;
    for (size_t row = 0; row < rows_in; row++) {
        const _Float16 *even = place->columns + row * pair * columns_step(place) + half_lanes;
        const _Float16 *odd = even + columns_step(place);
        _Float16 *to = place->pixels + row * pair_in * product_step + channel * job->step;
        for (size_t x = 0; x < place->pairs; x += half_lanes) {
            const __m512h d[pair_in] = {
                _mm512_loadu_ph(odd + x - 1), _mm512_load_ph(even + x), _mm512_load_ph(odd + x),
                _mm512_loadu_ph(even + x + 1),
            };
            __m512h v[pair_in];
            transform_pixel_row(d, v);
            for (size_t product = 0; product < pair_in; product++) {
                _mm512_store_ph(to + product * product_step + x, v[product]);
            }
        }
    }
}

HALF_FUNCTION static void transform_inputs(const job *job, const workplace *place) {
    for (size_t channel = 0; channel < job->input->channels; channel++) {
        transform_columns(job, channel, place);
        transform_rows(job, channel, place);
    }
}

// MARK: Products

/// Sums over all inputs, for a block of outputs and `registers` times 32 pairs.
HALF_INLINE void sum_products(
    size_t registers, const _Float16 *restrict pixels, size_t step, const uint32_t *restrict weights, size_t inputs,
    _Float16 *restrict sums, size_t sums_step
) {
    __m512h sum[outputs_together][most_registers];
    for (size_t output = 0; output < outputs_together; output++) {
        for (size_t part = 0; part < registers; part++) sum[output][part] = _mm512_setzero_ph();
    }
    // Processors foresee the end of a loop of few turns.
    _Pragma("clang loop unroll_count(8)") for (size_t input = 0; input < inputs; input++) {
        __m512h x[most_registers];
        for (size_t part = 0; part < registers; part++) x[part] = _mm512_load_ph(pixels + half_lanes * part);
        _Pragma("clang loop unroll(full)") for (size_t output = 0; output < outputs_together; output++) {
            __m512h weight = _mm512_castsi512_ph(_mm512_set1_epi32((int)weights[output]));
            for (size_t part = 0; part < registers; part++) {
                sum[output][part] = _mm512_fmadd_ph(weight, x[part], sum[output][part]);
            }
        }
        pixels += step;
        weights += outputs_together;
    }
    for (size_t output = 0; output < outputs_together; output++) {
        for (size_t part = 0; part < registers; part++) {
            _mm512_store_ph(sums + output * sums_step + half_lanes * part, sum[output][part]);
        }
    }
}

HALF_FUNCTION static void multiply_block(const job *job, size_t block, const workplace *place) {
    const half_convolution *convolution = job->convolution;
    size_t inputs = convolution->inputs, count = blocks(convolution->outputs), pairs = place->pairs;
    for (size_t product = 0; product < products; product++) {
        const uint32_t *weights = convolution->weights + (product * count + block) * inputs * outputs_together;
        const _Float16 *from = place->pixels + product * inputs * job->step;
        _Float16 *to = place->sums + product * outputs_together * pairs;
        size_t x = 0;
        while (x < pairs) {
            size_t left = (pairs - x) / half_lanes;
            // Four registers are two and two: one alone has no second sum to compute while it waits.
            size_t registers = left == 4 || left == 2 ? 2 : left >= most_registers ? most_registers : 1;
            switch (registers) {
            case 3: sum_products(3, from + x, job->step, weights, inputs, to + x, pairs); break;
            case 2: sum_products(2, from + x, job->step, weights, inputs, to + x, pairs); break;
            default: sum_products(1, from + x, job->step, weights, inputs, to + x, pairs);
            }
            x += registers * half_lanes;
        }
    }
}

// MARK: Results

/// An output's sums of 64 pixels in each row, transformed back: [parity of the column][row].
HALF_INLINE void transform_sums(const _Float16 *sums, size_t product_step, __m512h y[pair][rows_out]) {
    __m512h columns[pair][rows_in];
    for (size_t row = 0; row < rows_in; row++) {
        __m512h m[pair_in], line[pair];
        for (size_t product = 0; product < pair_in; product++) {
            m[product] = _mm512_load_ph(sums + (row * pair_in + product) * product_step);
        }
        transform_sum_row(m, line);
        for (size_t parity = 0; parity < pair; parity++) columns[parity][row] = line[parity];
    }
    for (size_t parity = 0; parity < pair; parity++) transform_sum_column(columns[parity], y[parity]);
}

HALF_FUNCTION static void finish_block(const job *job, size_t block, const workplace *place) {
    const half_convolution *convolution = job->convolution;
    const half_tensor *output = job->output, *rest = job->sum.rest;
    size_t width = least(output->width - place->left, pair * place->pairs);
    size_t height = least(output->height - place->top, rows_out);
    __m512h zero = _mm512_setzero_ph(), own = half_all(job->sum.own), other = half_all(job->sum.other);
    for (size_t number = 0; number < outputs_together; number++) {
        size_t channel = block * outputs_together + number;
        if (channel >= convolution->outputs) return;
        __m512h bias = half_all(convolution->bias[channel]);
        __m512h slope = half_all(convolution->slopes ? convolution->slopes[channel] : 1);
        for (size_t stretch = 0; stretch < width; stretch += pair * half_lanes) {
            __m512h y[pair][rows_out];
            transform_sums(
                place->sums + number * place->pairs + stretch / pair, outputs_together * place->pairs, y);
            for (size_t first = 0; first < pair * half_lanes && stretch + first < width; first += half_lanes) {
                __mmask32 mask = half_first(width - stretch - first);
                size_t x = place->left + stretch + first;
                for (size_t row = 0; row < height; row++) {
                    __m512h value = _mm512_add_ph(columns_from(first, y[0][row], y[1][row]), bias);
                    value = _mm512_mask_mul_ph(value, _mm512_cmp_ph_mask(value, zero, _CMP_LT_OQ), value, slope);
                    if (rest) {
                        __m512h beside = half_load_first(mask, half_row(rest, channel, place->top + row) + x);
                        value = _mm512_fmadd_ph(value, own, _mm512_mul_ph(beside, other));
                    }
                    half_store_first(half_row(output, channel, place->top + row) + x, mask, value);
                }
            }
        }
    }
}

// MARK: Parts

static void convolve_part(void *context, size_t piece, int thread) {
    const job *job = context;
    size_t part = piece % job->parts, first = part * job->registers / job->parts;
    workplace place = {
        .top = piece / job->parts * rows_out,
        .left = first * pair * half_lanes,
        .pairs = ((part + 1) * job->registers / job->parts - first) * half_lanes,
    };
    arrange(job, &place, half_team_scratch(job->team, thread, job->scratch_bytes));
    // Neighbours that the picture does not have are zeros.
    memset(place.zeros, 0, (size_t)((char *)place.sums - (char *)place.zeros));
    transform_inputs(job, &place);
    for (size_t block = 0; block < blocks(job->convolution->outputs); block++) {
        multiply_block(job, block, &place);
        finish_block(job, block, &place);
    }
}

void half_convolve(
    half_team *team, int threads, const half_convolution *convolution, const half_tensor *input, half_sum sum,
    const half_tensor *output
) {
    job job = {.convolution = convolution, .input = input, .sum = sum, .output = output, .team = team};
    job.registers = (input->width + pair * half_lanes - 1) / (pair * half_lanes);
    size_t part = least(most_product_bytes / (convolution->inputs * half_lanes * sizeof(_Float16)), most_part_registers);
    if (part < least_part_registers) part = least_part_registers;
    job.parts = (job.registers + part - 1) / part;
    workplace widest = {.pairs = (job.registers + job.parts - 1) / job.parts * half_lanes};
    job.step = widest.pairs;
    // Steps of multiples of 256 bytes would put all channels into the same few lines of the cache.
    if (job.step * sizeof(_Float16) % 256 == 0) job.step += half_lanes;
    job.scratch_bytes = arrange(&job, &widest, NULL);
    half_team_run(team, threads, convolve_part, &job, (input->height + rows_out - 1) / rows_out * job.parts);
}

#endif
