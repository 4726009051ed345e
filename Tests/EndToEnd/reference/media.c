// Reads a prompt that has pictures in it, then an answer's tokens, and prints how likely llama.cpp's library alone holds
// each of these: an independent way from files to scores, without the server's batches, caches and samplers.
//
//   media MODEL PROJECTOR ANSWER PICTURE... < prompt     <__media__> stands for each picture in the prompt
//
// ANSWER is a file with the bytes of each token in hexadecimal digits, a line for each. The first line printed is the count
// of the prompt's tokens; then a line for each token of the answer: the natural logarithm of its softmax, and that of the
// most likely token.
#include "llama.h"
#include "mtmd-helper.h"
#include "mtmd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) level; (void) text; (void) data;
}

static int fail(const char * why) {
    fprintf(stderr, "media: %s\n", why);
    return 1;
}

static double log_of_sum(const float * logits, int count) {
    float best = logits[0];
    for (int token = 1; token < count; ++token) { best = fmaxf(best, logits[token]); }
    double sum = 0;
    for (int token = 0; token < count; ++token) { sum += exp((double) logits[token] - best); }
    return best + log(sum);
}

// The most likely of the tokens that stand for some bytes; -1 where none does.
static llama_token token_of(const struct llama_vocab * vocab, const float * logits, const char * bytes, int length) {
    llama_token found = -1;
    for (int token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        char piece[256];
        const int size = llama_token_to_piece(vocab, token, piece, sizeof(piece), 0, true);
        if (size != length || memcmp(piece, bytes, length) != 0) { continue; }
        if (found < 0 || logits[token] > logits[found]) { found = token; }
    }
    return found;
}

int main(int count, char ** arguments) {
    if (count < 4) { return fail("usage: media MODEL PROJECTOR ANSWER PICTURE... < prompt"); }
    llama_log_set(quiet, NULL);
    mtmd_helper_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model * model = llama_model_load_from_file(arguments[1], llama_model_default_params());
    if (model == NULL) { return fail("the model could not be loaded"); }
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_threads = params.n_threads_batch = 2;
    struct llama_context * context = llama_init_from_model(model, params);
    struct mtmd_context_params media_params = mtmd_context_params_default();
    media_params.n_threads = 2;
    media_params.print_timings = false;
    mtmd_context * media = mtmd_init_from_file(arguments[2], model, media_params);
    if (context == NULL || media == NULL) { return fail("the projector could not be loaded"); }

    static char text[1 << 20];
    const mtmd_input_text prompt = {text, fread(text, 1, sizeof(text) - 1, stdin), true, true};
    const mtmd_bitmap * bitmaps[16];
    const int pictures = count - 4;
    for (int i = 0; i < pictures && i < 16; ++i) {
        bitmaps[i] = mtmd_helper_bitmap_init_from_file(
            media, arguments[4 + i], false, mtmd_helper_init_opt_default()).bitmap;
        if (bitmaps[i] == NULL) { return fail("a picture could not be read"); }
    }
    mtmd_input_chunks * chunks = mtmd_input_chunks_init();
    if (mtmd_tokenize(media, chunks, &prompt, bitmaps, pictures) != 0) { return fail("the prompt was not cut"); }
    printf("%zu\n", mtmd_helper_get_n_tokens(chunks));
    llama_pos position = 0;
    if (mtmd_helper_eval_chunks(media, context, chunks, 0, 0, 512, true, &position) != 0) {
        return fail("the prompt was not evaluated");
    }
    const struct llama_vocab * vocab = llama_model_get_vocab(model);
    const int vocabulary = llama_vocab_n_tokens(vocab);
    FILE * answer = fopen(arguments[3], "r");
    if (answer == NULL) { return fail("the answer could not be read"); }
    char digits[512];
    while (fgets(digits, sizeof(digits), answer) != NULL) {
        char bytes[256];
        int length = 0;
        while (sscanf(digits + 2 * length, "%2hhx", (unsigned char *) &bytes[length]) == 1) { length += 1; }
        const float * logits = llama_get_logits_ith(context, -1);
        llama_token token = token_of(vocab, logits, bytes, length);
        if (token < 0) { return fail("the answer has an unknown token"); }
        const double sum = log_of_sum(logits, vocabulary);
        float best = logits[token];
        for (int other = 0; other < vocabulary; ++other) { best = fmaxf(best, logits[other]); }
        printf("%.6f %.6f\n", logits[token] - sum, best - sum);
        if (llama_decode(context, llama_batch_get_one(&token, 1)) != 0) { return fail("a token was not evaluated"); }
    }
    return 0;
}
