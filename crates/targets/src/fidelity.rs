//! How true a target is to what was written, field by field.

use std::fmt;

/// One field that a target does not take as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fidelity {
    /// Where it was written: `services.api.scale.queue_delay`.
    pub field: String,
    /// What became of it.
    pub grade: Grade,
    /// Why, and what holds instead. A sentence.
    pub reason: String,
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It behaves as written.
    Exact,
    /// Something near it holds.
    Approximated,
    /// It is not there.
    Dropped,
}

impl fmt::Display for Grade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Exact => "exact",
            Self::Approximated => "approximated",
            Self::Dropped => "dropped",
        })
    }
}
