//! What the commands that work elsewhere share: the files, an end on Ctrl-C that leaves no lock, and `remote`'s failures.

use std::error::Error;

use model::System;
use remote::handover::HandoverError;
use remote::rehearsal::RehearsalError;
use remote::{Stop, TerraformError};
use targets::Target;

use crate::generated::Files;
use crate::manifest::Source;
use crate::report::Failure;
use crate::{patches, runtime, signals};

/// Ended by a person before it was done.
const ABORTED: u8 = 11;
/// Took longer than it may.
const TIMED_OUT: u8 = 12;

/// What the files are for, as `patches` of a manifest and the folder below `deploy/` name it.
pub(crate) const AWS: &str = "aws";

/// Runs work to its end. SIGINT and SIGTERM ask it to stop, and it still gets to its end.
pub(crate) fn until_asked<T>(work: impl AsyncFnOnce(Stop) -> T) -> Result<T, Failure> {
    let (asks, stop) = Stop::new();
    runtime::block_on(async {
        let work = work(stop);
        tokio::pin!(work);
        let signals = signals::each(|| asks.ask());
        tokio::select! {
            done = &mut work => done,
            never = signals => match never {},
        }
    })
}

/// A failure of `remote`, with the exit code of its kind.
pub(crate) fn failure(error: &(dyn Error + 'static)) -> Failure {
    let terraform = error
        .downcast_ref::<TerraformError>()
        .or_else(|| match error.downcast_ref() {
            Some(RehearsalError::Terraform(error)) => Some(error),
            _ => None,
        })
        .or_else(|| match error.downcast_ref() {
            Some(HandoverError::Terraform(error)) => Some(error),
            _ => None,
        });
    let text = error.to_string();
    match terraform {
        Some(TerraformError::Interrupted { .. }) => Failure::Ended { code: ABORTED, text },
        Some(TerraformError::TimedOut { .. }) => Failure::Ended { code: TIMED_OUT, text },
        _ => Failure::Sentence(text),
    }
}

/// The files that run one environment on AWS, with a person's patches laid over them.
pub(crate) fn compiled(source: &Source, system: &System) -> Result<Files, Failure> {
    let mut files = targets::compile(system, Target::Aws).files;
    patches::lay(&source.dir, system, AWS, &mut files)?;
    Ok(files)
}
