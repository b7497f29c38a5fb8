//! `DeleteSecret` and `RestoreSecret`. A secret whose time has come is gone: nothing finds it, and it is swept.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::describe::OfSecret;
use super::error::{Code, Error, Result};
use super::secret::{self, Secret};
use super::{Inner, Secrets, names};
use crate::clock;
use crate::json::seconds;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Days a secret can come back where the request does not say (DeleteSecret, API Reference).
const USUAL_WINDOW: i64 = 30;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    secret_id: String,
    recovery_window_in_days: Option<i64>,
    force_delete_without_recovery: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Deleted {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    deletion_date: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    #[serde(rename = "ARN")]
    pub(super) arn: String,
    pub(super) name: String,
}

impl Secrets {
    pub(super) async fn delete_secret(&self, input: Input) -> Result<Deleted> {
        names::check_id(&input.secret_id)?;
        let force = input.force_delete_without_recovery == Some(true);
        let window = window(input.recovery_window_in_days, force)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| match window {
            None => inner.forget(db, &input.secret_id),
            Some(days) => inner.schedule(db, &input.secret_id, days),
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn restore_secret(&self, input: OfSecret) -> Result<Named> {
        names::check_id(&input.secret_id)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find_any(db, &input.secret_id)?;
            if inner.is_replica(&secret) {
                return Err(Error::replica());
            }
            let secret = Secret { due: None, ..secret };
            secret::save(db, &secret)?;
            Ok::<_, Error>(inner.told(secret))
        };
        self.inner.store.write(job).await
    }
}

impl Inner {
    /// A secret's ARN and name.
    pub(super) fn told(&self, secret: Secret) -> Named {
        Named { arn: self.arn(&secret), name: secret.name }
    }

    /// Removes a secret at once; one that is not there is as good as removed.
    fn forget(&self, db: &Connection, id: &str) -> Result<Deleted> {
        let now = clock::now_ms();
        match self.find_any(db, id) {
            Ok(secret) => {
                self.check_replicas(&secret)?;
                secret::remove(db, &secret.name)?;
                Ok(self.deleted(secret, now))
            }
            Err(error) if error.code == Code::ResourceNotFoundException && !id.starts_with("arn:") => {
                let arn = format!(
                    "arn:aws:secretsmanager:{}:{}:secret:{id}-{}",
                    self.region,
                    self.account_id,
                    names::suffix()?
                );
                Ok(Deleted { arn, name: id.to_owned(), deletion_date: seconds(now) })
            }
            Err(error) => Err(error),
        }
    }

    fn schedule(&self, db: &Connection, id: &str, days: i64) -> Result<Deleted> {
        let secret = self.find_any(db, id)?;
        if secret.due.is_some() {
            return Err(Code::InvalidRequestException.saying(
                "You can't perform this operation on the secret because it was already scheduled for deletion.",
            ));
        }
        self.check_replicas(&secret)?;
        let due = clock::now_ms() + days * DAY;
        let secret = Secret { due: Some(due), ..secret };
        secret::save(db, &secret)?;
        Ok(self.deleted(secret, due))
    }

    fn deleted(&self, secret: Secret, when: i64) -> Deleted {
        Deleted { arn: self.arn(&secret), name: secret.name, deletion_date: seconds(when) }
    }

    fn check_replicas(&self, secret: &Secret) -> Result<()> {
        if self.is_replica(secret) {
            return Err(Error::replica());
        }
        if secret.replicas.is_empty() {
            return Ok(());
        }
        let regions: Vec<&str> = secret.replicas.iter().map(|replica| replica.region.as_str()).collect();
        Err(Code::InvalidParameterException.saying(format!(
            "You can't delete secret {} that still has replica regions [{}]",
            self.arn(secret),
            regions.join(", ")
        )))
    }
}

/// The days until the secret goes; none where it goes at once.
fn window(days: Option<i64>, force: bool) -> Result<Option<i64>> {
    let refused = |message: &str| Err(Code::InvalidParameterException.saying(message));
    match (days, force) {
        (Some(days), _) if !(7..=30).contains(&days) => {
            refused("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        }
        (Some(_), true) => {
            refused("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        }
        (None, true) => Ok(None),
        (days, false) => Ok(Some(days.unwrap_or(USUAL_WINDOW))),
    }
}
