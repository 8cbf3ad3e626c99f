#!/usr/bin/env bash
# Builds all tests and examples for Windows on Linux, with all features, and runs the tests under wine.
#
#     sudo tests/platforms/windows.sh FOLDER              # all test programs
#     sudo tests/platforms/windows.sh FOLDER auth errors  # some of them; `tonearm` has the unit tests
#
# It needs Debian or a descendant, and 6 GB in FOLDER. The first run downloads 600 MB. It fails if a test fails that is
# not in `wine.txt`.
set -euo pipefail

if [ $# = 0 ] || [ "$(id -u)" != 0 ]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd) root="$folder/debian"
here=$(cd "$(dirname "$0")" && pwd) source=$(cd "$(dirname "$0")/../.." && pwd)
target=x86_64-pc-windows-gnu
shift

# Runs a command in a Debian of its own, so that the machine stays as it is. Debian's unstable distribution has a
# current Rust with the source of the standard library, which cargo builds for Windows.
inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        CARGO_TARGET_DIR=/root/target CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 RUSTC_BOOTSTRAP=1 WINEDEBUG=-all \
        CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc \
        INSTA_UPDATE=no INSTA_WORKSPACE_ROOT=/root/source "$@"
}
if [ ! -e "$root/ready" ]; then
    command -v debootstrap >/dev/null || { apt-get update && apt-get install --yes debootstrap; }
    rm -rf "$root"
    debootstrap --variant=minbase sid "$root"
    inside apt-get install --yes --no-install-recommends \
        ca-certificates cargo gcc gcc-mingw-w64-x86-64-win32 libc6-dev rust-src rustc wine wine64
    inside apt-get clean
    touch "$root/ready"
fi
mountpoint --quiet "$root/proc" || mount --types proc proc "$root/proc"
trap 'umount --lazy "$root/proc"' EXIT

# The files of the project, and the sources of all dependencies, with those of the standard library.
rm -rf "$root/root/source" && mkdir -p "$root/root/source"
(
    cd "$source"
    git -c safe.directory="$source" ls-files -z | xargs -0 cp --parents --target-directory="$root/root/source"
)
if ! cmp --quiet "$source/Cargo.lock" "$root/root/vendor/Cargo.lock"; then
    rm -rf "$root/root/vendor" "$root/root/.cargo"
    # A cargo of this machine may have settings for its network.
    if command -v cargo >/dev/null; then
        (cd "$source" && cargo vendor --quiet --locked --versioned-dirs "$root/root/vendor" >/dev/null)
    else
        inside sh -c 'cd /root/source && cargo vendor --quiet --locked --versioned-dirs /root/vendor >/dev/null'
    fi
    cp --recursive --no-clobber "$root"/usr/lib/rustlib/src/rust/library/vendor/. "$root/root/vendor/"
    mkdir -p "$root/root/.cargo"
    printf '[source.crates-io]\nreplace-with = "vendor"\n[source.vendor]\ndirectory = "/root/vendor"\n' \
        > "$root/root/.cargo/config.toml"
    cp "$source/Cargo.lock" "$root/root/vendor/Cargo.lock"
fi

# Two objects of the Rust toolchain that cargo does not build.
objects="/usr/lib/rustlib/$target/lib"
mkdir -p "$root$objects"
for name in rsbegin rsend; do
    inside rustc --edition 2024 --target "$target" --emit obj --crate-type lib -o "$objects/$name.o" \
        "/usr/lib/rustlib/src/rust/library/rtstartup/$name.rs"
done
inside sh -c "cd /root/source && cargo test --offline --locked -Zbuild-std=std,panic_abort,test --target $target \
    --all-features --no-run" 2>&1 | tee "$folder/build.txt"

inside wineboot --init
failed="$folder/failed.txt"
: > "$failed"
for program in $(sed -n 's/^ *Executable .*(\(.*\/deps\/.*\.exe\))$/\1/p' "$folder/build.txt"); do
    name=$(basename "$program" .exe) && name=${name%-*}
    case "$name" in tonearm) package=source ;; *) package=source/tests ;; esac
    [ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
    # Tests find files from the folder of their package, as with cargo.
    inside sh -c "cd /root/$package && wine $program" 2>&1 | tr -d '\r' > "$folder/$name.txt" || true
    result=$(sed -n 's/^test result: .*\. \(.*\); 0 measured.*/\1/p' "$folder/$name.txt")
    echo "$name: ${result:-the program ended early, see $folder/$name.txt}"
    [ -n "$result" ] || echo "$name" >> "$failed"
    sed -n "s/^test \(.*\) \.\.\. FAILED$/$name \1/p" "$folder/$name.txt" >> "$failed"
done
known=$(sed -n 's/^\([a-z]* [a-z_:]*\): .*/\1/p' "$here/wine.txt")
if unknown=$(grep --invert-match --line-regexp --fixed-strings "$known" "$failed"); then
    printf 'these tests failed, and are not in %s:\n%s\n' "$here/wine.txt" "$unknown" >&2
    exit 1
fi
echo "all tests passed but $(wc -l < "$failed"), which $here/wine.txt explains"
