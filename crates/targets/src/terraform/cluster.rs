//! Where tasks run, and how services find each other.

use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::identifier;
use super::stack::Variable;
use super::{ComputePlace, service};

const FILE: &str = "cluster.tf";

/// The tag of an image before the first delivery.
const FIRST_TAG: &str = "initial";

pub(super) fn compose(place: &mut ComputePlace<'_>) {
    let mut settings = Body::new();
    settings.set("name", place.names.prefix());
    place.compute.module(FILE, "cluster", "cluster", settings);
    place.compute.output("cluster_name", "The ECS cluster.", Expression::reference("module.cluster.name"));
    let internal: Vec<String> = service::internal(place.system).map(|service| service.name.clone()).collect();
    if !internal.is_empty() {
        let mut settings = Body::new();
        settings
            .set("name", place.names.prefix())
            .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
            .set("services", Expression::list(internal));
        place.compute.module(FILE, "discovery", "discovery", settings);
    }
    tags(place);
}

/// One tag for each image, so that delivering one service needs no other's.
fn tags(place: &mut ComputePlace<'_>) {
    let built: Vec<String> = service::running(place.system)
        .filter(|service| service.image.is_none())
        .map(|service| identifier(&service.name))
        .collect();
    if built.is_empty() {
        return;
    }
    let optional = || Expression::call("optional", [Expression::reference("string"), FIRST_TAG.into()]);
    let kind =
        Expression::call("object", [Expression::object(built.iter().map(|name| (name.clone(), optional())))]);
    let description = "Image tags of the first task definitions. Deliveries register their own, which Terraform leaves alone.";
    let mut variable = Variable::new("any", description).default(Expression::Object(Vec::new()));
    variable.kind = kind;
    variable.example = Some(Expression::object(built.iter().map(|name| (name.clone(), "sha-0123456"))));
    place.compute.variable("image_tags", variable);
}
