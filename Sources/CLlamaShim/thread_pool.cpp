#include "CLlamaShim.h"

#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "llama.h"

// With run-time CPU variants the backend is a library loaded at start, so its functions are looked up, not linked.
struct dpais_thread_pool {
    ggml_threadpool * pool;
    llama_context * context;
    decltype(ggml_threadpool_free) * free;
};

dpais_thread_pool * dpais_thread_pool_attach(llama_context * context, int32_t threads) {
    ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (cpu == nullptr) { return nullptr; }
    ggml_backend_reg_t registry = ggml_backend_dev_backend_reg(cpu);
    auto * create = reinterpret_cast<decltype(ggml_threadpool_new) *>(
        ggml_backend_reg_get_proc_address(registry, "ggml_threadpool_new"));
    auto * destroy = reinterpret_cast<decltype(ggml_threadpool_free) *>(
        ggml_backend_reg_get_proc_address(registry, "ggml_threadpool_free"));
    if (create == nullptr || destroy == nullptr) { return nullptr; }

    ggml_threadpool_params parameters = ggml_threadpool_params_default(threads);
    ggml_threadpool * pool = create(&parameters);
    if (pool == nullptr) { return nullptr; }
    llama_attach_threadpool(context, pool, pool);
    return new dpais_thread_pool{pool, context, destroy};
}

void dpais_thread_pool_free(dpais_thread_pool * pool) {
    if (pool == nullptr) { return; }
    llama_detach_threadpool(pool->context);
    pool->free(pool->pool);
    delete pool;
}
