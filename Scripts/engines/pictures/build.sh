#!/usr/bin/env bash
# Gets libjpeg-turbo, libpng, libwebp and zlib into the engine cache and prints their folder: include/, lib/.
#
# From Debian's packages the folder gets static libraries only, so what is linked with them needs none of them to run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cache.sh"
. "$here/../distribution.sh"

packages=(libjpeg libpng16 libwebp zlib)
libraries=(jpeg png16 webp z)
headers=(jpeglib.h jmorecfg.h jerror.h 'jconfig*.h' png.h pngconf.h pnglibconf.h zlib.h 'zconf*.h' webp/decode.h webp/types.h)

from_debian() {
    local staging=$1
    say "getting libjpeg-turbo, libpng, libwebp and zlib from the distribution's packages"
    apt_get "$staging" update >"$staging/log" 2>&1 || return 1
    # Debian and Ubuntu call libjpeg-turbo's package by different names.
    debian_packages "$staging" libjpeg62-turbo-dev || debian_packages "$staging" libjpeg-turbo8-dev || return 1
    debian_packages "$staging" libpng-dev libwebp-dev zlib1g-dev || return 1
    take_headers "$staging" "$staging/root/usr" || return 1
    join_archives "$staging" jpeg "$staging/root/usr" jpeg || return 1
    join_archives "$staging" png16 "$staging/root/usr" png16 z || return 1
    join_archives "$staging" webp "$staging/root/usr" webp || return 1
    join_archives "$staging" z "$staging/root/usr" z || return 1
    take_licences "$staging"
}

build_pictures() {
    from_debian_or_system "$1" from_debian ||
        die "libjpeg-turbo, libpng, libwebp and zlib are needed, with their headers. Debian, Ubuntu: apt-get install" \
            "libjpeg-dev libpng-dev libwebp-dev zlib1g-dev pkg-config. Fedora: dnf install libjpeg-turbo-devel" \
            "libpng-devel libwebp-devel zlib-devel pkgconf. macOS: brew install jpeg-turbo libpng webp pkgconf."
}

with_cached pictures "$(distribution_key "$here"/*.sh)" build_pictures
