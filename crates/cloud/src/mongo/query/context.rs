//! What a command gives its query from outside: the time, its variables and a seed. There is no other input.

use std::sync::atomic::{AtomicU64, Ordering};

use bson::{Bson, DateTime, Document};

/// How deep documents, filters and expressions may be nested (MongoDB's limit for documents is the same).
pub(crate) const DEPTH: usize = 100;

/// The surroundings of one command.
#[derive(Debug)]
pub(crate) struct Context {
    /// What `$$NOW`, `$currentDate` and `$$CLUSTER_TIME` mean.
    pub(crate) now: DateTime,
    /// The command's `let`, already evaluated: `$$name`.
    pub(crate) variables: Document,
    /// Where `$rand`, `$sample` and `$sampleRate` go on from.
    seed: AtomicU64,
}

impl Context {
    /// A command that came at `now` with no variables; the same seed gives the same random choices.
    pub(crate) fn new(now: DateTime, seed: u64) -> Self {
        Self { now, variables: Document::new(), seed: AtomicU64::new(seed) }
    }

    /// The same command with further variables, as a `$lookup` binds them for each document.
    pub(crate) fn with_variables(&self, variables: Document) -> Self {
        let mut all = self.variables.clone();
        all.extend(variables);
        Self { now: self.now, variables: all, seed: AtomicU64::new(self.random_bits()) }
    }

    /// The next number in `0.0..1.0`.
    pub(crate) fn random(&self) -> f64 {
        let bits = self.random_bits() >> 11;
        #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "53 bits fit a double")]
        let share = bits as f64 / (1_u64 << 53) as f64;
        share
    }

    /// The next 64 random bits (SplitMix64, Steele et al. 2014).
    pub(crate) fn random_bits(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.seed.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// The command's variable, `$$name`.
    pub(crate) fn variable(&self, name: &str) -> Option<&Bson> {
        self.variables.get(name)
    }
}
