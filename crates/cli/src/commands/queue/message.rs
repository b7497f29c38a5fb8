//! A message as the cloud shows it to people.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::display::time::{age, now};

/// The longest body that is shown in lines, in characters; `--json` shows all.
const SHOWN: usize = 2000;

/// A message, looked at without being received.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Message {
    id: String,
    /// `visible`, `in_flight` or `delayed`.
    state: String,
    /// When that ends, seconds since 1970.
    until: Option<f64>,
    /// Seconds since 1970.
    sent: f64,
    receives: u64,
    group: Option<String>,
    deduplication: Option<String>,
    dead_lettered_from: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
    body: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    data_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<String>,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = now();
        write!(f, "{}  sent {} ago", self.id, age(now - self.sent))?;
        let left = self.until.map(|until| format!(" for {} more", age(until - now))).unwrap_or_default();
        write!(f, ", {}{left}", self.state.replace('_', " "))?;
        match self.receives {
            0 => {}
            1 => write!(f, ", received once")?,
            times => write!(f, ", received {times} times")?,
        }
        for (what, value) in [("group", &self.group), ("deduplication", &self.deduplication)] {
            if let Some(value) = value {
                write!(f, ", {what} {}", plain(value))?;
            }
        }
        if let Some(arn) = &self.dead_lettered_from {
            write!(f, ", dead letter of {}", arn.rsplit(':').next().unwrap_or(arn))?;
        }
        for (name, attribute) in &self.attributes {
            write!(f, "\n  {name} = {attribute}")?;
        }
        body(f, &self.body)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.string_value, &self.binary_value) {
            (Some(text), _) => write!(f, "{} ({})", plain(text), self.data_type),
            (None, Some(base64)) => write!(f, "{base64} ({}, base64)", self.data_type),
            (None, None) => write!(f, "({})", self.data_type),
        }
    }
}

fn body(f: &mut fmt::Formatter<'_>, body: &str) -> fmt::Result {
    let shown: String = body.chars().take(SHOWN).collect();
    for line in shown.lines() {
        write!(f, "\n  {}", plain(line))?;
    }
    if shown.len() < body.len() {
        write!(f, "\n  … ({} bytes; --json shows all)", body.len())?;
    }
    Ok(())
}

/// Without what would move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() && letter != '\t' { '\u{fffd}' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Message;
    use crate::display::time::now;

    #[test]
    fn a_message_in_lines() {
        let message: Message = serde_json::from_value(serde_json::json!({
            "id": "5", "state": "in_flight", "until": now() + 30.5, "sent": now() - 61.0, "receives": 2,
            "group": "a", "deduplication": null, "dead_lettered_from": "arn:aws:sqs:us-east-1:0:orders",
            "attributes": { "kind": { "DataType": "String", "StringValue": "x" } }, "body": "one\n\u{1b}[2Jtwo",
        }))
        .expect("a message");
        assert_eq!(
            message.to_string(),
            "5  sent 1m 1s ago, in flight for 30s more, received 2 times, group a, dead letter of orders\n  \
             kind = x (String)\n  one\n  \u{fffd}[2Jtwo"
        );
    }
}
