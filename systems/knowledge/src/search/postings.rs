//! Which documents of a tenant hold a word, by impact.

use roaring::{MultiOps, RoaringBitmap};

/// The documents that hold one word: of each level, their numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Postings(Vec<(u8, RoaringBitmap)>);

impl Postings {
    /// Adds documents in which the word has this impact. Numbers ascend, and are greater than those of the level before.
    pub(crate) fn add(&mut self, level: u8, numbers: impl IntoIterator<Item = u32>) {
        let mut numbers = numbers.into_iter().peekable();
        if numbers.peek().is_none() {
            return;
        }
        let place = self.0.partition_point(|(other, _)| *other < level);
        if self.0.get(place).is_none_or(|(other, _)| *other != level) {
            self.0.insert(place, (level, RoaringBitmap::new()));
        }
        if let Some((_, known)) = self.0.get_mut(place) {
            known.extend(numbers);
        }
    }

    /// Adds what another has.
    pub(crate) fn extend(&mut self, more: Self) {
        for (level, numbers) in more.0 {
            self.add(level, numbers);
        }
    }

    /// Level and documents, the lowest level first.
    pub(crate) fn levels(&self) -> impl DoubleEndedIterator<Item = (u8, &RoaringBitmap)> {
        self.0.iter().map(|(level, numbers)| (*level, numbers))
    }

    /// Documents of all levels.
    pub(crate) fn all(&self) -> RoaringBitmap {
        self.0.iter().map(|(_, numbers)| numbers).union()
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|(_, numbers)| numbers.len()).sum()
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(_, numbers)| numbers.serialized_size() + 64).sum()
    }
}
