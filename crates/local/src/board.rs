//! What `up` knows of the whole, in one place that others can look at: the source of every status.

use std::collections::BTreeMap;

use crate::environment::Variables;
use crate::status::{CloudStatus, EdgeStatus, Phase, ResourceStatus, ServiceStatus, Status};
use crate::supervise::{Seen, Supervisor, Supervisors};

/// What `up` knows of the whole at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Board {
    pub(crate) system: String,
    pub(crate) environment: Option<String>,
    pub(crate) phase: Phase,
    pub(crate) edge: EdgeStatus,
    pub(crate) cloud: CloudStatus,
    pub(crate) services: BTreeMap<String, ServiceBoard>,
    pub(crate) resources: BTreeMap<String, ResourceStatus>,
    /// Who keeps the program of a database.
    pub(crate) databases: Supervisors,
}

/// What `up` knows of one service.
#[derive(Debug, Clone)]
pub(crate) struct ServiceBoard {
    pub(crate) kind: &'static str,
    pub(crate) release: String,
    pub(crate) url: Option<String>,
    /// What every replica finds in its environment, secrets included.
    pub(crate) environment: Variables,
    /// Who keeps its replicas; a job has none.
    pub(crate) supervisor: Option<Supervisor>,
}

impl Board {
    /// The status at this moment.
    pub(crate) fn status(&self) -> Status {
        Status {
            system: self.system.clone(),
            environment: self.environment.clone(),
            phase: self.phase,
            pid: std::process::id(),
            edge: self.edge.clone(),
            cloud: self.cloud.clone(),
            services: self.services.iter().map(|(name, service)| (name.clone(), service.status())).collect(),
            resources: self.resources(),
        }
    }

    fn resources(&self) -> BTreeMap<String, ResourceStatus> {
        let mut resources = self.resources.clone();
        for (name, supervisor) in &self.databases {
            if let Some(resource) = resources.get_mut(name) {
                resource.process = supervisor.seen().borrow().replicas.first().cloned();
            }
        }
        resources
    }
}

impl ServiceBoard {
    fn status(&self) -> ServiceStatus {
        let seen = self.seen();
        ServiceStatus {
            kind: self.kind.to_owned(),
            release: self.release.clone(),
            desired: seen.wanted,
            url: self.url.clone(),
            replicas: seen.replicas,
        }
    }

    fn seen(&self) -> Seen {
        self.supervisor.as_ref().map(|supervisor| supervisor.seen().borrow().clone()).unwrap_or_default()
    }

    /// What a process beside the first replica finds in its environment.
    pub(crate) fn exec_environment(&self) -> Variables {
        let mut variables = self.environment.clone();
        let port = self.seen().replicas.iter().find_map(|replica| replica.port);
        if let Some(port) = port {
            variables.insert("PORT".to_owned(), port.to_string());
            variables.insert("HOST".to_owned(), "127.0.0.1".to_owned());
        }
        variables
    }
}
