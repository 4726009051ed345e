# Sourced, after cache.sh, by the recipes of libraries that distributions carry.
#
# On Debian and its kin what is needed comes from the distribution's own packages, whose signatures apt checks, into the
# staging folder and nowhere else: nothing is installed and root is not needed. Elsewhere it is what pkg-config finds.
#
# A recipe sets `packages` (pkg-config's names), `libraries` (without lib) and `headers` (patterns below include/).

has() { command -v "$1" >/dev/null 2>&1; }

# apt_get STAGING ARGUMENT... : apt-get with its lists, its archives and its user in STAGING instead of the machine's.
apt_get() {
    local folder="$1/apt"
    shift
    mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial"
    apt-get -qq -o Dir::State="$folder/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$folder/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# apt_sources STAGING : the machine's lists of where packages come from, with the packages' sources beside them, into
# STAGING/sources; their indices are read with the others' by apt_get "${apt_with_sources[@]}".
apt_sources() {
    local found
    mkdir -p "$1/sources"
    apt_with_sources=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$1/sources")
    for found in /etc/apt/sources.list.d/*.sources; do
        [ ! -e "$found" ] || sed -E 's/^Types:.*/Types: deb deb-src/' "$found" >"$1/sources/$(basename "$found")"
    done
    for found in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -e "$found" ] || sed -nE 's/^deb([[:space:]].*)/deb\1\ndeb-src\1/p' "$found" >"$1/sources/$(basename "$found" .list).list"
    done
}

# debian_packages STAGING NAME... : the packages' files under STAGING/root.
debian_packages() {
    local staging=$1 package
    shift
    mkdir -p "$staging/debs" "$staging/root"
    (cd "$staging/debs" && apt_get "$staging" download "$@") >>"$staging/log" 2>&1 || return 1
    for package in "$staging"/debs/*.deb; do
        dpkg-deb -x "$package" "$staging/root" || return 1
    done
}

# debian_source STAGING NAME : the package's source with the distribution's patches in STAGING/source/NAME.
# Upstream's archive and the distribution's changes come one by one, as not every mirror has the signatures beside them.
debian_source() {
    local staging=$1 name=$2 patch source="$1/source/$2"
    mkdir -p "$staging/archives/$name" "$source"
    (cd "$staging/archives/$name" &&
        apt_get "$staging" "${apt_with_sources[@]}" source --download-only --tar-only "$name" &&
        apt_get "$staging" "${apt_with_sources[@]}" source --download-only --diff-only "$name") \
        >>"$staging/log" 2>&1 || return 1
    tar -xf "$(echo "$staging/archives/$name"/*.orig.tar.*)" -C "$source" --strip-components=1 || return 1
    tar -xf "$(echo "$staging/archives/$name"/*.debian.tar.*)" -C "$source" || return 1
    for patch in $(sed 's/#.*//' "$source/debian/patches/series" 2>/dev/null); do
        (cd "$source" && git apply --unsafe-paths --directory="" "debian/patches/$patch") >>"$staging/log" 2>&1 || {
            echo "the patch $patch of $name does not apply" >>"$staging/log"
            return 1
        }
    done
}

# take_headers STAGING ROOT : the headers below ROOT/include into STAGING/out/include.
take_headers() {
    local staging=$1 root=$2 pattern found
    # Some headers lie in a folder of the machine's kind (include/x86_64-linux-gnu), libpng's in one of its version.
    for pattern in "${headers[@]}"; do
        found=$(find "$root/include" -type f -path "*/$pattern")
        [ -n "$found" ] || { echo "the packages hold no header $pattern" >>"$staging/log"; return 1; }
        mkdir -p "$staging/out/include/$(dirname "$pattern")"
        # shellcheck disable=SC2086  # several headers may answer to one pattern
        cp $found "$staging/out/include/$(dirname "$pattern")/" || return 1
    done
}

# join_archives STAGING LIBRARY ROOT NAME... : STAGING/out/lib/libLIBRARY.a of the static libraries NAME below ROOT/lib.
# One needs the other, but the order in which they are linked is not ours to choose, and a linker reads each once.
join_archives() {
    local staging=$1 into="$1/out/lib/lib$2.a" root=$3 name found script=""
    shift 3
    mkdir -p "$staging/out/lib"
    for name in "$@"; do
        found=$(find "$root/lib" -type f -name "lib$name.a" | head -n 1)
        [ -n "$found" ] || { echo "the packages hold no library lib$name.a" >>"$staging/log"; return 1; }
        script+="addlib $found"$'\n'
    done
    printf 'create %s\n%ssave\nend\n' "$into" "$script" | "$(toolchain_bin)/llvm-ar" -M >>"$staging/log" 2>&1
}

# take_licences STAGING : the unpacked packages' licences, for packages that travel.
take_licences() {
    local found
    mkdir -p "$1/out/share"
    for found in "$1"/root/usr/share/doc/*/copyright; do
        cp "$found" "$1/out/share/$(basename "$(dirname "$found")").copyright"
    done
}

# from_system STAGING : links to the headers and libraries that pkg-config knows.
from_system() {
    local staging=$1 package pattern library folder found
    pkg-config --exists "${packages[@]}" || return 1
    rm -rf "$staging/out"
    mkdir -p "$staging/out/lib"
    for pattern in "${headers[@]}"; do
        mkdir -p "$staging/out/include/$(dirname "$pattern")"
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

# from_debian_or_system STAGING FROM_DEBIAN : runs `FROM_DEBIAN <staging>`, else from_system; false where neither gives it.
from_debian_or_system() {
    local staging=$1 from_debian=$2
    if has apt-get && has dpkg-deb; then
        "$from_debian" "$staging" && return
        tail -n 5 "$staging/log" >&2
        say "apt does not give the packages; looking for them on the machine"
    fi
    has pkg-config && from_system "$staging"
}

# distribution_key FILE... : what decides the result: the recipe's files, and whose packages they are.
distribution_key() {
    printf '%s\n' "$(digest_of "$@" "$here/../cache.sh" "$here/../distribution.sh")" "$(uname -sm)" \
        "$(cat /etc/os-release 2>/dev/null)" | sha256sum | cut -c1-16
}
