#!/usr/bin/env bash
# Builds llama.cpp's libraries into the engine cache and prints their folder: include/, lib/, share/tests/.
#
#   PORTABLE=1                     all CPU variants, chosen at run time, for packages that travel
#   LLAMA_BACKENDS="cuda vulkan"   GPU backends beside the CPU; each needs its vendor's toolkit on this machine
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/source.sh"

portable="${PORTABLE:-0}"
backends="${LLAMA_BACKENDS:-}"
bin=$(toolchain_bin)

options=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON
    -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_MTMD=ON
    -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_TESTS=OFF
    -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_SUBPROCESS=OFF -DGGML_OPENMP=OFF
    -DCMAKE_INSTALL_LIBDIR=lib '-DCMAKE_INSTALL_RPATH=$ORIGIN'
)
if [ "$portable" = 1 ]; then
    options+=(-DGGML_NATIVE=OFF -DGGML_BACKEND_DL=ON -DGGML_CPU_ALL_VARIANTS=ON)
    features=portable
else
    options+=(-DGGML_NATIVE=ON)
    features=$(cpu_features)
fi
for backend in $backends; do
    options+=("-DGGML_$(printf %s "$backend" | tr '[:lower:]' '[:upper:]')=ON")
done

key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh" "$here"/patches/*)" \
    "$("$bin/clang" --version | head -n 1)" "$features" "${options[*]}" | sha256sum | cut -c1-16)

build_llama() {
    local staging=$1 patch
    fetch_source "$llama_package" "$llama_package_version" "$llama_package_sha256" "$staging/package"
    build_tools "$engine_cache/tools"
    local source="$staging/package/$llama_source_subdir"
    for patch in "$here"/patches/*.patch; do
        say "applying $(basename "$patch")"
        (cd "$source" && git apply --unsafe-paths --directory="" "$patch") || die "$patch does not apply"
    done
    say "building llama.cpp with $build_jobs jobs (some 5 minutes on 2 cores; once for this machine)"
    {
        cmake -G Ninja -S "$source" -B "$staging/build" -DCMAKE_C_COMPILER="$bin/clang" \
            -DCMAKE_CXX_COMPILER="$bin/clang++" -DCMAKE_INSTALL_PREFIX="$staging/out" "${options[@]}" &&
        cmake --build "$staging/build" --parallel "$build_jobs" &&
        cmake --install "$staging/build"
    } >"$staging/log" 2>&1 || { tail -n 40 "$staging/log" >&2; die "llama.cpp did not build"; }

    # What `install` leaves out and the shim includes; common/jinja stays off the include path (its string.h).
    mkdir -p "$staging/out/include/common/jinja" "$staging/out/share/tests"
    cp "$source"/common/*.h "$staging/out/include/common/"
    cp "$source"/common/jinja/*.h "$staging/out/include/common/jinja/"
    cp -r "$source/vendor/nlohmann" "$staging/out/include/nlohmann"
    cp "$source"/tools/mtmd/mtmd.h "$source"/tools/mtmd/mtmd-helper*.h "$staging/out/include/"
    # Tokenizers and chat templates of many model families, for tests.
    cp "$source"/models/*.gguf* "$staging/out/share/tests/"
    cp -r "$source"/models/templates "$staging/out/share/tests/templates"
    cp "$source/LICENSE" "$staging/out/LICENSE"
}

with_cached llama "$key" build_llama
