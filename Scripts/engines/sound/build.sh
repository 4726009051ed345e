#!/usr/bin/env bash
# Gets libsndfile, libmpg123 and libsoxr into the engine cache and prints their folder: include/, lib/.
#
# Debian has no static libraries of these: they are built from the distribution's own sources with its patches, and the
# codecs that libsndfile needs are its static libraries, put into libsndfile.a. So what is linked with them needs none of
# them to run. Elsewhere the folder links to what pkg-config finds.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/../distribution.sh"

packages=(sndfile libmpg123 soxr)
libraries=(sndfile mpg123 soxr)
headers=(sndfile.h mpg123.h fmt123.h soxr.h)

# What reads files of strangers is built with the checks that Debian builds it with.
options=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_LIBDIR=lib
    '-DCMAKE_C_FLAGS=-fstack-protector-strong -D_FORTIFY_SOURCE=2 -w' -DCMAKE_POLICY_VERSION_MINIMUM=3.5
)

# build_library STAGING FOLDER OPTION... : builds the source in STAGING/source/FOLDER into STAGING/built.
build_library() {
    local staging=$1 folder=$2 bin
    shift 2
    bin=$(toolchain_bin)
    {
        # What is on the machine is not looked for.
        PKG_CONFIG_LIBDIR="$staging/built/lib/pkgconfig" \
            cmake -G Ninja -S "$staging/source/$folder" -B "$staging/build/$folder" -DCMAKE_C_COMPILER="$bin/clang" \
            -DCMAKE_CXX_COMPILER="$bin/clang++" -DCMAKE_INSTALL_PREFIX="$staging/built" \
            -DCMAKE_PREFIX_PATH="$staging/built;$staging/root/usr" "${options[@]}" "$@" &&
            cmake --build "$staging/build/$folder" --parallel "$build_jobs" &&
            cmake --install "$staging/build/$folder"
    } >>"$staging/log" 2>&1
}

from_debian() {
    local staging=$1 name codecs=(FLAC ogg vorbis vorbisenc opus)
    say "getting libsndfile, libmpg123, libsoxr and their codecs from the distribution's packages"
    apt_sources "$staging"
    apt_get "$staging" "${apt_with_sources[@]}" update >"$staging/log" 2>&1 || return 1
    debian_packages "$staging" libflac-dev libogg-dev libvorbis-dev libopus-dev || return 1
    for name in mpg123 libsndfile libsoxr; do
        debian_source "$staging" "$name" || return 1
    done
    build_tools "$engine_cache/tools"
    say "building libsndfile, mpg123 and libsoxr with $build_jobs jobs (a minute on 2 cores; once for this machine)"
    build_library "$staging" mpg123/ports/cmake -DBUILD_LIBOUT123=OFF -DBUILD_PROGRAMS=OFF || return 1
    # MP3 is not read through libsndfile, which takes a guess at a file's length for the end of its sound.
    build_library "$staging" libsndfile -DBUILD_PROGRAMS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_TESTING=OFF \
        -DENABLE_CPACK=OFF -DENABLE_MPEG=OFF || return 1
    # libsndfile leaves out what it does not find.
    grep -qE '#define +HAVE_EXTERNAL_XIPH_LIBS +1' "$staging/build/libsndfile/src/config.h" ||
        { echo "libsndfile was built without its codecs" >>"$staging/log"; return 1; }
    build_library "$staging" libsoxr -DBUILD_TESTS=OFF -DWITH_OPENMP=OFF -DWITH_LSR_BINDINGS=OFF || return 1

    mkdir -p "$staging/all/lib"
    cp "$staging"/built/lib/lib{sndfile,mpg123,soxr}.a "$staging/all/lib/" || return 1
    find "$staging/root/usr/lib" -name '*.a' -exec cp {} "$staging/all/lib/" \; || return 1
    take_headers "$staging" "$staging/built" || return 1
    join_archives "$staging" sndfile "$staging/all" sndfile "${codecs[@]}" || return 1
    join_archives "$staging" mpg123 "$staging/all" mpg123 || return 1
    join_archives "$staging" soxr "$staging/all" soxr || return 1
    take_licences "$staging"
    for name in mpg123 libsndfile libsoxr; do
        cp "$staging/source/$name/debian/copyright" "$staging/out/share/$name.copyright" || return 1
    done
}

build_sound() {
    from_debian_or_system "$1" from_debian ||
        die "libsndfile, libmpg123 and libsoxr are needed, with their headers. Debian, Ubuntu: apt-get install" \
            "libsndfile1-dev libmpg123-dev libsoxr-dev pkg-config. Fedora: dnf install libsndfile-devel mpg123-devel" \
            "soxr-devel pkgconf. macOS: brew install libsndfile mpg123 libsoxr pkgconf."
}

key=$(printf '%s\n' "$(distribution_key "$here"/*.sh)" "$("$(toolchain_bin)/clang" --version | head -n 1)" |
    sha256sum | cut -c1-16)
with_cached sound "$key" build_sound
