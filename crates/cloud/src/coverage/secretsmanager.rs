//! The operations of Secrets Manager.

use super::{Service, absent};

pub(super) const SERVICE: Service = Service {
    id: "secretsmanager",
    title: "Secrets Manager",
    about: "Not here yet.",
    operations: &[
        absent("BatchGetSecretValue"),
        absent("CancelRotateSecret"),
        absent("CreateSecret"),
        absent("DeleteResourcePolicy"),
        absent("DeleteSecret"),
        absent("DescribeSecret"),
        absent("GetRandomPassword"),
        absent("GetResourcePolicy"),
        absent("GetSecretValue"),
        absent("ListSecretVersionIds"),
        absent("ListSecrets"),
        absent("PutResourcePolicy"),
        absent("PutSecretValue"),
        absent("RemoveRegionsFromReplication"),
        absent("ReplicateSecretToRegions"),
        absent("RestoreSecret"),
        absent("RotateSecret"),
        absent("StopReplicationToReplica"),
        absent("TagResource"),
        absent("UntagResource"),
        absent("UpdateSecret"),
        absent("UpdateSecretVersionStage"),
        absent("ValidateResourcePolicy"),
    ],
};
