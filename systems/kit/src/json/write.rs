//! [`Value`] → text, as Python's `json.dumps` without blanks writes it.

use std::fmt::Write;

use super::{Text, Value};

impl Value {
    /// Appends it as JSON. What JSON has no word for becomes the nearest it has: a number that is none `null`, a lone
    /// surrogate U+FFFD. Of repeated keys the last value stands where the first one was.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => drop(write!(out, "{value}")),
            Self::Integer(digits) => out.push_str(digits),
            Self::Float(number) if !number.is_finite() => out.push_str("null"),
            Self::Float(number) => drop(write!(out, "{number:?}")),
            Self::Text(text) => text.write(out),
            Self::List(items) => {
                out.push('[');
                separated(items, out, |item, out| item.write(out));
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                separated(&last_of_each(entries), out, |(key, value), out| {
                    key.write(out);
                    out.push(':');
                    value.write(out);
                });
                out.push('}');
            }
        }
    }
}

fn separated<T>(items: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
}

/// A Python dictionary of the entries.
fn last_of_each(entries: &[(Text, Value)]) -> Vec<(&Text, &Value)> {
    let mut places = std::collections::HashMap::with_capacity(entries.len());
    let mut all: Vec<(&Text, &Value)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let place = *places.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => all.push((key, value)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::read;

    fn rewritten(text: &str) -> String {
        let mut out = String::new();
        read(text.as_bytes()).unwrap().write(&mut out);
        out
    }

    #[test]
    fn values_are_written_without_blanks() {
        for text in [r#"{"a":[1,2.5,null,true],"b":"é\"\\\n"}"#, "123456789012345678901234567890", "[]", "{}"]
        {
            assert_eq!(rewritten(text), text);
        }
    }

    #[test]
    fn the_last_of_repeated_keys_stands_at_the_first_ones_place() {
        assert_eq!(rewritten(r#"{"a": 1, "b": 2, "a": 3}"#), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn what_json_lacks_becomes_the_nearest() {
        assert_eq!(rewritten(r#"[NaN, -Infinity, "\ud800"]"#), "[null,null,\"\u{fffd}\"]");
    }
}
