//! Requests of the Query protocol, read by the table of their operation: `Tags.member.1.Key=team`.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{Code, Result};
use crate::json::shape::{Member, Operation, Shape};

/// Members of a request at most: more than any operation has.
const MEMBERS_MAX: usize = 512;

/// The members a form has, each of the kind the table has for it.
pub(super) fn read(operation: &Operation, body: &[u8]) -> Result<Value> {
    let pairs: BTreeMap<String, String> = body
        .split(|byte| *byte == b'&')
        .take(MEMBERS_MAX)
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) =
                pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
            (decoded(name), decoded(value.get(1..).unwrap_or_default()))
        })
        .collect();
    Ok(structure(operation.members, "", &pairs).unwrap_or_else(|| Value::Object(Map::new())))
}

/// The members of a checked request.
pub(super) fn parsed<T: DeserializeOwned>(checked: Value) -> Result<T> {
    serde_json::from_value(checked).map_err(|_| {
        Code::ValidationError.saying("A member of the request is not of the kind the API has for it.")
    })
}

fn structure(members: &[Member], prefix: &str, pairs: &BTreeMap<String, String>) -> Option<Value> {
    let found = members.iter().filter_map(|member| {
        let place =
            if prefix.is_empty() { member.name.to_owned() } else { format!("{prefix}.{}", member.name) };
        Some((member.name.to_owned(), value(member.shape, &place, pairs)?))
    });
    let found: Map<String, Value> = found.collect();
    (!found.is_empty()).then_some(Value::Object(found))
}

fn value(shape: &Shape, place: &str, pairs: &BTreeMap<String, String>) -> Option<Value> {
    match shape {
        Shape::Structure(members) => structure(members, place, pairs),
        Shape::List { of, .. } => {
            let entries: Vec<Value> =
                (1..).map_while(|number| value(of, &format!("{place}.member.{number}"), pairs)).collect();
            (!entries.is_empty()).then_some(Value::Array(entries))
        }
        Shape::Whole { .. } => {
            let text = pairs.get(place)?;
            Some(text.parse::<i64>().map_or_else(|_| Value::from(text.as_str()), Value::from))
        }
        _ => pairs.get(place).map(|text| Value::from(text.as_str())),
    }
}

fn decoded(text: &[u8]) -> String {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}
