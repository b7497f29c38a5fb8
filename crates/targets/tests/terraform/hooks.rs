//! A deployment's hooks can ask the service they judge: they are told where, and let out to there.

use crate::contracts::{block, compiled, of};

/// A system whose service is delivered blue/green, with this in its manifest.
fn shop(service: &str, edge: &str, aws: &str) -> String {
    format!(
        "
name: shop
services:
  api:
    type: web
    build: .
    rollout: {{ strategy: blue-green, hooks: {{ after_test_traffic: ./smoke }} }}
    {service}
edge: {edge}
aws: {aws}
environments: {{ prod: {{}} }}
"
    )
}

/// What the hook's task is told, and which ports beyond 443 it is let out to.
fn told(manifest: &str) -> (Vec<String>, Vec<String>) {
    let service = &of(manifest, "prod")["prod/compute/service_api.tf"];
    let hook = block(service, "module \"api_hook_after_allow_test_traffic\"");
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let urls = hook.lines().map(squeezed).filter(|line| line.contains("_URL"));
    let has_doors = service.contains("module \"api_hook_doors\"");
    assert_eq!(hook.contains("module.api_hook_doors.id"), has_doors, "{hook}");
    let doors = if has_doors { block(service, "module \"api_hook_doors\"") } else { "" };
    let ports = doors.lines().map(squeezed).filter(|line| line.starts_with("port = "));
    (urls.collect(), ports.collect())
}

/// What is written in the manifest, and what comes of it.
struct Case {
    service: &'static str,
    edge: Option<&'static str>,
    aws: Option<&'static str>,
    urls: &'static [&'static str],
    ports: &'static [&'static str],
}

const CERTIFICATE: &str =
    "{ certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0123456789ab' }";
const TEST: &str = "TEST_URL = \"http://${module.balancer.dns_name}:9000\"";
const PLAIN: &str = "SERVICE_URL = \"http://${module.balancer.dns_name}\"";
const CDN: &str = "SERVICE_URL = \"https://${module.cdn.domain_name}\"";

const CASES: [Case; 12] = [
    Case { service: "", edge: None, aws: None, urls: &[TEST, PLAIN], ports: &["port = 9000", "port = 80"] },
    Case {
        service: "http: { port: 8443 }",
        edge: None,
        aws: None,
        urls: &[TEST, "SERVICE_URL = \"http://${module.balancer.dns_name}:8443\""],
        ports: &["port = 9000", "port = 8443"],
    },
    Case {
        service: "http: { path: /api, alias: api.example.com }",
        edge: None,
        aws: Some(CERTIFICATE),
        urls: &["TEST_URL = \"https://api.example.com:9000\"", "SERVICE_URL = \"https://api.example.com\""],
        ports: &["port = 9000"],
    },
    // Nobody here knows the name that the certificate is for; the manifest may say it.
    Case { service: "", edge: None, aws: Some(CERTIFICATE), urls: &[], ports: &["port = 9000"] },
    Case {
        service: "http: { alias: '*.example.com' }",
        edge: None,
        aws: None,
        urls: &[],
        ports: &["port = 9000", "port = 80"],
    },
    Case {
        service: "env: { TEST_URL: https://preview.example.com }",
        edge: None,
        aws: None,
        urls: &[PLAIN],
        ports: &["port = 9000", "port = 80"],
    },
    Case { service: "", edge: Some("{ cdn: true }"), aws: None, urls: &[TEST, CDN], ports: &["port = 9000"] },
    // An alias of what stands before the balancer is not the balancer's, and a pattern is nobody's.
    Case {
        service: "http: { alias: api.example.com }",
        edge: Some("{ cdn: true }"),
        aws: None,
        urls: &["SERVICE_URL = \"https://api.example.com\""],
        ports: &["port = 9000"],
    },
    Case {
        service: "http: { alias: '*.example.com' }",
        edge: Some("{ cdn: true }"),
        aws: None,
        urls: &[],
        ports: &["port = 9000"],
    },
    // The test listener lets nobody in without the gate's secret, either.
    Case {
        service: "",
        edge: Some("{ cdn: true, origin_gate: { header: X-Gate, secret: gate } }"),
        aws: None,
        urls: &[CDN],
        ports: &["port = 9000"],
    },
    // Without NAT there is no way to what is public, and inside there is only the private balancer.
    Case { service: "", edge: None, aws: Some("{ nat: none, endpoints: true }"), urls: &[], ports: &[] },
    Case {
        service: "",
        edge: Some("{ gateway: { vpc_link: true } }"),
        aws: Some("{ nat: none, endpoints: true }"),
        urls: &[TEST],
        ports: &["port = 9000"],
    },
];

#[test]
fn hooks_are_told_where_the_service_is() {
    for Case { service, edge, aws, urls, ports } in CASES {
        let manifest = shop(service, edge.unwrap_or("{}"), aws.unwrap_or("{}"));
        let (found_urls, found_ports) = told(&manifest);
        assert_eq!(found_urls, urls, "{manifest}");
        assert_eq!(found_ports, ports, "{manifest}");
    }
}

/// A task in a private subnet comes to a public balancer by NAT, and to a private one from the network.
#[test]
fn the_test_listener_lets_in_who_runs_hooks() {
    let public = compiled("bootstrap", "prod");
    let balancer = block(&public["prod/compute/balancer.tf"], "module \"balancer\"");
    let squeezed = balancer.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed.contains("test_ingress_cidrs = var.data.network.nat_cidrs"), "{balancer}");
    let private = of(&shop("", "{ gateway: { vpc_link: true } }", "{}"), "prod");
    let balancer = block(&private["prod/compute/balancer.tf"], "module \"balancer\"");
    let squeezed = balancer.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed.contains("test_ingress_cidrs = [var.data.network.cidr]"), "{balancer}");
}
