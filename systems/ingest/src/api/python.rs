//! Python's own conversions, as far as pydantic 1 leans on them: `str()` of a number, `dict()` of a list.

use kit::json::{Text, Value};

/// Why `dict(value)` fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoDict {
    /// It is no object and no sequence of pairs.
    WrongShape,
    /// It is one, but a key is a number, a boolean or null.
    KeysNotText,
}

/// The text pydantic 1 makes of a value for a string field: strings, numbers and booleans have one.
pub(crate) fn text(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(true) => Some("True".into()),
        Value::Bool(false) => Some("False".into()),
        Value::Integer(digits) => Some(digits.as_str().into()),
        Value::Float(number) => Some(float(*number).as_str().into()),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

/// The entries of `dict(value)`: of an object its own, of a list its pairs, of an empty string none.
pub(crate) fn dict(value: &Value) -> Result<Vec<(Text, &Value)>, NoDict> {
    match value {
        Value::Object(entries) => Ok(entries.iter().map(|(key, value)| (key.clone(), value)).collect()),
        Value::List(items) => items.iter().map(pair).collect(),
        Value::Text(text) if text.is("") => Ok(Vec::new()),
        _ => Err(NoDict::WrongShape),
    }
}

/// Python takes any two things in a row for a pair: also the characters of a string, or the keys of an object. Those
/// two can't hold a field this service knows, as their values would be single characters, so their value is null.
fn pair(item: &Value) -> Result<(Text, &Value), NoDict> {
    match item {
        Value::List(items) => match items.as_slice() {
            [Value::Text(key), value] => Ok((key.clone(), value)),
            [Value::List(_) | Value::Object(_), _] => Err(NoDict::WrongShape),
            [_, _] => Err(NoDict::KeysNotText),
            _ => Err(NoDict::WrongShape),
        },
        Value::Text(text) => two(text.characters()),
        Value::Object(entries) => {
            let mut keys: Vec<Text> = Vec::new();
            for (key, _) in entries {
                if !keys.contains(key) && keys.len() < 3 {
                    keys.push(key.clone());
                }
            }
            two(keys)
        }
        _ => Err(NoDict::WrongShape),
    }
}

fn two(parts: Vec<Text>) -> Result<(Text, &'static Value), NoDict> {
    match <[Text; 2]>::try_from(parts) {
        Ok([key, _]) => Ok((key, &Value::Null)),
        Err(_) => Err(NoDict::WrongShape),
    }
}

/// Python's `repr` of a float: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..=15 => format!("{number:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_python() {
        for (number, printed) in [
            (1.5, "1.5"),
            (1e3, "1000.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e22, "1.25e+22"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float(number), printed);
        }
    }
}
