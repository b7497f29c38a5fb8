//! Parameters the cloud's owner wants to be there.

use rusqlite::Connection;

use super::error::{Code, Error};
use super::place;
use super::put::Wanted;
use super::rows::Kind;
use super::{Ssm, names};
use crate::store::StoreError;

/// A parameter that has to be there. Its `Debug` leaves the value out.
#[derive(Clone, PartialEq, Eq)]
pub struct ParameterSpec {
    /// Its name, `token` or `/app/token`.
    pub name: String,
    /// What kind of value it has.
    pub kind: ParameterKind,
    /// The value it gets where it is new.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
}

/// What kind of value a parameter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text.
    String,
    /// Texts with commas between them.
    StringList,
    /// Text that is sealed at rest.
    SecureString,
}

/// Why a parameter could not be provided. No message has the value in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// The name or the value breaks a rule.
    #[error("parameter `{name}` can't be set up: {reason}")]
    Refused {
        /// The name.
        name: String,
        /// The rule.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl std::fmt::Debug for ParameterSpec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("ParameterSpec");
        shown.field("name", &self.name).field("kind", &self.kind).field("description", &self.description);
        shown.finish_non_exhaustive()
    }
}

impl Ssm {
    /// Creates the parameter; one that is there keeps its value.
    ///
    /// # Errors
    /// The name or the value breaks a rule of the service, or the store failed.
    pub(crate) async fn ensure_parameter(&self, spec: &ParameterSpec) -> Result<(), ParameterError> {
        let (inner, spec) = (self.inner.clone(), spec.clone());
        let refused = |name: &str, error: Error| ParameterError::Refused {
            name: name.to_owned(),
            reason: error.message,
        };
        let prefix = names::arn_prefix(&inner.region, &inner.account_id).len() + 1;
        names::check_new(&spec.name, prefix).map_err(|error| refused(&spec.name, error))?;
        if spec.value.is_empty() {
            let reason = "its value is empty; a parameter has at least one character".to_owned();
            return Err(ParameterError::Refused { name: spec.name, reason });
        }
        let job = move |db: &Connection| {
            let refused = |error: Error| match error.code {
                Code::StorageFull => ParameterError::Store(StoreError::Full),
                _ => refused(&spec.name, error),
            };
            if place::before(db, &spec.name).map_err(refused)?.is_some() {
                return Ok(());
            }
            let wanted = Wanted::plain(spec.name.clone(), spec.value, spec.kind.into(), spec.description);
            place::place(db, &inner, wanted, None).map_err(|error| match error.code {
                Code::StorageFull => ParameterError::Store(StoreError::Full),
                _ => ParameterError::Refused { name: spec.name, reason: error.message },
            })?;
            Ok(())
        };
        self.store().write(job).await
    }
}

impl From<ParameterKind> for Kind {
    fn from(kind: ParameterKind) -> Self {
        match kind {
            ParameterKind::String => Self::String,
            ParameterKind::StringList => Self::StringList,
            ParameterKind::SecureString => Self::SecureString,
        }
    }
}
