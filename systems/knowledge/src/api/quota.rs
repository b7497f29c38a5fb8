//! How many requests a tenant may make.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A tenant's requests are counted over this time, then again from 0.
const WINDOW: Duration = Duration::from_secs(60);

/// Counts requests of tenants that exist; so there are no more entries than tenants in the keys.
#[derive(Debug)]
pub(crate) struct Requests {
    limit: u32,
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    requests: u32,
}

impl Requests {
    /// At most `limit` a minute; the greatest number is none.
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit, windows: Mutex::default() }
    }

    /// Counts a request of `tenant`.
    ///
    /// # Errors
    /// With the time until it may ask again, when it has made too many.
    pub(crate) fn count(&self, tenant: &str) -> Result<(), Duration> {
        if self.limit == u32::MAX {
            return Ok(());
        }
        let now = Instant::now();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(tenant.to_owned()).or_insert(Window { began: now, requests: 0 });
        if now - window.began >= WINDOW {
            *window = Window { began: now, requests: 0 };
        }
        if window.requests >= self.limit {
            return Err(WINDOW - (now - window.began));
        }
        window.requests += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_tenant_has_its_own_minute() {
        let requests = Requests::new(2);
        assert_eq!([requests.count("a"), requests.count("a")], [Ok(()), Ok(())]);
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(requests.count("a"), Err(Duration::from_secs(40)));
        assert_eq!(requests.count("b"), Ok(()));
        tokio::time::advance(Duration::from_secs(40)).await;
        assert_eq!(requests.count("a"), Ok(()));
    }
}
