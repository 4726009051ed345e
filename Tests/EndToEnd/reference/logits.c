// Prints what llama.cpp's library computes for a text, for tests to compare with: an independent way from tokens to
// scores, without the server's batches, caches and samplers.
//
//   logits MODEL vocabulary              every token's bytes in hexadecimal, one a line
//   logits MODEL tokenize < text         the text's token ids, markers of control tokens read as such
//   logits MODEL scores < ids            float32 logits after each of the ids, row after row, in native order; the ids
//                                        are evaluated one at a time
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

static int print_scores(struct llama_model * model, const struct llama_vocab * vocab) {
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_threads = params.n_threads_batch = 1;
    struct llama_context * context = llama_init_from_model(model, params);
    if (context == NULL) { return fail("no context"); }
    llama_token token;
    while (scanf("%d", &token) == 1) {
        if (llama_decode(context, llama_batch_get_one(&token, 1)) != 0) { return fail("a token was not evaluated"); }
        fwrite(llama_get_logits_ith(context, 0), sizeof(float), llama_vocab_n_tokens(vocab), stdout);
    }
    llama_free(context);
    return 0;
}

int main(int count, char ** arguments) {
    if (count < 3) { return fail("usage: logits MODEL vocabulary|tokenize|scores"); }
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
        result = print_scores(model, vocab);
    }
    llama_model_free(model);
    return result;
}
