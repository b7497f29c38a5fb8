//! The piece of a document's content that shows why it was found.

use std::fmt::Write;
use std::ops::Range;

use crate::text::{self, Word};

/// Words in a snippet.
const LENGTH: usize = 24;

/// Words shown before the first that was found.
const LEAD: usize = 4;

/// Words that are looked through; a document may be long, and a page has up to fifty.
const MAX_SEEN: usize = 20_000;

/// Characters shown of one word, or of what is between two.
const MAX_PIECE: usize = 80;

/// Where something is left out.
const CUT: &str = "...";

/// The first piece of `content` that has the most different ones of `wanted`, these in `<b></b>`. Nothing is escaped:
/// the text stands as it was written.
pub(crate) fn snippet(content: &str, wanted: &[String]) -> String {
    let words: Vec<Word<'_>> = text::words(content).take(MAX_SEEN).collect();
    let found: Vec<(usize, usize)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| Some((at, wanted.iter().position(|wanted| *wanted == word.folded)?)))
        .collect();
    let start = best(&found).saturating_sub(LEAD);
    let shown = words.get(start..).unwrap_or_default();
    show(content, start, shown.get(..LENGTH).unwrap_or(shown), wanted)
}

/// The word at which the best piece has its first finding.
fn best(found: &[(usize, usize)]) -> usize {
    let mut best = (0, 0);
    for (index, (at, _)) in found.iter().enumerate() {
        let near = found.get(index..).unwrap_or_default();
        let near = near.iter().take_while(|(other, _)| *other < at + LENGTH - LEAD);
        let mut kinds: Vec<usize> = near.map(|(_, kind)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() > best.0 {
            best = (kinds.len(), *at);
        }
    }
    best.1
}

fn show(content: &str, start: usize, shown: &[Word<'_>], wanted: &[String]) -> String {
    let end = content.trim_end().len();
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
        return piece(content, 0..end).into_owned();
    };
    let mut out = String::from(if start > 0 { CUT } else { "" });
    let mut at = if start > 0 { first.place.start } else { content.len() - content.trim_start().len() };
    for word in shown {
        out.push_str(&piece(content, at..word.place.start));
        let text = piece(content, word.place.clone());
        let _ = if wanted.iter().any(|wanted| *wanted == word.folded) {
            write!(out, "<b>{text}</b>")
        } else {
            write!(out, "{text}")
        };
        at = word.place.end;
    }
    let is_last = text::words(content.get(last.place.end..).unwrap_or_default()).next().is_none();
    out.push_str(&if is_last { piece(content, at..end.max(at)) } else { CUT.into() });
    out
}

/// A part of the content, the end of a very long one left out.
fn piece(content: &str, place: Range<usize>) -> std::borrow::Cow<'_, str> {
    let part = content.get(place).unwrap_or_default();
    match part.char_indices().nth(MAX_PIECE) {
        Some((end, _)) => format!("{}{CUT}", part.get(..end).unwrap_or_default()).into(),
        None => part.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(content: &str, query: &str) -> String {
        snippet(content, &text::query_words(query))
    }

    #[test]
    fn what_was_found_is_marked() {
        assert_eq!(of("The Quick brown fox.", "quick FOX"), "The <b>Quick</b> brown <b>fox</b>.");
        assert_eq!(of("  Crème brûlée \n", "creme"), "<b>Crème</b> brûlée");
        assert_eq!(of("nothing here", "title"), "nothing here");
        assert_eq!(of("…?!", "x"), "…?!");
    }

    #[test]
    fn of_a_long_text_the_best_piece_is_shown() {
        let content = format!("fox {}a hen and a fox {}", "so ".repeat(50), "on ".repeat(50));
        assert_eq!(
            of(&content, "fox hen"),
            format!("...so so so a <b>hen</b> and a <b>fox</b> {}...", "on ".repeat(16).trim_end())
        );
        assert_eq!(of(&"so ".repeat(50), "fox"), format!("{}...", "so ".repeat(24).trim_end()));
    }

    #[test]
    fn one_endless_word_does_not_make_an_endless_snippet() {
        let content = format!("{} fox{}!", "x".repeat(100_000), "-".repeat(100_000));
        assert!(of(&content, "fox").chars().count() < 300);
    }

    proptest! {
        #[test]
        fn any_text_has_a_bounded_snippet(content in any::<String>(), query in any::<String>()) {
            prop_assert!(of(&content, &query).chars().count() < 24 * 2 * (MAX_PIECE + 11));
        }
    }
}
