#!/usr/bin/env bash
# Measures the build cost of a program: the number of crates, the CPU seconds of a clean debug build and of the crate
# itself, and the size of a stripped release binary with one call.
#
# Usage: benches/build_cost.sh [baseline] [tonearm] [tonearm-rustls] [rspotify]
set -euo pipefail
cd "$(dirname "$0")/.."
tonearm=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

me='fn main() { let spotify = tonearm::Spotify::from_token("token").unwrap(); println!("{:?}", spotify.get_me().send()); }'
baseline='fn main() {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get("https://api.spotify.com/v1/me").header("authorization", "Bearer token").call().unwrap();
    let bytes = response.body_mut().read_to_vec().unwrap();
    println!("{:?}", serde_json::from_slice::<Me>(&bytes));
}
#[derive(Debug, serde::Deserialize)]
#[allow(dead_code)]
struct Me { id: Box<str>, display_name: Option<Box<str>> }'
peer='use rspotify::prelude::*;
fn main() {
    let token = rspotify::Token { access_token: "token".into(), ..Default::default() };
    println!("{:?}", rspotify::AuthCodeSpotify::from_token(token).me());
}'

cpu() { # prints the user and system seconds of a command and its children
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null 2>"$work/log"; } 2>&1 | awk '{ printf "%.1f", $1 + $2 }'
    if grep -q '^error' "$work/log"; then cat "$work/log" >&2; exit 1; fi
}

line() { # arguments: name, dependencies, program, and the package to measure separately
    local name=$1 dependencies=$2 program=$3 package=${4:-}
    local folder=$work/$name; mkdir -p "$folder/src"
    printf '[package]\nname = "weight"\nversion = "0.0.0"\nedition = "2024"\n[profile.release]\nstrip = true\n[workspace]\n[dependencies]\n%s\n' \
        "$dependencies" >"$folder/Cargo.toml"
    printf '%s\n' "$program" >"$folder/src/main.rs"
    cd "$folder"
    cargo fetch --quiet
    local crates debug package_cpu=– size
    crates=$(cargo tree -e normal,build --prefix none --no-dedupe | grep -v '^weight' | sort -u | wc -l)
    debug=$(cpu cargo build --offline)
    if [ -n "$package" ]; then
        cargo clean --quiet -p "$package"
        package_cpu=$(cpu cargo build --offline)
    fi
    cargo build --offline --quiet --release
    size=$(stat -c %s target/release/weight | awk '{ printf "%.2f", $1 / 1e6 }')
    rm -rf target
    echo "| $name | $crates | $debug | $package_cpu | $size |"
}

is_selected() { [ $# -eq 1 ] || [[ " ${*:2} " == *" $1 "* ]]; }

echo "| | crates | clean debug build, CPU s | the crate itself, CPU s | release binary, MB |"
echo "|---|---|---|---|---|"
plain='ureq = "3"
serde = { version = "1", features = ["derive"] }
serde_json = "1"'
if is_selected baseline "$@"; then line baseline "$plain" "$baseline"; fi
if is_selected tonearm "$@"; then line tonearm "tonearm = { path = \"$tonearm\" }" "$me" tonearm; fi
if is_selected tonearm-rustls "$@"; then
    line tonearm-rustls "tonearm = { path = \"$tonearm\", default-features = false, features = [\"rustls\"] }" "$me" tonearm
fi
if is_selected rspotify "$@"; then
    line rspotify 'rspotify = { version = "0.16.1", default-features = false, features = ["client-ureq", "ureq-rustls-tls"] }' "$peer" rspotify
fi
