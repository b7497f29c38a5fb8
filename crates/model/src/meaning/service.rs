//! One service: what it runs from, and the fields that go with its type.

use super::{Scene, exposure, fargate, quoted, rollout, scale};
use crate::language::{At, Item, Shaped as _};
use crate::problem::{Findings, TextRange};
use crate::system::{
    self, Build, ContainerCheck, CpuUnits, Image, Job, JobTrigger, Limits, Mebibytes, ServiceKind, Span,
};
use crate::written::Service;
use crate::written::command::Command;
use crate::written::service::{Dependencies, Trigger, TypeWord, Use};
use crate::written::text::KeyPrefix;
use crate::yaml::shorten;

/// What `port` is for a web service that names none.
const PORT: u16 = 8000;

/// One service, resolved.
pub(super) fn resolve(
    scene: &Scene<'_>,
    name: &str,
    item: &Item<Service>,
    findings: &mut Findings,
) -> system::Service {
    let written = &item.at.value;
    belongs(name, written, findings);
    origin(name, item, findings);
    contained(name, written, findings);
    shellish(name, written, findings);
    size(scene, name, written, findings);
    let limits = limits(name, written, findings);
    let words = |command: &Option<At<Command>>| command.as_ref().map(|command| command.0.clone());
    let web = *written.r#type == TypeWord::Web;
    system::Service {
        name: name.to_owned(),
        kind: kind(name, item, findings),
        singleton: written.singleton.value,
        build: written.build.as_ref().map(|build| image_build(&build.value)),
        image: written.image.as_ref().map(|image| Image(image.0.clone())),
        prepare: words(&written.prepare),
        run: words(&written.run),
        command: words(&written.command),
        container_check: written.healthcheck.as_ref().map(|check| container_check(&check.value)),
        port: written.port.as_ref().map(|port| port.to()).or(web.then_some(PORT)),
        cpu: written.cpu.value,
        memory: written.memory.value,
        limits,
        env: written.env.iter().map(|(name, item)| (name.clone(), item.at.text.clone())).collect(),
        secrets: written.secrets.iter().map(|(name, item)| (name.clone(), item.at.value.0.clone())).collect(),
        uses: written.uses.iter().map(|(name, item)| (name.clone(), granted(&item.at))).collect(),
        depends_on: written.depends_on.iter().flat_map(|all| dependencies(&all.value)).collect(),
        profiles: written.profiles.0.iter().map(|profile| profile.0.clone()).collect(),
        scale: scale::resolve(name, item, scene, findings),
        rollout: rollout::resolve(scene, name, item, findings),
        stop_timeout: written.stop_timeout.0,
    }
}

/// What it may do with a resource. A prefix is a folder: it ends with `/`.
fn granted(written: &Use) -> system::Use {
    let folder = |prefix: &At<KeyPrefix>| format!("{}/", prefix.0.trim_end_matches('/'));
    system::Use { access: written.access.value, prefix: written.prefix.as_ref().map(folder) }
}

fn dependencies(written: &Dependencies) -> impl Iterator<Item = (String, system::Condition)> {
    written.0.iter().map(|(name, condition)| (name.value.clone(), *condition))
}

fn kind(name: &str, item: &Item<Service>, findings: &mut Findings) -> ServiceKind {
    let written = &item.at.value;
    match *written.r#type {
        TypeWord::Web => ServiceKind::Web(exposure::web(name, &written.http, findings)),
        TypeWord::Worker => ServiceKind::Worker,
        TypeWord::Job => ServiceKind::Job(job(name, item, findings)),
    }
}

fn job(name: &str, item: &Item<Service>, findings: &mut Findings) -> Job {
    let written = &item.at.value;
    let trigger = match written.on.as_ref().map(|on| &on.value) {
        Some(Trigger::Schedule(schedule)) => JobTrigger::Schedule(schedule.0.clone()),
        Some(Trigger::Manual) => JobTrigger::Manual,
        None if written.lost("on") => JobTrigger::Manual,
        None => {
            findings
                .error(item.key, format!("nothing starts the job `{name}`"))
                .hint("add `on: { schedule: \"@daily\" }`, or `on: manual`");
            JobTrigger::Manual
        }
    };
    Job {
        trigger,
        retries: written.retries.as_ref().map_or(0, |retries| retries.to()),
        timeout: written.timeout.as_ref().map_or(Span::from_secs(3600), |timeout| timeout.0),
    }
}

/// Fields that another type has.
fn belongs(name: &str, written: &Service, findings: &mut Findings) {
    let kind = *written.r#type;
    let web = [("http", place(&written.http)), ("port", written.port.as_ref().and_then(place))];
    let job = [
        ("on", written.on.as_ref().and_then(place)),
        ("retries", written.retries.as_ref().and_then(place)),
        ("timeout", written.timeout.as_ref().and_then(place)),
    ];
    let lasting = [
        ("scale", place(&written.scale)),
        ("rollout", place(&written.rollout)),
        ("singleton", place(&written.singleton)),
    ];
    foreign(name, kind, kind == TypeWord::Web, "web services", &web, findings);
    foreign(name, kind, kind == TypeWord::Job, "jobs", &job, findings);
    foreign(name, kind, kind != TypeWord::Job, "web services and workers", &lasting, findings);
}

/// Where a field is written, if it is.
fn place<T>(field: &At<T>) -> Option<TextRange> {
    field.written.then_some(field.range)
}

/// Says which fields belong to others.
fn foreign(
    name: &str,
    kind: TypeWord,
    fits: bool,
    owners: &str,
    fields: &[(&str, Option<TextRange>)],
    findings: &mut Findings,
) {
    let noun = match kind {
        TypeWord::Web => "web",
        TypeWord::Worker => "worker",
        TypeWord::Job => "job",
    };
    for (field, range) in fields.iter().filter(|_| !fits) {
        let Some(range) = range else { continue };
        let hint = match *field {
            "http" | "port" => "make it `type: web`, or remove the field",
            "timeout" => "how long a stopping replica may take is `stop_timeout`",
            "singleton" => "one run of a job never overlaps the next",
            _ => "remove the field, or change `type`",
        };
        findings
            .error(*range, format!("`{field}` is for {owners}; service `{name}` has `type: {noun}`"))
            .hint(hint);
    }
}

/// Fields that say what a service runs from.
const ORIGINS: &[&str] = &["image", "build", "run"];

/// What it runs from.
fn origin(name: &str, item: &Item<Service>, findings: &mut Findings) {
    let written = &item.at.value;
    match (&written.image, &written.build, &written.run) {
        (Some(image), Some(_), _) => {
            findings
                .error(image.range, format!("service `{name}` has an `image` and a `build`"))
                .hint("keep `build` for an image made from this folder, `image` for one that exists");
        }
        (None, None, None) if !ORIGINS.iter().any(|field| written.lost(field)) => {
            findings
                .error(item.key, format!("service `{name}` has nothing to run"))
                .hint("add `build: .`, `image: repository/name:tag`, or `run: ./program` for this machine");
        }
        _ => {}
    }
    if let Some(image) = &written.image
        && moving(&image.0)
    {
        findings
            .warning(image.range, format!("the image of service `{name}` has no fixed version: a rollback would start whatever it is then"))
            .hint("name a tag other than `latest`, or a digest");
    }
}

/// Fields of a container where there is none.
fn contained(name: &str, written: &Service, findings: &mut Findings) {
    let image = written.image.is_some() || written.build.is_some();
    if image || written.lost("image") || written.lost("build") {
        return;
    }
    let command = written.command.as_ref().map(|command| command.range);
    let check = written.healthcheck.as_ref().map(|check| check.range);
    for (field, range) in [("command", command), ("healthcheck", check)] {
        let Some(range) = range else { continue };
        let hint = match field {
            "command" => "add `build` or `image`; what runs on this machine is `run`",
            _ => "add `build` or `image`; how requests find a healthy replica is `http.healthcheck`",
        };
        findings
            .error(range, format!("`{field}` is for a container, and service `{name}` has no image"))
            .hint(hint);
    }
}

fn container_check(written: &crate::written::service::ContainerCheck) -> ContainerCheck {
    ContainerCheck {
        test: written.test.0.clone(),
        interval: written.interval.0,
        timeout: written.timeout.0,
        retries: written.retries.to(),
        start_period: written.start_period.0,
    }
}

/// A shell's variable where no shell fills it in.
fn shellish(name: &str, written: &Service, findings: &mut Findings) {
    for (field, command) in
        [("run", &written.run), ("prepare", &written.prepare), ("command", &written.command)]
    {
        let Some(command) = command else { continue };
        let program = command.0.first().and_then(|program| program.rsplit('/').next()).unwrap_or_default();
        let variable = |word: &String| {
            let name = word.split_once('$').map(|(_, rest)| rest).unwrap_or_default();
            name.starts_with(|c: char| c.is_ascii_uppercase())
        };
        let Some(word) = command.0.iter().find(|word| variable(word)).filter(|_| !SHELLS.contains(&program))
        else {
            continue;
        };
        findings
            .warning(
                command.range,
                format!(
                    "`{field}` of service `{name}` gets `{}` as it is: no shell fills it in",
                    shorten(word)
                ),
            )
            .hint("ask for a shell: `sh -c 'exec …'`");
    }
}

/// Programs that fill in variables.
const SHELLS: &[&str] = &["sh", "bash", "zsh", "dash", "ash", "fish", "env", "make", "just"];

/// Whether the same reference may be another image tomorrow.
fn moving(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    match image.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => tag == "latest",
        _ => true,
    }
}

/// A size that Fargate has, unless the system says that it is for Kubernetes.
fn size(scene: &Scene<'_>, name: &str, written: &Service, findings: &mut Findings) {
    let (CpuUnits(cpu), memory) = (written.cpu.value, written.memory.value);
    if scene.on_kubernetes() || fargate::fits(CpuUnits(cpu), memory) {
        return;
    }
    let range = if written.memory.written { written.memory.range } else { written.cpu.range };
    let message = format!("Fargate has no size with `cpu: {cpu}` and `memory: {memory}` (service `{name}`)");
    let near = match fargate::nearest(CpuUnits(cpu), memory) {
        Some((cpu, memory)) => format!("the nearest is `cpu: {cpu}` with `memory: {memory}`"),
        None => "the largest is `cpu: 16384` with `memory: 120Gi`".to_owned(),
    };
    let choices =
        fargate::choices(CpuUnits(cpu)).map(|choices| format!("; `cpu: {cpu}` goes with {choices}"));
    findings.error(range, message).hint(format!("{near}{}", choices.unwrap_or_default()));
}

fn limits(name: &str, written: &Service, findings: &mut Findings) -> Limits {
    let cpu = written.limits.cpu.as_ref().map_or(written.cpu.value, |cpu| cpu.value);
    let memory = written.limits.memory.as_ref().map_or(written.memory.value, |memory| memory.value);
    let low = [
        (cpu < written.cpu.value, "cpu", &written.limits.cpu.as_ref().map(|at| at.range)),
        (memory < written.memory.value, "memory", &written.limits.memory.as_ref().map(|at| at.range)),
    ];
    for (field, range) in
        low.into_iter().filter_map(|(low, field, range)| range.filter(|_| low).map(|range| (field, range)))
    {
        findings
            .error(range, format!("`limits.{field}` of service `{name}` is less than its `{field}`"))
            .hint(format!("`{field}` is what it asks for, the limit is the most it may take"));
    }
    Limits { cpu, memory: Mebibytes(memory.0) }
}

fn image_build(written: &crate::written::service::Build) -> Build {
    let parts = &written.0;
    Build {
        context: parts.context.0.clone(),
        dockerfile: parts.dockerfile.0.clone(),
        target: parts.target.as_ref().map(|target| target.value.clone()),
        paths: parts.paths.0.iter().map(|path| path.0.clone()).collect(),
        args: parts.args.iter().map(|(name, item)| (name.clone(), item.at.text.clone())).collect(),
    }
}

/// Names of the services of a type.
pub(super) fn of_type<'a>(scene: &Scene<'a>, kind: TypeWord) -> impl Iterator<Item = &'a str> {
    let services = scene.services().iter();
    services.filter(move |(_, item)| *item.at.value.r#type == kind).map(|(name, _)| name.as_str())
}

/// Names in a sentence, or a word where there are none.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let text = quoted(names);
    if text.is_empty() { "none".to_owned() } else { text }
}
