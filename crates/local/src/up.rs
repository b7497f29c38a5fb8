//! The story of a system on this machine, from the lock to the last process's end.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

pub use self::error::UpError;
use self::session::Session;
use crate::project::{Lock, Locking, Project};
use crate::reporter::Reporter;
use crate::{Event, Interrupt, Options, Stopped};

mod begin;
mod databases;
mod differences;
mod error;
mod listen;
mod release;
mod services;
mod session;
mod stop;

/// How long an `up` that was killed may take to be gone: its lock goes with its memory.
const DYING: Duration = Duration::from_secs(1);
/// From one look at the lock to the next.
const POLL: Duration = Duration::from_millis(20);
/// How long the last events may take to be taken; a display that hangs must not keep the process.
const LAST_EVENTS: Duration = Duration::from_secs(2);

/// Runs the system until it is interrupted or asked to stop; returns when nothing of it runs any more.
///
/// `events` gets what a display needs; a receiver that falls far behind misses the oldest, never a result. A start says
/// `Ready` or `Failed`; the last event is `Failed` or `Stopped`.
///
/// # Errors
/// When it could not start: everything that ran is stopped by then. Each error is a sentence with what to do.
pub async fn up(
    options: Options,
    events: mpsc::Sender<Event>,
    mut interrupts: mpsc::Receiver<Interrupt>,
) -> Result<Stopped, UpError> {
    let began = Instant::now();
    let (project, _lock) = match own(&options).await {
        Ok(owned) => owned,
        Err(error) => {
            let _nobody_watches = events.send(Event::Failed { message: error.to_string() }).await;
            return Err(error);
        }
    };
    let (reporter, handing_on) = Reporter::start(project.events(), events);
    let outcome = run(options, project, &reporter, began, &mut interrupts).await;
    if let Err(error) = &outcome {
        reporter.say(Event::Failed { message: error.to_string() });
    }
    let _display_hangs = timeout(LAST_EVENTS, handing_on).await;
    outcome
}

async fn own(options: &Options) -> Result<(Project, Lock), UpError> {
    let project = Project::find(&options.directory)?;
    project.create()?;
    let deadline = Instant::now() + DYING;
    loop {
        match project.lock()? {
            Locking::Ours(lock) => return Ok((project, lock)),
            Locking::Theirs(_) if Instant::now() < deadline => sleep(POLL).await,
            Locking::Theirs(pid) => {
                let directory = options.directory.display().to_string();
                return Err(UpError::AlreadyRunning { directory, pid });
            }
        }
    }
}

async fn run(
    options: Options,
    project: Project,
    reporter: &Reporter,
    began: Instant,
    interrupts: &mut mpsc::Receiver<Interrupt>,
) -> Result<Stopped, UpError> {
    let mut session = Session::open(options, project, reporter.clone()).await?;
    let mut asked = session.serve_control_socket()?;
    let started = tokio::select! {
        started = session.start() => started.map_err(|error| (error, Interrupt::Graceful)),
        how = next(interrupts) => Err((UpError::Interrupted, how)),
        Some(()) = asked.recv() => Err((UpError::Interrupted, Interrupt::Graceful)),
    };
    if let Err((error, how)) = started {
        session.stop(how, interrupts).await;
        return Err(error);
    }
    session.say_ready(began);
    let (how, why) = tokio::select! {
        how = next(interrupts) => (how, Stopped::Interrupted),
        Some(()) = asked.recv() => (Interrupt::Graceful, Stopped::Asked),
    };
    let stopping = Instant::now();
    session.stop(how, interrupts).await;
    reporter.say(Event::Stopped { elapsed_ms: millis(stopping.elapsed()) });
    Ok(why)
}

/// The next interrupt; never, where nobody can send one.
async fn next(interrupts: &mut mpsc::Receiver<Interrupt>) -> Interrupt {
    match interrupts.recv().await {
        Some(how) => how,
        None => std::future::pending().await,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
