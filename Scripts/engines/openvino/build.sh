#!/usr/bin/env bash
# Puts OpenVINO's runtime and its C headers into the engine cache and prints their folder: include/, lib/, LICENSE.
#
# Nothing is compiled: the runtime lies ready in the Python package's wheel. One wheel serves, whatever Python the
# machine has, since only its native libraries are taken.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"

package=openvino
version=2026.4.1
platform="$(uname -s) $(uname -m)"
case "$platform" in
    "Linux x86_64")
        tag=manylinux_2_28_x86_64
        sha256=2d22b1da03f7caf74df30e9f6417d0ab2f637e4a38e08e1dcd294d2c37407aaf
        ;;
    *) die "no wheel of $package $version for $platform is pinned: add its tag and SHA-256 to Scripts/engines/openvino" ;;
esac

key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh")" "$platform" | sha256sum | cut -c1-16)

build_openvino() {
    local staging=$1 wheel libs
    say "fetching $package $version from the package index"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.11 --implementation cp --abi cp311 --platform "$tag" \
        --dest "$staging/download" "$package==$version" >&2 ||
        die "cannot fetch $package==$version; is the package index reachable?"
    wheel=$(find "$staging/download" -name '*.whl' | head -n 1)
    printf '%s  %s\n' "$sha256" "$wheel" | sha256sum --check --status ||
        die "$package $version does not have the digest this project pins; nothing was taken from it"
    python3 -m zipfile -e "$wheel" "$staging/wheel"
    libs="$staging/wheel/openvino/libs"

    # The runtime looks for plugins and front ends beside itself. Left out are the front ends of formats that nothing
    # here reads, and with them a quarter of the bytes that stay on the user's disk otherwise.
    mkdir -p "$staging/out/lib" "$staging/out/include/openvino"
    cp "$libs"/libopenvino{,_c,_ir_frontend,_onnx_frontend}.so.* "$staging/out/lib/"
    cp "$libs"/libopenvino_{intel_cpu,intel_gpu,intel_npu,auto,auto_batch}_plugin.so "$staging/out/lib/"
    cp "$libs"/libtbb.so.* "$libs"/libtbbmalloc.so.* "$libs"/libtbbbind_*.so.* "$libs"/libhwloc.so.* "$staging/out/lib/"
    # The GPU plugin's table of tuned kernels.
    cp "$libs/cache.json" "$staging/out/lib/"
    # The linker asks for names without versions.
    ln -s "$(basename "$staging"/out/lib/libopenvino_c.so.*)" "$staging/out/lib/libopenvino_c.so"
    cp -r "$staging/wheel/openvino/include/openvino/c" "$staging/out/include/openvino/c"
    cp "$staging"/wheel/openvino-*.dist-info/licenses/LICENSE "$staging/out/LICENSE"
    cp -r "$staging"/wheel/openvino-*.dist-info/licenses/licensing "$staging/out/licensing"
}

with_cached openvino "$key" build_openvino
