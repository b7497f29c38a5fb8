//! What runs: tasks, nodes, images, and what they write.

use model::System;
use model::system::{Eks, Orchestrator, Service, ServiceKind};

use super::ledger::{HOURS, Ledger};
use super::{Amount, data, instances, prices, traffic};
use crate::terraform::rollout::hook;
use crate::terraform::service;

/// Units of one virtual processor, and MiB of one GB as Fargate counts it.
const UNITS: f64 = 1024.0;
const MEBIBYTES: f64 = 1024.0;

/// A registry keeps ten images of so much.
const IMAGES_GB: f64 = 1.0;

/// Runs of a job a month, and how long each takes, in hours.
const RUNS: f64 = 30.0;
const RUN: f64 = 0.25;

pub(super) fn tasks(system: &System, ledger: &mut Ledger) {
    for service in service::running(system) {
        let hours = hours(service);
        let memory = f64::from(u32::try_from(service.memory.0).unwrap_or(u32::MAX)) / MEBIBYTES;
        let cpu = f64::from(service.cpu.0) / UNITS;
        ledger.add(&service.name, "Fargate vCPU", prices::VCPU, hours.times(cpu));
        ledger.add(&service.name, "Fargate memory", prices::MEMORY, hours.times(memory));
        let hooks = if service::is_blue_green(service) { hook::hooks(service).len() } else { 0 };
        if hooks > 0 {
            let calls =
                Amount::same(f64::from(u32::try_from(hooks).unwrap_or(u32::MAX)) / 1_000_000.0 * RUNS);
            ledger.add(&service.name, "hooks' calls", prices::CALLS, calls);
        }
    }
}

/// Every task's hours: at its fewest, and at its most.
fn hours(service: &Service) -> Amount {
    match &service.kind {
        ServiceKind::Job(_) => Amount::same(RUNS * RUN),
        _ if service.singleton => Amount::same(HOURS),
        _ => {
            let (min, max) = (service.scale.min, service.scale.max);
            Amount { low: f64::from(min), high: f64::from(max.max(min)) }.times(HOURS)
        }
    }
}

pub(super) fn cluster(eks: &Eks, ledger: &mut Ledger) {
    ledger.add("cluster", "EKS control plane", prices::KUBERNETES, data::always());
    let nodes = Amount { low: f64::from(eks.nodes.min), high: f64::from(eks.nodes.max) };
    if let Some(class) = eks.nodes.instance_types.first() {
        let name = if eks.nodes.spot { "nodes (spot is less)" } else { "nodes" };
        ledger.instances(name, class, instances::hour(instances::EC2, class), nodes);
    }
    let disk = f64::from(u32::try_from(eks.nodes.disk.0).unwrap_or(u32::MAX)) / MEBIBYTES;
    ledger.add("nodes", "EBS gp3", prices::DISK, nodes.times(disk));
    data::key(ledger, "cluster");
}

/// Images and logs of every service, and what watches them.
pub(super) fn logs(system: &System, ledger: &mut Ledger) {
    for service in service::running(system) {
        let written = traffic::of(|traffic| traffic.log_gb);
        if service.image.is_none() {
            ledger.add(&service.name, "ECR images", prices::IMAGES, Amount::same(IMAGES_GB));
        }
        ledger.add(&service.name, "logs written", prices::LOG_GB, written);
        let months = (system.aws.log_retention.as_secs_f64() / (30.0 * 24.0 * 60.0 * 60.0)).max(1.0);
        ledger.add(&service.name, "logs kept", prices::LOG_STORED, written.times(months));
    }
    if system.aws.orchestrator != Orchestrator::Ecs {
        return;
    }
    if !system.alarms.is_empty() {
        let alarms = f64::from(u32::try_from(system.alarms.len()).unwrap_or(u32::MAX));
        ledger.add("alarms", "CloudWatch alarms", prices::ALARM, Amount::same(alarms));
        ledger.add("alarms", "SNS e-mails", prices::MAILS, Amount { low: 0.0001, high: 0.001 });
        data::key(ledger, "alarms");
    }
    ledger.add("dashboard", "CloudWatch dashboard", prices::DASHBOARD, Amount::same(1.0));
}
