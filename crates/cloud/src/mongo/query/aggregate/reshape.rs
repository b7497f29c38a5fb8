//! Stages that make one document of one: `$project`, `$addFields`, `$unset`, `$replaceRoot`, `$redact`.

use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, Scope};
use super::super::filter::Match;
use super::super::projection::{Dialect, Projection};
use super::super::types::optional_name;
use super::stage::single;

/// Such a stage. An update may be a pipeline of them.
#[derive(Debug, Clone)]
pub(in super::super) enum Reshape {
    Project(Projection),
    Replace(Expression, Arc<Context>),
    Redact(Expression, Arc<Context>),
}

impl Reshape {
    /// Parses the stage if it is one of these.
    pub(super) fn parse(name: &str, operand: &Bson, context: &Arc<Context>) -> Result<Option<Self>> {
        let document = |code: i32| {
            operand.as_document().ok_or_else(|| {
                QueryError::new(
                    code,
                    format!(
                        "{name} specification stage must be an object, got {}",
                        super::super::types::name(operand)
                    ),
                )
            })
        };
        Ok(Some(match name {
            "$project" => {
                let projection = Projection::of(document(15969)?, Dialect::Pipeline, context);
                Self::Project(projection.map_err(|error| within(name, error))?)
            }
            "$addFields" | "$set" => {
                let addition = Projection::addition(document(40272)?, context);
                Self::Project(addition.map_err(|error| within(name, error))?)
            }
            "$unset" => Self::Project(unset(operand, context)?),
            "$replaceRoot" => {
                let root = document(40229)?.get("newRoot");
                let root = root.ok_or_else(|| {
                    QueryError::new(40231, "no newRoot specified for the $replaceRoot stage")
                })?;
                Self::Replace(Expression::parse(root)?, Arc::clone(context))
            }
            "$replaceWith" => Self::Replace(Expression::parse(operand)?, Arc::clone(context)),
            "$redact" => Self::Redact(Expression::parse(operand)?, Arc::clone(context)),
            _ => return Ok(None),
        }))
    }

    /// Parses a stage of an update, which has only some of them.
    ///
    /// # Errors
    /// 72 for a stage that an update doesn't take, 40324 for an unknown one.
    pub(in super::super) fn of_update(stage: &Bson, context: &Arc<Context>) -> Result<Self> {
        let (name, operand) = single(stage)?;
        match (name, Self::parse(name, operand, context)?) {
            ("$redact", _) | (_, None) => {
                Err(QueryError::new(72, format!("{name} is not allowed to be used within an update")))
            }
            (_, Some(reshape)) => Ok(reshape),
        }
    }

    /// The document that comes of one.
    pub(in super::super) fn apply(&self, document: &Document) -> Result<Document> {
        Ok(self.pass(document.clone())?.unwrap_or_default())
    }

    /// The document that comes of one, if one does.
    pub(super) fn pass(&self, document: Document) -> Result<Option<Document>> {
        match self {
            Self::Project(projection) => projection.apply(&document, &Match::default()).map(Some),
            Self::Replace(expression, context) => {
                match expression.evaluate(&Scope::new(&document, context))? {
                    Some(Bson::Document(root)) => Ok(Some(root)),
                    other => {
                        let found = optional_name(other.as_ref());
                        Err(QueryError::new(
                            40228,
                            format!(
                                "'newRoot' expression must evaluate to an object, but resulting value was of type: {found}"
                            ),
                        ))
                    }
                }
            }
            Self::Redact(expression, context) => {
                redacted(expression, &document, &Scope::new(&document, context))
            }
        }
    }
}

/// The error with the stage it is of.
fn within(stage: &str, error: QueryError) -> QueryError {
    QueryError::new(error.code, format!("Invalid {stage} :: caused by :: {}", error.message))
}

fn unset(operand: &Bson, context: &Arc<Context>) -> Result<Projection> {
    let wrong = || QueryError::new(31002, "$unset specification must be a string or an array");
    let paths: Vec<&str> = match operand {
        Bson::String(path) => vec![path],
        Bson::Array(paths) if !paths.is_empty() => {
            paths.iter().map(|path| path.as_str().ok_or_else(wrong)).collect::<Result<_>>()?
        }
        _ => return Err(wrong()),
    };
    Projection::removal(paths.into_iter(), context)
}

fn redacted(expression: &Expression, document: &Document, scope: &Scope<'_>) -> Result<Option<Document>> {
    match expression.evaluate(&scope.descend(document))? {
        Some(Bson::String(verdict)) if verdict == "$PRUNE" => Ok(None),
        Some(Bson::String(verdict)) if verdict == "$KEEP" => Ok(Some(document.clone())),
        Some(Bson::String(verdict)) if verdict == "$DESCEND" => {
            let mut kept = Document::new();
            for (name, value) in document {
                if let Some(value) = redacted_value(expression, value, scope)? {
                    kept.insert(name.clone(), value);
                }
            }
            Ok(Some(kept))
        }
        _ => Err(QueryError::new(
            17053,
            "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE",
        )),
    }
}

fn redacted_value(expression: &Expression, value: &Bson, scope: &Scope<'_>) -> Result<Option<Bson>> {
    match value {
        Bson::Document(document) => Ok(redacted(expression, document, scope)?.map(Bson::Document)),
        Bson::Array(array) => {
            let items = array.iter().filter_map(|item| redacted_value(expression, item, scope).transpose());
            Ok(Some(Bson::Array(items.collect::<Result<_>>()?)))
        }
        other => Ok(Some(other.clone())),
    }
}
