//! How requests reach web services, and that no two want the same ones.

use std::collections::BTreeMap;

use super::Scene;
use crate::language::At;
use crate::problem::{Findings, TextRange};
use crate::system::{HealthCheck, HttpExposure, Route, ServiceKind, System, Web};
use crate::written::http::{self, Http};

/// Ports of the shared listener: on AWS, and on this machine.
const SHARED: &[u16] = &[80, 443, 8000];

/// What only a web service has.
pub(super) fn web(name: &str, written: &Http, findings: &mut Findings) -> Web {
    Web {
        exposure: exposure(name, written, findings),
        healthcheck: healthcheck(name, &written.healthcheck, findings),
        liveness: written.liveness.as_ref().map(|check| Box::new(healthcheck(name, check, findings))),
        deregistration_delay: written.deregistration_delay.0,
    }
}

fn exposure(name: &str, written: &Http, findings: &mut Findings) -> HttpExposure {
    let route = written
        .path
        .as_ref()
        .map(|at| ("path", at.range))
        .or(written.alias.as_ref().map(|at| ("alias", at.range)));
    let port = written.port.as_ref().map(|port| (port.to::<u16>(), port.range));
    if !written.public.value {
        let shown = route.or(port.map(|(_, range)| ("port", range)));
        if let Some((field, range)) = shown {
            findings
                .error(range, format!("`http.{field}` of service `{name}` is for requests from outside, and `public` is false"))
                .hint(format!("remove `{field}`, or `public: false`"));
        }
        return HttpExposure::Internal;
    }
    let Some((port, range)) = port else { return HttpExposure::Shared(shared(written)) };
    if let Some((field, range)) = route {
        findings
            .error(range, format!("service `{name}` has a listener of its own on `http.port`, so `http.{field}` decides nothing"))
            .hint(format!("keep `port`, or share the common listener by `{field}`"));
    }
    if SHARED.contains(&port) {
        findings
            .error(range, format!("port {port} belongs to the shared listener; service `{name}` can't have it"))
            .hint("remove `port` to share that listener, or take another, such as 5555; where a container listens is the service's own `port`");
    }
    HttpExposure::OwnPort(port)
}

fn shared(written: &Http) -> Route {
    let host = written.alias.as_ref().map(|alias| alias.0.to_ascii_lowercase());
    let path = written.path.as_ref().map(|path| trimmed(&path.0));
    let path = path.or_else(|| host.is_none().then(|| "/".to_owned()));
    Route { host, path }
}

/// `/api/` and `/api` are one prefix.
fn trimmed(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }
}

fn healthcheck(name: &str, written: &At<http::HealthCheck>, findings: &mut Findings) -> HealthCheck {
    if written.timeout.0 >= written.interval.0 {
        let range = if written.timeout.written { written.timeout.range } else { written.interval.range };
        let text = |span: std::time::Duration| crate::language::duration_text(crate::language::millis(span));
        findings
            .error(
                range,
                format!(
                    "a health check of service `{name}` may take {}, but the next one starts after {}",
                    text(written.timeout.0),
                    text(written.interval.0)
                ),
            )
            .hint("make `timeout` shorter than `interval`");
    }
    HealthCheck {
        path: written.path.0.clone(),
        success_codes: written.success_codes.value.clone(),
        interval: written.interval.0,
        timeout: written.timeout.0,
        healthy_threshold: written.healthy_threshold.to(),
        unhealthy_threshold: written.unhealthy_threshold.to(),
        grace_period: written.grace_period.0,
    }
}

/// Finds two services that want the same requests.
pub(super) fn check(scene: &Scene<'_>, system: &System, findings: &mut Findings) {
    let mut routes: BTreeMap<(Option<&str>, Option<&str>), &str> = BTreeMap::new();
    let mut ports: BTreeMap<u16, &str> = BTreeMap::new();
    for (name, service) in &system.services {
        let ServiceKind::Web(web) = &service.kind else { continue };
        match &web.exposure {
            HttpExposure::Shared(route) => {
                if let Some(first) = routes.insert((route.host.as_deref(), route.path.as_deref()), name) {
                    same_route(scene, first, name, route, findings);
                }
            }
            HttpExposure::OwnPort(port) => {
                if let Some(first) = ports.insert(*port, name) {
                    findings
                        .error(
                            place(scene, name, "port"),
                            format!("services `{first}` and `{name}` both listen on port {port}"),
                        )
                        .hint("give each `http.port` to one service");
                }
            }
            HttpExposure::Internal => {}
        }
    }
}

fn same_route(scene: &Scene<'_>, first: &str, second: &str, route: &Route, findings: &mut Findings) {
    let what = match (&route.host, &route.path) {
        (Some(host), Some(path)) => format!("`{host}{path}`"),
        (Some(host), None) => format!("`{host}`"),
        (None, path) => format!("`{}`", path.as_deref().unwrap_or("/")),
    };
    findings
        .error(place(scene, second, "path"), format!("services `{first}` and `{second}` both answer {what}"))
        .hint(format!("give one a path (`http: {{ path: /{second} }}`), a port, or `public: false`"));
}

/// Where the field of a service stands, else the service's name.
fn place(scene: &Scene<'_>, name: &str, field: &str) -> TextRange {
    let Some(item) = scene.services().entries.get(name) else { return TextRange::default() };
    let http = &item.at.value.http;
    let written = match field {
        "port" => http.port.as_ref().map(|port| port.range),
        _ => http.path.as_ref().map(|path| path.range).or(http.alias.as_ref().map(|alias| alias.range)),
    };
    written.unwrap_or(item.key)
}
