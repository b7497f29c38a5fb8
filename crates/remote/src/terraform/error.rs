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
    /// The disk could not take the state that it would write.
    #[error(
        "the disk of {} has less than {} MiB left, and `terraform {step}` must be able to save its state there; free some, then run \
         the command again",
        .folder.display(), .wanted / 1024 / 1024
    )]
    NoRoom {
        /// The verb.
        step: &'static str,
        /// The stack's folder.
        folder: PathBuf,
        /// Bytes that have to be free.
        wanted: u64,
    },
    /// What it did is not in its state.
    #[error(
        "`terraform {step}` in {} could not save its state: {}; until then nothing should run there, because it would not know what \
         is there already",
        .folder.display(), saved(*.is_in_file)
    )]
    Unsaved {
        /// The verb.
        step: &'static str,
        /// The stack's folder.
        folder: PathBuf,
        /// Whether it is whole in the file that terraform leaves it in; else it was only printed.
        is_in_file: bool,
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

fn saved(is_in_file: bool) -> &'static str {
    if is_in_file {
        "it is in errored.tfstate there; see that the bucket, or the disk, can be written to, run `terraform state push errored.tfstate` \
         in that folder, and remove the file"
    } else {
        "no disk took it whole and it was only printed, from a first { to a last }; put that into errored.tfstate in that folder, run \
         `terraform state push errored.tfstate` there, and remove the file"
    }
}

fn after(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { String::new() } else { format!(":\n{text}") }
}
