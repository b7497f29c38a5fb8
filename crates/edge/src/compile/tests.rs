//! What is refused, in the words a person sees, and what a swap keeps.

use std::time::Duration;

use super::*;
use crate::config::{HealthCheck, PathPattern, Rule, Target as Replica, TargetGroup, WeightedGroup};

fn forward(weights: &[(&str, u16)]) -> config::Action {
    let share = |(group, weight): &(&str, u16)| WeightedGroup { group: (*group).to_owned(), weight: *weight };
    config::Action::Forward(weights.iter().map(share).collect())
}

fn group(targets: &[(&str, u16)]) -> TargetGroup {
    let replica =
        |(id, port): &(&str, u16)| ((*id).to_owned(), Replica { address: ([127, 0, 0, 1], *port).into() });
    TargetGroup {
        algorithm: config::Algorithm::RoundRobin,
        health_check: None,
        slow_start: Duration::ZERO,
        stickiness: None,
        targets: targets.iter().map(replica).collect(),
    }
}

fn config(action: config::Action) -> Config {
    let listener =
        config::Listener { address: ([127, 0, 0, 1], 0).into(), rules: Vec::new(), default: action };
    Config {
        listeners: [("public".to_owned(), listener)].into(),
        target_groups: [("api".to_owned(), group(&[("api-1", 1), ("api-2", 2)]))].into(),
        limits: config::Limits::default(),
        timeouts: config::Timeouts::default(),
    }
}

fn with_rule(host: Option<&str>, path: Option<PathPattern>) -> Config {
    let mut config = config(forward(&[("api", 1)]));
    let rule = Rule { host: host.map(str::to_owned), path, action: forward(&[("api", 1)]) };
    config.listeners.get_mut("public").unwrap().rules.push(rule);
    config
}

fn with_check(change: impl FnOnce(&mut HealthCheck)) -> Config {
    let mut config = config(forward(&[("api", 1)]));
    let mut check = HealthCheck {
        path: "/healthz".into(),
        success_codes: vec![(200, 299)],
        interval: Duration::from_secs(1),
        timeout: Duration::from_secs(1),
        healthy_threshold: 1,
        unhealthy_threshold: 1,
    };
    change(&mut check);
    config.target_groups.get_mut("api").unwrap().health_check = Some(check);
    config
}

fn refusal(config: &Config) -> String {
    compile(config, None, &BTreeMap::new()).map(|_| ()).expect_err("refused").to_string()
}

#[test]
fn refusals_say_what_and_where() {
    let fixed = |status, body: &str| {
        config(config::Action::Fixed { status, content_type: "text/plain".into(), body: body.into() })
    };
    let mut narrow = config(forward(&[("api", 1)]));
    narrow.limits.header_bytes = 100;
    for (config, expected) in [
        (
            config(forward(&[("apii", 1)])),
            "listener `public`, default: forwards to target group `apii`, which is not defined; define it or name another",
        ),
        (
            config(forward(&[("api", 0)])),
            "listener `public`, default: no target group has a weight above 0, so no request could go anywhere; give one a weight",
        ),
        (
            config(forward(&[])),
            "listener `public`, default: no target group has a weight above 0, so no request could go anywhere; give one a weight",
        ),
        (
            config(forward(&[("api", 1000)])),
            "listener `public`, default: target group `api` has weight 1000; weights are 0 to 999",
        ),
        (
            with_rule(Some("a b"), None),
            "listener `public`, rule 1: host pattern `a b` is not a host name without port",
        ),
        (
            with_rule(Some(""), None),
            "listener `public`, rule 1: host pattern `` is empty; leave the condition out to match everything",
        ),
        (
            with_rule(None, Some(PathPattern::Prefix("api".into()))),
            "listener `public`, rule 1: path pattern `api` does not start with `/`",
        ),
        (fixed(100, ""), "listener `public`, default: fixed answer has status 100; it must be 200 to 599"),
        (
            fixed(200, &"x".repeat(1025)),
            "listener `public`, default: fixed body has 1025 bytes; at most 1024 are allowed",
        ),
        (
            config(config::Action::Redirect { status: 307, scheme: None, port: None }),
            "listener `public`, default: redirect has status 307; it must be 301 or 302",
        ),
        (
            with_check(|check| check.path = "healthz".into()),
            "target group `api`: health check path `healthz` is not a path; it starts with `/`",
        ),
        (
            with_check(|check| check.healthy_threshold = 0),
            "target group `api`: health check thresholds must be at least 1",
        ),
        (
            with_check(|check| check.success_codes.clear()),
            "target group `api`: health check success codes must name at least one code, the lower one first",
        ),
        (narrow, "limits.header_bytes is 100; it must be at least 8192"),
    ] {
        assert_eq!(refusal(&config), expected);
    }
}

#[test]
fn a_target_that_stays_is_the_same_object() {
    let first = compile(&config(forward(&[("api", 1)])), None, &BTreeMap::new()).unwrap();
    let mut next = config(forward(&[("api", 1)]));
    next.target_groups.insert("api".into(), group(&[("api-1", 1), ("api-2", 3), ("api-3", 4)]));
    let second = compile(&next, Some(&first), &BTreeMap::new()).unwrap();
    let key = |table: &Table, id| table.target("api", id).unwrap().key;
    assert_eq!(key(&first, "api-1"), key(&second, "api-1"));
    assert_ne!(key(&first, "api-2"), key(&second, "api-2"), "another address is another target");
}

#[test]
fn shares_add_up() {
    let mut config = config(forward(&[("api", 5), ("other", 0), ("canary", 3)]));
    config.target_groups.insert("other".into(), group(&[]));
    config.target_groups.insert("canary".into(), group(&[]));
    let table = compile(&config, None, &BTreeMap::new()).unwrap();
    let Action::Forward(split) = &table.listeners[0].default else { panic!("a forward") };
    let ends: Vec<_> = split.shares.iter().map(|(end, group)| (*end, group.name.as_str())).collect();
    assert_eq!((ends, split.total), (vec![(5, "api"), (8, "canary")], 8));
}
