//! What each module asks of AWS. Actions, resources and condition keys are those of the Service Authorization
//! Reference, "Actions, resources, and condition keys for AWS services"; one file for each kind of module.

use std::collections::BTreeSet;

use super::grant::Grant;

mod containers;
mod databases;
mod edge;
mod identity;
mod kubernetes;
mod logs;
mod network;
mod observation;
mod resources;

/// A module and what it asks.
type Row = (&'static str, &'static [&'static [Grant]]);

/// Every module. Those of the bootstrap stack ask nothing: a person applies that one, since a role that could change
/// itself, or the state of all, would be no limit.
const TABLE: &[Row] = &[
    ("access-logs", &[resources::BUCKET]),
    ("alarms", &[observation::ALARMS]),
    ("aurora", &[databases::CLUSTER, databases::MONITORING, logs::AURORA, network::SECURITY_GROUP]),
    ("autoscaling", &[containers::SCALING]),
    ("bucket", &[resources::BUCKET]),
    ("cdn", &[edge::CDN]),
    ("cluster", &[containers::CLUSTER]),
    ("dashboard", &[observation::DASHBOARD]),
    ("deployment", &[containers::DEPLOYMENT, identity::DEPLOYMENT]),
    ("discovery", &[containers::DISCOVERY]),
    ("documentdb", &[databases::CLUSTER, logs::DOCUMENTDB, network::SECURITY_GROUP]),
    ("eks", &[kubernetes::CLUSTER, identity::KUBERNETES, logs::EKS, network::SECURITY_GROUP]),
    ("gateway", &[edge::GATEWAY, logs::GATEWAY, network::SECURITY_GROUP]),
    ("github-oidc", &[]),
    ("hook", &[containers::HOOK, identity::HOOK, logs::HOOK, resources::QUEUE]),
    ("job", &[containers::JOB, identity::JOB, resources::QUEUE]),
    ("kms-key", &[resources::KEY]),
    ("load-balancer", &[edge::BALANCER, network::SECURITY_GROUP]),
    ("network", &[network::NETWORK, network::SECURITY_GROUP, identity::FLOW_LOGS, logs::NETWORK]),
    ("notifications", &[observation::TOPIC]),
    ("parameter", &[resources::PARAMETER]),
    ("permissions-boundary", &[]),
    ("postgres", &[databases::INSTANCE, databases::MONITORING, logs::POSTGRES, network::SECURITY_GROUP]),
    ("queue", &[resources::QUEUE]),
    ("redis", &[databases::CACHE, network::SECURITY_GROUP]),
    ("registry", &[resources::REGISTRY]),
    ("route", &[edge::BALANCER]),
    ("secret", &[resources::SECRET]),
    ("security-group", &[network::SECURITY_GROUP]),
    ("service-blue-green", &[containers::SERVICE]),
    ("service-rolling", &[containers::SERVICE]),
    ("state", &[]),
    ("task", &[containers::TASK, identity::TASK, logs::TASK]),
    ("waf", &[edge::FIREWALL, logs::FIREWALL]),
];

/// What these modules ask, in the order of the table.
pub(super) fn of(modules: &BTreeSet<&'static str>) -> Vec<Grant> {
    let rows = TABLE.iter().filter(|(module, _)| modules.contains(module));
    rows.flat_map(|(_, grants)| grants.iter().copied().flatten().copied()).collect()
}

/// Whether a module stands in the table.
#[cfg(test)]
pub(super) fn is_known(module: &str) -> bool {
    TABLE.iter().any(|(known, _)| *known == module)
}
