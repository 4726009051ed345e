#!/usr/bin/env bash
# Gets libjpeg-turbo, libpng, libwebp and zlib into the engine cache and prints their folder: include/, lib/.
#
# On Debian and its kin they come from the distribution's own development packages, whose signatures apt checks, into
# this folder and nowhere else: nothing is installed and root is not needed. The folder then holds static libraries
# only, so what is linked with them needs none of them to run. Elsewhere the folder links to what pkg-config finds.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"

packages=(libjpeg libpng16 libwebp zlib)
libraries=(jpeg png16 webp z)
headers=(jpeglib.h jmorecfg.h jerror.h 'jconfig*.h' png.h pngconf.h pnglibconf.h zlib.h 'zconf*.h' webp/decode.h webp/types.h)

has() { command -v "$1" >/dev/null 2>&1; }

# apt_get FOLDER ARGUMENT... : apt-get with its lists, its archives and its user in FOLDER instead of the machine's.
apt_get() {
    local folder=$1
    shift
    apt-get -qq -o Dir::State="$folder/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$folder/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# from_debian STAGING : the packages' files under STAGING/root, and of those what is linked and included into STAGING/out.
from_debian() {
    local staging=$1 package pattern library found
    mkdir -p "$staging/apt/state/lists/partial" "$staging/apt/cache/archives/partial" "$staging/debs" "$staging/root"
    say "getting libjpeg-turbo, libpng, libwebp and zlib from the distribution's packages"
    apt_get "$staging/apt" update >"$staging/log" 2>&1 || return 1
    # Debian and Ubuntu call libjpeg-turbo's package by different names.
    (cd "$staging/debs" && {
        apt_get "$staging/apt" download libjpeg62-turbo-dev || apt_get "$staging/apt" download libjpeg-turbo8-dev
    } && apt_get "$staging/apt" download libpng-dev libwebp-dev zlib1g-dev) >>"$staging/log" 2>&1 || return 1
    for package in "$staging"/debs/*.deb; do
        dpkg-deb -x "$package" "$staging/root" || return 1
    done
    mkdir -p "$staging/out/include/webp" "$staging/out/lib" "$staging/out/share"
    # Some headers lie in a folder of the machine's kind (include/x86_64-linux-gnu), libpng's in one of its version.
    for pattern in "${headers[@]}"; do
        found=$(find "$staging/root/usr/include" -type f -path "*/$pattern")
        [ -n "$found" ] || { echo "the packages hold no header $pattern" >>"$staging/log"; return 1; }
        # shellcheck disable=SC2086  # several headers may answer to one pattern
        cp $found "$staging/out/include/$(dirname "$pattern")/" || return 1
    done
    for library in "${libraries[@]}"; do
        found=$(find "$staging/root/usr/lib" -type f -name "lib$library.a" | head -n 1)
        [ -n "$found" ] || { echo "the packages hold no library lib$library.a" >>"$staging/log"; return 1; }
        cp "$found" "$staging/out/lib/" || return 1
    done
    # libpng needs zlib behind it, but others' -lz comes first, and a linker reads static libraries once, in their order.
    (cd "$staging/out/lib" && printf '%s\n' 'create both.a' 'addlib libpng16.a' 'addlib libz.a' 'save' 'end' | "$(toolchain_bin)/llvm-ar" -M && mv both.a libpng16.a) \
        >>"$staging/log" 2>&1 || return 1
    # Their licences, for packages that travel.
    for found in "$staging"/root/usr/share/doc/*/copyright; do
        cp "$found" "$staging/out/share/$(basename "$(dirname "$found")").copyright"
    done
}

# from_system STAGING : links to the headers and libraries that pkg-config knows.
from_system() {
    local staging=$1 package pattern library folder found
    pkg-config --exists "${packages[@]}" || return 1
    rm -rf "$staging/out"
    mkdir -p "$staging/out/include/webp" "$staging/out/lib"
    for pattern in "${headers[@]}"; do
        for package in "${packages[@]}"; do
            folder=$(pkg-config --variable=includedir "$package")
            for found in "$folder"/$pattern; do
                [ ! -e "$found" ] || ln -sfn "$found" "$staging/out/include/$(dirname "$pattern")/"
            done
        done
    done
    for package in "${packages[@]}"; do
        folder=$(pkg-config --variable=libdir "$package")
        for library in "${libraries[@]}"; do
            for found in "$folder/lib$library".{a,so,dylib,tbd}; do
                [ ! -e "$found" ] || { ln -sfn "$found" "$staging/out/lib/"; break; }
            done
        done
    done
}

build_pictures() {
    local staging=$1
    if has apt-get && has dpkg-deb; then
        from_debian "$staging" && return
        tail -n 5 "$staging/log" >&2
        say "apt does not give the packages; looking for them on the machine"
    fi
    if has pkg-config; then
        from_system "$staging" && return
    fi
    die "libjpeg-turbo, libpng, libwebp and zlib are needed, with their headers. Debian, Ubuntu: apt-get install" \
        "libjpeg-dev libpng-dev libwebp-dev zlib1g-dev pkg-config. Fedora: dnf install libjpeg-turbo-devel libpng-devel" \
        "libwebp-devel zlib-devel pkgconf. macOS: brew install jpeg-turbo libpng webp pkgconf."
}

key=$(printf '%s\n' "$(digest_of "$here"/*.sh "$here/../cache.sh")" "$(uname -sm)" \
    "$(cat /etc/os-release 2>/dev/null)" | sha256sum | cut -c1-16)
with_cached pictures "$key" build_pictures
