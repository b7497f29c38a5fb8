//! A service: something that runs as one or more replicas, or once per trigger.

use std::collections::BTreeMap;

use super::{CpuUnits, Mebibytes, Rollout, Scale, Span};

/// One service of the system.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name, as written.
    pub name: String,
    /// What sort of process it is, with what only that sort has.
    pub kind: ServiceKind,
    /// At most one replica at any moment, also during a rollout.
    pub singleton: bool,
    /// How its image is built, where it is built.
    pub build: Option<Build>,
    /// The image it runs from, where one is named.
    pub image: Option<Image>,
    /// Local process mode: run once per release before the first start. Program, then arguments.
    pub prepare: Option<Vec<String>>,
    /// Local process mode: starts one replica. Program, then arguments.
    pub run: Option<Vec<String>>,
    /// In a container: program, then arguments, as the image knows them; `None` is the image's own command.
    pub command: Option<Vec<String>>,
    /// In a container: a program that looks at it from inside.
    pub container_check: Option<ContainerCheck>,
    /// The port a container of it listens on. A local process gets its own in `PORT`.
    pub port: Option<u16>,
    /// Processor share.
    pub cpu: CpuUnits,
    /// Memory.
    pub memory: Mebibytes,
    /// The most it may take, where a target tells that from what it asks for (Kubernetes).
    pub limits: Limits,
    /// Variables as written, interpolation done.
    pub env: BTreeMap<String, String>,
    /// Variable name → secret or parameter whose *value* is injected by reference.
    pub secrets: BTreeMap<String, String>,
    /// Resource name → what it may do there. The only way to get access to anything.
    pub uses: BTreeMap<String, Use>,
    /// Other services that must be in a condition before this one starts, by name.
    pub depends_on: BTreeMap<String, Condition>,
    /// Starts only when one of these is asked for; empty means always.
    pub profiles: Vec<String>,
    /// How many replicas, and what changes that.
    pub scale: Scale,
    /// How a new release replaces the old.
    pub rollout: Rollout,
    /// From SIGTERM to SIGKILL.
    pub stop_timeout: Span,
}

/// A program that looks at a container from inside: ECS and Compose `healthcheck`, Kubernetes `exec` liveness probe.
///
/// Bounds are those of the ECS API reference, "HealthCheck".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerCheck {
    /// Program, then arguments, as the image knows them. Exit code 0 means healthy.
    pub test: Vec<String>,
    /// From one check to the next: 5 s to 300 s.
    pub interval: Span,
    /// How long one check may take: 2 s to 60 s.
    pub timeout: Span,
    /// Failures in a row that make a healthy container unhealthy: 1 to 10.
    pub retries: u32,
    /// How long after its start failures do not count: 0 to 300 s.
    pub start_period: Span,
}

/// What sort of process a service is.
#[derive(Debug, Clone, PartialEq)]
pub enum ServiceKind {
    /// Answers HTTP.
    Web(Web),
    /// Runs until stopped and answers nobody.
    Worker,
    /// Runs to its end on a trigger.
    Job(Job),
}

/// The most a replica may take. Equal to what it asks for where nothing else is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Processor share.
    pub cpu: CpuUnits,
    /// Memory.
    pub memory: Mebibytes,
}

/// What only a web service has.
#[derive(Debug, Clone, PartialEq)]
pub struct Web {
    /// How requests reach it.
    pub exposure: HttpExposure,
    /// How its replicas are judged.
    pub healthcheck: HealthCheck,
    /// A second check that restarts a replica which fails it, where the target has such a thing (Kubernetes).
    pub liveness: Option<Box<HealthCheck>>,
    /// How long in-flight requests of a leaving replica may take to end.
    pub deregistration_delay: Span,
}

/// How requests reach a web service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpExposure {
    /// Through the edge's shared listener.
    Shared(Route),
    /// Through a listener of its own on this port.
    OwnPort(u16),
    /// From other services only, by name.
    Internal,
}

/// What the shared listener matches. A request must match every part that is present.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Host name, compared without case; `*` and `?` as in an ALB host condition.
    pub host: Option<String>,
    /// Path prefix that ends at a segment boundary: `/` matches all, `/api` matches `/api` and `/api/x`.
    pub path: Option<String>,
}

/// An ALB target group's health check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// Request path, beginning with `/`.
    pub path: String,
    /// Codes that count as a success.
    pub success_codes: StatusCodes,
    /// From one check to the next.
    pub interval: Span,
    /// How long one check may take; less than `interval`.
    pub timeout: Span,
    /// Successes in a row that make an unhealthy target healthy. A new target needs one.
    pub healthy_threshold: u32,
    /// Failures in a row that make a healthy target unhealthy.
    pub unhealthy_threshold: u32,
    /// How long after its start failures of a replica do not count.
    pub grace_period: Span,
}

/// Accepted status codes as inclusive ranges: `200`, `200-299`, `200,204`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCodes(pub Vec<(u16, u16)>);

/// What only a job has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What starts it.
    pub trigger: JobTrigger,
    /// Further tries after a failed run.
    pub retries: u32,
    /// How long one run may take.
    pub timeout: Span,
}

/// What starts a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobTrigger {
    /// A cron expression of five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, `@every 5m`; UTC.
    Schedule(String),
    /// Only when asked.
    Manual,
}

/// How a container image is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Build context, relative to the manifest's folder.
    pub context: String,
    /// Dockerfile, relative to the context.
    pub dockerfile: String,
    /// Stage to stop at.
    pub target: Option<String>,
    /// What changes the image, relative to the context; with `!` what does not. Empty means all of the context.
    pub paths: Vec<String>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
}

/// A container image reference, as written: `repository:tag` or `repository@sha256:…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image(pub String);

/// The variable that carries a service's URL to the others: `payment-api` → `PAYMENT_API_URL`.
#[must_use]
pub fn url_variable(service: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    format!("{}_URL", service.chars().map(letter).collect::<String>())
}

/// What a service may do with a resource, and with how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The access level.
    pub access: Access,
    /// Bucket: only objects whose keys begin with this, which ends with `/`.
    pub prefix: Option<String>,
}

/// What a service may do with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Queue: put messages on it.
    Send,
    /// Queue: take messages off it.
    Consume,
    /// Queue: both, and change or purge it.
    Manage,
    /// Read, whatever the resource.
    Read,
    /// Write (bucket, parameter, secret).
    Write,
    /// Bucket and databases: both.
    ReadWrite,
}

/// When another service counts as ready to be depended on; Compose's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Its process runs.
    Started,
    /// Its health check passes.
    Healthy,
    /// It ended with exit code 0 (jobs).
    Completed,
}
