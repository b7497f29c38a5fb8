//! What a plan of terraform's says: how much comes and goes, and which attribute of what changes.
//!
//! Pure. The form is Terraform's ("JSON Output Format", plan representation).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

pub use self::attribute::Attribute;
use self::attribute::attributes;

mod attribute;

/// What a plan would do.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Plan {
    /// Managed resources that are there once it is applied.
    pub resources: usize,
    /// How many of each type.
    pub types: BTreeMap<String, usize>,
    /// Everything that does not stay as it is, by address.
    pub changes: Vec<Change>,
    /// Outputs that change.
    pub outputs: Vec<String>,
    /// Resources that are not as the state knew them.
    pub drift: BTreeSet<String>,
}

/// One resource that does not stay as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// `module.emails_queue.aws_sqs_queue.this`.
    pub address: String,
    /// What happens to it.
    pub action: Action,
    /// What of it changes; empty where it comes or goes as a whole.
    pub attributes: Vec<Attribute>,
}

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It goes, and another comes.
    Replace,
    /// It goes.
    Delete,
}

/// How many resources come, change and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Made, replacements included.
    pub add: usize,
    /// Changed in place.
    pub change: usize,
    /// Destroyed, replacements included.
    pub destroy: usize,
}

impl Plan {
    /// Reads what `terraform show -json` prints of a plan. What is not there counts as none.
    #[must_use]
    pub fn read(shown: &Value) -> Self {
        let mut plan = Self::default();
        for resource in list(shown, "resource_changes").filter(|resource| text(resource, "mode") == "managed")
        {
            plan.take(resource);
        }
        plan.outputs = shown
            .get("output_changes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(_, change)| !actions(change).iter().all(|action| *action == "no-op"))
            .map(|(name, _)| name.clone())
            .collect();
        plan.drift =
            list(shown, "resource_drift").map(|resource| text(resource, "address").to_owned()).collect();
        plan.changes.sort_by(|one, other| one.address.cmp(&other.address));
        plan
    }

    /// Whether applying it would do nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.outputs.is_empty()
    }

    /// How many resources come, change and go, as terraform counts them.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let count = |of: &[Action]| self.changes.iter().filter(|change| of.contains(&change.action)).count();
        Counts {
            add: count(&[Action::Create, Action::Replace]),
            change: count(&[Action::Update]),
            destroy: count(&[Action::Delete, Action::Replace]),
        }
    }

    /// Its changes as lines for a person: `~ address: attribute: 60 → 61`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let changes = self.changes.iter().flat_map(Change::lines);
        changes.chain(self.outputs.iter().map(|name| format!("~ output.{name}"))).collect()
    }

    fn take(&mut self, resource: &Value) {
        let Some(change) = resource.get("change") else { return };
        let action = action(&actions(change));
        if action != Some(Action::Delete) {
            self.resources += 1;
            *self.types.entry(text(resource, "type").to_owned()).or_default() += 1;
        }
        if let Some(action) = action {
            let is_part = matches!(action, Action::Update | Action::Replace);
            let attributes = if is_part { attributes(change) } else { Vec::new() };
            self.changes.push(Change { address: text(resource, "address").to_owned(), action, attributes });
        }
    }
}

impl Change {
    fn lines(&self) -> Vec<String> {
        let (sign, address) = (self.action.sign(), &self.address);
        if self.attributes.is_empty() {
            return vec![format!("{sign} {address}")];
        }
        self.attributes.iter().map(|attribute| format!("{sign} {address}: {attribute}")).collect()
    }
}

impl Action {
    /// The sign terraform puts before it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "-/+",
            Self::Delete => "-",
        }
    }
}

fn action(actions: &[&str]) -> Option<Action> {
    match actions {
        ["create"] => Some(Action::Create),
        ["update"] => Some(Action::Update),
        // A resource that is only forgotten stays in the account, and leaves the state.
        ["delete" | "forget"] => Some(Action::Delete),
        [_, _, ..] => Some(Action::Replace),
        _ => None,
    }
}

fn actions(change: &Value) -> Vec<&str> {
    list(change, "actions").filter_map(Value::as_str).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
