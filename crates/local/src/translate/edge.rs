//! Services and their replicas as the edge's listeners, rules and target groups.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use edge::Config;
use edge::config::{
    Action, Algorithm, HealthCheck, Limits, Listener, PathPattern, Rule, Target, TargetGroup, Timeouts,
    WeightedGroup,
};
use model::System;
use model::system::{self, HttpExposure, Route, ServiceKind, Web};

/// The name of the shared listener.
pub(crate) const PUBLIC: &str = "public";

/// Service name → replica name → where it listens. Only these get requests.
pub(crate) type Members = BTreeMap<String, BTreeMap<String, SocketAddr>>;

/// Ports on loopback that the listeners take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ports {
    /// The shared listener's.
    pub(crate) public: u16,
    /// Internal services' own.
    pub(crate) internal: BTreeMap<String, u16>,
}

/// The edge's whole configuration at a moment.
pub(crate) fn config(system: &System, ports: &Ports, members: &Members) -> Config {
    Config {
        listeners: listeners(system, ports),
        target_groups: webs(system)
            .map(|(name, web)| (name.to_owned(), group(web, members.get(name))))
            .collect(),
        limits: Limits::default(),
        timeouts: Timeouts::default(),
    }
}

/// Web services by name.
pub(crate) fn webs(system: &System) -> impl Iterator<Item = (&str, &Web)> {
    system.services.iter().filter_map(|(name, service)| match &service.kind {
        ServiceKind::Web(web) => Some((name.as_str(), web)),
        ServiceKind::Worker | ServiceKind::Job(_) => None,
    })
}

/// The name of a service's own listener.
pub(crate) fn own_listener(service: &str) -> String {
    format!("service {service}")
}

fn listeners(system: &System, ports: &Ports) -> BTreeMap<String, Listener> {
    let own = webs(system).filter_map(|(name, web)| {
        let port = match &web.exposure {
            HttpExposure::Shared(_) => return None,
            HttpExposure::OwnPort(port) => *port,
            HttpExposure::Internal => ports.internal.get(name).copied()?,
        };
        let listener = Listener { address: loopback(port), rules: Vec::new(), default: forward(name) };
        Some((own_listener(name), listener))
    });
    own.chain(shared(system, ports.public)).collect()
}

fn shared(system: &System, port: u16) -> Option<(String, Listener)> {
    let mut routes: Vec<(&str, &Route)> =
        webs(system).filter_map(|(name, web)| Some((name, route(web)?))).collect();
    if routes.is_empty() {
        return None;
    }
    routes.sort_by_key(|(name, route)| (Reverse(specificity(route)), *name));
    let rules = routes.into_iter().map(|(name, route)| Rule {
        host: route.host.clone(),
        path: route.path.clone().map(PathPattern::Prefix),
        action: forward(name),
    });
    let listener = Listener { address: loopback(port), rules: rules.collect(), default: not_found() };
    Some((PUBLIC.to_owned(), listener))
}

fn route(web: &Web) -> Option<&Route> {
    match &web.exposure {
        HttpExposure::Shared(route) => Some(route),
        HttpExposure::OwnPort(_) | HttpExposure::Internal => None,
    }
}

// A rule with a host before one without, a host without wildcards before one with, a longer path before a shorter.
fn specificity(route: &Route) -> (bool, bool, usize) {
    let exact_host = route.host.as_ref().is_some_and(|host| !host.contains(['*', '?']));
    (route.host.is_some(), exact_host, route.path.as_ref().map_or(0, String::len))
}

fn group(web: &Web, members: Option<&BTreeMap<String, SocketAddr>>) -> TargetGroup {
    let targets =
        members.into_iter().flatten().map(|(name, address)| (name.clone(), Target { address: *address }));
    TargetGroup {
        algorithm: Algorithm::default(),
        health_check: Some(health_check(&web.healthcheck)),
        slow_start: Duration::ZERO,
        stickiness: None,
        targets: targets.collect(),
    }
}

fn health_check(check: &system::HealthCheck) -> HealthCheck {
    HealthCheck {
        path: check.path.clone(),
        success_codes: check.success_codes.0.clone(),
        interval: check.interval,
        timeout: check.timeout,
        healthy_threshold: check.healthy_threshold,
        unhealthy_threshold: check.unhealthy_threshold,
    }
}

fn forward(service: &str) -> Action {
    Action::Forward(vec![WeightedGroup { group: service.to_owned(), weight: 1 }])
}

fn not_found() -> Action {
    let body = "No service of this system answers this host and path.\n".to_owned();
    Action::Fixed { status: 404, content_type: "text/plain".to_owned(), body }
}

/// An address on this machine only.
pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
