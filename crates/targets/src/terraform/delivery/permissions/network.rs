//! Amazon EC2's network (Service Authorization Reference, "Amazon EC2"). What is made has no name yet and reading has no
//! resource, so those are limited by region; what is there is limited by its tags.

use super::super::grant::{Grant, HERE, MARKED, OURS, Part};

const ANY: &[&str] = &["*"];
const ALL_OF_ACCOUNT: &[&str] = &["arn:aws:ec2:{region}:{account}:*/*"];

pub(super) const NETWORK: &[Grant] = &[
    Grant::new(Part::Network, "ReadNetwork", ANY).when(HERE).reads(&[
        "ec2:DescribeAddresses",
        "ec2:DescribeAddressesAttribute",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeFlowLogs",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribePrefixLists",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
    ]),
    Grant::new(Part::Network, "MakeNetwork", ANY).when(HERE).writes(&[
        "ec2:AllocateAddress",
        "ec2:CreateFlowLogs",
        "ec2:CreateInternetGateway",
        "ec2:CreateNatGateway",
        "ec2:CreateRouteTable",
        "ec2:CreateSubnet",
        "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint",
    ]),
    Grant::new(Part::Network, "ChangeNetwork", ALL_OF_ACCOUNT).when(OURS).writes(&[
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:CreateRoute",
        "ec2:DeleteFlowLogs",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteNatGateway",
        "ec2:DeleteRoute",
        "ec2:DeleteRouteTable",
        "ec2:DeleteSubnet",
        "ec2:DeleteVpc",
        "ec2:DeleteVpcEndpoints",
        "ec2:DetachInternetGateway",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:ModifySubnetAttribute",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress",
        "ec2:ReplaceRoute",
        "ec2:ReplaceRouteTableAssociation",
    ]),
    Grant::new(Part::Network, "MarkNetwork", ALL_OF_ACCOUNT).when(MARKED).writes(&["ec2:CreateTags"]),
    Grant::new(Part::Network, "ChangeMarks", ALL_OF_ACCOUNT)
        .when(OURS)
        .writes(&["ec2:CreateTags", "ec2:DeleteTags"]),
];

pub(super) const SECURITY_GROUP: &[Grant] = &[
    Grant::new(Part::Network, "ReadSecurityGroups", ANY).when(HERE).reads(&[
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroupRules",
        "ec2:DescribeSecurityGroups",
    ]),
    Grant::new(Part::Network, "MakeSecurityGroups", ANY).when(HERE).writes(&["ec2:CreateSecurityGroup"]),
    Grant::new(Part::Network, "ChangeSecurityGroups", ALL_OF_ACCOUNT).when(OURS).writes(&[
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
        "ec2:ModifySecurityGroupRules",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
        "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    ]),
    // A new rule has no tags yet; its group, which is asked for as well, has.
    Grant::new(Part::Network, "MakeRules", &["arn:aws:ec2:{region}:{account}:security-group-rule/*"])
        .writes(&["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"]),
];
