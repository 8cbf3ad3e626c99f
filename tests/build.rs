//! Writes the calls that the examples of the table make, for `support/samples.rs`.

#[path = "../codegen/mod.rs"]
#[allow(dead_code, unused_imports)]
mod codegen;

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=../spec");
    println!("cargo::rerun-if-env-changed=TONEARM_SPEC");
    let overlay = std::env::var_os("TONEARM_SPEC").filter(|folder| !folder.is_empty());
    let overlay = overlay.map(PathBuf::from);
    let table = codegen::compile(Path::new("../spec"), overlay.as_deref())
        .unwrap_or_else(|problems| panic!("{problems}"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(out.join("samples.rs"), codegen::samples(&table)).unwrap();
}
