//! How the system is delivered, and the user's own changes to what is generated.

use std::collections::BTreeMap;

/// A delivery pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ci {
    /// Whose pipeline.
    pub provider: CiProvider,
    /// `owner/name` of the repository, where it is known.
    pub repository: Option<String>,
    /// Branch → environment it is delivered to.
    pub branches: BTreeMap<String, String>,
    /// Tag pattern → environment it is delivered to.
    pub tags: BTreeMap<String, String>,
    /// Environments that a person may deliver any branch to, by hand.
    pub manual: Vec<String>,
    /// The tag `latest` moves to each new image.
    pub latest: bool,
    /// A pull request gets the plan as a comment.
    pub plan_comment: bool,
}

/// Whose pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CiProvider {
    /// GitHub Actions.
    Github,
}

/// Target name (`aws`, `kubernetes`, `compose`, `docker`, `github`) → folder of patches, relative to the manifest.
pub type Patches = BTreeMap<String, String>;
