//! One thing that happened, and the message that tells it ("Event message structure").

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Rule;
use crate::s3::{S3, dates};

/// What of a key is not written as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/');

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) enum Happened {
    Put,
    Post,
    Copy,
    CompleteMultipartUpload,
    Deleted,
    MarkerCreated,
    Tagged,
    Untagged,
    RestoreAsked,
    /// An archived object of this class can be read until then (milliseconds since 1970).
    Restored {
        until: i64,
        class: &'static str,
    },
}

/// To what it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::s3) struct Event {
    pub(in crate::s3) happened: Happened,
    pub(in crate::s3) key: String,
    /// Bytes; only of what was created.
    pub(in crate::s3) size: Option<u64>,
    pub(in crate::s3) etag: Option<String>,
    /// Only where the bucket keeps versions.
    pub(in crate::s3) version: Option<String>,
}

impl Happened {
    fn name(self) -> &'static str {
        match self {
            Self::Put => "ObjectCreated:Put",
            Self::Post => "ObjectCreated:Post",
            Self::Copy => "ObjectCreated:Copy",
            Self::CompleteMultipartUpload => "ObjectCreated:CompleteMultipartUpload",
            Self::Deleted => "ObjectRemoved:Delete",
            Self::MarkerCreated => "ObjectRemoved:DeleteMarkerCreated",
            Self::Tagged => "ObjectTagging:Put",
            Self::Untagged => "ObjectTagging:Delete",
            Self::RestoreAsked => "ObjectRestore:Post",
            Self::Restored { .. } => "ObjectRestore:Completed",
        }
    }
}

impl S3 {
    /// Tells the queues that want to hear of it. It has happened already: a queue that can't take it only misses it.
    pub(in crate::s3) async fn tell(&self, bucket: &str, id: &str, event: Event) {
        let config = self.config(bucket);
        for rule in config.notifications.iter().filter(|rule| rule.covers(event.happened.name(), &event.key))
        {
            let message = self.message(bucket, id, rule, &event).to_string();
            if let Err(error) = self.inner.sqs.deliver(&rule.queue, message).await {
                tracing::warn!(bucket, queue = rule.queue, %error, "a queue was not told of an event");
            }
        }
    }

    fn message(&self, bucket: &str, id: &str, rule: &Rule, event: &Event) -> Value {
        let mut record = self.record(bucket, id, rule, event);
        if let (Happened::Restored { until, class }, Some(fields)) = (event.happened, record.as_object_mut())
        {
            let restored = json!({ "restoreEventData": {
                "lifecycleRestorationExpiryTime": dates::iso(until),
                "lifecycleRestoreStorageClass": class,
            } });
            fields.insert("glacierEventData".to_owned(), restored);
        }
        json!({ "Records": [record] })
    }

    fn record(&self, bucket: &str, id: &str, rule: &Rule, event: &Event) -> Value {
        let key = utf8_percent_encode(&event.key, ENCODED).to_string().replace("%20", "+");
        let tags = matches!(event.happened, Happened::Tagged | Happened::Untagged);
        let mut object = json!({ "key": key });
        if let Some(fields) = object.as_object_mut() {
            let sequencer = (!tags).then(|| json!(format!("{:018X}", dates::now())));
            fields.extend(sequencer.map(|sequencer| ("sequencer".to_owned(), sequencer)));
            fields.extend(event.size.map(|size| ("size".to_owned(), json!(size))));
            fields.extend(event.etag.as_ref().map(|etag| ("eTag".to_owned(), json!(etag))));
            fields.extend(event.version.as_ref().map(|version| ("versionId".to_owned(), json!(version))));
        }
        let owner = json!({ "principalId": self.inner.owner });
        json!({
            "eventVersion": if tags { "2.3" } else { "2.1" },
            "eventSource": "aws:s3",
            "awsRegion": self.inner.region,
            "eventTime": dates::iso(dates::now()),
            "eventName": event.happened.name(),
            "userIdentity": { "principalId": format!("AWS:{}", self.inner.account_id) },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": { "x-amz-request-id": id, "x-amz-id-2": id },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": rule.id,
                "bucket": { "name": bucket, "ownerIdentity": owner, "arn": format!("arn:aws:s3:::{bucket}") },
                "object": object,
            },
        })
    }
}
