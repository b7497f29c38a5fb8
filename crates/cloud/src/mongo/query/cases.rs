//! The cases of `tests/mongo/cases`, which are also run over the wire beside an independent server, here without one.
//!
//! A case has documents (or those of its file), one operation, and what comes of it: documents, or an error's number.
//! Extended JSON, with plain numbers for Int32 and doubles. An `_id` that nobody said is left out.
//! `independent: differs` marks where MongoDB's manual decides against the independent server.

mod extended;

use std::sync::Arc;

use bson::{Bson, DateTime, Document};

use super::aggregate::{Collections, Documents, Pipeline};
use super::compare::identical_documents;
use super::context::Context;
use super::error::Result;
use super::filter::Filter;
use super::projection::Projection;
use super::sort::Sort;
use super::update::{Outcome, Update};
use extended::Extended;

struct Store(Vec<Document>);

impl Collections for Store {
    fn scan<'a>(&'a self, _: &str, _: Option<&Filter>) -> Result<Documents<'a>> {
        Ok(Box::new(self.0.iter().cloned().map(Ok)))
    }
}

fn context() -> Arc<Context> {
    Arc::new(Context::new(DateTime::from_millis(0), 1))
}

fn documents(of: &Document, name: &str) -> Option<Vec<Document>> {
    let items = of.get_array(name).ok()?;
    Some(items.iter().filter_map(Bson::as_document).cloned().collect())
}

fn run_find(documents: &[Document], query: &Document) -> Result<Vec<Document>> {
    let part = |name: &str| query.get_document(name).cloned().unwrap_or_default();
    let count = |name: &str| query.get_i32(name).ok().and_then(|count| usize::try_from(count).ok());
    let filter = Filter::parse(&part("filter"), &context())?;
    let projection = Projection::parse(&part("projection"), &context())?;
    let sort = Sort::parse(&part("sort"))?;
    let mut found = Vec::new();
    for document in documents {
        if let Some(matched) = filter.find(document)? {
            found.push((sort.key(document)?, projection.apply(document, &matched)?));
        }
    }
    found.sort_by(|left, right| left.0.cmp(&right.0));
    let found = found.into_iter().map(|(_, document)| document);
    Ok(found.skip(count("skip").unwrap_or(0)).take(count("limit").unwrap_or(usize::MAX)).collect())
}

fn run_update(input: &[Document], query: &Document) -> Result<Vec<Document>> {
    let filters = documents(query, "arrayFilters").unwrap_or_default();
    let update = Update::parse(query.get("update").unwrap(), &filters, &context())?;
    let filter = Filter::parse(query.get_document("filter").unwrap(), &context())?;
    let mut updated = input.to_vec();
    for document in &mut updated {
        if let Some(matched) = filter.find(document)? {
            if let Outcome::Changed(changed) = update.apply(document, &matched)? {
                *document = changed;
            }
            return Ok(updated);
        }
    }
    if matches!(query.get("upsert"), Some(Bson::Boolean(true))) {
        updated.push(update.upsert(&filter)?);
    }
    Ok(updated)
}

fn run(case: &Document, shared: &[Document]) -> Result<Vec<Document>> {
    let own = documents(case, "documents");
    let input = own.as_deref().unwrap_or(shared);
    if let Ok(query) = case.get_document("find") {
        return run_find(input, query);
    }
    if let Ok(query) = case.get_document("update") {
        return run_update(input, query);
    }
    let store = Store(input.to_vec());
    let pipeline = Pipeline::parse(case.get_array("aggregate").unwrap(), &context())?;
    pipeline.run(store.scan("cases", None)?, &store).collect()
}

fn check(file: &str, text: &str) {
    let Extended(cases) = serde_json::from_str(text).unwrap();
    let cases = cases.as_document().unwrap();
    let shared = documents(cases, "documents").unwrap_or_default();
    let mut wrong = Vec::new();
    for case in documents(cases, "cases").unwrap() {
        let right = match (run(&case, &shared), documents(&case, "expect")) {
            (Ok(found), Some(expected)) if same(&found, &expected) => continue,
            (Err(error), _) if matches!(case.get("error"), Some(Bson::Int32(code)) if *code == error.code) => {
                continue;
            }
            (Ok(found), _) => format!("gives {}", Bson::from(found)),
            (Err(error), _) => format!("is refused: {} {error}", error.code),
        };
        wrong.push(format!("{case}\n    {right}"));
    }
    assert!(wrong.is_empty(), "{} of {file}:\n{}", wrong.len(), wrong.join("\n"));
}

fn same(found: &[Document], expected: &[Document]) -> bool {
    let both = || found.iter().zip(expected);
    found.len() == expected.len() && both().all(|(found, expected)| identical_documents(found, expected))
}

macro_rules! files {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("../../../tests/mongo/cases/", stringify!($name), ".json")));
        })*
    };
}

files! { find aggregate update expression }
