//! What each service's processes find in their environment.
//!
//! Later entries win: the caller's environment without what could reach a real account, the local cloud, bindings of
//! the resources the service uses, other services' URLs, secrets, the service's own `env`, and last what makes a replica
//! this replica: `PORT`, `HOST` and the project's marker.

use std::collections::BTreeMap;

use model::System;
use model::system::{Service, url_variable};

use crate::orphans::MARKER;
use crate::secret::SecretValue;

/// Variables of a process.
pub(crate) type Variables = BTreeMap<String, String>;

/// What stands behind the names in the manifest, once everything is provisioned.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// The cloud's URL, where the system has something in it.
    pub(crate) cloud: Option<String>,
    /// Resource name → variable name → value, for those who use it.
    pub(crate) bindings: BTreeMap<String, Variables>,
    /// Secret or parameter name → its value, for those it is injected into.
    pub(crate) secrets: BTreeMap<String, SecretValue>,
    /// Internal service → its URL.
    pub(crate) internal: BTreeMap<String, String>,
}

/// The caller's environment as services inherit it.
///
/// Nothing of it may lead to a real account (every `AWS_` variable goes), into another Taxiway, or past the port a
/// replica is given; and no proxy may stand between a service and this machine.
pub(crate) fn inherited(caller: &Variables) -> Variables {
    let is_ours = |name: &str| name.starts_with("AWS_") || name.starts_with("TAXIWAY_");
    let kept = caller.iter().filter(|(name, _)| !is_ours(name) && !matches!(name.as_str(), "PORT" | "HOST"));
    let mut kept: Variables = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    for name in ["NO_PROXY", "no_proxy"] {
        let local = "localhost,127.0.0.1";
        let value = kept.get(name).map_or_else(|| local.to_owned(), |value| format!("{value},{local}"));
        kept.insert(name.to_owned(), value);
    }
    kept.entry("PYTHONUNBUFFERED".to_owned()).or_insert_with(|| "1".to_owned());
    kept
}

/// What every process of `service` finds, whichever replica it is.
pub(crate) fn of_service(
    system: &System,
    service: &Service,
    inherited: &Variables,
    world: &World,
) -> Variables {
    let mut variables = inherited.clone();
    if let Some(endpoint) = &world.cloud {
        variables.extend(cloud(&system.aws.region, endpoint));
    }
    let others = world.internal.iter().filter(|(name, _)| **name != service.name);
    variables.extend(others.map(|(name, url)| (url_variable(name), url.clone())));
    let used = service.uses.keys().filter_map(|resource| world.bindings.get(resource));
    variables.extend(used.flatten().map(|(name, value)| (name.clone(), value.clone())));
    let secrets =
        service.secrets.iter().filter_map(|(name, source)| Some((name, world.secrets.get(source)?)));
    variables.extend(secrets.map(|(name, value)| (name.clone(), value.reveal().to_owned())));
    variables.extend(service.env.clone());
    variables
}

/// What makes a replica this replica. `port` is a web service's.
pub(crate) fn of_replica(service: &Variables, marker: &str, replica: &str, port: Option<u16>) -> Variables {
    let mut variables = service.clone();
    if let Some(port) = port {
        variables.insert("PORT".to_owned(), port.to_string());
        variables.insert("HOST".to_owned(), "127.0.0.1".to_owned());
    }
    variables.insert(MARKER.to_owned(), marker.to_owned());
    variables.insert("TAXIWAY_REPLICA".to_owned(), replica.to_owned());
    variables
}

// What every AWS SDK needs to talk to the local cloud and to nothing else.
fn cloud(region: &str, endpoint: &str) -> [(String, String); 6] {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests;
