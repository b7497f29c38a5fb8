//! Plans as terraform shows them, and what is read from them.

use serde_json::{Value, json};

use super::{Counts, Plan};

fn resource(address: &str, actions: &[&str], change: Value) -> Value {
    let mut change = change;
    change["actions"] = json!(actions);
    json!({ "address": address, "mode": "managed", "type": address.split('.').next(), "change": change })
}

fn plan(resources: &[Value]) -> Plan {
    Plan::read(&json!({ "resource_changes": resources }))
}

#[test]
fn counts_as_terraform_does() {
    let plan = plan(&[
        resource("aws_sqs_queue.a", &["create"], json!({})),
        resource("aws_sqs_queue.b", &["update"], json!({})),
        resource("aws_sqs_queue.c", &["delete", "create"], json!({})),
        resource("aws_s3_bucket.d", &["delete"], json!({})),
        resource("aws_s3_bucket.e", &["no-op"], json!({})),
    ]);
    assert_eq!(plan.counts(), Counts { add: 2, change: 1, destroy: 2 });
    assert_eq!(plan.resources, 4, "what goes is not there afterwards");
    assert_eq!(plan.types.get("aws_sqs_queue"), Some(&3));
    assert!(!plan.is_empty());
}

#[test]
fn a_data_source_and_what_stays_are_no_change() {
    let mut read = resource("data.aws_region.this", &["read"], json!({}));
    read["mode"] = json!("data");
    let plan = plan(&[read, resource("aws_vpc.this", &["no-op"], json!({}))]);
    assert!(plan.is_empty());
    assert_eq!(plan.resources, 1);
}

#[test]
fn an_output_that_changes_is_a_change() {
    let shown =
        json!({ "output_changes": { "a": { "actions": ["update"] }, "b": { "actions": ["no-op"] } } });
    let plan = Plan::read(&shown);
    assert!(!plan.is_empty());
    assert_eq!(plan.lines(), ["~ output.a"]);
}

#[test]
fn names_the_attributes_that_change_and_no_other() {
    let change = json!({
        "before": { "name": "a", "rule": [{ "days": 30, "id": "x" }], "arn": "arn:a" },
        "after": { "name": "a", "rule": [{ "days": 31, "id": "x" }] },
        "after_unknown": { "arn": true, "rule": [{}] },
    });
    let plan = plan(&[resource("aws_s3_bucket.a", &["update"], change)]);
    assert_eq!(
        plan.lines(),
        [
            "~ aws_s3_bucket.a: arn: \"arn:a\" → (known after apply)",
            "~ aws_s3_bucket.a: rule[0].days: 30 → 31",
        ]
    );
}

#[test]
fn shows_no_secret_and_no_endless_value() {
    let change = json!({
        "before": { "password": "old", "policy": "a".repeat(500) },
        "after": { "password": "new", "policy": "b".repeat(500) },
        "before_sensitive": { "password": true },
        "after_sensitive": { "password": true },
    });
    let lines = plan(&[resource("aws_db_instance.a", &["update"], change)]).lines();
    assert_eq!(
        lines.first().map(String::as_str),
        Some("~ aws_db_instance.a: password: (sensitive) → (sensitive)")
    );
    assert!(lines.iter().all(|line| line.chars().count() < 400), "{lines:?}");
}

#[test]
fn a_policy_shows_the_lines_that_differ() {
    let policy =
        |action: &str| json!({ "Statement": [{ "Action": ["sqs:GetQueueUrl", action] }] }).to_string();
    let change = json!({
        "before": { "policy": policy("sqs:SendMessage"), "other": "{\"a\":1}" },
        "after": { "policy": policy("sqs:ReceiveMessage"), "other": "{ \"a\": 1 }" },
    });
    assert_eq!(
        plan(&[resource("aws_iam_policy.a", &["update"], change)]).lines(),
        [
            "~ aws_iam_policy.a: other:\n    only spaces and the order of keys differ",
            "~ aws_iam_policy.a: policy:\n    - \"sqs:SendMessage\"\n    + \"sqs:ReceiveMessage\"",
        ]
    );
}

#[test]
fn what_is_not_a_plan_is_empty() {
    assert_eq!(Plan::read(&json!(null)), Plan::default());
    assert_eq!(Plan::read(&json!({ "resource_changes": [1, {}, { "mode": "managed" }] })), Plan::default());
}

#[test]
fn drift_is_named() {
    let plan = Plan::read(&json!({ "resource_drift": [{ "address": "aws_vpc.this" }] }));
    assert!(plan.drift.contains("aws_vpc.this"));
    assert!(plan.is_empty(), "what nothing follows from is no change");
}
