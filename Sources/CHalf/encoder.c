// Encoders of the BERT family (Devlin et al. 2018).
#include "encoder.h"
#include "memory.h"

#include <string.h>

#if defined(__x86_64__)

/// Larger memory is given back after a computation; it takes a hundredth of the time to fetch it anew.
enum { most_kept = 64 << 20 };

/// Groups of rows for each of several threads that are taken through a layer together.
enum { groups_in_shared_cache = 4 };

struct half_workspace {
    unsigned char *memory;
    size_t bytes;
};

half_workspace *half_workspace_create(void) {
    half_workspace *workspace = calloc(1, sizeof *workspace);
    if (!workspace) abort();
    return workspace;
}

void half_workspace_destroy(half_workspace *workspace) {
    if (!workspace) return;
    free(workspace->memory);
    free(workspace);
}

/// The arrays of one computation, cut from a workspace.
typedef struct {
    size_t *starts;
    unsigned char **scratches;
    half_pair *pairs;
    half_number *projected;
    half_pair *attended;
    float *sum;
    half_pair *inner;
} arrays;

static size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

/// Lays the arrays out; with no memory it only counts the bytes that they take.
static size_t lay_out(
    arrays *made, unsigned char *memory, const half_encoder *encoder, size_t texts, size_t tokens, size_t rows,
    int threads, size_t scratch
) {
    size_t used = 0;
#define TAKE(BYTES) (used += rounded(BYTES), memory ? (void *)(memory + used - rounded(BYTES)) : NULL)
    made->starts = TAKE(texts * sizeof *made->starts);
    made->scratches = TAKE((size_t)threads * sizeof *made->scratches);
    made->pairs = TAKE(tokens * encoder->width * sizeof *made->pairs);
    made->projected = TAKE(tokens * 3 * encoder->width * sizeof *made->projected);
    made->attended = TAKE(tokens * encoder->width * sizeof *made->attended);
    made->sum = TAKE(tokens * encoder->width * sizeof *made->sum);
    made->inner = TAKE(rows * encoder->inner_width * sizeof *made->inner);
    for (int thread = 0; thread < threads; thread++) {
        unsigned char *own = TAKE(scratch);
        if (memory) made->scratches[thread] = own;
    }
#undef TAKE
    return used;
}

typedef struct {
    const half_encoder *encoder;
    half_team *team;
    int threads;
    arrays *arrays;
    float *states;
} pass;

/// Queries, keys and values of some rows.
static void project(const pass *pass, const half_layer *layer, size_t row, size_t rows) {
    size_t width = pass->encoder->width;
    half_product product = {.matrix = layer->projection, .bias = layer->projection_bias, .kind = product_plain};
    product.left = pass->arrays->pairs + row * width;
    product.rows = rows;
    product.plain = pass->arrays->projected + row * 3 * width;
    half_multiply(pass->team, pass->threads, &product);
}

/// Adds a product to the states of some rows, and normalises them.
static void add_and_normalise(
    const pass *pass, half_product product, const float *scale, const float *shift, size_t row, size_t rows
) {
    size_t place = row * pass->encoder->width;
    product.kind = product_added;
    product.rows = rows;
    product.addend = pass->states + place;
    product.sum = pass->arrays->sum + place;
    half_multiply(pass->team, pass->threads, &product);
    half_norm norm = {pass->encoder->width, rows, scale, shift, pass->encoder->epsilon,
                      pass->arrays->sum + place, pass->states + place, pass->arrays->pairs + place};
    half_normalise(pass->team, pass->threads, &norm);
}

/// What follows attention, for some rows.
static void transform(const pass *pass, const half_layer *layer, size_t row, size_t rows) {
    const half_encoder *encoder = pass->encoder;
    half_product output = {.matrix = layer->attention_output, .bias = layer->attention_output_bias};
    output.left = pass->arrays->attended + row * encoder->width;
    add_and_normalise(pass, output, layer->attention_norm_scale, layer->attention_norm_shift, row, rows);

    half_product expansion = {.matrix = layer->expansion, .bias = layer->expansion_bias};
    expansion.kind = encoder->is_gated ? product_gated : product_activated;
    expansion.activation = encoder->activation;
    expansion.left = pass->arrays->pairs + row * encoder->width;
    expansion.rows = rows;
    expansion.activated = pass->arrays->inner;
    half_multiply(pass->team, pass->threads, &expansion);

    half_product contraction = {.matrix = layer->contraction, .bias = layer->contraction_bias};
    contraction.left = pass->arrays->inner;
    add_and_normalise(pass, contraction, layer->norm_scale, layer->norm_shift, row, rows);
}

bool half_encode(
    const half_encoder *encoder, half_workspace *workspace, half_team *team, int threads, const size_t *lengths,
    size_t texts, float *states
) {
    size_t tokens = 0, longest = 0;
    for (size_t text = 0; text < texts; text++) {
        tokens += lengths[text];
        if (lengths[text] > longest) longest = lengths[text];
    }
    if (tokens == 0) return true;
    if (!team || threads < 1) threads = 1;
    // Rows go through all that follows attention while they are in a cache: one thread's own, or what several share, which
    // meet after every step.
    size_t most = threads == 1 ? rows_in_cache : groups_in_shared_cache * rows_in_cache * (size_t)threads;
    size_t stretches = (tokens + most - 1) / most, rows_at_once = (tokens + stretches - 1) / stretches;
    size_t scratch = half_attention_scratch(encoder->width / encoder->heads, longest);
    arrays arrays;
    size_t needed = lay_out(&arrays, NULL, encoder, texts, tokens, rows_at_once, threads, scratch);
    if (workspace->bytes < needed) {
        free(workspace->memory);
        workspace->memory = half_allocate(needed);
        workspace->bytes = needed;
    }
    lay_out(&arrays, workspace->memory, encoder, texts, tokens, rows_at_once, threads, scratch);
    for (size_t text = 0, start = 0; text < texts; start += lengths[text++]) arrays.starts[text] = start;

    pass pass = {encoder, team, threads, &arrays, states};
    half_norm first = {encoder->width, tokens, encoder->embedding_norm_scale, encoder->embedding_norm_shift,
                       encoder->epsilon, states, states, arrays.pairs};
    half_normalise(team, threads, &first);
    half_attention attention = {encoder->width, encoder->heads, lengths, arrays.starts, texts, arrays.projected,
                                encoder->cosines, encoder->sines, arrays.attended, arrays.scratches};
    for (size_t index = 0; index < encoder->layer_count; index++) {
        const half_layer *layer = &encoder->layers[index];
        for (size_t row = 0; row < tokens; row += rows_at_once) {
            project(&pass, layer, row, tokens - row < rows_at_once ? tokens - row : rows_at_once);
        }
        half_attend(team, threads, &attention);
        for (size_t row = 0; row < tokens; row += rows_at_once) {
            transform(&pass, layer, row, tokens - row < rows_at_once ? tokens - row : rows_at_once);
        }
    }
    if (workspace->bytes > most_kept) {
        free(workspace->memory);
        *workspace = (half_workspace){NULL, 0};
    }
    return half_are_finite(states, tokens * encoder->width);
}

#endif
