//! The exceptions of Secrets Manager. No message ever quotes a value.

use http::StatusCode;

use crate::json::{self, Common, codes};
use crate::kms;

pub(crate) type Error = json::Error<Code>;
pub(crate) type Result<T> = std::result::Result<T, Error>;

codes! {
    /// The exceptions of the API model, and those every service has.
    pub(crate) enum Code {
        DecryptionFailure
        EncryptionFailure
        InternalServiceError
        InvalidNextTokenException
        InvalidParameterException
        InvalidRequestException
        LimitExceededException
        MalformedPolicyDocumentException
        PublicPolicyException
        ResourceExistsException
        ResourceNotFoundException
        SerializationException
        ServiceUnavailable
        StorageFull
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
            Common::Internal => Self::InternalServiceError,
            Common::StorageFull => Self::StorageFull,
            Common::Unavailable => Self::ServiceUnavailable,
        }
    }

    fn name(self) -> &'static str {
        self.word()
    }

    /// The model's exceptions spell it large, those of the protocol small.
    fn message_member(self) -> &'static str {
        match self {
            Self::SerializationException | Self::UnknownOperationException | Self::ValidationException => {
                "message"
            }
            _ => "Message",
        }
    }
}

impl Error {
    /// The secret is not there.
    pub(super) fn not_found() -> Self {
        Code::ResourceNotFoundException.saying("Secrets Manager can't find the specified secret.")
    }

    /// The secret is there, but about to go.
    pub(super) fn deleted() -> Self {
        Code::InvalidRequestException
            .saying("You can't perform this operation on the secret because it was marked for deletion.")
    }

    /// The secret here is a copy.
    pub(super) fn replica() -> Self {
        Code::InvalidParameterException.saying(
            "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
        )
    }

    /// The version is not there, or has no value yet.
    pub(super) fn no_version(id: &str) -> Self {
        Code::ResourceNotFoundException
            .saying(format!("Secrets Manager can't find the specified secret value for VersionId: {id}"))
    }

    /// No version has the label, or the one that has it has no value yet.
    pub(super) fn no_stage(stage: &str) -> Self {
        Code::ResourceNotFoundException.saying(format!(
            "Secrets Manager can't find the specified secret value for staging label: {stage}"
        ))
    }

    /// A key that can't be used when a value is sealed.
    pub(super) fn unsealable(refused: &kms::error::Error) -> Self {
        use json::Code as _;
        if refused.code.status() != StatusCode::BAD_REQUEST {
            return Self::internal();
        }
        match refused.code {
            kms::error::Code::NotFoundException | kms::error::Code::InvalidArnException => {
                Code::InvalidParameterException
                    .saying(format!("The operation failed because of an invalid KMS key: {}", refused.message))
            }
            _ => Code::EncryptionFailure.saying(format!(
                "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the \
                 KMS key is available, enabled, and not in an invalid state: {}",
                refused.message
            )),
        }
    }

    /// A key that can't be used when a value is read.
    pub(super) fn unreadable(refused: &kms::error::Error) -> Self {
        use json::Code as _;
        if refused.code.status() != StatusCode::BAD_REQUEST {
            return Self::internal();
        }
        Code::DecryptionFailure.saying(format!(
            "Secrets Manager can't decrypt the protected secret text using the provided KMS key: {}",
            refused.message
        ))
    }
}
