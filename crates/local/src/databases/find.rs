//! Programs along a PATH.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Folders of `path` in which every one of `programs` is, in its order. Relative ones do not count: a database's program
/// must not depend on where somebody stands.
pub(super) fn folders(path: Option<&String>, programs: &[&str]) -> Vec<PathBuf> {
    let folders = path.into_iter().flat_map(|path| path.split(':')).map(PathBuf::from);
    folders.filter(|folder| folder.is_absolute() && has(folder, programs)).collect()
}

/// Whether every one of `programs` is in `folder`.
pub(super) fn has(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| is_program(&folder.join(program)))
}

/// The first of that name along `path`.
pub(super) fn program(path: Option<&String>, name: &str) -> Option<PathBuf> {
    folders(path, &[name]).first().map(|folder| folder.join(name))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
