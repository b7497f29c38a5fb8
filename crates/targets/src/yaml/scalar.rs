//! Strings on one line: bare where every reader takes them for a string, else quoted.

use std::fmt::Write as _;

/// Words that YAML 1.1 takes for truth or nothing (yaml.org/type/bool.html, null.html, merge.html, value.html), in lower
/// case.
const WORDS: [&str; 13] =
    ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=", "---"];

/// Characters that mean something at the beginning (YAML 1.2.2, 5.3 "Indicator Characters").
const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`";

/// `text` as it stands behind a key, or as one.
pub(super) fn inline(text: &str) -> String {
    if is_bare(text) {
        text.to_owned()
    } else if text.chars().all(is_plain) && text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double(text)
    }
}

fn is_bare(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    !(INDICATORS.contains(first)
        || text.starts_with(' ')
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || !text.chars().all(is_plain)
        || WORDS.contains(&text.to_ascii_lowercase().as_str())
        || text == "..."
        || is_number(text))
}

fn is_plain(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whatever begins as a number, a date or a time does: integers of all bases, `1_000`, `1e3`, `12:30:45`, `2001-12-14`,
/// `.5`, `.inf`. Quoting one too many does no harm.
fn is_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-']);
    let word = unsigned.to_ascii_lowercase();
    if matches!(word.as_str(), ".inf" | ".nan") {
        return true;
    }
    let begins = unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|c: char| c.is_ascii_digit());
    begins && unsigned.chars().all(|c| c.is_ascii_hexdigit() || "_.:-+xXoOtTzZ ".contains(c))
}

/// YAML 1.2.2, 5.7 "Escaped Characters".
fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            letter if is_plain(letter) => quoted.push(letter),
            letter => {
                write!(quoted, "\\u{:04x}", u32::from(letter)).ok();
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn what_is_a_string_anyway_is_bare() {
        for text in [
            "main",
            "systems/api",
            "a:b",
            "${{ vars.ROLE }}",
            "v4.2.2",
            "cron(0 0)",
            "a#b",
            "it's",
            "sha-0123456",
        ] {
            assert_eq!(inline(text), text);
        }
    }

    #[test]
    fn what_a_reader_would_take_for_something_else_is_quoted() {
        for text in [
            "",
            "on",
            "On",
            "yes",
            "NO",
            "n",
            "null",
            "~",
            "true",
            "1",
            "1.5",
            "007",
            "0x1f",
            "0o17",
            "1_000",
            "12:30:45",
            "2001-12-14",
            "1e3",
            ".5",
            "+1",
            "-1",
            ".inf",
            "*",
            "*.example.com",
            "&a",
            "!cancelled()",
            "@daily",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "- a",
            "[a]",
            "{a}",
            "|",
            ">",
            "%a",
            "`a`",
            "<<",
            "=",
            "#a",
            "?a",
            ",a",
            "---",
            "...",
        ] {
            assert_eq!(inline(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn quotes_and_control_characters_are_escaped() {
        assert_eq!(inline("\"a\""), "'\"a\"'");
        assert_eq!(inline("\"it's\""), "'\"it''s\"'");
        assert_eq!(inline("a\tb\n\u{7}"), "\"a\\tb\\n\\u0007\"");
    }
}
