//! The operations of SQS.

use super::{Service, full, partial};

pub(super) const SERVICE: Service = Service {
    id: "sqs",
    title: "SQS",
    about: "Standard queues.",
    operations: &[
        full("AddPermission"),
        full("CancelMessageMoveTask"),
        full("ChangeMessageVisibility"),
        full("ChangeMessageVisibilityBatch"),
        partial("CreateQueue", "FIFO queues are refused."),
        full("DeleteMessage"),
        full("DeleteMessageBatch"),
        full("DeleteQueue"),
        full("GetQueueAttributes"),
        full("GetQueueUrl"),
        full("ListDeadLetterSourceQueues"),
        full("ListMessageMoveTasks"),
        full("ListQueueTags"),
        full("ListQueues"),
        full("PurgeQueue"),
        full("ReceiveMessage"),
        full("RemovePermission"),
        full("SendMessage"),
        full("SendMessageBatch"),
        full("SetQueueAttributes"),
        full("StartMessageMoveTask"),
        full("TagQueue"),
        full("UntagQueue"),
    ],
};
