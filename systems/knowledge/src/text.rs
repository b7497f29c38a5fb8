//! Words: what counts as one, in documents and in queries alike.
//!
//! A word is a run of letters and digits. Case, accents and compatibility forms (`ﬁ`, full-width letters) make no
//! difference. Chinese and Japanese are written without blanks, so each of their characters is a word of its own.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count; two that differ only behind them are the same.
const MAX_WORD: usize = 64;

/// Different words of a query that count. Every further one could only narrow the result.
const MAX_QUERY_WORDS: usize = 32;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// Bytes of the text that it takes.
    pub(crate) place: Range<usize>,
    /// The form in which words are compared: letters, digits and marks only.
    pub(crate) folded: Cow<'a, str>,
}

/// All words of a text, in order.
pub(crate) fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// The different words of what a person typed, in order. Everything between words, quotes and operators included, only
/// separates them.
pub(crate) fn query_words(typed: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let folded = words(typed).map(|word| word.folded.into_owned());
    folded.filter(|word| seen.insert(word.clone())).take(MAX_QUERY_WORDS).collect()
}

/// See [`words`].
#[derive(Debug, Clone)]
pub(crate) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let start = self.at + rest.find(char::is_alphanumeric)?;
            let run = self.text.get(start..)?;
            let length = length_of_word(run);
            self.at = start + length;
            let folded = fold(run.get(..length)?);
            if !folded.is_empty() {
                return Some(Word { place: start..self.at, folded });
            }
        }
    }
}

/// Bytes of the word that `run` begins with.
fn length_of_word(run: &str) -> usize {
    let mut characters = run.char_indices();
    let Some((_, first)) = characters.next() else { return 0 };
    let alone = stands_alone(first);
    let belongs = |c: char| is_mark(c) || (!alone && c.is_alphanumeric() && !stands_alone(c));
    characters.find(|(_, c)| !belongs(*c)).map_or(run.len(), |(end, _)| end)
}

/// Kana and Han characters.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && is_combining_mark(c)
}

fn fold(written: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if written.is_ascii() {
        let kept = written.get(..MAX_WORD).unwrap_or(written);
        return if kept.bytes().all(is_plain) { kept.into() } else { kept.to_ascii_lowercase().into() };
    }
    let is_accent = |c: char| matches!(c, '\u{300}'..='\u{36f}');
    let counts = |c: &char| (c.is_alphanumeric() || is_mark(*c)) && !is_accent(*c);
    let lower = written.chars().take(4 * MAX_WORD).nfkd().flat_map(char::to_lowercase);
    // Lower case comes after the decomposition and may need another: `İ` is `I` and a dot. A form that stood on a blank
    // leaves marks before the first letter, and no word begins with one.
    let kept = lower.nfkd().filter(counts).skip_while(|c| !c.is_alphanumeric());
    kept.take(MAX_WORD).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).map(|word| word.folded.into_owned()).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        for (text, expected) in [
            ("The quick-brown FOX, 3.14!", vec!["the", "quick", "brown", "fox", "3", "14"]),
            ("snake_case don't", vec!["snake", "case", "don", "t"]),
            ("Crème BRÛLÉE cre\u{300}me", vec!["creme", "brulee", "creme"]),
            ("ﬁne Ｆｕｌｌ ⑴ ½", vec!["fine", "full", "1", "12"]),
            ("東京 タワー2", vec!["東", "京", "タ", "ワ", "ー", "2"]),
            ("İstanbul", vec!["istanbul"]),
            ("हिन्दी", vec!["हिन्दी"]),
            ("ﹲ\u{1133b}", vec!["\u{64c}"]),
            ("\u{0}a\u{0}b \u{345}", vec!["a", "b"]),
            ("\"' -- * ( ) : ^ 😀 …", vec![]),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_very_long_word_counts() {
        assert_eq!(folded(&"X".repeat(1000)), ["x".repeat(64)]);
        assert_eq!(folded(&"é".repeat(1000)), ["e".repeat(64)]);
    }

    #[test]
    fn a_query_is_its_different_words() {
        assert_eq!(
            query_words("Foo AND \"bar foo\"* NOT title:x"),
            ["foo", "and", "bar", "not", "title", "x"]
        );
        assert_eq!(query_words(" \"\" ** "), Vec::<String>::new());
        let many: String = (0..100).map(|n| format!("w{n} ")).collect();
        assert_eq!(query_words(&many).len(), 32);
    }

    proptest! {
        #[test]
        fn any_text_has_words_the_engines_can_keep(text in any::<String>()) {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.place.start >= end && word.place.end > word.place.start);
                prop_assert!(text.get(word.place.clone()).is_some());
                prop_assert!((1..=256).contains(&word.folded.len()));
                prop_assert!(word.folded.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || !c.is_ascii()));
                end = word.place.end;
            }
        }

        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            for word in words(&text).filter(|word| word.folded.chars().count() < MAX_WORD) {
                let again = folded(&word.folded).concat();
                prop_assert_eq!(again, word.folded.into_owned());
            }
        }
    }
}
