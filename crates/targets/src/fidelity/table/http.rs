//! How requests reach a service.

use super::Cell::{Always, But};
use super::cases::*;
use super::{EXACT, IN_CLUSTER as K8S, Line, PIPELINE, line};

pub(super) static LINES: &[Line] = &[
    line("services.http.path", EXACT, EXACT, K8S, PIPELINE),
    line("services.http.alias", EXACT, But(&[&ALIAS_DOOR]), K8S, PIPELINE),
    line("services.http.port", EXACT, But(&[&OWN_PORT_DOOR]), K8S, PIPELINE),
    line("services.http.public", EXACT, EXACT, K8S, PIPELINE),
    line("services.http.healthcheck.path", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.success_codes", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.interval", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.timeout", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.healthy_threshold", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.unhealthy_threshold", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.healthcheck.grace_period", EXACT, But(&[&UNCHECKED]), K8S, PIPELINE),
    line("services.http.liveness.path", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line("services.http.liveness.success_codes", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line("services.http.liveness.interval", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line("services.http.liveness.timeout", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line("services.http.liveness.healthy_threshold", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line(
        "services.http.liveness.unhealthy_threshold",
        Always(&NO_LIVENESS),
        Always(&LIVENESS),
        K8S,
        PIPELINE,
    ),
    line("services.http.liveness.grace_period", Always(&NO_LIVENESS), Always(&LIVENESS), K8S, PIPELINE),
    line("services.http.deregistration_delay", EXACT, But(&[&UNDRAINED]), K8S, PIPELINE),
];
