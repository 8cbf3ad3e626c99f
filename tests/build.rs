//! Writes the calls that the examples of the table make, for `support/samples.rs`, and the calls that take the fields of
//! models, for `requests/arguments.rs`.

#[path = "../codegen/mod.rs"]
#[allow(dead_code, unused_imports)]
mod codegen;
#[path = "support/pairs.rs"]
mod pairs;

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=../spec");
    println!("cargo::rerun-if-changed=../src/model");
    println!("cargo::rerun-if-env-changed=TONEARM_SPEC");
    println!("cargo::rustc-env=TEST_RUSTC={}", std::env::var("RUSTC").unwrap());
    let overlay = std::env::var_os("TONEARM_SPEC").filter(|folder| !folder.is_empty());
    let overlay = overlay.map(PathBuf::from);
    // The build script of the library reports the problems.
    let Ok(table) = codegen::compile(Path::new("../spec"), overlay.as_deref()) else { return };
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("samples.rs"), codegen::samples(&table)).unwrap();
    std::fs::write(out.join("pairs.rs"), pairs::pairs(&table, Path::new("../src/model"))).unwrap();
}
