//! What a command gives its query from outside: the time, its variables and a seed. There is no other input.

use bson::{Bson, DateTime, Document};

/// How deep documents, filters and expressions may be nested (MongoDB's limit for documents is the same).
pub(crate) const DEPTH: usize = 100;

/// The surroundings of one command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Context {
    /// What `$$NOW`, `$currentDate` and `$$CLUSTER_TIME` mean.
    pub(crate) now: DateTime,
    /// The command's `let`, already evaluated: `$$name`.
    pub(crate) variables: Document,
    /// Where `$rand`, `$sample` and `$sampleRate` begin.
    pub(crate) seed: u64,
}

impl Context {
    /// A command that came at `now` with no variables.
    pub(crate) fn new(now: DateTime, seed: u64) -> Self {
        Self { now, variables: Document::new(), seed }
    }

    /// The command's variable, `$$name`.
    pub(crate) fn variable(&self, name: &str) -> Option<&Bson> {
        self.variables.get(name)
    }
}
