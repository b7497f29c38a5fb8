//! One page of graphs for the whole system: how each service is, what waits, and how the databases do.

use model::system::{ResourceKind, Service};

use super::ComputePlace;
use super::database::Engine;
use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::identifier;
use super::service::{self, is_balanced, is_blue_green, of};

const FILE: &str = "dashboard.tf";

/// One graph: a title, what CloudWatch calls the lines in it, and how they are read.
struct Widget {
    title: String,
    metrics: Vec<Vec<Expression>>,
    stat: &'static str,
    unit: &'static str,
}

pub(super) fn compose(place: &mut ComputePlace<'_>) {
    let services = service::running(place.system).filter(|service| !is_job(service));
    let of_services = services.flat_map(of_service);
    let of_resources =
        place.system.resources.iter().filter_map(|(name, resource)| of_resource(name, &resource.kind));
    let widgets: Vec<Expression> = of_services.chain(of_resources).map(Expression::from).collect();
    if widgets.is_empty() {
        return;
    }
    let mut settings = Body::new();
    settings
        .set("name", place.names.prefix())
        .set("region", Expression::reference("var.region"))
        .set("widgets", Expression::List(widgets));
    place.compute.module(FILE, "dashboard", "dashboard", settings);
}

fn is_job(service: &Service) -> bool {
    matches!(service.kind, model::system::ServiceKind::Job(_))
}

fn of_service(service: &Service) -> Vec<Widget> {
    let ecs = |metric: &str| {
        line(
            "AWS/ECS",
            metric,
            [
                ("ClusterName", Expression::reference("module.cluster.name")),
                ("ServiceName", of(service, "service", "name")),
            ],
        )
    };
    let mut widgets = vec![Widget {
        title: format!("{}: processor and memory", service.name),
        metrics: vec![ecs("CPUUtilization"), ecs("MemoryUtilization")],
        stat: "Average",
        unit: "%",
    }];
    if is_balanced(service) {
        let answers = ["HTTPCode_Target_2XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"];
        let metrics = answers.into_iter().flat_map(|metric| balancer(service, metric)).collect();
        widgets.push(Widget {
            title: format!("{}: answers", service.name),
            metrics,
            stat: "Sum",
            unit: "a minute",
        });
        let metrics = balancer(service, "TargetResponseTime");
        widgets.push(Widget {
            title: format!("{}: response time, p99", service.name),
            metrics,
            stat: "p99",
            unit: "s",
        });
    }
    widgets
}

/// One line for each target group that may serve.
fn balancer(service: &Service, metric: &str) -> Vec<Vec<Expression>> {
    let groups: &[&str] = if is_blue_green(service) { &["blue", "green"] } else { &["only"] };
    groups
        .iter()
        .map(|group| {
            let suffix =
                format!("module.{}_route.target_group_arn_suffixes.{group}", identifier(&service.name));
            line(
                "AWS/ApplicationELB",
                metric,
                [
                    ("LoadBalancer", Expression::reference("module.balancer.arn_suffix")),
                    ("TargetGroup", Expression::reference(suffix)),
                ],
            )
        })
        .collect()
}

fn of_resource(name: &str, kind: &ResourceKind) -> Option<Widget> {
    if let ResourceKind::Queue(queue) = kind {
        let waiting = |what: &str| {
            let queue = Expression::reference(heard(&["queues", name, what]));
            line("AWS/SQS", "ApproximateNumberOfMessagesVisible", [("QueueName", queue)])
        };
        let dead = queue.dead_letter.map(|_| waiting("dead_letter_name"));
        let metrics = std::iter::once(waiting("name")).chain(dead).collect();
        return Some(Widget {
            title: format!("{name}: messages"),
            metrics,
            stat: "Maximum",
            unit: "messages",
        });
    }
    let identifier = heard(&["databases", name, "identifier"]);
    let (namespace, dimension, value) = Engine::of(kind)?.dimension(&identifier)?;
    let metrics = vec![line(namespace, "CPUUtilization", [(dimension, value)])];
    Some(Widget { title: format!("{name}: processor"), metrics, stat: "Average", unit: "%" })
}

fn line<const COUNT: usize>(
    namespace: &str,
    metric: &str,
    dimensions: [(&str, Expression); COUNT],
) -> Vec<Expression> {
    let named = dimensions.into_iter().flat_map(|(name, value)| [Expression::from(name), value]);
    [Expression::from(namespace), Expression::from(metric)].into_iter().chain(named).collect()
}

impl From<Widget> for Expression {
    fn from(widget: Widget) -> Self {
        Self::object([
            ("title", Self::Text(widget.title)),
            ("metrics", Self::list(widget.metrics.into_iter().map(Self::List))),
            ("stat", widget.stat.into()),
            ("unit", widget.unit.into()),
        ])
    }
}
