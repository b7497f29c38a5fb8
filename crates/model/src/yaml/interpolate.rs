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
        (Some('?'), None) => Err(required(name, &argument()?)),
        (Some('+'), Some(_)) => argument(),
        (Some('+'), None) => Ok(String::new()),
        _ => Err(malformed(inner)),
    }
}

fn unset(name: &str) -> Trouble {
    Trouble {
        kind: TroubleKind::Unset,
        message: format!("the variable `{name}` is not set"),
        hint: format!("set it, or give it a default: `${{{name}:-value}}`"),
    }
}

fn required(name: &str, reason: &str) -> Trouble {
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    Trouble {
        kind: TroubleKind::Unset,
        message: format!("the variable `{name}` is required{because}"),
        hint: format!("set `{name}` before you run this"),
    }
}

fn unclosed(text: &str) -> Trouble {
    let shown: String = text.chars().take(40).collect();
    Trouble {
        kind: TroubleKind::Malformed,
        message: format!("`{shown}` opens `${{` and never closes it"),
        hint: "write `${NAME}` or `${NAME:-default}`, and `$$` for a plain dollar sign".to_owned(),
    }
}

fn malformed(inner: &str) -> Trouble {
    let shown: String = inner.chars().take(40).collect();
    Trouble {
        kind: TroubleKind::Malformed,
        message: format!("`${{{shown}}}` names no variable"),
        hint: "write `${NAME}`, `${NAME:-default}` or `${NAME:?message}`, and `$$` for a plain dollar sign"
            .to_owned(),
    }
}
