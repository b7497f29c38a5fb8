//! What a manifest means: every default filled in, every name resolved, no option that only means "default".
//!
//! Nothing after this crate knows YAML. Maps are `BTreeMap`s so that everything derived from a `System` comes
//! out in one order.

use std::collections::BTreeMap;
use std::time::Duration;

pub use self::delivery::{Ci, CiProvider, Patches};
pub use self::edge::{Edge, Gateway, ManagedRule, OriginGate, Tls, Waf};
pub use self::platform::{Aws, Eks, Kubernetes, Nat, Nodes, Orchestrator, Rollouts};
pub use self::quantity::{CpuUnits, Mebibytes, Percent};
pub use self::resource::{
    Bucket, Database, DeadLetter, Facet, Key, MONGODB_CREDENTIALS, POSTGRES_CREDENTIALS, Parameter, Provider,
    Queue, Redis, Resource, ResourceKind, Secret,
};
pub use self::rollout::{Alarm, Comparison, Hook, Metric, Migration, Program, Rollout, Shift, Strategy};
pub use self::scale::{Cooldown, QueueDelay, Scale, ScheduledScale};
pub use self::service::{
    Access, Build, Condition, ContainerCheck, HealthCheck, HttpExposure, Image, Job, JobTrigger, Limits,
    Route, Service, ServiceKind, StatusCodes, Use, Web, url_variable,
};

mod delivery;
mod edge;
mod platform;
mod quantity;
mod resource;
mod rollout;
mod scale;
mod service;

/// A whole system in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The system's name: the prefix of every physical name. Lower-case letters, digits and hyphens.
    pub name: String,
    /// The environment this was resolved for, or `None` where the manifest has none or none was asked for.
    pub environment: Option<String>,
    /// Whether destroying it takes a typed confirmation and its data stores keep deletion protection.
    pub protect: bool,
    /// Long-running services and jobs, by name.
    pub services: BTreeMap<String, Service>,
    /// What services use, by name.
    pub resources: BTreeMap<String, Resource>,
    /// What stands in front of the services that speak HTTP.
    pub edge: Edge,
    /// Conditions that end a rollout or call somebody, by name.
    pub alarms: BTreeMap<String, Alarm>,
    /// Settings only the AWS target reads.
    pub aws: Aws,
    /// Settings only the Kubernetes target reads.
    pub kubernetes: Kubernetes,
    /// How the system is delivered, or `None` where no pipeline was asked for.
    pub ci: Option<Ci>,
    /// Folders of the user's own changes to generated files, by target name.
    pub patches: Patches,
}

/// How long something takes or may take. Written as `10s`, `250ms`, `5m`, `1h`, `4d`.
pub type Span = Duration;
