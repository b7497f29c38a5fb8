//! What stands in front: doors that lead somewhere, a gate with a secret, a certificate.

use std::collections::BTreeMap;

use super::service::of_type;
use super::{Scene, network};
use crate::language::{Item, nearest};
use crate::problem::Findings;
use crate::system::{self, Edge, Gateway, Key, OriginGate, ResourceKind, Secret, Tls, Waf};
use crate::written::service::TypeWord;
use crate::written::{Resource, edge};

/// The edge, resolved.
pub(super) fn resolve(scene: &Scene<'_>, findings: &mut Findings) -> Edge {
    let written = &scene.manifest.edge.value;
    door(scene, written, findings);
    Edge {
        cdn: written.cdn.value,
        waf: written.waf.as_ref().map(|waf| Waf {
            rate_limit: waf.rate_limit.as_ref().map(|limit| limit.to()),
            managed_rules: waf.managed_rules.0.iter().map(|rule| rule.value).collect(),
            count: waf.count.0.iter().map(|rule| rule.value.clone()).collect(),
        }),
        gateway: written.gateway.as_ref().map(|gateway| Gateway {
            vpc_link: gateway.vpc_link.value,
            throttle: gateway.throttle.as_ref().map(|throttle| (throttle.rate.to(), throttle.burst.to())),
        }),
        origin_gate: gate(scene, written, findings),
        tls: tls(scene, written, findings),
    }
}

/// A door without a web service behind it, and a firewall without rules.
fn door(scene: &Scene<'_>, written: &edge::Edge, findings: &mut Findings) {
    let doors = [
        ("cdn", written.cdn.value.then_some(written.cdn.range)),
        ("gateway", written.gateway.as_ref().map(|gateway| gateway.range)),
        ("waf", written.waf.as_ref().map(|waf| waf.range)),
    ];
    let empty = of_type(scene, TypeWord::Web).next().is_none() && scene.services().broken.is_empty();
    for (field, range) in
        doors.into_iter().filter_map(|(field, range)| Some((field, range?))).filter(|_| empty)
    {
        findings
            .error(range, format!("`edge.{field}` stands in front of nothing: no service has `type: web`"))
            .hint(format!("add a web service, or remove `{field}`"));
    }
    let public = |item: &Item<crate::written::Service>| *item.at.http.public && item.at.http.port.is_none();
    let shut =
        !empty && !scene.services().iter().any(|(_, item)| *item.at.r#type == TypeWord::Web && public(item));
    for (field, range) in
        doors.into_iter().filter_map(|(field, range)| Some((field, range?))).filter(|_| shut)
    {
        findings
            .error(range, format!("`edge.{field}` leads nowhere: no web service is on the shared listener"))
            .hint(format!("give one an `http.path` or `http.alias`, or remove `{field}`"));
    }
    if let Some(waf) = &written.waf
        && waf.rate_limit.is_none()
        && waf.managed_rules.0.is_empty()
    {
        findings
            .warning(waf.range, "the firewall has no rules, so it lets everything through")
            .hint("add `rate_limit: 2000`, or `managed_rules: [common, known-bad-inputs]`");
    }
}

fn gate(scene: &Scene<'_>, written: &edge::Edge, findings: &mut Findings) -> Option<OriginGate> {
    let gate = written.origin_gate.as_ref()?;
    let name = &gate.secret.value.0;
    let found = scene.resources().entries.get(name);
    if !scene.resources().declares(name) {
        misspelt(scene, gate, findings);
    }
    if found.is_some_and(|item| !matches!(item.at.value, Resource::Secret(_) | Resource::Parameter(_))) {
        findings
            .error(gate.secret.range, format!("`edge.origin_gate` needs a secret, and `{name}` is none"))
            .hint("define one under `resources`: `gate: { type: secret }`");
    }
    if matches!(found.map(|item| &item.at.value), Some(Resource::Parameter(parameter)) if !parameter.secure.value)
    {
        findings
            .error(
                gate.secret.range,
                format!("`edge.origin_gate` needs a secret, and the parameter `{name}` is stored in plain"),
            )
            .hint(format!("set `secure: true` on `{name}`, or make it `type: secret`"));
    }
    if !written.cdn.value && written.gateway.is_none() {
        findings
            .error(gate.range, "`edge.origin_gate` has no door that adds its header: everybody would get 403")
            .hint("add `cdn: true`, or remove `origin_gate`");
    }
    Some(OriginGate { header: gate.header.0.clone(), secret: name.clone() })
}

/// The secret that holds a gate's value need not be defined: nobody but the edge uses it.
pub(super) fn implied(scene: &Scene<'_>) -> Option<(String, system::Resource)> {
    let name = &scene.manifest.edge.origin_gate.as_ref()?.secret.value.0;
    let kind = ResourceKind::Secret(Secret { local: None, key: Key::Managed });
    let resource = system::Resource { name: name.clone(), kind, env: BTreeMap::new() };
    (!scene.resources().declares(name)).then(|| (name.clone(), resource))
}

/// A name close to that of a secret was meant to be that secret.
fn misspelt(scene: &Scene<'_>, gate: &edge::OriginGate, findings: &mut Findings) {
    let name = &gate.secret.value.0;
    let secret =
        |item: &Item<Resource>| matches!(item.at.value, Resource::Secret(_) | Resource::Parameter(_));
    let secrets = scene.resources().iter().filter(|(_, item)| secret(item)).map(|(name, _)| name.as_str());
    if let Some(near) = nearest(name, secrets) {
        findings
            .error(
                gate.secret.range,
                format!("`edge.origin_gate` takes its value from `{name}`, which nothing defines"),
            )
            .hint(format!("did you mean `{near}`?"));
    }
}

fn tls(scene: &Scene<'_>, written: &edge::Edge, findings: &mut Findings) -> Option<Tls> {
    let tls = written.tls.as_ref()?;
    let own = tls.certificate.as_ref().map(|certificate| certificate.value.clone());
    let certificate = own.or_else(|| {
        let balancer = scene.manifest.aws.certificate.as_ref().map(|arn| arn.0.clone());
        balancer.filter(|arn| !written.cdn.value || network::for_cdn(arn))
    });
    if certificate.is_none() && !written.cdn.value && !scene.on_kubernetes() {
        findings
            .warning(
                tls.range,
                "`edge.tls` has no certificate: on AWS the door stays on port 80, without HTTPS",
            )
            .hint("add `certificate`, an ACM ARN, here or under `aws`");
    }
    Some(Tls { certificate, redirect: tls.redirect.value })
}
