//! Who may deliver from GitHub, and what each role may do: exactly what its job takes.

use std::collections::{BTreeMap, BTreeSet};

use model::System;
use model::system::{Ci, Orchestrator};

use self::grant::{Grant, Part};
use self::place::Place;
use super::hcl::Expression;
use super::identity::Statement;
use super::names::Names;
use super::service;

pub(super) mod boundary;
mod deploy;
mod grant;
mod permissions;
mod place;
mod state;

#[cfg(test)]
mod tests;

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

/// A role, by what it does.
struct Role {
    name: &'static str,
    description: &'static str,
    subjects: Vec<String>,
    /// Its statements by the name of the policy they stand in.
    policies: BTreeMap<&'static str, Vec<Statement>>,
}

/// The roles by their names: none where nothing delivers to this environment.
///
/// `modules` are those that the data and the compute stack call. The bootstrap stack is a person's to apply: it makes
/// these roles and keeps the state of all.
pub(super) fn roles(
    system: &System,
    names: &Names,
    modules: &BTreeSet<&'static str>,
) -> Vec<(&'static str, Expression)> {
    made(system, names, modules).into_iter().map(|role| (role.name, role.into())).collect()
}

fn made(system: &System, names: &Names, modules: &BTreeSet<&'static str>) -> Vec<Role> {
    let Some(ci) = &system.ci else { return Vec::new() };
    let delivering = subjects(ci, names);
    if delivering.is_empty() {
        return Vec::new();
    }
    let mut planning = delivering.clone();
    if is_planned_for_pull_requests(ci, names) {
        planning.insert(0, "pull_request".to_owned());
    }
    let place = Place::new(system, names);
    let grants = permissions::of(modules);
    let mut roles = vec![
        Role::new("apply", "Creates, changes and destroys", &delivering, apply(&grants, &place)),
        Role::new("build", "Pushes images", &delivering, BTreeMap::from([("build", build(system, names))])),
        Role::new("plan", "Reads what a plan compares", &planning, plan(&grants, &place)),
    ];
    if system.aws.orchestrator == Orchestrator::Ecs {
        let deploy = BTreeMap::from([("deploy", deploy::statements(&place))]);
        roles.push(Role::new("deploy", "Delivers new versions", &delivering, deploy));
    }
    roles.sort_by_key(|role| role.name);
    roles
}

/// One policy for each part: together they are more than one policy holds.
fn apply(grants: &[Grant], place: &Place) -> BTreeMap<&'static str, Vec<Statement>> {
    each_part(grants, |grants| grant::changing(grants, place), state::changing())
}

fn plan(grants: &[Grant], place: &Place) -> BTreeMap<&'static str, Vec<Statement>> {
    each_part(grants, |grants| grant::reading(grants, place), state::reading())
}

fn each_part(
    grants: &[Grant],
    statements: impl Fn(&[Grant]) -> Vec<Statement>,
    state: &[Grant],
) -> BTreeMap<&'static str, Vec<Statement>> {
    let parts: BTreeSet<Part> = grants.iter().map(|grant| grant.part).collect();
    let of = |part: Part| grants.iter().copied().filter(|grant| grant.part == part).collect::<Vec<_>>();
    let of_modules = parts.into_iter().map(|part| (part.name(), statements(&of(part))));
    let with_state = of_modules.chain([("state", statements(state))]);
    with_state.filter(|(_, statements)| !statements.is_empty()).collect()
}

impl Role {
    fn new(
        name: &'static str,
        description: &'static str,
        subjects: &[String],
        policies: BTreeMap<&'static str, Vec<Statement>>,
    ) -> Self {
        Self { name, description, subjects: subjects.to_vec(), policies }
    }
}

impl From<Role> for Expression {
    fn from(role: Role) -> Self {
        let policies = role.policies.into_iter().map(|(name, statements)| (name, Self::list(statements)));
        Self::object([
            ("description", Self::from(role.description)),
            ("subjects", Self::list(role.subjects)),
            ("policies", Self::object(policies)),
        ])
    }
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

/// A pull request is planned for the environment that its target delivers to. Where only tags or hands deliver there is no
/// such plan, and no way for somebody's branch to read what stands there.
fn is_planned_for_pull_requests(ci: &Ci, names: &Names) -> bool {
    ci.branches.values().any(|environment| environment == names.environment())
}

fn build(system: &System, names: &Names) -> Vec<Statement> {
    let repositories = service::running(system).filter(|service| service.image.is_none()).map(|service| {
        Expression::template(&format!(
            "arn:aws:ecr:{{var.region}}:{{var.account_id}}:repository/{}",
            names.of(&service.name)
        ))
    });
    let repositories: Vec<Expression> = repositories.collect();
    // A tag that moves is taken from one image and given to another.
    let moves = system.ci.as_ref().is_some_and(|ci| ci.latest);
    let latest = moves.then(|| Statement::new("MoveLatest", &["ecr:BatchDeleteImage"], repositories.clone()));
    // Whoever brings a release looks at the findings; on Kubernetes nobody does yet, so whoever builds does.
    let looks = system.aws.orchestrator != Orchestrator::Ecs;
    let findings =
        looks.then(|| Statement::new("Findings", &["ecr:DescribeImageScanFindings"], repositories.clone()));
    let sign_in = Statement::new("SignIn", &["ecr:GetAuthorizationToken"], vec!["*".into()]);
    let push = Statement::new("Push", &PUSH, repositories);
    [sign_in, push].into_iter().chain(latest).chain(findings).collect()
}
