//! Starting over between tests: all that a service keeps goes at once.

use crate::mongo::Mongo;
use crate::server::Services;

/// A service that keeps something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeper {
    Sqs,
    S3,
    Ssm,
    SecretsManager,
    Kms,
    Documents,
}

/// All of them, in the order in which they are emptied.
const KEEPERS: [Keeper; 6] =
    [Keeper::Sqs, Keeper::S3, Keeper::Ssm, Keeper::SecretsManager, Keeper::Kms, Keeper::Documents];

/// Why something is still there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResetError {
    /// Nobody here has that name.
    #[error("there is no service `{name}` to reset; there are {}", KEEPERS.map(Keeper::name).join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// A service could not do it, and has all it had.
    #[error("{service} was not reset: {reason}")]
    Failed {
        /// Whose.
        service: &'static str,
        /// What it said.
        reason: String,
    },
}

impl Keeper {
    /// Its name in AWS's model; AWS's document database speaks MongoDB's protocol.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqs => "sqs",
            Self::S3 => "s3",
            Self::Ssm => "ssm",
            Self::SecretsManager => "secretsmanager",
            Self::Kms => "kms",
            Self::Documents => Mongo::ID,
        }
    }
}

/// The services that are meant: all of them where none is named.
pub(crate) fn meant(names: Option<&str>) -> Result<Vec<Keeper>, ResetError> {
    let Some(names) = names.filter(|names| !names.is_empty()) else { return Ok(KEEPERS.to_vec()) };
    let known = |name: &str| {
        let found = KEEPERS.into_iter().find(|keeper| keeper.name() == name);
        found.ok_or_else(|| ResetError::Unknown { name: name.to_owned() })
    };
    names.split(',').map(known).collect()
}

/// Empties the services one after another, each at once. Whoever waits for a message hears that its queue is gone.
pub(crate) async fn reset(services: &Services, meant: &[Keeper]) -> Result<(), ResetError> {
    for keeper in meant {
        let done = empty(services, *keeper).await;
        done.map_err(|reason| ResetError::Failed { service: keeper.name(), reason })?;
    }
    Ok(())
}

async fn empty(services: &Services, keeper: Keeper) -> Result<(), String> {
    match keeper {
        Keeper::Sqs => services.sqs.reset().await.map_err(|error| error.to_string()),
        Keeper::S3 => services.s3.reset().await.map_err(|error| error.to_string()),
        Keeper::Ssm => services.vault.ssm.reset().await.map(drop).map_err(|error| error.to_string()),
        Keeper::SecretsManager => {
            services.vault.secrets.reset().await.map(drop).map_err(|error| error.to_string())
        }
        Keeper::Kms => services.vault.kms.reset().await.map(drop).map_err(|error| error.to_string()),
        Keeper::Documents => services.mongo.reset().await.map_err(|error| error.to_string()),
    }
}
