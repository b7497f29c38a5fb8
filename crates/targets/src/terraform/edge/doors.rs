//! Where the hooks of a deployment find their service: its new version at the test listener, and what everybody gets.
//!
//! A hook's task is in a private subnet. To a public balancer it comes from outside, by NAT; and a certificate holds for a
//! name that this side knows only where the service's route has one, its alias.

use model::System;
use model::system::{HttpExposure, Nat, Service, Web};

use super::{TEST_PORT, certificate, is_private, public_url, scheme};
use crate::terraform::hcl::Expression;
use crate::terraform::service::web;

/// A way to the service, for a hook.
pub(in crate::terraform) struct Door {
    /// Its key among the doors.
    pub(in crate::terraform) name: &'static str,
    /// What it is.
    pub(in crate::terraform) description: &'static str,
    /// The variable in which a hook finds its address.
    pub(in crate::terraform) variable: &'static str,
    /// The port it listens on.
    pub(in crate::terraform) port: u16,
    /// Its address, without a path; `None` where its name is not known here, or it takes no request without a secret.
    pub(in crate::terraform) url: Option<Expression>,
}

/// The doors that hooks of `service` can reach.
pub(in crate::terraform) fn of(system: &System, service: &Service) -> Vec<Door> {
    let Some(web) = web(service) else { return Vec::new() };
    let has_way_out = system.aws.nat != Nat::None;
    let test = || Door {
        name: "test",
        description: "To the test listener",
        variable: "TEST_URL",
        port: TEST_PORT,
        url: at_balancer(system, web, Some(TEST_PORT)),
    };
    let everybodys = || {
        let (port, url) = door(system, web);
        Door {
            name: "service",
            description: "To the listener that serves",
            variable: "SERVICE_URL",
            port,
            url,
        }
    };
    let doors = [(is_private(system) || has_way_out).then(test), has_way_out.then(everybodys)];
    doors.into_iter().flatten().collect()
}

/// Where everybody comes in.
fn door(system: &System, web: &Web) -> (u16, Option<Expression>) {
    if is_fronted(system) {
        let url = match (&web.exposure, alias(web)) {
            (HttpExposure::Shared(_), None) => Some(public_url(system)),
            (HttpExposure::Shared(_), Some(alias)) => url("https", alias, None),
            (HttpExposure::OwnPort(_) | HttpExposure::Internal, _) => None,
        };
        return (443, url);
    }
    match web.exposure {
        HttpExposure::OwnPort(port) => (port, at_balancer(system, web, Some(port))),
        _ if certificate(system).is_some() => (443, at_balancer(system, web, None)),
        _ => (80, at_balancer(system, web, None)),
    }
}

fn at_balancer(system: &System, web: &Web, port: Option<u16>) -> Option<Expression> {
    let name = match alias(web) {
        _ if system.edge.origin_gate.is_some() => return None,
        Some(alias) if !is_fronted(system) => alias,
        None if certificate(system).is_none() => "{module.balancer.dns_name}",
        _ => return None,
    };
    url(scheme(system), name, port)
}

/// A pattern is nobody's name.
fn url(scheme: &str, name: &str, port: Option<u16>) -> Option<Expression> {
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    (!name.contains(['*', '?'])).then(|| Expression::template(&format!("{scheme}://{name}{port}")))
}

/// Whether a name of the service leads to something before the balancer.
fn is_fronted(system: &System) -> bool {
    system.edge.cdn || system.edge.gateway.is_some()
}

fn alias(web: &Web) -> Option<&str> {
    match &web.exposure {
        HttpExposure::Shared(route) => route.host.as_deref(),
        HttpExposure::OwnPort(_) | HttpExposure::Internal => None,
    }
}
