//! The JSON protocol of the services whose requests are held against a published model: SSM, Secrets Manager, KMS.
//!
//! A request is checked against its operation's table first ([`shape`]), so that what a service reads afterwards has
//! every required member within its bounds.

use http::{Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::shape::{Broken, Operation};
use crate::answer::{self, Body};
use crate::call::Call;
use crate::store::StoreError;

pub(crate) mod shape;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// What goes wrong in every service, each under its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Common {
    /// A member is outside of its bounds.
    Validation,
    /// The request is not JSON, or a member is not of its kind.
    Serialization,
    /// There is no such operation here.
    UnknownOperation,
    /// The database or the random numbers failed.
    Internal,
    /// The disk is full.
    StorageFull,
    /// The cloud is shutting down.
    Unavailable,
}

/// The words in `__type`.
pub(crate) trait Code: Copy + PartialEq {
    /// This service's word for what goes wrong everywhere.
    fn common(common: Common) -> Self;
    /// The word itself.
    fn name(self) -> &'static str;
    /// The HTTP status that goes with it: a client's fault, unless it is one of the cloud's own.
    fn status(self) -> StatusCode {
        let own = [
            (Common::Internal, StatusCode::INTERNAL_SERVER_ERROR),
            (Common::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
            (Common::StorageFull, StatusCode::INSUFFICIENT_STORAGE),
        ];
        let found = own.into_iter().find(|(common, _)| self == Self::common(*common));
        found.map_or(StatusCode::BAD_REQUEST, |(_, status)| status)
    }
    /// The member of the document that has the sentence: the models spell it both ways.
    fn message_member(self) -> &'static str {
        "message"
    }
}

/// One refused or failed request. No message ever quotes a secret value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error<C> {
    pub(crate) code: C,
    pub(crate) message: String,
}

/// Makes an enum of exceptions whose names are their words.
macro_rules! codes {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($code:ident)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { $($code,)+ }

        impl $name {
            const fn word(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)+ }
            }

            /// An error with this code.
            $visibility fn saying(self, message: impl Into<String>) -> $crate::json::Error<Self> {
                $crate::json::Error { code: self, message: message.into() }
            }
        }
    };
}
pub(crate) use codes;

impl<C: Code> Error<C> {
    /// A request that breaks a rule of the API.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self { code: C::common(Common::Validation), message: message.into() }
    }

    /// Something failed that the caller can do nothing about.
    pub(crate) fn internal() -> Self {
        let message = "An error occurred on the server side.".to_owned();
        Self { code: C::common(Common::Internal), message }
    }

    fn document(&self) -> String {
        let mut document = serde_json::Map::new();
        document.insert("__type".to_owned(), self.code.name().into());
        document.insert(self.code.message_member().to_owned(), self.message.clone().into());
        Value::Object(document).to_string()
    }
}

impl<C: Code> From<StoreError> for Error<C> {
    fn from(problem: StoreError) -> Self {
        tracing::error!(%problem, "the database under the vault failed");
        let common = match problem {
            StoreError::Full => Common::StorageFull,
            StoreError::Closed => Common::Unavailable,
            StoreError::Corrupt { .. } | StoreError::Disk { .. } => {
                return Self { message: problem.to_string(), ..Self::internal() };
            }
            _ => return Self::internal(),
        };
        Self { code: C::common(common), message: problem.to_string() }
    }
}

impl<C: Code> From<rusqlite::Error> for Error<C> {
    fn from(problem: rusqlite::Error) -> Self {
        StoreError::from(problem).into()
    }
}

impl<C: Code> From<crate::seal::Unsealable> for Error<C> {
    fn from(_: crate::seal::Unsealable) -> Self {
        Self::internal()
    }
}

/// A request held against the table of its operation.
pub(crate) fn read<C: Code>(operations: &[Operation], call: &Call) -> Result<Value, Error<C>> {
    let refused = |common, message| Error { code: C::common(common), message };
    let operation = operations.iter().find(|known| known.name == call.operation).ok_or_else(|| {
        refused(
            Common::UnknownOperation,
            format!("The operation {:?} is not one this cloud has.", call.operation),
        )
    })?;
    let body = if call.body.is_empty() { b"{}".as_slice() } else { &call.body };
    // The reason of a failure is not told, because it may quote a value.
    let input: Value = serde_json::from_slice(body).map_err(|problem| {
        let (line, column) = (problem.line(), problem.column());
        refused(
            Common::Serialization,
            format!("The request is not valid JSON for {} (line {line}, column {column}).", call.operation),
        )
    })?;
    match shape::check(operation, &input) {
        Ok(()) => Ok(input),
        Err(Broken::Kind(message)) => Err(refused(Common::Serialization, message)),
        Err(Broken::Bounds(message)) => Err(refused(Common::Validation, message)),
    }
}

/// The members of a checked request.
pub(crate) fn input<T: DeserializeOwned, C: Code>(checked: Value) -> Result<T, Error<C>> {
    serde_json::from_value(checked).map_err(|_| Error {
        code: C::common(Common::Serialization),
        message: "A member of the request is not of the kind the API has for it.".to_owned(),
    })
}

/// An answer's document.
pub(crate) fn told<C: Code>(output: &impl Serialize) -> Result<Vec<u8>, Error<C>> {
    serde_json::to_vec(output).map_err(|_| Error::internal())
}

/// The answer to a request.
pub(crate) fn answer<C: Code>(outcome: Result<Vec<u8>, Error<C>>) -> Response<Body> {
    match outcome {
        Ok(body) => answer::answer(StatusCode::OK, CONTENT_TYPE, body),
        Err(error) => answer::answer(error.code.status(), CONTENT_TYPE, error.document()),
    }
}

/// Seconds since 1970, as the wire has times.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay exact for 285,000 years")]
pub(crate) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}
