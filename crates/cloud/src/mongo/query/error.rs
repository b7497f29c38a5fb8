//! Why a query, an update or a pipeline is refused: MongoDB's number and one sentence.

/// The result of everything in the query language.
pub(crate) type Result<T> = std::result::Result<T, QueryError>;

/// A refusal in MongoDB's terms. Numbers and names are those of the server's `error_codes.yml` (7.0).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct QueryError {
    /// The number drivers compare (`code`).
    pub(crate) code: i32,
    /// The sentence people read (`errmsg`).
    pub(crate) message: String,
}

impl QueryError {
    /// An error of this number.
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// 2: a value that is not one of those possible here.
    pub(crate) fn bad_value(message: impl Into<String>) -> Self {
        Self::new(2, message)
    }

    /// 9: something that doesn't have the form it must have.
    pub(crate) fn failed_to_parse(message: impl Into<String>) -> Self {
        Self::new(9, message)
    }

    /// 14: a value of the wrong type.
    pub(crate) fn type_mismatch(message: impl Into<String>) -> Self {
        Self::new(14, message)
    }

    /// 15: nested more deeply than MongoDB allows.
    pub(crate) fn too_deep() -> Self {
        Self::new(15, "exceeded depth limit of 100 levels; nest the query less deeply")
    }

    /// 28: an update that would have to go through a value that is not a document.
    pub(crate) fn path_not_viable(message: impl Into<String>) -> Self {
        Self::new(28, message)
    }

    /// 66: an update that would change `_id`.
    pub(crate) fn immutable(message: impl Into<String>) -> Self {
        Self::new(66, message)
    }

    /// 238: part of MongoDB's language, but not of this cloud's; `what` is named with its dollar sign.
    pub(crate) fn not_here(what: &str) -> Self {
        Self::new(
            238,
            format!("{what} is not supported by this cloud; use another operator or a MongoDB server"),
        )
    }
}
