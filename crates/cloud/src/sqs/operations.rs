//! Every operation by name. A protocol only reads inputs and writes outputs.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::SqsError;
use super::{
    Sqs, create, delete, describe, list, move_task, permission, purge, receive, send, tags, visibility,
};
use crate::call::Call;

/// How inputs and outputs are on the wire.
pub(super) trait Protocol {
    /// An operation's input.
    fn read<I: DeserializeOwned>(&self, body: &[u8]) -> Result<I, SqsError>;
    /// An operation's output.
    fn write<O: Serialize>(&self, operation: &str, output: &O) -> Result<Vec<u8>, SqsError>;
}

/// The output of an operation that has nothing to say.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

/// Does what the call asks for.
pub(super) async fn perform<P: Protocol>(sqs: &Sqs, protocol: &P, call: &Call) -> Result<Vec<u8>, SqsError> {
    match call.operation.as_str() {
        "SendMessage" => {
            protocol.write("SendMessage", &send::one(sqs, protocol.read(&call.body)?, call).await?)
        }
        "ReceiveMessage" => {
            protocol.write("ReceiveMessage", &receive::receive(sqs, protocol.read(&call.body)?, call).await?)
        }
        "DeleteMessage" => {
            protocol.write("DeleteMessage", &delete::one(sqs, protocol.read(&call.body)?).await?)
        }
        operation if operation.ends_with("Batch") => batch(sqs, protocol, call).await,
        operation if operation.contains("MoveTask") => move_tasks(sqs, protocol, call).await,
        "AddPermission" | "RemovePermission" | "TagQueue" | "UntagQueue" | "ListQueueTags" => {
            notes(sqs, protocol, call).await
        }
        _ => manage(sqs, protocol, call).await,
    }
}

async fn batch<P: Protocol>(sqs: &Sqs, protocol: &P, call: &Call) -> Result<Vec<u8>, SqsError> {
    let operation = call.operation.as_str();
    match operation {
        "SendMessageBatch" => {
            protocol.write(operation, &send::batch(sqs, protocol.read(&call.body)?, call).await?)
        }
        "DeleteMessageBatch" => {
            protocol.write(operation, &delete::batch(sqs, protocol.read(&call.body)?).await?)
        }
        "ChangeMessageVisibilityBatch" => {
            protocol.write(operation, &visibility::batch(sqs, protocol.read(&call.body)?).await?)
        }
        _ => Err(SqsError::UnknownOperation(operation.to_owned())),
    }
}

async fn move_tasks<P: Protocol>(sqs: &Sqs, protocol: &P, call: &Call) -> Result<Vec<u8>, SqsError> {
    let operation = call.operation.as_str();
    match operation {
        "StartMessageMoveTask" => {
            protocol.write(operation, &move_task::start(sqs, protocol.read(&call.body)?).await?)
        }
        "ListMessageMoveTasks" => {
            protocol.write(operation, &move_task::list(sqs, protocol.read(&call.body)?).await?)
        }
        "CancelMessageMoveTask" => {
            protocol.write(operation, &move_task::cancel(sqs, protocol.read(&call.body)?).await?)
        }
        _ => Err(SqsError::UnknownOperation(operation.to_owned())),
    }
}

async fn notes<P: Protocol>(sqs: &Sqs, protocol: &P, call: &Call) -> Result<Vec<u8>, SqsError> {
    let operation = call.operation.as_str();
    match operation {
        "AddPermission" => {
            protocol.write(operation, &permission::add(sqs, protocol.read(&call.body)?).await?)
        }
        "RemovePermission" => {
            protocol.write(operation, &permission::remove(sqs, protocol.read(&call.body)?).await?)
        }
        "TagQueue" => protocol.write(operation, &tags::add(sqs, protocol.read(&call.body)?).await?),
        "UntagQueue" => protocol.write(operation, &tags::remove(sqs, protocol.read(&call.body)?).await?),
        "ListQueueTags" => protocol.write(operation, &tags::list(sqs, &protocol.read(&call.body)?)?),
        _ => Err(SqsError::UnknownOperation(operation.to_owned())),
    }
}

async fn manage<P: Protocol>(sqs: &Sqs, protocol: &P, call: &Call) -> Result<Vec<u8>, SqsError> {
    let operation = call.operation.as_str();
    let host = call.host.as_str();
    match operation {
        "CreateQueue" => {
            protocol.write(operation, &create::create(sqs, protocol.read(&call.body)?, host).await?)
        }
        "DeleteQueue" => {
            protocol.write(operation, &purge::delete_queue(sqs, protocol.read(&call.body)?).await?)
        }
        "PurgeQueue" => protocol.write(operation, &purge::purge(sqs, protocol.read(&call.body)?).await?),
        "GetQueueUrl" => protocol.write(operation, &list::url(sqs, &protocol.read(&call.body)?, host)?),
        "ListQueues" => protocol.write(operation, &list::queues(sqs, &protocol.read(&call.body)?, host)?),
        "ListDeadLetterSourceQueues" => {
            protocol.write(operation, &list::sources(sqs, &protocol.read(&call.body)?, host)?)
        }
        "GetQueueAttributes" => protocol.write(operation, &describe::get(sqs, &protocol.read(&call.body)?)?),
        "SetQueueAttributes" => {
            protocol.write(operation, &describe::set(sqs, protocol.read(&call.body)?).await?)
        }
        "ChangeMessageVisibility" => {
            protocol.write(operation, &visibility::one(sqs, protocol.read(&call.body)?).await?)
        }
        _ => Err(SqsError::UnknownOperation(operation.to_owned())),
    }
}
