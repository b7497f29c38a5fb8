//! What a system costs on AWS in a month, estimated without asking anybody: a table of prices, and two amounts of traffic
//! that are told with it.

use std::fmt;

use model::System;
use model::system::Orchestrator;
use serde::Serialize;

use self::ledger::Ledger;
pub use self::traffic::Traffic;

mod compute;
mod data;
mod edge;
mod instances;
mod ledger;
mod network;
mod prices;
#[cfg(test)]
mod tests;
mod traffic;

/// What a system costs in a month of 730 hours, in US dollars before taxes, free tiers and discounts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// About when the prices held, `2025-06-01`.
    pub as_of: &'static str,
    /// The system's region.
    pub region: String,
    /// The region whose prices these are: another one where the table has none of the system's.
    pub priced_in: &'static str,
    /// What is assumed of the traffic.
    pub assumptions: [Traffic; 2],
    /// By resource, in the order of the stacks.
    pub lines: Vec<Line>,
    /// The sum of the lines that have a price, US dollars a month.
    pub total: Amount,
}

/// One thing that is paid for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The service or resource of the manifest, or what stands in front of all.
    pub resource: String,
    /// What is paid for: `Fargate vCPU`.
    pub what: String,
    /// What is counted: `vCPU-hour`.
    pub unit: &'static str,
    /// US dollars for one unit; `None` where it is not in the table.
    pub price: Option<f64>,
    /// How many units a month.
    pub quantity: Amount,
    /// US dollars a month; `None` where it is not in the table.
    pub month: Option<Amount>,
}

/// With low and with high traffic.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Amount {
    /// With low traffic, every service at its fewest replicas.
    pub low: f64,
    /// With high traffic, every service at its most replicas.
    pub high: f64,
}

/// Estimates what `system` costs on AWS.
#[must_use]
pub fn cost(system: &System) -> Estimate {
    let mut ledger = Ledger::new(&system.aws.region);
    network::count(system, &mut ledger);
    data::count(system, &mut ledger);
    match &system.aws.orchestrator {
        Orchestrator::Ecs => {
            compute::tasks(system, &mut ledger);
            edge::count(system, &mut ledger);
        }
        Orchestrator::Eks(eks) => compute::cluster(eks, &mut ledger),
    }
    compute::logs(system, &mut ledger);
    ledger.close(system)
}

impl Amount {
    /// The same with any traffic.
    pub(crate) fn same(of: f64) -> Self {
        Self { low: of, high: of }
    }

    pub(crate) fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.2} to {:.2}", self.low, self.high)
    }
}
