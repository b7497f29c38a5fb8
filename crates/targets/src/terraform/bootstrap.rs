//! The first stack: where the state is kept, what roles may do at most, and who may deliver from GitHub.

use std::collections::BTreeSet;

use model::System;

use super::delivery::{self, boundary};
use super::hcl::{Body, Expression};
use super::names::Names;
use super::stack::{self, Kind, Stack, Variable};

/// `modules` are those of the other stacks, whose resources the roles of GitHub are for.
pub(super) fn compose(system: &System, names: &Names, modules: &BTreeSet<&'static str>) -> Stack {
    let mut bootstrap = Stack::new(Kind::Bootstrap, names, &system.aws.region);
    state(system, names, &mut bootstrap);
    boundary::compose(system, names, modules, &mut bootstrap);
    let roles = delivery::roles(system, names, modules);
    if !roles.is_empty() {
        github(system, names, &mut bootstrap, roles);
    }
    bootstrap
}

fn state(system: &System, names: &Names, bootstrap: &mut Stack) {
    let mut settings = Body::new();
    settings
        .set("bucket_name", Expression::template(&stack::state_bucket(names, "{var.account_id}")))
        .set("lock_table_name", stack::lock_table(names))
        .set("protect", system.protect);
    bootstrap.module("state.tf", "state", "state", settings);
    bootstrap.output(
        "state_bucket",
        "The bucket that keeps the state of all stacks.",
        Expression::reference("module.state.bucket"),
    );
    bootstrap.output(
        "lock_table",
        "The table that locks it.",
        Expression::reference("module.state.lock_table"),
    );
}

fn github(system: &System, names: &Names, bootstrap: &mut Stack, roles: Vec<(&'static str, Expression)>) {
    let repository = system.ci.as_ref().and_then(|ci| ci.repository.as_deref());
    let mut variable = Variable::new("string", "The GitHub repository that delivers the system, owner/name.")
        .valid(
            "can(regex(\"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$\", var.github_repository))",
            "A repository is written owner/name.",
        );
    variable.default = repository.map(Expression::from);
    variable.example = Some(repository.unwrap_or("example/system").into());
    bootstrap.variable("github_repository", variable);
    let made = "Whether this stack makes the account's OIDC provider of GitHub. An account has one: false where it is there already.";
    bootstrap.variable("create_oidc_provider", Variable::new("bool", made).default(true).example(true));
    let mut settings = Body::new();
    settings
        .set("name", names.prefix())
        .set("account_id", Expression::reference("var.account_id"))
        .set("repository", Expression::reference("var.github_repository"))
        .set("create_provider", Expression::reference("var.create_oidc_provider"))
        .set("roles", Expression::object(roles));
    bootstrap.module("identity.tf", "github", "github-oidc", settings);
    bootstrap.output(
        "github_role_arns",
        "The roles that workflows take on, by what they do.",
        Expression::reference("module.github.role_arns"),
    );
    bootstrap.output(
        "github_oidc_provider_arn",
        "The provider that vouches for them.",
        Expression::reference("module.github.provider_arn"),
    );
}
