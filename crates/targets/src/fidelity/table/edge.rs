//! What stands in front, and what watches.

use super::Cell::{Always, But};
use super::cases::*;
use super::{Cell, EXACT, Line, PIPELINE, line};

const HERE: Cell = Always(&NO_DOOR);
const K8S: Cell = Always(&NO_CLUSTER_EDGE);
const BEHIND: Cell = But(&[&WAF_BEHIND]);

pub(super) static EDGE: &[Line] = &[
    line("edge.cdn", HERE, But(&[&CDN_HTTP]), K8S, PIPELINE),
    line("edge.waf.rate_limit", HERE, BEHIND, K8S, PIPELINE),
    line("edge.waf.managed_rules", HERE, BEHIND, K8S, PIPELINE),
    line("edge.waf.count", HERE, BEHIND, K8S, PIPELINE),
    line("edge.gateway.vpc_link", HERE, But(&[&GATEWAY_HTTP]), K8S, PIPELINE),
    line("edge.gateway.throttle.rate", HERE, EXACT, K8S, PIPELINE),
    line("edge.gateway.throttle.burst", HERE, EXACT, K8S, PIPELINE),
    line("edge.origin_gate.header", HERE, EXACT, K8S, PIPELINE),
    line("edge.origin_gate.secret", HERE, Always(&GATE), K8S, PIPELINE),
    line("edge.tls.certificate", HERE, But(&[&FILE]), K8S, PIPELINE),
    line("edge.tls.redirect", HERE, EXACT, K8S, PIPELINE),
];

const UNSEEN: Cell = Always(&NO_ALARMS);
const K8S_ALARMS: Cell = Always(&NO_CLUSTER_ALARMS);

pub(super) static ALARMS: &[Line] = &[
    line("alarms.service", UNSEEN, EXACT, K8S_ALARMS, PIPELINE),
    line("alarms.resource", UNSEEN, EXACT, K8S_ALARMS, PIPELINE),
    line("alarms.metric", UNSEEN, But(&[&RESTARTS, &SLOWER]), K8S_ALARMS, PIPELINE),
    line("alarms.above", UNSEEN, EXACT, K8S_ALARMS, PIPELINE),
    line("alarms.below", UNSEEN, EXACT, K8S_ALARMS, PIPELINE),
    line("alarms.for", UNSEEN, But(&[&WHOLE_MINUTES]), K8S_ALARMS, PIPELINE),
];
