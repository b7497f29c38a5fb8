//! A [`Problem`] as an entry of FastAPI's 422 answer.
//!
//! The words are those of pydantic 1.10 and of pydantic-core 2; keys stand in the order in which the two print them.

use std::fmt::Write;

use super::{Kind, Problem, Pydantic, Step};
use crate::json::{Text, Value};

/// One entry: what programs tell it by, what people read, and what it was measured by as the inside of an object.
struct Entry {
    kind: &'static str,
    message: String,
    context: String,
}

pub(super) fn write(pydantic: Pydantic, problem: &Problem, out: &mut String) {
    let is_json = !matches!(problem.kind, Kind::NotJson(_));
    match pydantic {
        Pydantic::V1 if is_json => {
            let Entry { kind, message, context } = first(problem);
            out.push_str(r#"{"loc":"#);
            place(&problem.place, out);
            let _ = write!(out, r#","msg":{},"type":"{kind}""#, quoted(&message));
            end(&context, out);
        }
        // FastAPI itself reads JSON, and words what is none in one way beside both.
        _ => {
            let Entry { kind, message, context } = second(&problem.kind);
            let _ = write!(out, r#"{{"type":"{kind}","loc":"#);
            place(&problem.place, out);
            let _ = write!(out, r#","msg":{},"input":"#, quoted(&message));
            problem.input.write(out);
            end(&context, out);
        }
    }
}

fn place(steps: &[Step], out: &mut String) {
    out.push('[');
    for (index, step) in steps.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        match step {
            Step::Name(name) => drop(write!(out, "{comma}{}", quoted(name))),
            Step::Index(number) => drop(write!(out, "{comma}{number}")),
        }
    }
    out.push(']');
}

fn end(context: &str, out: &mut String) {
    if !context.is_empty() {
        let _ = write!(out, r#","ctx":{{{context}}}"#);
    }
    out.push('}');
}

/// Pydantic 1. A null is refused as such whatever was wanted.
fn first(problem: &Problem) -> Entry {
    if problem.input == Value::Null && problem.kind != Kind::Missing {
        return entry("type_error.none.not_allowed", "none is not an allowed value");
    }
    match &problem.kind {
        Kind::Missing => entry("value_error.missing", "field required"),
        Kind::NotJson(_) | Kind::NotObject => entry("type_error.dict", "value is not a valid dict"),
        Kind::KeysNotText => entry("type_error", "keywords must be strings"),
        Kind::NotText => entry("type_error.str", "str type expected"),
        Kind::NotInteger | Kind::NoIntegerInText | Kind::IntegerTooLong => {
            entry("type_error.integer", "value is not a valid integer")
        }
        Kind::AtLeast(bound) => Entry {
            kind: "value_error.number.not_ge",
            message: format!("ensure this value is greater than or equal to {bound}"),
            context: format!(r#""limit_value":{bound}"#),
        },
        Kind::AtMost(bound) => Entry {
            kind: "value_error.number.not_le",
            message: format!("ensure this value is less than or equal to {bound}"),
            context: format!(r#""limit_value":{bound}"#),
        },
        Kind::OneOf(names) => Entry {
            kind: "type_error.enum",
            message: format!(
                "value is not a valid enumeration member; permitted: {}",
                each(names, |name| format!("'{name}'"), ", ")
            ),
            context: format!(r#""enum_values":[{}]"#, each(names, quoted, ",")),
        },
        Kind::Pattern(pattern) => Entry {
            kind: "value_error.str.regex",
            message: format!(r#"string does not match regex "{pattern}""#),
            context: format!(r#""pattern":{}"#, quoted(pattern)),
        },
    }
}

/// Pydantic 2.
fn second(kind: &Kind) -> Entry {
    match kind {
        Kind::Missing => entry("missing", "Field required"),
        Kind::NotJson(reason) => Entry {
            kind: "json_invalid",
            message: "JSON decode error".to_owned(),
            context: format!(r#""error":{}"#, quoted(reason)),
        },
        Kind::NotObject => entry(
            "model_attributes_type",
            "Input should be a valid dictionary or object to extract fields from",
        ),
        Kind::KeysNotText => entry("invalid_key", "Keys should be strings"),
        Kind::NotText => entry("string_type", "Input should be a valid string"),
        Kind::NotInteger => entry("int_type", "Input should be a valid integer"),
        Kind::NoIntegerInText => {
            entry("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
        }
        Kind::IntegerTooLong => {
            entry("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size")
        }
        Kind::AtLeast(bound) => Entry {
            kind: "greater_than_equal",
            message: format!("Input should be greater than or equal to {bound}"),
            context: format!(r#""ge":{bound}"#),
        },
        Kind::AtMost(bound) => Entry {
            kind: "less_than_equal",
            message: format!("Input should be less than or equal to {bound}"),
            context: format!(r#""le":{bound}"#),
        },
        Kind::OneOf(names) => {
            let expected = alternatives(names);
            Entry {
                kind: "enum",
                message: format!("Input should be {expected}"),
                context: format!(r#""expected":{}"#, quoted(&expected)),
            }
        }
        Kind::Pattern(pattern) => Entry {
            kind: "string_pattern_mismatch",
            message: format!("String should match pattern '{pattern}'"),
            context: format!(r#""pattern":{}"#, quoted(pattern)),
        },
    }
}

fn entry(kind: &'static str, message: &str) -> Entry {
    Entry { kind, message: message.to_owned(), context: String::new() }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    Text::from(text).write(&mut out);
    out
}

fn each(names: &[&str], show: impl Fn(&str) -> String, between: &str) -> String {
    names.iter().copied().map(show).collect::<Vec<_>>().join(between)
}

/// `'a', 'b' or 'c'`.
fn alternatives(names: &[&str]) -> String {
    let all = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>();
    match all.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => all.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURS: &[&str] = &["red", "blue"];

    fn written(pydantic: Pydantic, problem: &Problem) -> String {
        let mut out = String::new();
        write(pydantic, problem, &mut out);
        out
    }

    #[test]
    fn one_problem_has_two_shapes() {
        let problem = Problem::new(Kind::OneOf(COLOURS), &["body", "colour"], Value::Text("green".into()));
        assert_eq!(
            written(Pydantic::V2, &problem),
            r#"{"type":"enum","loc":["body","colour"],"msg":"Input should be 'red' or 'blue'","input":"green","ctx":{"expected":"'red' or 'blue'"}}"#
        );
        assert_eq!(
            written(Pydantic::V1, &problem),
            r#"{"loc":["body","colour"],"msg":"value is not a valid enumeration member; permitted: 'red', 'blue'","type":"type_error.enum","ctx":{"enum_values":["red","blue"]}}"#
        );
    }

    #[test]
    fn to_pydantic_1_a_null_is_a_null_whatever_was_wanted() {
        let problem = Problem::new(Kind::NotText, &["body", "name"], Value::Null);
        assert_eq!(
            written(Pydantic::V1, &problem),
            r#"{"loc":["body","name"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}"#
        );
        assert_eq!(
            written(Pydantic::V2, &problem),
            r#"{"type":"string_type","loc":["body","name"],"msg":"Input should be a valid string","input":null}"#
        );
    }

    #[test]
    fn broken_json_is_told_alike() {
        let place = vec![Step::Name("body"), Step::Index(3)];
        let problem =
            Problem { kind: Kind::NotJson("Expecting value"), place, input: Value::Object(Vec::new()) };
        let told = r#"{"type":"json_invalid","loc":["body",3],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting value"}}"#;
        assert_eq!(written(Pydantic::V1, &problem), told);
        assert_eq!(written(Pydantic::V2, &problem), told);
    }
}
