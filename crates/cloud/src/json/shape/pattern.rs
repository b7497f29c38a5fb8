//! The models' regular expressions, compiled once each.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex::Regex;

/// Whether the whole text matches.
pub(super) fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: OnceLock<Mutex<HashMap<&'static str, Option<Regex>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    let mut compiled = compiled.lock().unwrap_or_else(PoisonError::into_inner);
    let regex = compiled.entry(pattern).or_insert_with(|| compile(pattern)).clone();
    drop(compiled);
    // Every pattern of the tables compiles, as a test says.
    regex.is_none_or(|regex| regex.is_match(text))
}

/// The patterns are Java's, which match the whole text.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).ok()
}
