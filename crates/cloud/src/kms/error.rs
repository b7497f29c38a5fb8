//! The exceptions of KMS.

use crate::json::{self, Common, codes};

pub(crate) type Error = json::Error<Code>;
pub(crate) type Result<T> = std::result::Result<T, Error>;

codes! {
    /// The exceptions of the API model, and those every service has.
    pub(crate) enum Code {
        AlreadyExistsException
        DisabledException
        DryRunOperationException
        IncorrectKeyException
        InvalidAliasNameException
        InvalidArnException
        InvalidCiphertextException
        InvalidMarkerException
        KMSInternalException
        KMSInvalidStateException
        LimitExceededException
        MalformedPolicyDocumentException
        NotFoundException
        SerializationException
        ServiceUnavailable
        StorageFull
        TagException
        UnknownOperationException
        UnsupportedOperationException
        ValidationException
    }
}

impl json::Code for Code {
    fn common(common: Common) -> Self {
        match common {
            Common::Validation => Self::ValidationException,
            Common::Serialization => Self::SerializationException,
            Common::UnknownOperation => Self::UnknownOperationException,
            Common::Internal => Self::KMSInternalException,
            Common::StorageFull => Self::StorageFull,
            Common::Unavailable => Self::ServiceUnavailable,
        }
    }

    fn name(self) -> &'static str {
        self.word()
    }
}
