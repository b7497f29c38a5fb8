//! Starting over between tests: all that a service keeps goes at once.

use crate::server::Services;

/// Services that keep something, in the order in which they are emptied.
const KEEPERS: [&str; 5] = ["sqs", "s3", "ssm", "secretsmanager", "kms"];

/// Why something is still there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResetError {
    /// Nobody here has that name.
    #[error("there is no service `{name}` to reset; there are {}", KEEPERS.join(", "))]
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

/// The services that are meant: all of them where none is named.
pub(crate) fn meant(names: Option<&str>) -> Result<Vec<&'static str>, ResetError> {
    let Some(names) = names.filter(|names| !names.is_empty()) else { return Ok(KEEPERS.to_vec()) };
    let known = |name: &str| {
        let found = KEEPERS.into_iter().find(|keeper| *keeper == name);
        found.ok_or_else(|| ResetError::Unknown { name: name.to_owned() })
    };
    names.split(',').map(known).collect()
}

/// Empties the services one after another, each at once. Whoever waits for a message hears that its queue is gone.
pub(crate) async fn reset(services: &Services, meant: &[&'static str]) -> Result<(), ResetError> {
    for service in meant {
        let done = match *service {
            "sqs" => services.sqs.reset().await.map_err(|error| error.to_string()),
            "s3" => services.s3.reset().await.map_err(|error| error.to_string()),
            "ssm" => services.vault.ssm.reset().await.map(drop).map_err(|error| error.to_string()),
            "secretsmanager" => {
                services.vault.secrets.reset().await.map(drop).map_err(|error| error.to_string())
            }
            "kms" => services.vault.kms.reset().await.map(drop).map_err(|error| error.to_string()),
            _ => Ok(()),
        };
        done.map_err(|reason| ResetError::Failed { service, reason })?;
    }
    Ok(())
}
