//! Settings only one target reads.

use super::text::{Arn, Cidr, Region};
use crate::language::{At, Int, Lasting, List, Name, shape, words};
use crate::system::{Nat, Rollouts};

shape! {
    /// Settings only AWS reads.
    Aws, "aws";
    /// Region.
    region: At<Region> = "us-east-1" => "eu-west-1";
    /// How many availability zones.
    availability_zones: At<Int<2, 3>> = "2" => "3";
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
