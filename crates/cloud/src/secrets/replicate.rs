//! Replication. Secrets of all regions are kept together: a secret's replicas are noted and found by their ARNs, and are
//! the secret itself, which only its own region may change.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::describe::OfSecret;
use super::error::{Code, Error, Result};
use super::secret::{self, Replica, Secret};
use super::{Secrets, names};

/// Regions at most: more than AWS has.
const REGIONS_MAX: usize = 50;

/// A region as the wire has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Region {
    region: Option<String>,
    kms_key_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Adding {
    secret_id: String,
    add_replica_regions: Vec<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Removing {
    secret_id: String,
    remove_replica_regions: Vec<String>,
}

/// How a replica stands, as the wire has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Status {
    region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Replicated {
    #[serde(rename = "ARN")]
    arn: String,
    replication_status: Vec<Status>,
}

impl Secrets {
    pub(super) async fn replicate_secret_to_regions(&self, input: Adding) -> Result<Replicated> {
        let inner = self.inner.clone();
        self.change_replicas(input.secret_id, move |secret| {
            let home = inner.region_of(secret).to_owned();
            add(secret, input.add_replica_regions, &home)
        })
        .await
    }

    pub(super) async fn remove_regions_from_replication(&self, input: Removing) -> Result<Replicated> {
        self.change_replicas(input.secret_id, move |secret| {
            secret.replicas.retain(|replica| !input.remove_replica_regions.contains(&replica.region));
            Ok(())
        })
        .await
    }

    /// A replica would become a secret of its own, which would have the same name as the one it is a copy of.
    pub(super) async fn stop_replication_to_replica(&self, input: OfSecret) -> Result<Replicated> {
        self.change_replicas(input.secret_id, move |_| {
            Err(Code::InvalidRequestException.saying(
                "StopReplicationToReplica: this cloud keeps the secrets of all regions together, and their names apart; \
                 use RemoveRegionsFromReplication and CreateSecret.",
            ))
        })
        .await
    }

    async fn change_replicas<F>(&self, id: String, change: F) -> Result<Replicated>
    where
        F: FnOnce(&mut Secret) -> Result<()> + Send + 'static,
    {
        names::check_id(&id)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let mut secret = inner.find(db, &id)?;
            change(&mut secret)?;
            secret::save(db, &secret)?;
            Ok::<_, Error>(Replicated { arn: inner.arn(&secret), replication_status: statuses(&secret) })
        };
        self.inner.store.write(job).await
    }
}

/// Notes regions a secret of `home` is copied to.
pub(super) fn add(secret: &mut Secret, regions: Vec<Region>, home: &str) -> Result<()> {
    for Region { region, kms_key_id } in regions {
        let region = region.filter(|region| region != home);
        let Some(region) = region else {
            return Err(Code::InvalidParameterException.saying("Invalid replica region."));
        };
        secret.replicas.retain(|replica| replica.region != region);
        secret.replicas.push(Replica { region, kms_key_id });
    }
    if secret.replicas.len() > REGIONS_MAX {
        return Err(Code::InvalidParameterException
            .saying(format!("A secret can be replicated to {REGIONS_MAX} regions.")));
    }
    Ok(())
}

/// How a secret's replicas stand: what is read is always the secret itself.
pub(super) fn statuses(secret: &Secret) -> Vec<Status> {
    let status = |replica: &Replica| Status {
        region: replica.region.clone(),
        kms_key_id: replica.kms_key_id.clone(),
        status: "InSync",
    };
    secret.replicas.iter().map(status).collect()
}
