//! How true a target is to what was written, field by field: one table, and what it means for a system.

use std::fmt;

pub use self::document::document;
pub use self::report::{Verdict, report};
pub(crate) use self::table::{Case, cases};

mod document;
mod report;
mod table;
#[cfg(test)]
mod tests;

/// One field that a target does not take as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fidelity {
    /// Where it was written, or would have been: `services.api.scale.queue_delay`. What lies below it is meant too.
    pub field: String,
    /// What became of it.
    pub grade: Grade,
    /// Why, and what holds instead. A sentence.
    pub reason: &'static str,
    /// Whether it is worth saying where nobody wrote the field, too: it holds for its default.
    pub of_default: bool,
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It says nothing to this target.
    NotApplicable,
    /// It behaves as written.
    Exact,
    /// Something near it holds.
    Approximated,
    /// It is not there.
    Dropped,
}

/// What runs a system: the columns of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// `taxiway up`.
    Local,
    /// AWS, with containers on ECS Fargate.
    Ecs,
    /// AWS, with a Kubernetes cluster.
    Eks,
    /// The pipeline of GitHub Actions.
    Github,
}

impl Fidelity {
    /// A field with what is said of it in the table.
    pub(crate) fn of(field: impl Into<String>, case: &'static Case) -> Self {
        Self { field: field.into(), grade: case.grade, reason: case.reason, of_default: case.of_default }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotApplicable => "not applicable",
            Self::Exact => "exact",
            Self::Approximated => "approximated",
            Self::Dropped => "dropped",
        })
    }
}
