//! From `main` to a running service and back: settings that were judged, a runtime, an exit code.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use thiserror::Error;
use tokio::runtime::Runtime;

use crate::InvalidSettings;
use crate::server::ServeError;

/// Exit code for settings that are missing or wrong, as for arguments that are.
pub const BAD_SETTINGS: u8 = 2;

/// How long a name look-up or the like may hold up the exit.
const LAST_CHORES: Duration = Duration::from_millis(100);

/// A service that can't do its work on this machine.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no runtime.
    #[error("can't start the runtime: {0}; are there threads and file descriptors left?")]
    Runtime(io::Error),
    /// The order to stop would not be heard.
    #[error("can't listen for signals: {0}")]
    Signals(io::Error),
    /// Nobody would be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Runs `service` with settings that are known to be good, or says what is wrong with them.
pub fn run<S, F, E>(settings: Result<S, InvalidSettings>, service: impl FnOnce(S) -> F) -> ExitCode
where
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let settings = match settings {
        Ok(settings) => settings,
        Err(problems) => return say(&problems, ExitCode::from(BAD_SETTINGS)),
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return say(&error, ExitCode::FAILURE),
    };
    let finished = runtime.block_on(service(settings));
    runtime.shutdown_timeout(LAST_CHORES);
    match finished {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(&error, ExitCode::FAILURE),
    }
}

/// A runtime with a thread per core.
///
/// # Errors
/// When the system gives no threads or file descriptors.
pub fn runtime() -> Result<Runtime, RunError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(RunError::Runtime)
}

/// Tells the person who started the process, and ends with `code`.
#[expect(clippy::print_stderr, reason = "the one place that speaks to the person who started the process")]
pub fn say(sentence: &dyn Display, code: ExitCode) -> ExitCode {
    eprintln!("{sentence}");
    code
}
