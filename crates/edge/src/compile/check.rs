//! What a configuration may say, and the sentence for each thing it may not.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use crate::config::{Limits, PathPattern, Rule, TargetGroup, Timeouts, WeightedGroup};

/// The largest body of a fixed answer, as on an ALB.
const FIXED_BODY_BYTES: usize = 1024;
/// The longest pattern, as on an ALB.
const PATTERN_CHARACTERS: usize = 128;
/// The largest weight, as on an ALB.
const WEIGHT_MOST: u16 = 999;
/// hyper reads in steps of this size and cannot be told to hold less.
const HEADER_BYTES_LEAST: usize = 8 * 1024;

/// Why a configuration was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An action names a group that is not there.
    #[error("{place}: forwards to target group `{group}`, which is not defined; define it or name another")]
    UnknownGroup {
        /// Which listener and rule.
        place: String,
        /// The name that nothing defines.
        group: String,
    },
    /// All weights are 0, or there are none.
    #[error(
        "{place}: no target group has a weight above 0, so no request could go anywhere; give one a weight"
    )]
    NoWeight {
        /// Which listener and rule.
        place: String,
    },
    /// A weight is too large.
    #[error("{place}: target group `{group}` has weight {weight}; weights are 0 to {WEIGHT_MOST}")]
    Weight {
        /// Which listener and rule.
        place: String,
        /// The group.
        group: String,
        /// Its weight.
        weight: u16,
    },
    /// A host or path pattern cannot match anything.
    #[error("{place}: {kind} pattern `{pattern}` {problem}")]
    Pattern {
        /// Which listener and rule.
        place: String,
        /// `host` or `path`.
        kind: &'static str,
        /// What was written.
        pattern: String,
        /// What is wrong and what is right.
        problem: &'static str,
    },
    /// A fixed answer or redirect cannot be sent.
    #[error("{place}: {problem}")]
    Action {
        /// Which listener and rule.
        place: String,
        /// What is wrong and what is right.
        problem: String,
    },
    /// A health check cannot be run.
    #[error("target group `{group}`: {problem}")]
    HealthCheck {
        /// Which group.
        group: String,
        /// What is wrong and what is right.
        problem: String,
    },
    /// A limit or a timeout would refuse everything.
    #[error("{name} is {value}; it must be at least {least}")]
    TooSmall {
        /// Which limit or timeout.
        name: &'static str,
        /// Its value.
        value: String,
        /// The least it may be.
        least: String,
    },
}

pub(super) fn limits(limits: &Limits, timeouts: &Timeouts) -> Result<(), ConfigError> {
    at_least("limits.connections", limits.connections, 1)?;
    at_least("limits.header_bytes", limits.header_bytes, HEADER_BYTES_LEAST)?;
    at_least("limits.header_count", limits.header_count, 1)?;
    let waits = [
        ("timeouts.header_read", timeouts.header_read),
        ("timeouts.idle", timeouts.idle),
        ("timeouts.connect", timeouts.connect),
        ("timeouts.response", timeouts.response),
    ];
    waits.into_iter().try_for_each(|(name, wait)| at_least(name, wait.as_millis(), 1))
}

pub(super) fn group(name: &str, group: &TargetGroup) -> Result<(), ConfigError> {
    let Some(check) = &group.health_check else { return Ok(()) };
    let refuse = |problem: String| Err(ConfigError::HealthCheck { group: name.to_owned(), problem });
    if !check.path.starts_with('/') || check.path.parse::<http::Uri>().is_err() {
        return refuse(format!("health check path `{}` is not a path; it starts with `/`", check.path));
    }
    if check.interval.is_zero() || check.timeout.is_zero() {
        return refuse("health check interval and timeout must be longer than 0".to_owned());
    }
    if check.healthy_threshold == 0 || check.unhealthy_threshold == 0 {
        return refuse("health check thresholds must be at least 1".to_owned());
    }
    if check.success_codes.is_empty() || check.success_codes.iter().any(|(from, to)| from > to) {
        return refuse(
            "health check success codes must name at least one code, the lower one first".to_owned(),
        );
    }
    Ok(())
}

pub(super) fn patterns(place: &str, rule: &Rule) -> Result<(), ConfigError> {
    if let Some(host) = &rule.host {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*?".contains(&byte);
        let problem = if host.bytes().all(allowed) { None } else { Some("is not a host name without port") };
        pattern(place, "host", host, problem)?;
    }
    match &rule.path {
        Some(PathPattern::Prefix(path)) => {
            let problem = if path.starts_with('/') { None } else { Some("does not start with `/`") };
            pattern(place, "path", path, problem)
        }
        Some(PathPattern::Glob(path)) => {
            let visible = path.bytes().all(|byte| byte.is_ascii_graphic());
            let problem =
                if visible { None } else { Some("has characters that no path has; escape them with %") };
            pattern(place, "path", path, problem)
        }
        None => Ok(()),
    }
}

pub(super) fn weight(place: &str, share: &WeightedGroup) -> Result<(), ConfigError> {
    if share.weight <= WEIGHT_MOST {
        return Ok(());
    }
    Err(ConfigError::Weight { place: place.to_owned(), group: share.group.clone(), weight: share.weight })
}

pub(super) fn fixed_status(place: &str, status: u16) -> Result<StatusCode, ConfigError> {
    let refuse = || action(place, format!("fixed answer has status {status}; it must be 200 to 599"));
    if !(200..=599).contains(&status) {
        return Err(refuse());
    }
    StatusCode::from_u16(status).map_err(|_| refuse())
}

pub(super) fn redirect_status(place: &str, status: u16) -> Result<StatusCode, ConfigError> {
    match status {
        301 => Ok(StatusCode::MOVED_PERMANENTLY),
        302 => Ok(StatusCode::FOUND),
        _ => Err(action(place, format!("redirect has status {status}; it must be 301 or 302"))),
    }
}

pub(super) fn content_type(place: &str, value: &str) -> Result<HeaderValue, ConfigError> {
    HeaderValue::from_str(value)
        .map_err(|_| action(place, format!("content type {value:?} cannot stand in a header")))
}

pub(super) fn fixed_body(place: &str, body: &str) -> Result<Bytes, ConfigError> {
    if body.len() > FIXED_BODY_BYTES {
        let problem = format!("fixed body has {} bytes; at most {FIXED_BODY_BYTES} are allowed", body.len());
        return Err(action(place, problem));
    }
    Ok(Bytes::copy_from_slice(body.as_bytes()))
}

pub(super) fn scheme(place: &str, scheme: Option<&str>) -> Result<Option<String>, ConfigError> {
    match scheme {
        None => Ok(None),
        Some(known @ ("http" | "https")) => Ok(Some(known.to_owned())),
        Some(other) => Err(action(place, format!("redirect has scheme `{other}`; it must be http or https"))),
    }
}

fn action(place: &str, problem: String) -> ConfigError {
    ConfigError::Action { place: place.to_owned(), problem }
}

fn pattern(
    place: &str,
    kind: &'static str,
    pattern: &str,
    problem: Option<&'static str>,
) -> Result<(), ConfigError> {
    let problem = match problem {
        _ if pattern.is_empty() => "is empty; leave the condition out to match everything",
        _ if pattern.chars().count() > PATTERN_CHARACTERS => "is longer than 128 characters",
        Some(problem) => problem,
        None => return Ok(()),
    };
    Err(ConfigError::Pattern { place: place.to_owned(), kind, pattern: pattern.to_owned(), problem })
}

fn at_least<T: PartialOrd + ToString>(name: &'static str, value: T, least: T) -> Result<(), ConfigError> {
    if value >= least {
        return Ok(());
    }
    Err(ConfigError::TooSmall { name, value: value.to_string(), least: least.to_string() })
}
