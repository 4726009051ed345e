// Prints the vectors that llama.cpp's library computes, for tests to compare with: each text alone in a batch of its own,
// without the server's queue and packing.
//
//   embeddings MODEL POOLING < texts     POOLING is mean, cls or last; a text is one line of token ids; float32 vectors
//                                        as the library gives them (not normalised), row after row, in native order
#include "llama.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { longest = 4096 };

static void quiet(enum ggml_log_level level, const char * text, void * data) {
    (void) level; (void) text; (void) data;
}

static int fail(const char * why) {
    fprintf(stderr, "embeddings: %s\n", why);
    return 1;
}

static int pooling_of(const char * name) {
    if (strcmp(name, "mean") == 0) { return LLAMA_POOLING_TYPE_MEAN; }
    if (strcmp(name, "cls") == 0) { return LLAMA_POOLING_TYPE_CLS; }
    if (strcmp(name, "last") == 0) { return LLAMA_POOLING_TYPE_LAST; }
    return LLAMA_POOLING_TYPE_UNSPECIFIED;
}

static int print_vectors(struct llama_context * context, int width) {
    static char line[longest * 12];
    struct llama_batch batch = llama_batch_init(longest, 0, 1);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        batch.n_tokens = 0;
        for (char * word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
            const int position = batch.n_tokens++;
            if (position == longest) { return fail("a text is longer than expected"); }
            batch.token[position] = atoi(word);
            batch.pos[position] = position;
            batch.n_seq_id[position] = 1;
            batch.seq_id[position][0] = 0;
            batch.logits[position] = 1;
        }
        llama_memory_clear(llama_get_memory(context), true);
        if (llama_decode(context, batch) != 0) { return fail("a text was not evaluated"); }
        fwrite(llama_get_embeddings_seq(context, 0), sizeof(float), width, stdout);
    }
    llama_batch_free(batch);
    return 0;
}

int main(int count, char ** arguments) {
    if (count != 3) { return fail("usage: embeddings MODEL mean|cls|last"); }
    llama_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model * model = llama_model_load_from_file(arguments[1], llama_model_default_params());
    if (model == NULL) { return fail("the model could not be loaded"); }
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = params.n_batch = params.n_ubatch = longest;
    params.n_threads = params.n_threads_batch = 1;
    params.embeddings = true;
    params.pooling_type = pooling_of(arguments[2]);
    struct llama_context * context = llama_init_from_model(model, params);
    if (context == NULL) { return fail("no context"); }
    const int result = print_vectors(context, llama_model_n_embd_out(model));
    llama_free(context);
    llama_model_free(model);
    return result;
}
