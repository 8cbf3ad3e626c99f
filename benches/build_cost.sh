#!/usr/bin/env bash
# Prints the rows of the table in benches/README.md about the build of a program with one call: the number of crates, the
# CPU seconds of a clean debug build and of the crate itself, and the size of the stripped release program.
#
# Usage: benches/build_cost.sh [hand-written] [Tonearm] [rspotify] [tonearm-rustls]; without arguments, the first three
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

column() { # arguments: name, dependencies, program, and the package to measure separately
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
        package_cpu="$(cpu cargo build --offline) s"
    fi
    cargo build --offline --quiet --release
    size=$(stat -c %s target/release/weight | awk '{ printf "%.1f", $1 / 1e6 }')
    rm -rf target
    heads+=" $name |"
    line+=" --- |"
    builds+=" $crates; $debug s |"
    packages+=" $package_cpu |"
    sizes+=" $size MB |"
}

selected=" ${*:-hand-written Tonearm rspotify} "
heads='| |' line='| --- |' builds='| crates; clean debug build, CPU |' packages='| debug build of the crate itself, CPU |'
sizes='| stripped release program with one call |'
plain='ureq = "3"
serde = { version = "1", features = ["derive"] }
serde_json = "1"'
for name in $selected; do
    case $name in
    hand-written) column "$name" "$plain" "$baseline" ;;
    Tonearm) column "$name" "tonearm = { path = \"$tonearm\" }" "$me" tonearm ;;
    tonearm-rustls)
        column "$name" "tonearm = { path = \"$tonearm\", default-features = false, features = [\"rustls\"] }" "$me" tonearm
        ;;
    rspotify)
        column "$name" 'rspotify = { version = "0.16.1", default-features = false, features = ["client-ureq", "ureq-rustls-tls"] }' "$peer" rspotify
        ;;
    *) echo "expected hand-written, Tonearm, rspotify or tonearm-rustls, found $name" >&2; exit 1 ;;
    esac
done
printf '%s\n' "$heads" "$line" "$builds" "$packages" "$sizes"
