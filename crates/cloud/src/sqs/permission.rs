//! Permissions, which are statements in the queue's policy. They are kept, and read by nobody here: any
//! signature is accepted.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Sqs;
use super::attributes::Attributes;
use super::describe;
use super::error::SqsError;
use super::operations::Nothing;
use super::queue::{Description, Queue};
use crate::coverage;

/// Actions in one statement.
const MOST_ACTIONS: usize = 7;

/// What may be given to others (API reference, AddPermission).
const ACTIONS: [&str; 7] = [
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ReceiveMessage",
    "SendMessage",
];

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct AddInput {
    queue_url: String,
    label: String,
    #[serde(rename = "AWSAccountIds")]
    account_ids: Vec<String>,
    actions: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct RemoveInput {
    queue_url: String,
    label: String,
}

/// `AddPermission`.
pub(super) async fn add(sqs: &Sqs, input: AddInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    check(&input)?;
    edit(sqs, &queue, move |statements, arn| {
        if position(statements, &input.label).is_some() {
            return Err(refused("Label", &input.label, "Already exists."));
        }
        statements.push(statement(&input, arn));
        Ok(())
    })
    .await
}

/// `RemovePermission`.
pub(super) async fn remove(sqs: &Sqs, input: RemoveInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    edit(sqs, &queue, move |statements, _| {
        let reason =
            if statements.is_empty() { "can't find label." } else { "can't find label on existing policy." };
        let missing = || refused("Label", &input.label, reason);
        let at = position(statements, &input.label).ok_or_else(missing)?;
        statements.remove(at);
        Ok(())
    })
    .await
}

async fn edit<F>(sqs: &Sqs, queue: &std::sync::Arc<Queue>, change: F) -> Result<Nothing, SqsError>
where
    F: FnOnce(&mut Vec<Value>, &str) -> Result<(), SqsError> + Send + 'static,
{
    let place = sqs.place().clone();
    let arn = queue.arn.clone();
    let edit = move |now: Description| {
        let policy = with_statements(&now.attributes, &arn, change)?;
        let attributes = now.attributes.with(BTreeMap::from([("Policy".to_owned(), policy)]), &place)?;
        Ok(Description { attributes: std::sync::Arc::new(attributes), ..now })
    };
    describe::rewrite(sqs, queue, edit).await.map(|()| Nothing {})
}

/// The policy with its statements changed; empty when none is left, which unsets it.
fn with_statements(
    attributes: &Attributes,
    arn: &str,
    change: impl FnOnce(&mut Vec<Value>, &str) -> Result<(), SqsError>,
) -> Result<String, SqsError> {
    let stored = attributes.set.get("Policy").and_then(|text| serde_json::from_str(text).ok());
    let mut policy: Value = stored.unwrap_or_else(
        || json!({ "Version": "2008-10-17", "Id": format!("{arn}/SQSDefaultPolicy"), "Statement": [] }),
    );
    let mut statements = match policy.get("Statement").cloned() {
        Some(Value::Array(statements)) => statements,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    change(&mut statements, arn)?;
    if statements.is_empty() {
        return Ok(String::new());
    }
    if let Some(policy) = policy.as_object_mut() {
        policy.insert("Statement".to_owned(), Value::Array(statements));
    }
    Ok(policy.to_string())
}

fn statement(input: &AddInput, arn: &str) -> Value {
    let principals: Vec<String> =
        input.account_ids.iter().map(|account| format!("arn:aws:iam::{account}:root")).collect();
    let actions: Vec<String> = input.actions.iter().map(|action| format!("SQS:{action}")).collect();
    json!({
        "Sid": input.label,
        "Effect": "Allow",
        "Principal": { "AWS": one_or_many(principals) },
        "Action": one_or_many(actions),
        "Resource": arn,
    })
}

fn one_or_many(mut values: Vec<String>) -> Value {
    if values.len() == 1 { values.pop().map_or(Value::Null, Value::String) } else { Value::from(values) }
}

fn position(statements: &[Value], label: &str) -> Option<usize> {
    statements.iter().position(|statement| statement.get("Sid").and_then(Value::as_str) == Some(label))
}

fn check(input: &AddInput) -> Result<(), SqsError> {
    let label_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if input.label.is_empty() {
        return Err(SqsError::MissingParameter("Label"));
    }
    if input.label.len() > 80 || !input.label.bytes().all(label_allowed) {
        let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
        return Err(refused("Label", &input.label, reason));
    }
    if input.account_ids.is_empty() {
        return Err(refused("PrincipalId", "[]", "Unable to verify."));
    }
    if input.actions.is_empty() {
        return Err(SqsError::MissingParameter("Actions"));
    }
    if input.actions.len() > MOST_ACTIONS {
        let found = input.actions.len();
        return Err(SqsError::OverLimit(format!(
            "{found} Actions were found, maximum allowed is {MOST_ACTIONS}."
        )));
    }
    match input.actions.iter().find(|action| !ACTIONS.contains(&action.as_str())) {
        Some(action) => {
            let reason = if coverage::has("sqs", action) {
                "Only the queue owner is allowed to invoke this action."
            } else {
                "Please refer to the appropriate WSDL for a list of valid actions. "
            };
            Err(refused("ActionName", &format!("SQS:{action}"), reason))
        }
        None => Ok(()),
    }
}

fn refused(name: &'static str, value: &str, reason: &str) -> SqsError {
    SqsError::InvalidParameter { name, value: value.to_owned(), reason: reason.to_owned() }
}
