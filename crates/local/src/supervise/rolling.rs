//! A restart without a moment of fewer replicas: one new one, healthy, then one old one goes, until all are new.

use std::collections::VecDeque;

use tokio::sync::oneshot;

/// A restart under way.
#[derive(Debug)]
pub(super) struct Rolling {
    /// Old replicas still to be replaced.
    pub(super) old: VecDeque<u32>,
    /// What it waits for.
    pub(super) waiting: Waiting,
    /// Who asked; the error is a sentence.
    reply: oneshot::Sender<Result<(), String>>,
}

/// What a restart waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Nothing: the next step may be taken.
    Nothing,
    /// This new replica to be healthy.
    Healthy(u32),
    /// This old replica to end.
    Ended(u32),
}

impl Rolling {
    pub(super) fn new(old: impl Iterator<Item = u32>, reply: oneshot::Sender<Result<(), String>>) -> Self {
        Self { old: old.collect(), waiting: Waiting::Nothing, reply }
    }

    /// Tells whoever asked how it went.
    pub(super) fn finish(self, outcome: Result<(), String>) {
        let _asker_is_gone = self.reply.send(outcome);
    }
}
