//! The parameter service's errors, in the JSON protocol's form. No message ever quotes a value.

use http::StatusCode;

use crate::store::StoreError;

pub(super) type Result<T> = std::result::Result<T, Error>;

/// One refused or failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    pub(super) code: Code,
    pub(super) message: String,
}

macro_rules! codes {
    ($($code:ident)+) => {
        /// The exceptions of the API model, and those every service has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code { $($code,)+ }

        impl Code {
            /// The word in `__type`.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)+ }
            }
        }
    };
}

codes! {
    AccessDeniedException
    HierarchyLevelLimitExceededException
    IncompatiblePolicyException
    InternalServerError
    InvalidAllowedPatternException
    InvalidFilterKey
    InvalidFilterOption
    InvalidFilterValue
    InvalidNextToken
    InvalidResourceId
    InvalidResourceType
    NotImplemented
    ParameterAlreadyExists
    ParameterMaxVersionLimitExceeded
    ParameterNotFound
    ParameterPatternMismatchException
    ParameterVersionLabelLimitExceeded
    ParameterVersionNotFound
    SerializationException
    ServiceUnavailable
    StorageFull
    TooManyTagsError
    ValidationException
}

impl Code {
    /// The HTTP status that goes with it.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// An error with this code.
    pub(super) fn saying(self, message: impl Into<String>) -> Error {
        Error { code: self, message: message.into() }
    }
}

impl Error {
    /// A request that breaks a rule of the API.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Code::ValidationException.saying(message)
    }

    /// A member outside of its constraint, in the form every AWS service uses.
    pub(super) fn constraint(member: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}"
        ))
    }

    /// The parameter is not there.
    pub(super) fn not_found(name: &str) -> Self {
        Code::ParameterNotFound.saying(format!("Parameter {name} not found."))
    }

    /// The document the client reads.
    pub(super) fn document(&self) -> String {
        serde_json::json!({ "__type": self.code.as_str(), "message": self.message }).to_string()
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        code.saying(match code {
            Code::InternalServerError => "An error occurred on the server side.",
            Code::InvalidNextToken => "The specified token isn't valid.",
            Code::InvalidResourceId => {
                "The resource ID isn't valid. Verify that you entered the correct ID and try again."
            }
            Code::InvalidResourceType => "The resource type isn't valid.",
            _ => code.as_str(),
        })
    }
}

impl From<StoreError> for Error {
    fn from(problem: StoreError) -> Self {
        tracing::error!(%problem, "the database under the parameters failed");
        match problem {
            StoreError::Full => Code::StorageFull.saying(problem.to_string()),
            StoreError::Closed => Code::ServiceUnavailable.saying(problem.to_string()),
            _ => Code::InternalServerError.into(),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(problem: rusqlite::Error) -> Self {
        StoreError::from(problem).into()
    }
}
