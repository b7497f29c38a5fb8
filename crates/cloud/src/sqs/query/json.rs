//! The Query protocol's answers as JSON, for callers that accept nothing else: the XML's elements, with the names of its
//! lists as AWS gives them there.

use serde_json::{Map, Value, json};

/// The answer of an operation.
pub(super) fn answer(operation: &str, output: &Value, request_id: &str) -> String {
    let mut members = Map::new();
    if super::has_result(operation) {
        members.insert(format!("{operation}Result"), value(output));
    }
    members.insert("ResponseMetadata".to_owned(), json!({ "RequestId": request_id }));
    json!({ format!("{operation}Response"): members }).to_string()
}

/// An error.
pub(super) fn refusal(party: &str, code: &str, message: &str, request_id: &str) -> String {
    let error = json!({ "Code": code, "Detail": null, "Message": message, "Type": party });
    json!({ "Error": error, "RequestId": request_id }).to_string()
}

fn value(output: &Value) -> Value {
    match output {
        Value::Object(members) => members.iter().map(|(name, member)| entry(name, member)).collect(),
        Value::Array(entries) => entries.iter().map(value).collect(),
        other => other.clone(),
    }
}

/// A map is a list of names and values.
fn entry(name: &str, member: &Value) -> (String, Value) {
    match (name, member) {
        ("QueueUrls", _) => ("queueUrls".to_owned(), value(member)),
        ("Messages", _) => ("messages".to_owned(), value(member)),
        ("Attributes" | "MessageAttributes", Value::Object(map)) => (name.to_owned(), pairs(map, "Name")),
        ("Tags", Value::Object(map)) => (name.to_owned(), pairs(map, "Key")),
        _ => (name.to_owned(), value(member)),
    }
}

fn pairs(map: &Map<String, Value>, key: &str) -> Value {
    map.iter().map(|(name, found)| json!({ key: name, "Value": value(found) })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs() {
        for (operation, output, expected) in [
            ("DeleteQueue", json!({}), json!(null)),
            ("ListQueues", json!({ "QueueUrls": ["a"] }), json!({ "queueUrls": ["a"] })),
            (
                "ReceiveMessage",
                json!({ "Messages": [{ "Body": "b", "Attributes": { "SenderId": "s" } }] }),
                json!({ "messages": [{ "Body": "b", "Attributes": [{ "Name": "SenderId", "Value": "s" }] }] }),
            ),
            (
                "ListQueueTags",
                json!({ "Tags": { "k": "v" } }),
                json!({ "Tags": [{ "Key": "k", "Value": "v" }] }),
            ),
        ] {
            let found: Value = serde_json::from_str(&answer(operation, &output, "1")).unwrap();
            let response = &found[format!("{operation}Response")];
            assert_eq!(response["ResponseMetadata"]["RequestId"], "1");
            assert_eq!(response[format!("{operation}Result")], expected);
        }
    }
}
