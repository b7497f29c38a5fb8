//! What the three batch operations share: the rules for entries, and results entry by entry.

use std::collections::BTreeSet;

use serde::Serialize;

use super::error::{Fault, SqsError};

/// Entries in a batch.
const MOST: usize = 10;

/// What became of each entry. AWS leaves a list out that would be empty.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchOutput<S> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) successful: Vec<S>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) failed: Vec<FailedEntry>,
}

/// An entry that worked and has nothing else to say.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DoneEntry {
    pub(super) id: String,
}

/// An entry that failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FailedEntry {
    id: String,
    sender_fault: bool,
    code: &'static str,
    message: String,
}

impl FailedEntry {
    pub(super) fn new(id: String, error: &SqsError) -> Self {
        let sender_fault = error.fault() == Fault::Sender;
        Self { id, sender_fault, code: error.code().query, message: error.to_string() }
    }
}

/// Checks the entries' number and ids. `entry` is what AWS calls one in this operation.
pub(super) fn check<'a>(
    entry: &'static str,
    ids: impl ExactSizeIterator<Item = &'a str>,
) -> Result<(), SqsError> {
    match ids.len() {
        0 => return Err(SqsError::EmptyBatchRequest(entry)),
        1..=MOST => {}
        more => return Err(SqsError::TooManyEntries(more)),
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        if !is_id(id) {
            return Err(SqsError::InvalidBatchEntryId);
        }
        if !seen.insert(id) {
            return Err(SqsError::BatchEntryIdsNotDistinct(id.to_owned()));
        }
    }
    Ok(())
}

/// Puts results back beside their ids.
pub(super) fn output<T, S>(
    results: impl IntoIterator<Item = (String, Result<T, SqsError>)>,
    done: impl Fn(String, T) -> S,
) -> BatchOutput<S> {
    let mut output = BatchOutput { successful: Vec::new(), failed: Vec::new() };
    for (id, result) in results {
        match result {
            Ok(value) => output.successful.push(done(id, value)),
            Err(error) => output.failed.push(FailedEntry::new(id, &error)),
        }
    }
    output
}

fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=80).contains(&id.len()) && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Result<(), SqsError> {
        check("Entry", ids.iter().copied())
    }

    #[test]
    fn entries_are_one_to_ten_with_ids_of_their_own() {
        assert_eq!(ids(&["a", "b-_9"]), Ok(()));
        assert_eq!(ids(&[]), Err(SqsError::EmptyBatchRequest("Entry")));
        assert_eq!(ids(&["a"; 11]), Err(SqsError::TooManyEntries(11)));
        assert_eq!(ids(&["a", "a"]), Err(SqsError::BatchEntryIdsNotDistinct("a".to_owned())));
        for bad in ["", "a b", "ä", &"a".repeat(81)] {
            assert_eq!(ids(&[bad]), Err(SqsError::InvalidBatchEntryId));
        }
    }
}
