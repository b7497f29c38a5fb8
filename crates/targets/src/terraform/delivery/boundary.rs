//! The permissions boundary: the most that the roles of an environment may do, whatever their own policies say. Who
//! applies the stacks makes roles and writes their policies; without a boundary that would be the right to anything
//! (IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility to others using permissions
//! boundaries").

use std::collections::BTreeSet;

use model::System;

use super::super::hcl::{Body, Expression};
use super::super::identity::Statement;
use super::super::names::Names;
use super::super::stack::Stack;
use super::grant::{self, Grant};
use super::place::Place;
use limits::TABLE;

mod limits;

/// Modules that make roles: each takes the boundary.
const OF_ROLES: [&str; 8] = ["aurora", "deployment", "eks", "hook", "job", "network", "postgres", "task"];

/// Whether a module makes roles.
pub(in super::super) fn binds(module: &str) -> bool {
    OF_ROLES.contains(&module)
}

/// Its ARN. A name, not an output: who makes a role in another stack need not read the state of the one that makes it.
pub(in super::super) fn arn(names: &Names) -> Expression {
    Expression::template(&format!("arn:aws:iam::{{var.account_id}}:policy/{}", name(names)))
}

/// Makes it, for what `modules` of the other stacks need.
pub(in super::super) fn compose(
    system: &System,
    names: &Names,
    modules: &BTreeSet<&'static str>,
    bootstrap: &mut Stack,
) {
    let mut settings = Body::new();
    settings
        .set("name", name(names))
        .set("statements", Expression::list(statements(&Place::new(system, names), modules)));
    bootstrap.module("identity.tf", "boundary", "permissions-boundary", settings);
    bootstrap.output(
        "permissions_boundary_arn",
        "The most that roles of the other stacks may do.",
        Expression::reference("module.boundary.arn"),
    );
}

/// What the roles may do at most.
pub(super) fn statements(place: &Place, modules: &BTreeSet<&'static str>) -> Vec<Statement> {
    let rows = TABLE.iter().filter(|(module, _)| modules.contains(module));
    let grants: Vec<Grant> = rows.flat_map(|(_, grants)| grants.iter().copied()).collect();
    grant::changing(&grants, place)
}

fn name(names: &Names) -> String {
    names.of("boundary")
}
