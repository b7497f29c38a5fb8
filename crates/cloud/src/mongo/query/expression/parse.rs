//! BSON → expressions.

use bson::{Bson, Document};

use super::super::context::DEPTH;
use super::super::error::{QueryError, Result};
use super::Expression;
use super::functions::{Arity, Function, Parameter, named};
use super::lazy::Lazy;

/// Parses any value as an expression.
pub(super) fn expression(value: &Bson, depth: usize) -> Result<Expression> {
    if depth > DEPTH {
        return Err(QueryError::too_deep());
    }
    match value {
        Bson::String(text) => match text.strip_prefix('$') {
            Some(rest) => path(rest),
            None => Ok(Expression::Literal(value.clone())),
        },
        Bson::Document(document) => of_document(document, depth),
        Bson::Array(array) => {
            let items = array.iter().map(|item| expression(item, depth + 1)).collect::<Result<_>>()?;
            Ok(Expression::Array(items))
        }
        other => Ok(Expression::Literal(other.clone())),
    }
}

/// Whether a name may be given to a variable.
pub(crate) fn is_valid_variable(name: &str) -> Result<()> {
    let wrong = |why: &str| Err(QueryError::failed_to_parse(format!("'{name}' {why}")));
    match name.chars().next() {
        None => Err(QueryError::failed_to_parse("empty variable names are not allowed")),
        Some(first) if !first.is_ascii_lowercase() && first.is_ascii() && name != "CURRENT" => {
            wrong("starts with an invalid character for a user variable name")
        }
        _ if name.chars().any(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_') => {
            wrong("contains an invalid character for a variable name")
        }
        _ => Ok(()),
    }
}

/// Whether there is an operator of this name; what this cloud lacks has a refusal of its own.
pub(super) fn is_operator(name: &str) -> bool {
    const OTHERS: &[&str] =
        &["$literal", "$const", "$function", "$accumulator", "$meta", "$toHashedIndexKey"];
    OTHERS.contains(&name) || Lazy::is_one(name) || named(name).is_some()
}

fn path(text: &str) -> Result<Expression> {
    let (text, variable) = match text.strip_prefix('$') {
        Some(variable) => (variable, true),
        None => (text, false),
    };
    if text.is_empty() {
        return Err(match variable {
            true => QueryError::failed_to_parse("empty variable names are not allowed"),
            false => QueryError::new(16872, "'$' by itself is not a valid FieldPath"),
        });
    }
    let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    if parts.iter().any(String::is_empty) {
        let message = if text.ends_with('.') {
            return Err(QueryError::new(40353, "FieldPath must not end with a '.'."));
        } else {
            "FieldPath field names may not be empty strings."
        };
        return Err(QueryError::new(15998, message));
    }
    if parts.iter().any(|part| part.starts_with('$')) {
        return Err(QueryError::new(
            16410,
            "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
        ));
    }
    if !variable {
        return Ok(Expression::Field(parts));
    }
    let mut parts = parts.into_iter();
    let name = parts.next().unwrap_or_default();
    Ok(Expression::Variable(name, parts.collect()))
}

fn of_document(document: &Document, depth: usize) -> Result<Expression> {
    if let Some((name, operand)) = document.iter().next()
        && name.starts_with('$')
    {
        if document.len() != 1 {
            return Err(QueryError::new(
                15983,
                format!(
                    "an expression specification must contain exactly one field, the name of the expression. Found {} fields in {document}, while parsing object",
                    document.len()
                ),
            ));
        }
        return operator(name, operand, depth);
    }
    let mut fields = Vec::with_capacity(document.len());
    for (name, value) in document {
        if name.starts_with('$') {
            return Err(QueryError::new(
                16410,
                format!(
                    "FieldPath field names may not start with '$'. Consider using $getField or $setField. The field is {name}"
                ),
            ));
        }
        if name.contains('.') {
            return Err(QueryError::new(
                16412,
                "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
            ));
        }
        fields.push((name.clone(), expression(value, depth + 1)?));
    }
    Ok(Expression::Document(fields))
}

fn operator(name: &str, operand: &Bson, depth: usize) -> Result<Expression> {
    match name {
        "$literal" | "$const" => return Ok(Expression::Literal(operand.clone())),
        "$function" | "$accumulator" | "$meta" | "$toHashedIndexKey" => {
            return Err(QueryError::not_here(name));
        }
        _ => {}
    }
    if let Some(lazy) = Lazy::parse(name, operand, depth)? {
        return Ok(Expression::Lazy(Box::new(lazy)));
    }
    if name == "$getField" {
        return field_getter(operand, depth);
    }
    let unknown = || QueryError::new(168, format!("Unrecognized expression '{name}'"));
    let function = named(name).ok_or_else(unknown)?;
    let operands = match (&function.arity, operand) {
        (Arity::Named(parameters), Bson::Document(document)) => {
            by_name(function, parameters, document, depth)?
        }
        (Arity::NamedOrOne(parameters), Bson::Document(document)) if is_named(parameters, document) => {
            by_name(function, parameters, document, depth)?
        }
        (Arity::Named(_), _) => {
            return Err(QueryError::failed_to_parse(format!(
                "{name} only supports an object as its argument"
            )));
        }
        (_, operand) => in_order(function, operand, depth)?,
    };
    Ok(Expression::Call(function, operands))
}

/// `$getField`, whose input is `$$CURRENT` where none is given.
fn field_getter(operand: &Bson, depth: usize) -> Result<Expression> {
    let (field, input) = match operand {
        Bson::Document(named) if named.contains_key("field") => (named.get("field"), named.get("input")),
        other => (Some(other), None),
    };
    let current = Bson::String("$$CURRENT".to_owned());
    let operands = [field.unwrap_or(&Bson::Null), input.unwrap_or(&current)];
    let parsed = operands.iter().map(|operand| expression(operand, depth + 1)).collect::<Result<_>>()?;
    let unknown = || QueryError::new(168, "Unrecognized expression '$getField'");
    Ok(Expression::Call(named("$getField").ok_or_else(unknown)?, parsed))
}

fn is_named(parameters: &[Parameter], document: &Document) -> bool {
    document.keys().next().is_some_and(|name| parameters.iter().any(|parameter| parameter.name() == name))
}

fn by_name(
    function: &Function,
    parameters: &[Parameter],
    document: &Document,
    depth: usize,
) -> Result<Vec<Expression>> {
    let name = function.name;
    if let Some(unknown) =
        document.keys().find(|given| parameters.iter().all(|one| one.name() != given.as_str()))
    {
        return Err(QueryError::failed_to_parse(format!("{name} found an unknown argument: {unknown}")));
    }
    let one = |parameter: &Parameter| match (parameter, document.get(parameter.name())) {
        (_, Some(value)) => expression(value, depth + 1),
        (Parameter::Optional(_), None) => Ok(Expression::Variable("REMOVE".to_owned(), Vec::new())),
        (Parameter::Required(missing), None) => {
            Err(QueryError::failed_to_parse(format!("Missing '{missing}' parameter to {name}")))
        }
    };
    parameters.iter().map(one).collect()
}

fn in_order(function: &Function, operand: &Bson, depth: usize) -> Result<Vec<Expression>> {
    let operands = match operand {
        Bson::Array(operands) => {
            operands.iter().map(|one| expression(one, depth + 1)).collect::<Result<Vec<_>>>()?
        }
        one => vec![expression(one, depth + 1)?],
    };
    let (name, count) = (function.name, operands.len());
    match function.arity {
        Arity::Exactly(wanted) if wanted != count => Err(QueryError::new(
            16020,
            format!("Expression {name} takes exactly {wanted} arguments. {count} were passed in."),
        )),
        Arity::Between(least, most) if count < least || count > most => Err(QueryError::new(
            28667,
            format!(
                "Expression {name} takes at least {least} arguments, and at most {most}, but {count} were passed in."
            ),
        )),
        Arity::AtLeast(least) if count < least => Err(QueryError::new(
            16020,
            format!("Expression {name} takes at least {least} arguments. {count} were passed in."),
        )),
        Arity::NamedOrOne(_) if count != 1 => Err(QueryError::new(
            40536,
            format!("{name} accepts exactly one argument if given an array, but was given {count}"),
        )),
        _ => Ok(operands),
    }
}
