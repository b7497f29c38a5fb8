//! Why a run of terraform did not do what it was for.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::OLDEST;
use super::events::Problem;
use super::version::Version;

/// Why a run of terraform did not do what it was for.
#[derive(Debug, thiserror::Error)]
pub enum TerraformError {
    /// There is none.
    #[error(
        "there is no `terraform` on PATH; install {OLDEST} or later from https://developer.hashicorp.com/terraform/install"
    )]
    Missing,
    /// It can't read what is compiled.
    #[error("terraform is {found}, and what is compiled wants {OLDEST} or later; install a newer one")]
    TooOld {
        /// The one that is there.
        found: Version,
    },
    /// It does not start.
    #[error("{} cannot be started in {}: {reason}", .program.display(), .folder.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Where.
        folder: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// It ended badly, and said why.
    #[error("`terraform {step}` in {} failed{}", .folder.display(), after(.said))]
    Failed {
        /// The verb.
        step: &'static str,
        /// The stack's folder.
        folder: PathBuf,
        /// The last lines it printed, or its errors as lines.
        said: String,
        /// Its errors one by one, where it told events.
        problems: Vec<Problem>,
    },
    /// It took longer than it may.
    #[error(
        "`terraform {step}` in {} took longer than {} s and was interrupted; look at what it was waiting for, and run it again \
         with a larger --timeout",
        .folder.display(), .limit.as_secs()
    )]
    TimedOut {
        /// The verb.
        step: &'static str,
        /// The stack's folder.
        folder: PathBuf,
        /// What it may take.
        limit: Duration,
    },
    /// A person ended it.
    #[error("`terraform {step}` in {} was interrupted{}", .folder.display(), next(*.at_once))]
    Interrupted {
        /// The verb.
        step: &'static str,
        /// The stack's folder.
        folder: PathBuf,
        /// Whether it was told to leave everything as it stood.
        at_once: bool,
    },
    /// What it printed is not what its documentation says.
    #[error(
        "what `terraform {step}` printed cannot be read: {reason}; see that PATH has a terraform of HashiCorp's"
    )]
    Unreadable {
        /// The verb.
        step: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

fn next(at_once: bool) -> &'static str {
    if at_once {
        " twice, and left what it was doing; what it made last may not be in its state, and its lock may still be held \
         (`terraform force-unlock` in that folder): look, then run the command again"
    } else {
        "; run the command again to go on"
    }
}

fn after(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!(":\n{text}") }
}
