//! Settings only one target reads.

use super::Span;

/// AWS settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aws {
    /// Region.
    pub region: String,
    /// How many availability zones: 2 or 3.
    pub availability_zones: u8,
    /// How private subnets reach the internet.
    pub nat: Nat,
    /// Private endpoints for the AWS services the system uses.
    pub endpoints: bool,
    /// Address range of the network, `10.0.0.0/16`.
    pub cidr: String,
    /// How long logs are kept.
    pub log_retention: Span,
    /// ACM certificate ARN.
    pub certificate: Option<String>,
    /// SNS topics that alarms call, by ARN.
    pub alarm_actions: Vec<String>,
}

/// How private subnets reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nat {
    /// Not at all.
    None,
    /// One gateway for all zones.
    Single,
    /// One gateway in each zone.
    PerZone,
}

/// Kubernetes settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kubernetes {
    /// Namespace; the system's name where none is given.
    pub namespace: String,
    /// Ingress class.
    pub ingress_class: Option<String>,
    /// Who shifts traffic.
    pub rollouts: Rollouts,
    /// KEDA is installed and scales on queues.
    pub keda: bool,
    /// The External Secrets Operator is installed.
    pub external_secrets: bool,
    /// The Prometheus operator is installed.
    pub monitoring: bool,
}

/// Who shifts traffic on Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollouts {
    /// Nobody: rolling updates only.
    None,
    /// Argo Rollouts.
    Argo,
}
