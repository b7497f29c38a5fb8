//! What runs: web services, workers and jobs.

use super::command::Command;
use super::http::Http;
use super::rollout::Rollout;
use super::scale::Scale;
use super::schedule::Schedule;
use super::text::{ChangePath, FolderPath, ImageName, KeyPrefix, PlainText};
use crate::language::{
    At, Fault, FromText, Int, Kind, Lasting, List, Map, Name, Read, Reader, Syntax, VariableName, shape,
    words,
};
use crate::system::{Access, Condition, CpuUnits, Mebibytes};
use crate::yaml::{Node, Value};

shape! {
    /// Something that runs: as one or more replicas, or once per trigger.
    Service, "service";
    /// What sort of process it is.
    r#type: At<TypeWord> => "web";
    /// At most one replica at any moment, also during a rollout.
    singleton: At<bool> = "false" => "true";
    /// How its image is built: a folder, or the parts.
    build: Option<At<Build>> => "{ context: ., dockerfile: Dockerfile, target: api }";
    /// The image it runs from, where it is not built here.
    image: Option<At<ImageName>> => "example/api:1.4.2";
    /// On this machine: runs once per release before the first start.
    prepare: Option<At<Command>> => "cargo build --release";
    /// On this machine, without a container: starts one replica.
    run: Option<At<Command>> => "target/release/api --verbose";
    /// In a container: what replaces the image's own command, with the paths of the image.
    command: Option<At<Command>> => "api --verbose", else "the image's own command";
    /// In a container: a program that looks at it from inside, as in Compose. For a service that answers no requests;
    /// how requests find a healthy replica is `http.healthcheck`.
    healthcheck: Option<At<ContainerCheck>> => "{ test: worker --check, interval: 30s }";
    /// The port a container of it listens on. A local process gets its own in `PORT`.
    port: Option<At<Int<1, 65535>>> => "3000", else "`8000` for a web service";
    /// Processor share: ECS units (`256`), virtual CPUs (`0.25`) or thousandths (`250m`).
    cpu: At<CpuUnits> = "256" => "0.5";
    /// Memory.
    memory: At<Mebibytes> = "512Mi" => "1Gi";
    /// Most it may take where a target tells what it asks for from what it may take (Kubernetes). Without it, the same as `cpu` and `memory`.
    limits: At<Limits> = "{}" => "{ cpu: 500m, memory: 512Mi }";
    /// Variables, in plain. Never a secret.
    env: At<Map<VariableName, PlainText>> = "{}" => "{ LOG_LEVEL: info }";
    /// Variables whose value is that of a secret or parameter, injected by reference.
    secrets: At<Map<VariableName, Name>> = "{}" => "{ API_KEYS_JSON: keys }";
    /// Resources and what it may do with them. Gives the right, and injects where to find them.
    uses: At<Map<Name, Use>> = "{}" => "{ orders: send, uploads: { access: write, prefix: photos/ } }";
    /// Services that must be in a condition before it starts; a list waits for `started`.
    depends_on: Option<At<Dependencies>> => "{ api: healthy }";
    /// Starts only when one of these is asked for; without any it always starts.
    profiles: At<List<Name>> = "[]" => "[monitoring]";
    /// How requests reach it: without it, by the path `/`. Only for `type: web`.
    http: At<Http> = "{}" => "{ path: /api, healthcheck: { path: /healthz } }";
    /// How many replicas: without it, one. Not for jobs.
    scale: At<Scale> = "{}" => "{ min: 2, max: 10, cpu_percentage: 70 }";
    /// How a new release replaces the old: without it, replica by replica. Not for jobs.
    rollout: At<Rollout> = "{}" => "{ strategy: canary, rollback_on: [api-5xx] }";
    /// From SIGTERM to SIGKILL.
    stop_timeout: At<Lasting<1_000, 3_600_000>> = "30s" => "60s";
    /// What starts a job: a schedule, or `manual`. Only for `type: job`.
    on: Option<At<Trigger>> => "{ schedule: \"@daily\" }";
    /// Further tries after a failed run. Only for `type: job`.
    retries: Option<At<Int<0, 100>>> => "3", else "`0`";
    /// How long one run may take. Only for `type: job`.
    timeout: Option<At<Lasting<1_000, 604_800_000>>> => "10m", else "`1h`";
}

/// What sort of process a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeWord {
    Web,
    Worker,
    Job,
}

words! { TypeWord, "type";
    "web" => Self::Web, "Answers HTTP.";
    "worker" => Self::Worker, "Runs until stopped and answers nobody.";
    "job" => Self::Job, "Runs to its end on a trigger.";
}

words! { Access, "access level";
    "send" => Self::Send, "Queue: put messages on it.";
    "consume" => Self::Consume, "Queue: take messages off it.";
    "manage" => Self::Manage, "Queue: both, and change or purge it.";
    "read" => Self::Read, "Bucket, parameter, secret, database: read.";
    "write" => Self::Write, "Bucket, parameter, secret: write.";
    "readwrite" => Self::ReadWrite, "Bucket, database: both.";
}

shape! {
    /// What a service may do with a resource, in parts.
    UseParts, "use";
    /// The access level.
    access: At<Access> => "write";
    /// Only objects whose keys begin with this folder. Only for buckets.
    prefix: Option<At<KeyPrefix>> => "photos/2026/", else "every object";
}

/// What a service may do with a resource, short or long.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) access: At<Access>,
    pub(crate) prefix: Option<At<KeyPrefix>>,
}

impl Read for Use {
    const KIND: &'static Kind = &Kind::Either(&[Access::KIND, UseParts::KIND]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            let parts = UseParts::read(node, reader)?;
            return Some(Self { access: parts.access, prefix: parts.prefix });
        }
        let access = At { value: Access::read(node, reader)?, range: node.range, written: true };
        Some(Self { access, prefix: None })
    }
}

words! { Condition, "condition";
    "started" => Self::Started, "Its process runs.";
    "healthy" => Self::Healthy, "Its health check passes.";
    "completed" => Self::Completed, "It ended with exit code 0 (jobs).";
}

shape! {
    /// The most a replica may take.
    Limits, "limits";
    /// Processor share.
    cpu: Option<At<CpuUnits>> => "500m";
    /// Memory.
    memory: Option<At<Mebibytes>> => "512Mi";
}

shape! {
    /// A program that looks at a container from inside, with the words of Compose and the bounds of ECS. A container
    /// that fails it is replaced.
    ContainerCheck, "container check";
    /// The program; exit code 0 means healthy. It is one of the image, without a shell.
    test: At<Command> => "worker --check";
    /// From one check to the next.
    interval: At<Lasting<5_000, 300_000>> = "30s" => "10s";
    /// How long one check may take.
    timeout: At<Lasting<2_000, 60_000>> = "5s" => "3s";
    /// Failures in a row that make a healthy container unhealthy.
    retries: At<Int<1, 10>> = "3" => "2";
    /// How long after its start failures do not count.
    start_period: At<Lasting<0, 300_000>> = "0s" => "60s";
}

shape! {
    /// How a container image is built.
    BuildParts, "build";
    /// Build context.
    context: At<FolderPath> = "." => "./api";
    /// Dockerfile, relative to the context.
    dockerfile: At<FolderPath> = "Dockerfile" => "docker/api.Dockerfile";
    /// Stage to stop at.
    target: Option<At<String>> => "api", else "the last stage";
    /// What changes the image, relative to the context, where that is not all of it; `!` takes something out. A delivery
    /// builds a service when one of them has changed.
    paths: At<List<ChangePath>> = "[]" => "[Cargo.lock, api, \"!api/tests\"]";
    /// Build arguments.
    args: At<Map<VariableName, PlainText>> = "{}" => "{ PYTHON_VERSION: \"3.13\" }";
}

/// A build, short or long.
#[derive(Debug, Clone)]
pub(crate) struct Build(pub(crate) BuildParts);

impl Read for Build {
    const KIND: &'static Kind = &Kind::Either(&[FolderPath::KIND, BuildParts::KIND]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            return BuildParts::read(node, reader).map(Self);
        }
        let context = FolderPath::read(node, reader)?;
        let mut parts = BuildParts::read(&Node::unwritten("{}", node.range), reader)?;
        parts.context = At { value: context, range: node.range, written: true };
        Some(Self(parts))
    }
}

/// Services that must come first.
#[derive(Debug, Clone)]
pub(crate) struct Dependencies(pub(crate) Vec<(At<String>, Condition)>);

impl Read for Dependencies {
    const KIND: &'static Kind = &Kind::Either(&[<Map<Name, Condition>>::KIND, <List<Name>>::KIND]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::List(_)) {
            let List(names) = List::<Name>::read(node, reader)?;
            let started = |At { value: Name(name), range, written }: At<Name>| {
                (At { value: name, range, written }, Condition::Started)
            };
            return Some(Self(names.into_iter().map(started).collect()));
        }
        let map = Map::<Name, Condition>::read(node, reader)?;
        let named = map
            .entries
            .into_iter()
            .map(|(name, item)| (At { value: name, range: item.key, written: true }, item.at.value));
        Some(Self(named.collect()))
    }
}

/// What starts a job.
#[derive(Debug, Clone)]
pub(crate) enum Trigger {
    Manual,
    Schedule(Schedule),
}

/// The word for a job that nothing starts by itself.
struct Manual;

shape! {
    /// What starts a job.
    TriggerParts, "trigger";
    /// When it runs, in UTC: a cron expression of five fields, `@hourly`, `@daily`, `@weekly`, `@monthly`,
    /// `@yearly` or `@every 5m`.
    schedule: At<Schedule> => "\"@daily\"";
}

impl FromText for Manual {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "trigger",
        says: "`manual` or a schedule",
        pattern: Some("^manual$"),
        number_too: false,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        if text == "manual" {
            return Ok(Self);
        }
        Err(Fault::hint(if super::fits::<Schedule>(text) {
            format!("write `on: {{ schedule: \"{text}\" }}`")
        } else {
            "write `on: { schedule: \"@daily\" }` or `on: manual`".to_owned()
        }))
    }
}

impl Read for Trigger {
    const KIND: &'static Kind = &Kind::Either(&[TriggerParts::KIND, &Kind::Text(Manual::SYNTAX)]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            return TriggerParts::read(node, reader).map(|parts| Self::Schedule(parts.schedule.value));
        }
        Manual::read(node, reader).map(|Manual| Self::Manual)
    }
}
