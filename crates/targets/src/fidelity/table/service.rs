//! What runs.

use super::Cell::{Always, But, Silent};
use super::cases::*;
use super::{CONTAINER, EXACT, IMAGE, IN_CLUSTER as K8S, Line, MACHINE, PIPELINE, line};

pub(super) static LINES: &[Line] = &[
    line("services.type", EXACT, EXACT, K8S, PIPELINE),
    line("services.singleton", EXACT, But(&[&SINGLETON]), K8S, PIPELINE),
    line("services.build", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.build.context", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.build.dockerfile", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.build.target", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.build.args", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.build.paths", CONTAINER, IMAGE, IMAGE, EXACT),
    line("services.image", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.prepare", EXACT, MACHINE, MACHINE, MACHINE),
    line("services.run", EXACT, MACHINE, MACHINE, MACHINE),
    line("services.command", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.healthcheck.test", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.healthcheck.interval", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.healthcheck.timeout", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.healthcheck.retries", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.healthcheck.start_period", CONTAINER, EXACT, K8S, PIPELINE),
    line("services.port", Silent("each replica gets a free port of its own in `PORT`"), EXACT, K8S, PIPELINE),
    line("services.cpu", Always(&NOT_LIMITED), EXACT, K8S, PIPELINE),
    line("services.memory", Always(&NOT_LIMITED), EXACT, K8S, PIPELINE),
    line("services.limits.cpu", Always(&NOT_LIMITED), But(&[&LIMITS]), K8S, PIPELINE),
    line("services.limits.memory", Always(&NOT_LIMITED), But(&[&LIMITS]), K8S, PIPELINE),
    line("services.env", EXACT, EXACT, K8S, PIPELINE),
    line("services.secrets", EXACT, EXACT, K8S, PIPELINE),
    line("services.uses", Always(&RIGHTS), But(&[&READ_ONLY]), But(&[&CLUSTER_DOOR]), PIPELINE),
    line("services.uses.access", Always(&RIGHTS), But(&[&READ_ONLY]), But(&[&CLUSTER_DOOR]), PIPELINE),
    line("services.uses.prefix", Always(&RIGHTS), EXACT, EXACT, PIPELINE),
    line("services.depends_on", EXACT, Always(&DEPENDS_ON), K8S, PIPELINE),
    line("services.profiles", EXACT, Always(&PROFILES), Always(&PROFILES), Always(&PROFILES)),
    line("services.stop_timeout", EXACT, But(&[&LONG_STOP, &SHORT_STOP]), K8S, PIPELINE),
    line("services.on", EXACT, EXACT, K8S, PIPELINE),
    line("services.on.schedule", EXACT, But(&[&BOTH_DAYS]), K8S, PIPELINE),
    line("services.retries", EXACT, But(&[&RETRIES]), K8S, PIPELINE),
    line("services.timeout", EXACT, Always(&JOB_TIMEOUT), K8S, PIPELINE),
];
