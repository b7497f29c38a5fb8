//! What a person or a script reads in the end.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::statistics::Statistics;

/// Percentiles shown, in per mille, with their names.
const PERCENTILES: [(&str, usize); 4] = [("p50", 500), ("p95", 950), ("p99", 990), ("max", 1000)];

/// Prints the report on standard output.
///
/// # Errors
/// When standard output is gone.
pub(crate) fn print(statistics: &Statistics, as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if as_json { writeln!(out, "{}", to_json(statistics)) } else { write_text(&mut out, statistics) }
}

fn to_json(statistics: &Statistics) -> Value {
    let kinds = statistics.kinds().map(|(kind, count)| {
        let fields =
            json!({"sent": count.done, "as_expected": count.expected, "expected_status": kind.expected()});
        (kind.name().replace(' ', "_"), fields)
    });
    let latency = PERCENTILES
        .iter()
        .map(|(name, per_mille)| ((*name).to_owned(), statistics.latency(*per_mille).into()));
    json!({
        "requests": statistics.done(),
        "unexpected": statistics.unexpected(),
        "unanswered": statistics.unanswered(),
        "never_sent": statistics.never_sent(),
        "statuses": statistics.statuses().iter().map(|(status, count)| (status.to_string(), *count)).collect::<std::collections::BTreeMap<_, _>>(),
        "kinds": kinds.collect::<serde_json::Map<_, _>>(),
        "seconds": statistics.took().as_secs_f64(),
        "per_second": statistics.throughput(),
        "latency_ms": latency.collect::<serde_json::Map<String, Value>>(),
    })
}

fn write_text(out: &mut impl Write, statistics: &Statistics) -> io::Result<()> {
    for (kind, count) in statistics.kinds() {
        let (name, done, expected) = (kind.name(), count.done, count.expected);
        writeln!(out, "{name:<18} {expected:>8} of {done} answered {}", kind.expected())?;
    }
    let statuses = statistics.statuses().iter().map(|(status, count)| format!("{status} ×{count}"));
    writeln!(out, "answers            {}", statuses.collect::<Vec<_>>().join(", "))?;
    writeln!(out, "unexpected         {:>8}", statistics.unexpected())?;
    writeln!(out, "unanswered         {:>8} (may have been accepted)", statistics.unanswered())?;
    writeln!(out, "never sent         {:>8}", statistics.never_sent())?;
    let latency = PERCENTILES.iter().map(|(name, n)| format!("{name} {:.1} ms", statistics.latency(*n)));
    writeln!(out, "latency            {}", latency.collect::<Vec<_>>().join(", "))?;
    let seconds = statistics.took().as_secs_f64();
    writeln!(out, "throughput         {:.0} answers/s over {seconds:.2} s", statistics.throughput())
}
