//! Problems as they are drawn: carets, widths, cuts, what is hidden.

use super::*;
use crate::problem::Finding;

/// Line with carets below it, for the part of a text between two marks.
fn drawn(marked: &str) -> String {
    let start = marked.find('«').unwrap();
    let end = marked.find('»').unwrap() - '«'.len_utf8();
    let source = marked.replace(['«', '»'], "");
    let (text, carets) = lines_of(&source, TextRange::new(start, end), &[]);
    format!("{text}\n{carets}")
}

fn lines_of(source: &str, range: TextRange, concealed: &[TextRange]) -> (String, String) {
    let problems = one(source, range);
    excerpt(&problems.problems[0], &Lines::new(source), concealed)
}

fn one(source: &str, range: TextRange) -> Problems {
    let finding = Finding { range, severity: Severity::Error, message: "it is wrong".to_owned(), hint: None };
    Problems::assemble("f.yaml", source, vec![(finding, Vec::new())], Vec::new(), 0)
}

#[test]
fn carets_stand_below_what_is_wrong() {
    assert_eq!(drawn("a: 1\n  b: «two»\nc: 3"), "  b: two\n     ^^^");
    assert_eq!(drawn("a: «»"), "a:\n   ^");
    assert_eq!(drawn("a: «1»\r\nb: 2\r\n"), "a: 1\n   ^");
    assert_eq!(drawn("«»"), "\n^");
}

#[test]
fn a_tab_is_four_columns_and_a_wide_character_two() {
    assert_eq!(drawn("\t«x»"), "    x\n    ^");
    assert_eq!(drawn("日本: «語»!"), "日本: 語!\n      ^^");
    assert_eq!(drawn("e\u{301}: «x»"), "e\u{301}: x\n   ^");
}

#[test]
fn only_the_first_line_of_several_is_drawn() {
    assert_eq!(drawn("a: «|\n  b\n  c»\n"), "a: |\n   ^");
}

#[test]
fn a_long_line_is_cut_around_the_caret() {
    let long = format!("{}«here»{}", "x".repeat(5000), "y".repeat(5000));
    let text = drawn(&long);
    let (line, carets) = text.split_once('\n').unwrap();
    assert!(line.chars().count() <= WIDE + 2, "{line}");
    assert!(line.starts_with('…') && line.ends_with('…') && line.contains("here"), "{line}");
    assert_eq!(line.char_indices().position(|(at, _)| line[at..].starts_with("here")), carets.find('^'));
}

#[test]
fn what_would_move_the_cursor_is_drawn_as_a_sign() {
    assert_eq!(drawn("a\u{1b}[31m: «x»"), "a\u{fffd}[31m: x\n        ^");
    assert_eq!(drawn("a\u{202e}: «x»"), "a\u{fffd}: x\n    ^");
}

#[test]
fn a_concealed_stretch_is_never_drawn() {
    let source = "password: hunter2 # x";
    let (text, _) = lines_of(source, TextRange::new(0, 8), &[TextRange::new(10, 17)]);
    assert_eq!(text, "password: ******* # x");
}

#[test]
fn colours_only_when_asked() {
    let problems = one("a: b", TextRange::new(3, 4));
    assert!(!problems.render("a: b", false).contains('\u{1b}'));
    let colored = problems.render("a: b", true);
    assert!(colored.contains("\u{1b}[1m\u{1b}[31merror") || colored.contains("\u{1b}["), "{colored}");
}

#[test]
fn a_place_outside_the_text_is_drawn_all_the_same() {
    for range in [TextRange::new(100, 200), TextRange::new(4, 4), TextRange { start: 3, end: 1 }] {
        for source in ["", "a", "é: b", "\n\n"] {
            assert!(one(source, range).render(source, false).contains("it is wrong"));
            assert!(one("something else\nlonger", range).render(source, false).contains("it is wrong"));
        }
    }
}
