#!/usr/bin/env bash
# Checks that the library, all tests and all examples compile for macOS, with all features. Runs the unit tests on Linux
# with musl, with 32 bits, and big-endian.
#
#     sudo tests/platforms/others.sh FOLDER                             # all of them
#     sudo tests/platforms/others.sh FOLDER s390x-unknown-linux-gnu     # some of them
#
# It needs Debian or a descendant, and 8 GB in FOLDER, which may be that of `windows.sh`.
set -euo pipefail

. "$(dirname "$0")/debian.sh"
shift
install_packages others gcc-i686-linux-gnu gcc-s390x-linux-gnu libc6-dev-i386-cross libc6-dev-s390x-cross musl-tools \
    qemu-user
copy_source
[ $# != 0 ] || set -- aarch64-apple-darwin x86_64-apple-darwin x86_64-unknown-linux-musl i686-unknown-linux-gnu \
    s390x-unknown-linux-gnu

# A check links nothing, so a C compiler that writes empty files is enough; Apple's is not available.
mkdir -p "$root/root/empty"
cat > "$root/root/empty/cc" <<'END'
#!/bin/sh
[ "$1" != '-?' ] || exit 1 # It is not Microsoft's.
while [ $# -gt 1 ]; do [ "$1" != -o ] || : > "$2"; shift; done
END
chmod +x "$root/root/empty/cc"
# Rust's musl targets link LLVM's library for panics. The one of gcc has the same functions.
inside sh -c 'mkdir -p /root/musl && ln -sf "$(gcc -print-file-name=libgcc_eh.a)" /root/musl/libunwind.a'

for target in "$@"; do
    echo "== $target"
    key=$(tr a-z- A-Z_ <<< "$target")
    cpu=${target%%-*}
    variables=() command="test --lib -p tonearm --features chrono,fake-server,jiff,platform-verifier,socks,time"
    case "$target" in
        *-apple-*)
            variables=("CC_${target//-/_}=/root/empty/cc" SDKROOT=/root/empty)
            command="check --lib --bins --tests --examples --all-features"
            ;;
        *-musl)
            variables=("CC_${target//-/_}=musl-gcc" "CARGO_TARGET_${key}_LINKER=musl-gcc"
                "CARGO_TARGET_${key}_RUSTFLAGS=-C link-self-contained=no -L native=/root/musl")
            ;;
        *)
            variables=("CARGO_TARGET_${key}_LINKER=$cpu-linux-gnu-gcc"
                "CARGO_TARGET_${key}_RUNNER=qemu-${cpu/i686/i386} -L /usr/$cpu-linux-gnu")
            ;;
    esac
    inside "${variables[@]}" sh -c "cd /root/source && cargo $command --locked -Zbuild-std=std,panic_abort,test \
        --target $target"
done
