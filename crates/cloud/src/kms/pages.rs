//! Pages of lists: `Limit`, `Marker`, `NextMarker`, `Truncated`.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::error::{Code, Result};

/// What a request says of the page it wants.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    limit: Option<usize>,
    marker: Option<String>,
}

/// How a page ends.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct End {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

impl Page {
    /// The number of entries: what the request says, else `usual`.
    pub(super) fn limit(&self, usual: usize) -> usize {
        self.limit.unwrap_or(usual)
    }

    /// The last entry of the page before this one; empty for the first page.
    pub(super) fn after(&self) -> Result<String> {
        let Some(marker) = &self.marker else { return Ok(String::new()) };
        let after =
            BASE64_URL_SAFE_NO_PAD.decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        after.ok_or_else(|| Code::InvalidMarkerException.saying("Could not deserialize marker"))
    }
}

/// Cuts `entries`, which may be too many, to a page.
pub(super) fn cut<T>(entries: &mut Vec<T>, limit: usize, name: impl Fn(&T) -> String) -> End {
    let truncated = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().filter(|_| truncated).map(name);
    End { next_marker: last.map(|last| BASE64_URL_SAFE_NO_PAD.encode(last)), truncated }
}
