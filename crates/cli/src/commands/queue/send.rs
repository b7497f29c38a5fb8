//! `taxiway queue send`: one message, its body from the command line or standard input.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Read as _};

use serde_json::{Map, Value, json};

use super::{find, on, split};
use crate::arguments::queue::Send;
use crate::reach;
use crate::report::{self, Failure};

/// The longest message SQS takes, in bytes.
const LONGEST: u64 = 1024 * 1024;

pub(super) async fn run(arguments: &Send) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let (name, body) = match words {
        [name] => (name, None),
        [name, body] => (name, Some(body.as_str())),
        _ => return Err(usage()),
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let queue = find(&client, name).await?;
    let body = match body {
        Some(text) if text != "-" => text.to_owned(),
        None if std::io::stdin().is_terminal() => return Err(usage()),
        _ => read_body()?,
    };
    let answer = on(&client, &queue, "SendMessage", input(arguments, body)?).await?;
    if arguments.reach.json {
        return report::json(&json!({ "queue": queue.name, "message": answer }));
    }
    let id = answer.get("MessageId").and_then(Value::as_str).unwrap_or_default();
    report::done(format_args!("sent {id} to {}", queue.name));
    Ok(())
}

fn usage() -> Failure {
    Failure::Sentence(
        "name one queue and give a body, or `-` for standard input: `taxiway queue send orders '{\"id\": 1}'`".to_owned(),
    )
}

fn read_body() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Sentence(format!("standard input cannot be read: {error}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::Sentence(
            "standard input is longer than 1 MiB, which is the most a message has".to_owned(),
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::Sentence("standard input is not UTF-8, and a message's body is text".to_owned())
    })
}

fn input(arguments: &Send, body: String) -> Result<Value, Failure> {
    let mut fields = Map::from_iter([("MessageBody".to_owned(), Value::String(body))]);
    let mut add = |name: &str, value: Option<Value>| {
        fields.extend(value.map(|value| (name.to_owned(), value)));
    };
    let attributes = arguments.attribute.iter().map(|text| attribute(text));
    let attributes = attributes.collect::<Result<BTreeMap<_, _>, _>>()?;
    add("MessageAttributes", (!attributes.is_empty()).then(|| json!(attributes)));
    add("MessageGroupId", arguments.group.as_ref().map(|group| json!(group)));
    add("MessageDeduplicationId", arguments.deduplication.as_ref().map(|id| json!(id)));
    add("DelaySeconds", arguments.delay.map(|seconds| json!(seconds)));
    Ok(Value::Object(fields))
}

/// `NAME=TEXT` or `NAME:TYPE=TEXT`.
fn attribute(text: &str) -> Result<(String, Value), Failure> {
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
        let sentence = format!("the attribute `{text}` has no value; write NAME=VALUE, or NAME:Number=5");
        return Err(Failure::Sentence(sentence));
    };
    let (name, kind) = name.split_once(':').unwrap_or((name, "String"));
    Ok((name.to_owned(), json!({ "DataType": kind, "StringValue": value })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_have_a_type() {
        assert_eq!(
            attribute("kind=a=b").expect("one"),
            ("kind".to_owned(), json!({ "DataType": "String", "StringValue": "a=b" }))
        );
        assert_eq!(attribute("n:Number=5").expect("one").1["DataType"], "Number");
        assert!(attribute("kind").is_err());
        assert!(attribute("=x").is_err());
    }
}
