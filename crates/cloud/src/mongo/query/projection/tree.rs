//! Projections as trees of field names, and what they make of a document.

use bson::raw::{RawDocument, RawDocumentBuf};
use bson::{Bson, Document};

use super::super::error::Result;
use super::super::expression::{Expression, Scope};
use super::super::filter::{ElementFilter, Filter};
use super::no_place;

/// Bytes of a document's length, which come first (BSON specification 1.1).
const LENGTH: usize = size_of::<i32>();

/// What happens to a field: something of its own, or something with the fields in it.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Fields(Vec<(String, Node)>),
    Include,
    Exclude,
    Slice { skip: i64, limit: Option<i64> },
    Element(Element),
    Positional,
    Compute(Expression),
}

/// Which element `$elemMatch` looks for.
#[derive(Debug, Clone)]
pub(super) enum Element {
    Document(Filter),
    Value(ElementFilter),
}

/// Where the filter matched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) of_match: Option<usize>,
}

impl Element {
    fn matches(&self, value: &Bson) -> Result<bool> {
        match (self, value) {
            (Self::Value(filter), value) => Ok(filter.matches(value)),
            (Self::Document(filter), Bson::Document(document)) => filter.matches(document),
            _ => Ok(false),
        }
    }
}

impl Node {
    fn child(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Fields(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Whether something in it is computed.
    pub(super) fn computes(&self) -> bool {
        match self {
            Self::Fields(fields) => fields.iter().any(|(_, node)| node.computes()),
            Self::Compute(_) => true,
            _ => false,
        }
    }

    /// Whether it takes or leaves fields of the document as a whole.
    pub(super) fn is_whole(&self) -> bool {
        let whole = |node: &Self| matches!(node, Self::Include | Self::Exclude);
        matches!(self, Self::Fields(fields) if fields.iter().all(|(_, node)| whole(node)))
    }

    /// What [`Self::include`] or, where those that are not named stay, [`Self::exclude`] leaves of a document that is not
    /// decoded, where it [is whole](Self::is_whole).
    pub(super) fn cut(
        &self,
        document: &RawDocument,
        others_stay: bool,
    ) -> bson::error::Result<RawDocumentBuf> {
        let bytes = document.as_bytes();
        let mut kept = Vec::with_capacity(bytes.len());
        kept.extend([0; LENGTH]);
        let mut begin = LENGTH;
        for element in document.iter_elements() {
            let element = element?;
            // A byte for its type, its name with a zero behind it, its value.
            let end = begin + 1 + element.key().as_str().len() + 1 + element.size();
            let stays = match self.child(element.key().as_str()) {
                Some(node) => matches!(node, Self::Include),
                None => others_stay,
            };
            if stays {
                kept.extend_from_slice(bytes.get(begin..end).unwrap_or_default());
            }
            begin = end;
        }
        kept.push(0);
        let length = i32::try_from(kept.len()).unwrap_or(i32::MAX);
        for (byte, written) in kept.iter_mut().zip(length.to_le_bytes()) {
            *byte = written;
        }
        RawDocumentBuf::from_bytes(kept)
    }

    /// Only the fields that are named.
    pub(super) fn include(&self, document: &Document, place: &Place) -> Result<Document> {
        let mut kept = Document::new();
        for (name, value) in document {
            if let Some(value) = self.child(name).map_or(Ok(None), |node| node.included(value, place))? {
                kept.insert(name.clone(), value);
            }
        }
        Ok(kept)
    }

    /// All fields but those that are named.
    pub(super) fn exclude(&self, document: &Document, place: &Place) -> Result<Document> {
        let mut kept = Document::new();
        for (name, value) in document {
            let value = match self.child(name) {
                None => Some(value.clone()),
                Some(node) => node.excluded(value, place)?,
            };
            if let Some(value) = value {
                kept.insert(name.clone(), value);
            }
        }
        Ok(kept)
    }

    fn included(&self, value: &Bson, place: &Place) -> Result<Option<Bson>> {
        match (self, value) {
            (Self::Fields(_), Bson::Document(document)) => {
                Ok(Some(Bson::Document(self.include(document, place)?)))
            }
            (Self::Fields(_), Bson::Array(array)) => {
                let items = array.iter().filter_map(|item| self.included(item, place).transpose());
                Ok(Some(Bson::Array(items.collect::<Result<_>>()?)))
            }
            (Self::Fields(_) | Self::Exclude | Self::Compute(_), _) => Ok(None),
            (Self::Include, value) => Ok(Some(value.clone())),
            _ => self.part_of_array(value, place),
        }
    }

    fn excluded(&self, value: &Bson, place: &Place) -> Result<Option<Bson>> {
        match (self, value) {
            (Self::Fields(_), Bson::Document(document)) => {
                Ok(Some(Bson::Document(self.exclude(document, place)?)))
            }
            (Self::Fields(_), Bson::Array(array)) => {
                let items = array.iter().filter_map(|item| self.excluded(item, place).transpose());
                Ok(Some(Bson::Array(items.collect::<Result<_>>()?)))
            }
            (Self::Exclude, _) => Ok(None),
            (Self::Fields(_) | Self::Include | Self::Compute(_), value) => Ok(Some(value.clone())),
            _ => self.part_of_array(value, place),
        }
    }

    /// `$slice`, `$elemMatch` and `$`.
    fn part_of_array(&self, value: &Bson, place: &Place) -> Result<Option<Bson>> {
        let Bson::Array(array) = value else {
            return Ok((!matches!(self, Self::Element(_))).then(|| value.clone()));
        };
        match self {
            Self::Slice { skip, limit } => Ok(Some(Bson::Array(slice(array, *skip, *limit)))),
            Self::Element(element) => {
                for item in array {
                    if element.matches(item)? {
                        return Ok(Some(Bson::Array(vec![item.clone()])));
                    }
                }
                Ok(None)
            }
            _ => {
                let item = place.of_match.and_then(|at| array.get(at)).ok_or_else(no_place)?;
                Ok(Some(Bson::Array(vec![item.clone()])))
            }
        }
    }

    /// Adds what is computed.
    pub(super) fn compute(&self, to: &mut Document, scope: &Scope<'_>) -> Result<()> {
        let Self::Fields(fields) = self else { return Ok(()) };
        for (name, node) in fields.iter().filter(|(_, node)| node.computes()) {
            match node {
                Self::Compute(expression) => match expression.evaluate(scope)? {
                    Some(value) => drop(to.insert(name.clone(), value)),
                    None => drop(to.remove(name)),
                },
                node => {
                    let mut value = to.get(name).cloned().unwrap_or_else(|| Document::new().into());
                    node.compute_in(&mut value, scope)?;
                    to.insert(name.clone(), value);
                }
            }
        }
        Ok(())
    }

    /// In a document, in each element of an array; any other value gives way to a document.
    fn compute_in(&self, value: &mut Bson, scope: &Scope<'_>) -> Result<()> {
        match value {
            Bson::Document(document) => self.compute(document, scope),
            Bson::Array(array) => array.iter_mut().try_for_each(|item| self.compute_in(item, scope)),
            other => {
                let mut document = Document::new();
                self.compute(&mut document, scope)?;
                *other = Bson::Document(document);
                Ok(())
            }
        }
    }
}

/// `$slice` of a find: a negative skip counts from the end, a negative limit takes the last ones.
fn slice(array: &[Bson], skip: i64, limit: Option<i64>) -> Vec<Bson> {
    let from_end =
        |count: i64| array.len().saturating_sub(usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX));
    let start =
        |skip: i64| if skip < 0 { from_end(skip) } else { usize::try_from(skip).unwrap_or(usize::MAX) };
    let (start, count) = match limit {
        Some(limit) => (start(skip), limit),
        None if skip < 0 => (from_end(skip), i64::MAX),
        None => (0, skip),
    };
    array.iter().skip(start).take(usize::try_from(count).unwrap_or(0)).cloned().collect()
}
