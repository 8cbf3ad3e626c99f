//! Compiles the endpoint definitions in `spec/`, and those in the folder that `TONEARM_SPEC` names, to the Rust code
//! that `src/` includes.

#[allow(dead_code, unused_imports)] // Tests use the rest.
mod codegen;

fn main() {
    if let Err(message) = run() {
        eprintln!("{message}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    println!("cargo::rerun-if-changed=spec");
    println!("cargo::rerun-if-env-changed=TONEARM_SPEC");
    let out = std::env::var_os("OUT_DIR")
        .ok_or("OUT_DIR is not set: this is a build script, which cargo runs")?;
    let overlay = std::env::var_os("TONEARM_SPEC").filter(|folder| !folder.is_empty());
    let overlay = overlay.map(std::path::PathBuf::from);
    if let Some(overlay) = &overlay {
        println!("cargo::rerun-if-changed={}", overlay.display());
        codegen::problem_of_folder(overlay).map_or(Ok(()), Err)?;
    }
    let table = codegen::compile(std::path::Path::new("spec"), overlay.as_deref())
        .map_err(|problems| problems.to_string())?;
    for (name, text) in codegen::files(&table) {
        let path = std::path::Path::new(&out).join(name);
        std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    Ok(())
}
