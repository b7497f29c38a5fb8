//! `GetParametersByPath`: a range of names, a page at a time.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::check::required;
use super::error::{Error, Result};
use super::filters::{self, Filter, Given, Of};
use super::get::{Parameter, Telling};
use super::names::Selector;
use super::rows::{self, COLUMNS, LATEST, Tags, Version};
use super::{Ssm, pages};

/// Parameters of one page at most (API Reference, GetParametersByPath).
const PAGE_MAX: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    path: Option<String>,
    recursive: Option<bool>,
    parameter_filters: Option<Vec<Given>>,
    with_decryption: Option<bool>,
    max_results: Option<i64>,
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
        let below = below(&required(input.path, "path")?)?;
        let depth = if input.recursive == Some(true) { Depth::All } else { Depth::OneLevel };
        let filters = filters::read(input.parameter_filters.unwrap_or_default(), Of::ByPath)?;
        let (size, after) =
            (pages::size(input.max_results, PAGE_MAX)?, pages::after(input.next_token.as_deref())?);
        let (telling, inner) = (Telling::asked(input.with_decryption), self.inner.clone());
        let read = self.store().read(move |db| {
            let mut versions = page(db, &below, depth, &filters, &after, size + 1)?;
            let next_token = pages::cut(&mut versions, size, |version| version.name.clone());
            let told =
                versions.into_iter().map(|version| inner.parameter(version, &Selector::Latest, telling));
            Ok(Output { parameters: told.collect::<Result<_>>()?, next_token })
        });
        read.await
    }
}

/// What the names below a path begin with.
fn below(path: &str) -> Result<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if !path.starts_with('/') || path.contains("//") || !path.bytes().all(allowed) {
        return Err(Error::validation(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin \
                with a forward slash \"/\". It must use only letters, numbers, or the following symbols: \
                . (period), - (hyphen), _ (underscore). Special characters are not allowed. All \
                sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: \
                /get/parameters2-/by1./path0_.",
        ));
    }
    Ok(format!("{}/", path.trim_end_matches('/')))
}

fn page(
    db: &Connection,
    below: &str,
    depth: Depth,
    filters: &[Filter],
    after: &str,
    limit: usize,
) -> Result<Vec<Version>> {
    // `0` follows `/` in ASCII, so the range ends with the last name below the path.
    let end = format!("{}0", below.trim_end_matches('/'));
    let sql = format!("SELECT {COLUMNS} {LATEST} WHERE p.name > ?1 AND p.name < ?2 ORDER BY p.name");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![below.max(after), end])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| versions.len() < limit) {
        let latest = rows::read(row)?;
        let deeper = latest.name.get(below.len()..).is_some_and(|rest| rest.contains('/'));
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
