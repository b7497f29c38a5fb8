//! An operation's output as XML: `{"Attributes": {"DelaySeconds": "5"}}` becomes
//! `<Attribute><Name>DelaySeconds</Name><Value>5</Value></Attribute>`.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{NAMESPACE, has_result};

const HEAD: &str = "<?xml version=\"1.0\"?>";

/// How a member of the output is written.
enum Shape {
    /// As itself.
    Plain,
    /// Each entry of the list as an element of this name.
    List(&'static str),
    /// Each entry of the map as an element of this name, with a key and a value of these.
    Map(&'static str, &'static str, &'static str),
}

/// The answer of an operation.
pub(super) fn answer(operation: &str, output: &Value, request_id: &str) -> String {
    let mut text = format!("{HEAD}<{operation}Response xmlns=\"{NAMESPACE}\">");
    if let Value::Object(members) = output
        && has_result(operation)
    {
        let mut content = String::new();
        write_members(&mut content, operation, members);
        if content.is_empty() {
            _ = write!(text, "<{operation}Result/>");
        } else {
            _ = write!(text, "<{operation}Result>{content}</{operation}Result>");
        }
    }
    _ = write!(
        text,
        "<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    );
    text
}

/// An error.
pub(super) fn refusal(party: &str, code: &str, message: &str, request_id: &str) -> String {
    let mut text = format!("{HEAD}<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{party}</Type>");
    element(&mut text, "Code", code);
    element(&mut text, "Message", message);
    _ = write!(text, "<Detail/></Error><RequestId>{request_id}</RequestId></ErrorResponse>");
    text
}

fn write_members(text: &mut String, operation: &str, members: &Map<String, Value>) {
    for (name, value) in members {
        match (shape(operation, name), value) {
            (Shape::List(element), Value::Array(entries)) => {
                entries.iter().for_each(|entry| write_value(text, operation, element, entry));
            }
            (Shape::Map(element, key, value), Value::Object(entries)) => {
                for (name, entry) in entries {
                    _ = write!(text, "<{element}>");
                    self::element(text, key, name);
                    write_value(text, operation, value, entry);
                    _ = write!(text, "</{element}>");
                }
            }
            (_, value) => write_value(text, operation, name, value),
        }
    }
}

fn write_value(text: &mut String, operation: &str, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            _ = write!(text, "<{name}>");
            write_members(text, operation, members);
            _ = write!(text, "</{name}>");
        }
        Value::String(value) => element(text, name, value),
        other => element(text, name, &other.to_string()),
    }
}

fn shape(operation: &str, member: &str) -> Shape {
    match member {
        "Attributes" => Shape::Map("Attribute", "Name", "Value"),
        "MessageAttributes" => Shape::Map("MessageAttribute", "Name", "Value"),
        "Tags" => Shape::Map("Tag", "Key", "Value"),
        "QueueUrls" | "queueUrls" => Shape::List("QueueUrl"),
        "Messages" => Shape::List("Message"),
        "Results" => Shape::List("ListMessageMoveTasksResultEntry"),
        "Failed" => Shape::List("BatchResultErrorEntry"),
        "Successful" => Shape::List(match operation {
            "SendMessageBatch" => "SendMessageBatchResultEntry",
            "DeleteMessageBatch" => "DeleteMessageBatchResultEntry",
            _ => "ChangeMessageVisibilityBatchResultEntry",
        }),
        _ => Shape::Plain,
    }
}

fn element(text: &mut String, name: &str, value: &str) {
    _ = write!(text, "<{name}>");
    escape(text, value);
    _ = write!(text, "</{name}>");
}

/// A carriage return would be read as a line feed if it were written as it is (XML 1.0, section 2.11), and other
/// control characters can't be written at all (section 2.2).
fn escape(text: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\r' => text.push_str("&#xD;"),
            '\n' | '\t' => text.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(operation: &str, output: &Value, expected: &str) {
        let text = answer(operation, output, "1");
        let start = format!("{HEAD}<{operation}Response xmlns=\"{NAMESPACE}\">");
        let end =
            format!("<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>");
        assert_eq!(text, format!("{start}{expected}{end}"));
    }

    #[test]
    fn outputs() {
        check("DeleteQueue", &json!({}), "");
        check("ReceiveMessage", &json!({}), "<ReceiveMessageResult/>");
        check(
            "ListQueues",
            &json!({ "QueueUrls": ["a", "b"] }),
            "<ListQueuesResult><QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl></ListQueuesResult>",
        );
        check(
            "GetQueueAttributes",
            &json!({ "Attributes": { "Policy": "<\r>" } }),
            "<GetQueueAttributesResult><Attribute><Name>Policy</Name><Value>&lt;&#xD;&gt;</Value></Attribute></GetQueueAttributesResult>",
        );
        check(
            "DeleteMessageBatch",
            &json!({ "Successful": [{ "Id": "a" }], "Failed": [{ "Id": "b", "SenderFault": true }] }),
            "<DeleteMessageBatchResult><BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault></BatchResultErrorEntry><DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry></DeleteMessageBatchResult>",
        );
    }

    #[test]
    fn errors() {
        let expected = "<Error><Type>Sender</Type><Code>C</Code><Message>a &amp; b</Message><Detail/></Error><RequestId>1</RequestId></ErrorResponse>";
        assert!(refusal("Sender", "C", "a & b", "1").ends_with(expected));
    }
}
