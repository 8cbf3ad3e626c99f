//! Turns the table in `spec/`, and the rows of a program in the folder that `TONEARM_SPEC` names, into the
//! bindings that `src/` includes.

mod codegen;

fn main() {
    println!("cargo::rerun-if-changed=spec");
    let Some(out) = std::env::var_os("OUT_DIR").map(std::path::PathBuf::from) else {
        eprintln!("OUT_DIR is not set: this is a build script, which cargo runs");
        std::process::exit(1);
    };
    println!("cargo::rerun-if-env-changed=TONEARM_SPEC");
    let own = std::env::var_os("TONEARM_SPEC").filter(|folder| !folder.is_empty());
    let own = own.map(std::path::PathBuf::from);
    if let Some(own) = &own {
        println!("cargo::rerun-if-changed={}", own.display());
        if let Some(problem) = codegen::problem_of_folder(own) {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    }
    let written = codegen::generate(std::path::Path::new("spec"), own.as_deref())
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
