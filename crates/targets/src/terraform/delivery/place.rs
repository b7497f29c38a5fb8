//! The names in one environment's policies: what the placeholders of a pattern stand for.

use model::System;
use model::system::{Orchestrator, ResourceKind};

use super::super::database::Engine;
use super::super::names::Names;
use super::super::rollout::hook;
use super::super::{service, stack};

/// Characters that every name keeps that is cut for a target group (`Names::short`).
const SHORT: usize = 20;

/// The account and the region as Terraform is told them.
const ACCOUNT: &str = "{var.account_id}";
const REGION: &str = "{var.region}";

/// `{region}`, `{account}`, `{prefix}`, `{short}`, `{path}`, `{system}`, `{environment}`, `{state}` and `{lock}` stand for the
/// system's own; `{bucket}`, `{hook}`, `{parameter}` and `{secret}` for the name of each of its buckets, hooks, parameters
/// and secrets.
pub(super) struct Place {
    known: Vec<(&'static str, Vec<String>)>,
}

impl Place {
    pub(super) fn new(system: &System, names: &Names) -> Self {
        let prefix = format!("{}-", names.prefix());
        let short = prefix.get(..SHORT).unwrap_or(&prefix).trim_end_matches('-').to_owned();
        let path = names.path("").trim_end_matches('/').to_owned();
        let one = |name, value: &str| (name, vec![value.to_owned()]);
        let known = vec![
            one("region", REGION),
            one("account", ACCOUNT),
            one("prefix", &names.prefix()),
            one("short", &short),
            one("path", &path),
            one("system", names.system()),
            one("environment", names.environment()),
            one("state", &stack::state_bucket(names, ACCOUNT)),
            one("lock", &stack::lock_table(names)),
            ("bucket", buckets(system, names)),
            ("hook", hooks(system, names)),
            ("parameter", paths(system, names, |kind| matches!(kind, ResourceKind::Parameter(_)))),
            ("secret", secrets(system, names)),
        ];
        Self { known }
    }

    /// The pattern with every placeholder filled: once for each of a kind, and so perhaps not at all. What is no
    /// placeholder is a reference, and stays.
    pub(super) fn fill(&self, pattern: &str) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut rest = pattern;
        while let Some((before, (name, behind))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            texts.iter_mut().for_each(|text| text.push_str(before));
            texts = match self.values(name) {
                Some([value]) => texts.into_iter().map(|text| text + value).collect(),
                Some(values) => {
                    let each = |text: String| values.iter().map(move |value| format!("{text}{value}"));
                    texts.into_iter().flat_map(each).collect()
                }
                None => texts.into_iter().map(|text| format!("{text}{{{name}}}")).collect(),
            };
            rest = behind;
        }
        texts.iter_mut().for_each(|text| text.push_str(rest));
        texts
    }

    fn values(&self, name: &str) -> Option<&[String]> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, values)| values.as_slice())
    }
}

/// Paths of the resources of a kind.
fn paths(system: &System, names: &Names, is_wanted: impl Fn(&ResourceKind) -> bool) -> Vec<String> {
    let resources = system.resources.iter().filter(|(_, resource)| is_wanted(&resource.kind));
    resources.map(|(name, _)| names.path(name)).collect()
}

/// Those that Terraform makes: secrets, and URLs of databases that somebody else runs.
fn secrets(system: &System, names: &Names) -> Vec<String> {
    let is_external = |kind: &ResourceKind| Engine::of(kind) == Some(Engine::External);
    let urls = paths(system, names, is_external).into_iter().map(|path| format!("{path}/url"));
    paths(system, names, |kind| matches!(kind, ResourceKind::Secret(_))).into_iter().chain(urls).collect()
}

/// Named one by one: a pattern would reach the bucket that keeps the state.
fn buckets(system: &System, names: &Names) -> Vec<String> {
    let is_bucket = |kind: &ResourceKind| matches!(kind, ResourceKind::Bucket(_));
    let resources = system.resources.iter().filter(|(_, resource)| is_bucket(&resource.kind));
    let is_balanced =
        matches!(system.aws.orchestrator, Orchestrator::Ecs) && service::balanced(system).next().is_some();
    let logs = is_balanced.then_some("access-logs");
    let buckets = resources.map(|(name, _)| name.as_str()).chain(logs);
    buckets.map(|name| format!("{}-{ACCOUNT}", names.of(name))).collect()
}

fn hooks(system: &System, names: &Names) -> Vec<String> {
    service::running(system)
        .filter(|service| service::is_blue_green(service))
        .flat_map(|service| {
            let hooks = hook::hooks(service).into_keys();
            hooks.map(move |at| hook::function(names, service, at))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        let pair = vec!["a".to_owned(), "b".to_owned()];
        Place { known: vec![("one", vec!["1".to_owned()]), ("two", pair), ("none", Vec::new())] }
    }

    #[test]
    fn a_pattern_is_said_once_for_each() {
        let place = place();
        assert_eq!(place.fill("x-{var.y}"), ["x-{var.y}"]);
        assert_eq!(place.fill("{one}-x-{one}"), ["1-x-1"]);
        assert_eq!(place.fill("{one}:{two}/*"), ["1:a/*", "1:b/*"]);
        assert!(place.fill("{one}:{none}/*").is_empty());
    }
}
