# Sourced by the engines' recipes: where built engines live, how they are keyed, and how a source gets here.
#
# An engine is built once a recipe, a compiler and a CPU, into a cache of the user's that all checkouts share:
#   ${DPAIS_ENGINE_CACHE:-${XDG_CACHE_HOME:-~/.cache}/dpais/engines}/<name>-<key>/
# The key is a digest of everything that decides the result, so a changed recipe builds beside the old one.

engine_cache="${DPAIS_ENGINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dpais/engines}"
build_jobs="${DPAIS_BUILD_JOBS:-$(nproc 2>/dev/null || echo 2)}"

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The toolchain's own clang: Debian 12's gcc compiles ggml's AMX kernels into illegal instructions.
toolchain_bin() { dirname "$(readlink -f "$(command -v swift)")"; }

# The CPU's instruction sets, one word each, in a fixed order; they decide what a native build may contain.
cpu_features() {
    if [ -r /proc/cpuinfo ]; then
        grep -m1 -E '^(flags|Features)' /proc/cpuinfo | cut -d: -f2 | tr ' ' '\n' | sort -u | tr '\n' ' '
    else
        sysctl -n machdep.cpu.features machdep.cpu.leaf7_features hw.optional 2>/dev/null | tr '\n' ' '
    fi
}

# digest_of FILE... : one digest over the contents of the files, by name.
digest_of() { sha256sum "$@" | awk '{print $1}' | sha256sum | cut -c1-16; }

# fetch_source NAME VERSION SHA256 DIR : the package's source archive, checked, unpacked into DIR.
fetch_source() {
    local name=$1 version=$2 digest=$3 into=$4 download
    download=$(mktemp -d "$into.download.XXXXXX")
    say "fetching the source of $name $version from the package index"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "$name" \
        --dest "$download" "$name==$version" >&2 || die "cannot fetch $name==$version; is the package index reachable?"
    local archive
    archive=$(find "$download" -name '*.tar.gz' | head -n 1)
    printf '%s  %s\n' "$digest" "$archive" | sha256sum --check --status ||
        die "$name $version does not have the digest this project pins; nothing was built from it"
    mkdir -p "$into"
    tar -xzf "$archive" -C "$into" --strip-components=1
    rm -rf "$download"
}

# build_tools DIR : cmake and ninja, from the package index, into DIR (the machine need not have them).
build_tools() {
    [ -x "$1/bin/ninja" ] || python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
        --root-user-action=ignore --target "$1" 'cmake==4.1.2' 'ninja==1.13.0' >&2 || die "cannot install cmake and ninja"
    export PYTHONPATH="$1" PATH="$1/bin:$PATH"
}

# with_cached NAME KEY BUILD : prints the engine's folder; runs `BUILD <staging>` first where it is not there.
# Two checkouts that ask at once build it once; a build that fails or is interrupted leaves nothing behind.
with_cached() {
    local name=$1 key=$2 build=$3 target="$engine_cache/$1-$2" staging
    mkdir -p "$engine_cache"
    exec 9>"$engine_cache/.$name.lock"
    if ! flock --nonblock 9; then
        say "waiting for another set-up that builds $name"
        flock 9
    fi
    if [ ! -e "$target/.complete" ]; then
        staging=$(mktemp -d "$engine_cache/.$name.XXXXXX")
        trap 'rm -rf "$staging"' EXIT
        "$build" "$staging"
        rm -rf "$target"
        mv "$staging/out" "$target"
        touch "$target/.complete"
        rm -rf "$staging"
        trap - EXIT
    fi
    exec 9>&-
    printf '%s\n' "$target"
}
