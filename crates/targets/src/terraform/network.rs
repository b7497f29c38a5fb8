//! The network: subnets in every zone, the way out, and private endpoints for the AWS services that are used.

use std::collections::BTreeSet;

use model::System;
use model::system::{Nat, Orchestrator, ResourceKind};

use super::exports::Exports;
use super::hcl::{Body, Expression};
use super::names::Names;
use super::stack::{Stack, Variable};

const FILE: &str = "network.tf";

/// By which Kubernetes finds the subnets of its load balancers (Amazon EKS User Guide, "Amazon EKS networking requirements
/// for VPC and subnets").
const PUBLIC_BALANCERS: &str = "kubernetes.io/role/elb";
const INTERNAL_BALANCERS: &str = "kubernetes.io/role/internal-elb";

pub(super) fn compose(system: &System, names: &Names, data: &mut Stack, exports: &mut Exports) {
    let zones = zones(system);
    data.variable(
        "availability_zones",
        Variable::new(
            "list(string)",
            "The zones the subnets are in. A variable, so that a plan needs no call to AWS.",
        )
        .default(Expression::list(&zones))
        .valid(
            "length(var.availability_zones) >= 2 && length(var.availability_zones) <= 3",
            "Two or three zones.",
        ),
    );
    let mut settings = Body::new();
    settings
        .set("name", names.prefix())
        .set("region", Expression::reference("var.region"))
        .set("cidr", system.aws.cidr.as_str())
        .set("availability_zones", Expression::reference("var.availability_zones"))
        .set("nat", nat(system.aws.nat));
    settings.set("endpoints", Expression::list(endpoints(system)));
    settings.set("flow_log_retention_days", super::log::days(system));
    if matches!(system.aws.orchestrator, Orchestrator::Eks(_)) {
        let tag = |key: &str| Expression::object([(key, "1")]);
        settings
            .set("public_subnet_tags", tag(PUBLIC_BALANCERS))
            .set("private_subnet_tags", tag(INTERNAL_BALANCERS));
    }
    data.module(FILE, "network", "network", settings);
    exports.text(&["network", "vpc_id"], "module.network.vpc_id", "vpc-0123456789abcdef0");
    exports.text(&["network", "cidr"], "module.network.cidr", system.aws.cidr.as_str());
    let count = zones.len();
    let addresses = (1..=gateways(system)).map(|number| format!("203.0.113.{number}/32"));
    exports.list(&["network", "nat_cidrs"], "module.network.nat_cidrs", addresses);
    exports.list(&["network", "public_subnet_ids"], "module.network.public_subnet_ids", subnets('a', count));
    exports.list(
        &["network", "private_subnet_ids"],
        "module.network.private_subnet_ids",
        subnets('b', count),
    );
}

/// The first zones of the region, by their usual names.
fn zones(system: &System) -> Vec<String> {
    ('a'..)
        .take(usize::from(system.aws.availability_zones))
        .map(|letter| format!("{}{letter}", system.aws.region))
        .collect()
}

fn subnets(letter: char, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("subnet-{letter}{number:016}")).collect()
}

/// How many NAT gateways there are.
fn gateways(system: &System) -> usize {
    match system.aws.nat {
        Nat::None => 0,
        Nat::Single => 1,
        Nat::PerZone => usize::from(system.aws.availability_zones),
    }
}

fn nat(nat: Nat) -> &'static str {
    match nat {
        Nat::None => "none",
        Nat::Single => "single",
        Nat::PerZone => "per_zone",
    }
}

/// What a task asks for without a way out: its image, its log, and what the system uses.
pub(crate) fn endpoints(system: &System) -> BTreeSet<&'static str> {
    if !system.aws.endpoints {
        return BTreeSet::new();
    }
    let used = system.resources.values().filter_map(|resource| match resource.kind {
        ResourceKind::Queue(_) => Some("sqs"),
        ResourceKind::Parameter(_) => Some("ssm"),
        ResourceKind::Secret(_) | ResourceKind::Postgres(_) | ResourceKind::Mongodb(_) => {
            Some("secretsmanager")
        }
        ResourceKind::Bucket(_) | ResourceKind::Redis(_) => None,
    });
    ["ecr.api", "ecr.dkr", "logs"].into_iter().chain(used).collect()
}
