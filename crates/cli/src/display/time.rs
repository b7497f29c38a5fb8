//! Spans of time as a person says them.

/// Seconds in the two largest units that matter: `12s`, `3m 5s`, `2h 10m`, `4d 1h`.
pub(crate) fn age(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ages are small and positive"
    )]
    let whole = seconds.max(0.0) as u64;
    let two = |large: u64, unit: char, small: u64, rest: char| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit} {small}{rest}"),
    };
    match whole {
        0..60 => format!("{whole}s"),
        60..3600 => two(whole / 60, 'm', whole % 60, 's'),
        3600..86_400 => two(whole / 3600, 'h', whole % 3600 / 60, 'm'),
        _ => two(whole / 86_400, 'd', whole % 86_400 / 3600, 'h'),
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn two_units_are_enough() {
        for (seconds, expected) in [
            (0.4, "0s"),
            (59.9, "59s"),
            (60.0, "1m"),
            (185.0, "3m 5s"),
            (7800.0, "2h 10m"),
            (349_200.0, "4d 1h"),
        ] {
            assert_eq!(age(seconds), expected);
        }
    }
}
