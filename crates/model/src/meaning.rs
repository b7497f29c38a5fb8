//! From what was written to what it means: defaults that depend on other fields, names resolved, and every
//! check that looks at more than one field.

use crate::language::{Item, Map, Name, nearest};
use crate::problem::{Findings, TextRange};
use crate::system::System;
use crate::written::platform::OrchestratorWord;
use crate::written::{Manifest, Resource, Service};
use crate::yaml::shorten;

mod access;
mod alarm;
mod cluster;
mod edge;
mod exposure;
mod fargate;
mod names;
mod network;
mod order;
mod platform;
mod resource;
mod rollout;
mod scale;
mod secrecy;
mod service;
mod variables;

/// What every check may look at.
pub(crate) struct Scene<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) environment: Option<&'a str>,
}

/// The system a manifest describes in one environment. Says everything that is wrong; where that includes an
/// error, the system is not to be used.
pub(crate) fn system(manifest: &Manifest, environment: Option<&str>, findings: &mut Findings) -> System {
    let scene = Scene { manifest, environment };
    names::check(&scene, findings);
    network::check(&scene, findings);
    order::check(&scene, findings);
    access::check(&scene, findings);
    variables::check(&scene, findings);
    secrecy::check(&scene, findings);
    let services = scene.services().iter();
    let resources = scene.resources().iter();
    let system = System {
        name: manifest.name.value.0.clone(),
        environment: environment.map(str::to_owned),
        protect: manifest.protect.value,
        services: services
            .map(|(name, item)| (name.clone(), service::resolve(&scene, name, item, findings)))
            .collect(),
        resources: resources
            .map(|(name, item)| (name.clone(), resource::resolve(&scene, name, item, findings)))
            .chain(edge::implied(&scene))
            .collect(),
        edge: edge::resolve(&scene, findings),
        alarms: alarm::resolve(&scene, findings),
        aws: platform::aws(&scene, findings),
        kubernetes: platform::kubernetes(&scene),
        ci: platform::ci(&scene, findings),
        patches: platform::patches(&scene),
    };
    exposure::check(&scene, &system, findings);
    system
}

impl<'a> Scene<'a> {
    pub(crate) fn services(&self) -> &'a Map<Name, Service> {
        &self.manifest.services.value
    }

    /// Whether the system is for Kubernetes, on EKS or elsewhere: then what Fargate cannot do does not matter.
    pub(crate) fn on_kubernetes(&self) -> bool {
        let eks = self.manifest.aws.orchestrator.value == OrchestratorWord::Eks;
        self.manifest.kubernetes.is_some() || eks
    }

    pub(crate) fn resources(&self) -> &'a Map<Name, Resource> {
        &self.manifest.resources.value
    }

    /// The resource of a name; says so where nothing defines it.
    pub(crate) fn resource(
        &self,
        name: &str,
        range: TextRange,
        subject: &str,
        findings: &mut Findings,
    ) -> Option<&'a Item<Resource>> {
        let resources = self.resources();
        if !resources.declares(name) {
            let service = self.services().declares(name);
            let message = format!("{subject} `{}`, which nothing defines", shorten(name));
            let near = suggestion(name, resources.names(), findings);
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if service => {
                    format!("`{name}` is a service; services reach each other by name without `uses`")
                }
                None => format!("define it under `resources`: `{name}: {{ type: queue }}`"),
            };
            findings.error(range, message).hint(hint);
        }
        resources.entries.get(name)
    }

    /// The service of a name; says so where nothing defines it.
    pub(crate) fn service(
        &self,
        name: &str,
        range: TextRange,
        subject: &str,
        findings: &mut Findings,
    ) -> Option<&'a Item<Service>> {
        let services = self.services();
        if !services.declares(name) {
            let message = format!("{subject} service `{}`, which nothing defines", shorten(name));
            let near = suggestion(name, services.names(), findings);
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.resources().declares(name) => format!("`{name}` is a resource"),
                None => "name one of `services`".to_owned(),
            };
            findings.error(range, message).hint(hint);
        }
        services.entries.get(name)
    }
}

/// The nearest name, unless there are so many findings that nobody would read it.
pub(crate) fn suggestion<'n>(
    name: &str,
    candidates: impl Iterator<Item = &'n str>,
    findings: &Findings,
) -> Option<&'n str> {
    if findings.crowded() { None } else { nearest(name, candidates) }
}

/// Names in backticks, for a sentence.
pub(crate) fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
