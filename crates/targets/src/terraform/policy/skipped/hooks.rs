//! Functions.

use super::super::{Skipped, Topic};

pub(super) const HOOKS: Topic = Topic {
    title: "Functions of deployment hooks",
    skipped: &[
        Skipped {
            id: "CKV_AWS_115",
            also: &[],
            wants: "A function has a limit of its own on concurrent runs",
            reason: "it runs once in a delivery, a reserved run is taken from all other functions, and a new account has too few to reserve any",
            change: "a patch of the module `hook` sets `reserved_concurrent_executions`",
        },
        Skipped {
            id: "CKV_AWS_117",
            also: &["Lambda.3"],
            wants: "A function runs in the VPC",
            reason: "it calls AWS's public interfaces only; the command itself runs as a task, in private subnets",
            change: "a patch of the module `hook` sets `vpc_config`",
        },
        Skipped {
            id: "CKV_AWS_272",
            also: &[],
            wants: "A function takes signed code only",
            reason: "its code is a file of the module, in review beside the rest, and Terraform compares its hash",
            change: "a patch of the module `hook` sets `code_signing_config_arn`",
        },
    ],
};
