// The C++ of llama.cpp that Swift cannot call, behind plain C: chat templates, answer parsers and schemas of the
// `common` library, running grammars, what pictures and sounds become for a model, and the thread pool of whichever CPU
// backend was loaded.
//
// No C++ exception leaves a function of this file: where one can fail it returns NULL or false and hands the reason
// to `error`. Every string returned, the reasons too, is freed by `dpais_string_free`.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct llama_model;
struct llama_context;
struct llama_vocab;

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

// What the template can do: an object of booleans such as `supports_tools`.
char * dpais_chat_template_capabilities(const dpais_chat_template * chat_template, char ** error);

// Renders a conversation. The request: `{"messages": [...], "tools": [...], "tool_choice": "none" | "auto" |
// "required", "parallel_tool_calls": bool, "json_schema": string, "enable_thinking": bool, "reasoning_effort":
// string}`, messages and tools in OpenAI's shape, all but the messages optional.
//
// Returns `{"prompt", "stops", "grammar", "lazy", "triggers": [{"kind": "word" | "pattern", "text"}], "preserved",
// "generation_prompt", "parser", "format", "thinks", "thinking_start", "thinking_ends"}`. NULL on failure; `is_refused`
// then tells whether the template refused the conversation, and not something on the way to it failed.
char * dpais_chat_template_render(
    const dpais_chat_template * chat_template, const char * request_json, bool * is_refused, char ** error);

// Calls in the form `<tool_call>{"name": ..., "arguments": ...}</tool_call>`, for templates that know no tools. The
// request: `{"tools": [...], "required": bool, "maximum_calls": integer, "thinking_start": string, "thinking_end":
// string, "thinking_is_open": bool}`, the last three where the model thinks before it answers. Returns `{"grammar",
// "lazy", "triggers", "parser", "format"}` as a rendering does; the generation prompt is empty.
char * dpais_tool_format(const char * request_json, char ** error);

// What takes an answer's text apart. Reading from many threads at once is fine.

typedef struct dpais_answer_parser dpais_answer_parser;

// `parser`, `format` and `generation_prompt` as a rendering gave them.
dpais_answer_parser * dpais_answer_parser_create(
    const char * parser, int32_t format, const char * generation_prompt, char ** error);
void dpais_answer_parser_free(dpais_answer_parser * parser);

// Returns `{"content", "reasoning", "tool_calls": [{"id", "name", "arguments"}]}` of an answer, whose end may be still
// to come where `is_partial`. NULL where the text does not have the model's format.
char * dpais_answer_parser_parse(
    const dpais_answer_parser * parser, const char * text, size_t length, bool is_partial, char ** error);

// Schemas.

// The GBNF of a JSON schema, itself a text of JSON.
char * dpais_grammar_from_schema(const char * schema, char ** error);

// Grammars that constrain a running generation, or wait for a trigger to begin.

typedef struct dpais_grammar dpais_grammar;

// A grammar that constrains from the `offset`-th byte of the first token that it is given.
// NULL where the text is no grammar that can be run.
dpais_grammar * dpais_grammar_create(const struct llama_vocab * vocab, const char * gbnf, size_t offset, char ** error);
void dpais_grammar_free(dpais_grammar * grammar);
dpais_grammar * dpais_grammar_clone(const dpais_grammar * grammar, char ** error);

// Whether the text may go on, or end, with this token.
bool dpais_grammar_allows(const dpais_grammar * grammar, int32_t token);

// Goes on by one token. False where it is not allowed; the grammar is of no use then.
bool dpais_grammar_accept(dpais_grammar * grammar, int32_t token, char ** error);

// A compiled regular expression (ECMAScript). Several threads may search with it at once.
typedef struct dpais_pattern dpais_pattern;

// NULL where the text is no regular expression.
dpais_pattern * dpais_pattern_create(const char * pattern, char ** error);
void dpais_pattern_free(dpais_pattern * pattern);

// Where in the text the first match begins, or the first of its groups that matched something; -1 where there is none.
int64_t dpais_pattern_find(const dpais_pattern * pattern, const char * text, size_t length, char ** error);

// Pictures and sounds: libmtmd.

typedef struct dpais_projector dpais_projector;
typedef struct dpais_bitmap dpais_bitmap;
typedef struct dpais_chunks dpais_chunks;

// What makes embeddings of pictures or sounds for a model. `marker` is what stands for each of them in a prompt.
dpais_projector * dpais_projector_load(
    const char * path, const struct llama_model * model, const char * marker, int32_t threads, char ** error);
void dpais_projector_free(dpais_projector * projector);
bool dpais_projector_sees(const dpais_projector * projector);
bool dpais_projector_hears(const dpais_projector * projector);

// Whether the model's positions have several dimensions.
bool dpais_projector_needs_mrope(const dpais_projector * projector);

// Floats of one embedding.
size_t dpais_projector_width(const dpais_projector * projector);

// A file's pixels or samples. Reading from many threads at once is fine.
dpais_bitmap * dpais_bitmap_create(
    const dpais_projector * projector, const uint8_t * bytes, size_t count, char ** error);
void dpais_bitmap_free(dpais_bitmap * bitmap);

// A prompt cut into text and media, one bitmap for each marker. Cutting on many threads at once is fine.
dpais_chunks * dpais_chunks_create(
    const dpais_projector * projector, const char * text, size_t length, const dpais_bitmap * const * bitmaps,
    size_t count, char ** error);
void dpais_chunks_free(dpais_chunks * chunks);
size_t dpais_chunks_count(const dpais_chunks * chunks);

typedef struct {
    // So many tokens or embeddings.
    size_t count;
    // NULL where the chunk is media. Owned by the chunks.
    const int32_t * tokens;
    // The SHA-256 of the file that the media came from, in hexadecimal; NULL where the chunk is text. Owned by the
    // chunks.
    const char * digest;
    // Whether its embeddings attend to those after them too.
    bool is_non_causal;
} dpais_chunk;

dpais_chunk dpais_chunks_get(const dpais_projector * projector, const dpais_chunks * chunks, size_t index);

// Computes a media chunk's embeddings: `count` times `width` floats. One thread at a time.
bool dpais_chunks_encode(
    dpais_projector * projector, const dpais_chunks * chunks, size_t index, float * embeddings, char ** error);

// Threads that compute, kept across steps.

typedef struct dpais_thread_pool dpais_thread_pool;

// A pool of up to `threads` threads, attached to the context. NULL where the CPU backend offers none.
dpais_thread_pool * dpais_thread_pool_attach(struct llama_context * context, int32_t threads);
void dpais_thread_pool_free(dpais_thread_pool * pool);

#ifdef __cplusplus
}
#endif
