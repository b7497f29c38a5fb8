//! The operations of Secrets Manager.

use super::{Service, full, partial};

pub(super) const SERVICE: Service = Service {
    id: "secretsmanager",
    title: "Secrets Manager",
    about: "Values are sealed under KMS keys; those of all regions have their names in common.",
    operations: &[
        full("BatchGetSecretValue"),
        full("CancelRotateSecret"),
        full("CreateSecret"),
        full("DeleteResourcePolicy"),
        full("DeleteSecret"),
        full("DescribeSecret"),
        full("GetRandomPassword"),
        full("GetResourcePolicy"),
        full("GetSecretValue"),
        full("ListSecretVersionIds"),
        full("ListSecrets"),
        full("PutResourcePolicy"),
        full("PutSecretValue"),
        full("RemoveRegionsFromReplication"),
        partial("ReplicateSecretToRegions", "noted and told; a replica's ARN finds the secret itself"),
        full("RestoreSecret"),
        partial(
            "RotateSecret",
            "no function runs: the pending version is made and waits for PutSecretValue; a `cron` schedule gives no NextRotationDate",
        ),
        partial(
            "StopReplicationToReplica",
            "refused: a replica here is its secret, and has no name of its own",
        ),
        full("TagResource"),
        full("UntagResource"),
        full("UpdateSecret"),
        full("UpdateSecretVersionStage"),
        full("ValidateResourcePolicy"),
    ],
};
