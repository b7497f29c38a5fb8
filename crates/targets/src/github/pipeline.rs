//! The pipeline of a manifest: all of its environments, and what leads to each.

use model::System;
use model::system::{Ci, CiProvider};

use crate::Fidelity;
use crate::fidelity::cases;
use crate::terraform::pipeline::{Stacks, stacks};

/// A pipeline.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub(super) system: String,
    /// The manifest's folder below the root.
    pub(super) folder: String,
    pub(super) environments: Vec<Environment>,
    pub(super) ci: Ci,
}

/// An environment that something delivers to.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) stacks: Stacks,
    pub(super) branches: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) by_hand: bool,
}

/// What a role is for: the last word of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Pushes images.
    Build,
    /// Reads what a plan compares.
    Plan,
    /// Applies the stacks.
    Apply,
    /// Brings releases.
    Deploy,
}

impl Pipeline {
    /// The pipeline of a manifest's environments, where it asks for one.
    pub(super) fn of(systems: &[System], folder: &str) -> Option<Self> {
        let first = systems.first()?;
        let ci = systems.iter().find_map(|system| system.ci.clone())?;
        let CiProvider::Github = ci.provider;
        let environments = systems.iter().filter_map(|system| Environment::of(system, &ci)).collect();
        Some(Self { system: first.name.clone(), folder: folder.to_owned(), environments, ci })
    }

    pub(super) fn is_root(&self) -> bool {
        self.folder.is_empty()
    }

    /// `taxiway.yaml`, from the root.
    pub(super) fn manifest(&self) -> String {
        self.at("taxiway.yaml")
    }

    /// A path that the manifest has, from the root.
    pub(super) fn at(&self, path: &str) -> String {
        joined(&self.folder, path)
    }

    /// The folder of an environment's stacks.
    pub(super) fn stacks(&self, environment: &Environment) -> String {
        self.at(&format!("deploy/aws/{}", environment.name))
    }

    /// A workflow's file.
    pub(super) fn workflow(&self, name: &str) -> String {
        workflow(&self.system, &self.folder, name)
    }

    /// A workflow's title.
    pub(super) fn title(&self, what: &str) -> String {
        format!("{}: {what}", self.system)
    }

    /// The repository variable that has a role's ARN: `AWS_ROLE_INGEST_PROD_BUILD`, as the role is `ingest-prod-build`.
    pub(super) fn role(&self, environment: &Environment, role: Role) -> String {
        let name = format!("AWS_ROLE_{}_{}_{}", self.system, environment.name, role.name());
        format!("${{{{ vars.{} }}}}", name.replace(['-', '.'], "_").to_ascii_uppercase())
    }

    /// What is not there exactly, in the words of the table of all targets.
    pub(super) fn fidelity(&self) -> Vec<Fidelity> {
        let mut notes = Vec::new();
        if self.environments.iter().any(|environment| environment.stacks.cluster.is_none()) {
            notes.push(Fidelity::of("aws.orchestrator", &cases::NOT_DELIVERED));
        }
        if !self.is_root() {
            notes.push(Fidelity::of("ci.provider", &cases::NO_DEPENDABOT));
        }
        notes
    }
}

impl Environment {
    fn of(system: &System, ci: &Ci) -> Option<Self> {
        let stacks = stacks(system);
        let name = stacks.folder.clone();
        let leading = |sources: &std::collections::BTreeMap<String, String>| -> Vec<String> {
            sources.iter().filter(|(_, to)| **to == name).map(|(source, _)| source.clone()).collect()
        };
        let (branches, tags) = (leading(&ci.branches), leading(&ci.tags));
        let by_hand = ci.manual.contains(&name);
        let is_delivered = by_hand || !branches.is_empty() || !tags.is_empty();
        is_delivered.then_some(Self { name, stacks, branches, tags, by_hand })
    }

    /// An expression that holds where a push leads here.
    pub(super) fn pushed(&self) -> Option<String> {
        let branches = self.branches.iter().map(|branch| matches("github.ref", "refs/heads/", branch));
        let tags = self.tags.iter().map(|tag| matches("github.ref", "refs/tags/", tag));
        let all: Vec<String> = branches.chain(tags).collect();
        (!all.is_empty()).then(|| all.join(" || "))
    }

    /// An expression that holds where a pull request's target leads here.
    pub(super) fn targeted(&self) -> Option<String> {
        let all: Vec<String> =
            self.branches.iter().map(|branch| matches("github.base_ref", "", branch)).collect();
        (!all.is_empty()).then(|| all.join(" || "))
    }
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Deploy => "deploy",
        }
    }
}

/// A workflow's file, of a system whose manifest lies in `folder`.
pub(super) fn workflow(system: &str, folder: &str, name: &str) -> String {
    let before = if folder.is_empty() { String::new() } else { format!("{system}-") };
    format!(".github/workflows/{before}{name}.yml")
}

/// An expression for a pattern: up to its first wildcard, since expressions know no others. The workflow's own filter
/// has matched the whole of it before.
fn matches(reference: &str, before: &str, pattern: &str) -> String {
    let literal = |text: &str| format!("'{before}{}'", text.replace('\'', "''"));
    match pattern.find(['*', '?', '+', '[', '!']) {
        None => format!("{reference} == {}", literal(pattern)),
        Some(end) => format!("startsWith({reference}, {})", literal(pattern.get(..end).unwrap_or_default())),
    }
}

/// Two paths as one, without `.` and, where it can be, without `..`.
pub(super) fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::{joined, matches};

    #[test]
    fn paths_are_joined() {
        assert_eq!(joined("systems/api", "../.."), ".");
        assert_eq!(joined("", "."), ".");
        assert_eq!(joined("systems/api", "deploy/./aws"), "systems/api/deploy/aws");
        assert_eq!(joined("", "../other"), "../other");
    }

    #[test]
    fn patterns_become_expressions() {
        assert_eq!(matches("github.ref", "refs/heads/", "main"), "github.ref == 'refs/heads/main'");
        assert_eq!(matches("github.ref", "refs/tags/", "v*"), "startsWith(github.ref, 'refs/tags/v')");
    }
}
