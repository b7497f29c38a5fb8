//! AWS by Terraform: three stacks for each environment, composed of modules that are written by hand.

use std::collections::BTreeSet;

use model::System;
use model::system::{Orchestrator, ResourceKind, Service};

use self::exports::Exports;
use self::hcl::{Block, Body};
use self::names::{Names, identifier};
use self::stack::{Kind, Stack};
use crate::Compiled;

mod alarm;
mod bindings;
mod bootstrap;
mod bucket;
mod cluster;
mod dashboard;
pub(crate) mod database;
mod delivery;
mod edge;
mod exports;
mod fidelity;
pub(crate) mod hcl;
mod identity;
mod job;
mod kubernetes;
mod log;
mod modules;
mod names;
pub(crate) mod network;
mod parameter;
pub(crate) mod pipeline;
mod policy;
mod queue;
mod registry;
pub(crate) mod rollout;
mod scale;
mod schedule;
pub(crate) mod service;
mod stack;

/// What makers of the data stack work on.
struct Place<'a> {
    system: &'a System,
    names: &'a Names,
    data: &'a mut Stack,
    exports: &'a mut Exports,
}

/// What makers of the compute stack work on.
struct ComputePlace<'a> {
    system: &'a System,
    names: &'a Names,
    compute: &'a mut Stack,
}

pub(crate) fn compile(system: &System) -> Compiled {
    let names = Names::new(system);
    let mut exports = Exports::default();
    let data = data(system, &names, &mut exports);
    let compute = compute(system, &names, &exports);
    let delivered = data.modules().union(compute.modules()).copied().collect();
    let bootstrap = bootstrap::compose(system, &names, &delivered);
    let stacks = [bootstrap, data, compute];
    let mut compiled = Compiled { fidelity: fidelity::notes(system), ..Compiled::default() };
    for stack in &stacks {
        for (name, text) in stack.files() {
            let path = format!("{}/{}/{name}", names.environment(), stack.kind().name());
            compiled.files.insert(path, text.into_bytes());
        }
    }
    let used: BTreeSet<&str> = stacks.iter().flat_map(Stack::modules).copied().collect();
    for (path, content) in modules::files(&used) {
        compiled.files.insert(format!("modules/{path}"), content.to_vec());
    }
    compiled.files.insert(policy::FILE.to_owned(), policy::file().as_bytes().to_vec());
    compiled
}

fn data(system: &System, names: &Names, exports: &mut Exports) -> Stack {
    let mut data = Stack::new(Kind::Data, names, &system.aws.region);
    network::compose(system, names, &mut data, exports);
    let mut place = Place { system, names, data: &mut data, exports };
    for (name, resource) in &system.resources {
        match &resource.kind {
            ResourceKind::Queue(queue) => queue::compose(&mut place, name, queue),
            ResourceKind::Bucket(bucket) => bucket::compose(&mut place, name, bucket),
            ResourceKind::Parameter(parameter) => parameter::parameter(&mut place, name, parameter),
            ResourceKind::Secret(secret) => parameter::secret(&mut place, name, secret),
            ResourceKind::Postgres(of) => {
                database::database(&mut place, name, database::Engine::postgres(of), of);
            }
            ResourceKind::Mongodb(of) => {
                database::database(&mut place, name, database::Engine::mongodb(of), of);
            }
            ResourceKind::Redis(redis) => {
                database::redis(&mut place, name, database::Engine::redis(redis), redis);
            }
        }
    }
    for service in service::running(system).filter(|service| service.image.is_none()) {
        registry::compose(&mut place, service);
    }
    exports.tell(&mut data);
    data
}

fn compute(system: &System, names: &Names, exports: &Exports) -> Stack {
    let mut compute = Stack::new(Kind::Compute, names, &system.aws.region);
    exports.hear(&mut compute);
    let mut place = ComputePlace { system, names, compute: &mut compute };
    match &system.aws.orchestrator {
        Orchestrator::Ecs => {
            cluster::compose(&mut place);
            edge::compose(&mut place);
            for service in service::running(system) {
                service::compose(&mut place, service);
            }
            alarm::compose(&mut place);
            dashboard::compose(&mut place);
        }
        Orchestrator::Eks(eks) => kubernetes::compose(&mut place, eks),
    }
    compute
}

impl ComputePlace<'_> {
    /// Calls a module for a service: `api_task`, in the service's own file.
    fn call(&mut self, service: &Service, what: &str, module: &'static str, settings: Body) {
        let name = format!("{}_{what}", identifier(&service.name));
        self.compute.module(&file(service), &name, module, settings);
    }

    /// A resource in the service's own file.
    fn resource(&mut self, service: &Service, kind: &'static str, name: &str, settings: Body) {
        self.compute.file(&file(service)).block(Block::new("resource", &[kind, name], settings));
    }

    /// Its place among the listener's rules: those that say more come first, then by name. Steps of ten leave room.
    fn priority(&self, service: &Service) -> u32 {
        let mut order: Vec<_> =
            service::balanced(self.system).map(|(service, web)| (edge::weight(web), &service.name)).collect();
        order.sort();
        let place = order.iter().position(|(_, name)| **name == service.name).unwrap_or(order.len());
        u32::try_from(place + 1).unwrap_or(u32::MAX).saturating_mul(10)
    }
}

fn file(service: &Service) -> String {
    format!("service_{}.tf", identifier(&service.name))
}
