//! Documents: merging them, and fields by computed names.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::types::optional_name;
use super::functions::{Arity, Function, Parameter, operand};
use super::{Value, nullish};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "$mergeObjects", arity: Arity::AtLeast(0), run: merge },
    Function {
        name: "$getField",
        arity: Arity::NamedOrOne(&[Parameter::Required("field"), Parameter::Optional("input")]),
        run: get,
    },
    Function {
        name: "$setField",
        arity: Arity::Named(&[
            Parameter::Required("field"),
            Parameter::Required("input"),
            Parameter::Required("value"),
        ]),
        run: set,
    },
    Function {
        name: "$unsetField",
        arity: Arity::Named(&[Parameter::Required("field"), Parameter::Required("input")]),
        run: unset,
    },
];

fn merge(name: &str, operands: &[Value]) -> Result<Value> {
    let operands = match operands {
        [Some(Bson::Array(array))] => array.iter().cloned().map(Some).collect(),
        several => several.to_vec(),
    };
    let mut merged = Document::new();
    for value in operands {
        match value {
            Some(Bson::Document(document)) => merged.extend(document),
            value if nullish(value.as_ref()) => {}
            value => {
                let found = optional_name(value.as_ref());
                return Err(QueryError::new(
                    40400,
                    format!("{name} requires object inputs, but input is of type {found}"),
                ));
            }
        }
    }
    Ok(Some(Bson::Document(merged)))
}

fn get(name: &str, operands: &[Value]) -> Result<Value> {
    let field = field(name, 3_041_704, operands)?;
    match operand(operands, 1) {
        Some(Bson::Document(document)) => Ok(document.get(field).cloned()),
        Some(value) if nullish(Some(value)) => Ok(Some(Bson::Null)),
        _ => Ok(None),
    }
}

fn set(name: &str, operands: &[Value]) -> Result<Value> {
    let field = field(name, 4_161_107, operands)?;
    let mut document = match operand(operands, 1) {
        Some(Bson::Document(document)) => document.clone(),
        value if nullish(value) => return Ok(Some(Bson::Null)),
        _ => {
            return Err(QueryError::new(
                4_161_105,
                format!("{name} requires 'input' to evaluate to type Object"),
            ));
        }
    };
    match operand(operands, 2) {
        Some(value) => drop(document.insert(field, value.clone())),
        None => drop(document.remove(field)),
    }
    Ok(Some(Bson::Document(document)))
}

fn unset(name: &str, operands: &[Value]) -> Result<Value> {
    let (field, input) = (operands.first().cloned().flatten(), operands.get(1).cloned().flatten());
    set(name, &[field, input, None])
}

fn field<'a>(name: &str, code: i32, operands: &'a [Value]) -> Result<&'a str> {
    match operand(operands, 0) {
        Some(Bson::String(field)) => Ok(field),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(
                code,
                format!("{name} requires 'field' to evaluate to type String, but got {found}"),
            ))
        }
    }
}
