//! Processor shares and memory.

use crate::language::{Fault, FromText, Syntax};
use crate::system::{CpuUnits, Mebibytes};

impl FromText for Mebibytes {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "size",
        says: "a size such as `512Mi` or `1Gi`",
        pattern: Some("^[1-9][0-9]*(Mi|Gi|Ti)$"),
        number_too: false,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let (number, unit) = split(text);
        let factor = match unit {
            "Mi" => 1,
            "Gi" => 1024,
            "Ti" => 1024 * 1024,
            _ => return Err(Fault { says: None, hint: better(number, unit) }),
        };
        let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        match size {
            Some(0) | None => Err(Fault { says: None, hint: better(number, unit) }),
            Some(size) if size > 64 * 1024 * 1024 => {
                Err(Fault::says("at most `64Ti`", "is a unit too large?"))
            }
            Some(size) => Ok(Self(size)),
        }
    }
}

impl FromText for CpuUnits {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "processor share",
        says: "ECS units (`256`), virtual CPUs (`0.25`) or thousandths (`250m`)",
        pattern: Some(r"^([1-9][0-9]*|[0-9]+\.[0-9]+|[1-9][0-9]*m)$"),
        number_too: true,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let thousandths = text.strip_suffix('m').map(|number| number.parse::<u32>().ok());
        let units = match thousandths {
            Some(number) => number.map(|number| f64::from(number) * 1.024),
            None if text.contains('.') => text.parse::<f64>().ok().map(|cpus| cpus * 1024.0),
            None => text
                .parse::<u32>()
                .ok()
                .map(|number| f64::from(if number <= 16 { number * 1024 } else { number })),
        };
        match units {
            Some(units) if (31.5..=131_072.0).contains(&units) => Ok(Self(rounded(units))),
            Some(_) => {
                Err(Fault::hint("at least 32 units (`32m` or `0.032`); 1024 units are one virtual CPU"))
            }
            None => Err(Fault::hint(
                "1024 units are one virtual CPU; up to 16, a whole number counts virtual CPUs",
            )),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the caller checked the range")]
fn rounded(units: f64) -> u32 {
    units.round() as u32
}

/// Number and unit.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len()))
}

/// The same size as we write it.
fn better(number: &str, unit: &str) -> Option<String> {
    let amount: f64 = number.parse().ok().filter(|amount| *amount > 0.0 && *amount < 1e9)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "m" | "mb" | "mib" | "mi" => 1.0,
        "g" | "gb" | "gib" | "gi" => 1024.0,
        _ => return Some("units are `Mi`, `Gi` and `Ti`".to_owned()),
    };
    Some(format!("write `{}`", Mebibytes(u64::from(rounded(amount * factor)).max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_shares() {
        let units = |text| CpuUnits::from_text(text).ok().map(|units| units.0);
        for (text, expected) in [
            ("256", 256),
            ("0.25", 256),
            ("250m", 256),
            ("1", 1024),
            ("2", 2048),
            ("16", 16_384),
            ("100m", 102),
            ("0.5", 512),
        ] {
            assert_eq!(units(text), Some(expected), "{text}");
        }
        for text in ["", "0", "17", "-1", "1e9", "half", "5m", "m", "0.001", "NaN", "999999999"] {
            assert_eq!(units(text), None, "{text}");
        }
    }

    #[test]
    fn sizes() {
        let size = |text| {
            Mebibytes::from_text(text).map(|size| size.0).map_err(|fault| fault.hint.unwrap_or_default())
        };
        assert_eq!(size("512Mi"), Ok(512));
        assert_eq!(size("2Gi"), Ok(2048));
        assert_eq!(size("1Ti"), Ok(1_048_576));
        assert_eq!(size("512MB"), Err("write `512Mi`".to_owned()));
        assert_eq!(size("1.5G"), Err("write `1536Mi`".to_owned()));
        assert_eq!(size("2048"), Err("write `2Gi`".to_owned()));
        for text in ["", "0Mi", "-1Mi", "Mi", "99999999999999999999Gi", "10Pi"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
