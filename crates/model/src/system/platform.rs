//! Settings only one target reads.

use super::{Mebibytes, Span};

/// AWS settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aws {
    /// Region.
    pub region: String,
    /// How many availability zones: 2 or 3.
    pub availability_zones: u8,
    /// What runs the containers.
    pub orchestrator: Orchestrator,
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

/// What runs the containers on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Orchestrator {
    /// Amazon ECS; every task is on Fargate, so there are no machines to choose.
    Ecs,
    /// Amazon EKS: the Kubernetes target's files run on the cluster that the AWS target makes.
    Eks(Eks),
}

/// An Amazon EKS cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eks {
    /// Kubernetes version of control plane and nodes: `1.33`.
    pub kubernetes_version: String,
    /// Its machines.
    pub nodes: Nodes,
}

/// A managed node group of EKS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nodes {
    /// EC2 instance types, the preferred one first; never empty.
    pub instance_types: Vec<String>,
    /// Fewest nodes.
    pub min: u32,
    /// Most nodes.
    pub max: u32,
    /// Root disk of each node, whole GiB.
    pub disk: Mebibytes,
    /// Spot capacity: cheaper, and taken away at two minutes' notice.
    pub spot: bool,
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
