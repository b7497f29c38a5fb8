//! The operations of SQS.

use super::{Service, full};

pub(super) const SERVICE: Service = Service {
    id: "sqs",
    title: "SQS",
    about: "Standard and FIFO queues, over the JSON protocol and the Query protocol of earlier SDKs. Nobody is made to \
            wait 60 seconds after a purge or after the deletion of a queue of the same name.",
    operations: &[
        full("AddPermission"),
        full("CancelMessageMoveTask"),
        full("ChangeMessageVisibility"),
        full("ChangeMessageVisibilityBatch"),
        full("CreateQueue"),
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
