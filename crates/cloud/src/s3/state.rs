//! What can change about a version without there being a new one: its locks, and who may do what with it.

use serde::{Deserialize, Serialize};

use super::lock::{Hold, Retention};

/// Locks and access control of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retention: Option<Retention>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hold: Option<Hold>,
    /// The content of its access control list; none: the owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acl: Option<String>,
}
