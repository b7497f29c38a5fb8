//! `$jsonSchema`: the keywords of draft 4 that MongoDB has, with `bsonType`.

use std::collections::BTreeMap;

use bson::{Bson, Document};

use super::super::compare::equal;
use super::super::context::DEPTH;
use super::super::error::{QueryError, Result};
use super::super::number::{Number, Operation};
use super::super::pattern::Pattern;
use super::super::types::Types;

/// A parsed schema.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Schema {
    types: Option<Types>,
    values: Option<Vec<Bson>>,
    least: Option<(Bson, Edge)>,
    greatest: Option<(Bson, Edge)>,
    multiple_of: Option<Number>,
    pattern: Option<Pattern>,
    length: Between,
    items: Between,
    fields: Between,
    unique: bool,
    required: Vec<String>,
    properties: BTreeMap<String, Schema>,
    patterns: Vec<(Pattern, Schema)>,
    others: Others,
    each: Option<Box<Schema>>,
    by_place: Vec<Schema>,
    further: Others,
    dependencies: Vec<(String, Dependency)>,
    all: Vec<Schema>,
    any: Vec<Schema>,
    one: Vec<Schema>,
    not: Option<Box<Schema>>,
}

/// Whether a bound itself passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Passes,
    Fails,
}

/// What is not named.
#[derive(Debug, Clone, Default)]
enum Others {
    #[default]
    Pass,
    Fail,
    Match(Box<Schema>),
}

#[derive(Debug, Clone)]
enum Dependency {
    Fields(Vec<String>),
    Schema(Box<Schema>),
}

/// A least and a greatest count.
#[derive(Debug, Clone, Copy, Default)]
struct Between {
    least: Option<usize>,
    most: Option<usize>,
}

impl Between {
    fn admits(self, count: usize) -> bool {
        self.least.is_none_or(|least| count >= least) && self.most.is_none_or(|most| count <= most)
    }
}

impl Schema {
    /// Parses the operand of `$jsonSchema`.
    ///
    /// # Errors
    /// 14 and 9 for what is no schema, 9 for an unknown keyword.
    pub(super) fn parse(value: &Bson) -> Result<Self> {
        Self::nested(value, 0)
    }

    /// Whether the document passes.
    pub(super) fn admits(&self, document: &Document) -> bool {
        self.admits_value(&Bson::Document(document.clone()))
    }

    fn nested(value: &Bson, depth: usize) -> Result<Self> {
        if depth > DEPTH {
            return Err(QueryError::too_deep());
        }
        let document =
            value.as_document().ok_or_else(|| QueryError::type_mismatch("$jsonSchema must be an object"))?;
        let mut schema = Self::default();
        for (keyword, operand) in document {
            schema.keyword(keyword, operand, document, depth)?;
        }
        Ok(schema)
    }

    fn keyword(&mut self, keyword: &str, operand: &Bson, beside: &Document, depth: usize) -> Result<()> {
        let edge = |name: &str| match beside.get(name) {
            Some(Bson::Boolean(true)) => Edge::Fails,
            _ => Edge::Passes,
        };
        match keyword {
            "bsonType" => self.types = Some(Types::parse(operand)?),
            "type" => self.types = Some(Types::parse(&json_types(operand))?),
            "enum" => self.values = Some(array(keyword, operand)?.clone()),
            "minimum" => self.least = Some((operand.clone(), edge("exclusiveMinimum"))),
            "maximum" => self.greatest = Some((operand.clone(), edge("exclusiveMaximum"))),
            "multipleOf" => self.multiple_of = Number::of(operand).filter(|number| !number.is_zero()),
            "pattern" => self.pattern = Some(Pattern::new(text(keyword, operand)?, "")?),
            "minLength" => self.length.least = Some(count(keyword, operand)?),
            "maxLength" => self.length.most = Some(count(keyword, operand)?),
            "minItems" => self.items.least = Some(count(keyword, operand)?),
            "maxItems" => self.items.most = Some(count(keyword, operand)?),
            "minProperties" => self.fields.least = Some(count(keyword, operand)?),
            "maxProperties" => self.fields.most = Some(count(keyword, operand)?),
            "uniqueItems" => self.unique = operand.as_bool().unwrap_or(false),
            "required" => self.required = texts(keyword, operand)?,
            "properties" => self.properties = named(keyword, operand, depth)?.into_iter().collect(),
            "patternProperties" => {
                let named = named(keyword, operand, depth)?;
                self.patterns = named
                    .into_iter()
                    .map(|(pattern, schema)| Ok((Pattern::new(&pattern, "")?, schema)))
                    .collect::<Result<_>>()?;
            }
            "additionalProperties" => self.others = others(operand, depth)?,
            "items" => match operand {
                Bson::Array(schemas) => self.by_place = several(schemas, depth)?,
                one => self.each = Some(Box::new(Self::nested(one, depth + 1)?)),
            },
            "additionalItems" => self.further = others(operand, depth)?,
            "dependencies" => self.dependencies = dependencies(operand, depth)?,
            "allOf" => self.all = several(array(keyword, operand)?, depth)?,
            "anyOf" => self.any = several(array(keyword, operand)?, depth)?,
            "oneOf" => self.one = several(array(keyword, operand)?, depth)?,
            "not" => self.not = Some(Box::new(Self::nested(operand, depth + 1)?)),
            "title" | "description" | "exclusiveMinimum" | "exclusiveMaximum" => {}
            "$ref" | "$schema" | "default" | "definitions" | "format" | "id" => {
                return Err(QueryError::failed_to_parse(format!(
                    "$jsonSchema keyword '{keyword}' is not currently supported"
                )));
            }
            _ => return Err(QueryError::failed_to_parse(format!("Unknown $jsonSchema keyword: {keyword}"))),
        }
        Ok(())
    }

    fn admits_value(&self, value: &Bson) -> bool {
        self.types.as_ref().is_none_or(|types| types.contain(value))
            && self.values.as_ref().is_none_or(|values| values.iter().any(|one| equal(one, value)))
            && self.all.iter().all(|schema| schema.admits_value(value))
            && (self.any.is_empty() || self.any.iter().any(|schema| schema.admits_value(value)))
            && (self.one.is_empty()
                || self.one.iter().filter(|schema| schema.admits_value(value)).count() == 1)
            && self.not.as_ref().is_none_or(|schema| !schema.admits_value(value))
            && match value {
                Bson::Document(document) => self.admits_fields(document),
                Bson::Array(array) => self.admits_items(array),
                Bson::String(text) => {
                    self.length.admits(text.chars().count())
                        && self.pattern.as_ref().is_none_or(|pattern| pattern.matches(value))
                }
                other => Number::of(other).is_none_or(|number| self.admits_number(&number)),
            }
    }

    fn admits_number(&self, number: &Number) -> bool {
        let within = |bound: &Option<(Bson, Edge)>, wanted: std::cmp::Ordering| match bound {
            None => true,
            Some((bound, edge)) => Number::of(bound).is_none_or(|bound| {
                let order = number.compare(&bound);
                order == wanted || order.is_eq() && *edge == Edge::Passes
            }),
        };
        within(&self.least, std::cmp::Ordering::Greater)
            && within(&self.greatest, std::cmp::Ordering::Less)
            && self.multiple_of.as_ref().is_none_or(|factor| is_multiple(number, factor))
    }

    fn admits_fields(&self, document: &Document) -> bool {
        self.fields.admits(document.len())
            && self.required.iter().all(|name| document.contains_key(name))
            && document.iter().all(|(name, value)| self.admits_field(name, value))
            && self.dependencies.iter().filter(|(name, _)| document.contains_key(name)).all(
                |(_, dependency)| match dependency {
                    Dependency::Fields(names) => names.iter().all(|name| document.contains_key(name)),
                    Dependency::Schema(schema) => schema.admits(document),
                },
            )
    }

    fn admits_field(&self, name: &str, value: &Bson) -> bool {
        let property = self.properties.get(name);
        let mut named = property.is_some();
        for (pattern, schema) in &self.patterns {
            if pattern.regex().is_match(name) {
                named = true;
                if !schema.admits_value(value) {
                    return false;
                }
            }
        }
        property.is_none_or(|schema| schema.admits_value(value)) && (named || self.others.admit(value))
    }

    fn admits_items(&self, array: &[Bson]) -> bool {
        let unique =
            || array.iter().enumerate().all(|(at, item)| !array.iter().take(at).any(|one| equal(one, item)));
        self.items.admits(array.len())
            && (!self.unique || unique())
            && self.each.as_ref().is_none_or(|schema| array.iter().all(|item| schema.admits_value(item)))
            && self.by_place.iter().zip(array).all(|(schema, item)| schema.admits_value(item))
            && (self.by_place.is_empty()
                || array.iter().skip(self.by_place.len()).all(|item| self.further.admit(item)))
    }
}

impl Others {
    fn admit(&self, value: &Bson) -> bool {
        match self {
            Self::Pass => true,
            Self::Fail => false,
            Self::Match(schema) => schema.admits_value(value),
        }
    }
}

fn is_multiple(number: &Number, factor: &Number) -> bool {
    let rest = number.to_decimal().remainder(&factor.to_decimal());
    let zero = Number::Int(0);
    Number::checked(Operation::Add, &Number::Decimal(rest), &zero).is_some_and(|rest| rest.is_zero())
}

/// JSON's names of types in BSON's.
fn json_types(operand: &Bson) -> Bson {
    match operand {
        Bson::String(name) if name == "boolean" => Bson::from("bool"),
        Bson::Array(several) => Bson::Array(several.iter().map(json_types).collect()),
        other => other.clone(),
    }
}

fn wrong(keyword: &str, what: &str) -> QueryError {
    QueryError::type_mismatch(format!("$jsonSchema keyword '{keyword}' must be {what}"))
}

fn array<'a>(keyword: &str, operand: &'a Bson) -> Result<&'a Vec<Bson>> {
    operand.as_array().filter(|array| !array.is_empty()).ok_or_else(|| wrong(keyword, "a non-empty array"))
}

fn text<'a>(keyword: &str, operand: &'a Bson) -> Result<&'a str> {
    operand.as_str().ok_or_else(|| wrong(keyword, "a string"))
}

fn texts(keyword: &str, operand: &Bson) -> Result<Vec<String>> {
    array(keyword, operand)?.iter().map(|one| text(keyword, one).map(str::to_owned)).collect()
}

fn count(keyword: &str, operand: &Bson) -> Result<usize> {
    let whole = Number::of(operand).and_then(|number| number.to_i64());
    whole
        .and_then(|whole| usize::try_from(whole).ok())
        .ok_or_else(|| wrong(keyword, "a non-negative integer"))
}

fn named(keyword: &str, operand: &Bson, depth: usize) -> Result<Vec<(String, Schema)>> {
    let document = operand.as_document().ok_or_else(|| wrong(keyword, "an object"))?;
    document.iter().map(|(name, schema)| Ok((name.clone(), Schema::nested(schema, depth + 1)?))).collect()
}

fn several(schemas: &[Bson], depth: usize) -> Result<Vec<Schema>> {
    schemas.iter().map(|schema| Schema::nested(schema, depth + 1)).collect()
}

fn others(operand: &Bson, depth: usize) -> Result<Others> {
    Ok(match operand {
        Bson::Boolean(true) => Others::Pass,
        Bson::Boolean(false) => Others::Fail,
        schema => Others::Match(Box::new(Schema::nested(schema, depth + 1)?)),
    })
}

fn dependencies(operand: &Bson, depth: usize) -> Result<Vec<(String, Dependency)>> {
    let document = operand.as_document().ok_or_else(|| wrong("dependencies", "an object"))?;
    let one = |(name, dependency): (&String, &Bson)| {
        let dependency = match dependency {
            Bson::Array(_) => Dependency::Fields(texts("dependencies", dependency)?),
            schema => Dependency::Schema(Box::new(Schema::nested(schema, depth + 1)?)),
        };
        Ok((name.clone(), dependency))
    };
    document.iter().map(one).collect()
}
