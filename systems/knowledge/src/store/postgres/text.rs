//! Text that Postgres can keep: its `text` has no character U+0000, but a document may.
//!
//! The noncharacter U+FDD0 announces one, and itself; everything else stands as it is, readable with any client.

use std::borrow::Cow;

const ESCAPE: char = '\u{fdd0}';

pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return text.into();
    }
    text.replace(ESCAPE, "\u{fdd0}1").replace('\0', "\u{fdd0}0").into()
}

pub(super) fn unescape(kept: String) -> String {
    if !kept.contains(ESCAPE) {
        return kept;
    }
    kept.replace("\u{fdd0}0", "\0").replace("\u{fdd0}1", "\u{fdd0}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(text in "[a\u{0}\u{fdd0}01]{0,12}") {
            let kept = escape(&text).into_owned();
            prop_assert!(!kept.contains('\0'));
            prop_assert_eq!(unescape(kept), text);
        }
    }
}
