// Products of rows with matrices of weights.
#include "encoder.h"
#include "memory.h"

#include <string.h>

#if defined(__x86_64__)

#include "vectors.h"

enum {
    /// Terms that are summed in binary16 before the sum goes on in f32: rounding grows with the root of their number.
    terms_together = 192,
    /// How far ahead weights are asked for, a page: the processor foresees nothing beyond the page that it reads. A text
    /// of some tokens after a pause, when no weight is in any cache, takes three quarters of the time with it.
    foreseen = 2048,
    /// Bytes of a group of rows.
    most_group_bytes = 288 << 10,
};

half_matrix *half_matrix_create(const float *weights, size_t outputs, size_t inputs) {
    half_matrix *matrix = half_allocate(sizeof *matrix);
    *matrix = (half_matrix){outputs, inputs, half_allocate(outputs * inputs * sizeof(half_number))};
    _Float16 *to = (_Float16 *)matrix->weights;
    for (size_t panel = 0; panel < outputs; panel += panel_width) {
        for (size_t input = 0; input < inputs; input++) {
            for (size_t place = 0; place < panel_width; place++) {
                *to++ = (_Float16)weights[(panel + place) * inputs + input];
            }
        }
    }
    return matrix;
}

void half_matrix_destroy(half_matrix *matrix) {
    if (!matrix) return;
    free(matrix->weights);
    free(matrix);
}

/// Sums of a stretch of terms, for `rows` rows and a panel; added to `sums` where there are some, [rows, panel_width].
HALF_INLINE void sum_terms(
    size_t rows, const half_pair *restrict left, size_t left_step, const _Float16 *restrict weights, size_t terms,
    bool is_first, float *restrict sums
) {
    __m512h sum[rows_together][2];
    for (size_t row = 0; row < rows; row++) sum[row][0] = sum[row][1] = _mm512_setzero_ph();
    for (size_t term = 0; term < terms; term++) {
        __m512h first = _mm512_load_ph(weights), second = _mm512_load_ph(weights + half_lanes);
        for (size_t row = 0; row < rows; row++) {
            __m512h x = _mm512_castsi512_ph(_mm512_set1_epi32((int)left[row * left_step + term]));
            sum[row][0] = _mm512_fmadd_ph(x, first, sum[row][0]);
            sum[row][1] = _mm512_fmadd_ph(x, second, sum[row][1]);
        }
        __builtin_prefetch(weights + foreseen);
        __builtin_prefetch(weights + foreseen + half_lanes);
        weights += panel_width;
    }
    for (size_t row = 0; row < rows; row++) {
        float *to = sums + row * panel_width;
        for (size_t part = 0; part < 2; part++, to += half_lanes) {
            __m512 lower = half_lower(sum[row][part]), upper = half_upper(sum[row][part]);
            if (!is_first) {
                lower = _mm512_add_ps(lower, _mm512_load_ps(to));
                upper = _mm512_add_ps(upper, _mm512_load_ps(to + 16));
            }
            _mm512_store_ps(to, lower);
            _mm512_store_ps(to + 16, upper);
        }
    }
}

/// One body for each number of rows, so that the sums are registers.
HALF_FUNCTION static void sum_rows(
    size_t rows, const half_pair *left, size_t left_step, const _Float16 *weights, size_t terms, bool is_first,
    float *sums
) {
    switch (rows) {
#define CASE(N) case N: sum_terms(N, left, left_step, weights, terms, is_first, sums); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11)
#undef CASE
    default: sum_terms(rows_together, left, left_step, weights, terms, is_first, sums);
    }
}

/// 1 / x by a guess of 14 bits and one of Newton's steps; a division takes three times as long.
HALF_INLINE __m512 inverse(__m512 x) {
    __m512 guess = _mm512_rcp14_ps(x);
    return _mm512_mul_ps(guess, _mm512_fnmadd_ps(x, guess, _mm512_set1_ps(2)));
}

/// x · Φ(x), with Φ of the normal distribution by Abramowitz and Stegun's 7.1.26: off by 2e-7 at most.
HALF_INLINE __m512 gelu(__m512 x) {
    __m512 z = _mm512_mul_ps(_mm512_abs_ps(x), _mm512_set1_ps(0.70710678f));
    __m512 t = inverse(_mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911f), _mm512_set1_ps(1)));
    __m512 sum = _mm512_set1_ps(1.061405429f);
    sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-1.453152027f));
    sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(1.421413741f));
    sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-0.284496736f));
    sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(0.254829592f));
    sum = _mm512_mul_ps(sum, t);
    __m512 bell = half_exponential(_mm512_fnmadd_ps(z, z, _mm512_setzero_ps()));
    // Of x below 0 half the tail is left, of others all but that.
    __m512 tail = _mm512_mul_ps(_mm512_mul_ps(sum, bell), _mm512_set1_ps(0.5f));
    __mmask16 negative = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ);
    __m512 share = _mm512_mask_mov_ps(_mm512_sub_ps(_mm512_set1_ps(1), tail), negative, tail);
    return _mm512_mul_ps(x, share);
}

/// GELU's approximation with a tangent (Hendrycks and Gimpel 2016), which is x · σ(2u).
HALF_INLINE __m512 gelu_by_tangent(__m512 x) {
    __m512 cubic = _mm512_fmadd_ps(_mm512_mul_ps(x, x), _mm512_set1_ps(0.044715f), _mm512_set1_ps(1));
    __m512 u = _mm512_mul_ps(_mm512_mul_ps(x, cubic), _mm512_set1_ps(-2 * 0.79788456f));
    u = _mm512_min_ps(_mm512_set1_ps(87), u);
    return _mm512_mul_ps(x, inverse(_mm512_add_ps(_mm512_set1_ps(1), half_exponential(u))));
}

/// x · σ(x).
HALF_INLINE __m512 silu(__m512 x) {
    __m512 opposite = _mm512_min_ps(_mm512_set1_ps(87), _mm512_sub_ps(_mm512_setzero_ps(), x));
    return _mm512_mul_ps(x, inverse(_mm512_add_ps(_mm512_set1_ps(1), half_exponential(opposite))));
}

HALF_INLINE __m512 activated(half_activation activation, __m512 x) {
    switch (activation) {
    case half_gelu: return gelu(x);
    case half_gelu_by_tangent: return gelu_by_tangent(x);
    // What is no number stays none, as the second operand.
    case half_relu: return _mm512_max_ps(_mm512_setzero_ps(), x);
    case half_silu: return silu(x);
    }
    return x;
}

/// The results of `rows` rows from `row` on and a panel, of which one half is the other's gate.
HALF_INLINE void finish_gated_rows(const half_product *product, size_t row, size_t rows, size_t panel, const float *sums) {
    enum { kept = panel_width / 2 };
    const float *bias = product->bias + panel;
    for (size_t index = 0; index < rows; index++, sums += panel_width) {
        half_pair *to = product->activated + (row + index) * (product->matrix->outputs / 2) + panel / 2;
        for (size_t part = 0; part < kept; part += 16) {
            __m512 value = _mm512_add_ps(_mm512_load_ps(sums + part), _mm512_loadu_ps(bias + part));
            __m512 gate = _mm512_add_ps(_mm512_load_ps(sums + kept + part), _mm512_loadu_ps(bias + kept + part));
            __m512 gated = _mm512_mul_ps(value, activated(product->activation, gate));
            _mm512_storeu_si512(to + part, half_twice(gated));
        }
    }
}

/// The results of `rows` rows from `row` on and a panel.
HALF_FUNCTION static void finish_rows(
    const half_product *product, size_t row, size_t rows, size_t panel, const float *sums
) {
    size_t outputs = product->matrix->outputs;
    if (product->kind == product_gated) {
        finish_gated_rows(product, row, rows, panel, sums);
        return;
    }
    for (size_t index = 0; index < rows; index++) {
        for (size_t part = 0; part < panel_width; part += 16) {
            size_t place = (row + index) * outputs + panel + part;
            __m512 value = _mm512_load_ps(sums + index * panel_width + part);
            value = _mm512_add_ps(value, _mm512_loadu_ps(product->bias + panel + part));
            switch (product->kind) {
            case product_plain:
                _mm256_storeu_ph(product->plain + place, _mm512_cvtxps_ph(value));
                break;
            case product_added:
                _mm512_storeu_ps(product->sum + place, _mm512_add_ps(value, _mm512_loadu_ps(product->addend + place)));
                break;
            case product_activated:
                _mm512_storeu_si512(product->activated + place, half_twice(activated(product->activation, value)));
                break;
            case product_gated: break;
            }
        }
    }
}

/// Rows of a group, which is multiplied by one panel after another.
static size_t group_rows(const half_product *product) {
    size_t fitting = most_group_bytes / (product->matrix->inputs * sizeof(half_pair)) / rows_together * rows_together;
    return fitting < rows_together ? rows_together : fitting > rows_in_cache ? rows_in_cache : fitting;
}

/// A panel of one group of rows; the panels of a group come one after another.
HALF_FUNCTION static void multiply_panel(void *context, size_t piece, int thread) {
    (void)thread;
    const half_product *product = context;
    size_t inputs = product->matrix->inputs, panels = product->matrix->outputs / panel_width;
    size_t rows = group_rows(product), panel = piece % panels * panel_width, first = piece / panels * rows;
    size_t end = first + rows < product->rows ? first + rows : product->rows;
    const _Float16 *weights = (const _Float16 *)product->matrix->weights + panel * inputs;
    // Blocks of nearly one size: a single row at the end would wait for every sum.
    size_t blocks = (end - first + rows_together - 1) / rows_together;
    _Alignas(64) float sums[rows_together * panel_width];
    for (size_t block = 0; block < blocks; block++) {
        size_t row = first + (end - first) * block / blocks;
        size_t count = first + (end - first) * (block + 1) / blocks - row;
        for (size_t term = 0; term < inputs; term += terms_together) {
            size_t terms = inputs - term < terms_together ? inputs - term : terms_together;
            sum_rows(
                count, product->left + row * inputs + term, inputs, weights + term * panel_width, terms, term == 0, sums);
        }
        finish_rows(product, row, count, panel, sums);
    }
}

void half_multiply(half_team *team, int threads, const half_product *product) {
    size_t panels = product->matrix->outputs / panel_width, rows = group_rows(product);
    half_team_run(team, threads, multiply_panel, (void *)product, panels * ((product->rows + rows - 1) / rows));
}

#endif
