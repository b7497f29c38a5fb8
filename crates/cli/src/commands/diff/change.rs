//! One file that `compile` would write, change or remove, and how.

use serde::Serialize;

use super::Hunk;
use super::text::{self, Bounds};
use crate::generated::{Difference, State};

/// One file and what would change in it.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) file: String,
    pub(super) state: State,
    /// Whether there would be a file, is one, or both.
    pub(super) kind: Kind,
    pub(super) added: usize,
    pub(super) removed: usize,
    pub(super) content: Content,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    New,
    Changed,
    Removed,
}

/// What can be shown of a change.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    /// Lines, without characters that a terminal acts upon.
    Hunks(Vec<Hunk>),
    /// It is no text; bytes before and after.
    Binary { before: u64, after: u64 },
    /// It is too long to compare; bytes before and after.
    Long { before: u64, after: u64 },
}

impl Change {
    /// What changes from what is there (as much of it as may be read, and its length) to what would be written.
    pub(super) fn of(difference: &Difference, there: Option<(Vec<u8>, u64)>, fresh: Option<&[u8]>) -> Self {
        let kind = match (&there, fresh) {
            (None, _) => Kind::New,
            (_, Some(_)) => Kind::Changed,
            (_, None) => Kind::Removed,
        };
        let (there, before) = there.unwrap_or_default();
        let fresh = fresh.unwrap_or_default();
        let after = fresh.len() as u64;
        let (content, added, removed) = match (text::of(&there), text::of(fresh)) {
            _ if before.max(after) >= Bounds::LONGEST => (Content::Long { before, after }, 0, 0),
            (Some(there), Some(fresh)) => {
                let compared = text::compare(there, fresh);
                (Content::Hunks(compared.hunks), compared.added, compared.removed)
            }
            _ => (Content::Binary { before, after }, 0, 0),
        };
        Self { file: text::shown(&difference.file), state: difference.state, kind, added, removed, content }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Content, Kind};
    use crate::generated::{Difference, State};

    fn change(there: Option<&[u8]>, fresh: Option<&[u8]>) -> Change {
        let difference = Difference { file: "main.tf".to_owned(), state: State::Stale };
        Change::of(&difference, there.map(|bytes| (bytes.to_vec(), bytes.len() as u64)), fresh)
    }

    #[test]
    fn a_file_is_new_changed_or_removed() {
        assert_eq!(change(None, Some(b"a\n")).kind, Kind::New);
        assert_eq!(change(Some(b"a\n"), Some(b"b\n")).kind, Kind::Changed);
        assert_eq!(change(Some(b"a\n"), None).kind, Kind::Removed);
        assert_eq!(change(Some(b""), Some(b"b\n")).kind, Kind::Changed, "an empty file is there");
    }

    #[test]
    fn lines_are_counted_by_what_happens_to_them() {
        let change = change(Some(b"a\nb\nc\n"), Some(b"a\nB\nc\nd\n"));
        assert_eq!((change.added, change.removed), (2, 1));
    }

    #[test]
    fn what_is_no_text_is_only_named() {
        assert_eq!(change(None, Some(b"PK\0\x03")).content, Content::Binary { before: 0, after: 4 });
        assert_eq!(change(Some(b"\xff"), Some(b"a\n")).content, Content::Binary { before: 1, after: 2 });
    }

    #[test]
    fn what_is_too_long_is_only_named() {
        let long = "a\n".repeat(600_000);
        let change = change(Some(long.as_bytes()), Some(b"a\n"));
        assert_eq!(change.content, Content::Long { before: 1_200_000, after: 2 });
    }
}
