//! What the network costs: gateways, endpoints, addresses.

use model::System;
use model::system::Nat;

use super::ledger::{HOURS, Ledger};
use super::{Amount, prices, traffic};
use crate::terraform::network;

/// Of what services answer and fetch, as much goes through a gateway as to the internet.
pub(super) fn count(system: &System, ledger: &mut Ledger) {
    let zones = f64::from(system.aws.availability_zones);
    let gateways = match system.aws.nat {
        Nat::None => 0.0,
        Nat::Single => 1.0,
        Nat::PerZone => zones,
    };
    if gateways > 0.0 {
        ledger.add("network", "NAT gateways", prices::NAT_HOUR, Amount::same(gateways * HOURS));
        ledger.add("network", "through NAT", prices::NAT_GB, traffic::of(|traffic| traffic.out_gb));
        ledger.add("network", "their public IPv4", prices::PUBLIC_ADDRESS, Amount::same(gateways * HOURS));
    }
    let endpoints = f64::from(u32::try_from(network::endpoints(system).len()).unwrap_or(u32::MAX));
    if endpoints > 0.0 {
        ledger.add("network", "VPC endpoints", prices::ENDPOINT, Amount::same(endpoints * zones * HOURS));
        ledger.add(
            "network",
            "through endpoints",
            prices::ENDPOINT_GB,
            traffic::of(|traffic| traffic.out_gb),
        );
    }
    ledger.add("network", "to the internet", to_internet(system), traffic::of(|traffic| traffic.out_gb));
}

/// CloudFront pays for what it sends, and fetches for nothing.
fn to_internet(system: &System) -> prices::Price {
    if system.edge.cdn { prices::CDN_GB } else { prices::OUT_GB }
}
