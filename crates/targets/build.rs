//! Lists the files of the modules, so that they are in the program: a new file needs no other change.

#![expect(clippy::disallowed_methods, reason = "the crate is pure, its build is not")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Tests of a module stay here.
const LEFT_OUT: &str = "tests";

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src/terraform/modules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut text = "&[\n".to_owned();
    for module in entries(&root)? {
        for file in entries(&module)?.into_iter().filter(|file| !file.ends_with(LEFT_OUT)) {
            let name =
                file.strip_prefix(&root)?.to_str().ok_or("a module's file has a name that is no UTF-8")?;
            writeln!(text, "    ({name:?}, include_bytes!({file:?})),")?;
        }
    }
    text.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("modules.rs"), text)?;
    Ok(())
}

/// What is in a folder, in order, but for what is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    let is_hidden =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    entries.retain(|path| !is_hidden(path));
    entries.sort();
    Ok(entries)
}
