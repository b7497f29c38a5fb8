//! Filters of `DescribeParameters` and `GetParametersByPath`: read and checked, then asked of each parameter.

use serde::Deserialize;

use super::error::{Code, Error, Result};
use super::names::spellings;
use super::path;
use super::rows::{Tags, Version};

/// A filter as the wire has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Given {
    key: String,
    option: Option<String>,
    values: Option<Vec<String>>,
}

/// Which operation filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Describing,
    ByPath,
}

/// A checked filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    name: String,
    key: Subject,
    option: Comparison,
    values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Name,
    Type,
    KeyId,
    Path,
    Label,
    Tier,
    DataType,
    Tag(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equals,
    BeginsWith,
    Contains,
    Recursive,
    OneLevel,
}

/// Checks the filters of a request.
pub(super) fn read(given: Vec<Given>, of: Of) -> Result<Vec<Filter>> {
    let mut filters: Vec<Filter> = Vec::new();
    for given in given {
        let filter = one(given, of)?;
        if filters.iter().any(|earlier| earlier.key == filter.key) {
            return Err(Code::InvalidFilterKey.saying(format!(
                "The following filter is duplicated in the request: {}. A request can contain only one occurrence of \
                 a specific filter.",
                filter.name
            )));
        }
        filters.push(filter);
    }
    Ok(filters)
}

impl Filter {
    /// Whether a parameter passes.
    pub(super) fn admits(&self, version: &Version, tags: &Tags) -> bool {
        match &self.key {
            Subject::Name => spellings(&version.name).iter().any(|name| self.compare(name)),
            Subject::Type => self.compare(version.kind.name()),
            Subject::KeyId => version.key_id.as_deref().is_some_and(|key| self.compare(key)),
            Subject::Tier => self.compare(&version.tier),
            Subject::DataType => self.compare(&version.data_type),
            Subject::Label => version.labels.iter().any(|label| self.compare(label)),
            Subject::Tag(key) => {
                tags.get(key).is_some_and(|value| self.values.is_empty() || self.compare(value))
            }
            Subject::Path => self.values.iter().any(|path| self.is_below(&version.name, path)),
        }
    }

    /// The labels asked for; then older versions are looked at, too.
    pub(super) fn wants_labels(&self) -> bool {
        self.key == Subject::Label
    }

    fn compare(&self, text: &str) -> bool {
        self.values.iter().any(|value| match self.option {
            Comparison::BeginsWith => text.starts_with(value.as_str()),
            Comparison::Contains => text.contains(value.as_str()),
            Comparison::Equals | Comparison::Recursive | Comparison::OneLevel => text == value,
        })
    }

    fn is_below(&self, name: &str, path: &str) -> bool {
        let rest = path::below(name, path.trim_end_matches('/'));
        rest.is_some_and(|rest| self.option == Comparison::Recursive || !rest.contains('/'))
    }
}

fn one(given: Given, of: Of) -> Result<Filter> {
    let key = key(&given.key, of)?;
    let option = option(&key, given.option.as_deref(), of)?;
    let values = given.values.unwrap_or_default();
    if values.is_empty() && !matches!(key, Subject::Tag(_)) {
        return Err(Code::InvalidFilterValue.saying(format!(
            "The following filter values are missing : null for filter key {}.",
            given.key
        )));
    }
    if option == Comparison::Equals {
        check_words(&key, &values)?;
    }
    if key == Subject::Path {
        values.iter().try_for_each(|path| check_path(path))?;
    }
    Ok(Filter { name: given.key, key, option, values })
}

/// Refuses what is no path, and the paths that are AWS's own.
fn check_path(path: &str) -> Result<()> {
    let lower = path.to_ascii_lowercase();
    if lower.starts_with("/aws") || lower.starts_with("/ssm") {
        return Err(Error::validation(
            "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). When using \
             global parameters, please specify within a global namespace.",
        ));
    }
    path::check(path)
}

/// Refuses a word that a type or tier can't be.
fn check_words(key: &Subject, values: &[String]) -> Result<()> {
    let words: &[&str] = match key {
        Subject::Type => &["String", "StringList", "SecureString"],
        Subject::Tier => &["Standard", "Advanced", "Intelligent-Tiering"],
        _ => return Ok(()),
    };
    let wrong = values.iter().find(|value| !words.contains(&value.as_str()));
    wrong.map_or(Ok(()), |wrong| {
        let valid = words.join(", ");
        Err(Code::InvalidFilterValue.saying(format!(
            "The following filter value is not valid: {wrong}. Valid values include: [{valid}]."
        )))
    })
}

fn key(name: &str, of: Of) -> Result<Subject> {
    let key = match (name, of) {
        ("Type", _) => Subject::Type,
        ("KeyId", _) => Subject::KeyId,
        ("Label", Of::ByPath) => Subject::Label,
        ("Name", Of::Describing) => Subject::Name,
        ("Path", Of::Describing) => Subject::Path,
        ("Tier", Of::Describing) => Subject::Tier,
        ("DataType", Of::Describing) => Subject::DataType,
        (name, Of::Describing) if name.len() > 4 && name.starts_with("tag:") => {
            Subject::Tag(name.trim_start_matches("tag:").to_owned())
        }
        _ => {
            let valid = match of {
                Of::Describing => "Path, Name, Type, KeyId, Tier",
                Of::ByPath => "Type, KeyId",
            };
            return Err(Code::InvalidFilterKey.saying(format!(
                "The following filter key is not valid: {name}. Valid filter keys include: [{valid}]."
            )));
        }
    };
    Ok(key)
}

fn option(key: &Subject, name: Option<&str>, of: Of) -> Result<Comparison> {
    let option = match (key, name) {
        (Subject::Path, None | Some("OneLevel")) => Comparison::OneLevel,
        (Subject::Path, Some("Recursive")) => Comparison::Recursive,
        (Subject::Path, _) => return Err(invalid_option(name, "Recursive, OneLevel")),
        (_, None | Some("Equals")) => Comparison::Equals,
        (_, Some("BeginsWith")) => Comparison::BeginsWith,
        (Subject::Name, Some("Contains")) if of == Of::Describing => Comparison::Contains,
        _ => return Err(invalid_option(name, "BeginsWith, Equals")),
    };
    Ok(option)
}

fn invalid_option(name: Option<&str>, valid: &str) -> Error {
    let name = name.unwrap_or_default();
    Code::InvalidFilterOption.saying(format!(
        "The following filter option is not valid: {name}. Valid options include: [{valid}]."
    ))
}

#[cfg(test)]
mod tests;
