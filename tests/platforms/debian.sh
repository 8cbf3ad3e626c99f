# The common part of the scripts in this folder: installs a separate Debian in a folder, and copies the project to its
# `/root/source`, and all dependencies to `/root/vendor`. Debian's unstable distribution has a current Rust with the source
# of the standard library, which cargo builds for other platforms.
# shellcheck shell=bash disable=SC2034,SC2154

# Without a folder or the rights of root, prints the comment at the top of the script.
[ "$(id -u)" = 0 ] && [ -n "${1:-}" ] || { sed -n '1d; /^#/!q; s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd) root="$folder/debian"
source=$(cd "$(dirname "$0")/../.." && pwd)

# Runs a command in that Debian.
inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        CARGO_TARGET_DIR=/root/target CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 RUSTC_BOOTSTRAP=1 WINEDEBUG=-all \
        CARGO_NET_OFFLINE=true INSTA_UPDATE=no INSTA_WORKSPACE_ROOT=/root/source "$@"
}

# Installs packages, once.
install_packages() {
    local ready="$root/ready-$1" && shift
    [ ! -e "$ready" ] || return 0
    if [ ! -e "$root/ready" ]; then
        command -v debootstrap >/dev/null || { apt-get update && apt-get install --yes debootstrap; }
        rm -rf "$root"
        debootstrap --variant=minbase sid "$root"
        touch "$root/ready"
    fi
    # The lists of a mirror that lags behind may have expired.
    inside apt-get -o Acquire::Check-Valid-Until=false update
    inside apt-get install --yes --no-install-recommends ca-certificates cargo gcc libc6-dev rust-src rustc "$@"
    inside apt-get clean
    touch "$ready"
}

# Copies the files of the project and of its dependencies, those of the standard library included.
copy_source() {
    mountpoint --quiet "$root/proc" || mount --types proc proc "$root/proc"
    trap 'umount --lazy "$root/proc"' EXIT
    local new="$root/root/new" old="$root/root/source" file
    rm -rf "$new" && mkdir "$new"
    (
        cd "$source"
        git -c safe.directory="$source" ls-files -z | xargs -0 cp --parents --target-directory="$new"
        cd "$new"
        # cargo rebuilds what is newer, so an unchanged file keeps its time.
        find . -type f | while read -r file; do
            if cmp --quiet "$file" "$old/$file"; then touch --reference="$old/$file" "$file"; fi
        done
    )
    rm -rf "$old" && mv "$new" "$old"
    if cmp --quiet "$source/Cargo.lock" "$root/root/vendor/Cargo.lock"; then return; fi
    rm -rf "$root/root/vendor" "$root/root/.cargo"
    # A cargo of this machine may have settings for its network.
    if command -v cargo >/dev/null; then
        (cd "$source" && cargo vendor --quiet --locked --versioned-dirs "$root/root/vendor" >/dev/null)
    else
        inside env CARGO_NET_OFFLINE=false \
            sh -c 'cd /root/source && cargo vendor --quiet --locked --versioned-dirs /root/vendor >/dev/null'
    fi
    cp --recursive --no-clobber "$root"/usr/lib/rustlib/src/rust/library/vendor/. "$root/root/vendor/"
    mkdir -p "$root/root/.cargo"
    printf '[source.crates-io]\nreplace-with = "vendor"\n[source.vendor]\ndirectory = "/root/vendor"\n' \
        > "$root/root/.cargo/config.toml"
    cp "$source/Cargo.lock" "$root/root/vendor/Cargo.lock"
}
