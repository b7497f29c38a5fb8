//! ALB wildcard patterns: `*` is any run of characters, `?` is exactly one (Elastic Load Balancing user guide,
//! "Condition types for listener rules").

/// Whether letters of different case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Host conditions.
    Ignored,
    /// Path conditions.
    Matters,
}

/// Whether all of `text` matches `pattern`. Takes at most `pattern.len() * text.len()` steps.
pub(crate) fn matches(pattern: &str, text: &str, case: Case) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut seen) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                last_star = Some((at + 1, seen));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || same(*wanted, *byte, case) => {
                at += 1;
                seen += 1;
            }
            _ => match last_star {
                Some((after_star, taken)) => {
                    last_star = Some((after_star, taken + 1));
                    at = after_star;
                    seen = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

/// Whether `path` is `prefix` or lies below it: `/api` has `/api` and `/api/x`, not `/apis`.
pub(crate) fn is_below(prefix: &str, path: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

fn same(left: u8, right: u8, case: Case) -> bool {
    match case {
        Case::Ignored => left.eq_ignore_ascii_case(&right),
        Case::Matters => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*.example.com", "api.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "API.Example.COM", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("/img/*/pics", "/img/a/b/pics", true),
            ("/img/*/pics", "/img/pics", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text, Case::Ignored), expected, "{pattern} {text}");
        }
        assert!(!matches("/Api", "/api", Case::Matters));
    }

    #[test]
    fn many_stars_end_quickly() {
        let text = "a".repeat(4096);
        assert!(!matches(&("a*".repeat(64) + "b"), &text, Case::Matters));
    }

    #[test]
    fn prefixes_end_at_a_slash() {
        for (prefix, path, expected) in [
            ("/", "/anything", true),
            ("/api", "/api", true),
            ("/api", "/api/v1", true),
            ("/api/", "/api", true),
            ("/api", "/apis", false),
            ("/api", "/", false),
        ] {
            assert_eq!(is_below(prefix, path), expected, "{prefix} {path}");
        }
    }
}
