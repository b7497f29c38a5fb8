//! ECS and what goes with it: scaling, delivery, discovery, jobs and hooks (Service Authorization Reference, the page of
//! each service).

use super::super::grant::{GLOBAL, Grant, HERE, MARKED, OURS, Part};
use super::identity::linked;

pub(super) const CLUSTER: &[Grant] = &[
    Grant::new(Part::Compute, "Cluster", &["arn:aws:ecs:{region}:{account}:cluster/{prefix}"])
        .reads(&["ecs:DescribeClusters"])
        .writes(&[
            "ecs:CreateCluster",
            "ecs:DeleteCluster",
            "ecs:PutClusterCapacityProviders",
            "ecs:TagResource",
            "ecs:UntagResource",
            "ecs:UpdateCluster",
            "ecs:UpdateClusterSettings",
        ]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/ecs.amazonaws.com/*"]),
];

pub(super) const SERVICE: &[Grant] =
    &[Grant::new(Part::Compute, "Services", &["arn:aws:ecs:{region}:{account}:service/{prefix}/{prefix}-*"])
        .reads(&["ecs:DescribeServices"])
        .writes(&[
            "ecs:CreateService",
            "ecs:DeleteService",
            "ecs:TagResource",
            "ecs:UntagResource",
            "ecs:UpdateService",
        ])];

/// Describing and deregistering have no resource of their own.
pub(super) const TASK: &[Grant] = &[
    Grant::new(Part::Compute, "FindTasks", &["*"])
        .when(HERE)
        .reads(&["ecs:DescribeTaskDefinition"])
        .writes(&["ecs:DeregisterTaskDefinition"]),
    Grant::new(Part::Compute, "Tasks", &["arn:aws:ecs:{region}:{account}:task-definition/{prefix}-*:*"])
        .writes(&["ecs:RegisterTaskDefinition", "ecs:TagResource", "ecs:UntagResource"]),
];

pub(super) const SCALING: &[Grant] = &[
    Grant::new(Part::Compute, "ReadScaling", &["*"]).when(HERE).reads(&[
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:DescribeScheduledActions",
    ]),
    Grant::new(
        Part::Compute,
        "Scaling",
        &["arn:aws:application-autoscaling:{region}:{account}:scalable-target/*"],
    )
    .reads(&["application-autoscaling:ListTagsForResource"])
    .writes(&[
        "application-autoscaling:DeleteScalingPolicy",
        "application-autoscaling:DeleteScheduledAction",
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:PutScheduledAction",
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:TagResource",
        "application-autoscaling:UntagResource",
    ]),
    // Target tracking makes alarms with the rights of whoever asks for it.
    Grant::new(
        Part::Compute,
        "ScalingAlarms",
        &["arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-service/{prefix}/*"],
    )
    .writes(&["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*"]),
];

pub(super) const DEPLOYMENT: &[Grant] = &[Grant::new(
    Part::Compute,
    "Deployments",
    &[
        "arn:aws:codedeploy:{region}:{account}:application:{prefix}-*",
        "arn:aws:codedeploy:{region}:{account}:deploymentconfig:{prefix}-*",
        "arn:aws:codedeploy:{region}:{account}:deploymentgroup:{prefix}-*",
    ],
)
.reads(&[
    "codedeploy:GetApplication",
    "codedeploy:GetDeploymentConfig",
    "codedeploy:GetDeploymentGroup",
    "codedeploy:ListTagsForResource",
])
.writes(&[
    "codedeploy:CreateApplication",
    "codedeploy:CreateDeploymentConfig",
    "codedeploy:CreateDeploymentGroup",
    "codedeploy:DeleteApplication",
    "codedeploy:DeleteDeploymentConfig",
    "codedeploy:DeleteDeploymentGroup",
    "codedeploy:TagResource",
    "codedeploy:UntagResource",
    "codedeploy:UpdateApplication",
    "codedeploy:UpdateDeploymentGroup",
])];

/// Namespaces and services have ids of Cloud Map's, and it makes the zone with the rights of whoever asks for it.
pub(super) const DISCOVERY: &[Grant] = &[
    Grant::new(Part::Compute, "MakeDiscovery", &["*"])
        .when(MARKED)
        .writes(&["servicediscovery:CreatePrivateDnsNamespace", "servicediscovery:CreateService"]),
    Grant::new(
        Part::Compute,
        "MakeInNamespace",
        &["arn:aws:servicediscovery:{region}:{account}:namespace/*"],
    )
    .when(OURS)
    .writes(&["servicediscovery:CreateService"]),
    Grant::new(Part::Compute, "ReadDiscovery", &["*"]).when(HERE).reads(&[
        "servicediscovery:GetNamespace",
        "servicediscovery:GetOperation",
        "servicediscovery:GetService",
        "servicediscovery:ListNamespaces",
        "servicediscovery:ListTagsForResource",
    ]),
    Grant::new(
        Part::Compute,
        "Discovery",
        &[
            "arn:aws:servicediscovery:{region}:{account}:namespace/*",
            "arn:aws:servicediscovery:{region}:{account}:service/*",
        ],
    )
    .when(OURS)
    .writes(&[
        "servicediscovery:DeleteNamespace",
        "servicediscovery:DeleteService",
        "servicediscovery:UpdatePrivateDnsNamespace",
        "servicediscovery:UpdateService",
    ]),
    Grant::new(Part::Compute, "MarkDiscovery", &["*"]).when(MARKED).writes(&["servicediscovery:TagResource"]),
    Grant::new(Part::Compute, "DiscoveryZone", &["*"])
        .reads(&["route53:GetHostedZone"])
        .writes(&["route53:CreateHostedZone", "route53:DeleteHostedZone", "route53:ListHostedZonesByName"])
        .when(GLOBAL),
];

pub(super) const JOB: &[Grant] = &[Grant::new(
    Part::Compute,
    "Schedules",
    &["arn:aws:scheduler:{region}:{account}:schedule/default/{prefix}-*"],
)
.reads(&["scheduler:GetSchedule"])
.writes(&["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"])];

pub(super) const HOOK: &[Grant] = &[
    Grant::new(Part::Compute, "Functions", &["arn:aws:lambda:{region}:{account}:function:{hook}"])
        .reads(&[
            "lambda:GetFunction",
            "lambda:GetFunctionCodeSigningConfig",
            "lambda:GetPolicy",
            "lambda:ListTags",
            "lambda:ListVersionsByFunction",
        ])
        .writes(&[
            "lambda:AddPermission",
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:GetFunctionConfiguration",
            "lambda:RemovePermission",
            "lambda:TagResource",
            "lambda:UntagResource",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ]),
    Grant::new(Part::Compute, "Rules", &["arn:aws:events:{region}:{account}:rule/{hook}-stopped"])
        .reads(&["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"])
        .writes(&[
            "events:DeleteRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:TagResource",
            "events:UntagResource",
        ]),
    Grant::new(
        Part::Compute,
        "ScheduleGroups",
        &["arn:aws:scheduler:{region}:{account}:schedule-group/{hook}"],
    )
    .reads(&["scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"])
    .writes(&[
        "scheduler:CreateScheduleGroup",
        "scheduler:DeleteScheduleGroup",
        "scheduler:TagResource",
        "scheduler:UntagResource",
    ]),
];
