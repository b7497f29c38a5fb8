//! Event notifications: which queue hears of what, and what it hears.
//!
//! "Amazon S3 Event Notifications" in the Amazon S3 User Guide. Queues of this cloud are told; topics, functions and
//! EventBridge are only kept, because there are none here.

use uuid::Uuid;

use super::S3;
use super::documents::Kind;
use super::documents::shape::Node;
use super::error::{Error, Result};
use super::request::Request;

mod event;

pub(super) use self::event::{Event, Happened};

/// Events a configuration may name.
const EVENTS: [&str; 27] = [
    "s3:ReducedRedundancyLostObject",
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Post",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:Replication:*",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationReplicatedAfterThreshold",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:Put",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Put",
    "s3:ObjectTagging:Delete",
];

/// Who is told: the element of a configuration, the one that names it, and the service that is in its ARN.
const DESTINATIONS: [(&str, &str, &str); 3] = [
    ("QueueConfiguration", "Queue", "sqs"),
    ("TopicConfiguration", "Topic", "sns"),
    ("CloudFunctionConfiguration", "CloudFunction", "lambda"),
];

/// A queue, and what it hears of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rule {
    id: String,
    /// The queue's ARN.
    queue: String,
    events: Vec<String>,
    prefix: String,
    suffix: String,
}

/// Checks a configuration and gives an id to each part without one.
pub(super) fn complete(node: &mut Node) -> Result<()> {
    for part in &mut node.children {
        let Some((_, target, service)) = DESTINATIONS.iter().find(|(name, ..)| *name == part.name) else {
            continue;
        };
        if part.get("Id").is_none_or(str::is_empty) {
            part.children.retain(|child| child.name != "Id");
            part.children.insert(0, Node::with_text("Id", &Uuid::new_v4().to_string()));
        }
        let unknown = part.all("Event").find(|event| !EVENTS.contains(&event.text.as_str()));
        if let Some(event) = unknown {
            return Err(Error::argument(
                "Event",
                &event.text,
                "The event is not supported for notifications",
            ));
        }
        check_arn(target, part.get(target).unwrap_or_default(), service)?;
        check_filter(part)?;
    }
    Ok(())
}

/// The queues of a document.
pub(super) fn rules(node: &Node) -> Vec<Rule> {
    node.all("QueueConfiguration").map(Rule::of).collect()
}

impl Rule {
    fn of(node: &Node) -> Self {
        let filter = |wanted: &str| {
            let rules = node.child("Filter").and_then(|filter| filter.child("S3Key"));
            let named = |rule: &&Node| rule.get("Name").is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            let found = rules.and_then(|rules| rules.children.iter().find(named));
            found.and_then(|rule| rule.get("Value")).unwrap_or_default().to_owned()
        };
        Self {
            id: node.get("Id").unwrap_or_default().to_owned(),
            queue: node.get("Queue").unwrap_or_default().to_owned(),
            events: node.all("Event").map(|event| event.text.clone()).collect(),
            prefix: filter("prefix"),
            suffix: filter("suffix"),
        }
    }

    /// Whether the queue hears of this: `s3:ObjectCreated:*` covers `ObjectCreated:Put`.
    fn covers(&self, event: &str, key: &str) -> bool {
        let named = |pattern: &String| {
            let pattern = pattern.strip_prefix("s3:").unwrap_or(pattern);
            pattern == event || pattern.strip_suffix('*').is_some_and(|group| event.starts_with(group))
        };
        key.starts_with(&self.prefix) && key.ends_with(&self.suffix) && self.events.iter().any(named)
    }
}

impl S3 {
    /// Refuses to tell a queue that is not there.
    pub(super) fn check_destinations(&self, kind: Kind, node: &Node, request: &Request) -> Result<()> {
        let skipped = request
            .header("x-amz-skip-destination-validation")
            .is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if kind != Kind::Notification || skipped {
            return Ok(());
        }
        for queue in node.all("QueueConfiguration").filter_map(|part| part.get("Queue")) {
            if !self.inner.sqs.has_queue(queue) {
                let message = "Unable to validate the following destination configurations";
                return Err(Error::argument(queue, "The destination queue does not exist", message));
            }
        }
        Ok(())
    }
}

fn check_arn(target: &str, arn: &str, service: &str) -> Result<()> {
    let message = match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, found, _, _, _, ..] if *found == service => return Ok(()),
        ["arn", _, _, _, _, _, ..] => "The ARN is not well formed",
        _ => "The ARN could not be parsed",
    };
    Err(Error::argument(target, arn, message))
}

fn check_filter(part: &Node) -> Result<()> {
    let Some(rules) = part.child("Filter").and_then(|filter| filter.child("S3Key")) else { return Ok(()) };
    let mut seen = Vec::new();
    for rule in &rules.children {
        let name = rule.get("Name").unwrap_or_default().to_ascii_lowercase();
        if !["prefix", "suffix"].contains(&name.as_str()) {
            let message = "filter rule name must be either prefix or suffix";
            return Err(Error::argument("FilterRule.Name", &name, message));
        }
        if seen.contains(&name) {
            let message = format!("Cannot specify more than one {name} rule in a filter.");
            return Err(Error::argument("FilterRule.Name", &name, message));
        }
        seen.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::documents;

    fn read(content: &str) -> Result<Node> {
        let text = format!("<NotificationConfiguration>{content}</NotificationConfiguration>");
        let mut node = documents::read(Kind::Notification, text.as_bytes())?;
        complete(&mut node)?;
        Ok(node)
    }

    fn queue(more: &str) -> String {
        format!(
            "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue>{more}</QueueConfiguration>"
        )
    }

    #[test]
    fn a_rule_covers_its_events_and_keys() {
        let filter = "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>a/</Value></FilterRule><FilterRule>\
                      <Name>Suffix</Name><Value>.png</Value></FilterRule></S3Key></Filter>";
        let node = read(&queue(&format!("<Event>s3:ObjectCreated:*</Event>{filter}"))).unwrap();
        let rule = rules(&node).remove(0);
        assert_eq!(rule.id.len(), 36);
        assert!(rule.covers("ObjectCreated:Put", "a/b.png"));
        assert!(!rule.covers("ObjectRemoved:Delete", "a/b.png"));
        assert!(!rule.covers("ObjectCreated:Put", "b/b.png"));
        assert!(!rule.covers("ObjectCreated:Put", "a/b.jpg"));
    }

    #[test]
    fn nonsense_is_refused() {
        for content in [
            queue(""),
            queue("<Event>s3:Everything</Event>"),
            "<QueueConfiguration><Queue>q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>"
                .to_owned(),
            "<TopicConfiguration><Topic>arn:aws:sqs:us-east-1:000000000000:q</Topic><Event>s3:ObjectCreated:*\
             </Event></TopicConfiguration>"
                .to_owned(),
            queue(
                "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>infix</Name><Value>a</Value>\
                 </FilterRule></S3Key></Filter>",
            ),
        ] {
            assert!(read(&content).is_err(), "{content}");
        }
    }
}
