//! EKS and its nodes (Service Authorization Reference, "Amazon Elastic Kubernetes Service" and "Amazon EC2").

use super::super::grant::{Grant, HERE, OURS, Part};
use super::identity::linked;

pub(super) const CLUSTER: &[Grant] = &[
    Grant::new(
        Part::Compute,
        "Kubernetes",
        &[
            "arn:aws:eks:{region}:{account}:access-entry/{prefix}/*",
            "arn:aws:eks:{region}:{account}:addon/{prefix}/*",
            "arn:aws:eks:{region}:{account}:cluster/{prefix}",
            "arn:aws:eks:{region}:{account}:nodegroup/{prefix}/*",
            "arn:aws:eks:{region}:{account}:podidentityassociation/{prefix}/*",
        ],
    )
    .reads(&[
        "eks:DescribeAccessEntry",
        "eks:DescribeAddon",
        "eks:DescribeCluster",
        "eks:DescribeNodegroup",
        "eks:DescribePodIdentityAssociation",
        "eks:DescribeUpdate",
        "eks:ListAssociatedAccessPolicies",
        "eks:ListPodIdentityAssociations",
        "eks:ListTagsForResource",
    ])
    .writes(&[
        "eks:AssociateAccessPolicy",
        "eks:AssociateEncryptionConfig",
        "eks:CreateAccessEntry",
        "eks:CreateAddon",
        "eks:CreateNodegroup",
        "eks:CreatePodIdentityAssociation",
        "eks:DeleteAccessEntry",
        "eks:DeleteAddon",
        "eks:DeleteCluster",
        "eks:DeleteNodegroup",
        "eks:DeletePodIdentityAssociation",
        "eks:DisassociateAccessPolicy",
        "eks:TagResource",
        "eks:UntagResource",
        "eks:UpdateAccessEntry",
        "eks:UpdateAddon",
        "eks:UpdateClusterConfig",
        "eks:UpdateClusterVersion",
        "eks:UpdateNodegroupConfig",
        "eks:UpdateNodegroupVersion",
        "eks:UpdatePodIdentityAssociation",
    ]),
    Grant::new(Part::Compute, "ReadNodes", &["*"])
        .when(HERE)
        .reads(&["ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates"])
        // EKS tries a launch template with the rights of whoever hands it over.
        .writes(&["ec2:CreateLaunchTemplate", "ec2:RunInstances"]),
    Grant::new(Part::Compute, "Nodes", &["arn:aws:ec2:{region}:{account}:launch-template/*"])
        .when(OURS)
        .writes(&[
            "ec2:CreateLaunchTemplateVersion",
            "ec2:DeleteLaunchTemplate",
            "ec2:DeleteLaunchTemplateVersions",
            "ec2:ModifyLaunchTemplate",
        ]),
    Grant::new(Part::Compute, "MakeKubernetes", &["*"]).when(HERE).writes(&["eks:CreateCluster"]),
    linked(&[
        "arn:aws:iam::{account}:role/aws-service-role/eks-nodegroup.amazonaws.com/*",
        "arn:aws:iam::{account}:role/aws-service-role/eks.amazonaws.com/*",
    ]),
];
