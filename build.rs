//! Turns the table in `spec/` into the bindings that `src/` includes.

mod codegen;

fn main() {
    println!("cargo::rerun-if-changed=spec");
    let Some(out) = std::env::var_os("OUT_DIR").map(std::path::PathBuf::from) else {
        eprintln!("OUT_DIR is not set: this is a build script, which cargo runs");
        std::process::exit(1);
    };
    let written = codegen::generate(std::path::Path::new("spec"))
        .map_err(|problems| problems.to_string())
        .and_then(|files| {
            files.iter().try_for_each(|(name, text)| {
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
