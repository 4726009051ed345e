// The C++ of llama.cpp that Swift cannot call, behind plain C: chat templates of the `common` library, and the
// thread pool of whichever CPU backend was loaded.
//
// No C++ exception leaves a function of this file: where one can fail it returns NULL and hands the reason to
// `error`. Every string returned, the reasons too, is freed by `dpais_string_free`.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct llama_model;
struct llama_context;

void dpais_string_free(char * string);

// Loads the compute backends that were built as libraries of their own (run-time CPU variants, GPUs), from where
// llama.cpp's library lies. Does nothing where the CPU backend is linked in.
void dpais_backends_load(void);

// Chat templates.

typedef struct dpais_chat_template dpais_chat_template;

// The model's own template; ChatML where the file holds none.
dpais_chat_template * dpais_chat_template_create(const struct llama_model * model, char ** error);

// A template given as text, with the markers that stand for begin and end of a sequence.
dpais_chat_template * dpais_chat_template_create_from_source(
    const char * source, const char * bos, const char * eos, char ** error);

void dpais_chat_template_free(dpais_chat_template * chat_template);

// Whether the model's file holds a template.
bool dpais_chat_template_is_explicit(const dpais_chat_template * chat_template);

// Renders a conversation: `{"messages": [{"role", "content"} ...]}` in OpenAI's shape.
// Returns `{"prompt": string, "stops": [string]}`.
char * dpais_chat_template_render(const dpais_chat_template * chat_template, const char * request_json, char ** error);

// Threads that compute, kept across steps.

typedef struct dpais_thread_pool dpais_thread_pool;

// A pool of up to `threads` threads, attached to the context. NULL where the CPU backend offers none.
dpais_thread_pool * dpais_thread_pool_attach(struct llama_context * context, int32_t threads);
void dpais_thread_pool_free(dpais_thread_pool * pool);

#ifdef __cplusplus
}
#endif
