//! Why a command is refused: MongoDB's number, its name, one sentence, and what the number brings with it.

use std::borrow::Cow;

use bson::{Bson, Document, doc};

use super::query::error::QueryError;
use crate::store::StoreError;

/// The result of every command.
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// A refusal as drivers read it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Failure {
    pub(super) code: Code,
    pub(super) message: String,
    /// What few failures have.
    extra: Option<Box<Extra>>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Extra {
    /// Fields beside the message: `keyPattern` and `keyValue` of a duplicate key.
    details: Document,
    /// What a driver may do about it: `TransientTransactionError`.
    labels: Vec<&'static str>,
}

/// The label of an error after which the whole transaction may be tried again.
pub(super) const TRANSIENT: &str = "TransientTransactionError";

macro_rules! codes {
    ($($name:ident = $number:literal,)+) => {
        /// The numbers of MongoDB's `error_codes.yml` (7.0) that are used here.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code {
            $($name,)+
            /// A number that has no name of its own.
            Location(i32),
        }

        impl Code {
            /// The number drivers compare.
            pub(super) const fn number(self) -> i32 {
                match self {
                    $(Self::$name => $number,)+
                    Self::Location(number) => number,
                }
            }

            /// The name that goes with the number.
            pub(super) fn name(self) -> Cow<'static, str> {
                match self {
                    $(Self::$name => stringify!($name).into(),)+
                    Self::Location(number) => format!("Location{number}").into(),
                }
            }

            fn numbered(number: i32) -> Self {
                match number {
                    $($number => Self::$name,)+
                    other => Self::Location(other),
                }
            }
        }
    };
}

codes! {
    InternalError = 1,
    BadValue = 2,
    GraphContainsCycle = 5,
    HostUnreachable = 6,
    UserNotFound = 11,
    FailedToParse = 9,
    Unauthorized = 13,
    TypeMismatch = 14,
    Overflow = 15,
    InvalidLength = 16,
    ProtocolError = 17,
    AuthenticationFailed = 18,
    IllegalOperation = 20,
    InvalidBSON = 22,
    AlreadyInitialized = 23,
    NamespaceNotFound = 26,
    IndexNotFound = 27,
    UnknownReplWriteConcern = 79,
    UnsatisfiableWriteConcern = 100,
    PathNotViable = 28,
    NotExactValueField = 34,
    ConflictingUpdateOperators = 40,
    CursorNotFound = 43,
    NamespaceExists = 48,
    MaxTimeMSExpired = 50,
    DollarPrefixedFieldName = 52,
    InvalidIdField = 53,
    NotSingleValueField = 54,
    EmptyFieldName = 56,
    DottedFieldName = 57,
    CommandNotFound = 59,
    ImmutableField = 66,
    CannotCreateIndex = 67,
    InvalidOptions = 72,
    InvalidNamespace = 73,
    IndexOptionsConflict = 85,
    IndexKeySpecsConflict = 86,
    OperationFailed = 96,
    WriteConflict = 112,
    ConflictingOperationInProgress = 117,
    CommandNotSupported = 115,
    ExceededMemoryLimit = 146,
    CommandNotSupportedOnView = 166,
    InvalidPipelineOperator = 168,
    CannotIndexParallelArrays = 171,
    InvalidIndexSpecificationOption = 197,
    CursorInUse = 12051,
    TooManyLogicalSessions = 261,
    OperationNotSupportedInTransaction = 263,
    NotImplemented = 238,
    TransactionTooOld = 225,
    QueryFeatureNotAllowed = 224,
    ConversionFailure = 241,
    NoSuchTransaction = 251,
    TransactionCommitted = 256,
    QueryExceededMemoryLimitNoDiskUseAllowed = 292,
    MechanismUnavailable = 334,
    UnsupportedOpQueryCommand = 352,
    BSONObjectTooLarge = 10334,
    DuplicateKey = 11000,
    InterruptedAtShutdown = 11600,
    OutOfDiskSpace = 14031,
    IDLFailedToParse = 40414,
    IDLUnknownField = 40415,
    TransactionExceededLifetimeLimitSeconds = 290,
    UserAlreadyExists = 51003,
}

impl Code {
    /// A failure of this kind.
    pub(super) fn saying(self, message: impl Into<String>) -> Failure {
        Failure { code: self, message: message.into(), extra: None }
    }
}

impl Failure {
    /// Whether the cloud failed, not what was asked of it.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self.code, Code::InternalError | Code::OutOfDiskSpace)
    }

    /// The same with a field beside the message.
    pub(super) fn with(mut self, name: &str, value: impl Into<Bson>) -> Self {
        self.extra.get_or_insert_default().details.insert(name, value);
        self
    }

    /// The same with a label.
    pub(super) fn labelled(mut self, label: &'static str) -> Self {
        let labels = &mut self.extra.get_or_insert_default().labels;
        if !labels.contains(&label) {
            labels.push(label);
        }
        self
    }

    /// The same with `words` and a colon in front of the message.
    pub(super) fn after(mut self, words: &str) -> Self {
        self.message = format!("{words}{}", self.message);
        self
    }

    /// The same for whoever does not speak the protocol.
    pub(super) fn into_store(self) -> StoreError {
        StoreError::Disk { reason: self.message }
    }

    /// The whole reply.
    pub(super) fn reply(&self) -> Document {
        let mut reply = doc! {
            "ok": 0.0, "errmsg": &self.message, "code": self.code.number(), "codeName": &*self.code.name(),
        };
        if let Some(extra) = &self.extra {
            reply.extend(extra.details.clone());
            if !extra.labels.is_empty() {
                reply.insert("errorLabels", extra.labels.clone());
            }
        }
        reply
    }

    /// As an entry of `writeErrors`.
    pub(super) fn write_error(&self, index: i32) -> Document {
        let mut entry = doc! { "index": index, "code": self.code.number() };
        entry.extend(self.extra.iter().flat_map(|extra| extra.details.clone()));
        entry.insert("errmsg", &self.message);
        entry
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Code::numbered(error.code).saying(error.message)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Full => Code::OutOfDiskSpace,
            StoreError::Closed => Code::InterruptedAtShutdown,
            _ => Code::InternalError,
        };
        code.saying(error.to_string())
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<bson::error::Error> for Failure {
    fn from(error: bson::error::Error) -> Self {
        Code::InvalidBSON.saying(format!("not a BSON document: {error}"))
    }
}
