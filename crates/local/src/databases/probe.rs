//! Whether a database answers as its clients will ask it; on the way, what they need is made.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{mongodb, postgres, redis};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// From one try to the next.
const POLL: Duration = Duration::from_millis(50);

/// How a database is asked.
#[derive(Debug, Clone)]
pub(crate) enum Probe {
    Postgres(postgres::Login),
    Mongodb(mongodb::Member),
    Redis(redis::Login),
}

/// Why there is no good answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Not yet, and why.
    NotYet(String),
    /// It will not come by waiting.
    Never(String),
}

impl Probe {
    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        match self {
            Self::Postgres(login) => login.port,
            Self::Mongodb(member) => member.port,
            Self::Redis(login) => login.port,
        }
    }

    /// Waits until it answers; the error says what the last try met.
    pub(crate) async fn answered(&self, deadline: Instant) -> Result<(), String> {
        loop {
            let reason = match timeout(PATIENCE, self.ask()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(Trouble::Never(reason))) => return Err(reason),
                Ok(Err(Trouble::NotYet(reason))) => reason,
                Err(_) => format!("it takes a connection and says nothing for {PATIENCE:?}"),
            };
            if Instant::now() >= deadline {
                return Err(reason);
            }
            sleep(POLL).await;
        }
    }

    async fn ask(&self) -> Result<(), Trouble> {
        match self {
            Self::Postgres(login) => login.ask().await,
            Self::Mongodb(member) => member.ask().await,
            Self::Redis(login) => login.ask().await,
        }
    }
}

// What a connection that fails means: the program is on its way, or it ended, which its supervisor sees.
impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::NotYet(error.to_string())
    }
}
