//! What an index may be: its specification, checked before it is created.

use bson::{Bson, Document};

use super::super::arguments::whole;
use super::super::error::{Code, Failure, Result};
use super::super::query::filter::Filter;
use super::super::search::check_collation;
use super::{Index, context, shown};

/// Fields of one index at most (MongoDB's manual, "Limits and Thresholds").
const FIELDS: usize = 32;

/// The longest time after which documents expire, in seconds.
const LONGEST: i64 = 2_147_483_647;

const OPTIONS: &[&str] = &[
    "v",
    "key",
    "name",
    "unique",
    "sparse",
    "partialFilterExpression",
    "expireAfterSeconds",
    "background",
    "hidden",
    "collation",
    "ns",
];

/// What a new index means beside those that are there.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mongo) enum Novelty {
    New,
    /// The same one is there.
    Known,
}

/// Checks a specification and brings it into the form in which it is kept.
///
/// # Errors
/// 9, 67 and 197 for what no index can be, 67 for kinds of index that are not here.
pub(in crate::mongo) fn check(spec: &Document) -> Result<Document> {
    let Some(Bson::Document(key)) = spec.get("key") else {
        return Err(
            Code::FailedToParse.saying("The 'key' field is a required property of an index specification")
        );
    };
    let Some(Bson::String(name)) = spec.get("name").filter(|name| name.as_str() != Some("")) else {
        return Err(
            Code::FailedToParse.saying("The 'name' field is a required property of an index specification")
        );
    };
    if let Some(option) = spec.keys().find(|option| !OPTIONS.contains(&option.as_str())) {
        let message = format!(
            "The field '{option}' is not valid for an index specification. Specification: {}",
            shown(spec)
        );
        return Err(Code::InvalidIndexSpecificationOption.saying(message));
    }
    check_key(key)?;
    check_collation(spec.get("collation"))?;
    let mut kept = bson::doc! { "v": 2, "key": key.clone(), "name": name };
    for flag in ["unique", "sparse", "hidden"] {
        if truth(spec, flag)? {
            kept.insert(flag, true);
        }
    }
    check_partial(spec, &mut kept)?;
    check_expiry(key, spec, &mut kept)?;
    Ok(kept)
}

fn check_key(key: &Document) -> Result<()> {
    if key.is_empty() {
        return Err(Code::CannotCreateIndex.saying("Index keys cannot be an empty object"));
    }
    if key.len() > FIELDS {
        return Err(
            Code::CannotCreateIndex.saying(format!("Index key pattern has more than {FIELDS} fields"))
        );
    }
    for (path, direction) in key {
        match direction {
            Bson::String(kind) => return Err(absent(&format!("index type '{kind}'"))),
            Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_)
                if whole(direction) != Some(0) => {}
            other => {
                let message = format!(
                    "Values in v:2 index key pattern cannot be of type {}. Only numbers > 0, numbers < 0, and strings \
                     are allowed.",
                    super::super::arguments::type_name(other)
                );
                return Err(Code::CannotCreateIndex.saying(message));
            }
        }
        if path.contains("$**") {
            return Err(absent("a wildcard index"));
        }
        if path.split('.').any(|part| part.is_empty() || part.starts_with('$') && !is_reference(part)) {
            let message = format!("Index key contains an illegal field name: {path}");
            return Err(Code::CannotCreateIndex.saying(message));
        }
    }
    Ok(())
}

/// The fields of a DBRef, which alone may begin with a dollar.
fn is_reference(part: &str) -> bool {
    matches!(part, "$id" | "$ref" | "$db")
}

fn absent(what: &str) -> Failure {
    Code::CannotCreateIndex.saying(format!(
        "{what} is not supported by this cloud; use ascending or descending keys, or a MongoDB server"
    ))
}

fn check_partial(spec: &Document, kept: &mut Document) -> Result<()> {
    match spec.get("partialFilterExpression") {
        None => Ok(()),
        Some(Bson::Document(filter)) => {
            if truth(spec, "sparse")? {
                let message = "cannot mix \"partialFilterExpression\" and \"sparse\" options";
                return Err(Code::CannotCreateIndex.saying(message));
            }
            Filter::parse(filter, &context())?;
            kept.insert("partialFilterExpression", filter.clone());
            Ok(())
        }
        Some(_) => Err(Code::TypeMismatch.saying("The field 'partialFilterExpression' must be an object")),
    }
}

fn check_expiry(key: &Document, spec: &Document, kept: &mut Document) -> Result<()> {
    let Some(seconds) = spec.get("expireAfterSeconds") else { return Ok(()) };
    let seconds = check_seconds(seconds)?;
    if key.len() > 1 {
        let message = "TTL indexes are single-field indexes, compound indexes do not support TTL";
        return Err(Code::CannotCreateIndex.saying(message));
    }
    if key.contains_key("_id") {
        let message = "The field 'expireAfterSeconds' is not valid for an _id index specification";
        return Err(Code::InvalidIndexSpecificationOption.saying(message));
    }
    kept.insert("expireAfterSeconds", i32::try_from(seconds).unwrap_or(i32::MAX));
    Ok(())
}

/// The seconds after which documents expire.
///
/// # Errors
/// 67 for what is no number from 0 to [`LONGEST`].
pub(in crate::mongo) fn check_seconds(seconds: &Bson) -> Result<i64> {
    whole(seconds).filter(|seconds| (0..=LONGEST).contains(seconds)).ok_or_else(|| {
        let message = format!("TTL index 'expireAfterSeconds' option must be within an acceptable range, but is {seconds}: from 0 to {LONGEST}");
        Code::CannotCreateIndex.saying(message)
    })
}

fn truth(spec: &Document, name: &str) -> Result<bool> {
    match spec.get(name) {
        None | Some(Bson::Null) => Ok(false),
        Some(Bson::Boolean(flag)) => Ok(*flag),
        Some(other) => match whole(other) {
            Some(number) => Ok(number != 0),
            None => Err(Code::TypeMismatch.saying(format!("The field '{name}' must be a boolean"))),
        },
    }
}

/// Whether an index like this one is there already.
///
/// # Errors
/// 85 and 86 when one is there that has the name or the key and differs.
pub(in crate::mongo) fn novelty(spec: &Document, indexes: &[Index]) -> Result<Novelty> {
    let name = spec.get_str("name").unwrap_or_default();
    let key = spec.get_document("key").cloned().unwrap_or_default();
    if key.len() == 1 && key.get("_id").is_some_and(|way| whole(way) == Some(1)) {
        return Ok(Novelty::Known);
    }
    let same_key =
        |index: &&Index| super::super::query::compare::compare_documents(&index.key(), &key).is_eq();
    let same_filter =
        |index: &&Index| index.spec.get("partialFilterExpression") == spec.get("partialFilterExpression");
    if let Some(named) = indexes.iter().find(|index| index.name == name) {
        if !same_key(&named) || !same_filter(&named) {
            let message = format!(
                "An existing index has the same name as the requested index. When index names are not specified, they \
                 are auto generated and can cause conflicts. Please refer to our documentation. Requested index: {}, \
                 existing index: {}",
                shown(spec),
                shown(&named.spec)
            );
            return Err(Code::IndexKeySpecsConflict.saying(message));
        }
        return if options(&named.spec) == options(spec) {
            Ok(Novelty::Known)
        } else {
            Err(differs(spec, named))
        };
    }
    match indexes.iter().find(|index| same_key(index) && same_filter(index)) {
        Some(other) if options(&other.spec) == options(spec) => {
            let message = format!("Index already exists with a different name: {}", other.name);
            Err(Code::IndexOptionsConflict.saying(message))
        }
        Some(other) => Err(differs(spec, other)),
        None => Ok(Novelty::New),
    }
}

fn differs(spec: &Document, existing: &Index) -> Failure {
    Code::IndexOptionsConflict.saying(format!(
        "An equivalent index already exists with the same name but different options. Requested index: {}, existing \
         index: {}",
        shown(spec),
        shown(&existing.spec)
    ))
}

/// What tells two indexes with the same key apart.
fn options(spec: &Document) -> Vec<Option<&Bson>> {
    ["unique", "sparse", "expireAfterSeconds"].iter().map(|option| spec.get(option)).collect()
}
