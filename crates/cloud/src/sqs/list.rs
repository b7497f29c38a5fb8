//! Finding queues: by name, by prefix, and by where their dead letters go.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Sqs;
use super::create::UrlOutput;
use super::error::SqsError;
use super::queue::Queue;

/// Queues in one answer.
const MOST: i64 = 1000;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct UrlInput {
    queue_name: String,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    owner: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ListInput {
    queue_name_prefix: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SourcesInput {
    queue_url: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    queue_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// The model spells this list with a small letter and requires it.
#[derive(Debug, Serialize)]
pub(super) struct SourcesOutput {
    #[serde(rename = "queueUrls")]
    queue_urls: Vec<String>,
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Names after the token's, at most so many, and the token for the rest.
struct Page {
    names: Vec<String>,
    next_token: Option<String>,
}

/// `GetQueueUrl`.
pub(super) fn url(sqs: &Sqs, input: &UrlInput, host: &str) -> Result<UrlOutput, SqsError> {
    if input.queue_name.is_empty() {
        return Err(SqsError::MissingParameter("QueueName"));
    }
    let own = input.owner.as_ref().is_none_or(|owner| **owner == *sqs.place().account);
    let queue = sqs.by_name(&input.queue_name).filter(|_| own).ok_or(SqsError::QueueDoesNotExist)?;
    Ok(UrlOutput { queue_url: sqs.place().url(host, &queue.name) })
}

/// `ListQueues`: a page only when `MaxResults` asks for one, else up to 1000 (API reference).
pub(super) fn queues(sqs: &Sqs, input: &ListInput, host: &str) -> Result<ListOutput, SqsError> {
    let prefix = input.queue_name_prefix.as_deref().unwrap_or_default();
    let mut queues = sqs.all();
    queues.retain(|queue| sqs.place().has(&queue.key) && queue.name.starts_with(prefix));
    let page = page(&queues, input.max_results, input.next_token.as_deref())?;
    Ok(ListOutput { queue_urls: urls(sqs, &page, host), next_token: page.next_token })
}

/// `ListDeadLetterSourceQueues`.
pub(super) fn sources(sqs: &Sqs, input: &SourcesInput, host: &str) -> Result<SourcesOutput, SqsError> {
    let queue = sqs.by_url(&input.queue_url)?;
    let page = page(&sqs.sources_of(&queue), input.max_results, input.next_token.as_deref())?;
    Ok(SourcesOutput { queue_urls: urls(sqs, &page, host), next_token: page.next_token })
}

fn urls(sqs: &Sqs, page: &Page, host: &str) -> Vec<String> {
    page.names.iter().map(|name| sqs.place().url(host, name)).collect()
}

/// `queues` are in order of name; a token is the last name of the page before.
fn page(queues: &[Arc<Queue>], most: Option<i64>, token: Option<&str>) -> Result<Page, SqsError> {
    let limit = most.filter(|most| !(1..=MOST).contains(most));
    if let Some(most) = limit {
        return Err(SqsError::InvalidParameter {
            name: "MaxResults",
            value: most.to_string(),
            reason: format!("MaxResults must be an integer between 1 and {MOST}."),
        });
    }
    let after = token.map(read_token).transpose()?;
    let size = usize::try_from(most.unwrap_or(MOST)).unwrap_or(usize::MAX);
    let mut rest = queues.iter().map(|queue| &queue.name).filter(|name| Some(*name) > after.as_ref());
    let names: Vec<String> = rest.by_ref().take(size).cloned().collect();
    let more = most.is_some() && rest.next().is_some();
    let next_token = names.last().filter(|_| more).map(|name| URL_SAFE_NO_PAD.encode(name));
    Ok(Page { names, next_token })
}

fn read_token(token: &str) -> Result<String, SqsError> {
    let name = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    name.ok_or_else(|| SqsError::InvalidValue("Invalid or expired next token.".to_owned()))
}
