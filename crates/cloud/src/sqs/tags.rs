//! Tags on queues.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::describe;
use super::error::SqsError;
use super::operations::Nothing;
use super::queue::Description;

/// Tags on one queue.
const MOST: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct TagInput {
    queue_url: String,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct UntagInput {
    queue_url: String,
    tag_keys: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ListInput {
    queue_url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListOutput {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
}

/// `TagQueue`: a tag that is there gets the new value.
pub(super) async fn add(sqs: &Sqs, input: TagInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let new = input.tags.filter(|tags| !tags.is_empty()).ok_or(SqsError::MissingParameter("Tags"))?;
    let name = queue.name.clone();
    let edit = move |now: Description| {
        let mut tags = (*now.tags).clone();
        tags.extend(new);
        check(&name, &tags)?;
        Ok(Description { tags: Arc::new(tags), ..now })
    };
    describe::rewrite(sqs, &queue, edit).await.map(|()| Nothing {})
}

/// `UntagQueue`: a tag that is not there is no error.
pub(super) async fn remove(sqs: &Sqs, input: UntagInput) -> Result<Nothing, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let keys = input.tag_keys.filter(|keys| !keys.is_empty()).ok_or_else(no_key)?;
    let edit = move |now: Description| {
        let mut tags = (*now.tags).clone();
        tags.retain(|key, _| !keys.contains(key));
        Ok(Description { tags: Arc::new(tags), ..now })
    };
    describe::rewrite(sqs, &queue, edit).await.map(|()| Nothing {})
}

/// `ListQueueTags`.
pub(super) fn list(sqs: &Sqs, input: &ListInput) -> Result<ListOutput, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    Ok(ListOutput { tags: (*queue.description().tags).clone() })
}

/// Checks a queue's tags: up to 50, keys of 1 to 128 characters that do not start with `aws:`, values of up to
/// 256 (SQS Developer Guide, "Amazon SQS cost allocation tags").
pub(super) fn check(queue: &str, tags: &BTreeMap<String, String>) -> Result<(), SqsError> {
    let refused = |reason: String| Err(SqsError::InvalidValue(reason));
    if tags.len() > MOST {
        return refused(format!("Too many tags added for queue {queue}."));
    }
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > 128 {
            return Err(no_key());
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return refused(format!("Tag key {key:?} is invalid: the prefix aws: is reserved."));
        }
        if value.chars().count() > 256 {
            return refused(format!(
                "The value of tag {key:?} is invalid: it is longer than 256 characters."
            ));
        }
    }
    Ok(())
}

fn no_key() -> SqsError {
    SqsError::InvalidValue("Tag keys must be between 1 and 128 characters in length.".to_owned())
}
