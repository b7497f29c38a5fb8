//! How requests reach a web service.

use super::text::{HostPattern, RoutePath, UrlPath};
use crate::language::{At, Fault, FromText, Int, Lasting, Syntax, shape};
use crate::system::StatusCodes;

shape! {
    /// How requests reach a web service and how its replicas are judged.
    Http, "http";
    /// Path prefix that the shared listener sends here; it ends at a `/`: `/api` takes `/api` and `/api/x`,
    /// not `/apis`.
    path: Option<At<RoutePath>> => "/api", else "`/` where neither `alias` nor `port` is written";
    /// Host name that the shared listener sends here; `*` and `?` as in an ALB host condition.
    alias: Option<At<HostPattern>> => "api.example.com";
    /// A listener of its own on this port, instead of a share of the common one.
    port: Option<At<Int<1, 65535>>> => "5555";
    /// Reachable from outside. With `false` only other services reach it, by its name.
    public: At<bool> = "true" => "false";
    /// How replicas are judged: as an ALB target group and a readiness probe do.
    healthcheck: At<HealthCheck> = "{}" => "{ path: /healthz, success_codes: \"200-299\" }";
    /// A second check that restarts a replica which fails it, where the target has such a thing (Kubernetes).
    liveness: Option<At<HealthCheck>> => "{ path: /live, interval: 30s, timeout: 10s }";
    /// How long requests in flight of a leaving replica may take to end.
    deregistration_delay: At<Lasting<0, 3_600_000>> = "30s" => "60s";
}

shape! {
    /// A health check, with the words and bounds of an ALB target group.
    HealthCheck, "health check";
    /// Path that is asked.
    path: At<UrlPath> = "/" => "/healthz";
    /// Status codes that count as a success: codes and ranges from 200 to 499.
    success_codes: At<StatusCodes> = "200" => "\"200-299,304\"";
    /// From one check to the next.
    interval: At<Lasting<5_000, 300_000>> = "10s" => "30s";
    /// How long one check may take; less than `interval`.
    timeout: At<Lasting<2_000, 120_000>> = "5s" => "3s";
    /// Successes in a row that make an unhealthy replica healthy.
    healthy_threshold: At<Int<2, 10>> = "2" => "3";
    /// Failures in a row that make a healthy replica unhealthy.
    unhealthy_threshold: At<Int<2, 10>> = "3" => "2";
    /// How long after its start a replica's failures do not count.
    grace_period: At<Lasting<0, 3_600_000>> = "20s" => "60s";
}

impl FromText for StatusCodes {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "status codes",
        says: "status codes from 200 to 499, such as `200`, `200-299` or `200,204`",
        pattern: Some("^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$"),
        number_too: true,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let code = |text: &str| text.trim().parse::<u16>().ok().filter(|code| (200..=499).contains(code));
        let range = |part: &str| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            Some((code(from)?, code(to)?)).filter(|(from, to)| from <= to)
        };
        let ranges: Option<Vec<(u16, u16)>> = text.split(',').map(range).collect();
        ranges.map(Self).ok_or_else(|| {
            if text.to_ascii_lowercase().contains("xx") {
                Fault::hint("write a range: `200-299`")
            } else {
                Fault::default()
            }
        })
    }
}
