//! A queue's attributes: what may be set, what it means, and what it is when nobody set it.
//!
//! The names, ranges and defaults are those of the SQS API reference, SetQueueAttributes.

use std::collections::BTreeMap;

use super::error::SqsError;
use super::names::Place;
use super::redrive::{self, Allow, Redrive};

pub(crate) use self::fifo::Deduplication;
pub(crate) use self::fifo::{FIFO_QUEUE, Fifo, Kind, Scope};

mod fifo;

/// An attribute that is a number within bounds.
struct Number {
    name: &'static str,
    least: i64,
    most: i64,
    default: i64,
}

const DELAY: Number = Number { name: "DelaySeconds", least: 0, most: 900, default: 0 };
const SIZE: Number = Number { name: "MaximumMessageSize", least: 1024, most: 1_048_576, default: 1_048_576 };
const RETENTION: Number =
    Number { name: "MessageRetentionPeriod", least: 60, most: 1_209_600, default: 345_600 };
const WAIT: Number = Number { name: "ReceiveMessageWaitTimeSeconds", least: 0, most: 20, default: 0 };
const VISIBILITY: Number = Number { name: "VisibilityTimeout", least: 0, most: 43_200, default: 30 };
const KEY_REUSE: Number =
    Number { name: "KmsDataKeyReusePeriodSeconds", least: 60, most: 86_400, default: 300 };

/// Attributes that are computed and can't be set.
pub(super) const COMPUTED: [&str; 6] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

/// What was set on a queue, and what that means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// As it was set.
    pub(crate) set: BTreeMap<String, String>,
    /// How long a new message stays hidden.
    pub(crate) delay_seconds: i64,
    /// The longest message, in bytes.
    pub(crate) maximum_message_size: usize,
    /// How long a message is kept.
    pub(crate) retention_seconds: i64,
    /// How long a receive waits when it does not say.
    pub(crate) wait_seconds: i64,
    /// How long a received message stays hidden.
    pub(crate) visibility_seconds: i64,
    /// Where messages go that nobody manages to handle.
    pub(crate) redrive: Option<Redrive>,
    /// Who may send such messages here.
    pub(crate) allow: Allow,
    /// What a FIFO queue has besides.
    pub(crate) fifo: Option<Fifo>,
}

impl Attributes {
    /// Understands a whole set. An empty string unsets a policy; spaces around a name do not count.
    pub(crate) fn new(set: BTreeMap<String, String>, place: &Place) -> Result<Self, SqsError> {
        let mut set: BTreeMap<_, _> =
            set.into_iter().map(|(name, value)| (name.trim().to_owned(), value)).collect();
        set.retain(|name, value| !(value.is_empty() && is_clearable(name)));
        set.iter_mut()
            .filter(|(name, _)| is_switch(name))
            .for_each(|(_, value)| value.make_ascii_lowercase());
        let kind = if set.get(FIFO_QUEUE).is_some_and(|value| value == "true") {
            Kind::Fifo
        } else {
            Kind::Standard
        };
        for (name, value) in &set {
            check_one(kind, name, value)?;
        }
        if let Some(policy) = set.get_mut("RedrivePolicy") {
            *policy = redrive::with_number(policy);
        }
        let number = |number: &Number| number.of(&set);
        Ok(Self {
            delay_seconds: number(&DELAY)?,
            maximum_message_size: usize::try_from(number(&SIZE)?).unwrap_or(usize::MAX),
            retention_seconds: number(&RETENTION)?,
            wait_seconds: number(&WAIT)?,
            visibility_seconds: number(&VISIBILITY)?,
            redrive: set.get("RedrivePolicy").map(|text| Redrive::parse(text, place)).transpose()?,
            allow: set.get("RedriveAllowPolicy").map_or(Ok(Allow::All), |text| Allow::parse(text))?,
            fifo: Fifo::of(&set)?,
            set,
        })
    }

    /// The same with `changes` over it.
    pub(crate) fn with(&self, changes: BTreeMap<String, String>, place: &Place) -> Result<Self, SqsError> {
        fifo::check_change(self.kind(), &changes)?;
        check_encryption(&changes)?;
        let mut set = self.set.clone();
        // One key of two kinds: the later one wins (API reference, SqsManagedSseEnabled).
        if changes.get("SqsManagedSseEnabled").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            set.remove("KmsMasterKeyId");
        }
        if changes.get("KmsMasterKeyId").is_some_and(|value| !value.is_empty()) {
            set.insert("SqsManagedSseEnabled".to_owned(), "false".to_owned());
        }
        set.extend(changes);
        Self::new(set, place)
    }

    /// What the queue is for good.
    pub(crate) fn kind(&self) -> Kind {
        if self.fifo.is_some() { Kind::Fifo } else { Kind::Standard }
    }

    /// The attribute in which a creation that names these attributes would change the queue, if any.
    pub(crate) fn difference(&self, wanted: &Self) -> Option<String> {
        let (have, want) = (self.effective(), wanted.effective());
        wanted.set.keys().find(|name| !same(have.get(*name), want.get(*name))).cloned()
    }

    /// Every attribute that has a value: what was set over what is the default.
    pub(crate) fn effective(&self) -> BTreeMap<String, String> {
        let own_key = if self.set.contains_key("KmsMasterKeyId") { "false" } else { "true" };
        let mut all: BTreeMap<String, String> = [&DELAY, &SIZE, &RETENTION, &WAIT, &VISIBILITY]
            .into_iter()
            .map(|number| (number.name.to_owned(), number.default.to_string()))
            .collect();
        all.insert("SqsManagedSseEnabled".to_owned(), own_key.to_owned());
        if self.set.contains_key("KmsMasterKeyId") {
            all.insert(KEY_REUSE.name.to_owned(), KEY_REUSE.default.to_string());
        }
        if self.fifo.is_some() {
            all.extend(fifo::defaults().map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        all.extend(self.set.clone());
        if !self.set.contains_key("KmsMasterKeyId") {
            all.remove(KEY_REUSE.name);
        }
        all
    }
}

impl Number {
    fn of(&self, set: &BTreeMap<String, String>) -> Result<i64, SqsError> {
        set.get(self.name).map_or(Ok(self.default), |text| self.parse(text))
    }

    fn parse(&self, text: &str) -> Result<i64, SqsError> {
        let value = text.parse().ok().filter(|value| (self.least..=self.most).contains(value));
        value.ok_or_else(|| SqsError::InvalidAttributeValue { name: self.name.to_owned() })
    }
}

/// Whether a name may be asked for.
pub(super) fn is_known(name: &str) -> bool {
    COMPUTED.contains(&name) || fifo::is_known(name) || is_settable(name)
}

fn is_settable(name: &str) -> bool {
    [&DELAY, &SIZE, &RETENTION, &WAIT, &VISIBILITY, &KEY_REUSE].iter().any(|number| number.name == name)
        || is_clearable(name)
        || name == "SqsManagedSseEnabled"
}

fn is_clearable(name: &str) -> bool {
    matches!(name, "Policy" | "RedrivePolicy" | "RedriveAllowPolicy" | "KmsMasterKeyId")
}

/// Whether the attribute is `true` or `false`, in whatever letters: scripting languages write theirs large.
fn is_switch(name: &str) -> bool {
    matches!(name, FIFO_QUEUE | "ContentBasedDeduplication" | "SqsManagedSseEnabled")
}

fn check_one(kind: Kind, name: &str, value: &str) -> Result<(), SqsError> {
    let valid = match name {
        name if fifo::is_known(name) && kind == Kind::Standard => return Err(fifo::refusal(name)),
        name if fifo::is_known(name) => fifo::is_valid(name, value),
        "Policy" => serde_json::from_str::<serde_json::Map<_, _>>(value).is_ok(),
        "SqsManagedSseEnabled" => matches!(value, "true" | "false"),
        "KmsDataKeyReusePeriodSeconds" => KEY_REUSE.parse(value).is_ok(),
        _ if is_settable(name) => true,
        _ => return Err(SqsError::InvalidAttributeName { name: name.to_owned() }),
    };
    if valid { Ok(()) } else { Err(SqsError::InvalidAttributeValue { name: name.to_owned() }) }
}

/// Refuses two kinds of encryption named at once. Not part of [`Attributes::new`], which also reads what is kept.
pub(super) fn check_encryption(set: &BTreeMap<String, String>) -> Result<(), SqsError> {
    let key = set.get("KmsMasterKeyId").is_some_and(|key| !key.is_empty());
    let managed = set.get("SqsManagedSseEnabled").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if key && managed { Err(SqsError::TwoEncryptions) } else { Ok(()) }
}

/// Policies are compared by what they say, not by their spaces.
fn same(one: Option<&String>, other: Option<&String>) -> bool {
    let json =
        |text: Option<&String>| text.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    one == other || json(one).is_some_and(|value| Some(value) == json(other))
}

#[cfg(test)]
mod tests;
