//! The table of operators that evaluate all their operands: name, number of operands, function.

use bson::Bson;

use super::super::error::Result;
use super::Value;

/// An operator.
#[derive(Debug)]
pub(crate) struct Function {
    pub(super) name: &'static str,
    pub(super) arity: Arity,
    /// Takes the operator's name, for its messages, and the operands.
    pub(super) run: fn(&str, &[Value]) -> Result<Value>,
}

/// How operands are given.
#[derive(Debug)]
pub(super) enum Arity {
    Exactly(usize),
    Between(usize, usize),
    AtLeast(usize),
    /// `{name: operand, …}`; in the function's order, those not given are missing.
    Named(&'static [Parameter]),
    /// Named operands, or one operand that stands for the first.
    NamedOrOne(&'static [Parameter]),
}

/// A named operand.
#[derive(Debug)]
pub(super) enum Parameter {
    Required(&'static str),
    Optional(&'static str),
}

impl Parameter {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Required(name) | Self::Optional(name) => name,
        }
    }
}

/// The operator with this name.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    const FAMILIES: &[&[Function]] = &[
        super::arithmetic::FUNCTIONS,
        super::arrays::FUNCTIONS,
        super::boolean::FUNCTIONS,
        super::convert::FUNCTIONS,
        super::dates::FUNCTIONS,
        super::objects::FUNCTIONS,
        super::sets::FUNCTIONS,
        super::statistics::FUNCTIONS,
        super::strings::FUNCTIONS,
    ];
    FAMILIES.iter().flat_map(|family| family.iter()).find(|function| function.name == name)
}

/// An operator with a fixed number of operands.
pub(super) const fn exactly(
    name: &'static str,
    count: usize,
    run: fn(&str, &[Value]) -> Result<Value>,
) -> Function {
    Function { name, arity: Arity::Exactly(count), run }
}

/// The operand at a place.
pub(super) fn operand(operands: &[Value], place: usize) -> Option<&Bson> {
    operands.get(place).and_then(Option::as_ref)
}
