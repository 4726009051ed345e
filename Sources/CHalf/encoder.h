// What the parts of an encoder share.
#ifndef DPAIS_HALF_ENCODER_H
#define DPAIS_HALF_ENCODER_H

#include "half.h"

enum {
    /// Outputs of a matrix that are computed together: two registers.
    panel_width = 64,
    /// Rows whose sums are in registers together, of two registers each: 24 of the 32.
    rows_together = 12,
    /// Rows, at most, that are multiplied by one panel after another while they are in the cache.
    rows_in_cache = 8 * rows_together,
};

struct half_matrix {
    size_t outputs, inputs;
    /// [panel][input][output of the panel], in binary16.
    half_number *weights;
};

/// Numbers of binary16, each twice.
typedef uint32_t half_pair;

/// What becomes of a matrix's product with the rows of `left`.
typedef struct {
    const half_matrix *matrix;
    const float *bias;
    /// [rows, inputs]
    const half_pair *left;
    size_t rows;
    enum { product_plain, product_added, product_activated, product_gated } kind;
    half_activation activation;
    /// Of a plain product: [rows, outputs].
    half_number *plain;
    /// What is added to, of a product that is: [rows, outputs]; `sum` is as large.
    const float *addend;
    float *sum;
    /// Of an activated product: [rows, outputs]; of a gated one, half as many.
    half_pair *activated;
} half_product;

void half_multiply(half_team *team, int threads, const half_product *product);

/// Attention of each text over itself.
typedef struct {
    size_t width, heads;
    const size_t *lengths;
    /// Where each text's tokens begin.
    const size_t *starts;
    size_t texts;
    /// Queries, keys and values: [tokens, 3 · width].
    const half_number *projected;
    /// As an encoder's.
    const float *cosines, *sines;
    /// [tokens, width]
    half_pair *attended;
    /// A thread's own, of `half_attention_scratch` bytes.
    unsigned char *const *scratches;
} half_attention;

size_t half_attention_scratch(size_t head_width, size_t longest);
void half_attend(half_team *team, int threads, const half_attention *attention);

/// Rows to a mean of 0 and a variance of 1, scaled and shifted (Ba et al. 2016).
typedef struct {
    size_t width, rows;
    const float *scale, *shift;
    float epsilon;
    const float *from;
    /// May be `from`.
    float *to;
    half_pair *pairs;
} half_norm;

void half_normalise(half_team *team, int threads, const half_norm *norm);

/// \param count a multiple of 16.
bool half_are_finite(const float *numbers, size_t count);

#endif
