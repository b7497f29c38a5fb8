//! Image registries, one for each service that is built.

use model::system::Service;

use super::Place;
use super::hcl::Body;
use super::names::identifier;

const FILE: &str = "registries.tf";

/// Images each registry keeps.
const KEEP: u32 = 10;

pub(super) fn compose(place: &mut Place<'_>, service: &Service) {
    let physical = place.names.of(&service.name);
    let mut settings = Body::new();
    settings.set("name", physical.as_str());
    settings.set("keep", KEEP);
    settings.set("force_delete", !place.system.protect);
    let module = format!("registry_{}", identifier(&service.name));
    place.data.module(FILE, &module, "registry", settings);
    let region = &place.system.aws.region;
    let url = format!("123456789012.dkr.ecr.{region}.amazonaws.com/{physical}");
    let arn = format!("arn:aws:ecr:{region}:123456789012:repository/{physical}");
    place.exports.text(&["registries", &service.name, "url"], format!("module.{module}.repository_url"), url);
    place.exports.text(&["registries", &service.name, "arn"], format!("module.{module}.arn"), arn);
}
