#include "CLlamaShim.h"

#include "ggml-backend.h"
#include "llama.h"

#include <dlfcn.h>

#include <string>

// ggml looks for them beside the executable only; here they lie in the engine's folder, below lib/ or bin/.
void dpais_backends_load(void) {
    if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) != nullptr) { return; }
    Dl_info library;
    if (dladdr(reinterpret_cast<void *>(&llama_backend_init), &library) != 0 && library.dli_fname != nullptr) {
        const std::string path = library.dli_fname;
        const std::string folder = path.substr(0, path.find_last_of('/'));
        ggml_backend_load_all_from_path(folder.c_str());
        if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) != nullptr) { return; }
        ggml_backend_load_all_from_path((folder + "/../bin").c_str());
    }
    if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == nullptr) { ggml_backend_load_all(); }
}
