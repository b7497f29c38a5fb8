//! The parameter service's exceptions. No message ever quotes a value.

use http::StatusCode;
use uuid::Uuid;

use crate::json::{self, Common, codes};
use crate::kms;

pub(super) type Error = json::Error<Code>;
pub(super) type Result<T> = std::result::Result<T, Error>;

codes! {
    /// The exceptions of the API model, and those every service has.
    pub(super) enum Code {
        AccessDeniedException
        HierarchyLevelLimitExceededException
        IncompatiblePolicyException
        InternalServerError
        InvalidAllowedPatternException
        InvalidFilterKey
        InvalidFilterOption
        InvalidFilterValue
        InvalidKeyId
        InvalidNextToken
        InvalidPolicyAttributeException
        InvalidPolicyTypeException
        InvalidResourceId
        InvalidResourceType
        ParameterAlreadyExists
        ParameterMaxVersionLimitExceeded
        ParameterNotFound
        ParameterPatternMismatchException
        ParameterVersionLabelLimitExceeded
        ParameterVersionNotFound
        PoliciesLimitExceededException
        SerializationException
        ServiceUnavailable
        StorageFull
        TooManyTagsError
        UnknownOperationException
        ValidationException
    }
}

impl json::Code for Code {
    fn common(common: Common) -> Self {
        match common {
            Common::Validation => Self::ValidationException,
            Common::Serialization => Self::SerializationException,
            Common::UnknownOperation => Self::UnknownOperationException,
            Common::Internal => Self::InternalServerError,
            Common::StorageFull => Self::StorageFull,
            Common::Unavailable => Self::ServiceUnavailable,
        }
    }

    fn name(self) -> &'static str {
        self.word()
    }
}

impl Error {
    /// The parameter is not there.
    pub(super) fn not_found(name: &str) -> Self {
        Code::ParameterNotFound.saying(format!("Parameter {name} not found."))
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
            _ => code.word(),
        })
    }
}

impl Error {
    /// What KMS refuses is an invalid key here, and KMS's own words come along.
    pub(super) fn invalid_key(refused: &kms::error::Error) -> Self {
        use json::Code as _;
        if refused.code.status() != StatusCode::BAD_REQUEST {
            return Self::internal();
        }
        Code::InvalidKeyId.saying(format!(
            "{} (Service: AWSKMS; Status Code: 400; Error Code: {}; Request ID: {}; Proxy: null)",
            refused.message,
            refused.code.name(),
            Uuid::new_v4()
        ))
    }
}
