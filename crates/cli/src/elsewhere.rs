//! What the commands that work elsewhere share: the files, an end on Ctrl-C that leaves no lock, and `remote`'s failures.

use std::error::Error;

use model::{Manifest, System};
use remote::rehearsal::RehearsalError;
use remote::{EnvironmentError, Stop, TerraformError};
use targets::Target;

use crate::generated::Files;
use crate::manifest::{LOCAL, Source};
use crate::report::Failure;
use crate::{environment, patches, runtime, signals};

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
            Some(EnvironmentError::Terraform(error)) => Some(error),
            _ => None,
        });
    let text = error.to_string();
    match terraform {
        Some(TerraformError::Interrupted { .. }) => Failure::Ended { code: ABORTED, text },
        Some(TerraformError::TimedOut { .. }) => Failure::Ended { code: TIMED_OUT, text },
        _ => Failure::Sentence(text),
    }
}

/// The environments that are asked for: the one that is named, else every one but `local`; `None` alone where there are
/// none.
pub(crate) fn environments(manifest: &Manifest, asked: Option<&str>) -> Vec<Option<String>> {
    if let Some(name) = asked {
        return vec![Some(name.to_owned())];
    }
    let names = manifest.environments().filter(|name| *name != LOCAL);
    let names: Vec<Option<String>> = names.map(|name| Some(name.to_owned())).collect();
    if names.is_empty() { vec![None] } else { names }
}

/// Their systems.
pub(crate) fn systems(source: &Source, asked: Option<&str>) -> Result<Vec<System>, Failure> {
    let manifest = source.manifest(&environment::variables())?;
    environments(&manifest, asked)
        .iter()
        .map(|name| model::resolve(&manifest, name.as_deref()).map_err(|problems| source.failure(&problems)))
        .collect()
}

/// The files that run one environment on AWS, with a person's patches laid over them.
pub(crate) fn compiled(source: &Source, system: &System) -> Result<Files, Failure> {
    let mut files = targets::compile(system, Target::Aws).files;
    patches::lay(&source.dir, system, AWS, &mut files)?;
    Ok(files)
}
