//! The system as a whole, where it runs and who delivers it.

use super::Cell::{Always, But, Silent};
use super::cases::*;
use super::{Cell, ELSEWHERE, EXACT, FARGATE, IN_CLUSTER as K8S, Line, PIPELINE, line};

const HERE: Cell = Silent("nothing is compiled or delivered for this machine");

pub(super) static TOP: &[Line] = &[
    line("name", EXACT, EXACT, EXACT, EXACT),
    line("protect", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("environments", EXACT, EXACT, EXACT, EXACT),
    line("patches", HERE, EXACT, EXACT, EXACT),
];

const NO_NODES: Cell = Silent("Fargate has no machines of yours");

pub(super) static AWS: &[Line] = &[
    line("aws.region", EXACT, EXACT, EXACT, EXACT),
    line("aws.availability_zones", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("aws.orchestrator", ELSEWHERE, EXACT, EXACT, But(&[&NOT_DELIVERED])),
    line("aws.nodes.instance_types", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.nodes.min", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.nodes.max", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.nodes.disk", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.nodes.spot", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.kubernetes_version", ELSEWHERE, NO_NODES, EXACT, PIPELINE),
    line("aws.nat", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("aws.endpoints", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("aws.cidr", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("aws.log_retention", ELSEWHERE, EXACT, EXACT, PIPELINE),
    line("aws.certificate", ELSEWHERE, EXACT, Always(&NO_CLUSTER_EDGE), PIPELINE),
    line("aws.alarm_actions", ELSEWHERE, EXACT, Always(&NO_CLUSTER_ALARMS), PIPELINE),
];

pub(super) static KUBERNETES: &[Line] = &[
    line("kubernetes.namespace", ELSEWHERE, FARGATE, EXACT, PIPELINE),
    line("kubernetes.ingress_class", ELSEWHERE, FARGATE, K8S, PIPELINE),
    line("kubernetes.rollouts", ELSEWHERE, FARGATE, K8S, PIPELINE),
    line("kubernetes.keda", ELSEWHERE, FARGATE, K8S, PIPELINE),
    line("kubernetes.external_secrets", ELSEWHERE, FARGATE, Always(&OPERATOR_ROLE), PIPELINE),
    line("kubernetes.monitoring", ELSEWHERE, FARGATE, K8S, PIPELINE),
];

const BY_PIPELINE: Cell = Silent("it is the pipeline that does so");

pub(super) static CI: &[Line] = &[
    line("ci.provider", HERE, EXACT, EXACT, But(&[&NO_DEPENDABOT])),
    line("ci.repository", HERE, EXACT, EXACT, Silent("the roles that the target aws makes trust it")),
    line("ci.branches", HERE, EXACT, EXACT, EXACT),
    line("ci.tags", HERE, EXACT, EXACT, EXACT),
    line("ci.manual", HERE, EXACT, EXACT, EXACT),
    line("ci.plan_comment", HERE, BY_PIPELINE, BY_PIPELINE, EXACT),
    line("ci.latest", HERE, EXACT, EXACT, EXACT),
];
