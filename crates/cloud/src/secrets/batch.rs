//! `BatchGetSecretValue`: several current values at once, and what went wrong with the others.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};
use super::filters::{self, Filter, Given};
use super::get::Got;
use super::{Inner, Secrets, names, pages, secret};

/// Values of one answer at most (BatchGetSecretValue, API Reference).
const PAGE: usize = 20;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    secret_id_list: Option<Vec<String>>,
    filters: Option<Vec<Given>>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// Values and failures. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch {
    secret_values: Vec<Got>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    errors: Vec<Failure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    secret_id: String,
    error_code: &'static str,
    message: String,
}

impl Secrets {
    pub(super) async fn batch_get_secret_value(&self, input: Input) -> Result<Batch> {
        let refused = |message: &str| Err(Code::InvalidParameterException.saying(message));
        if input.secret_id_list.is_some() == input.filters.is_some() {
            return refused("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        if input.filters.is_none() && input.max_results.is_some() {
            return refused(
                "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
            );
        }
        let filters = filters::read(input.filters)?;
        let (start, size) = (pages::start(input.next_token.as_deref())?, input.max_results.unwrap_or(PAGE));
        let inner = self.inner.clone();
        let read = self.inner.store.read(move |db| {
            let ids = match input.secret_id_list {
                Some(ids) => ids,
                None => inner.admitted(db, &filters)?,
            };
            let (page, next_token) = pages::cut(ids, start, size);
            inner.batch(db, page, next_token)
        });
        let batch = read.await?;
        self.note(&batch.secret_values.iter().collect::<Vec<_>>()).await;
        Ok(batch)
    }
}

impl Inner {
    fn admitted(&self, db: &Connection, filters: &[Filter]) -> Result<Vec<String>> {
        let admitted = secret::all(db)?.into_iter().filter(|secret| {
            secret.due.is_none() && filters.iter().all(|filter| filter.admits(secret, self.region_of(secret)))
        });
        Ok(admitted.map(|secret| secret.name).collect())
    }

    fn batch(&self, db: &Connection, ids: Vec<String>, next_token: Option<String>) -> Result<Batch> {
        let (mut secret_values, mut errors) = (Vec::new(), Vec::new());
        for id in ids {
            match self.current(db, &id) {
                Ok(got) => secret_values.push(got),
                Err(error) => errors.push(failure(id, error)?),
            }
        }
        Ok(Batch { secret_values, next_token, errors })
    }

    fn current(&self, db: &Connection, id: &str) -> Result<Got> {
        names::check_id(id)?;
        self.got(db, self.find(db, id)?, None, None)
    }
}

/// What the caller could do something about is told beside the values; everything else fails the request.
fn failure(secret_id: String, error: Error) -> Result<Failure> {
    use crate::json::Code as _;
    if error.code.status() != http::StatusCode::BAD_REQUEST {
        return Err(error);
    }
    Ok(Failure { secret_id, error_code: error.code.name(), message: error.message })
}
