//! Databases and caches (Service Authorization Reference, "Amazon RDS" and "Amazon ElastiCache"; DocumentDB's actions are
//! those of RDS).

use super::super::grant::{Grant, HERE, Part};
use super::identity::{BOUND, attach, bound, linked, pass, role};

/// The password is RDS's to make, with the rights of whoever asks for it (Amazon RDS User Guide, "Password management
/// with Amazon RDS and AWS Secrets Manager").
const PASSWORD: Grant = Grant::new(
    Part::Databases,
    "DatabasePasswords",
    &["arn:aws:secretsmanager:{region}:{account}:secret:rds!*"],
)
.writes(&["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"]);

const LINKED: Grant = linked(&["arn:aws:iam::{account}:role/aws-service-role/rds.amazonaws.com/*"]);

const READ: Grant = Grant::new(Part::Databases, "ReadDatabases", &["arn:aws:rds:{region}:{account}:*"])
    .reads(&[
        "rds:DescribeDBClusterParameterGroups",
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSubnetGroups",
        "rds:DescribeGlobalClusters",
        "rds:ListTagsForResource",
    ]);

const GROUPS: Grant =
    Grant::new(Part::Databases, "DatabaseSubnets", &["arn:aws:rds:{region}:{account}:subgrp:{prefix}-*"])
        .writes(&["rds:CreateDBSubnetGroup", "rds:DeleteDBSubnetGroup", "rds:ModifyDBSubnetGroup"]);

const MARK: Grant = Grant::new(
    Part::Databases,
    "MarkDatabases",
    &[
        "arn:aws:rds:{region}:{account}:cluster-pg:{prefix}-*",
        "arn:aws:rds:{region}:{account}:cluster:{prefix}-*",
        "arn:aws:rds:{region}:{account}:db:{prefix}-*",
        "arn:aws:rds:{region}:{account}:pg:{prefix}-*",
        "arn:aws:rds:{region}:{account}:subgrp:{prefix}-*",
    ],
)
.writes(&["rds:AddTagsToResource", "rds:RemoveTagsFromResource"]);

pub(super) const INSTANCE: &[Grant] = &[
    READ,
    GROUPS,
    MARK,
    PASSWORD,
    LINKED,
    Grant::new(
        Part::Databases,
        "DatabaseInstances",
        &[
            "arn:aws:rds:{region}:{account}:db:{prefix}-*",
            "arn:aws:rds:{region}:{account}:og:default:*",
            "arn:aws:rds:{region}:{account}:pg:{prefix}-*",
            "arn:aws:rds:{region}:{account}:snapshot:{prefix}-*",
            "arn:aws:rds:{region}:{account}:subgrp:{prefix}-*",
        ],
    )
    .writes(&[
        "rds:CreateDBInstance",
        "rds:CreateDBParameterGroup",
        "rds:CreateDBSnapshot",
        "rds:DeleteDBInstance",
        "rds:DeleteDBParameterGroup",
        "rds:ModifyDBInstance",
        "rds:ModifyDBParameterGroup",
        "rds:RebootDBInstance",
        "rds:ResetDBParameterGroup",
    ]),
];

/// Aurora and DocumentDB.
pub(super) const CLUSTER: &[Grant] = &[
    READ,
    GROUPS,
    MARK,
    PASSWORD,
    LINKED,
    Grant::new(
        Part::Databases,
        "DatabaseClusters",
        &[
            "arn:aws:rds:{region}:{account}:cluster-pg:{prefix}-*",
            "arn:aws:rds:{region}:{account}:cluster-snapshot:{prefix}-*",
            "arn:aws:rds:{region}:{account}:cluster:{prefix}-*",
            "arn:aws:rds:{region}:{account}:db:{prefix}-*",
            "arn:aws:rds:{region}:{account}:og:default:*",
            "arn:aws:rds:{region}:{account}:pg:default.*",
            "arn:aws:rds:{region}:{account}:subgrp:{prefix}-*",
        ],
    )
    .writes(&[
        "rds:CreateDBCluster",
        "rds:CreateDBClusterParameterGroup",
        "rds:CreateDBClusterSnapshot",
        "rds:CreateDBInstance",
        "rds:DeleteDBCluster",
        "rds:DeleteDBClusterParameterGroup",
        "rds:DeleteDBInstance",
        "rds:ModifyDBCluster",
        "rds:ModifyDBClusterParameterGroup",
        "rds:ModifyDBInstance",
        "rds:RebootDBInstance",
        "rds:ResetDBClusterParameterGroup",
    ]),
];

/// Enhanced Monitoring writes with a role.
pub(super) const MONITORING: &[Grant] = &[
    role(&["arn:aws:iam::{account}:role/{prefix}-*-monitoring"]),
    bound(&["arn:aws:iam::{account}:role/{prefix}-*-monitoring"]),
    pass(
        "PassToMonitoring",
        &["arn:aws:iam::{account}:role/{prefix}-*-monitoring"],
        &[("StringEquals", "iam:PassedToService", &["monitoring.rds.amazonaws.com"])],
    ),
    attach(
        "MonitoringPolicy",
        &["arn:aws:iam::{account}:role/{prefix}-*-monitoring"],
        &[
            BOUND,
            (
                "ArnEquals",
                "iam:PolicyARN",
                &["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
            ),
        ],
    ),
];

pub(super) const CACHE: &[Grant] = &[
    Grant::new(Part::Databases, "ReadCaches", &["*"]).when(HERE).reads(&[
        "elasticache:DescribeCacheClusters",
        "elasticache:DescribeCacheParameterGroups",
        "elasticache:DescribeCacheParameters",
        "elasticache:DescribeCacheSubnetGroups",
        "elasticache:DescribeReplicationGroups",
        "elasticache:ListTagsForResource",
    ]),
    Grant::new(
        Part::Databases,
        "Caches",
        &[
            "arn:aws:elasticache:{region}:{account}:cluster:{prefix}-*",
            "arn:aws:elasticache:{region}:{account}:parametergroup:{prefix}-*",
            "arn:aws:elasticache:{region}:{account}:replicationgroup:{prefix}-*",
            "arn:aws:elasticache:{region}:{account}:snapshot:{prefix}-*",
            "arn:aws:elasticache:{region}:{account}:subnetgroup:{prefix}-*",
        ],
    )
    .writes(&[
        "elasticache:AddTagsToResource",
        "elasticache:CreateCacheParameterGroup",
        "elasticache:CreateCacheSubnetGroup",
        "elasticache:CreateReplicationGroup",
        "elasticache:CreateSnapshot",
        "elasticache:DecreaseReplicaCount",
        "elasticache:DeleteCacheParameterGroup",
        "elasticache:DeleteCacheSubnetGroup",
        "elasticache:DeleteReplicationGroup",
        "elasticache:IncreaseReplicaCount",
        "elasticache:ModifyCacheParameterGroup",
        "elasticache:ModifyCacheSubnetGroup",
        "elasticache:ModifyReplicationGroup",
        "elasticache:RemoveTagsFromResource",
        "elasticache:ResetCacheParameterGroup",
    ]),
    linked(&["arn:aws:iam::{account}:role/aws-service-role/elasticache.amazonaws.com/*"]),
];
