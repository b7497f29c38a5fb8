//! Settings only one target reads.

use super::text::{Arn, Cidr, InstanceType, KubernetesVersion, Region};
use crate::language::{At, Int, Kind, Lasting, List, Name, Read, Reader, shape, words};
use crate::system::{Mebibytes, Nat, Rollouts};
use crate::yaml::{Node, Value};

shape! {
    /// Settings only AWS reads.
    Aws, "aws";
    /// Region.
    region: At<Region> = "us-east-1" => "eu-west-1";
    /// How many availability zones.
    availability_zones: At<Int<2, 3>> = "2" => "3";
    /// What runs the containers.
    orchestrator: At<OrchestratorWord> = "ecs" => "eks";
    /// The machines of a cluster. Only with `orchestrator: eks`.
    nodes: Option<At<Nodes>> => "{ instance_types: [t3.large], min: 2, max: 6 }", else "its defaults with `orchestrator: eks`";
    /// Kubernetes version of a cluster. Only with `orchestrator: eks`.
    kubernetes_version: Option<At<KubernetesVersion>> => "\"1.33\"", else "`1.33` with `orchestrator: eks`";
    /// How private subnets reach the internet.
    nat: At<Nat> = "single" => "per_zone";
    /// Private endpoints for the AWS services that the system uses.
    endpoints: At<bool> = "false" => "true";
    /// Address range of the network.
    cidr: At<Cidr> = "10.0.0.0/16" => "10.10.0.0/16";
    /// How long logs are kept, in a step that CloudWatch Logs has.
    log_retention: At<Lasting<86_400_000, 315_532_800_000>> = "30d" => "7d";
    /// ACM certificate for the balancer.
    certificate: Option<At<Arn>> => "arn:aws:acm:us-east-1:123456789012:certificate/1234";
    /// SNS topics that alarms call.
    alarm_actions: At<List<Arn>> = "[]" => "[\"arn:aws:sns:us-east-1:123456789012:on-call\"]";
}

/// What runs the containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrchestratorWord {
    Ecs,
    Eks,
}

words! { OrchestratorWord, "orchestrator";
    "ecs" => Self::Ecs, "Amazon ECS on Fargate: no machines of your own.";
    "eks" => Self::Eks, "Amazon EKS: a Kubernetes cluster with a group of nodes. Sizes need not be Fargate's.";
}

shape! {
    /// The machines of an EKS cluster: one managed node group.
    Nodes, "node group";
    /// EC2 instance types, the preferred one first.
    instance_types: Option<At<Machines>> => "[m6i.large, m5.large]", else "`[t3.large]`";
    /// Fewest nodes.
    min: At<Int<1, 450>> = "2" => "3";
    /// Most nodes.
    max: At<Int<1, 450>> = "6" => "10";
    /// Root disk of each node, whole GiB.
    disk: At<Mebibytes> = "50Gi" => "100Gi";
    /// Spot capacity: cheaper, and taken away at two minutes' notice.
    spot: At<bool> = "false" => "true";
}

/// At least one instance type.
#[derive(Debug, Clone)]
pub(crate) struct Machines(pub(crate) Vec<String>);

impl Read for Machines {
    const KIND: &'static Kind = <List<InstanceType>>::KIND;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let List(types) = List::<InstanceType>::read(node, reader)?;
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            let message = format!("{} names no machine", reader.subject());
            reader.misfit(node.range, message, Some("write `[t3.large]`".to_owned()));
        }
        (!types.is_empty()).then(|| Self(types.into_iter().map(|name| name.value.0).collect()))
    }
}

words! { Nat, "nat";
    "none" => Self::None, "Not at all.";
    "single" => Self::Single, "One gateway for all zones.";
    "per_zone" => Self::PerZone, "One gateway in each zone.";
}

shape! {
    /// Settings only Kubernetes reads.
    Kubernetes, "kubernetes";
    /// Namespace.
    namespace: Option<At<Name>> => "shop", else "the system's name";
    /// Ingress class.
    ingress_class: Option<At<String>> => "nginx", else "the cluster's default";
    /// Who shifts traffic between two releases.
    rollouts: At<Rollouts> = "none" => "argo";
    /// KEDA is installed and scales on queues.
    keda: At<bool> = "false" => "true";
    /// The External Secrets Operator is installed.
    external_secrets: At<bool> = "false" => "true";
    /// The Prometheus operator is installed.
    monitoring: At<bool> = "false" => "true";
}

words! { Rollouts, "rollouts";
    "none" => Self::None, "Nobody: rolling updates only.";
    "argo" => Self::Argo, "Argo Rollouts.";
}
