//! What stands in front: balancer, content delivery network, firewall, gateway.

use model::System;
use model::system::{Gateway, Waf};

use super::ledger::{HOURS, Ledger};
use super::{Amount, data, prices, traffic};
use crate::terraform::service;

/// Requests of one price unit of CloudFront.
const UNITS_OF_MILLION: f64 = 100.0;

/// GB an hour that one load balancer capacity unit carries (the pricing page of Elastic Load Balancing).
const GB_OF_UNIT: f64 = 1.0;

pub(super) fn count(system: &System, ledger: &mut Ledger) {
    if service::internal(system).next().is_some() {
        ledger.add("discovery", "Route 53 zone", prices::ZONE, Amount::same(1.0));
    }
    if service::balanced(system).next().is_none() {
        return;
    }
    balancer(system, ledger);
    if let Some(waf) = &system.edge.waf {
        firewall(waf, ledger);
    }
    if system.edge.cdn {
        let requests = traffic::of(|traffic| traffic.million_requests).times(UNITS_OF_MILLION);
        ledger.add("edge", "CloudFront requests", prices::CDN_REQUESTS, requests);
    }
    if system.edge.gateway.is_some() {
        let requests = traffic::of(|traffic| traffic.million_requests);
        ledger.add("edge", "API Gateway", prices::GATEWAY, requests);
    }
}

fn balancer(system: &System, ledger: &mut Ledger) {
    ledger.add("balancer", "ALB", prices::BALANCER, data::always());
    let units = traffic::of(|traffic| (traffic.out_gb / HOURS / GB_OF_UNIT).max(0.1));
    ledger.add("balancer", "ALB capacity", prices::CAPACITY, units.times(HOURS));
    let is_private = matches!(system.edge.gateway, Some(Gateway { vpc_link: true, .. }));
    if !is_private {
        let zones = f64::from(system.aws.availability_zones);
        let addresses = Amount::same(zones * HOURS);
        ledger.add("balancer", "its public IPv4", prices::PUBLIC_ADDRESS, addresses);
    }
}

fn firewall(waf: &Waf, ledger: &mut Ledger) {
    let rules = waf.managed_rules.len() + usize::from(waf.rate_limit.is_some());
    let rules = f64::from(u32::try_from(rules).unwrap_or(u32::MAX));
    ledger.add("edge", "WAF", prices::FIREWALL, Amount::same(1.0));
    ledger.add("edge", "WAF rules", prices::FIREWALL_RULE, Amount::same(rules));
    let requests = traffic::of(|traffic| traffic.million_requests);
    ledger.add("edge", "WAF requests", prices::FIREWALL_REQUESTS, requests);
}
