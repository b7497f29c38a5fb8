//! What the services use.

use super::Cell::{Always, But};
use super::cases::*;
use super::{Cell, EXACT, IN_CLUSTER as K8S, Line, MACHINE, PIPELINE, line};

const HERE: Cell = Always(&HAD_HERE);
const VERSION: Cell = Always(&INSTALLED);
const COPY: Cell = Always(&ONE_COPY);

pub(super) static EMBEDDED: &[Line] = &[
    line("resources.type", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.fifo", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.retention", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.visibility", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.delay", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.wait", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.dead_letter.tries", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.queue.dead_letter.retention", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.bucket.expire", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.bucket.versioned", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.parameter.secure", EXACT, But(&[&SECURE]), But(&[&SECURE]), PIPELINE),
    line("resources.parameter.value", EXACT, EXACT, EXACT, PIPELINE),
    line("resources.parameter.local", EXACT, MACHINE, MACHINE, MACHINE),
    line("resources.secret.local", EXACT, MACHINE, MACHINE, MACHINE),
    line("resources.secret.key", Always(&LOCAL_KEY), EXACT, EXACT, PIPELINE),
    line("resources.*.env", EXACT, EXACT, K8S, PIPELINE),
    line("resources.*.env.*", EXACT, EXACT, K8S, PIPELINE),
];

pub(super) static DATABASES: &[Line] = &[
    line("resources.postgres.provider", HERE, But(&[&STATEFUL_SET]), But(&[&STATEFUL_SET]), PIPELINE),
    line("resources.postgres.version", VERSION, EXACT, EXACT, PIPELINE),
    line("resources.postgres.size", COPY, EXACT, EXACT, PIPELINE),
    line("resources.postgres.instances", COPY, But(&[&RDS_INSTANCES]), But(&[&RDS_INSTANCES]), PIPELINE),
    line("resources.postgres.storage", COPY, But(&[&CLUSTER_STORAGE]), But(&[&CLUSTER_STORAGE]), PIPELINE),
    line("resources.postgres.multi_az", COPY, EXACT, EXACT, PIPELINE),
    line("resources.postgres.backup", COPY, EXACT, EXACT, PIPELINE),
    line("resources.postgres.deletion_protection", COPY, EXACT, EXACT, PIPELINE),
    line("resources.postgres.env", EXACT, But(&[&PG_LOGIN]), K8S, PIPELINE),
    line("resources.postgres.env.url", EXACT, But(&[&PG_LOGIN]), K8S, PIPELINE),
    line("resources.mongodb.provider", HERE, But(&[&STATEFUL_SET]), But(&[&STATEFUL_SET]), PIPELINE),
    line("resources.mongodb.version", VERSION, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.size", COPY, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.instances", COPY, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.storage", COPY, But(&[&CLUSTER_STORAGE]), But(&[&CLUSTER_STORAGE]), PIPELINE),
    line("resources.mongodb.multi_az", COPY, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.backup", COPY, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.deletion_protection", COPY, EXACT, EXACT, PIPELINE),
    line("resources.mongodb.env", EXACT, But(&[&MONGO_LOGIN]), K8S, PIPELINE),
    line("resources.mongodb.env.url", EXACT, But(&[&MONGO_LOGIN]), K8S, PIPELINE),
    line("resources.redis.provider", HERE, But(&[&STATEFUL_SET]), But(&[&STATEFUL_SET]), PIPELINE),
    line("resources.redis.version", VERSION, EXACT, EXACT, PIPELINE),
    line("resources.redis.size", COPY, EXACT, EXACT, PIPELINE),
    line("resources.redis.instances", COPY, EXACT, EXACT, PIPELINE),
    line("resources.redis.multi_az", COPY, EXACT, EXACT, PIPELINE),
    line("resources.redis.backup", COPY, EXACT, EXACT, PIPELINE),
    line("resources.redis.backup_window", COPY, EXACT, EXACT, PIPELINE),
    line("resources.redis.env", EXACT, EXACT, K8S, PIPELINE),
    line("resources.redis.env.url", EXACT, EXACT, K8S, PIPELINE),
];
