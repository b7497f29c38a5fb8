//! Staging labels: which version has which, and how they move ("What's in a Secrets Manager secret?", AWS Secrets
//! Manager User Guide).

use super::error::{Code, Error, Result};

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";
pub(super) const PENDING: &str = "AWSPENDING";

/// Labels on all versions of a secret together at most ("AWS Secrets Manager quotas").
const LABELS_MAX: usize = 20;

/// A version's id and its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Staged {
    pub(super) id: String,
    pub(super) stages: Vec<String>,
}

/// A move of one label that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) stage: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// Puts labels on a version and takes them off all others. What AWSCURRENT leaves becomes AWSPREVIOUS, and is not
/// pending any more.
pub(super) fn attach(versions: &mut [Staged], id: &str, stages: &[String]) {
    let before = holder(versions, CURRENT).filter(|before| before != id);
    for stage in stages {
        take_off(versions, stage, Some(id));
        if let Some(version) = versions.iter_mut().find(|version| version.id == id)
            && !version.stages.contains(stage)
        {
            version.stages.push(stage.clone());
        }
    }
    let Some(before) = before.filter(|_| stages.iter().any(|stage| stage == CURRENT)) else { return };
    take_off(versions, PREVIOUS, None);
    if let Some(version) = versions.iter_mut().find(|version| version.id == before) {
        version.stages.retain(|stage| stage != PENDING);
        version.stages.push(PREVIOUS.to_owned());
    }
}

/// Does what UpdateSecretVersionStage asks for, or says why not.
pub(super) fn moved(versions: &mut [Staged], wanted: &Move) -> Result<()> {
    let Move { stage, from, to } = wanted;
    for id in [from, to].into_iter().flatten() {
        if !versions.iter().any(|version| version.id == *id) {
            return Err(Error::no_version(id));
        }
    }
    check_holder(versions, stage, from.as_deref(), to.as_deref())?;
    match to {
        Some(to) => attach(versions, to, std::slice::from_ref(stage)),
        None if stage == CURRENT => {
            return Err(Code::InvalidParameterException.saying(
                "You can only move staging label AWSCURRENT to a different secret version. It can\u{2019}t be completely \
                 removed.",
            ));
        }
        None => take_off(versions, stage, None),
    }
    Ok(())
}

/// Refuses more labels than a secret can have.
pub(super) fn check(versions: &[Staged]) -> Result<()> {
    let count: usize = versions.iter().map(|version| version.stages.len()).sum();
    if count <= LABELS_MAX {
        return Ok(());
    }
    Err(Code::LimitExceededException
        .saying(format!("A secret can have {LABELS_MAX} staging labels on all its versions together.")))
}

/// The version that has a label.
pub(super) fn holder(versions: &[Staged], stage: &str) -> Option<String> {
    let held = |version: &&Staged| version.stages.iter().any(|label| label == stage);
    versions.iter().find(held).map(|version| version.id.clone())
}

/// A label that is on a version has to be taken from just that one.
fn check_holder(versions: &[Staged], stage: &str, from: Option<&str>, to: Option<&str>) -> Result<()> {
    let holder = holder(versions, stage);
    let refused = match (holder.as_deref(), from) {
        (Some(holder), None) if to != Some(holder) => format!(
            "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version \
             {holder}, so you must explicitly reference that version in RemoveFromVersionId."
        ),
        (Some(holder), Some(from)) if holder != from => format!(
            "The parameter RemoveFromVersionId is not correct. Staging label {stage} is currently attached to version \
             {holder}, and not to version {from}."
        ),
        (None, Some(from)) => format!("The staging label {stage} is not attached to version {from}."),
        (None, None) if to.is_none() => {
            format!("The staging label {stage} is not attached to any version.")
        }
        _ => return Ok(()),
    };
    Err(Code::InvalidParameterException.saying(refused))
}

fn take_off(versions: &mut [Staged], stage: &str, but: Option<&str>) {
    for version in versions.iter_mut().filter(|version| Some(version.id.as_str()) != but) {
        version.stages.retain(|label| label != stage);
    }
}

#[cfg(test)]
mod tests;
