//! What Terraform asks of one AWS service on behalf of a module: what a plan reads, what an apply does, and on what.

use super::super::hcl::Expression;
use super::super::identity::{Condition, Statement};
use super::place::Place;

/// Which policy of the `apply` role a grant stands in: a policy has a size, and one of these keeps below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Network,
    Data,
    Databases,
    Compute,
    Edge,
    Identity,
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Data => "data",
            Self::Databases => "databases",
            Self::Compute => "compute",
            Self::Edge => "edge",
            Self::Identity => "identity",
        }
    }
}

/// Actions on resources, whose names have the placeholders of a [`Place`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant {
    pub(super) part: Part,
    /// Grants of one sid are one statement: they differ in `on` only.
    pub(super) sid: &'static str,
    pub(super) reads: &'static [&'static str],
    pub(super) writes: &'static [&'static str],
    pub(super) on: &'static [&'static str],
    pub(super) when: &'static [When],
}

/// Operator, key, values.
pub(super) type When = (&'static str, &'static str, &'static [&'static str]);

/// In the system's region alone (IAM User Guide, "AWS global condition context keys").
pub(super) const HERE: &[When] = &[("StringEquals", "aws:RequestedRegion", &["{region}"])];

/// What is in no region counts as being in us-east-1: CloudFront, Route 53 (the same page).
pub(super) const GLOBAL: &[When] = &[("StringEquals", "aws:RequestedRegion", &["us-east-1"])];

/// In that region or where CloudFront's things stand.
pub(super) const HERE_OR_GLOBAL: &[When] =
    &[("StringEquals", "aws:RequestedRegion", &["{region}", "us-east-1"])];

/// On what wears the system's tags: the way where names are AWS's (IAM User Guide, "Controlling access to AWS resources
/// using tags").
pub(super) const OURS: &[When] = &[
    ("StringEquals", "aws:ResourceTag/System", &["{system}"]),
    ("StringEquals", "aws:ResourceTag/Environment", &["{environment}"]),
];

/// What gets the system's tags as it is made.
pub(super) const MARKED: &[When] = &[
    ("StringEquals", "aws:RequestTag/System", &["{system}"]),
    ("StringEquals", "aws:RequestTag/Environment", &["{environment}"]),
];

impl Grant {
    pub(super) const fn new(part: Part, sid: &'static str, on: &'static [&'static str]) -> Self {
        Self { part, sid, reads: &[], writes: &[], on, when: &[] }
    }

    pub(super) const fn reads(self, reads: &'static [&'static str]) -> Self {
        Self { reads, ..self }
    }

    pub(super) const fn writes(self, writes: &'static [&'static str]) -> Self {
        Self { writes, ..self }
    }

    pub(super) const fn when(self, when: &'static [When]) -> Self {
        Self { when, ..self }
    }

    fn statement(&self, actions: &[&'static str], place: &Place) -> Option<Statement> {
        let filled = |patterns: &[&str]| -> Vec<Expression> {
            let texts = patterns.iter().flat_map(|pattern| place.fill(pattern));
            texts.map(|text| Expression::template(&text)).collect()
        };
        let resources = filled(self.on);
        let conditions =
            self.when.iter().map(|(operator, key, of)| Condition { operator, key, values: filled(of) });
        (!actions.is_empty() && !resources.is_empty())
            .then(|| Statement::new(self.sid, actions, resources).when(conditions.collect()))
    }
}

/// The statements that let a plan read.
pub(super) fn reading(grants: &[Grant], place: &Place) -> Vec<Statement> {
    of(grants, place, |grant| grant.reads.to_vec())
}

/// The statements that let an apply read and change.
pub(super) fn changing(grants: &[Grant], place: &Place) -> Vec<Statement> {
    of(grants, place, |grant| grant.reads.iter().chain(grant.writes).copied().collect())
}

fn of(grants: &[Grant], place: &Place, actions: impl Fn(&Grant) -> Vec<&'static str>) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for statement in grants.iter().filter_map(|grant| grant.statement(&actions(grant), place)) {
        match statements.iter_mut().find(|known| known.is_alike(&statement)) {
            Some(known) => known.widen(statement),
            None => statements.push(statement),
        }
    }
    statements
}
