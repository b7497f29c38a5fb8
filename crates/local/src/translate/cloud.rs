//! Resources as what the cloud is asked to have.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cloud::init::{self, Contents};
use cloud::{Data, Durability, Reset, Settings};
use model::System;
use model::system::{Bucket, Queue, Resource, ResourceKind, Span};

use super::names;
use crate::databases::{Source, Sources, may_be_in_cloud};

/// What objects' ages are counted in.
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// The cloud's settings; its data stays in `folder` from run to run.
pub(crate) fn settings(system: &System, folder: PathBuf, reset: Reset) -> Settings {
    Settings {
        data: Data::Directory(folder),
        durability: Durability::ProcessCrash,
        region: system.aws.region.clone(),
        account_id: names::ACCOUNT.to_owned(),
        reset,
        ..Settings::default()
    }
}

/// Whether the system has anything that the local cloud holds.
pub(crate) fn is_needed(system: &System, databases: &Sources) -> bool {
    system.resources.values().any(|resource| is_in_cloud(resource, databases))
}

/// Whether the local cloud holds it.
pub(crate) fn is_in_cloud(resource: &Resource, databases: &Sources) -> bool {
    let is_elsewhere = matches!(databases.get(&resource.name), Some(Source::Given(_) | Source::Program(_)));
    may_be_in_cloud(resource) && !is_elsewhere
}

/// How many of the system's resources the local cloud holds, or would if there were no database anywhere else.
pub fn embedded_resources(system: &System) -> usize {
    system.resources.values().filter(|resource| may_be_in_cloud(resource)).count()
}

/// What the cloud is to have for a queue or a bucket that is called `name` there; of parameters and secrets, whose values
/// are not all in the manifest, nothing.
pub(crate) fn contents(name: &str, resource: &Resource) -> Contents {
    match &resource.kind {
        ResourceKind::Queue(queue) => Contents { queues: queues(name, queue), ..Contents::default() },
        ResourceKind::Bucket(wanted) => {
            Contents { buckets: vec![bucket(name, wanted)], ..Contents::default() }
        }
        _ => Contents::default(),
    }
}

/// The queues behind one queue of the manifest, in the order they must be made: the dead-letter queue first.
fn queues(name: &str, queue: &Queue) -> Vec<init::Queue> {
    let of = |name: String, retention: Span| init::Queue {
        name,
        attributes: attributes(queue, retention),
        dead_letter: None,
        tags: BTreeMap::new(),
    };
    let mut main = of(name.to_owned(), queue.retention);
    let Some(dead) = queue.dead_letter else { return vec![main] };
    let letters = of(names::dead_letter(name), dead.retention);
    main.dead_letter = Some((letters.name.clone(), dead.tries));
    vec![letters, main]
}

/// Every attribute that the manifest decides, so that what is no longer written there goes, too.
fn attributes(queue: &Queue, retention: Span) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::from([
        ("MessageRetentionPeriod", retention.as_secs().to_string()),
        ("VisibilityTimeout", queue.visibility.as_secs().to_string()),
        ("DelaySeconds", queue.delay.as_secs().to_string()),
        ("ReceiveMessageWaitTimeSeconds", queue.wait.as_secs().to_string()),
        // Unset, where no dead-letter queue is named.
        ("RedrivePolicy", String::new()),
    ]);
    if queue.fifo {
        attributes.insert("FifoQueue", "true".to_owned());
        // A sender that names its duplicates is understood either way; one that does not needs the body's digest.
        attributes.insert("ContentBasedDeduplication", "true".to_owned());
    }
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn bucket(name: &str, bucket: &Bucket) -> init::Bucket {
    // The manifest's are whole days, and few enough.
    let days = |expire: Span| u32::try_from(expire.as_secs() / DAY_SECONDS).unwrap_or(u32::MAX);
    init::Bucket { name: name.to_owned(), versioning: bucket.versioned, expire_days: bucket.expire.map(days) }
}
