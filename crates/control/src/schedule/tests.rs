//! Expressions and the moments they name.

use super::Schedule;
use time::OffsetDateTime;
use time::macros::datetime;

/// The next moments after Saturday 2026-02-28 23:58:30.
fn next(text: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::parse(text).unwrap();
    let mut after = datetime!(2026-02-28 23:58:30 UTC);
    let mut step = || -> Option<OffsetDateTime> {
        after = schedule.next(after)?;
        Some(after)
    };
    (0..count)
        .map_while(|_| step())
        .map(|moment| format!("{} {:02}:{:02}", moment.date(), moment.hour(), moment.minute()))
        .collect()
}

#[test]
fn the_next_moments() {
    for (text, expected) in [
        ("* * * * *", vec!["2026-02-28 23:59", "2026-03-01 00:00"]),
        ("@hourly", vec!["2026-03-01 00:00", "2026-03-01 01:00"]),
        ("@daily", vec!["2026-03-01 00:00", "2026-03-02 00:00"]),
        ("@weekly", vec!["2026-03-01 00:00", "2026-03-08 00:00"]),
        ("@yearly", vec!["2027-01-01 00:00"]),
        (
            "*/20 8-9 * * *",
            vec!["2026-03-01 08:00", "2026-03-01 08:20", "2026-03-01 08:40", "2026-03-01 09:00"],
        ),
        ("50/5 0 * * *", vec!["2026-03-01 00:50", "2026-03-01 00:55", "2026-03-02 00:50"]),
        ("0 3 * * mon-fri", vec!["2026-03-02 03:00", "2026-03-03 03:00"]),
        ("0 0 * * 7", vec!["2026-03-01 00:00", "2026-03-08 00:00"]),
        ("0 0 29 feb *", vec!["2028-02-29 00:00", "2032-02-29 00:00"]),
        // Either day is enough where both are restricted, both are needed where one begins with a star.
        ("0 0 10 * mon", vec!["2026-03-02 00:00", "2026-03-09 00:00", "2026-03-10 00:00"]),
        ("0 0 */10 * mon", vec!["2026-05-11 00:00"]),
        ("0 0 31 2 *", vec![]),
    ] {
        assert_eq!(next(text, expected.len().max(1)), expected, "{text}");
    }
}

#[test]
fn an_interval_counts_from_the_last_moment() {
    assert_eq!(next("@every 1h30m", 2), ["2026-03-01 01:28", "2026-03-01 02:58"]);
}

#[test]
fn what_is_no_schedule_is_refused() {
    for text in [
        "",
        "* * * *",
        "60 * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "@never",
        "@every",
        "@every x",
        "1,,2 * * * *",
    ] {
        assert_eq!(Schedule::parse(text), None, "{text}");
    }
}
