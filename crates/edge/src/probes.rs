//! Which targets are probed: exactly those of the present table.

use std::collections::BTreeMap;

use tokio::task::JoinHandle;

use crate::config::HealthCheck;
use crate::control::Control;
use crate::probe;
use crate::table::Table;

/// The probing tasks by target.
#[derive(Default)]
pub(crate) struct Probes {
    running: BTreeMap<u64, (Option<HealthCheck>, JoinHandle<()>)>,
}

impl Probes {
    /// Starts, restarts and ends probing as the tables differ; a target that is gone is retired.
    pub(crate) fn follow(&mut self, before: &Table, after: &Table, control: &Control) {
        let wanted: BTreeMap<_, _> = after
            .targets()
            .map(|(group, target)| (target.key, (group.health_check.clone(), target)))
            .collect();
        self.running.retain(|key, (check, task)| {
            let stays = wanted.get(key).is_some_and(|(wanted, _)| wanted == check);
            if !stays {
                task.abort();
            }
            stays
        });
        for (key, (check, target)) in &wanted {
            self.running.entry(*key).or_insert_with(|| {
                let target = std::sync::Arc::clone(target);
                let task = match check.clone() {
                    Some(check) => control.handle().spawn(probe::run(target, check)),
                    None => control.handle().spawn(probe::run_unchecked(target)),
                };
                (check.clone(), task)
            });
        }
        let gone = before.targets().filter(|(_, target)| !wanted.contains_key(&target.key));
        gone.for_each(|(_, target)| target.retire());
    }

    /// Ends all probing.
    pub(crate) fn end(&mut self) {
        for (_, task) in std::mem::take(&mut self.running).into_values() {
            task.abort();
        }
    }
}
