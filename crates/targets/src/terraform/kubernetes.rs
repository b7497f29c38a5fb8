//! Where services run on Kubernetes: an EKS cluster, a role for each service that uses something of AWS's, and the way
//! to the databases. What runs in it is the Kubernetes target's.

use std::collections::BTreeSet;

use model::system::Eks;

use super::exports::heard;
use super::hcl::{Block, Body, Expression};
use super::identity::Statement;
use super::names::identifier;
use super::service::{self, databases};
use super::stack::Variable;
use super::{ComputePlace, identity, log};

mod operators;

const FILE: &str = "cluster.tf";

/// The name of the one node group.
const NODES: &str = "main";

const MEBIBYTES_PER_GIBIBYTE: u64 = 1024;

pub(super) fn compose(place: &mut ComputePlace<'_>, eks: &Eks) {
    variables(place);
    key(place);
    cluster(place, eks);
    doors(place);
    place.compute.output(
        "cluster_name",
        "The EKS cluster: `aws eks update-kubeconfig --name`.",
        Expression::reference("module.cluster.name"),
    );
    place.compute.output("cluster_endpoint", "Its API.", Expression::reference("module.cluster.endpoint"));
    place.compute.output(
        "pod_role_arns",
        "The role of each service that uses something of AWS's, and of what brings secrets and nodes.",
        Expression::reference("module.cluster.pod_role_arns"),
    );
}

fn variables(place: &mut ComputePlace<'_>) {
    let admins = "IAM roles that administer the cluster, by a name of your choice. Nobody else can, not even who makes it.";
    let example = Expression::object([("platform", "arn:aws:iam::123456789012:role/platform")]);
    place.compute.variable("admin_role_arns", Variable::new("map(string)", admins).example(example));
    let networks =
        "Networks from which the Kubernetes API may be called over the internet; none keeps it in the VPC.";
    let none = Expression::list(Vec::<Expression>::new());
    let example = none.clone();
    place
        .compute
        .variable("api_cidrs", Variable::new("list(string)", networks).default(none).example(example));
}

fn key(place: &mut ComputePlace<'_>) {
    let mut settings = Body::new();
    settings
        .set("name", place.names.of("cluster"))
        .set("description", format!("Encrypts the Kubernetes secrets of {}", place.names.prefix()))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"));
    place.compute.module(FILE, "cluster_key", "kms-key", settings);
}

fn cluster(place: &mut ComputePlace<'_>, eks: &Eks) {
    let nodes = &eks.nodes;
    let group = Expression::object([
        ("instance_types", Expression::list(&nodes.instance_types)),
        ("capacity_type", if nodes.spot { "SPOT" } else { "ON_DEMAND" }.into()),
        ("min", nodes.min.into()),
        ("max", nodes.max.into()),
        ("desired", nodes.min.into()),
        ("disk_gib", u32::try_from(nodes.disk.0.div_ceil(MEBIBYTES_PER_GIBIBYTE)).unwrap_or(u32::MAX).into()),
    ]);
    let mut settings = Body::new();
    settings
        .set("name", place.names.prefix())
        .set("region", Expression::reference("var.region"))
        .set("account_id", Expression::reference("var.account_id"))
        .set("kubernetes_version", eks.kubernetes_version.as_str())
        .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
        .set("subnet_ids", Expression::reference(heard(&["network", "private_subnet_ids"])))
        .set("public_access_cidrs", Expression::reference("var.api_cidrs"))
        .set("admin_role_arns", Expression::reference("var.admin_role_arns"))
        .set("kms_key_arn", Expression::reference("module.cluster_key.arn"))
        .set("node_groups", Expression::object([(NODES, group)]));
    let roles = roles(place, eks);
    if !roles.is_empty() {
        settings.set("pod_roles", Expression::Object(roles));
    }
    settings.set("log_retention_days", log::days(place.system));
    place.compute.module(FILE, "cluster", "eks", settings);
}

/// A role for each service that may do something, and for what serves them all.
fn roles(place: &ComputePlace<'_>, eks: &Eks) -> Vec<(String, Expression)> {
    let namespace = place.system.kubernetes.namespace.as_str();
    let services =
        service::running(place.system).map(|service| (service, identity::statements(place.system, service)));
    let able = services.filter(|(_, statements)| !statements.is_empty());
    let mut roles: Vec<_> =
        able.map(|(service, statements)| role(namespace, &service.name, statements)).collect();
    let operators = operators::all(place, eks).into_iter();
    roles.extend(operators.map(|of| role(of.namespace, of.service_account, of.statements)));
    roles
}

/// Called after its service account.
fn role(namespace: &str, service_account: &str, statements: Vec<Statement>) -> (String, Expression) {
    let role = Expression::object([
        ("namespace", Expression::from(namespace)),
        ("service_account", Expression::from(service_account)),
        ("statements", Expression::list(statements)),
    ]);
    (service_account.to_owned(), role)
}

/// Pods share the group of their nodes, so a database lets in the cluster where any service uses it; who of them may is
/// the network policies' to say.
fn doors(place: &mut ComputePlace<'_>) {
    let used: BTreeSet<(String, u16)> = service::running(place.system)
        .flat_map(|service| databases(place.system, service))
        .map(|(name, port)| (name.to_owned(), port))
        .collect();
    for (name, port) in used {
        let mut rule = Body::new();
        rule.set(
            "security_group_id",
            Expression::reference(heard(&["databases", &name, "security_group_id"])),
        )
        .set("description", "From the cluster")
        .set("ip_protocol", "tcp")
        .set("from_port", port)
        .set("to_port", port)
        .set(
            "referenced_security_group_id",
            Expression::reference("module.cluster.cluster_security_group_id"),
        );
        let label = format!("cluster_to_{}", identifier(&name));
        let block = Block::new("resource", &["aws_vpc_security_group_ingress_rule", &label], rule);
        place.compute.file("databases.tf").block(block);
    }
}
