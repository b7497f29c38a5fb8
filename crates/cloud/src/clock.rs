//! The wall clock, which within one process never goes back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970. A message hidden until a moment must not be hidden longer because somebody set the
/// clock back, and must not be seen twice because somebody set it forward and back again.
pub(crate) fn now_ms() -> i64 {
    static LATEST: AtomicI64 = AtomicI64::new(0);
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX);
    LATEST.fetch_max(now, Ordering::Relaxed).max(now)
}
