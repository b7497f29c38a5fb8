//! The databases of a system on this machine: yours where you say where it is, else a program that is installed, else
//! (documents) the local cloud, else one sentence that says what to install.
//!
//! ```text
//! resource, your environment, programs ─▶ Source ─▶ Program ─▶ Opened: folder, password, port ─▶ Supervisor
//!                                            └─▶ what services find
//! ```

use std::collections::BTreeMap;

use model::System;
use model::system::{Database, Facet, Provider, Redis, Resource, ResourceKind};

pub(crate) use self::error::DatabaseError;
pub(crate) use self::probe::Probe;
pub(crate) use self::program::{Opened, Program, Workplace};
use crate::environment::Variables;
use crate::ports::Ports;
use crate::project::Project;
use crate::reporter::Reporter;

mod error;
mod find;
mod folder;
mod given;
mod mongodb;
mod postgres;
mod probe;
mod program;
mod redis;

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The caller's own, and what services find of it.
    Given(Variables),
    /// A program that runs here.
    Program(Box<Program>),
    /// The local cloud.
    Cloud,
}

/// Where each database is that a service uses.
pub(crate) type Sources = BTreeMap<String, Source>;

/// What looking for databases takes.
pub(crate) struct Search<'a> {
    pub(crate) system: &'a System,
    pub(crate) project: &'a Project,
    /// The caller's environment: what is given, and where programs are.
    pub(crate) caller: &'a Variables,
    pub(crate) ports: &'a Ports,
    pub(crate) reporter: &'a Reporter,
}

impl Search<'_> {
    /// Finds each database of the system. `known` are the ports of the last run; those of this run take their place.
    pub(crate) async fn run(&self, known: &mut BTreeMap<String, u16>) -> Result<Sources, DatabaseError> {
        let mut sources = Sources::new();
        // A port stays known while its database is the caller's for once.
        known.retain(|name, _| self.system.resources.contains_key(name));
        for resource in self.system.resources.values().filter(|resource| is_database(resource)) {
            if let Some(source) = self.find(resource, known).await? {
                if let Source::Program(program) = &source {
                    known.insert(resource.name.clone(), program.port);
                }
                sources.insert(resource.name.clone(), source);
            }
        }
        Ok(sources)
    }

    async fn find(
        &self,
        resource: &Resource,
        known: &BTreeMap<String, u16>,
    ) -> Result<Option<Source>, DatabaseError> {
        let is_used = self.system.services.values().any(|service| service.uses.contains_key(&resource.name));
        if !is_used {
            return Ok(None);
        }
        if given::is_given(resource, self.caller) || must_be_given(resource) {
            let variables = given::variables(resource, self.caller)?;
            self.reporter.note(format!("`{}` is yours: your environment says where it is", resource.name));
            return Ok(Some(Source::Given(variables)));
        }
        let known = known.get(&resource.name).copied();
        let found = match &resource.kind {
            ResourceKind::Postgres(wanted) => Some(postgres::find(self, resource, wanted, known).await?),
            ResourceKind::Mongodb(_) => mongodb::find(self, resource, known)?,
            ResourceKind::Redis(_) => Some(redis::find(self, resource, known)?),
            _ => None,
        };
        Ok(Some(found.map_or(Source::Cloud, |program| Source::Program(Box::new(program)))))
    }

    /// The last run's port where it is free, else another, which is said.
    fn port(&self, resource: &Resource, known: Option<u16>) -> Result<u16, DatabaseError> {
        let Some(known) = known else { return Ok(self.ports.take()?) };
        if crate::ports::is_free(known) {
            return Ok(known);
        }
        let port = self.ports.take()?;
        let holder = error::holder(known);
        let name = &resource.name;
        self.reporter
            .note(format!("port {known}, which `{name}` had, is taken{holder}; it listens on {port} now"));
        Ok(port)
    }
}

/// Whether the local cloud could hold it; what a database is in depends on the programs there are.
pub(crate) fn may_be_in_cloud(resource: &Resource) -> bool {
    match resource.kind {
        ResourceKind::Postgres(_) | ResourceKind::Redis(_) => false,
        ResourceKind::Mongodb(_) => !must_be_given(resource),
        _ => true,
    }
}

fn is_database(resource: &Resource) -> bool {
    matches!(resource.kind, ResourceKind::Postgres(_) | ResourceKind::Mongodb(_) | ResourceKind::Redis(_))
}

/// Whether nobody but the caller can have it.
fn must_be_given(resource: &Resource) -> bool {
    match &resource.kind {
        // Neither `mongod` as it is started here nor the cloud has a user and a password to give.
        ResourceKind::Mongodb(Database { provider, .. }) => {
            *provider == Some(Provider::External) || names_a_login(resource)
        }
        ResourceKind::Postgres(Database { provider, .. }) | ResourceKind::Redis(Redis { provider, .. }) => {
            *provider == Some(Provider::External)
        }
        _ => false,
    }
}

fn names_a_login(resource: &Resource) -> bool {
    [Facet::User, Facet::Password].iter().any(|facet| resource.env.contains_key(facet))
}
