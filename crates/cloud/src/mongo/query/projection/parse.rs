//! Projection documents → trees.

use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::{Context, DEPTH};
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, truthy};
use super::super::filter::Filter;
use super::super::number::Number;
use super::tree::{Element, Node};
use super::{Dialect, Kind};

/// What has been seen of a projection.
struct Parser<'a> {
    dialect: Dialect,
    context: &'a Arc<Context>,
    kind: Option<Kind>,
    root: Node,
    id: Option<Node>,
}

/// Parses a projection.
pub(super) fn projection(spec: &Document, dialect: Dialect, context: &Arc<Context>) -> Result<(Kind, Node)> {
    if spec.is_empty() && dialect == Dialect::Pipeline {
        return Err(QueryError::new(51272, "projection specification must have at least one field"));
    }
    let mut parser = Parser { dialect, context, kind: None, root: Node::Fields(Vec::new()), id: None };
    for (path, value) in spec {
        parser.field(path, value, 0)?;
    }
    parser.finish()
}

/// Parses computed fields only.
pub(super) fn addition(spec: &Document) -> Result<Node> {
    if spec.is_empty() {
        return Err(QueryError::new(40177, "specification must have at least one field"));
    }
    let mut root = Node::Fields(Vec::new());
    for (path, value) in spec {
        computed(&mut root, path, value, 0)?;
    }
    Ok(root)
}

fn computed(root: &mut Node, path: &str, value: &Bson, depth: usize) -> Result<()> {
    if depth > DEPTH {
        return Err(QueryError::too_deep());
    }
    check(path)?;
    match value {
        Bson::Document(document) if !document.is_empty() && !is_operator(document) => document
            .iter()
            .try_for_each(|(name, value)| computed(root, &format!("{path}.{name}"), value, depth + 1)),
        value => put(root, path, Node::Compute(Expression::parse(value)?)),
    }
}

fn is_operator(document: &Document) -> bool {
    document.keys().next().is_some_and(|name| name.starts_with('$'))
}

impl Parser<'_> {
    fn field(&mut self, path: &str, value: &Bson, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(QueryError::too_deep());
        }
        if let (Dialect::Find, Some(array)) = (self.dialect, path.strip_suffix(".$")) {
            self.set_kind(Kind::Inclusion, path)?;
            return put(&mut self.root, array, Node::Positional);
        }
        check(path)?;
        match value {
            Bson::Document(document) if is_operator(document) => self.operator(path, document, value),
            Bson::Document(document) if !document.is_empty() => document
                .iter()
                .try_for_each(|(name, value)| self.field(&format!("{path}.{name}"), value, depth + 1)),
            Bson::Boolean(_) | Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => {
                self.flag(path, truthy(Some(value)))
            }
            value => self.compute(path, value),
        }
    }

    fn flag(&mut self, path: &str, include: bool) -> Result<()> {
        if path == "_id" {
            self.id = Some(if include { Node::Include } else { Node::Exclude });
            return Ok(());
        }
        if include {
            self.set_kind(Kind::Inclusion, path)?;
            return put(&mut self.root, path, Node::Include);
        }
        self.set_kind(Kind::Exclusion, path)?;
        put(&mut self.root, path, Node::Exclude)
    }

    fn compute(&mut self, path: &str, value: &Bson) -> Result<()> {
        self.set_kind(Kind::Inclusion, path)?;
        put(&mut self.root, path, Node::Compute(Expression::parse(value)?))
    }

    fn operator(&mut self, path: &str, document: &Document, value: &Bson) -> Result<()> {
        let operator = document.iter().next().filter(|_| self.dialect == Dialect::Find);
        match operator {
            Some((name, operand)) if name == "$slice" && is_find_slice(operand) => {
                put(&mut self.root, path, slice(operand)?)
            }
            Some((name, operand)) if name == "$elemMatch" => {
                if path.contains('.') {
                    return Err(QueryError::new(
                        31275,
                        "Cannot use $elemMatch projection on a nested field.",
                    ));
                }
                self.set_kind(Kind::Inclusion, path)?;
                let element = self.element(operand)?;
                put(&mut self.root, path, element)
            }
            Some((name, _)) if name == "$meta" => Err(QueryError::not_here("a $meta projection")),
            _ => match document.keys().find(|name| !Expression::is_operator(name)) {
                Some(unknown) => Err(QueryError::new(31325, format!("Unknown expression {unknown}"))),
                None => self.compute(path, value),
            },
        }
    }

    fn element(&self, operand: &Bson) -> Result<Node> {
        let Bson::Document(document) = operand else {
            return Err(QueryError::new(31274, "elemMatch: Invalid argument, object required"));
        };
        let logical = |name: &String| matches!(name.as_str(), "$and" | "$or" | "$nor");
        let element = if is_operator(document) && !document.keys().next().is_some_and(logical) {
            Element::Value(Filter::parse_operators(document, self.context)?)
        } else {
            Element::Document(Filter::parse(document, self.context)?)
        };
        Ok(Node::Element(element))
    }

    fn set_kind(&mut self, kind: Kind, path: &str) -> Result<()> {
        match (self.kind, kind) {
            (Some(Kind::Exclusion), Kind::Inclusion) if path != "_id" => Err(QueryError::new(
                31253,
                format!("Cannot do inclusion on field {path} in exclusion projection"),
            )),
            (Some(Kind::Inclusion), Kind::Exclusion) => Err(QueryError::new(
                31254,
                format!("Cannot do exclusion on field {path} in inclusion projection"),
            )),
            _ => {
                self.kind = Some(kind);
                Ok(())
            }
        }
    }

    /// `_id` decides if nothing else does; a `$slice` alone leaves all other fields.
    fn finish(mut self) -> Result<(Kind, Node)> {
        let kind = match (self.kind, &self.id) {
            (Some(kind), _) => kind,
            (None, Some(Node::Include)) => Kind::Inclusion,
            (None, _) => Kind::Exclusion,
        };
        match (kind, self.id.take()) {
            (Kind::Inclusion, Some(Node::Exclude)) | (Kind::Exclusion, None | Some(Node::Include)) => {}
            (Kind::Inclusion, _) if names_id(&self.root) => {}
            (Kind::Inclusion, _) => put(&mut self.root, "_id", Node::Include)?,
            (_, _) => put(&mut self.root, "_id", Node::Exclude)?,
        }
        Ok((kind, self.root))
    }
}

fn names_id(root: &Node) -> bool {
    matches!(root, Node::Fields(fields) if fields.iter().any(|(name, _)| name == "_id"))
}

/// Whether it is the `$slice` of a find, and not the expression, which names an array.
fn is_find_slice(operand: &Bson) -> bool {
    match operand {
        Bson::Array(operands) => operands.iter().all(|one| Number::of(one).is_some()),
        one => Number::of(one).is_some(),
    }
}

fn slice(operand: &Bson) -> Result<Node> {
    let whole = |value: &Bson| Number::of(value).and_then(|number| number.truncated()).unwrap_or(0);
    match operand {
        Bson::Array(operands) => match operands.as_slice() {
            [skip, limit] if whole(limit) > 0 => {
                Ok(Node::Slice { skip: whole(skip), limit: Some(whole(limit)) })
            }
            [_, _] => {
                Err(QueryError::new(28724, "First argument to $slice must be an array, but is of type: int"))
            }
            _ => Err(QueryError::new(28667, "Invalid $slice syntax: it takes a number, or skip and limit")),
        },
        one => Ok(Node::Slice { skip: whole(one), limit: None }),
    }
}

fn check(path: &str) -> Result<()> {
    if path.is_empty() {
        return Err(QueryError::new(40352, "FieldPath cannot be constructed with empty string"));
    }
    if path.ends_with('.') {
        return Err(QueryError::new(40353, "FieldPath must not end with a '.'."));
    }
    if path.split('.').any(str::is_empty) {
        return Err(QueryError::new(15998, "FieldPath field names may not be empty strings."));
    }
    if path.split('.').any(|part| part.starts_with('$')) {
        return Err(QueryError::new(
            16410,
            "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
        ));
    }
    Ok(())
}

/// Puts a leaf at its path.
fn put(node: &mut Node, path: &str, leaf: Node) -> Result<()> {
    let mut at = node;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let Node::Fields(fields) = at else {
            let rest: Vec<&str> = std::iter::once(part).chain(parts).collect();
            let message = format!("Path collision at {path} remaining portion {}", rest.join("."));
            return Err(QueryError::new(31249, message));
        };
        let place = match fields.iter().position(|(name, _)| name == part) {
            Some(_) if parts.peek().is_none() => {
                return Err(QueryError::new(31250, format!("Path collision at {path}")));
            }
            Some(place) => place,
            None => {
                fields.push((part.to_owned(), Node::Fields(Vec::new())));
                fields.len() - 1
            }
        };
        let Some((_, next)) = fields.get_mut(place) else { return Ok(()) };
        at = next;
    }
    *at = leaf;
    Ok(())
}
