//! What a search is asked: the words, and which part of the result.

use axum::http::StatusCode;
use kit::ApiError;
use kit::validation::Query;
use utoipa::IntoParams;

use super::payload::invalid;

/// Results on a page unless the client says otherwise, and at most.
const LIMIT: i64 = 10;
const MAX_LIMIT: i64 = 50;

/// The part of the address behind `?`.
#[derive(Debug, PartialEq, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// What a person typed.
    #[param(pattern = r"\S", example = "quick fox")]
    pub(super) q: String,
    /// Documents on a page.
    #[param(required = false, minimum = 1, maximum = 50, default = 10)]
    pub(super) limit: i64,
    /// Documents before the page.
    #[param(required = false, minimum = 0, maximum = 9_223_372_036_854_775_807_i64, default = 0)]
    pub(super) offset: i64,
}

impl Asked {
    /// Takes the parameters; others are ignored.
    ///
    /// # Errors
    /// 400 when one is missing, no number, out of range or blank.
    pub(super) fn read(query: Option<&str>) -> Result<Self, ApiError> {
        let query = Query::of(query);
        let mut problems = Vec::new();
        let limit = query.integer("limit", LIMIT, 1..=MAX_LIMIT, &mut problems);
        let offset = query.integer("offset", 0, 0..=i64::MAX, &mut problems);
        let q = query.find("q").filter(|_| problems.is_empty()).ok_or_else(invalid)?;
        if q.chars().all(is_blank) {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "Query cannot be blank"));
        }
        Ok(Self { q: q.to_owned(), limit, offset })
    }
}

/// As Python's `str.isspace` has it.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}
