//! What roles may need at most, by the module that is the reason. Actions, resources and condition keys are those of the
//! Service Authorization Reference.

use super::super::grant::{Grant, HERE, Part};

/// A module, and what roles need because it is there.
pub(super) type Row = (&'static str, &'static [Grant]);

/// What is made for services to use stands under the module that makes it, what a role needs besides under its own.
pub(super) const TABLE: &[Row] = &[
    ("aurora", &[DATABASE_PASSWORDS, VALUES, MONITORING, MONITORING_STREAMS]),
    (
        "bucket",
        &[
            most("Buckets", &["arn:aws:s3:::{bucket}"], &["s3:ListBucket"]),
            most(
                "Objects",
                &["arn:aws:s3:::{bucket}/*"],
                &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            ),
        ],
    ),
    ("deployment", &[DEPLOYMENTS, TRAFFIC, FIND_TRAFFIC, PASS_TO_TASKS, HOOKS]),
    ("documentdb", &[DATABASE_PASSWORDS, VALUES]),
    ("eks", &[KUBERNETES, CLUSTER_KEY, BALANCERS_OF_KUBERNETES, FIND_SECRETS, SCALE_NODES]),
    (
        "hook",
        &[HOOK, ANSWER, TASKS, FOLLOW_TASKS, PASS_TO_TASKS, LIMIT, PASS_TO_LIMIT, HOOKS, HOOK_LOGS, SEND],
    ),
    ("job", &[TASKS, FOLLOW_TASKS, PASS_TO_TASKS, SEND]),
    (
        "network",
        &[most(
            "FlowLogs",
            &["arn:aws:logs:{region}:{account}:log-group:/vpc/{prefix}*"],
            &[
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
        )],
    ),
    (
        "parameter",
        &[
            most(
                "Parameters",
                &["arn:aws:ssm:{region}:{account}:parameter/{path}/*"],
                &["ssm:GetParameter", "ssm:GetParameters", "ssm:PutParameter"],
            ),
            VALUES,
        ],
    ),
    ("postgres", &[DATABASE_PASSWORDS, VALUES, MONITORING, MONITORING_STREAMS]),
    (
        "queue",
        &[most(
            "Queues",
            &["arn:aws:sqs:{region}:{account}:{prefix}-*"],
            &[
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:PurgeQueue",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
                "sqs:SetQueueAttributes",
            ],
        )],
    ),
    (
        "secret",
        &[
            most(
                "Secrets",
                &["arn:aws:secretsmanager:{region}:{account}:secret:{path}/*"],
                &["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            ),
            VALUES,
        ],
    ),
    (
        "task",
        &[
            IMAGES,
            SIGN_IN,
            most(
                "Logs",
                &["arn:aws:logs:{region}:{account}:log-group:/ecs/{prefix}-*:log-stream:*"],
                &["logs:CreateLogStream", "logs:PutLogEvents"],
            ),
        ],
    ),
];

const fn most(sid: &'static str, on: &'static [&'static str], actions: &'static [&'static str]) -> Grant {
    Grant::new(Part::Identity, sid, on).writes(actions)
}

const DATABASE_PASSWORDS: Grant = most(
    "DatabasePasswords",
    &["arn:aws:secretsmanager:{region}:{account}:secret:rds!*"],
    &["secretsmanager:GetSecretValue"],
);

/// Keys of values may be anybody's. AWS's own keys let everybody of the account in by their policies, but a boundary
/// that does not name an action limits those as well.
const VALUES: Grant = most("Values", &["arn:aws:kms:*:*:key/*"], &["kms:Decrypt", "kms:GenerateDataKey"])
    .when(&[(
        "StringEquals",
        "kms:ViaService",
        &["secretsmanager.{region}.amazonaws.com", "ssm.{region}.amazonaws.com"],
    )]);

/// AWS managed policy AmazonRDSEnhancedMonitoringRole.
const MONITORING: Grant = most(
    "Monitoring",
    &["arn:aws:logs:{region}:{account}:log-group:RDS*"],
    &["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
);
const MONITORING_STREAMS: Grant = most(
    "MonitoringStreams",
    &["arn:aws:logs:{region}:{account}:log-group:RDS*:log-stream:*"],
    &["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
);

const SIGN_IN: Grant = most("SignIn", &["*"], &["ecr:GetAuthorizationToken"]).when(HERE);

const IMAGES: Grant = most(
    "Images",
    &["arn:aws:ecr:{region}:{account}:repository/{prefix}-*"],
    &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
);

const TASKS: Grant = most(
    "Tasks",
    &[
        "arn:aws:ecs:{region}:{account}:task-definition/{prefix}-*",
        "arn:aws:ecs:{region}:{account}:task-definition/{prefix}-*:*",
    ],
    &["ecs:RunTask"],
);
const FOLLOW_TASKS: Grant = most(
    "FollowTasks",
    &["arn:aws:ecs:{region}:{account}:task/{prefix}/*"],
    &["ecs:DescribeTasks", "ecs:StopTask", "ecs:TagResource"],
);
const PASS_TO_TASKS: Grant = most(
    "PassToTasks",
    &["arn:aws:iam::{account}:role/{prefix}-*-execution", "arn:aws:iam::{account}:role/{prefix}-*-task"],
    &["iam:PassRole"],
)
.when(&[("StringEquals", "iam:PassedToService", &["ecs-tasks.amazonaws.com"])]);

/// Queues of what failed.
const SEND: Grant = most("Failed", &["arn:aws:sqs:{region}:{account}:{prefix}-*"], &["sqs:SendMessage"]);

const DEPLOYMENTS: Grant = most(
    "Deployments",
    &[
        "arn:aws:ecs:{region}:{account}:service/{prefix}/{prefix}-*",
        "arn:aws:ecs:{region}:{account}:task-set/{prefix}/{prefix}-*/*",
    ],
    &["ecs:CreateTaskSet", "ecs:DeleteTaskSet", "ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"],
);
const TRAFFIC: Grant = most(
    "Traffic",
    &[
        "arn:aws:elasticloadbalancing:{region}:{account}:listener-rule/app/{short}*",
        "arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{short}*",
    ],
    &["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
);
const FIND_TRAFFIC: Grant = most(
    "FindTraffic",
    &["*"],
    &[
        "cloudwatch:DescribeAlarms",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
    ],
)
.when(HERE);
const HOOKS: Grant =
    most("Hooks", &["arn:aws:lambda:{region}:{account}:function:{hook}"], &["lambda:InvokeFunction"]);

const HOOK: Grant = most(
    "Deployment",
    &["arn:aws:codedeploy:{region}:{account}:deploymentgroup:{prefix}-*"],
    &["codedeploy:GetDeployment"],
);
const ANSWER: Grant = most(
    "Answer",
    &["*"],
    &["codedeploy:PutLifecycleEventHookExecutionStatus", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
)
.when(HERE);
const LIMIT: Grant =
    most("Limit", &["arn:aws:scheduler:{region}:{account}:schedule/{hook}/*"], &["scheduler:CreateSchedule"]);
const PASS_TO_LIMIT: Grant = most(
    "PassToLimit",
    &["arn:aws:iam::{account}:role/{hook}-limit"],
    &["iam:PassRole"],
)
.when(&[("StringEquals", "iam:PassedToService", &["scheduler.amazonaws.com"])]);
const HOOK_LOGS: Grant = most(
    "HookLogs",
    &["arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{hook}:*"],
    &["logs:CreateLogStream", "logs:PutLogEvents"],
);

/// What AWS's managed policies of control plane, nodes and add-ons allow (AWS Managed Policy Reference,
/// AmazonEKSClusterPolicy, AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly, AmazonEKS_CNI_Policy and
/// AmazonEBSCSIDriverPolicy). Their names are Kubernetes' to give, so they are limited by region.
const KUBERNETES: Grant = most(
    "Kubernetes",
    &["*"],
    &[
        "autoscaling:Describe*",
        "autoscaling:UpdateAutoScalingGroup",
        "ec2:AssignPrivateIpAddresses",
        "ec2:AttachNetworkInterface",
        "ec2:AttachVolume",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CopyVolumes",
        "ec2:CreateNetworkInterface",
        "ec2:CreateRoute",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSnapshot",
        "ec2:CreateTags",
        "ec2:CreateVolume",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteRoute",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSnapshot",
        "ec2:DeleteTags",
        "ec2:DeleteVolume",
        "ec2:Describe*",
        "ec2:DetachNetworkInterface",
        "ec2:DetachVolume",
        "ec2:EnableFastSnapshotRestores",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "ec2:LockSnapshot",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:ModifyVolume",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "eks-auth:AssumeRoleForPodIdentity",
        "eks:DescribeCluster",
        "eks:DescribeNodegroup",
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:Apply*",
        "elasticloadbalancing:Attach*",
        "elasticloadbalancing:ConfigureHealthCheck",
        "elasticloadbalancing:Create*",
        "elasticloadbalancing:Delete*",
        "elasticloadbalancing:Deregister*",
        "elasticloadbalancing:Describe*",
        "elasticloadbalancing:Detach*",
        "elasticloadbalancing:Modify*",
        "elasticloadbalancing:Register*",
        "elasticloadbalancing:SetLoadBalancerPolicies*",
    ],
)
.when(HERE);
const CLUSTER_KEY: Grant =
    most("ClusterKey", &["arn:aws:kms:{region}:{account}:key/*"], &["kms:DescribeKey"]);
const BALANCERS_OF_KUBERNETES: Grant = most(
    "LinkedRoles",
    &["arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"],
    &["iam:CreateServiceLinkedRole"],
);
/// What operators in the cluster add: who brings secrets, and who adds nodes.
const FIND_SECRETS: Grant = most(
    "FindSecrets",
    &[
        "arn:aws:secretsmanager:{region}:{account}:secret:rds!*",
        "arn:aws:secretsmanager:{region}:{account}:secret:{path}/*",
    ],
    &["secretsmanager:DescribeSecret"],
);
const SCALE_NODES: Grant = most(
    "ScaleNodes",
    &["arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*"],
    &["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
);
