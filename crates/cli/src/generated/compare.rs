//! How one file stands to what would be written. Pure: whoever asks has read the disk.

use serde::Serialize;

/// One file that is not as it would be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    pub(crate) file: String,
    pub(crate) state: State,
}

/// How a file on the disk stands to what would be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It is not there.
    Missing,
    /// It is as it was written, and now something else would be.
    Stale,
    /// Somebody changed it since.
    Edited,
    /// It was written, and nothing generates it any more.
    LeftOver,
}

/// SHA-256 sums of one file, as hexadecimal digits, at its three moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments<'a> {
    /// What was written last, where the record knows.
    pub(crate) before: Option<&'a str>,
    /// What is there.
    pub(crate) there: Option<&'a str>,
    /// What would be written.
    pub(crate) fresh: Option<&'a str>,
}

/// The state of a file, or nothing where it is as it would be written.
pub(crate) fn state(Moments { before, there, fresh }: Moments<'_>) -> Option<State> {
    match (there, fresh) {
        (None, None) => None,
        (None, Some(_)) => Some(State::Missing),
        (Some(there), Some(fresh)) if there == fresh => None,
        (Some(there), _) if before != Some(there) => Some(State::Edited),
        (Some(_), Some(_)) => Some(State::Stale),
        (Some(_), None) => Some(State::LeftOver),
    }
}

#[cfg(test)]
mod tests {
    use super::{Moments, State, state};

    fn of(before: &str, there: &str, fresh: &str) -> Option<State> {
        let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
        state(Moments { before: some(before), there: some(there), fresh: some(fresh) })
    }

    #[test]
    fn what_was_written_and_is_there_is_stale_and_anything_else_is_a_persons() {
        assert_eq!(of("old", "old", "new"), Some(State::Stale));
        assert_eq!(of("old", "other", "new"), Some(State::Edited));
        assert_eq!(of("", "other", "new"), Some(State::Edited), "nobody noted that it was written");
    }

    #[test]
    fn what_is_as_it_would_be_written_has_no_state_whoever_wrote_it() {
        assert_eq!(of("old", "new", "new"), None);
        assert_eq!(of("", "new", "new"), None);
        assert_eq!(of("old", "", ""), None);
    }

    #[test]
    fn what_is_not_generated_any_more_goes_unless_a_person_changed_it() {
        assert_eq!(of("old", "old", ""), Some(State::LeftOver));
        assert_eq!(of("old", "other", ""), Some(State::Edited));
    }

    #[test]
    fn what_is_not_there_is_missing() {
        assert_eq!(of("old", "", "new"), Some(State::Missing));
        assert_eq!(of("", "", "new"), Some(State::Missing));
    }
}
