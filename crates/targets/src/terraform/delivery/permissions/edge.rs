//! Balancer, content delivery network, firewall and gateway (Service Authorization Reference, the page of each service).

use super::super::grant::{GLOBAL, Grant, HERE, MARKED, OURS, Part};
use super::identity::linked;

/// A balancer's and a target group's names are cut, so only their beginning is told.
pub(super) const BALANCER: &[Grant] = &[
    Grant::new(Part::Edge, "ReadBalancer", &["*"]).when(HERE).reads(&[
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
    ]),
    Grant::new(
        Part::Edge,
        "Balancer",
        &[
            "arn:aws:elasticloadbalancing:{region}:{account}:listener-rule/app/{short}*",
            "arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{short}*",
            "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{short}*",
            "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{short}*",
        ],
    )
    .writes(&[
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
    ]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"]),
];

/// A distribution's id is AWS's, so one that is there is known by its tags.
pub(super) const CDN: &[Grant] = &[
    Grant::new(Part::Edge, "MakeDistribution", &["*"])
        .when(GLOBAL)
        .writes(&["cloudfront:CreateDistribution"]),
    Grant::new(Part::Edge, "MarkDistribution", &["arn:aws:cloudfront::{account}:distribution/*"])
        .when(MARKED)
        .writes(&["cloudfront:TagResource"]),
    Grant::new(Part::Edge, "Distribution", &["arn:aws:cloudfront::{account}:distribution/*"])
        .when(OURS)
        .reads(&["cloudfront:GetDistribution", "cloudfront:ListTagsForResource"])
        .writes(&[
            "cloudfront:DeleteDistribution",
            "cloudfront:TagResource",
            "cloudfront:UntagResource",
            "cloudfront:UpdateDistribution",
        ]),
];

/// CloudFront's stands in us-east-1, a balancer's in its region. Rules of AWS's are asked for as resources too.
pub(super) const FIREWALL: &[Grant] = &[
    Grant::new(
        Part::Edge,
        "Firewall",
        &[
            "arn:aws:wafv2:us-east-1:{account}:global/webacl/{prefix}/*",
            "arn:aws:wafv2:{region}:{account}:regional/webacl/{prefix}/*",
        ],
    )
    .reads(&[
        "wafv2:GetLoggingConfiguration",
        "wafv2:GetWebACL",
        "wafv2:GetWebACLForResource",
        "wafv2:ListTagsForResource",
    ])
    .writes(&[
        "wafv2:AssociateWebACL",
        "wafv2:CreateWebACL",
        "wafv2:DeleteLoggingConfiguration",
        "wafv2:DeleteWebACL",
        "wafv2:PutLoggingConfiguration",
        "wafv2:TagResource",
        "wafv2:UntagResource",
        "wafv2:UpdateWebACL",
    ]),
    Grant::new(
        Part::Edge,
        "FirewallRules",
        &[
            "arn:aws:wafv2:us-east-1:{account}:global/managedruleset/*/*",
            "arn:aws:wafv2:{region}:{account}:regional/managedruleset/*/*",
        ],
    )
    .writes(&["wafv2:CreateWebACL", "wafv2:UpdateWebACL"]),
    Grant::new(
        Part::Edge,
        "FirewallOfBalancer",
        &["arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{short}*"],
    )
    .reads(&["wafv2:GetWebACLForResource"])
    .writes(&["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"]),
    Grant::new(Part::Edge, "SetFirewall", &["*"]).when(HERE).writes(&["elasticloadbalancing:SetWebAcl"]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/wafv2.amazonaws.com/*"]),
];

/// API Gateway's actions are HTTP's methods, on paths whose ids are its own.
pub(super) const GATEWAY: &[Grant] = &[
    Grant::new(
        Part::Edge,
        "Gateway",
        &[
            "arn:aws:apigateway:{region}::/apis",
            "arn:aws:apigateway:{region}::/apis/*",
            "arn:aws:apigateway:{region}::/tags/*",
            "arn:aws:apigateway:{region}::/vpclinks",
            "arn:aws:apigateway:{region}::/vpclinks/*",
        ],
    )
    .reads(&["apigateway:GET"])
    .writes(&["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/ops.apigateway.amazonaws.com/*"]),
];
