//! Operators that choose which operands they evaluate, or evaluate one under other names.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::parse::{expression, is_valid_variable};
use super::{Expression, Scope, Value, nullish, truthy};

/// Such an operator with its operands.
#[derive(Debug, Clone)]
pub(crate) enum Lazy {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Condition { condition: Expression, then: Expression, otherwise: Expression },
    IfNull(Vec<Expression>),
    Switch { branches: Vec<(Expression, Expression)>, default: Option<Expression> },
    Let { variables: Vec<(String, Expression)>, body: Expression },
    Map { input: Expression, name: String, body: Expression },
    Filter { input: Expression, name: String, condition: Expression, limit: Option<Expression> },
    Reduce { input: Expression, initial: Expression, body: Expression },
    Random,
}

impl Lazy {
    /// Whether the operator is one of these.
    pub(super) fn is_one(name: &str) -> bool {
        const NAMES: &[&str] =
            &["$and", "$or", "$cond", "$ifNull", "$switch", "$let", "$map", "$filter", "$reduce", "$rand"];
        NAMES.contains(&name)
    }

    /// Parses the operator if it is one of these.
    pub(super) fn parse(name: &str, operand: &Bson, depth: usize) -> Result<Option<Self>> {
        let parsed = match name {
            "$and" => Self::And(several(operand, depth)?),
            "$or" => Self::Or(several(operand, depth)?),
            "$cond" => condition(operand, depth)?,
            "$ifNull" => if_null(operand, depth)?,
            "$switch" => switch(operand, depth)?,
            "$let" => bindings(operand, depth)?,
            "$map" => map(operand, depth)?,
            "$filter" => filter(operand, depth)?,
            "$reduce" => reduce(operand, depth)?,
            "$rand" => Self::Random,
            _ => return Ok(None),
        };
        Ok(Some(parsed))
    }

    pub(super) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value> {
        match self {
            Self::And(operands) => Ok(Some(Bson::Boolean(!any(operands, scope, false)?))),
            Self::Or(operands) => Ok(Some(Bson::Boolean(any(operands, scope, true)?))),
            Self::Condition { condition, then, otherwise } => {
                let chosen = if holds(condition, scope)? { then } else { otherwise };
                chosen.evaluate(scope)
            }
            Self::IfNull(operands) => evaluate_if_null(operands, scope),
            Self::Switch { branches, default } => evaluate_switch(branches, default.as_ref(), scope),
            Self::Let { variables, body } => evaluate_let(variables, body, scope, *scope),
            Self::Map { input, name, body } => evaluate_map(input, name, body, scope),
            Self::Filter { input, name, condition, limit } => {
                evaluate_filter(input, name, condition, limit.as_ref(), scope)
            }
            Self::Reduce { input, initial, body } => evaluate_reduce(input, initial, body, scope),
            Self::Random => Ok(Some(Bson::Double(scope.context().random()))),
        }
    }
}

fn holds(expression: &Expression, scope: &Scope<'_>) -> Result<bool> {
    Ok(truthy(expression.evaluate(scope)?.as_ref()))
}

/// Whether one of them is `wanted`; those behind it are not evaluated.
fn any(operands: &[Expression], scope: &Scope<'_>, wanted: bool) -> Result<bool> {
    for operand in operands {
        if holds(operand, scope)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn evaluate_if_null(operands: &[Expression], scope: &Scope<'_>) -> Result<Value> {
    let mut value = None;
    for operand in operands {
        value = operand.evaluate(scope)?;
        if !nullish(value.as_ref()) {
            return Ok(value);
        }
    }
    Ok(value)
}

fn evaluate_switch(
    branches: &[(Expression, Expression)],
    default: Option<&Expression>,
    scope: &Scope<'_>,
) -> Result<Value> {
    for (case, then) in branches {
        if holds(case, scope)? {
            return then.evaluate(scope);
        }
    }
    let none = "$switch could not find a matching branch for an input, and no default was specified.";
    default.ok_or_else(|| QueryError::new(40066, none))?.evaluate(scope)
}

/// Binds one variable after the other; all are evaluated under the names outside.
fn evaluate_let(
    variables: &[(String, Expression)],
    body: &Expression,
    outside: &Scope<'_>,
    inside: Scope<'_>,
) -> Result<Value> {
    match variables.split_first() {
        None => body.evaluate(&inside),
        Some(((name, value), rest)) => {
            let frame = inside.bind(name, value.evaluate(outside)?);
            evaluate_let(rest, body, outside, inside.within(&frame))
        }
    }
}

fn evaluate_map(input: &Expression, name: &str, body: &Expression, scope: &Scope<'_>) -> Result<Value> {
    let array = match input.evaluate(scope)? {
        Some(Bson::Array(array)) => array,
        value if nullish(value.as_ref()) => return Ok(Some(Bson::Null)),
        value => return Err(not_an_array(16883, "input to $map must be an array not", value.as_ref())),
    };
    let mut mapped = Vec::with_capacity(array.len());
    for item in array {
        let frame = scope.bind(name, Some(item));
        mapped.push(body.evaluate(&scope.within(&frame))?.unwrap_or(Bson::Null));
    }
    Ok(Some(Bson::Array(mapped)))
}

fn evaluate_filter(
    input: &Expression,
    name: &str,
    condition: &Expression,
    limit: Option<&Expression>,
    scope: &Scope<'_>,
) -> Result<Value> {
    let array = match input.evaluate(scope)? {
        Some(Bson::Array(array)) => array,
        value if nullish(value.as_ref()) => return Ok(Some(Bson::Null)),
        value => return Err(not_an_array(28651, "input to $filter must be an array not", value.as_ref())),
    };
    let limit = limit.map_or(Ok(usize::MAX), |limit| evaluate_limit(limit, scope))?;
    let mut kept = Vec::new();
    for item in array {
        if kept.len() >= limit {
            break;
        }
        let frame = scope.bind(name, Some(item.clone()));
        if holds(condition, &scope.within(&frame))? {
            kept.push(item);
        }
    }
    Ok(Some(Bson::Array(kept)))
}

fn evaluate_limit(limit: &Expression, scope: &Scope<'_>) -> Result<usize> {
    let value = limit.evaluate(scope)?;
    if nullish(value.as_ref()) {
        return Ok(usize::MAX);
    }
    let whole = value.as_ref().and_then(Number::of).and_then(|number| number.to_i64());
    whole.and_then(|whole| usize::try_from(whole).ok()).filter(|limit| *limit > 0).ok_or_else(|| {
        QueryError::new(
            327_391,
            "$filter: limit must be represented as a 32-bit integral value greater than 0",
        )
    })
}

fn evaluate_reduce(
    input: &Expression,
    initial: &Expression,
    body: &Expression,
    scope: &Scope<'_>,
) -> Result<Value> {
    let array = match input.evaluate(scope)? {
        Some(Bson::Array(array)) => array,
        value if nullish(value.as_ref()) => return Ok(Some(Bson::Null)),
        value => {
            return Err(not_an_array(
                40080,
                "$reduce requires that 'input' be an array, found:",
                value.as_ref(),
            ));
        }
    };
    let mut value = initial.evaluate(scope)?;
    for item in array {
        let this = scope.bind("this", Some(item));
        let scope = scope.within(&this);
        let so_far = scope.bind("value", value);
        value = body.evaluate(&scope.within(&so_far))?;
    }
    Ok(value)
}

fn not_an_array(code: i32, what: &str, value: Option<&Bson>) -> QueryError {
    QueryError::new(code, format!("{what} {}", super::super::types::optional_name(value)))
}

fn several(operand: &Bson, depth: usize) -> Result<Vec<Expression>> {
    match operand {
        Bson::Array(operands) => operands.iter().map(|one| expression(one, depth + 1)).collect(),
        one => Ok(vec![expression(one, depth + 1)?]),
    }
}

fn condition(operand: &Bson, depth: usize) -> Result<Lazy> {
    let [condition, then, otherwise] = match operand {
        Bson::Array(operands) => match operands.as_slice() {
            [condition, then, otherwise] => [condition, then, otherwise],
            _ => {
                let count = operands.len();
                let message = format!("Expression $cond takes exactly 3 arguments. {count} were passed in.");
                return Err(QueryError::new(16020, message));
            }
        },
        Bson::Document(named) => {
            known("$cond", 17083, named, &["if", "then", "else"])?;
            let part = |name: &str, code| {
                named
                    .get(name)
                    .ok_or_else(|| QueryError::new(code, format!("Missing '{name}' parameter to $cond")))
            };
            [part("if", 17080)?, part("then", 17081)?, part("else", 17082)?]
        }
        _ => {
            return Err(QueryError::new(
                16020,
                "Expression $cond takes exactly 3 arguments. 1 were passed in.",
            ));
        }
    };
    Ok(Lazy::Condition {
        condition: expression(condition, depth + 1)?,
        then: expression(then, depth + 1)?,
        otherwise: expression(otherwise, depth + 1)?,
    })
}

fn if_null(operand: &Bson, depth: usize) -> Result<Lazy> {
    let operands = several(operand, depth)?;
    if operands.len() < 2 {
        let count = operands.len();
        return Err(QueryError::new(
            1_257_300,
            format!("$ifNull needs at least two arguments, had: {count}"),
        ));
    }
    Ok(Lazy::IfNull(operands))
}

fn switch(operand: &Bson, depth: usize) -> Result<Lazy> {
    let named = named("$switch", 40060, operand)?;
    known("$switch", 40067, named, &["branches", "default"])?;
    let default = named.get("default").map(|default| expression(default, depth + 1)).transpose()?;
    let Some(Bson::Array(branches)) = named.get("branches") else {
        return Err(QueryError::new(40061, "$switch expected an array for 'branches'"));
    };
    if branches.is_empty() {
        return Err(QueryError::new(40068, "$switch requires at least one branch."));
    }
    let branch = |branch: &Bson| {
        let branch = branch
            .as_document()
            .ok_or_else(|| QueryError::new(40062, "$switch expected each branch to be an object"))?;
        known("$switch", 40063, branch, &["case", "then"])?;
        let part = |name: &str, code| {
            let missing =
                || QueryError::new(code, format!("$switch requires each branch have a '{name}' expression"));
            branch.get(name).ok_or_else(missing)
        };
        Ok((expression(part("case", 40064)?, depth + 1)?, expression(part("then", 40065)?, depth + 1)?))
    };
    Ok(Lazy::Switch { branches: branches.iter().map(branch).collect::<Result<_>>()?, default })
}

fn bindings(operand: &Bson, depth: usize) -> Result<Lazy> {
    let named = named("$let", 16874, operand)?;
    known("$let", 16875, named, &["vars", "in"])?;
    let Some(Bson::Document(given)) = named.get("vars") else {
        return Err(QueryError::new(16876, "Missing 'vars' parameter to $let"));
    };
    let mut variables = Vec::with_capacity(given.len());
    for (name, value) in given {
        is_valid_variable(name)?;
        variables.push((name.clone(), expression(value, depth + 1)?));
    }
    let body = named.get("in").ok_or_else(|| QueryError::new(16877, "Missing 'in' parameter to $let"))?;
    Ok(Lazy::Let { variables, body: expression(body, depth + 1)? })
}

fn map(operand: &Bson, depth: usize) -> Result<Lazy> {
    let named = named("$map", 16878, operand)?;
    known("$map", 16879, named, &["input", "as", "in"])?;
    let part = |name: &str, code| part("$map", named, name, code, depth);
    Ok(Lazy::Map { input: part("input", 16880)?, name: variable(named)?, body: part("in", 16882)? })
}

fn filter(operand: &Bson, depth: usize) -> Result<Lazy> {
    let named = named("$filter", 28646, operand)?;
    known("$filter", 28647, named, &["input", "as", "cond", "limit"])?;
    let part = |name: &str, code| part("$filter", named, name, code, depth);
    let limit = named.get("limit").map(|limit| expression(limit, depth + 1)).transpose()?;
    Ok(Lazy::Filter {
        input: part("input", 28648)?,
        name: variable(named)?,
        condition: part("cond", 28650)?,
        limit,
    })
}

fn reduce(operand: &Bson, depth: usize) -> Result<Lazy> {
    let named = named("$reduce", 40075, operand)?;
    known("$reduce", 40076, named, &["input", "initialValue", "in"])?;
    let part = |name: &str, code| part("$reduce", named, name, code, depth);
    Ok(Lazy::Reduce {
        input: part("input", 40077)?,
        initial: part("initialValue", 40078)?,
        body: part("in", 40079)?,
    })
}

fn named<'a>(operator: &str, code: i32, operand: &'a Bson) -> Result<&'a Document> {
    operand
        .as_document()
        .ok_or_else(|| QueryError::new(code, format!("{operator} only supports an object as its argument")))
}

fn known(operator: &str, code: i32, given: &Document, names: &[&str]) -> Result<()> {
    match given.keys().find(|name| !names.contains(&name.as_str())) {
        Some(unknown) => {
            Err(QueryError::new(code, format!("Unrecognized parameter to {operator}: {unknown}")))
        }
        None => Ok(()),
    }
}

fn part(operator: &str, given: &Document, name: &str, code: i32, depth: usize) -> Result<Expression> {
    let missing = || QueryError::new(code, format!("Missing '{name}' parameter to {operator}"));
    expression(given.get(name).ok_or_else(missing)?, depth + 1)
}

/// The name of the element's variable, `this` if none is given.
fn variable(given: &Document) -> Result<String> {
    let name = match given.get("as") {
        None => "this",
        Some(Bson::String(name)) => name,
        Some(_) => return Err(QueryError::failed_to_parse("'as' must be a string")),
    };
    is_valid_variable(name)?;
    Ok(name.to_owned())
}
