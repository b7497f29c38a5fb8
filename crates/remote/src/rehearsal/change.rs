//! One setting that is changed, to see how small the difference is; and the system once nothing of it is protected.

use std::time::Duration;

use model::System;
use model::system::ResourceKind;

/// What is changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// `resources.emails.visibility: 60s → 61s`.
    pub what: String,
    /// The system with it.
    pub system: System,
}

/// The longest visibility timeout (Amazon SQS API Reference, `SetQueueAttributes`: 43,200 seconds).
const LONGEST_VISIBILITY: Duration = Duration::from_secs(43_200);
const DAY: u64 = 86_400;

/// Changes one setting: a second more of the first queue's visibility, or another retention of the logs.
#[must_use]
pub fn change(system: &System) -> Change {
    let mut changed = system.clone();
    for (name, resource) in &mut changed.resources {
        if let ResourceKind::Queue(queue) = &mut resource.kind {
            let before = queue.visibility.as_secs();
            let after = if queue.visibility < LONGEST_VISIBILITY { before + 1 } else { before - 1 };
            queue.visibility = Duration::from_secs(after);
            let what = format!("resources.{name}.visibility: {before}s → {after}s");
            return Change { what, system: changed };
        }
    }
    // Both are among the retentions CloudWatch Logs knows (`PutRetentionPolicy`).
    let before = system.aws.log_retention.as_secs() / DAY;
    let after = if before == 30 { 14 } else { 30 };
    changed.aws.log_retention = Duration::from_secs(after * DAY);
    Change { what: format!("aws.log_retention: {before}d → {after}d"), system: changed }
}

/// The system without its protection, where it has any: what a person applies before they destroy it.
#[must_use]
pub fn released(system: &System) -> Option<System> {
    let mut released = system.clone();
    released.protect = false;
    for resource in released.resources.values_mut() {
        if let ResourceKind::Postgres(database) | ResourceKind::Mongodb(database) = &mut resource.kind {
            database.deletion_protection = false;
        }
    }
    (released != *system).then_some(released)
}

#[cfg(test)]
mod tests {
    use model::System;

    use super::{change, released};

    /// A worker that consumes these queues.
    fn system(queues: &[(&str, &str)]) -> System {
        let uses: Vec<String> = queues.iter().map(|(name, _)| format!("{name}: consume")).collect();
        let written: Vec<String> =
            queues.iter().map(|(name, more)| format!("{name}: {{ type: queue{more} }}")).collect();
        let (uses, written) = (uses.join(", "), written.join(", "));
        let text = format!(
            "name: post\nservices:\n  sorter: {{ type: worker, image: example/sorter:1, uses: {{ {uses} }} }}\n\
             resources: {{ {written} }}\n"
        );
        let manifest = model::read("taxiway.yaml", &text, &|_| None).expect("it reads");
        model::resolve(&manifest, None).expect("it resolves")
    }

    #[test]
    fn changes_one_setting_of_the_first_queue() {
        let system = system(&[("b", ", env: B_URL"), ("a", ", visibility: 60s")]);
        let change = change(&system);
        assert_eq!(change.what, "resources.a.visibility: 60s → 61s");
        assert_ne!(change.system, system);
        assert_eq!(super::change(&system), change, "the same every time");
    }

    #[test]
    fn stays_within_what_aws_takes() {
        let change = change(&system(&[("a", ", visibility: 12h")]));
        assert_eq!(change.what, "resources.a.visibility: 43200s → 43199s");
    }

    #[test]
    fn without_a_queue_changes_how_long_logs_are_kept() {
        let system = system(&[]);
        let change = change(&system);
        assert!(change.what.starts_with("aws.log_retention: "), "{}", change.what);
        assert_ne!(change.system.aws.log_retention, system.aws.log_retention);
    }

    #[test]
    fn releases_only_what_is_protected() {
        let mut system = system(&[]);
        system.protect = false;
        assert_eq!(released(&system), None);
        system.protect = true;
        assert_eq!(released(&system).map(|system| system.protect), Some(false));
    }
}
