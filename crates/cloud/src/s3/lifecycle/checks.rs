//! What AWS checks of a lifecycle configuration beyond its elements ("Lifecycle configuration elements").

use super::{BTreeSet, Node, Result};
use crate::s3::dates;
use crate::s3::error::{Code, Error};

/// Rules of one configuration.
const RULES_MAX: usize = 1000;
const ID_MAX: usize = 255;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Actions, one of which a rule has at least.
const ACTIONS: [&str; 5] = [
    "Expiration",
    "Transition",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransition",
    "AbortIncompleteMultipartUpload",
];

/// Classes that objects enter after thirty days at the earliest.
const INFREQUENT: [&str; 2] = ["STANDARD_IA", "ONEZONE_IA"];

/// Refuses what AWS refuses.
pub(super) fn check(node: &Node) -> Result<()> {
    if node.children.len() > RULES_MAX {
        return Err(Code::MalformedXML.into());
    }
    let mut ids = BTreeSet::new();
    for rule in &node.children {
        let id = rule.get("ID").unwrap_or_default();
        if id.chars().count() > ID_MAX {
            return Err(invalid("ID length should not exceed allowed limit of 255"));
        }
        if !ids.insert(id) {
            return Err(invalid("Rule ID must be unique. Found same ID for more than one rule"));
        }
        check_rule(rule)?;
    }
    Ok(())
}

fn check_rule(rule: &Node) -> Result<()> {
    if rule.child("Filter").is_some() == rule.child("Prefix").is_some() {
        return Err(Code::MalformedXML.into());
    }
    if !ACTIONS.iter().any(|action| rule.child(action).is_some()) {
        return Err(Code::InvalidRequest.saying("At least one action needs to be specified in a rule"));
    }
    rule.child("Filter").map_or(Ok(()), check_filter)?;
    rule.child("Expiration").map_or(Ok(()), |expiration| check_expiration(rule, expiration))?;
    rule.child("NoncurrentVersionExpiration").map_or(Ok(()), check_noncurrent)?;
    if let Some(abort) = rule.child("AbortIncompleteMultipartUpload") {
        positive(abort, "DaysAfterInitiation", "AbortIncompleteMultipartUpload")?;
        if has_tags(rule) {
            return Err(
                Code::InvalidRequest.saying("AbortIncompleteMultipartUpload cannot be specified with Tags.")
            );
        }
    }
    rule.all("Transition").try_for_each(|transition| check_transition(rule, transition))?;
    for transition in rule.all("NoncurrentVersionTransition") {
        transition.number("NoncurrentDays").ok_or(Code::MalformedXML)?;
        check_earliest(transition, "NoncurrentDays", "NoncurrentVersionTransition")?;
    }
    Ok(())
}

/// One predicate, or several inside `And`.
fn check_filter(filter: &Node) -> Result<()> {
    let Some(and) = filter.child("And") else {
        return if filter.children.len() > 1 { Err(Code::MalformedXML.into()) } else { check_sizes(filter) };
    };
    if filter.children.len() > 1 || and.children.len() < 2 {
        return Err(Code::MalformedXML.into());
    }
    let mut keys = BTreeSet::new();
    if !and.all("Tag").all(|tag| keys.insert(tag.get("Key"))) {
        return Err(Code::InvalidRequest.saying("Duplicate Tag Keys are not allowed."));
    }
    check_sizes(and)
}

fn check_sizes(filter: &Node) -> Result<()> {
    let (greater, less) = (filter.number("ObjectSizeGreaterThan"), filter.number("ObjectSizeLessThan"));
    match (greater, less) {
        (Some(greater), Some(less)) if greater >= less => {
            Err(Code::InvalidRequest
                .saying("'ObjectSizeLessThan' must be greater than 'ObjectSizeGreaterThan'."))
        }
        (Some(size), _) | (_, Some(size)) if size < 0 => Err(Code::MalformedXML.into()),
        _ => Ok(()),
    }
}

fn check_expiration(rule: &Node, expiration: &Node) -> Result<()> {
    if expiration.children.len() != 1 {
        return Err(Code::MalformedXML.into());
    }
    if expiration.child("ExpiredObjectDeleteMarker").is_some() && has_tags(rule) {
        return Err(Code::InvalidRequest.saying("ExpiredObjectDeleteMarker cannot be specified with tags."));
    }
    if expiration.child("Days").is_some() {
        positive(expiration, "Days", "Expiration")?;
    }
    check_date(expiration, "Expiration")
}

fn check_noncurrent(noncurrent: &Node) -> Result<()> {
    noncurrent.number("NoncurrentDays").ok_or(Code::MalformedXML)?;
    positive(noncurrent, "NoncurrentDays", "NoncurrentVersionExpiration")?;
    match noncurrent.number("NewerNoncurrentVersions") {
        Some(count) if !(1..=100).contains(&count) => Err(invalid(
            "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be a positive integer no \
             greater than 100",
        )),
        _ => Ok(()),
    }
}

fn check_transition(rule: &Node, transition: &Node) -> Result<()> {
    let (days, date) = (transition.number("Days"), transition.get("Date"));
    if days.is_some() == date.is_some() {
        return Err(Code::MalformedXML.into());
    }
    check_date(transition, "Transition")?;
    check_earliest(transition, "Days", "Transition")?;
    let Some(expiration) = rule.child("Expiration") else { return Ok(()) };
    let prefix = rule.get("Prefix").or(rule.child("Filter").and_then(|filter| filter.get("Prefix")));
    let prefix = prefix.unwrap_or_default();
    match (days, expiration.number("Days"), expiration.get("Date")) {
        (Some(days), Some(end), _) if end <= days => Err(invalid(&format!(
            "'Days' in the Expiration action for prefix '{prefix}' must be greater than 'Days' in the \
             Transition action"
        ))),
        (Some(_), _, Some(_)) | (None, Some(_), _) => Err(Code::InvalidRequest.saying(format!(
            "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for \
             prefix '{prefix}'"
        ))),
        _ => Ok(()),
    }
}

fn check_earliest(transition: &Node, name: &str, action: &str) -> Result<()> {
    let class = transition.get("StorageClass").unwrap_or_default();
    match transition.number(name) {
        Some(days) if days < 0 => Err(invalid(&format!("'{name}' for {action} action must be nonnegative"))),
        Some(days) if days < 30 && INFREQUENT.contains(&class) => Err(invalid(&format!(
            "'{name}' in {action} action must be greater than or equal to 30 for storageClass '{class}'"
        ))),
        _ => Ok(()),
    }
}

fn check_date(action: &Node, name: &str) -> Result<()> {
    match action.get("Date").and_then(dates::parse_iso) {
        Some(date) if date % DAY_MS != 0 => {
            Err(invalid(&format!("'Date' must be at midnight GMT for {name}")))
        }
        _ => Ok(()),
    }
}

fn positive(action: &Node, name: &str, action_name: &str) -> Result<()> {
    match action.number(name) {
        Some(days) if days <= 0 => {
            Err(invalid(&format!("'{name}' for {action_name} action must be a positive integer")))
        }
        _ => Ok(()),
    }
}

fn has_tags(rule: &Node) -> bool {
    let filter = rule.child("Filter");
    let filter = filter.and_then(|filter| filter.child("And")).or(filter);
    filter.is_some_and(|filter| filter.child("Tag").is_some())
}

fn invalid(message: &str) -> Error {
    Code::InvalidArgument.saying(message)
}
