//! What production does and this machine does not yet: a person must not take the one for the other.

use model::System;
use model::system::{Service, ServiceKind};

/// One sentence that names everything the manifest asks for and this machine does not do, or `None`.
pub(super) fn differences(system: &System) -> Option<String> {
    let parts: Vec<String> = [scaling(system), edge(system)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("not on this machine yet: {}", parts.join("; ")))
}

fn scaling(system: &System) -> Option<String> {
    let moving = system.services.values().filter(|service| scales(service));
    list("scaling", moving.map(|service| format!("{} stays at {}", service.name, service.scale.min.max(1))))
}

fn scales(service: &Service) -> bool {
    !matches!(service.kind, ServiceKind::Job(_)) && service.scale.max > service.scale.min
}

fn edge(system: &System) -> Option<String> {
    let edge = &system.edge;
    let asked = [
        ("CDN", edge.cdn),
        ("firewall", edge.waf.is_some()),
        ("gateway", edge.gateway.is_some()),
        ("header gate", edge.origin_gate.is_some()),
        ("TLS", edge.tls.is_some()),
    ];
    let absent = asked.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| (*name).to_owned());
    list("in front of the balancer", absent)
}

fn list(what: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| format!("{what} ({})", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::differences;

    fn said(manifest: &str) -> Option<String> {
        let manifest = model::read("taxiway.yaml", manifest, &|_| None).unwrap();
        differences(&model::resolve(&manifest, None).unwrap())
    }

    #[test]
    fn a_plain_system_has_none() {
        assert_eq!(said("name: shop\nservices: { api: { type: web, run: ./api } }"), None);
        let with_secret = "name: shop\nservices: { api: { type: web, run: ./api, uses: { key: read } } }\n\
                           resources: { key: { type: secret } }";
        assert_eq!(said(with_secret), None);
    }

    #[test]
    fn everything_that_does_not_act_is_named_in_one_sentence() {
        let manifest = "name: shop\nservices:\n  api: { type: web, run: ./api, uses: { photos: write }, \
                        scale: { min: 2, max: 4, cpu_percentage: 70 } }\nresources:\n  \
                        photos: { type: bucket, expire: 30d, versioned: true }\nedge: { cdn: true, waf: { rate_limit: 2000 } }\n";
        assert_eq!(
            said(manifest).as_deref(),
            Some(
                "not on this machine yet: scaling (api stays at 2); in front of the balancer (CDN, firewall)"
            )
        );
    }
}
