//! What a service finds in its environment: every name once.

use std::collections::BTreeMap;

use super::{Scene, resource};
use crate::manifest::LOCAL;
use crate::problem::{Findings, TextRange};
use crate::written::Service;

/// Variables that Taxiway and AWS set themselves.
const RESERVED: &[&str] = &[
    "PORT",
    "HOST",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
];
/// Beginnings of further ones.
const RESERVED_BEGINNINGS: &[&str] = &["AWS_ENDPOINT_URL", "AWS_CONTAINER_", "ECS_CONTAINER_", "TAXIWAY_"];

/// Variable → who sets it, and where that is written.
type Bound = BTreeMap<String, (String, TextRange)>;

/// Checks that nobody sets what somebody else sets.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, item) in scene.services().iter() {
        let mut bound = Bound::new();
        written(name, &item.at, &mut bound, findings);
        bindings(scene, name, &item.at, &mut bound, findings);
        credentials(scene, name, &item.at, findings);
    }
}

fn written(name: &str, service: &Service, bound: &mut Bound, findings: &mut Findings) {
    for (variable, item) in service.env.iter() {
        if reserved(variable, item.key, name, findings) {
            continue;
        }
        bound.insert(variable.clone(), ("`env`".to_owned(), item.key));
    }
    for (variable, item) in service.secrets.iter() {
        if reserved(variable, item.key, name, findings) {
            continue;
        }
        bind(variable, "`secrets`".to_owned(), item.key, name, bound, findings);
    }
}

fn bindings(scene: &Scene<'_>, name: &str, service: &Service, bound: &mut Bound, findings: &mut Findings) {
    for (used, access) in service.uses.iter() {
        let Some(item) = scene.resources().entries.get(used) else { continue };
        for variable in resource::bindings(used, &item.at).into_values() {
            bind(&variable, format!("resource `{used}`"), access.key, name, bound, findings);
        }
    }
}

/// User and password of each database that AWS runs come in variables of their own, on ECS.
fn credentials(scene: &Scene<'_>, name: &str, service: &Service, findings: &mut Findings) {
    if scene.on_kubernetes() || scene.environment == Some(LOCAL) {
        return;
    }
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    for (used, access) in service.uses.iter() {
        let Some(item) = scene.resources().entries.get(used) else { continue };
        let variables = resource::credentials(&item.at);
        let clash = variables.iter().find_map(|variable| Some((*variable, *given.get(variable)?)));
        if let Some((variable, first)) = clash {
            let upper = used.to_ascii_uppercase().replace('-', "_");
            findings
                .error(access.key, format!("`{variable}` of service `{name}` would be that of two databases: `{first}` and `{used}`"))
                .hint(format!("name those of `{used}`: `env: {{ url: {upper}_URL, user: {upper}_USER, password: {upper}_PASSWORD }}`"));
        }
        given.extend(variables.into_iter().map(|variable| (variable, used.as_str())));
    }
}

fn bind(
    variable: &str,
    by: String,
    range: TextRange,
    service: &str,
    bound: &mut Bound,
    findings: &mut Findings,
) {
    let Some((first, _)) = bound.get(variable) else {
        bound.insert(variable.to_owned(), (by, range));
        return;
    };
    let resource = by.strip_prefix("resource ").or_else(|| first.strip_prefix("resource "));
    let message = format!("`{variable}` of service `{service}` is set twice: by {first} and by {by}");
    let hint = match resource {
        Some(resource) => {
            format!("give the resource {resource} another variable: `env: {}`", renamed(resource, variable))
        }
        None => "keep one of the two".to_owned(),
    };
    findings.error(range, message).hint(hint);
}

/// `SQS_QUEUE_URL` for the resource `jobs`: `JOBS_QUEUE_URL`.
fn renamed(resource: &str, variable: &str) -> String {
    let prefix = resource.trim_matches('`').to_ascii_uppercase().replace('-', "_");
    let tail = variable.split_once('_').map_or(variable, |(_, tail)| tail);
    format!("{prefix}_{tail}")
}

fn reserved(variable: &str, range: TextRange, service: &str, findings: &mut Findings) -> bool {
    let taken =
        RESERVED.contains(&variable) || RESERVED_BEGINNINGS.iter().any(|begin| variable.starts_with(begin));
    if taken {
        let message = format!("`{variable}` of service `{service}` is set by Taxiway");
        let hint = match variable {
            "PORT" => "remove it; `port` says where a container listens, and a local process gets a free one",
            "HOST" => "remove it; every process gets the address it should listen on",
            own if own.starts_with("TAXIWAY_") => {
                "remove it; names that begin with `TAXIWAY_` are Taxiway's own"
            }
            _ => "remove it; region, endpoint and credentials are the same for every service",
        };
        findings.error(range, message).hint(hint);
    }
    taken
}
