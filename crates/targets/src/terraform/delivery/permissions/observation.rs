//! Alarms, dashboards and whom they call (Service Authorization Reference, "Amazon CloudWatch" and "Amazon SNS").

use super::super::grant::{Grant, HERE, Part};

pub(super) const ALARMS: &[Grant] = &[
    Grant::new(Part::Edge, "FindAlarms", &["arn:aws:cloudwatch:{region}:{account}:alarm:*"])
        .reads(&["cloudwatch:DescribeAlarms"]),
    Grant::new(Part::Edge, "Alarms", &["arn:aws:cloudwatch:{region}:{account}:alarm:{prefix}-*"])
        .reads(&["cloudwatch:ListTagsForResource"])
        .writes(&[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ]),
];

pub(super) const DASHBOARD: &[Grant] =
    &[Grant::new(Part::Edge, "Dashboard", &["arn:aws:cloudwatch::{account}:dashboard/{prefix}"])
        .reads(&["cloudwatch:GetDashboard"])
        .writes(&["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"])];

/// Subscriptions have no resource of their own.
pub(super) const TOPIC: &[Grant] = &[
    Grant::new(Part::Edge, "Topics", &["arn:aws:sns:{region}:{account}:{prefix}-*"])
        .reads(&["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"])
        .writes(&[
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:TagResource",
            "sns:UntagResource",
        ]),
    Grant::new(Part::Edge, "Subscriptions", &["*"])
        .when(HERE)
        .reads(&["sns:GetSubscriptionAttributes"])
        .writes(&["sns:SetSubscriptionAttributes", "sns:Unsubscribe"]),
];
