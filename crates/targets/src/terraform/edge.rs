//! What stands in front: balancer, content delivery network, firewall, gateway.

use model::System;
use model::system::{HttpExposure, ManagedRule, Waf, Web};

use super::exports::heard;
use super::hcl::{Body, Expression};
use super::names::{BALANCER, identifier};
use super::stack::{Alias, Variable};
use super::{ComputePlace, log, service};

pub(super) mod doors;

const BALANCER_FILE: &str = "balancer.tf";
const FILE: &str = "edge.tf";

/// Where the test listener listens: reachable for the private subnets, where hooks run, and not for the world.
const TEST_PORT: u16 = 9000;

/// AWS's names of the rule groups, and CloudFront's firewall takes them in this order (AWS WAF Developer Guide, "AWS
/// Managed Rules rule groups list").
fn managed(rule: ManagedRule) -> &'static str {
    match rule {
        ManagedRule::Common => "AWSManagedRulesCommonRuleSet",
        ManagedRule::KnownBadInputs => "AWSManagedRulesKnownBadInputsRuleSet",
    }
}

pub(super) fn compose(place: &mut ComputePlace<'_>) {
    if service::balanced(place.system).next().is_none() {
        return;
    }
    logs(place);
    gate_variable(place);
    balancer(place);
    if let Some(waf) = &place.system.edge.waf {
        firewall(place, waf);
    }
    if place.system.edge.cdn {
        cdn(place);
    }
    if place.system.edge.gateway.is_some() {
        gateway(place);
    }
    address(place);
}

/// Who the balancer is, seen from a private subnet: itself, or somebody on the internet.
pub(super) fn balancer_from_inside(system: &System) -> (&'static str, Expression) {
    if is_private(system) {
        ("security_group_id", Expression::reference("module.balancer.security_group_id"))
    } else {
        ("cidr_ipv4", "0.0.0.0/0".into())
    }
}

/// The header that only the public door knows.
pub(super) fn gate(system: &System) -> Option<Expression> {
    let gate = system.edge.origin_gate.as_ref()?;
    Some(Expression::object([
        ("header", Expression::from(&gate.header)),
        ("value", Expression::reference("var.origin_gate")),
    ]))
}

/// How much a route says, most first: a host before none, a long path before a short one.
pub(super) fn weight(web: &Web) -> (bool, std::cmp::Reverse<usize>) {
    match &web.exposure {
        HttpExposure::Shared(route) => (
            route.host.is_none(),
            std::cmp::Reverse(route.path.as_deref().unwrap_or("").trim_end_matches('/').len()),
        ),
        HttpExposure::OwnPort(_) | HttpExposure::Internal => (true, std::cmp::Reverse(0)),
    }
}

fn certificate(system: &System) -> Option<&str> {
    let written = system.edge.tls.as_ref().and_then(|tls| tls.certificate.as_deref());
    written.filter(|certificate| certificate.starts_with("arn:")).or(system.aws.certificate.as_deref())
}

fn is_private(system: &System) -> bool {
    system.edge.gateway.as_ref().is_some_and(|gateway| gateway.vpc_link)
}

/// Whether only CloudFront calls the balancer. With a gateway it is that which CloudFront calls.
fn is_behind_cdn(system: &System) -> bool {
    system.edge.cdn && system.edge.gateway.is_none()
}

fn logs(place: &mut ComputePlace<'_>) {
    let mut settings = Body::new();
    settings
        .set("name", Expression::template(&format!("{}-{{var.account_id}}", place.names.of("access-logs"))))
        .set("account_id", Expression::reference("var.account_id"))
        .set("region", Expression::reference("var.region"))
        .set("expire_days", log::days(place.system))
        .set("cloudfront", place.system.edge.cdn)
        .set("protect", place.system.protect);
    place.compute.module(BALANCER_FILE, "access_logs", "access-logs", settings);
}

fn gate_variable(place: &mut ComputePlace<'_>) {
    let Some(gate) = &place.system.edge.origin_gate else { return };
    let secret = place.names.path(&gate.secret);
    let description = format!(
        "What {} has to be for the balancer to let a request in. It is the value of the secret {secret}: no file that \
         is committed holds it, and pipelines read it there. It stands in the state, as in CloudFront's own configuration.",
        gate.header
    );
    let variable = Variable::new("string", &description)
        .sensitive()
        .valid(
            "can(regex(\"^[A-Za-z0-9_-]{32,128}$\", var.origin_gate))",
            "32 to 128 letters, digits, hyphens and underscores.",
        )
        .example("an-example-of-32-characters-or-more");
    place.compute.variable("origin_gate", variable);
}

fn balancer(place: &mut ComputePlace<'_>) {
    let system = place.system;
    let is_private = is_private(system);
    let subnets = if is_private { "private_subnet_ids" } else { "public_subnet_ids" };
    let mut settings = Body::new();
    settings
        .set("name", place.names.short("alb", BALANCER))
        .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
        .set("subnet_ids", Expression::reference(heard(&["network", subnets])))
        .set("internal", is_private);
    settings.set_some("certificate_arn", certificate(system));
    if let Some(tls) = &system.edge.tls {
        settings.set("redirect_http", tls.redirect);
    }
    if service::balanced(system).any(|(service, _)| service::is_blue_green(service)) {
        settings.set("test_listener_port", TEST_PORT);
        let cidrs = if is_private {
            Expression::list([Expression::reference(heard(&["network", "cidr"]))])
        } else {
            Expression::reference(heard(&["network", "nat_cidrs"]))
        };
        settings.set("test_ingress_cidrs", cidrs);
    }
    let own: Vec<(String, Expression)> = service::balanced(system)
        .filter_map(|(service, web)| match web.exposure {
            HttpExposure::OwnPort(port) => Some((identifier(&service.name), port.into())),
            _ => None,
        })
        .collect();
    if !own.is_empty() {
        settings.set("own_ports", Expression::Object(own));
    }
    if is_private {
        let group =
            Expression::object([("gateway", Expression::reference("module.gateway.security_group_id"))]);
        settings.set("ingress_security_group_ids", group);
    } else if is_behind_cdn(system) {
        let description = "The managed prefix list com.amazonaws.global.cloudfront.origin-facing of the region, pl-…: `aws ec2 \
                           describe-managed-prefix-lists` names it. A variable, so that a plan needs no call to AWS.";
        let variable = Variable::new("string", description)
            .valid(
                "startswith(var.cloudfront_prefix_list_id, \"pl-\")",
                "The id of a prefix list begins with pl-.",
            )
            .example("pl-3b927c52");
        place.compute.variable("cloudfront_prefix_list_id", variable);
        let list =
            Expression::object([("cloudfront", Expression::reference("var.cloudfront_prefix_list_id"))]);
        settings.set("ingress_prefix_list_ids", list);
    } else {
        settings.set("ingress_cidrs", Expression::list(["0.0.0.0/0"]));
    }
    settings.set("default_status", if system.edge.origin_gate.is_some() { 403_u16 } else { 404 });
    settings.set("deletion_protection", system.protect);
    settings.set("access_log_bucket", Expression::reference("module.access_logs.bucket"));
    place.compute.module(BALANCER_FILE, "balancer", "load-balancer", settings);
}

fn firewall(place: &mut ComputePlace<'_>, waf: &Waf) {
    let is_global = place.system.edge.cdn;
    let mut settings = Body::new();
    if is_global {
        place.compute.needs(Alias::UsEast1);
        settings
            .set("providers", Expression::object([("aws", Expression::reference("aws.us_east_1"))]))
            .gap();
    }
    settings
        .set("name", place.names.prefix())
        .set("scope", if is_global { "CLOUDFRONT" } else { "REGIONAL" });
    settings.set_some("rate_limit", waf.rate_limit);
    let rules = waf.managed_rules.iter().zip(1_u32..).map(|(rule, number)| {
        let counted = waf.count.iter();
        let entries = [
            ("priority", Expression::from(number * 10)),
            ("vendor", "AWS".into()),
            ("count", Expression::list(counted)),
        ];
        (managed(*rule), Expression::object(entries))
    });
    settings.set("managed_rules", Expression::object(rules));
    settings.set("log_retention_days", log::days(place.system));
    if !is_global {
        settings.set("associate", true).set("associate_arn", Expression::reference("module.balancer.arn"));
    }
    place.compute.module(FILE, "waf", "waf", settings);
}

fn cdn(place: &mut ComputePlace<'_>) {
    let system = place.system;
    let mut settings = Body::new();
    settings.set("name", place.names.prefix());
    if is_behind_cdn(system) {
        settings
            .set("origin_domain", Expression::reference("module.balancer.dns_name"))
            .set("origin_protocol", if certificate(system).is_some() { "https-only" } else { "http-only" });
    } else {
        // A gateway knows itself by its own host name only, and speaks TLS only.
        settings
            .set("origin_domain", Expression::reference("module.gateway.domain_name"))
            .set("origin_protocol", "https-only")
            .set("forward_host", false);
    }
    if let Some(gate) = &system.edge.origin_gate {
        settings
            .set("gate_header", gate.header.as_str())
            .set("gate_value", Expression::reference("var.origin_gate"));
    }
    if system.edge.waf.is_some() {
        settings.set("web_acl_arn", Expression::reference("module.waf.arn"));
    }
    settings.set("log_bucket_domain", Expression::reference("module.access_logs.domain_name"));
    place.compute.module(FILE, "cdn", "cdn", settings);
}

fn gateway(place: &mut ComputePlace<'_>) {
    let Some(gateway) = &place.system.edge.gateway else { return };
    let mut settings = Body::new();
    settings.set("name", place.names.prefix()).set("vpc_link", gateway.vpc_link);
    if gateway.vpc_link {
        settings
            .set("vpc_id", Expression::reference(heard(&["network", "vpc_id"])))
            .set("subnet_ids", Expression::reference(heard(&["network", "private_subnet_ids"])))
            .set("listener_arn", Expression::reference("module.balancer.listener_arn"))
            .set("listener_port", Expression::reference("module.balancer.listener_port"))
            .set("listener_security_group_id", Expression::reference("module.balancer.security_group_id"));
    } else {
        settings.set("origin_url", balancer_url(place.system));
    }
    // Behind a CDN the header is the CDN's to add: the gateway would add it for everybody.
    if let Some(gate) = place.system.edge.origin_gate.as_ref().filter(|_| !place.system.edge.cdn) {
        settings
            .set("gate_header", gate.header.as_str())
            .set("gate_value", Expression::reference("var.origin_gate"));
    }
    settings.set_some(
        "throttle",
        gateway.throttle.map(|(rate, burst)| Expression::object([("rate", rate), ("burst", burst)])),
    );
    settings.set("log_retention_days", log::days(place.system));
    place.compute.module(FILE, "gateway", "gateway", settings);
}

fn balancer_url(system: &System) -> Expression {
    Expression::template(&format!("{}://{{module.balancer.dns_name}}", scheme(system)))
}

/// What the balancer speaks.
fn scheme(system: &System) -> &'static str {
    if certificate(system).is_some() { "https" } else { "http" }
}

/// Where people reach it.
fn public_url(system: &System) -> Expression {
    if system.edge.cdn {
        Expression::template("https://{module.cdn.domain_name}")
    } else if system.edge.gateway.is_some() {
        Expression::reference("module.gateway.endpoint")
    } else {
        balancer_url(system)
    }
}

fn address(place: &mut ComputePlace<'_>) {
    place.compute.output("url", "Where people reach the system.", public_url(place.system));
    place.compute.output(
        "balancer_dns_name",
        "The load balancer behind it.",
        Expression::reference("module.balancer.dns_name"),
    );
}
