//! A new version of a service without Terraform: a task definition, a migration, a rolling update or a CodeDeploy
//! deployment (Service Authorization Reference, "Amazon Elastic Container Service" and "AWS CodeDeploy").

use super::super::identity::Statement;
use super::grant::{self, Grant, HERE, Part};
use super::place::Place;

pub(super) fn statements(place: &Place) -> Vec<Statement> {
    grant::changing(GRANTS, place)
}

const GRANTS: &[Grant] = &[
    Grant::new(Part::Compute, "Images", &["arn:aws:ecr:{region}:{account}:repository/{prefix}-*"])
        .reads(&["ecr:DescribeImageScanFindings", "ecr:DescribeImages"]),
    Grant::new(Part::Compute, "FindTasks", &["*"])
        .when(HERE)
        .reads(&["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"]),
    Grant::new(
        Part::Compute,
        "TaskDefinitions",
        &["arn:aws:ecs:{region}:{account}:task-definition/{prefix}-*:*"],
    )
    .writes(&["ecs:RegisterTaskDefinition", "ecs:TagResource"]),
    Grant::new(Part::Compute, "Services", &["arn:aws:ecs:{region}:{account}:service/{prefix}/{prefix}-*"])
        .reads(&["ecs:DescribeServices"])
        .writes(&["ecs:UpdateService"]),
    // A migration of a service that rolls; under CodeDeploy its hook starts it.
    Grant::new(Part::Compute, "Migrate", &["arn:aws:ecs:{region}:{account}:task-definition/{prefix}-*:*"])
        .when(&[("ArnEquals", "ecs:cluster", &["arn:aws:ecs:{region}:{account}:cluster/{prefix}"])])
        .writes(&["ecs:RunTask"]),
    Grant::new(Part::Compute, "WatchMigration", &["arn:aws:ecs:{region}:{account}:task/{prefix}/*"])
        .reads(&["ecs:DescribeTasks"])
        .writes(&["ecs:StopTask"]),
    Grant::new(
        Part::Compute,
        "ReadMigrationLog",
        &["arn:aws:logs:{region}:{account}:log-group:/ecs/{prefix}-*:log-stream:*"],
    )
    .reads(&["logs:GetLogEvents"]),
    Grant::new(Part::Compute, "Revisions", &["arn:aws:codedeploy:{region}:{account}:application:{prefix}-*"])
        .reads(&["codedeploy:GetApplicationRevision"])
        .writes(&["codedeploy:RegisterApplicationRevision"]),
    Grant::new(
        Part::Compute,
        "Deployments",
        &["arn:aws:codedeploy:{region}:{account}:deploymentgroup:{prefix}-*"],
    )
    .reads(&["codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments"])
    .writes(&["codedeploy:CreateDeployment"]),
    // Stopping has no resource of its own.
    Grant::new(Part::Compute, "StopDeployments", &["*"]).when(HERE).writes(&["codedeploy:StopDeployment"]),
    Grant::new(Part::Compute, "Traffic", &["arn:aws:codedeploy:{region}:{account}:deploymentconfig:*"])
        .reads(&["codedeploy:GetDeploymentConfig"]),
    Grant::new(
        Part::Compute,
        "PassToTasks",
        &["arn:aws:iam::{account}:role/{prefix}-*-execution", "arn:aws:iam::{account}:role/{prefix}-*-task"],
    )
    .when(&[("StringEquals", "iam:PassedToService", &["ecs-tasks.amazonaws.com"])])
    .writes(&["iam:PassRole"]),
];
