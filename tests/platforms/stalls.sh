#!/usr/bin/env bash
# Runs each test as a separate process, and stops its threads at random moments for up to four seconds, as a machine under
# heavy load does. A test that fails depends on time.
#
#     tests/platforms/stalls.sh 5                 # five times the programs that use the network or files
#     tests/platforms/stalls.sh 5 auth network    # some of them
#
# It needs Linux and gcc. Five times all of them take about ten minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:?expected the number of rounds}
shift
programs=("$@")
[ $# -gt 0 ] || programs=(auth calls errors fake network programs requests values)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
gcc -O2 -shared -fPIC tests/platforms/stalls.c -o "$folder/stalls.so" -ldl -lm
cargo test --locked --no-run 2>&1 | sed -n 's/.*Executable [^(]*(\(.*\))$/\1/p' > "$folder/executables"
for program in "${programs[@]}"; do
    executable=$(grep "/$program-[0-9a-f]*$" "$folder/executables") || { echo "no test program $program" >&2; exit 1; }
    executable=$(realpath "$executable")
    "$executable" --list --format terse | sed -n 's/: test$//p' > "$folder/tests"
    for round in $(seq "$rounds"); do
        sed "s|.*|$executable & $round|" "$folder/tests"
    done
done | shuf > "$folder/runs"

run() {
    local output
    if ! output=$(cd tests && STALLS=$RANDOM LD_PRELOAD=$folder/stalls.so timeout 600 "$1" --exact "$2" --nocapture 2>&1); then
        printf 'FAILED: %s, %s\n%s\n' "$(basename "$1")" "$2" "$output"
        echo "$2" >> "$folder/failed"
    fi
}
export -f run
export folder INSTA_UPDATE=no
# Most of the time they wait.
xargs --no-run-if-empty --arg-file "$folder/runs" -L 1 -P 24 bash -c 'run "$0" "$1"'
echo "$(wc -l < "$folder/runs") runs, $(cat "$folder/failed" 2>/dev/null | wc -l) failed"
[ ! -e "$folder/failed" ]
