//! JSON logs, one line per event on standard output, with the request's identifier where there is one.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::str::FromStr;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::Environment;
use crate::context::CURRENT;

/// How much is logged. Reads the names Python's and Rust's loggers use, in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level(LevelFilter);

/// The text is no level's name.
#[derive(Debug)]
pub struct UnknownLevel;

impl Level {
    /// `LOG_LEVEL`, `INFO` by default.
    pub fn read(environment: &mut Environment) -> Self {
        environment.parsed(
            "LOG_LEVEL",
            Self(LevelFilter::INFO),
            "one of TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL or OFF",
        )
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        Ok(Self(match name.to_ascii_uppercase().as_str() {
            "TRACE" => LevelFilter::TRACE,
            "DEBUG" => LevelFilter::DEBUG,
            "INFO" => LevelFilter::INFO,
            "WARN" | "WARNING" => LevelFilter::WARN,
            "ERROR" | "CRITICAL" | "FATAL" => LevelFilter::ERROR,
            "OFF" => LevelFilter::OFF,
            _ => return Err(UnknownLevel),
        }))
    }
}

/// Starts logging for the whole process. A second call changes nothing.
///
/// Libraries below a service are heard from `WARN` up: at `DEBUG` the AWS SDK would log every request with its headers.
pub fn start(level: Level) {
    let libraries = level.0.min(LevelFilter::WARN);
    let ours = ["ingest", "kit", "flights", "bootstrap", "tracker", "knowledge"];
    let filter =
        ours.into_iter().fold(tracing_subscriber::EnvFilter::new(libraries.to_string()), |filter, name| {
            match format!("{name}={}", level.0).parse() {
                Ok(directive) => filter.add_directive(directive),
                Err(_) => filter,
            }
        });
    let started = tracing_subscriber::fmt().with_env_filter(filter).event_format(Json).finish();
    let first = tracing::subscriber::set_global_default(started).is_ok();
    if first {
        std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a task panicked")));
    }
}

struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let now = OffsetDateTime::now_utc().format(&Rfc3339).map_err(|_| fmt::Error)?;
        write!(out, r#"{{"time":"{now}","level":"{}""#, event.metadata().level())?;
        write!(out, r#","message":{}"#, fields.message)?;
        let _ = CURRENT.try_with(|current| {
            write!(out, r#","request_id":{}"#, quoted(current.request_id.to_str().unwrap_or("")))?;
            current.trace.map_or(Ok(()), |trace| write!(out, r#","trace_id":"{trace}""#))
        });
        for (name, value) in fields.others {
            write!(out, r#","{name}":{value}"#)?;
        }
        writeln!(out, r#","target":"{}"}}"#, event.metadata().target())
    }
}

/// An event's fields as JSON values.
struct Fields {
    message: Value,
    others: BTreeMap<&'static str, Value>,
}

impl Default for Fields {
    fn default() -> Self {
        Self { message: quoted(""), others: BTreeMap::new() }
    }
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        if field.name() == "message" {
            self.message = value;
        } else {
            self.others.insert(field.name(), value);
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, Value::String(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, quoted(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}

fn quoted(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_two_languages_are_levels() {
        assert_eq!("warning".parse::<Level>().unwrap(), Level(LevelFilter::WARN));
        assert_eq!("CRITICAL".parse::<Level>().unwrap(), Level(LevelFilter::ERROR));
        assert!("LOUD".parse::<Level>().is_err());
    }
}
