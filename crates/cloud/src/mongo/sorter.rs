//! Documents put in order in memory, up to a limit.

use bson::raw::RawDocumentBuf;

use super::error::{Code, Result};

/// Bytes a sort may hold (`internalQueryMaxBlockingSortMemoryUsageBytes`).
pub(crate) const BYTES: usize = 100 * 1024 * 1024;

/// Documents with the bytes they are ordered by.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    held: Vec<(Vec<u8>, usize, RawDocumentBuf)>,
    bytes: usize,
    added: usize,
    /// Only this many of the first are wanted.
    most: Option<usize>,
}

impl Sorter {
    pub(super) fn new(most: Option<usize>) -> Self {
        Self { most, ..Self::default() }
    }

    /// Adds a document; equal ones stay in the order they came in.
    ///
    /// # Errors
    /// 292 when it would hold too much.
    pub(super) fn add(&mut self, key: Vec<u8>, document: RawDocumentBuf) -> Result<()> {
        self.bytes += key.len() + document.as_bytes().len();
        self.held.push((key, self.added, document));
        self.added += 1;
        if self.most.is_some_and(|most| self.held.len() > most.saturating_mul(2).saturating_add(64)) {
            self.cut();
        }
        if self.bytes > BYTES {
            self.cut();
        }
        if self.bytes > BYTES {
            let message = format!(
                "Sort exceeded memory limit of {BYTES} bytes; create an index that gives the order, or set a limit"
            );
            return Err(Code::QueryExceededMemoryLimitNoDiskUseAllowed.saying(message));
        }
        Ok(())
    }

    /// The documents in order.
    pub(super) fn finish(mut self) -> impl Iterator<Item = RawDocumentBuf> {
        self.cut();
        self.held.into_iter().map(|(_, _, document)| document)
    }

    fn cut(&mut self) {
        self.held.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        self.held.truncate(self.most.unwrap_or(usize::MAX));
        self.bytes = self.held.iter().map(|(key, _, document)| key.len() + document.as_bytes().len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use bson::raw::{RawDocumentBuf, cstr};

    use super::*;

    #[test]
    fn keeps_the_first_in_the_order_they_came() {
        let mut sorter = Sorter::new(Some(3));
        for number in 0..1000_i32 {
            let mut document = RawDocumentBuf::new();
            document.append(cstr!("n"), number);
            sorter.add(vec![u8::try_from((999 - number) / 500).unwrap()], document).unwrap();
        }
        let numbers: Vec<i32> = sorter.finish().map(|document| document.get_i32("n").unwrap()).collect();
        assert_eq!(numbers, [500, 501, 502]);
    }

    #[test]
    fn refuses_what_is_too_much() {
        let mut sorter = Sorter::new(None);
        let refused = (0..200).find_map(|_| {
            let mut document = RawDocumentBuf::new();
            document.append(cstr!("text"), "x".repeat(1024 * 1024));
            sorter.add(Vec::new(), document).err()
        });
        assert_eq!(refused.unwrap().code.number(), 292);
    }
}
