//! Queues as they are to be made: attributes by SQS's names, dead-letter queues first.

use std::collections::BTreeMap;

use super::Queue;
use crate::language::{At, Item, Lasting, nearest};
use crate::problem::{Findings, TextRange};
use crate::written::init as written;

/// Attributes that the init file has fields of its own for, and which.
const SAID_OTHERWISE: [(&str, &str); 2] =
    [("FifoQueue", "a name that ends in `.fifo`"), ("RedrivePolicy", "`dead_letter`")];

/// The queues, and the dead-letter queues that nobody names, in an order in which they can be made.
pub(super) fn all(init: &written::Init, findings: &mut Findings) -> Vec<Queue> {
    let declared = &init.queues.value.0;
    let mut queues: BTreeMap<String, Queue> = BTreeMap::new();
    for (name, item) in declared.iter() {
        let queue = queue(name, item, findings);
        if let (Some((letters, _)), Some(written)) = (&queue.dead_letter, &item.at.value.dead_letter) {
            check_dead_letter(name, letters, written.range, findings);
            match &written.value.queue {
                Some(named) if !declared.declares(letters) => {
                    undefined(letters, named.range, declared.names(), findings);
                }
                Some(_) => {}
                None => {
                    let made = Queue { name: letters.clone(), attributes: kind(letters), ..Queue::default() };
                    queues.entry(letters.clone()).or_insert(made);
                }
            }
        }
        queues.insert(name.clone(), queue);
    }
    in_order(queues, init, findings)
}

fn queue(name: &str, item: &Item<written::Queue>, findings: &mut Findings) -> Queue {
    let written = &item.at.value;
    let mut attributes = kind(name);
    let mut set = |attribute: &str, value: Option<u64>| {
        attributes.extend(value.map(|value| (attribute.to_owned(), value.to_string())));
    };
    set("VisibilityTimeout", seconds(written.visibility.as_ref()));
    set("MessageRetentionPeriod", seconds(written.retention.as_ref()));
    set("DelaySeconds", seconds(written.delay.as_ref()));
    set("ReceiveMessageWaitTimeSeconds", seconds(written.wait.as_ref()));
    if let Some(content) = &written.content_based_deduplication {
        if !is_fifo(name) {
            let message =
                format!("queue `{name}` has `content_based_deduplication`, which only a FIFO queue has");
            findings.error(content.range, message).hint(format!("name it `{name}.fifo`, or remove the line"));
        }
        attributes.insert("ContentBasedDeduplication".to_owned(), content.value.to_string());
    }
    named(name, written, &mut attributes, findings);
    let tags = written.tags.value.iter().map(|(tag, item)| (tag.clone(), item.at.value.clone()));
    Queue { name: name.to_owned(), attributes, dead_letter: dead_letter(name, written), tags: tags.collect() }
}

/// Adds the attributes that are written by SQS's own names.
fn named(
    queue: &str,
    written: &written::Queue,
    attributes: &mut BTreeMap<String, String>,
    findings: &mut Findings,
) {
    for (attribute, item) in written.attributes.value.iter() {
        if let Some((_, instead)) = SAID_OTHERWISE.iter().find(|(name, _)| name == attribute) {
            let message = format!("`attributes` of queue `{queue}` cannot have `{attribute}`");
            findings.error(item.key, message).hint(format!("{instead} says it here"));
            continue;
        }
        if attributes.insert(attribute.clone(), item.at.value.clone()).is_some() {
            let message = format!("queue `{queue}` says `{attribute}` twice");
            findings.error(item.key, message).hint("keep either the field or the attribute");
        }
    }
}

fn dead_letter(queue: &str, written: &written::Queue) -> Option<(String, u32)> {
    let dead = &written.dead_letter.as_ref()?.value;
    let name = dead.queue.as_ref().map_or_else(|| letters_of(queue), |at| at.value.0.clone());
    Some((name, dead.tries.value.to()))
}

/// The dead-letter queue a queue gets that names none: the same as `taxiway up` makes.
fn letters_of(queue: &str) -> String {
    match queue.strip_suffix(".fifo") {
        Some(stem) => format!("{stem}-dlq.fifo"),
        None => format!("{queue}-dlq"),
    }
}

fn check_dead_letter(queue: &str, letters: &str, range: TextRange, findings: &mut Findings) {
    if queue == letters {
        let message = format!("queue `{queue}` is its own dead-letter queue");
        findings.error(range, message).hint("name another queue");
    } else if is_fifo(queue) != is_fifo(letters) {
        let kind = if is_fifo(queue) { "a FIFO queue" } else { "a standard queue" };
        let message = format!("the dead-letter queue of `{queue}` must be {kind} too, not `{letters}`");
        findings.error(range, message).hint("a FIFO queue's name ends in `.fifo`, and no other's does");
    }
}

fn undefined<'a>(
    letters: &str,
    range: TextRange,
    declared: impl Iterator<Item = &'a str>,
    findings: &mut Findings,
) {
    let hint = match nearest(letters, declared) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add it under `queues`: `{letters}: {{}}`"),
    };
    findings.error(range, format!("nothing defines the dead-letter queue `{letters}`")).hint(hint);
}

/// Puts every dead-letter queue before those that name it.
fn in_order(
    mut queues: BTreeMap<String, Queue>,
    init: &written::Init,
    findings: &mut Findings,
) -> Vec<Queue> {
    let mut ordered: Vec<Queue> = Vec::with_capacity(queues.len());
    while !queues.is_empty() {
        let waits = |queue: &Queue| {
            queue.dead_letter.as_ref().is_some_and(|(letters, _)| queues.contains_key(letters))
        };
        let ready: Vec<String> =
            queues.values().filter(|queue| !waits(queue)).map(|queue| queue.name.clone()).collect();
        if ready.is_empty() {
            circle(&queues, init, findings);
            break;
        }
        ordered.extend(ready.iter().filter_map(|name| queues.remove(name)));
    }
    ordered
}

fn circle(queues: &BTreeMap<String, Queue>, init: &written::Init, findings: &mut Findings) {
    let Some(name) = queues.keys().next() else { return };
    let Some((_, item)) = init.queues.value.0.iter().find(|(known, _)| *known == name) else { return };
    let message = format!("the dead letters of queue `{name}` come back to it");
    findings.error(item.key, message).hint("end the circle with a queue that has no `dead_letter`");
}

fn seconds<const MIN: u64, const MAX: u64>(at: Option<&At<Lasting<MIN, MAX>>>) -> Option<u64> {
    at.map(|at| at.value.0.as_secs())
}

fn kind(name: &str) -> BTreeMap<String, String> {
    let fifo = is_fifo(name).then(|| ("FifoQueue".to_owned(), "true".to_owned()));
    fifo.into_iter().collect()
}

fn is_fifo(name: &str) -> bool {
    name.ends_with(".fifo")
}
