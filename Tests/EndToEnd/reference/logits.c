// Prints what llama.cpp's library computes for a text, for tests to compare with: an independent way from tokens to
// scores, without the server's batches, caches and samplers.
//
//   logits MODEL vocabulary              every token's bytes in hexadecimal, one a line
//   logits MODEL tokenize < text         the text's token ids, markers of control tokens read as such
//   logits MODEL scores < requests       answers requests, one a line, "BATCH FIRST ID ID ...": float32 logits after each
//                                        of the ids but for the FIRST first ones, row after row, in native order; so many
//                                        ids as BATCH says are evaluated together, and the others one at a time
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

// Evaluates tokens from a position on, together, and prints the logits after those that are not before `first`.
static int evaluate(struct llama_context * context, const llama_token * tokens, int start, int count, int first, int width) {
    struct llama_batch batch = llama_batch_init(count, 0, 1);
    for (int i = 0; i < count; ++i) {
        batch.token[i] = tokens[start + i];
        batch.pos[i] = start + i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = start + i >= first;
    }
    batch.n_tokens = count;
    const int failed = llama_decode(context, batch);
    for (int i = 0; i < count && !failed; ++i) {
        if (batch.logits[i]) { fwrite(llama_get_logits_ith(context, i), sizeof(float), width, stdout); }
    }
    llama_batch_free(batch);
    return failed;
}

static int print_scores(struct llama_model * model, const struct llama_vocab * vocab) {
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_threads = params.n_threads_batch = 1;
    struct llama_context * context = llama_init_from_model(model, params);
    if (context == NULL) { return fail("no context"); }
    // What is in the context: tokens that were evaluated one at a time.
    static llama_token known[2048], tokens[2048];
    static char line[1 << 16];
    int known_count = 0;
    while (fgets(line, sizeof(line), stdin) != NULL) {
        char * rest = line;
        const int together = (int) strtol(rest, &rest, 10);
        const int first = (int) strtol(rest, &rest, 10);
        int count = 0, start = 0;
        for (char * end; count < 2048; rest = end) {
            tokens[count] = (llama_token) strtol(rest, &end, 10);
            if (end == rest) { break; }
            ++count;
        }
        while (together == 0 && start < known_count && start < first && known[start] == tokens[start]) { ++start; }
        llama_memory_seq_rm(llama_get_memory(context), -1, start, -1);
        if (together > 0 && evaluate(context, tokens, 0, together, first, llama_vocab_n_tokens(vocab)) != 0) {
            return fail("a batch was not evaluated");
        }
        for (int i = together > 0 ? together : start; i < count; ++i) {
            if (evaluate(context, tokens, i, 1, first, llama_vocab_n_tokens(vocab)) != 0) {
                return fail("a token was not evaluated");
            }
        }
        fflush(stdout);
        memcpy(known, tokens, sizeof(known));
        known_count = together > 0 ? 0 : count;
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
