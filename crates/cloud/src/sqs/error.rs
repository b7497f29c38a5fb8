//! SQS's errors: their names in both protocols, and their sentences.

use http::StatusCode;

use crate::store::StoreError;

/// Whose mistake an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Sender,
    Receiver,
}

/// An error's names: the shape of the JSON protocol, and the code of the Query protocol, which SDKs still show
/// (`x-amzn-query-error`, botocore's `awsQueryCompatible`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) shape: &'static str,
    pub(crate) query: &'static str,
}

/// What SQS refuses. The sentences are AWS's where its documents give one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SqsError {
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    #[error("A queue already exists with the same name and a different value for attribute {attribute}")]
    QueueNameExists { attribute: String },
    #[error(
        "You must wait 60 seconds after deleting a queue before you can create another with the same name."
    )]
    QueueDeletedRecently,
    #[error("Only one PurgeQueue operation on {queue} is allowed every 60 seconds.")]
    PurgeQueueInProgress { queue: String },
    #[error("Unknown Attribute {name}.")]
    InvalidAttributeName { name: String },
    #[error("You can specify the {name} only when FifoQueue is set to true.")]
    FifoAttribute { name: String },
    #[error(
        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."
    )]
    TwoEncryptions,
    #[error("Invalid value for the parameter {name}.")]
    InvalidAttributeValue { name: String },
    #[error("Invalid value for the parameter {name}. Reason: {reason}")]
    UnsuitableAttributeValue { name: &'static str, reason: &'static str },
    #[error("Value {value} for parameter {name} is invalid. Reason: {reason}")]
    InvalidParameter { name: &'static str, value: String, reason: String },
    #[error("{0}")]
    InvalidValue(String),
    #[error("One or more parameters {verb}. Reason: Message must be shorter than {limit} bytes.")]
    TooLong { limit: usize, verb: &'static str },
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    #[error("The address {0} is not valid for this endpoint.")]
    InvalidAddress(String),
    #[error(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )]
    InvalidMessageContents,
    #[error("The input receipt handle \"{0}\" is not a valid receipt handle.")]
    ReceiptHandleIsInvalid(String),
    #[error("The message with receipt handle {0} isn't in flight.")]
    MessageNotInflight(String),
    #[error("There should be at least one {0} in the request.")]
    EmptyBatchRequest(&'static str),
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntries(usize),
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    #[error("Batch requests cannot be longer than {limit} bytes. You have sent {sent} bytes.")]
    BatchRequestTooLong { limit: usize, sent: usize },
    #[error("{0}")]
    OverLimit(String),
    #[error("{0}")]
    UnsupportedOperation(String),
    #[error("{0}")]
    ResourceNotFound(&'static str),
    #[error("The request body is not what the operation takes: {0}")]
    Serialization(String),
    #[error("The operation {0:?} is not one Amazon SQS has.")]
    UnknownOperation(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SqsError {
    /// Both names, as in the service's published model.
    pub(crate) fn code(&self) -> Code {
        let (shape, query) = match self {
            Self::QueueDoesNotExist => ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
            Self::QueueNameExists { .. } => ("QueueNameExists", "QueueAlreadyExists"),
            Self::QueueDeletedRecently => {
                ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently")
            }
            Self::PurgeQueueInProgress { .. } => {
                ("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress")
            }
            Self::InvalidAttributeName { .. } | Self::FifoAttribute { .. } | Self::TwoEncryptions => {
                same("InvalidAttributeName")
            }
            Self::InvalidAttributeValue { .. } | Self::UnsuitableAttributeValue { .. } => {
                same("InvalidAttributeValue")
            }
            Self::InvalidParameter { .. } | Self::InvalidValue(_) | Self::TooLong { .. } => {
                ("InvalidParameterValueException", "InvalidParameterValue")
            }
            Self::MissingParameter(_) => ("MissingRequiredParameterException", "MissingParameter"),
            Self::InvalidAddress(_) => same("InvalidAddress"),
            Self::InvalidMessageContents => same("InvalidMessageContents"),
            Self::ReceiptHandleIsInvalid(_) => same("ReceiptHandleIsInvalid"),
            Self::MessageNotInflight(_) => {
                ("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight")
            }
            Self::OverLimit(_) => same("OverLimit"),
            Self::UnsupportedOperation(_) => {
                ("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation")
            }
            Self::ResourceNotFound(_) => same("ResourceNotFoundException"),
            Self::Serialization(_) => same("SerializationException"),
            Self::UnknownOperation(_) => ("UnknownOperationException", "InvalidAction"),
            Self::Store(StoreError::Full | StoreError::Closed) => same("ServiceUnavailable"),
            Self::Store(_) => ("InternalFailure", "InternalError"),
            batch => batch.batch_code(),
        };
        Code { shape, query }
    }

    /// The status, which is the same in both protocols (the model of the Query protocol, `httpStatusCode`).
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::OverLimit(_) | Self::PurgeQueueInProgress { .. } => StatusCode::FORBIDDEN,
            Self::ResourceNotFound(_) => StatusCode::NOT_FOUND,
            Self::Store(StoreError::Full | StoreError::Closed) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whose mistake it is; the receiver's are worth a retry, and SDKs do.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Store(_) => Fault::Receiver,
            _ => Fault::Sender,
        }
    }

    fn batch_code(&self) -> (&'static str, &'static str) {
        match self {
            Self::EmptyBatchRequest(_) => ("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest"),
            Self::TooManyEntries(_) => {
                ("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
            }
            Self::BatchEntryIdsNotDistinct(_) => {
                ("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
            }
            Self::InvalidBatchEntryId => {
                ("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId")
            }
            _ => ("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong"),
        }
    }
}

impl From<rusqlite::Error> for SqsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

fn same(name: &'static str) -> (&'static str, &'static str) {
    (name, name)
}
