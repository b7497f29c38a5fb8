//! A document, and how much each of its words says about it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::text;

/// How many steps an impact has. Few: an index has a list of documents per word and step.
pub(crate) const LEVELS: u8 = 8;

/// A word in the title is worth this many in the content.
const TITLE_WEIGHT: f64 = 4.0;

/// BM25's saturation: how much less each further occurrence says.
const K1: f64 = 2.0;

/// BM25's length normalisation.
const B: f64 = 0.75;

/// The length that counts as ordinary, in words. A constant, not the tenant's average: an impact is computed once, when
/// the document comes in, and must not depend on what else is there.
const ORDINARY_LENGTH: f64 = 100.0;

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// UUIDv4.
    pub(crate) id: Uuid,
    /// Its title.
    pub(crate) title: String,
    /// What it says.
    pub(crate) content: String,
    /// Labels, as they came.
    pub(crate) tags: Vec<String>,
    /// Seconds since 1970.
    pub(crate) created_at: i64,
}

/// A word of a document and its impact, 0 to [`LEVELS`] − 1.
pub(crate) type Impact = (String, u8);

/// A document on its way into the store.
#[derive(Debug, Clone)]
pub(crate) struct Addition {
    /// Whose it is.
    pub(crate) tenant: String,
    /// The document.
    pub(crate) document: Document,
    /// Its words, each once.
    pub(crate) words: Vec<Impact>,
}

impl Addition {
    /// Takes the document's words apart.
    pub(crate) fn new(tenant: String, document: Document) -> Self {
        let words = impacts(&document.title, &document.content);
        Self { tenant, document, words }
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        2 * (self.document.title.len() + self.document.content.len()) + 1024
    }
}

fn impacts(title: &str, content: &str) -> Vec<Impact> {
    let mut weights: HashMap<_, f64> = HashMap::new();
    let mut length = 0.0;
    for (part, weight) in [(title, TITLE_WEIGHT), (content, 1.0)] {
        for word in text::words(part) {
            *weights.entry(word.folded).or_default() += weight;
            length += 1.0;
        }
    }
    weights.into_iter().map(|(word, weight)| (word.into_owned(), level(weight, length))).collect()
}

/// BM25's term-frequency part, in steps.
fn level(weight: f64, length: f64) -> u8 {
    let norm = K1 * (1.0 - B + B * length / ORDINARY_LENGTH);
    let impact = weight / (weight + norm);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1")]
    let step = (impact * f64::from(LEVELS)) as u8;
    step.min(LEVELS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(title: &str, content: &str, word: &str) -> Option<u8> {
        impacts(title, content).into_iter().find(|(found, _)| found == word).map(|(_, level)| level)
    }

    #[test]
    fn more_often_and_in_a_shorter_text_says_more() {
        let filler = "word ".repeat(100);
        let once = of("", &format!("fox {filler}"), "fox").unwrap();
        let thrice = of("", &format!("fox fox fox {filler}"), "fox").unwrap();
        let in_title = of("Fox", &filler, "fox").unwrap();
        let alone = of("", "a fox", "fox").unwrap();
        assert!(once < thrice && once < in_title && once < alone, "{once} {thrice} {in_title} {alone}");
        assert_eq!(of("", "", "fox"), None);
        assert_eq!(of("", &"fox ".repeat(100_000), "fox"), Some(LEVELS - 1));
        assert_eq!(of("fox", "fox", "fox"), Some(LEVELS - 1));
    }
}
