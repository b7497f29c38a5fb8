//! What a pipeline has to know of an environment's stacks: names, and how each service's releases are brought.

use model::System;
use model::system::{Orchestrator, Service, ServiceKind};

use super::names::Names;
use super::{rollout, service};

/// An environment as a pipeline sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stacks {
    /// The folder of its stacks, which is also the environment's name.
    pub(crate) folder: String,
    pub(crate) region: String,
    /// The ECS cluster; `None` where services run on Kubernetes.
    pub(crate) cluster: Option<String>,
    /// The secret whose value the compute stack takes as `origin_gate`.
    pub(crate) gate: Option<String>,
    /// Services that run on AWS, by name.
    pub(crate) services: Vec<Delivered>,
}

/// A service as a pipeline sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) name: String,
    /// Of the ECS service, the task definition's family, the CodeDeploy application and group, and the repository.
    pub(crate) physical: String,
    /// What is built, where something is.
    pub(crate) build: Option<Built>,
    pub(crate) bring: Bring,
    /// Runs as a task of the new release before it gets traffic: program, then arguments.
    pub(crate) migration: Option<Vec<String>>,
}

/// An image that is built: the context from the manifest's folder, the Dockerfile from the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) context: String,
    pub(crate) dockerfile: String,
    pub(crate) target: Option<String>,
    /// What changes it, from the context; with `!` what does not. Empty means all of the context.
    pub(crate) paths: Vec<String>,
    pub(crate) arguments: Vec<(String, String)>,
}

/// How a release takes the place of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bring {
    /// ECS replaces task by task.
    Rolling,
    /// CodeDeploy moves the traffic, as the AppSpec at this path of the compute stack says.
    BlueGreen { app_spec: String },
    /// A job: its next run takes the newest task definition.
    NextRun,
}

/// `system` as a pipeline sees it.
pub(crate) fn stacks(system: &System) -> Stacks {
    let names = Names::new(system);
    let cluster = matches!(system.aws.orchestrator, Orchestrator::Ecs).then(|| names.prefix());
    Stacks {
        folder: names.environment().to_owned(),
        region: system.aws.region.clone(),
        cluster,
        gate: system.edge.origin_gate.as_ref().map(|gate| names.path(&gate.secret)),
        services: service::running(system).map(|service| delivered(&names, service)).collect(),
    }
}

fn delivered(names: &Names, service: &Service) -> Delivered {
    let is_blue_green = service::is_blue_green(service);
    let bring = match &service.kind {
        ServiceKind::Job(_) => Bring::NextRun,
        _ if is_blue_green => Bring::BlueGreen { app_spec: rollout::app_spec_path(service) },
        _ => Bring::Rolling,
    };
    // CodeDeploy runs a migration itself, before the hook that is called before traffic moves.
    let migration = service.rollout.migrate.as_ref().filter(|_| !is_blue_green);
    Delivered {
        name: service.name.clone(),
        physical: names.of(&service.name),
        build: service.image.is_none().then(|| built(service)),
        bring,
        migration: migration.map(|migration| migration.command.clone()),
    }
}

fn built(service: &Service) -> Built {
    let build = service.build.as_ref();
    Built {
        context: build.map_or_else(|| ".".to_owned(), |build| build.context.clone()),
        dockerfile: build.map_or_else(|| "Dockerfile".to_owned(), |build| build.dockerfile.clone()),
        target: build.and_then(|build| build.target.clone()),
        paths: build.map(|build| build.paths.clone()).unwrap_or_default(),
        arguments: build.map(|build| build.args.clone().into_iter().collect()).unwrap_or_default(),
    }
}
