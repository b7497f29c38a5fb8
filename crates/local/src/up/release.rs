//! What a service is at this moment, as a short name: the same definition, the same release.

use model::system::Service;
use sha2::{Digest as _, Sha256};

/// Characters that are shown.
const LENGTH: usize = 10;

/// The release of a service as it is defined now.
pub(super) fn of(service: &Service) -> String {
    let digest = Sha256::digest(format!("{service:?}"));
    hex::encode(digest).chars().take(LENGTH).collect()
}
