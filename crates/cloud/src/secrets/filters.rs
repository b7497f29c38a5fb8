//! Filters of lists ("Find secrets in AWS Secrets Manager", User Guide): values of one filter are alternatives, filters
//! add up, and `!` before a value turns it around.

use serde::Deserialize;

use super::error::{Code, Result};
use super::secret::Secret;

/// A filter as the wire has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Given {
    key: Option<String>,
    values: Option<Vec<String>>,
}

/// A checked filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    subject: Subject,
    values: Vec<String>,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Name,
    Description,
    TagKey,
    TagValue,
    PrimaryRegion,
    OwningService,
    All,
}

/// Checks the filters of a request.
pub(super) fn read(given: Option<Vec<Given>>) -> Result<Vec<Filter>> {
    given.unwrap_or_default().into_iter().map(one).collect()
}

impl Filter {
    /// Whether a secret of this region passes.
    pub(super) fn admits(&self, secret: &Secret, region: &str) -> bool {
        let texts = self.subject.texts(secret, region);
        self.values.iter().any(|value| match value.strip_prefix('!') {
            Some(unwanted) => !self.subject.finds(unwanted, &texts),
            None => self.subject.finds(value, &texts),
        })
    }
}

impl Subject {
    fn texts<'a>(self, secret: &'a Secret, region: &'a str) -> Vec<&'a str> {
        let tags = || secret.tags.iter().flatten();
        match self {
            Self::Name => vec![secret.name.as_str()],
            Self::Description => secret.description.iter().map(String::as_str).collect(),
            Self::TagKey => tags().map(|tag| tag.key.as_str()).collect(),
            Self::TagValue => tags().map(|tag| tag.value.as_str()).collect(),
            Self::PrimaryRegion => (!secret.replicas.is_empty()).then_some(region).into_iter().collect(),
            // Every secret here is its owner's own.
            Self::OwningService => Vec::new(),
            Self::All => [Self::Name, Self::Description, Self::TagKey, Self::TagValue]
                .into_iter()
                .flat_map(|subject| subject.texts(secret, region))
                .collect(),
        }
    }

    /// Descriptions and everything together are searched by the beginnings of words, the rest by their own beginning.
    /// Among everything, a word also begins at a large letter.
    fn finds(self, value: &str, texts: &[&str]) -> bool {
        match self {
            Self::Description => texts.iter().any(|text| has_words(&words(text), &words(value))),
            Self::All => {
                let value = humps(value);
                texts.iter().any(|text| has_words(&humps(text), &value))
            }
            _ => texts.iter().any(|text| text.starts_with(value)),
        }
    }
}

/// Whether there are words in `wanted`, and each begins one of `have`.
fn has_words(have: &[String], wanted: &[String]) -> bool {
    let begins = |word: &String| have.iter().any(|have| have.starts_with(word.as_str()));
    !wanted.is_empty() && wanted.iter().all(begins)
}

/// The words of a text, and of these the parts that begin with a large letter: `AppBeta` is `app` and `beta`, `AWSRole`
/// is `aws` and `role`.
fn humps(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut parted = String::with_capacity(text.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let starts = match (before, letters.get(at + 1)) {
            _ if !letter.is_uppercase() => false,
            (Some(before), _) if before.is_lowercase() => true,
            (Some(before), Some(after)) => before.is_uppercase() && after.is_lowercase(),
            _ => false,
        };
        if starts {
            parted.push(' ');
        }
        parted.push(*letter);
    }
    words(&parted)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

fn one(given: Given) -> Result<Filter> {
    let subject = match given.key.as_deref() {
        Some("name") => Subject::Name,
        Some("description") => Subject::Description,
        Some("tag-key") => Subject::TagKey,
        Some("tag-value") => Subject::TagValue,
        Some("primary-region") => Subject::PrimaryRegion,
        Some("owning-service") => Subject::OwningService,
        Some("all") => Subject::All,
        _ => return Err(Code::InvalidParameterException.saying("Invalid filter key")),
    };
    let values = given.values.filter(|values| !values.is_empty()).ok_or_else(|| {
        Code::InvalidParameterException
            .saying(format!("Invalid filter values for key: {}", given.key.unwrap_or_default()))
    })?;
    Ok(Filter { subject, values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::secret::{Replica, Tag};

    fn secret() -> Secret {
        Secret {
            name: "app/Token".to_owned(),
            suffix: "a1B2c3".to_owned(),
            description: Some("The one and two".to_owned()),
            kms_key_id: None,
            tags: Some(vec![Tag { key: "team".to_owned(), value: "Core".to_owned() }]),
            made: 0,
            changed: 0,
            accessed: None,
            due: None,
            rotation: None,
            policy: None,
            replicas: vec![Replica { region: "eu-west-1".to_owned(), kms_key_id: None }],
            region: None,
            kind: None,
        }
    }

    #[track_caller]
    fn check(key: &str, values: &[&str], admitted: bool) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let given = Given { key: Some(key.to_owned()), values: Some(values) };
        let filter = one(given).unwrap();
        assert_eq!(filter.admits(&secret(), "us-east-1"), admitted, "{filter:?}");
    }

    #[test]
    fn each_key_looks_at_its_own_part() {
        check("name", &["app"], true);
        check("name", &["App"], false);
        check("name", &["Token"], false);
        check("name", &["other", "app/"], true);
        check("name", &["!app"], false);
        check("name", &["!other"], true);
        check("description", &["one two"], true);
        check("description", &["TWO"], true);
        check("description", &["three"], false);
        check("tag-key", &["te"], true);
        check("tag-value", &["core"], false);
        check("tag-value", &["Core"], true);
        check("primary-region", &["us-east"], true);
        check("owning-service", &["x"], false);
        check("all", &["core"], true);
        check("all", &["token the"], false);
        check("all", &["!nowhere"], true);
        check("all", &["+"], false);
    }

    #[test]
    fn a_large_letter_begins_a_word() {
        for (text, parts) in [
            ("prod/AppBeta", ["prod", "app", "beta"].as_slice()),
            ("uat/COMPANYthings", &["uat", "compan", "ythings"]),
            ("SecretFTag1a", &["secret", "f", "tag1a"]),
            ("Thirdsecret", &["thirdsecret"]),
            ("+", &[]),
        ] {
            assert_eq!(humps(text), parts, "{text}");
        }
    }

    #[test]
    fn a_filter_has_a_key_and_values() {
        for (key, values) in [(None, Some(vec!["a".to_owned()])), (Some("name".to_owned()), None)] {
            assert_eq!(one(Given { key, values }).unwrap_err().code, Code::InvalidParameterException);
        }
    }
}
