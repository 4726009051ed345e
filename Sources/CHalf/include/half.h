/// Networks computed in binary16 (IEEE 754), by processors that multiply 32 such numbers in an instruction (AVX512-FP16).
///
/// Twice as many numbers as in f32 fit a register, and twice as many weights a cache line. Encoders keep sums in binary16
/// over a stretch of some hundred terms, and in f32 beyond; convolutions keep them in binary16 throughout.
///
/// Nothing here checks its arguments; sizes are of elements, not bytes. Memory that is not had ends the process, as in
/// Swift.
#ifndef DPAIS_HALF_H
#define DPAIS_HALF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether this processor, and its system, can run what is declared here but for the team of threads.
bool half_is_available(void);

/// A number of binary16, as its bits.
typedef uint16_t half_number;

/// How numbers are stored in a file.
typedef enum { half_stored_f32, half_stored_f16, half_stored_bf16 } half_storage;

/// Numbers from how they are stored, at any address.
void half_read(half_storage storage, const void *stored, size_t count, float *numbers);

// MARK: Threads

/// Threads that share the work of one caller at a time.
typedef struct half_team half_team;

/// \param threads the most that work, the caller among them.
half_team *half_team_create(int threads);
void half_team_destroy(half_team *team);

/// Does a piece of work: its number, and the number of the thread that does it, from 0 for the caller.
typedef void half_work(void *context, size_t piece, int thread);

/// Does all pieces, each once, in any order, and returns when they are done. Threads that are late or asleep are not waited
/// for: the others do what they have not begun.
///
/// \param threads how many of the team may work.
void half_team_run(half_team *team, int threads, half_work *work, void *context, size_t pieces);

// MARK: Pictures

/// A channel's numbers, row by row.
typedef struct {
    /// A multiple of 64 bytes.
    half_number *start;
    /// From a row to the next; a multiple of 32.
    size_t stride;
} half_plane;

/// A tensor of channels. What lies behind a row's end, up to a multiple of 32 numbers, belongs to the row.
typedef struct {
    /// One for each channel.
    const half_plane *planes;
    size_t channels;
    size_t width;
    size_t height;
} half_tensor;

/// Weights of a convolution of 3 × 3 pixels, padded with zeros, with a bias and an activation.
typedef struct half_convolution half_convolution;

/// \param weights of shape [outputs, inputs, 3, 3].
/// \param bias for each output; NULL for none.
/// \param slopes what negative results of each output are multiplied by; NULL for nothing.
half_convolution *half_convolution_create(
    const float *weights, size_t outputs, size_t inputs, const float *bias, const float *slopes);
void half_convolution_destroy(half_convolution *convolution);

/// What is made of a convolution's result x: `own · x + other · rest`, where there is a rest.
typedef struct {
    /// NULL where x is all.
    const half_tensor *rest;
    float own;
    float other;
} half_sum;

/// The convolution of `input`, and the sum, into `output`, which has as many rows and columns as the input.
void half_convolve(
    half_team *team, int threads, const half_convolution *convolution, const half_tensor *input, half_sum sum,
    const half_tensor *output);

/// `a · x + b · y`, element by element.
void half_add(
    half_team *team, int threads, const half_tensor *x, float a, const half_tensor *y, float b, const half_tensor *sum);

/// Each pixel becomes `factor` × `factor` pixels; the factor is 8 at most. What lies behind a row's end is written over.
void half_repeat(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output);

/// Blocks of `factor` × `factor` channels become as many pixels (Shi et al. 2016), the channels of a block together; as
/// `half_repeat`.
void half_shuffle(half_team *team, int threads, const half_tensor *input, size_t factor, const half_tensor *output);

/// RGB, 8 bits a channel, to three planes from 0 to 1.
void half_read_pixels(const uint8_t *pixels, const half_tensor *planes);

/// Three planes to RGB, rounded to nearest; what lies beyond 0 and 1 becomes the end.
///
/// \returns false where a number is not finite.
bool half_write_pixels(half_team *team, int threads, const half_tensor *planes, uint8_t *pixels);

// MARK: Texts

/// A matrix of weights, arranged for products.
typedef struct half_matrix half_matrix;

/// \param weights of shape [outputs, inputs]; outputs a multiple of 64.
half_matrix *half_matrix_create(const float *weights, size_t outputs, size_t inputs);
void half_matrix_destroy(half_matrix *matrix);

/// GELU by the error function, GELU as approximated with the hyperbolic tangent (Hendrycks and Gimpel 2016), ReLU, and
/// x · σ(x).
typedef enum { half_gelu, half_gelu_by_tangent, half_relu, half_silu } half_activation;

/// A layer of an encoder as BERT has it: attention over all tokens of a text and two products with an activation between
/// them, each added to what came in and normalised.
typedef struct {
    /// Of queries, keys and values one after another, [3 · width, width]; the queries' already divided by the root of a
    /// head's width.
    const half_matrix *projection;
    const float *projection_bias;
    const half_matrix *attention_output;
    const float *attention_output_bias;
    const float *attention_norm_scale;
    const float *attention_norm_shift;
    /// [inner width, width]; with a gate [2 · inner width, width], where 32 rows of the gate follow every 32 others.
    const half_matrix *expansion;
    const float *expansion_bias;
    const half_matrix *contraction;
    const float *contraction_bias;
    const float *norm_scale;
    const float *norm_shift;
} half_layer;

typedef struct {
    /// Components of a token's state; a multiple of 64.
    size_t width;
    /// Components between the two products; a multiple of 64.
    size_t inner_width;
    /// Heads of attention; `width / heads` is a multiple of 32.
    size_t heads;
    half_activation activation;
    /// Whether it is a gate that is activated, and multiplies the rest (Shazeer 2020).
    bool is_gated;
    /// Of the angles by which each position turns components `i` and `i + half` of the heads of queries and keys, with `half`
    /// the half of a head's width: [positions, half] (Su et al. 2021). NULL where nothing is turned.
    const float *cosines, *sines;
    /// Added to the variance.
    float epsilon;
    const half_layer *layers;
    size_t layer_count;
    const float *embedding_norm_scale;
    const float *embedding_norm_shift;
} half_encoder;

/// Memory for one computation at a time; it grows to what was needed, within some megabytes.
typedef struct half_workspace half_workspace;
half_workspace *half_workspace_create(void);
void half_workspace_destroy(half_workspace *workspace);

/// Computes the states of texts' tokens. No text sees another, and none is padded.
///
/// \param team NULL for the calling thread alone.
/// \param lengths tokens of each text; none 0.
/// \param states in: the sums of each token's embeddings, [all tokens, width], text after text; out: the last layer's.
/// \returns false where a number left the range of binary16 on the way, so that the states mean nothing.
bool half_encode(
    const half_encoder *encoder, half_workspace *workspace, half_team *team, int threads, const size_t *lengths,
    size_t texts, float *states);

#ifdef __cplusplus
}
#endif

#endif
