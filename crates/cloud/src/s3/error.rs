//! S3's errors: the code an SDK switches on, its status, its sentence, and the fields AWS adds to it.
//!
//! Codes and statuses follow "Error responses" in the Amazon S3 API Reference.

use std::io::ErrorKind;

use http::{Method, StatusCode};

use super::blobs::Damaged;
use crate::store;

/// What every S3 operation returns.
pub(super) type Result<T> = std::result::Result<T, Error>;

/// One refused or failed request, as it will be told to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    /// What went wrong, in AWS's word for it.
    pub(super) code: Code,
    /// The sentence a person reads.
    pub(super) message: String,
    /// Further elements of the error document, `BucketName` or `Key` for example.
    pub(super) details: Vec<(&'static str, String)>,
    /// Headers of the answer.
    pub(super) headers: Vec<(&'static str, String)>,
}

macro_rules! codes {
    ($($code:ident $status:literal $message:literal;)+) => {
        /// The error codes this store answers with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code { $(#[doc = $message] $code,)+ }

        impl Code {
            /// The word in `<Code>`.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)+ }
            }

            const fn status_number(self) -> u16 {
                match self { $(Self::$code => $status,)+ }
            }

            const fn message(self) -> &'static str {
                match self { $(Self::$code => $message,)+ }
            }
        }
    };
}

codes! {
    AccessControlListNotSupported 400 "The bucket does not allow ACLs";
    AccessDenied 403 "Access Denied";
    AccessForbidden 403 "CORSResponse: This CORS request is not allowed.";
    AuthorizationHeaderMalformed 400 "The authorization header that you provided is not valid.";
    AuthorizationQueryParametersError 400 "The authorization query parameters that you provided are not \
        valid.";
    BadDigest 400 "The Content-MD5 you specified did not match what we received.";
    BadRequest 400 "The request is not valid.";
    BucketAlreadyOwnedByYou 409 "Your previous request to create the named bucket succeeded and you \
        already own it.";
    BucketNotEmpty 409 "The bucket you tried to delete is not empty";
    ConditionalRequestConflict 409 "The conditional request cannot succeed due to a conflicting \
        operation against this resource.";
    EntityTooLarge 400 "Your proposed upload exceeds the maximum allowed size";
    EntityTooSmall 400 "Your proposed upload is smaller than the minimum allowed size";
    IllegalLocationConstraintException 400 "The location constraint is incompatible for the region specific \
        endpoint this request was sent to.";
    IllegalVersioningConfigurationException 400 "The Versioning element must be specified";
    IncompleteBody 400 "You did not provide the number of bytes specified by the Content-Length HTTP \
        header";
    InsufficientStorage 507 "The disk that holds the objects is full; free some space and try again. \
        Nothing of this request was kept.";
    InternalError 500 "We encountered an internal error. Please try again.";
    InvalidAccessKeyId 403 "The AWS Access Key Id you provided does not exist in our records.";
    InvalidArgument 400 "Invalid argument.";
    InvalidBucketName 400 "The specified bucket is not valid.";
    InvalidBucketState 409 "An Object Lock configuration is present on this bucket, so the versioning \
        state cannot be changed.";
    InvalidConfigurationId 400 "The specified configuration id is invalid.";
    InvalidDigest 400 "The Content-MD5 you specified was invalid.";
    InvalidEncryptionAlgorithmError 400 "The Encryption request you specified is not valid. Supported \
        value: AES256.";
    InvalidLocationConstraint 400 "The specified location-constraint is not valid";
    InvalidObjectState 403 "The operation is not valid for the object's storage class";
    InvalidPart 400 "One or more of the specified parts could not be found.  The part may not have been \
        uploaded, or the specified entity tag may not match the part's entity tag.";
    InvalidPartNumber 416 "The requested partnumber is not satisfiable";
    InvalidPartOrder 400 "The list of parts was not in ascending order. Parts must be ordered by part \
        number.";
    InvalidPolicyDocument 400 "The content of the form does not meet the conditions specified in the \
        policy document.";
    InvalidRange 416 "The requested range is not satisfiable";
    InvalidRequest 400 "The request is not valid.";
    InvalidStorageClass 400 "The storage class you specified is not valid";
    InvalidTag 400 "The tag provided was not a valid tag.";
    InvalidTargetBucketForLogging 400 "The target bucket for logging does not exist";
    InvalidURI 400 "Couldn't parse the specified URI.";
    KeyTooLongError 400 "Your key is too long";
    MalformedACLError 400 "The XML you provided was not well-formed or did not validate against our \
        published schema";
    MalformedPolicy 400 "Policies must be valid JSON and the first byte must be '{'";
    MalformedPOSTRequest 400 "The body of your POST request is not well-formed multipart/form-data.";
    MalformedXML 400 "The XML you provided was not well-formed or did not validate against our published \
        schema";
    MaxMessageLengthExceeded 400 "Your request was too big.";
    MaxPostPreDataLengthExceededError 400 "Your POST request fields preceding the upload file were too \
        large.";
    MetadataTooLarge 400 "Your metadata headers exceed the maximum allowed metadata size";
    MethodNotAllowed 405 "The specified method is not allowed against this resource.";
    MissingContentLength 411 "You must provide the Content-Length HTTP header.";
    MissingRequestBodyError 400 "Request Body is empty";
    MissingSecurityHeader 400 "Your request was missing a required header";
    NoSuchBucket 404 "The specified bucket does not exist";
    NoSuchBucketPolicy 404 "The bucket policy does not exist";
    NoSuchConfiguration 404 "The specified configuration does not exist.";
    NoSuchCORSConfiguration 404 "The CORS configuration does not exist";
    NoSuchKey 404 "The specified key does not exist.";
    NoSuchLifecycleConfiguration 404 "The lifecycle configuration does not exist";
    NoSuchObjectLockConfiguration 404 "The specified object does not have a ObjectLock configuration";
    NoSuchPublicAccessBlockConfiguration 404 "The public access block configuration was not found";
    NoSuchTagSet 404 "The TagSet does not exist";
    NoSuchUpload 404 "The specified upload does not exist. The upload ID may be invalid, or the upload \
        may have been aborted or completed.";
    NoSuchVersion 404 "The specified version does not exist.";
    NoSuchWebsiteConfiguration 404 "The specified bucket does not have a website configuration";
    NotImplemented 501 "A header you provided implies functionality that is not implemented";
    ObjectLockConfigurationNotFoundError 404 "Object Lock configuration does not exist for this bucket";
    ObjectNotInActiveTierError 403 "The source object of the COPY action is not in the active tier";
    OwnershipControlsNotFoundError 404 "The bucket ownership controls were not found";
    PolicyTooLarge 400 "The policy is longer than 20,480 bytes.";
    PreconditionFailed 412 "At least one of the pre-conditions you specified did not hold";
    ReplicationConfigurationNotFoundError 404 "The replication configuration was not found";
    RequestTimeout 400 "Your socket connection to the server was not read from or written to within the \
        timeout period.";
    RequestTimeTooSkewed 403 "The difference between the request time and the current time is too large.";
    ServiceUnavailable 503 "The service is shutting down. Please try again.";
    SignatureDoesNotMatch 403 "The request signature we calculated does not match the signature you \
        provided. Check your key and signing method.";
    TooManyConfigurations 400 "You are attempting to create a new configuration but have already reached \
        the 1,000-configuration limit.";
    UnexpectedContent 400 "This request does not support content.";
    UnresolvableGrantByEmailAddress 400 "The e-mail address you provided does not match any account on \
        record.";
    UserKeyMustBeSpecified 400 "The bucket POST must contain the specified field name. If it is \
        specified, check the order of the fields.";
    XAmzContentSHA256Mismatch 400 "The provided 'x-amz-content-sha256' header does not match what was \
        computed.";
}

impl Code {
    /// The HTTP status AWS sends with it.
    pub(super) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status_number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// An error with this code and a sentence of its own.
    pub(super) fn saying(self, message: impl Into<String>) -> Error {
        Error { code: self, message: message.into(), details: Vec::new(), headers: Vec::new() }
    }
}

impl Error {
    /// The same error with one more element.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    /// The same error with one more header on the answer.
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same error, with the method where the method is what is wrong.
    pub(super) fn of_method(mut self, method: &Method) -> Self {
        if self.code == Code::MethodNotAllowed {
            self.details.insert(0, ("Method", method.as_str().to_owned()));
        }
        self
    }

    /// A wrong parameter or header, in AWS's form: its name and its value are elements of the error.
    pub(super) fn argument(name: &str, value: &str, message: impl Into<String>) -> Self {
        Self::about(name, message).with("ArgumentValue", value)
    }

    /// As [`Error::argument`], where AWS does not repeat the value.
    pub(super) fn about(name: &str, message: impl Into<String>) -> Self {
        Code::InvalidArgument.saying(message).with("ArgumentName", name)
    }

    /// A header whose meaning or whose combination with another is not implemented, in AWS or here.
    pub(super) fn unsupported_header(header: &str, message: &str) -> Self {
        Self::from(Code::NotImplemented).with("Header", header).with("additionalMessage", message)
    }

    /// The bucket is not there.
    pub(super) fn no_such_bucket(bucket: &str) -> Self {
        Self::from(Code::NoSuchBucket).with("BucketName", bucket)
    }

    /// The object is not there.
    pub(super) fn no_such_key(key: &str) -> Self {
        Self::from(Code::NoSuchKey).with("Key", key)
    }

    /// A condition of the request does not hold.
    pub(super) fn precondition(condition: &'static str) -> Self {
        Self::from(Code::PreconditionFailed).with("Condition", condition)
    }

    /// The operation is known and absent.
    pub(super) fn not_implemented(operation: &str) -> Self {
        Code::NotImplemented.saying(format!("{operation} is not implemented by this endpoint."))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        code.saying(code.message())
    }
}

impl From<std::io::Error> for Error {
    fn from(problem: std::io::Error) -> Self {
        tracing::error!(%problem, "an object's bytes could not be read or written");
        if let Some(damaged) = problem.get_ref().and_then(|inner| inner.downcast_ref::<Damaged>()) {
            return Code::InternalError.saying(damaged.to_string());
        }
        match problem.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Code::InsufficientStorage.into()
            }
            _ => Code::InternalError.into(),
        }
    }
}

impl From<store::StoreError> for Error {
    fn from(problem: store::StoreError) -> Self {
        tracing::error!(%problem, "the database under the objects failed");
        match problem {
            store::StoreError::Full => Code::InsufficientStorage.into(),
            store::StoreError::Closed => Code::ServiceUnavailable.saying(problem.to_string()),
            store::StoreError::Corrupt { .. } | store::StoreError::Disk { .. } => {
                Code::InternalError.saying(problem.to_string())
            }
            _ => Code::InternalError.into(),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(problem: rusqlite::Error) -> Self {
        store::StoreError::from(problem).into()
    }
}
