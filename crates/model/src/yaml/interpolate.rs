//! `${VAR}` and its forms, as in Compose (Compose file reference, "Interpolation").
//!
//! A bare `$VAR` stays as it is: it belongs to the shell that a command may start.

use super::{Trouble, TroubleKind};

/// Deepest `${A:-${B:-…}}`.
const NESTED: usize = 8;

/// Fills in the variables of a text.
pub(super) fn interpolate(
    text: &str,
    variables: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, Trouble> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = closing(after).ok_or_else(|| unclosed(text))?;
            let inner = after.get(..end).unwrap_or_default();
            out.push_str(&substitute(inner, variables, depth)?);
            rest = after.get(end + 1..).unwrap_or_default();
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the brace closes that was opened just before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '{' if previous == '$' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
        previous = character;
    }
    None
}

/// The value of what stands between the braces.
fn substitute(
    inner: &str,
    variables: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, Trouble> {
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, operation) = inner.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || depth >= NESTED {
        return Err(malformed(inner));
    }
    let (empty_counts, operation) = match operation.strip_prefix(':') {
        Some(after) if !after.is_empty() => (false, after),
        _ => (true, operation),
    };
    let value = variables(name).filter(|value| empty_counts || !value.is_empty());
    let mut parts = operation.chars();
    let sign = parts.next();
    let argument = || interpolate(parts.as_str(), variables, depth + 1);
    match (sign, value) {
        (None | Some('-' | '?'), Some(value)) => Ok(value),
        (None, None) => Err(unset(name)),
        (Some('-'), None) => argument(),
        (Some('?'), None) => Err(required(name, parts.as_str())),
        (Some('+'), Some(_)) => argument(),
        (Some('+'), None) => Ok(String::new()),
        _ => Err(malformed(inner)),
    }
}

fn unset(name: &str) -> Trouble {
    Trouble {
        kind: TroubleKind::Unset,
        message: format!("needs the variable `{name}`, which is not set"),
        hint: match name {
            "PORT" | "HOST" => {
                format!("`{name}` is the process's own: write `sh -c '… ${name}'`, without braces")
            }
            _ => format!("set it, or give it a default: `${{{name}:-value}}`"),
        },
    }
}

fn required(name: &str, reason: &str) -> Trouble {
    let because = if reason.is_empty() { ", which is not set".to_owned() } else { format!(": {reason}") };
    Trouble {
        kind: TroubleKind::Unset,
        message: format!("needs the variable `{name}`{because}"),
        hint: format!("set `{name}` before you run this"),
    }
}

fn unclosed(text: &str) -> Trouble {
    let shown: String = text.chars().take(40).collect();
    Trouble {
        kind: TroubleKind::Malformed,
        message: format!("opens `${{` and never closes it: `{shown}`"),
        hint: "write `${NAME}` or `${NAME:-default}`, and `$$` for a plain dollar sign".to_owned(),
    }
}

fn malformed(inner: &str) -> Trouble {
    let shown: String = inner.chars().take(40).collect();
    Trouble {
        kind: TroubleKind::Malformed,
        message: format!("has `${{{shown}}}`, which names no variable"),
        hint: "write `${NAME}`, `${NAME:-default}` or `${NAME:?message}`, and `$$` for a plain dollar sign"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        let variables = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "EMPTY" => Some(String::new()),
            "DOLLAR" => Some("${A}".to_owned()),
            _ => None,
        };
        interpolate(text, &variables, 0).map_err(|trouble| trouble.message)
    }

    #[test]
    fn every_form_of_compose() {
        for (text, expected) in [
            ("${A}", "a"),
            ("x${A}y${A}", "xaya"),
            ("${NO:-b}", "b"),
            ("${NO-b}", "b"),
            ("${EMPTY:-b}", "b"),
            ("${EMPTY-b}", ""),
            ("${NO:-}", ""),
            ("${A:+b}", "b"),
            ("${NO:+b}", ""),
            ("${EMPTY+b}", "b"),
            ("${NO:-${A}}", "a"),
            ("${NO:-${NOR:-c}}d", "cd"),
            ("${A:?needed}", "a"),
        ] {
            assert_eq!(filled(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_dollar_sign_that_is_none_of_them_stays() {
        for (text, expected) in [("$$", "$"), ("$${A}", "${A}"), ("$A", "$A"), ("5$", "5$"), ("a$ b", "a$ b")]
        {
            assert_eq!(filled(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        assert_eq!(filled("${DOLLAR}").as_deref(), Ok("${A}"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            ("${NO}", "`NO`"),
            ("${EMPTY:?say it}", "say it"),
            ("${", "never closes"),
            ("${A", "never closes"),
            ("${A:b}", "names no variable"),
            ("${}", "names no variable"),
            ("${A B}", "names no variable"),
        ] {
            assert!(filled(text).unwrap_err().contains(part), "{text}: {:?}", filled(text));
        }
    }
}
