//! Makes the resources, and learns what services need to reach them.

use std::collections::{BTreeMap, BTreeSet};

use cloud::Cloud;
use cloud::init::{Contents, InitError};
use model::System;
use model::system::{Facet, Resource};

use crate::Event;
use crate::environment::Variables;
use crate::reporter::Reporter;
use crate::secret::SecretValue;
use crate::translate::{self, names};

mod value;

/// Why a resource cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The cloud could not make it.
    #[error("resource `{resource}`: {}", told(reasons))]
    Cloud {
        /// Its name in the manifest.
        resource: String,
        /// What could not be made for it, and why.
        reasons: Vec<InitError>,
    },
    /// A database that Taxiway does not run: PostgreSQL, Redis, or MongoDB with a user and a password.
    #[error(
        "resource `{resource}` is a {kind} database, which Taxiway does not start on this machine; \
         run one, set {variables} in your environment, and run `taxiway up` again"
    )]
    Database {
        /// Its name in the manifest.
        resource: String,
        /// `postgres`, `mongodb`, `redis`.
        kind: &'static str,
        /// The variables that services get and the caller does not have.
        variables: String,
    },
    /// A parameter or secret could not be read or changed.
    #[error("resource `{resource}` cannot be read or changed: {reason}")]
    Parameter {
        /// Its name in the manifest.
        resource: String,
        /// The cloud's answer. Never a value.
        reason: String,
    },
    /// The system has no random numbers.
    #[error("cannot make a random value for `{resource}`: {reason}")]
    Random {
        /// Its name in the manifest.
        resource: String,
        /// The system's answer.
        reason: String,
    },
}

/// What services need to reach the resources.
#[derive(Debug, Default)]
pub(crate) struct Provisioned {
    /// Resource name → variable name → value.
    pub(crate) bindings: BTreeMap<String, Variables>,
    /// Secret or parameter name → its value.
    pub(crate) secrets: BTreeMap<String, SecretValue>,
    /// Secret name → its ARN, whose end only the cloud knows.
    arns: BTreeMap<String, String>,
    /// Parameter or secret name → fingerprint of the value the manifest has for it.
    pub(crate) fingerprints: Fingerprints,
    /// Resources that the caller runs: where they are is not shown, because it may hold a password.
    pub(crate) foreign: BTreeSet<String>,
}

/// Tells values that the manifest has from their successors, without holding them.
pub(crate) type Fingerprints = BTreeMap<String, String>;

/// The cloud and where it is reached.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) cloud: Cloud,
    /// Its URL without a slash at its end.
    pub(crate) endpoint: String,
}

impl Reached {
    /// Makes what `resource` of the manifest needs, or brings it up to date; a value that is there is kept.
    async fn provide(&self, resource: &str, contents: &Contents) -> Result<(), ProvisionError> {
        let provided = self.cloud.provide(contents).await;
        let failed = |reasons| ProvisionError::Cloud { resource: resource.to_owned(), reasons };
        provided.map(drop).map_err(failed)
    }
}

/// Makes every resource of the system. `caller` is where URLs of databases come from, `known` what the last run wrote.
pub(crate) async fn provision(
    system: &System,
    cloud: Option<&Reached>,
    caller: &Variables,
    known: &Fingerprints,
    reporter: &Reporter,
) -> Result<Provisioned, ProvisionError> {
    let mut provisioned = Provisioned::default();
    for (name, resource) in &system.resources {
        let foreign = translate::cloud::is_foreign(resource) || translate::cloud::is_given(resource, caller);
        let bindings = match cloud.filter(|_| !foreign) {
            Some(reached) => {
                make(system, resource, reached, known, &mut provisioned).await?;
                bind(system, resource, &reached.endpoint, &provisioned.arns)
            }
            None if is_used(system, name) => from_caller(resource, caller)?,
            None => continue,
        };
        if foreign {
            provisioned.foreign.insert(name.clone());
        }
        if !translate::cloud::is_foreign(resource) {
            let kind = names::kind(resource).to_owned();
            reporter.say(Event::ResourceReady { resource: name.clone(), kind });
        }
        provisioned.bindings.insert(name.clone(), bindings);
    }
    Ok(provisioned)
}

async fn make(
    system: &System,
    resource: &Resource,
    reached: &Reached,
    known: &Fingerprints,
    provisioned: &mut Provisioned,
) -> Result<(), ProvisionError> {
    let name = &resource.name;
    let contents = translate::cloud::contents(&names::physical(system, resource), resource);
    reached.provide(name, &contents).await?;
    let Some(wanted) = value::Wanted::of(system, resource) else { return Ok(()) };
    let arn = wanted.make(reached, known.get(name)).await?;
    provisioned.arns.extend(arn.map(|arn| (name.clone(), arn)));
    provisioned.fingerprints.extend(wanted.fingerprint().map(|fingerprint| (name.clone(), fingerprint)));
    if is_injected(system, name) {
        provisioned.secrets.insert(name.clone(), wanted.read(reached).await?);
    }
    Ok(())
}

fn is_injected(system: &System, resource: &str) -> bool {
    system.services.values().any(|service| service.secrets.values().any(|source| source == resource))
}

fn bind(system: &System, resource: &Resource, endpoint: &str, arns: &BTreeMap<String, String>) -> Variables {
    let values = resource.env.iter().filter_map(|(facet, variable)| {
        let known = arns.get(&resource.name).filter(|_| *facet == Facet::Arn).cloned();
        let value = known.or_else(|| names::facet(system, resource, *facet, endpoint))?;
        Some((variable.clone(), value))
    });
    values.collect()
}

fn is_used(system: &System, resource: &str) -> bool {
    system.services.values().any(|service| service.uses.contains_key(resource))
}

// A database of the caller's: the variables that services get must be in the caller's environment.
fn from_caller(resource: &Resource, caller: &Variables) -> Result<Variables, ProvisionError> {
    let wanted = || resource.env.values();
    let missing: Vec<&str> =
        wanted().filter(|name| !caller.contains_key(*name)).map(String::as_str).collect();
    if !missing.is_empty() {
        let (resource, kind) = (resource.name.clone(), names::kind(resource));
        return Err(ProvisionError::Database { resource, kind, variables: missing.join(" and ") });
    }
    Ok(wanted().filter_map(|name| Some((name.clone(), caller.get(name)?.clone()))).collect())
}

fn told(reasons: &[InitError]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
