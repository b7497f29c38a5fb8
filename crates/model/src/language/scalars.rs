//! Scalars of one line: numbers, durations, names, texts.

use std::time::Duration;

use super::read::{Read, Reader, shown};
use super::{Kind, Syntax};
use crate::yaml::{Node, Scalar};

/// Longest text of one value, bytes.
const LONGEST: usize = 64 * 1024;

/// A value made from text of one form.
pub(crate) trait FromText: Sized {
    /// The form.
    const SYNTAX: &'static Syntax;

    /// Makes it, or says what would have been right.
    fn from_text(text: &str) -> Result<Self, Fault>;
}

/// Why a text does not have its form.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    /// Completes "must be …" where the form's own words are not the best ones.
    pub(crate) says: Option<String>,
    /// What to do.
    pub(crate) hint: Option<String>,
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Int<const MIN: i64, const MAX: i64>(i64);

/// A number that is not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

/// A duration from `MIN` to `MAX` milliseconds. Queues, balancers and containers count whole seconds, and so does it, but
/// where the shortest is less than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lasting<const MIN: u64, const MAX: u64>(pub(crate) Duration);

/// A name of something in the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(pub(crate) String);

/// A name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VariableName(pub(crate) String);

impl Fault {
    /// Only what would have been right.
    pub(crate) fn hint(hint: impl Into<String>) -> Self {
        Self { says: None, hint: Some(hint.into()) }
    }

    /// What it must be, and what to do.
    pub(crate) fn says(says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { says: Some(says.into()), hint: Some(hint.into()) }
    }

    /// The whole sentence.
    pub(crate) fn message(&self, subject: &str, found: &str, syntax: &Syntax) -> String {
        let says = self.says.as_deref().unwrap_or(syntax.says);
        if found.is_empty() {
            return format!("{subject} must be {says}, not an empty text");
        }
        format!("{subject} must be {says}, not `{}`", crate::yaml::shorten(found))
    }
}

impl<T: FromText> Read for T {
    const KIND: &'static Kind = &Kind::Text(T::SYNTAX);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = reader.scalar(node, T::SYNTAX.says)?;
        let result = if scalar.text.len() > LONGEST {
            Err(Fault::says("at most 64 KiB long", "keep data out of this file"))
        } else {
            T::from_text(&scalar.text)
        };
        result
            .map_err(|fault| {
                let says = fault.says.as_deref().unwrap_or(T::SYNTAX.says);
                let message = format!("{} must be {says}, not {}", reader.subject(), shown(scalar));
                reader.misfit(node.range, message, public(scalar, fault.hint));
            })
            .ok()
    }
}

impl FromText for String {
    const SYNTAX: &'static Syntax = &Syntax { name: "text", says: "a text", pattern: None, number_too: true };

    fn from_text(text: &str) -> Result<Self, Fault> {
        Ok(text.to_owned())
    }
}

impl FromText for Name {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "name",
        says: "lower-case letters, digits and hyphens, beginning with a letter, at most 32",
        pattern: Some("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$"),
        number_too: false,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let fits = text.len() <= 32
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits { Ok(Self(text.to_owned())) } else { Err(Fault { says: None, hint: rename(text) }) }
    }
}

impl FromText for VariableName {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "variable name",
        says: "letters, digits and underscores, not beginning with a digit",
        pattern: Some("^[A-Za-z_][A-Za-z0-9_]*$"),
        number_too: false,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let fits = text.len() <= 256
            && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if fits {
            return Ok(Self(text.to_owned()));
        }
        let better: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        if better.starts_with(|c: char| c.is_ascii_digit()) || better.trim_matches('_').is_empty() {
            return Err(Fault::default());
        }
        Err(Fault::hint(format!("perhaps `{}`", crate::yaml::shorten(&better))))
    }
}

impl Read for bool {
    const KIND: &'static Kind = &Kind::Flag;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = reader.scalar(node, "`true` or `false`")?;
        match scalar.text.as_str() {
            "true" | "True" | "TRUE" => return Some(true),
            "false" | "False" | "FALSE" => return Some(false),
            _ => {}
        }
        let hint = match scalar.text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "1" => Some("YAML 1.2 has no `yes` and `on`; write `true`"),
            "no" | "off" | "n" | "0" => Some("YAML 1.2 has no `no` and `off`; write `false`"),
            _ => None,
        };
        let message = format!("{} must be `true` or `false`, not {}", reader.subject(), shown(scalar));
        reader.misfit(node.range, message, hint.map(str::to_owned));
        None
    }
}

impl<const MIN: i64, const MAX: i64> Read for Int<MIN, MAX> {
    const KIND: &'static Kind = &Kind::Integer { min: MIN, max: MAX };

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let wanted = format!("a whole number from {MIN} to {MAX}");
        let scalar = reader.scalar(node, &wanted)?;
        let number = scalar.text.parse::<i64>().ok().filter(|number| (MIN..=MAX).contains(number));
        if number.is_none() {
            let message = format!("{} must be {wanted}, not {}", reader.subject(), shown(scalar));
            let hint = scalar.text.strip_suffix('%').and_then(|rest| rest.parse::<i64>().ok());
            let hint = hint.map(|number| format!("write `{number}`, without the sign"));
            reader.misfit(node.range, message, public(scalar, hint));
        }
        number.map(Self)
    }
}

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// As the type that holds it in a `System`; the bounds make it fit.
    pub(crate) fn to<T: TryFrom<i64> + Default>(self) -> T {
        T::try_from(self.0).unwrap_or_default()
    }
}

impl Read for Number {
    const KIND: &'static Kind = &Kind::Number;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = reader.scalar(node, "a number")?;
        let number = scalar.text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        if number.is_none() {
            let message =
                format!("{} must be a number that is not negative, not {}", reader.subject(), shown(scalar));
            reader.misfit(node.range, message, None);
        }
        number.map(Self)
    }
}

impl<const MIN: u64, const MAX: u64> Lasting<MIN, MAX> {
    const fn in_seconds() -> bool {
        MIN == 0 || MIN >= 1000
    }
}

impl<const MIN: u64, const MAX: u64> Read for Lasting<MIN, MAX> {
    const KIND: &'static Kind = &Kind::Duration { min: MIN, max: MAX };

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = reader.scalar(node, "a duration such as `10s` or `5m`")?;
        let subject = reader.subject();
        match duration(&scalar.text) {
            Ok(duration) if !(MIN..=MAX).contains(&millis(duration)) => {
                let (min, max) = (duration_text(MIN), duration_text(MAX));
                let message = format!("{subject} must be from {min} to {max}, not {}", shown(scalar));
                reader.misfit(node.range, message, None);
            }
            Ok(duration) if Self::in_seconds() && duration.subsec_millis() > 0 => {
                let message = format!("{subject} must be in whole seconds, not {}", shown(scalar));
                reader.misfit(node.range, message, None);
            }
            Ok(duration) => return Some(Self(duration)),
            Err(fault) => {
                let message =
                    format!("{subject} must be a duration such as `10s` or `5m`, not {}", shown(scalar));
                reader.misfit(node.range, message, public(scalar, fault.hint));
            }
        }
        None
    }
}

/// A duration as it is written: `250ms`, `10s`, `5m`, `1h`, `4d`, `2w`, `1h30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, Fault> {
    let units = || Fault::hint("units are `ms`, `s`, `m`, `h`, `d` and `w`: `250ms`, `10s`, `1h30m`");
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return if text == "0" {
            Ok(Duration::ZERO)
        } else {
            Err(Fault::hint(format!("say the unit: `{text}s` or `{text}m`?")))
        };
    }
    let mut rest = text;
    let mut total = 0_u64;
    let mut previous = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(units)?;
        let (number, after) = rest.split_at(digits);
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let size = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(units)?.1;
        let number: u64 = number.parse().map_err(|_| units())?;
        if size >= previous {
            return Err(units());
        }
        total = number.checked_mul(size).and_then(|part| total.checked_add(part)).ok_or_else(units)?;
        previous = size;
        rest = next;
    }
    if previous == u64::MAX { Err(units()) } else { Ok(Duration::from_millis(total)) }
}

/// Units of durations in milliseconds.
const UNITS: &[(&str, u64)] =
    &[("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// A duration in its largest whole unit (days at most), for a sentence.
pub(crate) fn duration_text(millis: u64) -> String {
    let whole = |size: u64| millis > 0 && millis.is_multiple_of(size);
    match UNITS.iter().skip(1).find(|(_, size)| whole(*size)) {
        Some((unit, size)) => format!("{}{unit}", millis / size),
        None => "0s".to_owned(),
    }
}

/// Whole milliseconds; what does not fit is the most there is.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A hint may repeat the value, and one that came from a variable is not shown: it may be a secret.
fn public(scalar: &Scalar, hint: Option<String>) -> Option<String> {
    hint.filter(|_| scalar.template.is_none())
}

/// The nearest name of the right form.
fn rename(text: &str) -> Option<String> {
    let folded: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(32)
        .collect();
    let better = folded.trim_matches('-');
    (!better.is_empty()).then(|| format!("perhaps `{better}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let millis = |text| duration(text).ok().map(millis);
        for (text, expected) in [
            ("250ms", 250),
            ("10s", 10_000),
            ("5m", 300_000),
            ("1h", 3_600_000),
            ("4d", 345_600_000),
            ("2w", 1_209_600_000),
            ("1h30m", 5_400_000),
            ("0", 0),
            ("0s", 0),
        ] {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "5",
            "s",
            "5 s",
            "-5s",
            "1.5h",
            "5S",
            "30m1h",
            "5s5s",
            "99999999999999999999s",
            "20000000000000000d",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_said_in_its_largest_whole_unit() {
        for (millis, expected) in
            [(0, "0s"), (250, "250ms"), (60_000, "1m"), (90_000, "90s"), (1_209_600_000, "14d")]
        {
            assert_eq!(duration_text(millis), expected);
        }
    }

    #[test]
    fn names() {
        for name in ["a", "api", "api-2", "a1234567890123456789012345678901"] {
            assert!(Name::from_text(name).is_ok(), "{name}");
        }
        for name in ["", "-a", "a-", "1a", "A", "a_b", "a.b", "a12345678901234567890123456789012", "ä"] {
            assert!(Name::from_text(name).is_err(), "{name}");
        }
    }
}
