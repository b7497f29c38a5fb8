//! Patterns: what they match and which ones are refused.

use bson::Bson;

use super::Pattern;

fn check(pattern: &str, options: &str, text: &str, expected: bool) {
    let found = Pattern::new(pattern, options).unwrap().matches(&Bson::String(text.to_owned()));
    assert_eq!(found, expected, "/{pattern}/{options} in {text:?}");
}

#[test]
fn patterns_match() {
    check("^ab+c$", "", "abbc", true);
    check("AB", "i", "xabx", true);
    check("^b", "m", "a\nb", true);
    check("^b", "", "a\nb", false);
    check("a.b", "s", "a\nb", true);
    check("a b # words", "x", "ab", true);
    check("\\w+@\\w+\\.com", "", "me@there.com", true);
    check("^\\w$", "", "é", false);
    check("^.$", "", "é", true);
    check("[[]", "", "[", true);
    check("[]a]", "", "]", true);
    check("[\\d.-]+$", "", "1.2-3", true);
    check("[[:alpha:]]", "", "a", true);
    check("a\\/b", "", "a/b", true);
    check("\\Qa.b\\E", "", "axb", false);
    check("\\bcat\\b", "", "a cat.", true);
    check("[a&&b]", "", "&", true);
    check("[^a]", "", "a", false);
    check("(?i)ab", "", "AB", true);
    check("(?<year>\\d{4})", "", "2024", true);
}

#[test]
fn what_a_linear_engine_has_not_is_named() {
    for (pattern, name) in [
        ("a(?=b)", "lookahead"),
        ("a(?!b)", "negative lookahead"),
        ("(?<=a)b", "lookbehind"),
        ("(a)\\1", "back-references"),
        ("(?>a)", "atomic"),
        ("a++", "possessive"),
        ("(a", "unclosed group"),
        ("[a", "missing terminating ]"),
    ] {
        let refused = Pattern::new(pattern, "").unwrap_err();
        assert_eq!(refused.code, 51091);
        assert!(refused.message.contains(name), "{}", refused.message);
    }
    assert_eq!(Pattern::new("a", "z").unwrap_err().code, 51108);
}

#[test]
fn a_prefix_narrows_a_scan() {
    let prefix =
        |source: &str, options: &str| Pattern::new(source, options).unwrap().prefix().map(str::to_owned);
    assert_eq!(prefix("^abc", "").as_deref(), Some("abc"));
    assert_eq!(prefix("^abc.*d", "").as_deref(), Some("abc"));
    assert_eq!(prefix("^abc*", "").as_deref(), Some("ab"));
    assert_eq!(prefix("^abc", "i"), None);
    assert_eq!(prefix("^abc|d", ""), None);
    assert_eq!(prefix("abc", ""), None);
}
