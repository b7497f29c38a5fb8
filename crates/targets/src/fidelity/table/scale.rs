//! How many replicas.

use super::Cell::{Always, But};
use super::cases::*;
use super::{EXACT, IN_CLUSTER as K8S, Line, PIPELINE, line};

pub(super) static LINES: &[Line] = &[
    line("services.scale.min", But(&[&AT_LEAST_ONE]), But(&[&FROM_ZERO]), K8S, PIPELINE),
    line("services.scale.max", Always(&NO_SCALING), EXACT, K8S, PIPELINE),
    line("services.scale.cpu_percentage", Always(&NO_SCALING), EXACT, K8S, PIPELINE),
    line("services.scale.memory_percentage", Always(&NO_SCALING), EXACT, K8S, PIPELINE),
    line("services.scale.requests", Always(&NO_SCALING), But(&[&REQUESTS_BY_NAME]), K8S, PIPELINE),
    line(
        "services.scale.queue_delay.acceptable_latency",
        Always(&NO_SCALING),
        But(&[&FIRST_QUEUE]),
        K8S,
        PIPELINE,
    ),
    line(
        "services.scale.queue_delay.msg_processing_time",
        Always(&NO_SCALING),
        But(&[&FIRST_QUEUE]),
        K8S,
        PIPELINE,
    ),
    line("services.scale.schedule.at", Always(&NO_SCALING), But(&[&BOTH_DAYS, &CLOCK]), K8S, PIPELINE),
    line("services.scale.schedule.min", Always(&NO_SCALING), Always(&CLOCK), K8S, PIPELINE),
    line("services.scale.schedule.max", Always(&NO_SCALING), Always(&CLOCK), K8S, PIPELINE),
    line("services.scale.cooldown.in", Always(&NO_SCALING), EXACT, K8S, PIPELINE),
    line("services.scale.cooldown.out", Always(&NO_SCALING), EXACT, K8S, PIPELINE),
];
