//! `GetParametersByPath`: a range of names, a page at a time.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::filters::{self, Filter, Given, Of};
use super::get::{Parameter, Telling};
use super::names::Selector;
use super::rows::{self, COLUMNS, LATEST, Tags, Version};
use super::{Ssm, pages};

/// Parameters of one page, and at most (API Reference, GetParametersByPath).
const PAGE_MAX: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    path: String,
    recursive: Option<bool>,
    parameter_filters: Option<Vec<Given>>,
    with_decryption: Option<bool>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// How far down a path goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    OneLevel,
    All,
}

impl Ssm {
    pub(super) async fn get_parameters_by_path(&self, input: Input) -> Result<Output> {
        check(&input.path)?;
        let parent = input.path.trim_end_matches('/').to_owned();
        let depth = if input.recursive == Some(true) { Depth::All } else { Depth::OneLevel };
        let filters = filters::read(input.parameter_filters.unwrap_or_default(), Of::ByPath)?;
        let size = input.max_results.unwrap_or(PAGE_MAX);
        let after = pages::after(input.next_token.as_deref())?;
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().read(move |db| {
            let mut versions = page(db, &parent, depth, &filters, &after, size + 1)?;
            let next_token = pages::cut(&mut versions, size, |version| version.name.clone());
            let told = versions
                .into_iter()
                .map(|version| inner.parameter(db, version, None, &Selector::Latest, telling));
            Ok(Output { parameters: told.collect::<Result<_>>()?, next_token })
        });
        read.await
    }
}

/// Refuses what is no path.
pub(super) fn check(path: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if !path.starts_with('/') || path.contains("//") || !path.bytes().all(allowed) {
        return Err(Error::validation(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin \
                with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). \
                It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ \
                (underscore). Special characters are not allowed. All sub-paths, if specified, must use the \
                forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.",
        ));
    }
    Ok(())
}

/// What of a name comes after its parent, where it is below it. A name without a slash is below the root.
pub(super) fn below<'a>(name: &'a str, parent: &str) -> Option<&'a str> {
    if parent.is_empty() {
        return Some(name.strip_prefix('/').unwrap_or(name));
    }
    name.strip_prefix(parent)?.strip_prefix('/')
}

fn page(
    db: &Connection,
    parent: &str,
    depth: Depth,
    filters: &[Filter],
    after: &str,
    limit: usize,
) -> Result<Vec<Version>> {
    // `0` follows `/` in ASCII, so the range ends with the last name below the path. Everything is below the root.
    let (begin, end) = match parent {
        "" => (String::new(), "~".to_owned()),
        parent => (format!("{parent}/"), format!("{parent}0")),
    };
    let sql = format!("SELECT {COLUMNS} {LATEST} WHERE p.name > ?1 AND p.name < ?2 ORDER BY p.name");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![begin.as_str().max(after), end])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| versions.len() < limit) {
        let latest = rows::read(row)?;
        let deeper = below(&latest.name, parent).is_some_and(|rest| rest.contains('/'));
        if depth == Depth::All || !deeper {
            versions.extend(admitted(db, latest, filters)?);
        }
    }
    Ok(versions)
}

/// The version that passes: the latest, or with a label filter the one that has the label.
fn admitted(db: &Connection, latest: Version, filters: &[Filter]) -> Result<Option<Version>> {
    let passes = |version: &Version| filters.iter().all(|filter| filter.admits(version, &Tags::new()));
    if filters.iter().any(Filter::wants_labels) {
        return Ok(rows::versions(db, &latest.name)?.into_iter().find(passes));
    }
    Ok(Some(latest).filter(passes))
}
