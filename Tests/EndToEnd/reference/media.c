// Continues a prompt that has pictures in it greedily, and prints what llama.cpp's library alone computes: an
// independent way from files to scores, without the server's batches, caches and samplers.
//
//   media MODEL PROJECTOR COUNT PICTURE... < prompt     <__media__> stands for each picture in the prompt
//
// The first line is the count of the prompt's tokens; then a line for each of COUNT tokens: its id, and the natural
// logarithm of its softmax.
#include "llama.h"
#include "mtmd-helper.h"
#include "mtmd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) level; (void) text; (void) data;
}

static int fail(const char * why) {
    fprintf(stderr, "media: %s\n", why);
    return 1;
}

static llama_token most_likely(const float * logits, int count, double * logprob) {
    int best = 0;
    for (int token = 1; token < count; ++token) {
        if (logits[token] > logits[best]) { best = token; }
    }
    double sum = 0;
    for (int token = 0; token < count; ++token) { sum += exp((double) logits[token] - logits[best]); }
    *logprob = -log(sum);
    return best;
}

int main(int count, char ** arguments) {
    if (count < 4) { return fail("usage: media MODEL PROJECTOR COUNT PICTURE... < prompt"); }
    llama_log_set(quiet, NULL);
    mtmd_helper_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model * model = llama_model_load_from_file(arguments[1], llama_model_default_params());
    if (model == NULL) { return fail("the model could not be loaded"); }
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_threads = params.n_threads_batch = 1;
    struct llama_context * context = llama_init_from_model(model, params);
    struct mtmd_context_params media_params = mtmd_context_params_default();
    media_params.n_threads = 1;
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
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    for (int i = 0; i < atoi(arguments[3]); ++i) {
        double logprob;
        llama_token token = most_likely(llama_get_logits_ith(context, -1), vocabulary, &logprob);
        printf("%d %.6f\n", token, logprob);
        if (llama_decode(context, llama_batch_get_one(&token, 1)) != 0) { return fail("a token was not evaluated"); }
    }
    return 0;
}
