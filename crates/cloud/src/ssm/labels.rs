//! Labels: names for versions, each on one version of a parameter at a time.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Ssm;
use super::error::{Code, Error, Result};
use super::names;
use super::rows::{self, Version};

/// Labels of one version at most ("Working with parameter labels").
const LABELS_MAX: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    parameter_version: Option<i64>,
    labels: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Labelled {
    invalid_labels: Vec<String>,
    parameter_version: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Unlabelled {
    removed_labels: Vec<String>,
    invalid_labels: Vec<String>,
}

impl Ssm {
    pub(super) async fn label_parameter_version(&self, input: Input) -> Result<Labelled> {
        let Input { name, parameter_version: number, labels } = input;
        self.store().write(move |db| label(db, &name, number, labels)).await
    }

    pub(super) async fn unlabel_parameter_version(&self, input: Input) -> Result<Unlabelled> {
        let Input { name, parameter_version: number, labels } = input;
        self.store().write(move |db| unlabel(db, &name, number.unwrap_or_default(), labels)).await
    }
}

/// Puts the labels on the version and takes them off all others.
fn label(db: &Connection, name: &str, number: Option<i64>, labels: Vec<String>) -> Result<Labelled> {
    if labels.len() > LABELS_MAX {
        return Err(too_many());
    }
    let mut versions = existing(db, name)?;
    let target = position(&versions, name, number)?;
    let (valid, invalid_labels): (Vec<_>, Vec<_>) = labels.into_iter().partition(|label| is_valid(label));
    for (index, version) in versions.iter_mut().enumerate() {
        if index == target {
            let new: Vec<_> = valid.iter().filter(|label| !version.labels.contains(label)).cloned().collect();
            version.labels.extend(new);
            version.labels.dedup();
        } else {
            version.labels.retain(|label| !valid.contains(label));
        }
        if version.labels.len() > LABELS_MAX {
            return Err(too_many());
        }
        rows::set_labels(db, &version.name, version.version, &version.labels)?;
    }
    Ok(Labelled {
        invalid_labels,
        parameter_version: versions.get(target).map_or(0, |version| version.version),
    })
}

fn unlabel(db: &Connection, name: &str, number: i64, labels: Vec<String>) -> Result<Unlabelled> {
    let versions = existing(db, name)?;
    let target = position(&versions, name, Some(number))?;
    let Some(version) = versions.into_iter().nth(target) else { return Err(Error::not_found(name)) };
    let have = version.labels;
    let (removed_labels, invalid_labels): (Vec<_>, Vec<_>) =
        labels.into_iter().partition(|label| have.contains(label));
    let left: Vec<_> = have.into_iter().filter(|label| !removed_labels.contains(label)).collect();
    rows::set_labels(db, &version.name, number, &left)?;
    Ok(Unlabelled { removed_labels, invalid_labels })
}

fn existing(db: &Connection, name: &str) -> Result<Vec<Version>> {
    let stored = rows::stored_name(db, &names::read(name)?)?.ok_or_else(|| Error::not_found(name))?;
    rows::versions(db, &stored)
}

fn too_many() -> Error {
    Code::ParameterVersionLabelLimitExceeded.saying(
        "An error occurred (ParameterVersionLabelLimitExceeded) when calling the LabelParameterVersion operation: A \
         parameter version can have maximum 10 labels.Move one or more labels to another version and try again.",
    )
}

fn position(versions: &[Version], name: &str, number: Option<i64>) -> Result<usize> {
    let found = match number {
        Some(number) => versions.iter().position(|version| version.version == number),
        None => versions.len().checked_sub(1),
    };
    found.ok_or_else(|| {
        let number = number.unwrap_or_default();
        Code::ParameterVersionNotFound.saying(format!(
            "Systems Manager could not find version {number} of {name}. Verify the version and try again."
        ))
    })
}

/// Letters, digits, `.`, `-`, `_`; not a digit first, and neither `aws` nor `ssm`.
fn is_valid(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let reserved = lower.starts_with("aws") || lower.starts_with("ssm");
    let digit = label.bytes().next().is_none_or(|first| first.is_ascii_digit());
    !reserved && !digit && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_published_rules() {
        for label in ["live", "Beta_2.1-x", "a"] {
            assert!(is_valid(label), "{label}");
        }
        for label in ["1st", "aws-live", "SSM", "a b", "a/b", ""] {
            assert!(!is_valid(label), "{label}");
        }
    }
}
