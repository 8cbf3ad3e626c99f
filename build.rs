//! Compiles the endpoint definitions in `spec/`, and those in the folder that `TONEARM_SPEC` names, to the Rust code
//! that `src/` includes.

#[allow(dead_code, unused_imports)] // Tests use the rest.
mod codegen;

fn main() {
    println!("cargo::rerun-if-changed=spec");
    let Some(out) = std::env::var_os("OUT_DIR").map(std::path::PathBuf::from) else {
        eprintln!("OUT_DIR is not set; cargo must run this build script");
        std::process::exit(1);
    };
    println!("cargo::rerun-if-env-changed=TONEARM_SPEC");
    let overlay = std::env::var_os("TONEARM_SPEC").filter(|folder| !folder.is_empty());
    let overlay = overlay.map(std::path::PathBuf::from);
    if let Some(overlay) = &overlay {
        println!("cargo::rerun-if-changed={}", overlay.display());
        if let Some(problem) = codegen::problem_of_folder(overlay) {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    }
    let written = codegen::compile(std::path::Path::new("spec"), overlay.as_deref())
        .map_err(|problems| problems.to_string())
        .and_then(|table| {
            codegen::files(&table).iter().try_for_each(|(name, text)| {
                let path = out.join(name);
                std::fs::write(&path, text)
                    .map_err(|e| format!("cannot write {}: {e}", path.display()))
            })
        });
    if let Err(message) = written {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
