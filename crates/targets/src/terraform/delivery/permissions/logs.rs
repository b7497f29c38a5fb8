//! Log groups, each by its name (Service Authorization Reference, "Amazon CloudWatch Logs").

use super::super::grant::{Grant, HERE_OR_GLOBAL, Part};

pub(super) const AURORA: &[Grant] =
    &group(&["arn:aws:logs:{region}:{account}:log-group:/aws/rds/cluster/{prefix}-*"]);
pub(super) const DOCUMENTDB: &[Grant] =
    &group(&["arn:aws:logs:{region}:{account}:log-group:/aws/docdb/{prefix}-*"]);
pub(super) const EKS: &[Grant] = &group(&["arn:aws:logs:{region}:{account}:log-group:/aws/eks/{prefix}/*"]);
pub(super) const HOOK: &[Grant] = &group(&["arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{hook}*"]);
pub(super) const NETWORK: &[Grant] = &group(&["arn:aws:logs:{region}:{account}:log-group:/vpc/{prefix}*"]);
pub(super) const POSTGRES: &[Grant] =
    &group(&["arn:aws:logs:{region}:{account}:log-group:/aws/rds/instance/{prefix}-*"]);
pub(super) const TASK: &[Grant] = &group(&["arn:aws:logs:{region}:{account}:log-group:/ecs/{prefix}-*"]);

pub(super) const GATEWAY: &[Grant] =
    &delivered(&["arn:aws:logs:{region}:{account}:log-group:/aws/vendedlogs/apigateway/{prefix}*"]);

/// CloudFront's firewall logs where it stands, in us-east-1.
pub(super) const FIREWALL: &[Grant] = &delivered(&[
    "arn:aws:logs:us-east-1:{account}:log-group:aws-waf-logs-{prefix}*",
    "arn:aws:logs:{region}:{account}:log-group:aws-waf-logs-{prefix}*",
]);

/// Finding one lists them all, which has no resource.
const LIST: Grant =
    Grant::new(Part::Data, "ListLogs", &["*"]).when(HERE_OR_GLOBAL).reads(&["logs:DescribeLogGroups"]);

const fn own(on: &'static [&'static str]) -> Grant {
    Grant::new(Part::Data, "Logs", on).reads(&["logs:ListTagsForResource"]).writes(&[
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
    ])
}

const fn group(on: &'static [&'static str]) -> [Grant; 2] {
    [LIST, own(on)]
}

/// Logs that an AWS service puts there, which whoever turns them on has to let it (CloudWatch Logs User Guide, "Enable
/// logging from AWS services").
const fn delivered(on: &'static [&'static str]) -> [Grant; 3] {
    let deliver = Grant::new(Part::Edge, "DeliverLogs", &["*"]).when(HERE_OR_GLOBAL).writes(&[
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ]);
    [LIST, own(on), deliver]
}
