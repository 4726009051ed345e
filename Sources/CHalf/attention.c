// Attention (Vaswani et al. 2017). Scores are computed in f32: an error in them is one in an exponent.
#include "encoder.h"
#include "memory.h"

#include <math.h>

#if defined(__x86_64__)

#include "vectors.h"

enum {
    /// Queries that go through the keys together.
    queries_together = 12,
    /// Of these, those whose scores with four registers of keys are in registers together.
    queries_in_registers = 6,
    keys_in_registers = 4,
    /// Values that are summed in binary16 before the sum goes on in f32. Shares are at most the inverse of their number, so
    /// that no sum is larger than the values.
    values_together = 128,
};

/// ln 128.
static const float log_of_values_together = 4.85203026f;

static size_t whole(size_t length) { return (length + 15) / 16 * 16; }

size_t half_attention_scratch(size_t head_width, size_t longest) {
    size_t keys = head_width * whole(longest), queries = queries_together * head_width;
    size_t scores = queries_together * whole(longest), sums = queries_together * head_width;
    return (keys + queries + 2 * scores + sums) * sizeof(float) + queries_together * sizeof(float) + 6 * 64;
}

/// Takes an aligned piece off a thread's scratch.
static void *take(unsigned char **scratch, size_t bytes) {
    unsigned char *taken = *scratch;
    *scratch += (bytes + 63) / 64 * 64;
    return taken;
}

/// Scores of some queries with 16 keys for each of `registers` registers, [queries, `step`].
HALF_INLINE void score(
    size_t queries, size_t registers, const float *restrict query, size_t head_width, const float *restrict keys,
    size_t step, float *restrict scores
) {
    __m512 sum[queries_in_registers][keys_in_registers];
    for (size_t row = 0; row < queries; row++) {
        for (size_t part = 0; part < registers; part++) sum[row][part] = _mm512_setzero_ps();
    }
    for (size_t component = 0; component < head_width; component++) {
        __m512 key[keys_in_registers];
        for (size_t part = 0; part < registers; part++) key[part] = _mm512_load_ps(keys + component * step + 16 * part);
        for (size_t row = 0; row < queries; row++) {
            __m512 x = _mm512_set1_ps(query[row * head_width + component]);
            for (size_t part = 0; part < registers; part++) sum[row][part] = _mm512_fmadd_ps(x, key[part], sum[row][part]);
        }
    }
    for (size_t row = 0; row < queries; row++) {
        for (size_t part = 0; part < registers; part++) _mm512_store_ps(scores + row * step + 16 * part, sum[row][part]);
    }
}

/// Scores to what values are weighted with, each twice; all but a factor, whose inverse is returned. What is no number makes
/// all of them none.
HALF_INLINE float weigh(const float *scores, size_t length, half_pair *shares) {
    __m512 most = _mm512_set1_ps(-INFINITY);
    for (size_t key = 0; key < length; key += 16) {
        __mmask16 mask = (__mmask16)half_first(length - key < 16 ? length - key : 16);
        most = _mm512_mask_max_ps(most, mask, most, _mm512_load_ps(scores + key));
    }
    __m512 largest = _mm512_set1_ps(_mm512_reduce_max_ps(most) + log_of_values_together), sum = _mm512_setzero_ps();
    for (size_t key = 0; key < length; key += 16) {
        __mmask16 mask = (__mmask16)half_first(length - key < 16 ? length - key : 16);
        __m512 share = half_exponential(_mm512_sub_ps(_mm512_load_ps(scores + key), largest));
        sum = _mm512_mask_add_ps(sum, mask, sum, share);
        _mm512_store_si512(shares + key, half_twice(share));
    }
    return _mm512_reduce_add_ps(sum);
}

/// Weighted sums of 32 components of the values, [queries, `step`].
HALF_INLINE void mix(
    size_t queries, const half_pair *restrict shares, size_t shares_step, const _Float16 *restrict values,
    size_t values_step, size_t length, float *restrict sums, size_t step
) {
    for (size_t first = 0; first < length; first += values_together) {
        size_t end = length - first < values_together ? length : first + values_together;
        __m512h sum[queries_together];
        for (size_t row = 0; row < queries; row++) sum[row] = _mm512_setzero_ph();
        for (size_t key = first; key < end; key++) {
            __m512h value = _mm512_loadu_ph(values + key * values_step);
            for (size_t row = 0; row < queries; row++) {
                __m512h share = _mm512_castsi512_ph(_mm512_set1_epi32((int)shares[row * shares_step + key]));
                sum[row] = _mm512_fmadd_ph(share, value, sum[row]);
            }
        }
        for (size_t row = 0; row < queries; row++) {
            float *to = sums + row * step;
            __m512 lower = half_lower(sum[row]), upper = half_upper(sum[row]);
            if (first > 0) {
                lower = _mm512_add_ps(lower, _mm512_load_ps(to));
                upper = _mm512_add_ps(upper, _mm512_load_ps(to + 16));
            }
            _mm512_store_ps(to, lower);
            _mm512_store_ps(to + 16, upper);
        }
    }
}

HALF_FUNCTION static void score_all(
    size_t queries, const float *query, size_t head_width, const float *keys, size_t step, float *scores
) {
    for (size_t row = 0; row < queries; row += queries_in_registers) {
        size_t key = 0;
        for (; key + 16 * keys_in_registers <= step; key += 16 * keys_in_registers) {
            score(
                queries_in_registers, keys_in_registers, query + row * head_width, head_width, keys + key, step,
                scores + row * step + key);
        }
        for (; key < step; key += 16) {
            score(queries_in_registers, 1, query + row * head_width, head_width, keys + key, step,
                scores + row * step + key);
        }
    }
}

/// By what a position turns the components of a head, each with its partner in the other half.
typedef struct {
    size_t half;
    /// From `position * half` on; NULL where nothing is turned.
    const float *cosines, *sines;
} rotation;

HALF_INLINE rotation rotation_at(const half_attention *job, size_t position) {
    size_t half = job->width / job->heads / 2;
    if (!job->cosines) return (rotation){half, NULL, NULL};
    return (rotation){half, job->cosines + position * half, job->sines + position * half};
}

/// 16 components of one token's query or key as f32, turned.
///
/// \param component a multiple of 16.
HALF_INLINE __m512 turned(const _Float16 *from, size_t component, rotation turn) {
    __m512 own = _mm512_cvtxph_ps(_mm256_loadu_ph(from + component));
    if (!turn.cosines) return own;
    size_t place = component < turn.half ? component : component - turn.half;
    __m512 cosine = _mm512_loadu_ps(turn.cosines + place), sine = _mm512_loadu_ps(turn.sines + place);
    if (component < turn.half) {
        __m512 partner = _mm512_cvtxph_ps(_mm256_loadu_ph(from + component + turn.half));
        return _mm512_fmsub_ps(own, cosine, _mm512_mul_ps(partner, sine));
    }
    __m512 partner = _mm512_cvtxph_ps(_mm256_loadu_ph(from + component - turn.half));
    return _mm512_fmadd_ps(own, cosine, _mm512_mul_ps(partner, sine));
}

/// A head's keys as f32, [component, key]; those that fill up the last register are 0.
HALF_INLINE void transpose_keys(
    const half_attention *job, const _Float16 *from, size_t from_step, size_t length, size_t head_width, size_t padded,
    float *keys
) {
    __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i places = _mm512_mullo_epi32(lanes, _mm512_set1_epi32((int)padded));
    for (size_t component = 0; component < head_width; component += 16) {
        float *to = keys + component * padded;
        for (size_t key = 0; key < length; key++) {
            __m512 values = turned(from + key * from_step, component, rotation_at(job, key));
            _mm512_i32scatter_ps(to + key, places, values, sizeof(float));
        }
        for (size_t key = length; key < padded; key++) {
            _mm512_i32scatter_ps(to + key, places, _mm512_setzero_ps(), sizeof(float));
        }
    }
}

/// One head of one text.
HALF_FUNCTION static void attend_head(void *context, size_t piece, int thread) {
    const half_attention *job = context;
    size_t text = piece / job->heads, head = piece % job->heads, head_width = job->width / job->heads;
    size_t length = job->lengths[text], start = job->starts[text], padded = whole(length), row_step = 3 * job->width;
    unsigned char *scratch = job->scratches[thread];
    float *keys = take(&scratch, head_width * padded * sizeof(float));
    float *query = take(&scratch, queries_together * head_width * sizeof(float));
    float *scores = take(&scratch, queries_together * padded * sizeof(float));
    half_pair *shares = take(&scratch, queries_together * padded * sizeof(half_pair));
    float *sums = take(&scratch, queries_together * head_width * sizeof(float));
    const _Float16 *queries = (const _Float16 *)job->projected + start * row_step + head * head_width;
    const _Float16 *values = queries + 2 * job->width;

    transpose_keys(job, queries + job->width, row_step, length, head_width, padded, keys);
    for (size_t first = 0; first < length; first += queries_together) {
        size_t count = length - first < queries_together ? length - first : queries_together;
        // Rows beyond the text's end repeat its last, and are thrown away.
        size_t rows = count <= queries_in_registers ? queries_in_registers : queries_together;
        for (size_t row = 0; row < rows; row++) {
            size_t position = first + (row < count ? row : count - 1);
            for (size_t component = 0; component < head_width; component += 16) {
                __m512 part = turned(queries + position * row_step, component, rotation_at(job, position));
                _mm512_store_ps(query + row * head_width + component, part);
            }
        }
        score_all(rows, query, head_width, keys, padded, scores);
        float totals[queries_together];
        for (size_t row = 0; row < rows; row++) {
            totals[row] = weigh(scores + row * padded, length, shares + row * padded);
        }
        for (size_t component = 0; component < head_width; component += half_lanes) {
            const _Float16 *part = values + component;
            if (rows == queries_in_registers) {
                mix(queries_in_registers, shares, padded, part, row_step, length, sums + component, head_width);
            } else {
                mix(queries_together, shares, padded, part, row_step, length, sums + component, head_width);
            }
        }
        for (size_t row = 0; row < count; row++) {
            half_pair *to = job->attended + (start + first + row) * job->width + head * head_width;
            __m512 share = _mm512_set1_ps(1 / totals[row]);
            for (size_t component = 0; component < head_width; component += 16) {
                __m512 value = _mm512_load_ps(sums + row * head_width + component);
                _mm512_storeu_si512(to + component, half_twice(_mm512_mul_ps(value, share)));
            }
        }
    }
}

void half_attend(half_team *team, int threads, const half_attention *attention) {
    half_team_run(team, threads, attend_head, (void *)attention, attention->texts * attention->heads);
}

#endif
