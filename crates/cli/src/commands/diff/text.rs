//! Two texts compared by lines, as hunks of a unified diff (POSIX.1-2017, `diff`, "Diff -u Output Format").

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

/// What a comparison may take.
pub(super) struct Bounds;

impl Bounds {
    /// Bytes of a file from which on it is named and not compared.
    pub(super) const LONGEST: u64 = 1024 * 1024;
    /// Lines that are shown of one file.
    const MOST_LINES: usize = 2_000;
    /// After this a longer way round the differences is good enough.
    const PATIENCE: Duration = Duration::from_secs(1);
    /// Equal lines around a change.
    const CONTEXT: usize = 3;
}

/// Two texts, compared.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) hunks: Vec<Hunk>,
    /// Lines that come, those that are not shown too.
    pub(super) added: usize,
    /// Lines that go, those that are not shown too.
    pub(super) removed: usize,
}

/// Lines that stand together.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Hunk {
    /// `@@ -1,3 +1,4 @@`.
    pub(super) heading: String,
    /// Each begins with ` `, `+`, `-` or `\`.
    pub(super) lines: Vec<String>,
    /// How many more lines it has.
    pub(super) more: usize,
}

/// Bytes as text, where they are text.
pub(super) fn of(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// Compares two texts.
pub(super) fn compare(before: &str, after: &str) -> Compared {
    let before: Vec<&str> = before.split_inclusive('\n').collect();
    let after: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::configure().timeout(Bounds::PATIENCE).diff_slices(&before, &after);
    let mut compared = Compared { hunks: Vec::new(), added: 0, removed: 0 };
    let mut left = Bounds::MOST_LINES;
    for group in diff.grouped_ops(Bounds::CONTEXT) {
        let mut hunk = Hunk { heading: heading(&group), lines: Vec::new(), more: 0 };
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Insert => '+',
                ChangeTag::Delete => '-',
            };
            compared.added += usize::from(sign == '+');
            compared.removed += usize::from(sign == '-');
            if left == 0 {
                hunk.more += 1;
                continue;
            }
            left -= 1;
            hunk.push(sign, change.value());
        }
        compared.hunks.push(hunk);
    }
    compared
}

impl Hunk {
    fn push(&mut self, sign: char, line: &str) {
        let text = line.strip_suffix('\n');
        self.lines.push(format!("{sign}{}", shown(text.unwrap_or(line))));
        if text.is_none() {
            self.lines.push("\\ No newline at end of file".to_owned());
        }
    }
}

/// A text without what a terminal would act upon: control characters, and those that turn the direction of writing
/// (Unicode Standard Annex 9), stand there as their escapes.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let turns =
            matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (letter.is_control() && letter != '\t') || turns {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

fn heading(group: &[DiffOp]) -> String {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return String::new() };
    let old = range(first.old_range().start, last.old_range().end);
    let new = range(first.new_range().start, last.new_range().end);
    format!("@@ -{old} +{new} @@")
}

/// A range of lines counted from 1: an empty one stands after the line before it.
fn range(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        length => format!("{},{length}", start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, compare, shown};

    fn lines(before: &str, after: &str) -> Vec<String> {
        let hunks = compare(before, after).hunks;
        hunks.into_iter().flat_map(|hunk| [hunk.heading].into_iter().chain(hunk.lines)).collect()
    }

    #[test]
    fn three_lines_stand_around_a_change() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let expected = ["@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"];
        assert_eq!(lines(before, &before.replace('5', "five")), expected);
    }

    #[test]
    fn a_whole_file_comes_or_goes() {
        assert_eq!(lines("", "a\nb\n"), ["@@ -0,0 +1,2 @@", "+a", "+b"]);
        assert_eq!(lines("a\n", ""), ["@@ -1 +0,0 @@", "-a"]);
    }

    #[test]
    fn a_missing_end_of_line_is_said() {
        let expected = ["@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"];
        assert_eq!(lines("a", "a\n"), expected);
    }

    #[test]
    fn nothing_that_a_terminal_acts_upon_gets_through() {
        assert_eq!(
            shown("a\x1b[2Jb\u{9b}31m\r\u{202e}c\td\u{7f}"),
            "a\\u{1b}[2Jb\\u{9b}31m\\r\\u{202e}c\td\\u{7f}"
        );
        let compared = compare("", "\x1b]0;title\x07\n");
        assert!(
            compared.hunks.iter().flat_map(|hunk| &hunk.lines).all(|line| !line.contains(char::is_control))
        );
    }

    #[test]
    fn much_is_counted_and_not_shown() {
        let compared = compare("", &"a\n".repeat(5_000));
        let shown: usize = compared.hunks.iter().map(|hunk| hunk.lines.len()).sum();
        let more: usize = compared.hunks.iter().map(|hunk| hunk.more).sum();
        assert_eq!((shown, more, compared.added), (Bounds::MOST_LINES, 3_000, 5_000));
    }
}
