//! How many tasks there are: target tracking and changes by the clock.

use model::system::{Access, ResourceKind, ScheduledScale, Service};

use super::ComputePlace;
use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::identifier;
use super::queue::seconds;
use super::schedule;
use super::service::{is_balanced, is_blue_green, of};

pub(super) fn compose(place: &mut ComputePlace<'_>, service: &Service) {
    let scale = &service.scale;
    if scale.min == scale.max && scale.schedule.is_empty() {
        return;
    }
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("cluster_name", Expression::reference("module.cluster.name"))
        .set("service_name", of(service, "service", "name"))
        .set("min", scale.min)
        .set("max", scale.max);
    settings.set_some("cpu_percentage", scale.cpu_percentage.map(|percent| percent.0));
    settings.set_some("memory_percentage", scale.memory_percentage.map(|percent| percent.0));
    requests(service, &mut settings);
    settings.set_some("queue_delay", queue_delay(place, service));
    if !scale.schedule.is_empty() {
        settings.set("schedule", Expression::object(scale.schedule.iter().enumerate().map(scheduled)));
    }
    settings
        .set("scale_in_cooldown_seconds", seconds(scale.cooldown.scale_in))
        .set("scale_out_cooldown_seconds", seconds(scale.cooldown.scale_out));
    place.call(service, "scaling", "autoscaling", settings);
}

/// Requests a minute and task of a service behind the balancer. With CodeDeploy either of two groups serves, so both are
/// counted: AWS's own metric is of one (Application Auto Scaling User Guide, "ALBRequestCountPerTarget").
fn requests(service: &Service, settings: &mut Body) {
    let (Some(target), true) = (service.scale.requests, is_balanced(service)) else { return };
    let balancer = "module.balancer.arn_suffix";
    let route = format!("module.{}_route", identifier(&service.name));
    if is_blue_green(service) {
        let across = Expression::object([
            ("target", Expression::from(target)),
            ("balancer", Expression::reference(balancer)),
            ("target_groups", Expression::reference(format!("{route}.target_group_arn_suffixes"))),
        ]);
        settings.set("requests_across", across);
    } else {
        let label = Expression::template(&format!("{{{balancer}}}/{{{route}.target_group_arn_suffix}}"));
        settings.set(
            "requests",
            Expression::object([("target", Expression::from(target)), ("resource_label", label)]),
        );
    }
}

/// The queue a worker consumes: the first of those it uses so.
fn queue_delay(place: &ComputePlace<'_>, service: &Service) -> Option<Expression> {
    let delay = service.scale.queue_delay?;
    let (queue, _) = service.uses.iter().find(|(name, of)| {
        let resource = place.system.resources.get(*name);
        matches!(of.access, Access::Consume | Access::Manage)
            && matches!(resource.map(|resource| &resource.kind), Some(ResourceKind::Queue(_)))
    })?;
    Some(Expression::object([
        ("queue_name", Expression::reference(heard(&["queues", queue, "name"]))),
        ("acceptable_latency_seconds", seconds(delay.acceptable_latency)),
        ("msg_processing_seconds", seconds(delay.msg_processing_time)),
    ]))
}

fn scheduled((number, scheduled): (usize, &ScheduledScale)) -> (String, Expression) {
    let entries = [
        ("cron", Expression::from(schedule::cron(&scheduled.at))),
        ("min", scheduled.min.into()),
        ("max", scheduled.max.into()),
    ];
    (format!("at_{}", number + 1), Expression::object(entries))
}
