//! Makes the resources that the cloud holds, and learns what services need to reach them.

use std::collections::BTreeMap;

use cloud::Cloud;
use cloud::init::{Contents, InitError};
use model::System;
use model::system::{Facet, Resource};

use crate::Event;
use crate::databases::Sources;
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

/// Makes every resource that the cloud holds; `databases` says which others there are, `known` what the last run wrote.
pub(crate) async fn provision(
    system: &System,
    cloud: Option<&Reached>,
    databases: &Sources,
    known: &Fingerprints,
    reporter: &Reporter,
) -> Result<Provisioned, ProvisionError> {
    let mut provisioned = Provisioned::default();
    let Some(reached) = cloud else { return Ok(provisioned) };
    let held = |resource: &&Resource| translate::cloud::is_in_cloud(resource, databases);
    for resource in system.resources.values().filter(held) {
        make(system, resource, reached, known, &mut provisioned).await?;
        let bindings = bind(system, resource, &reached.endpoint, &provisioned.arns);
        let (name, kind) = (resource.name.clone(), names::kind(resource).to_owned());
        provisioned.bindings.insert(name.clone(), bindings);
        reporter.say(Event::ResourceReady { resource: name, kind });
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

fn told(reasons: &[InitError]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
