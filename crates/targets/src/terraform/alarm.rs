//! Alarms on CloudWatch's metrics, and the topic they call.

use model::System;
use model::system::{Alarm, Comparison, HttpExposure, Metric, ResourceKind, Service};

use super::ComputePlace;
use super::database::Engine;
use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::identifier;
use super::service::{self, is_blue_green, of};
use super::stack::Variable;

const FILE: &str = "alarms.tf";

/// How finely alarms look, in seconds.
const PERIOD: u32 = 60;

const BYTES_PER_MEBIBYTE: f64 = 1_048_576.0;
const MILLISECONDS_PER_SECOND: f64 = 1000.0;

/// What an alarm watches: a metric of CloudWatch's, or an expression over several.
enum Watched {
    Plain(Source),
    Expression { text: String, sources: Vec<(String, Source)> },
}

/// One metric of CloudWatch's.
struct Source {
    namespace: &'static str,
    metric: &'static str,
    dimensions: Vec<(&'static str, Expression)>,
    statistic: &'static str,
}

pub(super) fn compose(place: &mut ComputePlace<'_>) {
    let system = place.system;
    let alarms: Vec<(String, Expression)> = system
        .alarms
        .iter()
        .filter_map(|(name, alarm)| Some((identifier(name), one(system, name, alarm)?)))
        .collect();
    if alarms.is_empty() {
        return;
    }
    topic(place);
    let mut settings = Body::new();
    settings.set("name", place.names.prefix()).set("alarms", Expression::Object(alarms));
    let own = Expression::reference("module.notifications.arn");
    let actions = std::iter::once(own).chain(system.aws.alarm_actions.iter().map(Into::into));
    settings.set("actions", Expression::list(actions));
    place.compute.module(FILE, "alarms", "alarms", settings);
    place.compute.output(
        "alarm_topic_arn",
        "The topic that alarms call.",
        Expression::reference("module.notifications.arn"),
    );
}

/// Whether CloudWatch has the metric that an alarm is on.
pub(super) fn is_known(alarm: &Alarm) -> bool {
    alarm.metric != Metric::Restarts
}

fn topic(place: &mut ComputePlace<'_>) {
    let variable =
        Variable::new("set(string)", "Addresses that get a mail for every alarm, once they have confirmed.")
            .default(Expression::list(Vec::<Expression>::new()))
            .example(Expression::list(["on-call@example.com"]));
    place.compute.variable("alarm_emails", variable);
    let account = || Expression::reference("var.account_id");
    let region = || Expression::reference("var.region");
    let mut key = Body::new();
    key.set("name", place.names.of("alarms"))
        .set("description", format!("Encrypts what the alarms of {} say", place.names.prefix()))
        .set("account_id", account())
        .set("region", region())
        .set("services", Expression::list(["cloudwatch.amazonaws.com"]));
    place.compute.module(FILE, "alarms_key", "kms-key", key);
    let mut topic = Body::new();
    topic
        .set("name", place.names.of("alarms"))
        .set("account_id", account())
        .set("region", region())
        .set("kms_key_arn", Expression::reference("module.alarms_key.arn"))
        .set("emails", Expression::reference("var.alarm_emails"));
    place.compute.module(FILE, "notifications", "notifications", topic);
}

fn one(system: &System, name: &str, alarm: &Alarm) -> Option<Expression> {
    let watched = watched(system, alarm)?;
    let (comparison, threshold) = match alarm.comparison {
        Comparison::Above(limit) => ("GreaterThanThreshold", limit),
        Comparison::Below(limit) => ("LessThanThreshold", limit),
    };
    let periods =
        u32::try_from(alarm.period.as_secs().div_ceil(u64::from(PERIOD))).unwrap_or(u32::MAX).max(1);
    let mut entries = vec![
        ("description", Expression::from(description(system, name, alarm))),
        ("comparison", comparison.into()),
        ("threshold", (threshold * unit(alarm.metric)).into()),
        ("period_seconds", PERIOD.into()),
        ("evaluation_periods", periods.into()),
        ("treat_missing", missing(alarm).into()),
    ];
    match watched {
        Watched::Plain(source) => entries.extend(source.entries()),
        Watched::Expression { text, sources } => {
            entries.push(("expression", text.into()));
            let metrics = sources.into_iter().map(|(id, source)| (id, Expression::object(source.entries())));
            entries.push(("metrics", Expression::object(metrics)));
        }
    }
    Some(Expression::object(entries))
}

fn description(system: &System, name: &str, alarm: &Alarm) -> String {
    let of = alarm.service.as_deref().or(alarm.resource.as_deref()).unwrap_or(&system.name);
    let side = match alarm.comparison {
        Comparison::Above(limit) => format!("above {limit}"),
        Comparison::Below(limit) => format!("below {limit}"),
    };
    format!("{name}: {} of {of} {side} for {} s", words(alarm.metric), alarm.period.as_secs())
}

fn words(metric: Metric) -> &'static str {
    match metric {
        Metric::Http5xxPercentage => "share of 5xx answers in percent",
        Metric::Http4xxPercentage => "share of 4xx answers in percent",
        Metric::LatencyP99 => "99th percentile of the response time in ms",
        Metric::LatencyP50 => "50th percentile of the response time in ms",
        Metric::Requests => "requests a minute",
        Metric::CpuPercentage => "processor use in percent",
        Metric::MemoryPercentage => "memory use in percent",
        Metric::HealthyReplicas => "healthy tasks",
        Metric::Restarts => "restarts",
        Metric::QueueDepth => "messages waiting",
        Metric::QueueAge => "age of the oldest message in s",
        Metric::DeadLetters => "dead-lettered messages",
        Metric::FreeStorage => "free storage in MiB",
    }
}

/// From the manifest's unit to CloudWatch's.
fn unit(metric: Metric) -> f64 {
    match metric {
        Metric::LatencyP99 | Metric::LatencyP50 => 1.0 / MILLISECONDS_PER_SECOND,
        Metric::FreeStorage => BYTES_PER_MEBIBYTE,
        _ => 1.0,
    }
}

/// Nobody asked, so nothing is wrong; but where nobody counts tasks any more, there are none.
fn missing(alarm: &Alarm) -> &'static str {
    match alarm.metric {
        Metric::HealthyReplicas | Metric::FreeStorage => "breaching",
        _ => "notBreaching",
    }
}

fn watched(system: &System, alarm: &Alarm) -> Option<Watched> {
    if let Some(service) = alarm.service.as_ref().and_then(|name| system.services.get(name)) {
        return of_service(system, service, alarm.metric);
    }
    let name = alarm.resource.as_deref()?;
    of_resource(name, &system.resources.get(name)?.kind, alarm.metric).map(Watched::Plain)
}

fn of_service(system: &System, service: &Service, metric: Metric) -> Option<Watched> {
    if !service.profiles.is_empty() {
        return None;
    }
    match metric {
        Metric::Http5xxPercentage => share(service, "HTTPCode_Target_5XX_Count", unanswered(system)),
        Metric::Http4xxPercentage => share(service, "HTTPCode_Target_4XX_Count", None),
        Metric::LatencyP99 => over_groups(service, "MAX", "latency", "TargetResponseTime", "p99"),
        Metric::LatencyP50 => over_groups(service, "MAX", "latency", "TargetResponseTime", "p50"),
        Metric::Requests => over_groups(service, "SUM", "requests", "RequestCount", "Sum"),
        Metric::HealthyReplicas => over_groups(service, "SUM", "healthy", "HealthyHostCount", "Minimum"),
        Metric::CpuPercentage => Some(Watched::Plain(ecs(service, "CPUUtilization"))),
        Metric::MemoryPercentage => Some(Watched::Plain(ecs(service, "MemoryUtilization"))),
        _ => None,
    }
}

fn ecs(service: &Service, metric: &'static str) -> Source {
    let dimensions = vec![
        ("ClusterName", Expression::reference("module.cluster.name")),
        ("ServiceName", of(service, "service", "name")),
    ];
    Source { namespace: "AWS/ECS", metric, dimensions, statistic: "Average" }
}

/// What the balancer answers itself when no target does: 502, 503, 504. CloudWatch counts it for the balancer as a whole,
/// so it is a service's where no other stands behind the balancer (Application Load Balancers User Guide, "CloudWatch
/// metrics").
fn unanswered(system: &System) -> Option<Source> {
    let dimensions = vec![("LoadBalancer", Expression::reference("module.balancer.arn_suffix"))];
    let namespace = "AWS/ApplicationELB";
    (service::balanced(system).count() == 1).then_some(Source {
        namespace,
        metric: "HTTPCode_ELB_5XX_Count",
        dimensions,
        statistic: "Sum",
    })
}

/// Errors of all answers, in percent; none where nobody asks. Where no target could be chosen the balancer counts no
/// request, so there may be more errors than requests.
fn share(service: &Service, metric: &'static str, unanswered: Option<Source>) -> Option<Watched> {
    let groups = groups(service)?;
    let sum = |what: &str, more: Option<&str>| {
        let ids = groups.iter().copied().chain(more);
        ids.map(|id| format!("FILL({what}_{id}, 0)")).collect::<Vec<_>>().join(" + ")
    };
    let errors = sum("errors", unanswered.as_ref().map(|_| "balancer"));
    let requests = sum("requests", None);
    let share = format!("IF(({requests}) > 0, 100 * ({errors}) / ({requests}), 0)");
    let text = match &unanswered {
        Some(_) => format!("IF(({errors}) > ({requests}), 100, {share})"),
        None => share,
    };
    let of = |what: &'static str, metric: &'static str| {
        groups.iter().map(move |group| (format!("{what}_{group}"), balancer(service, group, metric, "Sum")))
    };
    let unanswered = unanswered.map(|source| ("errors_balancer".to_owned(), source));
    Some(Watched::Expression {
        text,
        sources: of("errors", metric).chain(unanswered).chain(of("requests", "RequestCount")).collect(),
    })
}

/// One metric of the service's target groups: under CodeDeploy either of the two may serve.
fn over_groups(
    service: &Service,
    how: &str,
    what: &'static str,
    metric: &'static str,
    statistic: &'static str,
) -> Option<Watched> {
    let groups = groups(service)?;
    if let [only] = groups {
        return Some(Watched::Plain(balancer(service, only, metric, statistic)));
    }
    let ids: Vec<String> = groups.iter().map(|group| format!("{what}_{group}")).collect();
    let sources =
        groups.iter().map(|group| (format!("{what}_{group}"), balancer(service, group, metric, statistic)));
    Some(Watched::Expression { text: format!("{how}([{}])", ids.join(", ")), sources: sources.collect() })
}

fn groups(service: &Service) -> Option<&'static [&'static str]> {
    let web = service::web(service)?;
    match (&web.exposure, is_blue_green(service)) {
        (HttpExposure::Internal, _) => None,
        (_, true) => Some(&["blue", "green"]),
        (_, false) => Some(&["only"]),
    }
}

fn balancer(service: &Service, group: &str, metric: &'static str, statistic: &'static str) -> Source {
    let suffix = format!("module.{}_route.target_group_arn_suffixes.{group}", identifier(&service.name));
    let dimensions = vec![
        ("LoadBalancer", Expression::reference("module.balancer.arn_suffix")),
        ("TargetGroup", Expression::reference(suffix)),
    ];
    Source { namespace: "AWS/ApplicationELB", metric, dimensions, statistic }
}

fn of_resource(name: &str, kind: &ResourceKind, metric: Metric) -> Option<Source> {
    let queue = |metric, what| Source {
        namespace: "AWS/SQS",
        metric,
        dimensions: vec![("QueueName", Expression::reference(heard(&["queues", name, what])))],
        statistic: "Maximum",
    };
    match metric {
        Metric::QueueDepth => Some(queue("ApproximateNumberOfMessagesVisible", "name")),
        Metric::QueueAge => Some(queue("ApproximateAgeOfOldestMessage", "name")),
        Metric::DeadLetters => Some(queue("ApproximateNumberOfMessagesVisible", "dead_letter_name")),
        Metric::CpuPercentage => database(name, kind, "CPUUtilization", "Average"),
        Metric::FreeStorage => database(name, kind, free_storage(kind)?, "Minimum"),
        Metric::MemoryPercentage => database(name, kind, "DatabaseMemoryUsagePercentage", "Average"),
        _ => None,
    }
}

/// Aurora and DocumentDB grow by themselves: what can run full is the instance's own disk.
fn free_storage(kind: &ResourceKind) -> Option<&'static str> {
    match Engine::of(kind)? {
        Engine::Postgres => Some("FreeStorageSpace"),
        Engine::Aurora | Engine::Documentdb => Some("FreeLocalStorage"),
        Engine::Redis | Engine::External | Engine::InCluster => None,
    }
}

fn database(
    name: &str,
    kind: &ResourceKind,
    metric: &'static str,
    statistic: &'static str,
) -> Option<Source> {
    let identifier = heard(&["databases", name, "identifier"]);
    let (namespace, dimension, value) = Engine::of(kind)?.dimension(&identifier)?;
    Some(Source { namespace, metric, dimensions: vec![(dimension, value)], statistic })
}

impl Source {
    fn entries(self) -> Vec<(&'static str, Expression)> {
        vec![
            ("namespace", self.namespace.into()),
            ("metric", self.metric.into()),
            ("dimensions", Expression::object(self.dimensions)),
            ("statistic", self.statistic.into()),
        ]
    }
}
