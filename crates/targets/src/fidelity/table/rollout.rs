//! How a new release replaces the old.

use super::Cell::{Always, But};
use super::cases::*;
use super::{CONTAINER, EXACT, IN_CLUSTER as K8S, Line, MACHINE, PIPELINE, line};

pub(super) static LINES: &[Line] = &[
    line("services.rollout.strategy", Always(&LOCAL_ROLLOUT), EXACT, K8S, EXACT),
    line("services.rollout.canary.percent", Always(&NO_ROLLOUT), EXACT, K8S, PIPELINE),
    line("services.rollout.canary.bake", Always(&NO_ROLLOUT), But(&[&MINUTES]), K8S, PIPELINE),
    line("services.rollout.linear.percent", Always(&NO_ROLLOUT), EXACT, K8S, PIPELINE),
    line("services.rollout.linear.bake", Always(&NO_ROLLOUT), But(&[&MINUTES]), K8S, PIPELINE),
    line("services.rollout.bake", Always(&NO_ROLLOUT), But(&[&NO_BAKE, &MINUTES]), K8S, PIPELINE),
    line("services.rollout.rollback_on", Always(&NO_ROLLOUT), But(&[&TEN_ALARMS]), K8S, PIPELINE),
    line("services.rollout.migrate.run", Always(&NO_MIGRATION), MACHINE, MACHINE, MACHINE),
    line("services.rollout.migrate.command", CONTAINER, But(&[&MIGRATE_ROLLING]), K8S, EXACT),
    line(
        "services.rollout.migrate.reversible",
        Always(&NO_MIGRATION),
        Always(&IRREVERSIBLE),
        K8S,
        Always(&IRREVERSIBLE),
    ),
    line("services.rollout.hooks.*", Always(&NO_ROLLOUT), But(&[&NO_HOOKS]), K8S, PIPELINE),
    line("services.rollout.hooks.*.run", Always(&NO_ROLLOUT), MACHINE, MACHINE, MACHINE),
    line("services.rollout.hooks.*.command", CONTAINER, But(&[&NO_HOOKS]), K8S, PIPELINE),
];
