//! A form as the operation's input: `Attribute.1.Name=DelaySeconds&Attribute.1.Value=5` becomes
//! `{"Attributes": {"DelaySeconds": "5"}}`, which is what the JSON protocol has.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::sqs::error::SqsError;

/// Pairs in a form: a batch of ten messages with ten attributes each has about four hundred.
const MOST_PAIRS: usize = 2_000;

/// Parts of a key: `SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue` has six.
const MOST_PARTS: usize = 8;

/// What a key of the form stands for.
enum Shape {
    Text,
    Number,
    /// A list, under this name in the input.
    List(&'static str),
    /// A map, under this name in the input, whose entries have these two names.
    Map(&'static str, &'static str, &'static str),
}

/// A form, taken apart at the dots of its keys.
#[derive(Debug, Default)]
struct Node {
    text: Option<String>,
    children: BTreeMap<String, Node>,
}

/// Reads a form.
pub(super) fn read(body: &[u8]) -> Result<Map<String, Value>, SqsError> {
    let mut root = Node::default();
    for (count, pair) in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).enumerate() {
        if count == MOST_PAIRS {
            return Err(SqsError::Serialization(format!("The form has more than {MOST_PAIRS} parameters.")));
        }
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (key, value) = pair.split_at(at);
        root.insert(&decode(key)?, decode(value.get(1..).unwrap_or_default())?)?;
    }
    root.object()
}

impl Node {
    fn insert(&mut self, key: &str, value: String) -> Result<(), SqsError> {
        let mut node = self;
        for (depth, part) in key.split('.').enumerate() {
            if depth == MOST_PARTS {
                return Err(SqsError::Serialization(format!("The parameter {key} has too many parts.")));
            }
            // `Entries.member.1` and `Entry.1` are the same: the older form of a list and the flattened one.
            if part != "member" && part != "entry" {
                node = node.children.entry(part.to_owned()).or_default();
            }
        }
        node.text = Some(value);
        Ok(())
    }

    fn object(self) -> Result<Map<String, Value>, SqsError> {
        let mut object = Map::new();
        for (key, node) in self.children {
            let (name, value) = match shape(&key) {
                Shape::Text => (key, Value::from(node.text.unwrap_or_default())),
                Shape::Number => {
                    let number = node.number(&key)?;
                    (key, number)
                }
                Shape::List(name) => (name.to_owned(), node.list()?),
                Shape::Map(name, key, value) => (name.to_owned(), node.map(key, value)?),
            };
            object.insert(name, value);
        }
        Ok(object)
    }

    fn number(self, key: &str) -> Result<Value, SqsError> {
        let text = self.text.unwrap_or_default();
        match text.parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(SqsError::InvalidValue(format!(
                "Value {text} for parameter {key} is invalid. Reason: Must be an integer."
            ))),
        }
    }

    /// The entries in the order of their numbers.
    fn list(self) -> Result<Value, SqsError> {
        self.entries().into_iter().map(Self::value).collect()
    }

    fn map(self, key: &str, value: &str) -> Result<Value, SqsError> {
        let mut map = Map::new();
        for mut entry in self.entries() {
            let name = entry.children.remove(key).and_then(|node| node.text).unwrap_or_default();
            map.insert(name, entry.children.remove(value).unwrap_or_default().value()?);
        }
        Ok(map.into())
    }

    /// A list's or map's entries. Where nothing is numbered, there is one: `Attribute.Name=…`; an empty one is
    /// `Attribute=`.
    fn entries(self) -> Vec<Self> {
        if self.children.is_empty() && self.text.as_deref().is_none_or(str::is_empty) {
            return Vec::new();
        }
        let numbered = self.children.keys().all(|key| key.parse::<u32>().is_ok());
        if !numbered || self.children.is_empty() {
            return vec![self];
        }
        let mut entries: Vec<_> = self.children.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.parse::<u32>().unwrap_or(u32::MAX));
        entries.into_iter().map(|(_, node)| node).collect()
    }

    fn value(self) -> Result<Value, SqsError> {
        match self.text {
            Some(text) if self.children.is_empty() => Ok(text.into()),
            None if self.children.is_empty() => Ok(Value::from("")),
            _ => self.object().map(Value::Object),
        }
    }
}

fn shape(key: &str) -> Shape {
    match key {
        "DelaySeconds"
        | "VisibilityTimeout"
        | "WaitTimeSeconds"
        | "MaxNumberOfMessages"
        | "MaxNumberOfMessagesPerSecond"
        | "MaxResults" => Shape::Number,
        "Attribute" | "Attributes" => Shape::Map("Attributes", "Name", "Value"),
        "MessageAttribute" | "MessageAttributes" => Shape::Map("MessageAttributes", "Name", "Value"),
        "MessageSystemAttribute" | "MessageSystemAttributes" => {
            Shape::Map("MessageSystemAttributes", "Name", "Value")
        }
        "Tag" | "Tags" | "tags" => Shape::Map("Tags", "Key", "Value"),
        "AttributeName" | "AttributeNames" => Shape::List("AttributeNames"),
        "MessageAttributeName" | "MessageAttributeNames" => Shape::List("MessageAttributeNames"),
        "MessageSystemAttributeName" | "MessageSystemAttributeNames" => {
            Shape::List("MessageSystemAttributeNames")
        }
        "TagKey" | "TagKeys" => Shape::List("TagKeys"),
        "AWSAccountId" | "AWSAccountIds" => Shape::List("AWSAccountIds"),
        "ActionName" | "Actions" => Shape::List("Actions"),
        "SendMessageBatchRequestEntry"
        | "DeleteMessageBatchRequestEntry"
        | "ChangeMessageVisibilityBatchRequestEntry"
        | "Entries" => Shape::List("Entries"),
        _ => Shape::Text,
    }
}

/// Form encoding: `+` is a space.
fn decode(text: &[u8]) -> Result<String, SqsError> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_decode(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| SqsError::Serialization("The form is not UTF-8.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(form: &str, expected: &Value) {
        assert_eq!(&Value::from(read(form.as_bytes()).unwrap()), expected, "{form}");
    }

    #[test]
    fn plain_parameters() {
        check("QueueName=a+b%26c&DelaySeconds=5", &json!({ "QueueName": "a b&c", "DelaySeconds": 5 }));
        check("QueueName", &json!({ "QueueName": "" }));
        check("", &json!({}));
    }

    #[test]
    fn lists_and_maps_flattened_or_not() {
        let two = json!({ "AttributeNames": ["b", "a"] });
        check("AttributeName.1=b&AttributeName.2=a", &two);
        check("AttributeNames.member.1=b&AttributeNames.member.2=a", &two);
        check(
            "AttributeName.2=a&AttributeName.10=z&AttributeName.1=b",
            &json!({ "AttributeNames": ["b", "a", "z"] }),
        );
        check("AttributeName=", &json!({ "AttributeNames": [] }));
        check("AttributeName=All", &json!({ "AttributeNames": ["All"] }));
        let delay = json!({ "Attributes": { "DelaySeconds": "5" } });
        check("Attribute.1.Name=DelaySeconds&Attribute.1.Value=5", &delay);
        check("Attribute.Name=DelaySeconds&Attribute.Value=5", &delay);
        check("Attributes.entry.1.Name=DelaySeconds&Attributes.entry.1.Value=5", &delay);
        check("Tag.1.Key=k&Tag.1.Value=", &json!({ "Tags": { "k": "" } }));
    }

    #[test]
    fn entries_of_batches() {
        check(
            "SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x\
             &SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n\
             &SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue=v\
             &SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String",
            &json!({ "Entries": [{
                "Id": "a", "MessageBody": "x",
                "MessageAttributes": { "n": { "StringValue": "v", "DataType": "String" } },
            }] }),
        );
    }

    #[test]
    fn nonsense_is_refused() {
        let long = (0..=MOST_PAIRS).map(|n| format!("A.{n}=x&")).collect::<String>();
        for form in ["DelaySeconds=soon", "A=%ff", "a.b.c.d.e.f.g.h.i=1", &long] {
            assert!(read(form.as_bytes()).is_err(), "{form}");
        }
    }
}
