#include "CLlamaShim.h"
#include "strings.h"

#include "llama.h"
#include "mtmd-helper.h"
#include "mtmd.h"

#include <memory>
#include <stdexcept>
#include <vector>

namespace {

struct free_context { void operator()(mtmd_context * context) const { mtmd_free(context); } };
struct free_chunks { void operator()(mtmd_input_chunks * chunks) const { mtmd_input_chunks_free(chunks); } };

}  // namespace

struct dpais_projector {
    std::unique_ptr<mtmd_context, free_context> context;
    size_t width;
};

struct dpais_chunks {
    std::unique_ptr<mtmd_input_chunks, free_chunks> chunks;
};

dpais_projector * dpais_projector_load(
    const char * path, const llama_model * model, const char * marker, int32_t threads, char ** error) {
    return dpais_guarded<dpais_projector *>(error, nullptr, [&] {
        ggml_log_callback log = nullptr;
        void * log_data = nullptr;
        llama_log_get(&log, &log_data);
        mtmd_helper_log_set(log, log_data);

        mtmd_context_params parameters = mtmd_context_params_default();
        parameters.print_timings = false;
        parameters.n_threads = threads;
        parameters.media_marker = marker;
        std::unique_ptr<mtmd_context, free_context> context(mtmd_init_from_file(path, model, parameters));
        if (!context) { throw std::runtime_error("it is damaged, of an unknown kind, or made for another model"); }
        return new dpais_projector{std::move(context), static_cast<size_t>(llama_model_n_embd_inp(model))};
    });
}

void dpais_projector_free(dpais_projector * projector) { delete projector; }

bool dpais_projector_sees(const dpais_projector * projector) { return mtmd_support_vision(projector->context.get()); }

bool dpais_projector_hears(const dpais_projector * projector) { return mtmd_support_audio(projector->context.get()); }

bool dpais_projector_needs_mrope(const dpais_projector * projector) {
    return mtmd_decode_use_mrope(projector->context.get());
}

size_t dpais_projector_width(const dpais_projector * projector) { return projector->width; }

dpais_bitmap * dpais_bitmap_create(
    const dpais_projector * projector, const uint8_t * bytes, size_t count, char ** error) {
    return dpais_guarded<dpais_bitmap *>(error, nullptr, [&] {
        const auto read = mtmd_helper_bitmap_init_from_buf(
            projector->context.get(), bytes, count, false, mtmd_helper_init_opt_default());
        if (read.bitmap == nullptr) { throw std::runtime_error("the file cannot be decoded"); }
        return reinterpret_cast<dpais_bitmap *>(read.bitmap);
    });
}

void dpais_bitmap_free(dpais_bitmap * bitmap) { mtmd_bitmap_free(reinterpret_cast<mtmd_bitmap *>(bitmap)); }

dpais_chunks * dpais_chunks_create(
    const dpais_projector * projector, const char * text, size_t length, const dpais_bitmap * const * bitmaps,
    size_t count, char ** error) {
    return dpais_guarded<dpais_chunks *>(error, nullptr, [&] {
        std::unique_ptr<mtmd_input_chunks, free_chunks> chunks(mtmd_input_chunks_init());
        const mtmd_input_text input{text, length, true, true};
        std::vector<const mtmd_bitmap *> all;
        for (size_t index = 0; index < count; ++index) {
            all.push_back(reinterpret_cast<const mtmd_bitmap *>(bitmaps[index]));
        }
        switch (mtmd_tokenize(projector->context.get(), chunks.get(), &input, all.data(), all.size())) {
            case 0: return new dpais_chunks{std::move(chunks)};
            case 1: throw std::runtime_error("the model's chat template does not show all of them");
            default: throw std::runtime_error("they cannot be made what the model reads");
        }
    });
}

void dpais_chunks_free(dpais_chunks * chunks) { delete chunks; }

size_t dpais_chunks_count(const dpais_chunks * chunks) { return mtmd_input_chunks_size(chunks->chunks.get()); }

dpais_chunk dpais_chunks_get(const dpais_projector * projector, const dpais_chunks * chunks, size_t index) {
    const mtmd_input_chunk * chunk = mtmd_input_chunks_get(chunks->chunks.get(), index);
    dpais_chunk result{};
    result.count = mtmd_input_chunk_get_n_tokens(chunk);
    if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) {
        size_t count = 0;
        result.tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
        return result;
    }
    result.digest = mtmd_input_chunk_get_id(chunk);
    result.is_non_causal = mtmd_decode_use_non_causal(projector->context.get(), chunk);
    return result;
}

bool dpais_chunks_encode(
    dpais_projector * projector, const dpais_chunks * chunks, size_t index, float * embeddings, char ** error) {
    return dpais_guarded<bool>(error, false, [&] {
        mtmd_context * context = projector->context.get();
        const mtmd_input_chunk * chunk = mtmd_input_chunks_get(chunks->chunks.get(), index);
        if (mtmd_encode_chunk(context, chunk) != 0) { throw std::runtime_error("the projector failed"); }
        const size_t size = mtmd_input_chunk_get_n_tokens(chunk) * projector->width;
        std::memcpy(embeddings, mtmd_get_output_embd(context), size * sizeof(float));
        return true;
    });
}
