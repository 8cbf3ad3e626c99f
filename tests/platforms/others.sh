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
# Rust's musl targets link LLVM's library for panics. The one of gcc has the same functions, and asks glibc in which object
# an address is; musl has only the list of all objects.
mkdir -p "$root/root/musl"
cat > "$root/root/musl/find.c" <<'END'
#define _GNU_SOURCE
#include <link.h>

struct object {
    unsigned long long flags;
    void *start, *end, *map, *frames;
    unsigned long long reserved[7];
};

struct query {
    char *address;
    struct object *object;
};

static int visit(struct dl_phdr_info *info, size_t size, void *data) {
    struct query *query = data;
    struct object *object = query->object;
    int found = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        char *start = (char *) info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, *end = start + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME) object->frames = start;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && query->address >= start && query->address < end) {
            found = 1;
            object->start = start;
            object->end = end;
        }
    }
    return found;
}

int _dl_find_object(void *address, struct object *object) {
    struct query query = {address, object};
    return dl_iterate_phdr(visit, &query) ? 0 : -1;
}
END
inside sh -c 'cd /root/musl && cp "$(gcc -print-file-name=libgcc_eh.a)" libunwind.a && musl-gcc -c find.c &&
    ar r libunwind.a find.o'

failed=
for target in "$@"; do
    echo "== $target"
    key=$(tr a-z- A-Z_ <<< "$target")
    cpu=${target%%-*}
    variables=() command="test --lib -p tonearm --features chrono-0_4,fake-server,jiff-0_2,platform-verifier,socks,time-0_3"
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
        --target $target" || failed+=" $target"
done
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
