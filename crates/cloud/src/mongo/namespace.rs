//! Names of databases and collections, and what they may be.

use std::fmt;

use super::error::{Code, Failure, Result};

/// Bytes of a database's name at most (MongoDB's manual, "Limits and Thresholds").
const DATABASE: usize = 63;

/// Bytes of a database's and a collection's name together, with the dot.
const NAMESPACE: usize = 255;

/// `<database>.<collection>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Namespace {
    pub(super) db: String,
    pub(super) collection: String,
}

impl Namespace {
    /// A collection of a database, if both may be called so.
    ///
    /// # Errors
    /// 73 for a name that may not be.
    pub(super) fn new(db: &str, collection: &str) -> Result<Self> {
        check_database(db)?;
        if collection.is_empty() || collection.contains('\0') || collection.starts_with('.') {
            return Err(invalid(db, collection));
        }
        if db.len() + 1 + collection.len() > NAMESPACE {
            let message = format!(
                "Fully qualified namespace is too long. Namespace: {db}.{collection} Max: {NAMESPACE}"
            );
            return Err(Code::InvalidNamespace.saying(message));
        }
        Ok(Self { db: db.to_owned(), collection: collection.to_owned() })
    }

    /// Takes `<database>.<collection>` apart.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let (db, collection) = text.split_once('.').unwrap_or((text, ""));
        Self::new(db, collection)
    }

    /// Whether documents may be written to it: a `system.` collection is the server's own.
    pub(super) fn check_writable(&self) -> Result<()> {
        if self.collection.starts_with("system.") || self.collection.contains('$') {
            return Err(Code::InvalidNamespace.saying(format!("cannot write to {self}")));
        }
        Ok(())
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}.{}", self.db, self.collection)
    }
}

/// Whether a database may be called so.
pub(super) fn check_database(db: &str) -> Result<()> {
    let forbidden = |letter: char| matches!(letter, '/' | '\\' | '.' | ' ' | '"' | '\0' | '$');
    if db.is_empty() || db.len() > DATABASE || db.contains(forbidden) && db != "$external" {
        return Err(Code::InvalidNamespace.saying(format!("Invalid database name: '{db}'")));
    }
    Ok(())
}

fn invalid(db: &str, collection: &str) -> Failure {
    Code::InvalidNamespace.saying(format!("Invalid namespace specified '{db}.{collection}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_may_be() {
        for (db, collection) in [("a", "b"), ("a-b", "b.c.$x"), ("admin", "system.users"), ("é", " ")] {
            assert!(Namespace::new(db, collection).is_ok(), "{db} {collection}");
        }
        for (db, collection) in
            [("", "b"), ("a.b", "c"), ("a b", "c"), ("a$", "c"), ("a", ""), ("a", ".b"), ("a", "b\0")]
        {
            assert!(Namespace::new(db, collection).is_err(), "{db} {collection}");
        }
        assert!(Namespace::new(&"a".repeat(64), "b").is_err());
        assert!(Namespace::new("a", &"b".repeat(254)).is_err());
        assert_eq!(Namespace::parse("a.b.c").unwrap().collection, "b.c");
    }
}
