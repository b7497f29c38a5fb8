//! The modules: written by hand in `modules/`, and in the program as they are.

use std::collections::BTreeSet;

/// Path below `modules/` and what is in the file.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/modules.rs"));

/// The files of these modules, by their paths: `queue/main.tf`.
pub(super) fn files<'a>(
    used: &'a BTreeSet<&'a str>,
) -> impl Iterator<Item = (&'static str, &'static [u8])> + 'a {
    let is_used = |path: &str| path.split_once('/').is_some_and(|(module, _)| used.contains(module));
    FILES.iter().copied().filter(move |(path, _)| is_used(path))
}

/// Every module's name.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| Some(path.split_once('/')?.0))
}
