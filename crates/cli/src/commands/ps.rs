//! `taxiway ps`: services and their replicas and the programs of databases, a line each.

use local::{ReplicaState, ReplicaStatus, Status};

use crate::arguments::Printed;
use crate::display::table::Table;
use crate::report::{self, Failure};
use crate::runtime;

pub(crate) fn run(arguments: &Printed) -> Result<(), Failure> {
    let status =
        runtime::block_on(local::client::status(&arguments.project.dir))?.map_err(Failure::from_error)?;
    if arguments.json {
        return report::json(&status.services);
    }
    report::line(table(&status));
    Ok(())
}

/// The table of replicas, services first.
pub(crate) fn table(status: &Status) -> Table {
    let mut table = Table::new(["SERVICE", "TYPE", "REPLICA", "STATE", "PID", "PORT", "RESTARTS", ""]);
    for (name, service) in &status.services {
        if service.replicas.is_empty() {
            table.row([name.as_str(), &service.kind, "-", "-", "-", "-", "-", ""]);
        }
        for replica in &service.replicas {
            table.row(cells(name, &service.kind, replica));
        }
    }
    for (name, resource) in &status.resources {
        if let Some(process) = &resource.process {
            table.row(cells(name, &resource.kind, process));
        }
    }
    table
}

fn cells(name: &str, kind: &str, replica: &ReplicaStatus) -> [String; 8] {
    let number = |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    [
        name.to_owned(),
        kind.to_owned(),
        replica.id.clone(),
        word(replica.state).to_owned(),
        number(replica.pid),
        number(replica.port.map(u32::from)),
        replica.restarts.to_string(),
        replica.reason.clone().unwrap_or_default(),
    ]
}

fn word(state: ReplicaState) -> &'static str {
    match state {
        ReplicaState::Starting => "starting",
        ReplicaState::Healthy => "healthy",
        ReplicaState::Unhealthy => "unhealthy",
        ReplicaState::BackingOff => "backing off",
        ReplicaState::CrashLoop => "crash loop",
        ReplicaState::Draining => "draining",
        ReplicaState::Stopping => "stopping",
    }
}
