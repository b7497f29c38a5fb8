//! Jobs: tasks that the clock starts, or somebody.

use model::system::{Job, Service};

use super::ComputePlace;
use super::exports::heard;
use super::hcl::{Body, Expression};
use super::service::{self, group, of};

pub(super) fn compose(place: &mut ComputePlace<'_>, service: &Service, job: &Job) {
    let mut settings = Body::new();
    settings
        .set("name", place.names.of(&service.name))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"));
    settings.set_some("schedule", service::schedule(&job.trigger).map(super::schedule::cron));
    settings
        .set("cluster_arn", Expression::reference("module.cluster.arn"))
        .set("task_definition_arn", of(service, "task", "task_definition_family_arn"))
        .set(
            "pass_role_arns",
            Expression::list([
                of(service, "task", "task_role_arn"),
                of(service, "task", "execution_role_arn"),
            ]),
        )
        .set("subnet_ids", Expression::reference(heard(&["network", "private_subnet_ids"])))
        .set("security_group_ids", Expression::list([Expression::reference(group(service))]))
        .set("retries", job.retries);
    place.call(service, "job", "job", settings);
}
