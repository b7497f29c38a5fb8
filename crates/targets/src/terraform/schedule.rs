//! Times as AWS writes them (Amazon EventBridge Scheduler User Guide, "Schedule types").

/// `*/5 2 * * 1-5` as `cron(*/5 2 ? * 2-6 *)`; `@daily` and its like; `@every 5m` as `rate(5 minutes)`.
pub(super) fn cron(written: &str) -> String {
    match written {
        "@hourly" => "cron(0 * * * ? *)".to_owned(),
        "@daily" | "@midnight" => "cron(0 0 * * ? *)".to_owned(),
        "@weekly" => "cron(0 0 ? * 1 *)".to_owned(),
        "@monthly" => "cron(0 0 1 * ? *)".to_owned(),
        "@yearly" | "@annually" => "cron(0 0 1 1 ? *)".to_owned(),
        other => match other.strip_prefix("@every ") {
            Some(every) => rate(every),
            None => fields(other),
        },
    }
}

/// Of day of month and day of week one has to be `?`.
fn fields(written: &str) -> String {
    let fields: Vec<&str> = written.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return format!("cron({written} *)") };
    let (day, weekday) = match (*day, *weekday) {
        (day, "*") => (day.to_owned(), "?".to_owned()),
        (_, weekday) => ("?".to_owned(), weekdays(weekday)),
    };
    format!("cron({minute} {hour} {day} {month} {weekday} *)")
}

/// A week begins with Sunday, 0 or 7 where it is written and 1 at AWS. Names stay, and so does the step behind a slash.
fn weekdays(written: &str) -> String {
    let number =
        |text: &str| text.parse::<u8>().map_or_else(|_| text.to_owned(), |day| (day % 7 + 1).to_string());
    let range = |text: &str| text.split('-').map(number).collect::<Vec<_>>().join("-");
    let step = |text: &str| match text.split_once('/') {
        Some((range_of, step)) => format!("{}/{step}", range(range_of)),
        None => range(text),
    };
    written.split(',').map(step).collect::<Vec<_>>().join(",")
}

/// `1h30m` as AWS counts: of one unit, the largest that divides it.
fn rate(every: &str) -> String {
    let minutes = minutes(every);
    let (count, unit) = match minutes {
        _ if minutes.is_multiple_of(MINUTES_PER_DAY) => (minutes / MINUTES_PER_DAY, "day"),
        _ if minutes.is_multiple_of(MINUTES_PER_HOUR) => (minutes / MINUTES_PER_HOUR, "hour"),
        _ => (minutes, "minute"),
    };
    let many = if count == 1 { "" } else { "s" };
    format!("rate({count} {unit}{many})")
}

/// The whole minutes of a duration with units (`model` has refused any other).
fn minutes(written: &str) -> u64 {
    let mut rest = written.trim();
    let mut milliseconds: u64 = 0;
    while let Some(unit_at) = rest.find(|letter: char| !letter.is_ascii_digit()) {
        let (count, after) = rest.split_at(unit_at);
        let end = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let of_unit = match unit {
            "w" => 7 * 24 * 3_600_000,
            "d" => 24 * 3_600_000,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1_000,
            _ => 1,
        };
        milliseconds += count.parse::<u64>().unwrap_or(0).saturating_mul(of_unit);
        rest = next;
    }
    (milliseconds / 60_000).max(1)
}

const MINUTES_PER_HOUR: u64 = 60;
const MINUTES_PER_DAY: u64 = 24 * MINUTES_PER_HOUR;

#[cfg(test)]
mod tests {
    use super::cron;

    #[test]
    fn schedules_become_what_aws_writes() {
        for (written, expect) in [
            ("@daily", "cron(0 0 * * ? *)"),
            ("@weekly", "cron(0 0 ? * 1 *)"),
            ("@every 5m", "rate(5 minutes)"),
            ("@every 1h", "rate(1 hour)"),
            ("@every 1h30m", "rate(90 minutes)"),
            ("@every 120m", "rate(2 hours)"),
            ("@every 120s", "rate(2 minutes)"),
            ("@every 1d", "rate(1 day)"),
            ("*/5 2 * * *", "cron(*/5 2 * * ? *)"),
            ("0 9 * * 1-5", "cron(0 9 ? * 2-6 *)"),
            ("0 9 * * 0,7,3", "cron(0 9 ? * 1,1,4 *)"),
            ("0 9 * * MON", "cron(0 9 ? * MON *)"),
            ("0 0 1 * *", "cron(0 0 1 * ? *)"),
        ] {
            assert_eq!(cron(written), expect, "{written}");
        }
    }
}
