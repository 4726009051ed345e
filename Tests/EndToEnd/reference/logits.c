// Prints what llama.cpp's library computes for a text, for tests to compare with: an independent way from tokens to
// scores, without the server's batches, caches and samplers.
//
//   logits MODEL vocabulary              every token's bytes in hexadecimal, one a line
//   logits MODEL tokenize < text         the text's token ids, markers of control tokens read as such
//   logits MODEL scores N < ids          float32 logits after each of the ids, row after row, in native order; N ids
//                                        are evaluated at a time, which decides between kernels that round differently
#include "llama.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) level; (void) text; (void) data;
}

static int fail(const char * why) {
    fprintf(stderr, "logits: %s\n", why);
    return 1;
}

static int print_vocabulary(const struct llama_vocab * vocab) {
    for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
        char piece[1024];
        const int length = llama_token_to_piece(vocab, token, piece, sizeof(piece), 0, true);
        if (length < 0) { return fail("a token is longer than expected"); }
        for (int i = 0; i < length; ++i) { printf("%02x", (unsigned char) piece[i]); }
        printf("\n");
    }
    return 0;
}

static int tokenize(const struct llama_vocab * vocab) {
    static char text[1 << 20];
    static llama_token tokens[1 << 20];
    const size_t length = fread(text, 1, sizeof(text), stdin);
    const int count = llama_tokenize(vocab, text, (int) length, tokens, 1 << 20, true, true);
    if (count < 0) { return fail("the text is too long"); }
    for (int i = 0; i < count; ++i) { printf("%d\n", tokens[i]); }
    return 0;
}

static int print_scores(struct llama_model * model, const struct llama_vocab * vocab, int width) {
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_outputs_max = params.n_outputs_max_per_seq = width;
    params.n_threads = params.n_threads_batch = 1;
    struct llama_context * context = llama_init_from_model(model, params);
    if (context == NULL) { return fail("no context"); }
    struct llama_batch batch = llama_batch_init(width, 0, 1);
    int position = 0;
    do {
        batch.n_tokens = 0;
        while (batch.n_tokens < width && scanf("%d", &batch.token[batch.n_tokens]) == 1) {
            batch.pos[batch.n_tokens] = position++;
            batch.n_seq_id[batch.n_tokens] = 1;
            batch.seq_id[batch.n_tokens][0] = 0;
            batch.logits[batch.n_tokens++] = 1;
        }
        if (batch.n_tokens > 0 && llama_decode(context, batch) != 0) { return fail("tokens were not evaluated"); }
        for (int i = 0; i < batch.n_tokens; ++i) {
            fwrite(llama_get_logits_ith(context, i), sizeof(float), llama_vocab_n_tokens(vocab), stdout);
        }
    } while (batch.n_tokens == width);
    llama_batch_free(batch);
    llama_free(context);
    return 0;
}

int main(int count, char ** arguments) {
    if (count < 3) { return fail("usage: logits MODEL vocabulary|tokenize|scores [N]"); }
    llama_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model_params params = llama_model_default_params();
    params.vocab_only = strcmp(arguments[2], "scores") != 0;
    struct llama_model * model = llama_model_load_from_file(arguments[1], params);
    if (model == NULL) { return fail("the model could not be loaded"); }
    const struct llama_vocab * vocab = llama_model_get_vocab(model);
    int result;
    if (strcmp(arguments[2], "vocabulary") == 0) {
        result = print_vocabulary(vocab);
    } else if (strcmp(arguments[2], "tokenize") == 0) {
        result = tokenize(vocab);
    } else {
        result = print_scores(model, vocab, count > 3 ? atoi(arguments[3]) : 1);
    }
    llama_model_free(model);
    return result;
}
