//! Filters of `DescribeParameters` and `GetParametersByPath`: read and checked, then asked of each parameter.

use serde::Deserialize;

use super::error::{Code, Error, Result};
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
            return Err(Code::InvalidFilterKey.saying(
                "The same filter key is in the request more than \
                once. A request can contain only one occurrence of a specific filter.",
            ));
        }
        filters.push(filter);
    }
    Ok(filters)
}

impl Filter {
    /// Whether a parameter passes.
    pub(super) fn admits(&self, version: &Version, tags: &Tags) -> bool {
        match &self.key {
            Subject::Name => {
                self.compare(&version.name) || self.compare(version.name.trim_start_matches('/'))
            }
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
        let Some(rest) =
            name.strip_prefix(path.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'))
        else {
            return false;
        };
        self.option == Comparison::Recursive || !rest.contains('/')
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
    if values.len() > 50 {
        return Err(Error::constraint("parameterFilters", "Member must have at most 50 values"));
    }
    if let Some(wrong) = values.iter().find(|value| key == Subject::Path && !value.starts_with('/')) {
        return Err(Error::validation(format!(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin \
                with a forward slash \"/\": {wrong}"
        )));
    }
    Ok(Filter { key, option, values })
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
                Of::Describing => "Path, Name, Type, KeyId, Tier, DataType, tag:",
                Of::ByPath => "Type, KeyId, Label",
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
