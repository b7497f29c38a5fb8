//! The errors of STS, in the Query protocol's words.

use http::StatusCode;

pub(super) type Result<T> = std::result::Result<T, Error>;

/// One refused request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Error {
    pub(super) code: Code,
    pub(super) message: String,
}

/// The words in `Code` ("Common Errors" and each operation's, AWS STS API Reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    InternalFailure,
    InvalidAction,
    InvalidParameterValue,
    MalformedPolicyDocument,
    ValidationError,
}

impl Code {
    /// The word itself.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::InternalFailure => "InternalFailure",
            Self::InvalidAction => "InvalidAction",
            Self::InvalidParameterValue => "InvalidParameterValue",
            Self::MalformedPolicyDocument => "MalformedPolicyDocument",
            Self::ValidationError => "ValidationError",
        }
    }

    /// The HTTP status that goes with it.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::InternalFailure => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whose fault it is.
    pub(super) const fn whose(self) -> &'static str {
        match self {
            Self::InternalFailure => "Receiver",
            _ => "Sender",
        }
    }

    /// An error with this code.
    pub(super) fn saying(self, message: impl Into<String>) -> Error {
        Error { code: self, message: message.into() }
    }
}

impl From<crate::seal::Unsealable> for Error {
    fn from(_: crate::seal::Unsealable) -> Self {
        Code::InternalFailure.saying("The request processing has failed because of an unknown error.")
    }
}
