//! Postings that were read before. Documents are only ever added, so what was read stays true; what came in since is read
//! on top of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Postings;

/// Memory that an entry takes beside its postings, in bytes.
const OVERHEAD: usize = 160;

/// What is known of a word.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// The tenant's number when it was read.
    pub(crate) tenant: u32,
    /// All documents up to this number are considered.
    pub(crate) up_to: u32,
    /// Those that hold the word.
    pub(crate) postings: Arc<Postings>,
}

/// Known words, bounded in bytes; those not asked for the longest go first.
#[derive(Debug)]
pub(crate) struct Cache {
    capacity: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<Key, Entry>,
    size: usize,
    clock: u64,
}

type Key = (Arc<str>, String);

#[derive(Debug)]
struct Entry {
    known: Known,
    size: usize,
    asked: u64,
}

impl Cache {
    /// A cache of at most `capacity` bytes.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, inner: Mutex::default() }
    }

    /// What is known of a word of this tenant.
    pub(crate) fn get(&self, tenant: &Arc<str>, word: &str) -> Option<Known> {
        let mut inner = self.lock();
        inner.clock += 1;
        let now = inner.clock;
        let entry = inner.entries.get_mut(&(Arc::clone(tenant), word.to_owned()))?;
        entry.asked = now;
        Some(entry.known.clone())
    }

    /// Keeps what was read, unless more is known already.
    pub(crate) fn put(&self, tenant: &Arc<str>, word: &str, known: Known) {
        let key = (Arc::clone(tenant), word.to_owned());
        let size = known.postings.size() + word.len() + OVERHEAD;
        let mut inner = self.lock();
        let fresh = |entry: &Entry| entry.known.tenant == known.tenant && entry.known.up_to >= known.up_to;
        if size > self.capacity / 2 || inner.entries.get(&key).is_some_and(fresh) {
            return;
        }
        let asked = inner.clock;
        let before = inner.entries.insert(key, Entry { known, size, asked });
        inner.size += size;
        inner.size -= before.map_or(0, |entry| entry.size);
        if inner.size > self.capacity {
            inner.shrink(self.capacity / 4 * 3);
        }
    }

    /// Forgets everything: the store is not the one that was read.
    pub(crate) fn clear(&self) {
        *self.lock() = Inner::default();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn shrink(&mut self, target: usize) {
        let mut ages: Vec<(u64, usize)> =
            self.entries.values().map(|entry| (entry.asked, entry.size)).collect();
        ages.sort_unstable();
        let mut size = self.size;
        let stale = ages.into_iter().take_while(|(_, bytes)| {
            let go_on = size > target;
            size = size.saturating_sub(*bytes);
            go_on
        });
        let Some((oldest, _)) = stale.last() else { return };
        self.entries.retain(|_, entry| entry.asked > oldest);
        self.size = self.entries.values().map(|entry| entry.size).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(up_to: u32) -> Known {
        let mut postings = Postings::default();
        postings.add(1, 1..=up_to);
        Known { tenant: 1, up_to, postings: Arc::new(postings) }
    }

    #[test]
    fn newer_knowledge_wins_and_memory_is_bounded() {
        let (cache, tenant) = (Cache::new(20_000), Arc::from("t1"));
        cache.put(&tenant, "fox", known(9));
        cache.put(&tenant, "fox", known(5));
        assert_eq!(cache.get(&tenant, "fox").map(|known| known.up_to), Some(9));
        assert!(cache.get(&Arc::from("t2"), "fox").is_none());
        for n in 0..1000 {
            cache.put(&tenant, &format!("w{n}"), known(9));
            assert!(cache.get(&tenant, "fox").is_some(), "what is asked for stays");
        }
        let inner = cache.lock();
        assert!(
            inner.size <= 20_000 && inner.entries.len() > 20,
            "{} in {}",
            inner.size,
            inner.entries.len()
        );
    }
}
