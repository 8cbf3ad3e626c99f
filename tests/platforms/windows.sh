#!/usr/bin/env bash
# Builds all tests and examples for Windows on Linux, with all features, and runs the tests under wine.
#
#     sudo tests/platforms/windows.sh FOLDER              # all test programs
#     sudo tests/platforms/windows.sh FOLDER auth errors  # some of them; `tonearm` has the unit tests
#
# It needs Debian or a descendant, and 6 GB in FOLDER. The first run downloads 600 MB. It leaves out the tests in
# `wine.txt`, and fails if another one fails.
set -euo pipefail

. "$(dirname "$0")/debian.sh"
shift
target=x86_64-pc-windows-gnu
install_packages windows gcc-mingw-w64-x86-64-win32 wine wine64
copy_source

# Two objects of the Rust toolchain that cargo does not build.
objects="/usr/lib/rustlib/$target/lib"
mkdir -p "$root$objects"
for name in rsbegin rsend; do
    inside rustc --edition 2024 --target "$target" --emit obj --crate-type lib -o "$objects/$name.o" \
        "/usr/lib/rustlib/src/rust/library/rtstartup/$name.rs"
done
inside env CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc \
    sh -c "cd /root/source && cargo test --locked -Zbuild-std=std,panic_abort,test --target $target \
    --all-features --no-run" 2>&1 | tee "$folder/build.txt"

inside wineboot --init
failed="$folder/failed.txt"
: > "$failed"
for program in $(sed -n 's/^ *Executable .*(\(.*\/deps\/.*\.exe\))$/\1/p' "$folder/build.txt"); do
    name=$(basename "$program" .exe) && name=${name%-*}
    case "$name" in tonearm) package=source ;; *) package=source/tests ;; esac
    [ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
    # Some of the known ones would wait for ten minutes.
    skip=$(sed -n "s/^$name \([a-z_:]*\): .*/--skip \1/p" "$source/tests/platforms/wine.txt" | tr '\n' ' ')
    # Tests find files from the folder of their package, as with cargo.
    inside sh -c "cd /root/$package && wine $program $skip" 2>&1 | tr -d '\r' > "$folder/$name.txt" || true
    result=$(sed -n 's/^test result: .*\. \(.*\); 0 measured.*/\1/p' "$folder/$name.txt")
    echo "$name: ${result:-the program ended early, see $folder/$name.txt}"
    [ -n "$result" ] || echo "$name" >> "$failed"
    sed -n "s/^test \(.*\) \.\.\. FAILED$/$name \1/p" "$folder/$name.txt" >> "$failed"
done
if [ -s "$failed" ]; then
    printf 'these tests failed, see %s:\n%s\n' "$folder" "$(cat "$failed")" >&2
    exit 1
fi
