//! Roles of what serves the system from inside the cluster: who brings it its secrets, and who adds nodes. Each under the
//! service account that its own chart makes.

use std::collections::BTreeMap;

use model::system::Eks;

use super::super::hcl::Expression;
use super::super::identity::{Condition, Statement};
use super::super::{ComputePlace, bindings, service};

/// What runs as a service account of a namespace.
pub(super) struct Operator {
    pub(super) namespace: &'static str,
    pub(super) service_account: &'static str,
    pub(super) statements: Vec<Statement>,
}

/// Those that have something to do.
pub(super) fn all(place: &ComputePlace<'_>, eks: &Eks) -> Vec<Operator> {
    [secrets(place), nodes(place, eks)].into_iter().flatten().collect()
}

/// The External Secrets Operator reads what services are given by reference, and nothing else (its documentation, "AWS
/// Secrets Manager", IAM policy).
fn secrets(place: &ComputePlace<'_>) -> Option<Operator> {
    if !place.system.kubernetes.external_secrets {
        return None;
    }
    let all = || service::running(place.system).map(|of| bindings::of_service(place.system, place.names, of));
    let arns: BTreeMap<String, Expression> = all().flat_map(|bindings| bindings.secret_arns).collect();
    let keys: BTreeMap<String, Expression> = all().flat_map(|bindings| bindings.key_arns).collect();
    let (parameters, secrets): (Vec<_>, Vec<_>) =
        arns.into_iter().partition(|(path, _)| path.starts_with("var.data.parameters."));
    let statements: Vec<Statement> = [
        Statement::new(
            "Secrets",
            &["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            secrets.into_iter().map(|(_, arn)| arn).collect(),
        ),
        Statement::new(
            "Parameters",
            &["ssm:GetParameter"],
            parameters.into_iter().map(|(_, arn)| arn).collect(),
        ),
        Statement::new("Keys", &["kms:Decrypt"], keys.into_values().collect()),
    ]
    .into_iter()
    .filter(Statement::is_of_something)
    .collect();
    (!statements.is_empty()).then_some(Operator {
        namespace: "external-secrets",
        service_account: "external-secrets",
        statements,
    })
}

/// The cluster autoscaler changes the size of this cluster's groups, which EKS marks (Amazon EKS User Guide, "Scale
/// cluster compute with Karpenter and Cluster Autoscaler"; the autoscaler's documentation, "IAM Policy").
fn nodes(place: &ComputePlace<'_>, eks: &Eks) -> Option<Operator> {
    const FIND: [&str; 10] = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
    ];
    let groups = "arn:aws:autoscaling:{var.region}:{var.account_id}:autoScalingGroup:*";
    let ours = Condition {
        operator: "StringEquals",
        key: "aws:ResourceTag/eks:cluster-name",
        values: vec![place.names.prefix().into()],
    };
    let here = Condition {
        operator: "StringEquals",
        key: "aws:RequestedRegion",
        values: vec![Expression::reference("var.region")],
    };
    (eks.nodes.max > eks.nodes.min).then(|| Operator {
        namespace: "kube-system",
        service_account: "cluster-autoscaler",
        statements: vec![
            Statement::new("Find", &FIND, vec!["*".into()]).when(vec![here]),
            Statement::new(
                "Scale",
                &["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
                vec![Expression::template(groups)],
            )
            .when(vec![ours]),
        ],
    })
}
