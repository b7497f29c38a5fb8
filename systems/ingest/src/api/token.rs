//! The token requests must carry: looked up in a parameter store, kept for a while, compared in constant time.

use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// How long a looked-up token counts as known.
const KEPT: Duration = Duration::from_secs(30);

/// Least time from one look-up to the next, so that a flood of wrong tokens can't hammer the parameter store.
const PACE: Duration = Duration::from_millis(200);

/// Where the token is kept.
pub(crate) trait Store: Send + Sync {
    /// Asks for the token's present value.
    fn look_up(&self) -> impl Future<Output = Result<String, LookupError>> + Send;
}

/// Why there is no token to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookupError {
    /// The store has no such parameter.
    NotFound,
    /// The store refused or did not answer.
    Unreachable,
}

/// What a request's token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Equal to the parameter's value.
    Right,
    /// Different from the value it had after the request came in.
    Wrong,
}

/// Knows the token.
///
/// A request whose token equals the kept one costs nothing. Any other waits for a look-up that begins after the request
/// came in, so a rotated token works at once; all who wait share one look-up, and look-ups keep a pace. A failed one is
/// never papered over with an old value: a revoked token must not live on because its store is away.
pub(crate) struct Keeper<S> {
    store: S,
    kept: std::sync::Mutex<Option<Kept>>,
    last: Mutex<Option<Lookup>>,
}

#[derive(Clone)]
struct Kept {
    token: Arc<str>,
    until: Instant,
}

struct Lookup {
    began: Instant,
    found: Result<Arc<str>, LookupError>,
}

impl<S: Store> Keeper<S> {
    /// A keeper that knows nothing yet.
    pub(crate) fn new(store: S) -> Self {
        Self { store, kept: std::sync::Mutex::new(None), last: Mutex::new(None) }
    }

    /// Compares a request's token with the true one.
    ///
    /// # Errors
    /// When the true one had to be looked up and could not.
    pub(crate) async fn check(&self, given: &str) -> Result<Verdict, LookupError> {
        let arrived = Instant::now();
        let known = self.kept().filter(|kept| kept.until > arrived && same(&kept.token, given));
        if known.is_some() {
            return Ok(Verdict::Right);
        }
        let token = self.looked_up_since(arrived).await?;
        Ok(if same(&token, given) { Verdict::Right } else { Verdict::Wrong })
    }

    async fn looked_up_since(&self, moment: Instant) -> Result<Arc<str>, LookupError> {
        let mut last = self.last.lock().await;
        if let Some(shared) = last.as_ref().filter(|lookup| lookup.began >= moment) {
            return shared.found.clone();
        }
        if let Some(previous) = last.as_ref() {
            sleep_until(previous.began + PACE).await;
        }
        let began = Instant::now();
        let found = self.store.look_up().await.map(Arc::<str>::from);
        self.keep(found.clone().ok().map(|token| Kept { token, until: began + KEPT }));
        *last = Some(Lookup { began, found: found.clone() });
        found
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// A failed look-up leaves what is known until its time is over.
    fn keep(&self, found: Option<Kept>) {
        if found.is_some() {
            *self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = found;
        }
    }
}

/// Compares in a time that tells nothing but the lengths.
fn same(token: &str, given: &str) -> bool {
    token.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests;
