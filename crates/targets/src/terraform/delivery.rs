//! Who may deliver from GitHub, and what each role may do: exactly what its job takes.

use model::System;
use model::system::Ci;

use super::hcl::Expression;
use super::identity::{Statement, camel};
use super::names::Names;
use super::service;
use super::stack;

/// What is needed to push an image (Amazon ECR User Guide, "IAM permissions for pushing an image").
const PUSH: [&str; 7] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// The roles by their names: none where nothing delivers to this environment.
pub(super) fn roles(system: &System, names: &Names) -> Vec<(&'static str, Expression)> {
    let Some(ci) = &system.ci else { return Vec::new() };
    let delivering = subjects(ci, names);
    if delivering.is_empty() {
        return Vec::new();
    }
    let mut planning = vec!["pull_request".to_owned()];
    planning.extend(delivering.iter().cloned());
    vec![
        ("build", role("Pushes images", &delivering, build(system, names))),
        ("plan", role("Reads the state", &planning, plan(names))),
    ]
}

/// The branches and tags that deliver to this environment, as GitHub names them in its tokens; and the GitHub environment
/// of its name, whose rules say who may, where it is delivered to by hand.
fn subjects(ci: &Ci, names: &Names) -> Vec<String> {
    let here = |environment: &&String| environment.as_str() == names.environment();
    let branches = ci.branches.iter().filter(|(_, environment)| here(environment));
    let tags = ci.tags.iter().filter(|(_, environment)| here(environment));
    let by_hand = ci.manual.iter().filter(here).map(|environment| format!("environment:{environment}"));
    branches
        .map(|(branch, _)| format!("ref:refs/heads/{branch}"))
        .chain(tags.map(|(tag, _)| format!("ref:refs/tags/{tag}")))
        .chain(by_hand)
        .collect()
}

fn role(description: &str, subjects: &[String], statements: Vec<Statement>) -> Expression {
    Expression::object([
        ("description", Expression::from(description)),
        ("subjects", Expression::list(subjects)),
        ("statements", Expression::list(statements)),
    ])
}

fn build(system: &System, names: &Names) -> Vec<Statement> {
    let repositories = service::running(system).filter(|service| service.image.is_none()).map(|service| {
        Expression::template(&format!(
            "arn:aws:ecr:{{var.region}}:{{var.account_id}}:repository/{}",
            names.of(&service.name)
        ))
    });
    vec![
        Statement::new("SignIn", &["ecr:GetAuthorizationToken"], vec!["*".into()]),
        Statement::new("Push", &PUSH, repositories.collect()),
    ]
}

/// Terraform's documentation, "Backend Type: s3", permissions.
fn plan(names: &Names) -> Vec<Statement> {
    let bucket = format!("arn:aws:s3:::{}", stack::state_bucket(names, "{var.account_id}"));
    let table =
        format!("arn:aws:dynamodb:{{var.region}}:{{var.account_id}}:table/{}", stack::lock_table(names));
    vec![
        Statement::new("FindState", &["s3:ListBucket"], vec![Expression::template(&bucket)]),
        Statement::new(
            "ReadState",
            &["s3:GetObject"],
            vec![Expression::template(&format!("{bucket}/{}/*", names.path("").trim_end_matches('/')))],
        ),
        Statement::new(
            &camel("lock-state"),
            &["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
            vec![Expression::template(&table)],
        ),
    ]
}
