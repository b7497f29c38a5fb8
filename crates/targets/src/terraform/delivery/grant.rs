//! What Terraform asks of one AWS service on behalf of a module: what a plan reads, what an apply does, and on what.

use model::System;
use model::system::{Orchestrator, ResourceKind};

use super::super::database::Engine;
use super::super::hcl::Expression;
use super::super::identity::{Condition, Statement};
use super::super::names::Names;
use super::super::{rollout, service, stack};

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

/// Actions on resources. `{region}`, `{account}`, `{prefix}`, `{short}`, `{path}`, `{system}`, `{environment}`,
/// `{state}` and `{lock}` stand for the system's own; `{bucket}`, `{hook}`, `{parameter}` and `{secret}` for the name of each
/// of its buckets, hooks, parameters and secrets.
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

    fn statement(&self, actions: &[&'static str], place: &Place<'_>) -> Option<Statement> {
        let resources: Vec<Expression> = self
            .on
            .iter()
            .flat_map(|pattern| place.fill(pattern))
            .map(|text| Expression::template(&text))
            .collect();
        let values = |values: &[&str]| {
            values
                .iter()
                .flat_map(|value| place.fill(value))
                .map(|text| Expression::template(&text))
                .collect()
        };
        let conditions =
            self.when.iter().map(|(operator, key, of)| Condition { operator, key, values: values(of) });
        (!actions.is_empty() && !resources.is_empty())
            .then(|| Statement::new(self.sid, actions, resources).when(conditions.collect()))
    }
}

/// The statements that let a plan read.
pub(super) fn reading(grants: &[Grant], place: &Place<'_>) -> Vec<Statement> {
    of(grants, place, |grant| grant.reads.to_vec())
}

/// The statements that let an apply read and change.
pub(super) fn changing(grants: &[Grant], place: &Place<'_>) -> Vec<Statement> {
    of(grants, place, |grant| grant.reads.iter().chain(grant.writes).copied().collect())
}

fn of(grants: &[Grant], place: &Place<'_>, actions: impl Fn(&Grant) -> Vec<&'static str>) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for statement in grants.iter().filter_map(|grant| grant.statement(&actions(grant), place)) {
        match statements.iter_mut().find(|known| known.is_alike(&statement)) {
            Some(known) => known.widen(statement),
            None => statements.push(statement),
        }
    }
    statements
}

/// What the placeholders stand for.
pub(super) struct Place<'a> {
    pub(super) system: &'a System,
    pub(super) names: &'a Names,
}

/// Characters that every name keeps that is cut for a target group (`Names::short`).
const SHORT: usize = 20;

impl Place<'_> {
    fn fill(&self, pattern: &str) -> Vec<String> {
        let prefix = format!("{}-", self.names.prefix());
        let text = pattern
            .replace("{short}", prefix.get(..SHORT).unwrap_or(&prefix).trim_end_matches('-'))
            .replace("{prefix}", &self.names.prefix())
            .replace("{path}", self.names.path("").trim_end_matches('/'))
            .replace("{system}", self.names.system())
            .replace("{environment}", self.names.environment())
            .replace("{state}", &stack::state_bucket(self.names, "{account}"))
            .replace("{lock}", &stack::lock_table(self.names));
        let each = match self.each(&text) {
            Some((place, names)) => names.iter().map(|name| text.replace(place, name)).collect(),
            None => vec![text],
        };
        let late =
            |text: String| text.replace("{region}", "{var.region}").replace("{account}", "{var.account_id}");
        each.into_iter().map(late).collect()
    }

    /// What a pattern stands for that is said once for each of a kind.
    fn each(&self, pattern: &str) -> Option<(&'static str, Vec<String>)> {
        let has = |place: &str| pattern.contains(place);
        if has("{bucket}") {
            Some(("{bucket}", self.buckets()))
        } else if has("{hook}") {
            Some(("{hook}", self.hooks()))
        } else if has("{parameter}") {
            Some(("{parameter}", self.paths(|kind| matches!(kind, ResourceKind::Parameter(_)))))
        } else if has("{secret}") {
            Some(("{secret}", self.secrets()))
        } else {
            None
        }
    }

    /// Paths of the resources of a kind.
    fn paths(&self, is_wanted: impl Fn(&ResourceKind) -> bool) -> Vec<String> {
        let resources = self.system.resources.iter().filter(|(_, resource)| is_wanted(&resource.kind));
        resources.map(|(name, _)| self.names.path(name)).collect()
    }

    /// Those that Terraform makes: secrets, and URLs of databases that somebody else runs.
    fn secrets(&self) -> Vec<String> {
        let is_external = |kind: &ResourceKind| Engine::of(kind) == Some(Engine::External);
        let urls = self.paths(is_external).into_iter().map(|path| format!("{path}/url"));
        self.paths(|kind| matches!(kind, ResourceKind::Secret(_))).into_iter().chain(urls).collect()
    }

    /// Named one by one: a pattern would reach the bucket that keeps the state.
    fn buckets(&self) -> Vec<String> {
        let is_bucket = |kind: &ResourceKind| matches!(kind, ResourceKind::Bucket(_));
        let resources = self.system.resources.iter().filter(|(_, resource)| is_bucket(&resource.kind));
        let is_balanced = matches!(self.system.aws.orchestrator, Orchestrator::Ecs)
            && service::balanced(self.system).next().is_some();
        let logs = is_balanced.then_some("access-logs");
        let names = resources.map(|(name, _)| name.as_str()).chain(logs);
        names.map(|name| format!("{}-{{account}}", self.names.of(name))).collect()
    }

    fn hooks(&self) -> Vec<String> {
        service::running(self.system)
            .filter(|service| service::is_blue_green(service))
            .flat_map(|service| {
                let hooks = rollout::hooks(service).into_keys();
                hooks.map(move |hook| rollout::function(self.names, service, rollout::event(hook)))
            })
            .collect()
    }
}
