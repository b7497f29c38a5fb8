//! The rehearsal of infrastructure: what was compiled is planned, applied, planned again, changed and destroyed, before
//! an account sees it.
//!
//! What to do stands in [`run`], what came of it in [`Report`]; both ask the pure rooms below.

use serde::Serialize;

pub use self::change::{Change, change, released};
pub use self::report::{ChangeReport, Report, StackReport, Timing, Types, Verdict};
pub use self::run::{Event, Rehearsal, RehearsalError, run};
pub use self::table::markdown;

mod change;
mod report;
mod run;
mod runner;
mod table;

/// One step of a rehearsal, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Everything is as `terraform fmt` would write it.
    Fmt,
    /// The provider and the modules are had.
    Init,
    /// Types and references hold.
    Validate,
    /// A plan by the real provider that calls nobody.
    Plan,
    /// Applied to the simulated AWS.
    Apply,
    /// Planned again: nothing may be left to do.
    Replan,
    /// One setting of the manifest is changed, and planned.
    Change,
    /// What is protected is let go, as a person would before they destroy it.
    Release,
    /// Nothing is left.
    Destroy,
}

impl Step {
    /// In their order.
    pub const ORDER: [Self; 9] = [
        Self::Fmt,
        Self::Init,
        Self::Validate,
        Self::Plan,
        Self::Apply,
        Self::Replan,
        Self::Change,
        Self::Release,
        Self::Destroy,
    ];

    /// What it is called in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Init => "init",
            Self::Validate => "validate",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Replan => "replan",
            Self::Change => "change",
            Self::Release => "release",
            Self::Destroy => "destroy",
        }
    }
}
