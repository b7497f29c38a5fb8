//! Object lock: until when a version can't be removed, and holds that keep it for as long as they are on.
//!
//! "Locking objects with Object Lock" in the Amazon S3 User Guide.

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::buckets::{Bucket, Locks};
use super::documents::shape::Node;
use super::error::{Code, Error, Result};
use super::objects::Object;
use super::request::Request;
use super::state::State;
use super::{dates, respond};
use crate::answer::Body;

mod handle;

const MODE: &str = "x-amz-object-lock-mode";
const UNTIL: &str = "x-amz-object-lock-retain-until-date";
const HOLD: &str = "x-amz-object-lock-legal-hold";

/// Asks to get round governance.
pub(super) const BYPASS: &str = "x-amz-bypass-governance-retention";

/// The longest default retention: a hundred years.
const DAYS_MAX: i64 = 36_500;
const YEARS_MAX: i64 = 100;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How firm a retention is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Mode {
    /// Who asks for it with a header gets round it.
    Governance,
    /// Nobody does.
    Compliance,
}

/// Until when a version can't be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Retention {
    pub(super) mode: Mode,
    /// Milliseconds since 1970.
    pub(super) until: i64,
}

/// A legal hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Hold {
    On,
    Off,
}

/// Whether a request asks to get round governance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bypass {
    Asked,
    NotAsked,
}

/// What new objects of a bucket are retained for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DefaultRetention {
    mode: Mode,
    days: i64,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Governance, Self::Compliance].into_iter().find(|mode| mode.name() == name)
    }
}

impl Hold {
    fn name(self) -> &'static str {
        match self {
            Self::On => "ON",
            Self::Off => "OFF",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::On, Self::Off].into_iter().find(|hold| hold.name() == name)
    }
}

impl Bypass {
    /// Reads `x-amz-bypass-governance-retention`.
    pub(super) fn of(request: &Request) -> Self {
        match request.header(BYPASS) {
            Some(text) if text.eq_ignore_ascii_case("true") => Self::Asked,
            _ => Self::NotAsked,
        }
    }
}

impl DefaultRetention {
    /// The default in a bucket's document.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let default = node.child("Rule")?.child("DefaultRetention")?;
        let days = default.number("Days").or(default.number("Years").map(|years| years * 365))?;
        Some(Self { mode: Mode::named(default.get("Mode")?)?, days })
    }

    /// What an object written now gets.
    pub(super) fn from(self, now: i64) -> Retention {
        Retention { mode: self.mode, until: now + self.days * DAY_MS }
    }
}

/// Checks a bucket's configuration.
pub(super) fn check_configuration(node: &Node) -> Result<()> {
    if node.child("ObjectLockEnabled").is_none() {
        return Err(Code::MalformedXML.into());
    }
    let Some(default) = node.child("Rule").and_then(|rule| rule.child("DefaultRetention")) else {
        return Ok(());
    };
    let (length, limit) = match (default.number("Days"), default.number("Years")) {
        (Some(days), None) => (days, DAYS_MAX),
        (None, Some(years)) => (years, YEARS_MAX),
        _ => return Err(Code::MalformedXML.into()),
    };
    if length <= 0 {
        return Err(
            Code::InvalidArgument.saying("Default retention period must be a positive integer value.")
        );
    }
    if length > limit {
        return Err(Code::InvalidArgument.saying("Default retention period too large."));
    }
    Ok(())
}

/// The locks a request that writes an object asks for.
pub(super) fn of_request(headers: &HeaderMap) -> Result<State> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let retention = match (text(MODE), text(UNTIL)) {
        (None, None) => None,
        (Some(mode), Some(until)) => {
            let mode = Mode::named(mode)
                .ok_or_else(|| Error::argument(MODE, mode, "Unknown wormMode directive."))?;
            let until = dates::parse_iso(until).ok_or_else(|| {
                Error::argument(UNTIL, until, "The retain until date must be provided in ISO 8601 format")
            })?;
            if until <= dates::now() {
                let message = "The retain until date must be in the future!";
                return Err(Error::argument(UNTIL, text(UNTIL).unwrap_or_default(), message));
            }
            Some(Retention { mode, until })
        }
        (mode, _) => {
            let (name, message) = match mode {
                Some(_) => (
                    UNTIL,
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                ),
                None => (
                    MODE,
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                ),
            };
            return Err(Error::argument(name, "null", message));
        }
    };
    let hold = text(HOLD)
        .map(|hold| {
            Hold::named(hold)
                .ok_or_else(|| Error::argument(HOLD, hold, "Legal Hold must be either of 'ON' or 'OFF'"))
        })
        .transpose()?;
    Ok(State { retention, hold, ..State::default() })
}

/// Refuses locks in a bucket that has none switched on.
pub(super) fn check_bucket(bucket: &Bucket, state: &State) -> Result<()> {
    if bucket.locks == Locks::Disabled && (state.retention.is_some() || state.hold.is_some()) {
        return Err(missing_configuration());
    }
    Ok(())
}

/// Refuses to remove a version for good while it is locked.
pub(super) fn check_removal(object: &Object, bypass: Bypass) -> Result<()> {
    let retained = object.state.retention.filter(|retention| retention.until > dates::now());
    let locked = match retained {
        Some(Retention { mode: Mode::Governance, .. }) => bypass == Bypass::NotAsked,
        Some(Retention { mode: Mode::Compliance, .. }) => true,
        None => false,
    };
    if locked || object.state.hold == Some(Hold::On) {
        return Err(Code::AccessDenied.saying("Access Denied because object protected by object lock."));
    }
    Ok(())
}

/// Puts a version's locks on an answer.
pub(super) fn tell(state: &State, response: &mut http::Response<Body>) {
    if let Some(Retention { mode, until }) = state.retention {
        respond::put(response, MODE, mode.name());
        respond::put(response, UNTIL, &dates::iso(until));
    }
    if let Some(hold) = state.hold {
        respond::put(response, HOLD, hold.name());
    }
}

/// Nothing can be got round in a bucket without locks.
pub(super) fn bypasses_nothing() -> Error {
    Error::about(
        BYPASS,
        "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
    )
}

fn missing_configuration() -> Error {
    Code::InvalidRequest.saying("Bucket is missing Object Lock Configuration")
}
