//! What can change about a version without there being a new one: its locks, who may do what with it, a restore.

use serde::{Deserialize, Serialize};

use super::lock::{Hold, Retention};

/// Locks, access control and restore of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retention: Option<Retention>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hold: Option<Hold>,
    /// The content of its access control list; none: the owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acl: Option<String>,
    /// Until when an archived object can be read, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) restored: Option<i64>,
}
