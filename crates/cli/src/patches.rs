//! A person's own changes to generated files: files of a folder that the manifest names, laid over what is generated.
//!
//! Terraform merges what is in `…_override.tf` into the rest, so a change of one setting is a file of three lines.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use model::System;

use crate::generated::Files;
use crate::report::Failure;

/// Most files that are laid over.
const MOST: usize = 1000;

/// Lays the patches for `target` over `files`.
pub(crate) fn lay(dir: &Path, system: &System, target: &str, files: &mut Files) -> Result<(), Failure> {
    let Some(folder) = system.patches.get(target) else { return Ok(()) };
    let root = dir.join(folder);
    let refused = |file: &Path, problem: &io::Error| {
        Failure::Sentence(format!("the patch {} cannot be read: {problem}", file.display()))
    };
    let mut folders = vec![root.clone()];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for path in entries(&folder).map_err(|problem| refused(&folder, &problem))? {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            found += 1;
            if found > MOST {
                return Err(Failure::Sentence(format!(
                    "{} has more than {MOST} files; name a folder of patches only",
                    root.display()
                )));
            }
            let content = fs::read(&path).map_err(|problem| refused(&path, &problem))?;
            let name = path.strip_prefix(&root).unwrap_or(&path).components();
            let name: Vec<_> = name.map(|part| part.as_os_str().to_string_lossy()).collect();
            files.insert(name.join("/"), content);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
