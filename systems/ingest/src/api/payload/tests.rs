//! Every body in `original.jsonl` beside what FastAPI 0.110 with pydantic 1.10 answers to it, where the models declare
//! `email_timestream: Union[int, str]`, the other fields `str`, `token: Optional[str]`, and the token is `t`.

use serde_json::Value as Json;

use super::*;
use crate::message::{Email, compose};
use crate::timestamp::Timestamp;

const ORIGINAL: &str = include_str!("original.jsonl");

/// Parts of bodies whose answer differs on purpose, and the status they get here.
const DIFFERENT: [(&str, u16); 4] = [
    // Bytes that are no UTF-8 but that Python reads as UTF-16, or as a surrogate.
    ("fffe", 400),
    ("22eda08022", 400),
    // Digits of other scripts.
    ("\"٣\"", 400),
    // No date before the year 10000.
    ("253402300800", 400),
];

/// Status and JSON text, or the message.
fn answer(content_type: &str, body: &[u8]) -> (u16, String) {
    let body = JsonBody::of(content_type.parse().ok(), body.to_vec().into());
    let payload = match read(&body) {
        Ok(payload) => payload,
        Err(error) => return (error.status().as_u16(), String::from_utf8(error.body().to_vec()).unwrap()),
    };
    let Payload { data: Data { subject, sender, content, timestream }, token } = payload;
    match (token.filter(|token| !token.is("")), Timestamp::of(&timestream)) {
        (None, _) => (401, String::new()),
        (Some(token), _) if !token.is("t") => (403, String::new()),
        (_, None) => (400, String::new()),
        (_, Some(timestamp)) => (200, compose(&Email { subject, sender, timestamp, content }, "")),
    }
}

#[test]
fn answers_are_those_of_the_original() {
    for line in ORIGINAL.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let content_type = case["content_type"].as_str().unwrap();
        let written = case["body"].as_str().or(case["hex"].as_str()).unwrap();
        let body = if case["hex"].is_string() { bytes(written) } else { written.as_bytes().to_vec() };
        let (status, text) = answer(content_type, &body);
        let different = DIFFERENT.iter().find(|(part, _)| written.contains(part)).map(|(_, status)| *status);
        // A number below zero is no timestamp here; the original left that to the worker.
        let negative =
            ["\"email_timestream\":-1", "\"email_timestream\":\"-5\"", "1e20", "99999999999999999999"];
        let different =
            different.or_else(|| negative.iter().any(|part| written.contains(part)).then_some(400));
        assert_eq!(
            u64::from(status),
            different.map_or(case["status"].as_u64().unwrap(), u64::from),
            "{line}"
        );
        match status {
            200 => assert_eq!(without_arrival(&text), accepted(case["answer"].as_str().unwrap()), "{line}"),
            422 => assert_eq!(text, case["answer"].as_str().unwrap(), "{line}"),
            _ => {}
        }
    }
}

#[test]
fn too_deep_or_too_long_is_refused_without_harm() {
    for body in ["[".repeat(500_000), "{\"a\":".repeat(100_000), "9".repeat(4301)] {
        assert_eq!(answer("application/json", body.as_bytes()).0, 400);
    }
    let deep = format!("{}{}", "[".repeat(900), "]".repeat(900));
    assert_eq!(answer("application/json", deep.as_bytes()).0, 422);
}

fn fields(message: &str) -> Vec<(Text, Value)> {
    match kit::json::read(message.as_bytes()).unwrap() {
        Value::Object(entries) => entries,
        other => panic!("{other:?}"),
    }
}

fn accepted(answer: &str) -> Vec<(Text, Value)> {
    let answer: Json = serde_json::from_str(answer).unwrap();
    fields(answer["accepted"].as_str().unwrap())
}

fn without_arrival(message: &str) -> Vec<(Text, Value)> {
    let mut entries = fields(message);
    entries.pop();
    entries
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap()).collect()
}
