//! The story of a system on this machine, from the lock to the last process's end.

use tokio::sync::mpsc;

pub use self::error::UpError;

use crate::{Event, Interrupt, Options, Stopped};

mod error;

/// Runs the system until it is interrupted or asked to stop; returns when nothing of it runs any more.
///
/// `events` gets what a display needs; a receiver that falls behind misses lines of `prepare`, never a result. The last
/// event of a start is `Ready` or `Failed`.
///
/// # Errors
/// When it could not start: everything that ran is stopped by then. Each error is a sentence with what to do.
pub async fn up(
    options: Options,
    events: mpsc::Sender<Event>,
    interrupts: mpsc::Receiver<Interrupt>,
) -> Result<Stopped, UpError> {
    todo!()
}
