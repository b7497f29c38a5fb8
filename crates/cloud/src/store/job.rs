//! One thing to write: a closure, what to do after its commit, and where its answer goes.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::StoreError;

pub(super) type Job = Box<dyn Work + Send>;

/// One thing to write.
pub(super) trait Work {
    /// Does it, and says whether its changes are to be kept.
    fn run(&mut self, connection: &Connection) -> Changes;
    /// Hears how the commit went, and answers the caller.
    fn settle(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// What becomes of a job's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changes {
    Keep,
    Undo,
}

/// A closure, what to do after its commit, and where its answer goes.
pub(super) struct Task<F, G, T, E> {
    job: Option<F>,
    committed: G,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, G, T, E> Task<F, G, T, E> {
    pub(super) fn new(job: F, committed: G, answer: oneshot::Sender<Result<T, E>>) -> Self {
        Self { job: Some(job), committed, result: None, answer }
    }
}

impl<F, G, T, E> Work for Task<F, G, T, E>
where
    F: FnOnce(&Connection) -> Result<T, E>,
    G: FnOnce(&T),
    E: From<StoreError>,
{
    fn run(&mut self, connection: &Connection) -> Changes {
        let result = self.job.take().map(|job| job(connection));
        let changes = if matches!(result, Some(Ok(_))) { Changes::Keep } else { Changes::Undo };
        self.result = result;
        changes
    }

    fn settle(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { committed, result, answer, .. } = *self;
        let result = match (result, outcome) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(E::from(error)),
            (None, Ok(())) => Err(E::from(StoreError::Closed)),
            (Some(Ok(value)), Ok(())) => {
                committed(&value);
                Ok(value)
            }
        };
        answer.send(result).ok();
    }
}
