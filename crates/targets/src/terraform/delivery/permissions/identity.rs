//! Roles, each kind by its own name, so that no pattern reaches the roles of GitHub, and only within the boundary; whom a
//! role may be handed to; and which of AWS's policies it may get (Service Authorization Reference, "AWS Identity and Access Management").

use super::super::grant::{Grant, Part, When};

pub(super) const DEPLOYMENT: &[Grant] = &[
    role(&["arn:aws:iam::{account}:role/{prefix}-*-deploy"]),
    bound(&["arn:aws:iam::{account}:role/{prefix}-*-deploy"]),
    pass(
        "PassToCodeDeploy",
        &["arn:aws:iam::{account}:role/{prefix}-*-deploy"],
        &[("StringEquals", "iam:PassedToService", &["codedeploy.amazonaws.com"])],
    ),
];

pub(super) const FLOW_LOGS: &[Grant] = &[
    role(&["arn:aws:iam::{account}:role/{prefix}-flow-logs"]),
    bound(&["arn:aws:iam::{account}:role/{prefix}-flow-logs"]),
    pass(
        "PassToFlowLogs",
        &["arn:aws:iam::{account}:role/{prefix}-flow-logs"],
        &[("StringEquals", "iam:PassedToService", &["vpc-flow-logs.amazonaws.com"])],
    ),
];

pub(super) const HOOK: &[Grant] = &[
    role(&["arn:aws:iam::{account}:role/{hook}", "arn:aws:iam::{account}:role/{hook}-limit"]),
    bound(&["arn:aws:iam::{account}:role/{hook}", "arn:aws:iam::{account}:role/{hook}-limit"]),
    pass(
        "PassToLambda",
        &["arn:aws:iam::{account}:role/{hook}"],
        &[("StringEquals", "iam:PassedToService", &["lambda.amazonaws.com"])],
    ),
];

pub(super) const JOB: &[Grant] = &[
    role(&["arn:aws:iam::{account}:role/{prefix}-*-schedule"]),
    bound(&["arn:aws:iam::{account}:role/{prefix}-*-schedule"]),
    pass(
        "PassToScheduler",
        &["arn:aws:iam::{account}:role/{prefix}-*-schedule"],
        &[("StringEquals", "iam:PassedToService", &["scheduler.amazonaws.com"])],
    ),
];

pub(super) const TASK: &[Grant] = &[
    role(&[
        "arn:aws:iam::{account}:role/{prefix}-*-execution",
        "arn:aws:iam::{account}:role/{prefix}-*-task",
    ]),
    bound(&[
        "arn:aws:iam::{account}:role/{prefix}-*-execution",
        "arn:aws:iam::{account}:role/{prefix}-*-task",
    ]),
    pass(
        "PassToTasks",
        &["arn:aws:iam::{account}:role/{prefix}-*-execution", "arn:aws:iam::{account}:role/{prefix}-*-task"],
        &[("StringEquals", "iam:PassedToService", &["ecs-tasks.amazonaws.com"])],
    ),
];

/// Roles of the control plane, of nodes, add-ons and pods (Amazon EKS User Guide, "Identity and access management").
const OF_KUBERNETES: &[&str] = &[
    "arn:aws:iam::{account}:role/{prefix}-aws-ebs-csi-driver",
    "arn:aws:iam::{account}:role/{prefix}-cluster",
    "arn:aws:iam::{account}:role/{prefix}-node",
    "arn:aws:iam::{account}:role/{prefix}-pod-*",
    "arn:aws:iam::{account}:role/{prefix}-vpc-cni",
];

pub(super) const KUBERNETES: &[Grant] = &[
    role(OF_KUBERNETES),
    bound(OF_KUBERNETES),
    pass(
        "PassToKubernetes",
        OF_KUBERNETES,
        &[(
            "StringEquals",
            "iam:PassedToService",
            &["ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com"],
        )],
    ),
    attach(
        "KubernetesPolicies",
        OF_KUBERNETES,
        &[
            BOUND,
            (
                "ArnEquals",
                "iam:PolicyARN",
                &[
                    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
                    "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
                    "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
                    "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
                    "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
                ],
            ),
        ],
    ),
    // An OIDC provider is named after its issuer, of which the last part is EKS's own.
    Grant::new(
        Part::Identity,
        "ClusterIssuer",
        &["arn:aws:iam::{account}:oidc-provider/oidc.eks.{region}.amazonaws.com/id/*"],
    )
    .reads(&["iam:GetOpenIDConnectProvider"])
    .writes(&[
        "iam:CreateOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
        "iam:UntagOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ]),
];

/// That a role's boundary is the environment's: asked of every call that gives a role something, and of the one that
/// makes it, so that what is made here can never do more than the boundary says. The boundary itself is nobody's from
/// GitHub: neither its policy nor its place on a role (IAM User Guide, "Delegating responsibility to others using
/// permissions boundaries"; condition key `iam:PermissionsBoundary`).
pub(super) const BOUND: When =
    ("StringEquals", "iam:PermissionsBoundary", &["arn:aws:iam::{account}:policy/{prefix}-boundary"]);

const WITHIN: &[When] = &[BOUND];

pub(super) const fn role(on: &'static [&'static str]) -> Grant {
    Grant::new(Part::Identity, "Roles", on)
        .reads(&["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"])
        .writes(&[
            "iam:DeleteRole",
            "iam:ListInstanceProfilesForRole",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ])
}

pub(super) const fn bound(on: &'static [&'static str]) -> Grant {
    Grant::new(Part::Identity, "BoundRoles", on)
        .writes(&[
            "iam:CreateRole",
            "iam:DeleteRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
        ])
        .when(WITHIN)
}

pub(super) const fn pass(sid: &'static str, on: &'static [&'static str], to: &'static [When]) -> Grant {
    Grant::new(Part::Identity, sid, on).writes(&["iam:PassRole"]).when(to)
}

pub(super) const fn attach(sid: &'static str, on: &'static [&'static str], which: &'static [When]) -> Grant {
    Grant::new(Part::Identity, sid, on).writes(&["iam:AttachRolePolicy", "iam:DetachRolePolicy"]).when(which)
}

/// The role an AWS service makes for itself at its first use in an account (IAM User Guide, "Create a service-linked
/// role"): the name in the pattern is the service's.
pub(super) const fn linked(on: &'static [&'static str]) -> Grant {
    Grant::new(Part::Identity, "LinkedRoles", on).writes(&["iam:CreateServiceLinkedRole"])
}
