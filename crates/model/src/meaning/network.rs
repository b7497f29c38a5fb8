//! The network on AWS: room for its zones, a way out for what needs one, and everything in the same region.

use super::Scene;
use crate::language::At;
use crate::manifest::LOCAL;
use crate::problem::Findings;
use crate::system::Nat;
use crate::written::platform::Aws;
use crate::written::text::Arn;

/// Smallest subnet that a load balancer takes (Application Load Balancers user guide, "Subnets for your load balancer").
const SUBNET_BITS: u32 = 27;
/// Where CloudFront takes its certificates from (Amazon CloudFront developer guide, "Requirements for using SSL/TLS
/// certificates with CloudFront").
const CDN_REGION: &str = "us-east-1";

/// Checks the network and what lies in a region.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let aws = &scene.manifest.aws.value;
    room(aws, findings);
    certificates(scene, aws, findings);
    for topic in &aws.alarm_actions.0 {
        same_region(
            "alarm action",
            topic.range,
            &topic.0,
            &aws.region.0,
            "CloudWatch calls topics of its own region",
            findings,
        );
    }
    if aws.nat.value == Nat::None && scene.environment != Some(LOCAL) {
        way_out(scene, aws, findings);
    }
}

/// A public and a private subnet in each zone.
fn room(aws: &Aws, findings: &mut Findings) {
    let zones: u32 = aws.availability_zones.to();
    let largest = SUBNET_BITS - (2 * zones).next_power_of_two().ilog2();
    let bits = aws.cidr.0.rsplit_once('/').and_then(|(_, bits)| bits.parse::<u32>().ok());
    if bits.is_some_and(|bits| bits > largest) {
        findings
            .error(aws.cidr.range, format!("`aws.cidr` has no room for a public and a private subnet in {zones} zones: a load balancer wants /{SUBNET_BITS} or larger"))
            .hint(format!("take a range of /{largest} or larger, such as `10.0.0.0/16`"));
    }
}

/// Private subnets that reach nothing: no image, no log, no secret.
fn way_out(scene: &Scene<'_>, aws: &Aws, findings: &mut Findings) {
    if !aws.endpoints.value && scene.services().iter().next().is_some() {
        findings
            .error(aws.nat.range, "with `aws.nat: none` and without `aws.endpoints` no service can fetch its image, write a log or call AWS")
            .hint("add `endpoints: true`, or set `nat: single`");
        return;
    }
    for (name, item) in scene.services().iter() {
        let Some(image) = item.at.image.as_ref().filter(|image| !image.0.contains(".dkr.ecr.")) else {
            continue;
        };
        findings
            .error(image.range, format!("with `aws.nat: none` service `{name}` cannot fetch its image: endpoints reach the registries of ECR only"))
            .hint("push the image to ECR, or set `nat: single`");
    }
}

fn certificates(scene: &Scene<'_>, aws: &Aws, findings: &mut Findings) {
    const BALANCER: &str = "a load balancer takes a certificate of its own region";
    const CDN: &str = "CloudFront takes certificates of that region only";
    if let Some(At { value: Arn(arn), range, .. }) = &aws.certificate {
        same_region("certificate", *range, arn, &aws.region.0, BALANCER, findings);
    }
    let edge = &scene.manifest.edge.value;
    let Some(certificate) = edge.tls.as_ref().and_then(|tls| tls.certificate.as_ref()) else { return };
    let (region, why) = if edge.cdn.value { (CDN_REGION, CDN) } else { (aws.region.0.as_str(), BALANCER) };
    same_region("certificate", certificate.range, certificate, region, why, findings);
}

/// Whether CloudFront can use a certificate.
pub(super) fn for_cdn(arn: &str) -> bool {
    region(arn) == Some(CDN_REGION)
}

fn same_region(
    noun: &str,
    range: crate::problem::TextRange,
    arn: &str,
    wanted: &str,
    why: &str,
    findings: &mut Findings,
) {
    let Some(found) = region(arn).filter(|found| *found != wanted) else { return };
    findings
        .error(range, format!("the {noun} is in region `{found}`, and `{wanted}` is needed"))
        .hint(format!("{why}: name one in `{wanted}`"));
}

/// The region in an ARN (AWS general reference, "Amazon Resource Names").
fn region(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    (parts.next() == Some("arn")).then(|| parts.nth(2)).flatten().filter(|region| !region.is_empty())
}
