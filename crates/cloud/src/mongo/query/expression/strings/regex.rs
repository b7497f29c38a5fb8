//! `$regexMatch`, `$regexFind`, `$regexFindAll`.

use bson::{Bson, bson};

use super::super::super::error::{QueryError, Result};
use super::super::super::pattern::Pattern;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::int;

pub(super) fn matches(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((text, pattern)) = prepared(name, operands)? else { return Ok(Some(Bson::Boolean(false))) };
    Ok(Some(Bson::Boolean(pattern.regex().is_match(&text))))
}

pub(super) fn find(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((text, pattern)) = prepared(name, operands)? else { return Ok(Some(Bson::Null)) };
    let found = pattern.regex().captures(&text).map(|captures| described(&text, &captures));
    Ok(Some(found.unwrap_or(Bson::Null)))
}

pub(super) fn find_all(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((text, pattern)) = prepared(name, operands)? else { return Ok(Some(Bson::Array(Vec::new()))) };
    let all = pattern.regex().captures_iter(&text).map(|captures| described(&text, &captures));
    Ok(Some(Bson::Array(all.collect())))
}

/// The text and the compiled pattern; nothing if one of them is missing.
fn prepared(name: &str, operands: &[Value]) -> Result<Option<(String, Pattern)>> {
    let options = match operand(operands, 2) {
        Some(Bson::String(options)) => Some(options.as_str()),
        value if nullish(value) => None,
        _ => return Err(QueryError::new(51106, format!("{name} needs 'options' to be of type string"))),
    };
    let pattern = match operand(operands, 1) {
        value if nullish(value) => None,
        Some(Bson::String(source)) => Some(Pattern::new(source, options.unwrap_or_default())?),
        Some(Bson::RegularExpression(regex)) => match (regex.options.as_str(), options) {
            ("", Some(options)) => Some(Pattern::new(regex.pattern.as_str(), options)?),
            (_, None) => Some(Pattern::of(regex)?),
            _ => {
                let message =
                    format!("{name}: found regex option(s) specified in both 'regex' and 'option' fields");
                return Err(QueryError::new(51107, message));
            }
        },
        _ => {
            return Err(QueryError::new(
                51105,
                format!("{name} needs 'regex' to be of type string or regex"),
            ));
        }
    };
    match operand(operands, 0) {
        value if nullish(value) => Ok(None),
        Some(Bson::String(text)) => Ok(pattern.map(|pattern| (text.clone(), pattern))),
        _ => Err(QueryError::new(51104, format!("{name} needs 'input' to be of type string"))),
    }
}

fn described(text: &str, captures: &regex::Captures<'_>) -> Bson {
    let whole = captures.get(0);
    let start = whole.map_or(0, |whole| whole.start());
    let place = text.get(..start).map_or(0, |before| before.chars().count());
    let groups = captures.iter().skip(1).map(|group| group.map_or(Bson::Null, |group| group.as_str().into()));
    bson!({
        "match": whole.map_or("", |whole| whole.as_str()),
        "idx": int(place),
        "captures": Bson::Array(groups.collect()),
    })
}
