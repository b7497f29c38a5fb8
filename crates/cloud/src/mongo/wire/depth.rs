//! How deep a document is nested, found without going as deep: decoding one that is deeper would end the stack.

use bson::raw::{RawBsonRef, RawDocument, RawIter};

use super::Malformed;

/// Levels of a message's documents: those MongoDB takes of a client, and a few for the command around them.
pub(crate) const LIMIT: usize = 180;

/// Walks all of a document, which also finds most of what is not BSON.
pub(in crate::mongo) fn check_depth(document: &RawDocument) -> Result<(), Malformed> {
    let mut open: Vec<RawIter<'_>> = vec![document.iter_elements()];
    while let Some(inner) = open.last_mut() {
        let Some(element) = inner.next() else {
            open.pop();
            continue;
        };
        let element = element.map_err(|error| Malformed::Bson(error.to_string()))?;
        let value = element.value().map_err(|error| Malformed::Bson(error.to_string()))?;
        match value {
            RawBsonRef::Document(document) => open.push(document.iter_elements()),
            RawBsonRef::Array(array) => open.push(array.iter_elements()),
            RawBsonRef::JavaScriptCodeWithScope(code) => open.push(code.scope.iter_elements()),
            _ => {}
        }
        if open.len() > LIMIT {
            return Err(Malformed::Deep);
        }
    }
    Ok(())
}
