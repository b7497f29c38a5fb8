//! The database's schema, version by version.
//!
//! A migration that was released is never edited; a change is a new one. It should only add, as the version before still
//! runs beside it and after a rollback: what is not needed any more goes a release later. Each tells which programs run on
//! what it leaves, so that an older one that is deployed again knows whether it may.

/// A step from one version to the next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    /// The version it leads to: 1, 2, 3 …
    pub(crate) version: i64,
    /// The oldest version a program may be written for to run on what it leads to. One that only adds leaves it as it was;
    /// one that takes away needs the first program that does without.
    pub(crate) needs: i64,
    /// What it is about.
    pub(crate) name: &'static str,
    /// What it does, in SQL that both engines know.
    pub(crate) sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    needs: 0,
    name: "deployments",
    sql: include_str!("../migrations/0001_deployments.sql"),
}];

/// The table of migrations that were done.
pub(crate) const TABLE: &str = "create table if not exists bootstrap_migrations (
    version bigint primary key,
    needs bigint not null,
    name text not null,
    applied_at timestamp with time zone not null default current_timestamp
)";

/// What that table holds, as a [`Schema`]'s fields.
pub(crate) const FOUND: &str =
    "select coalesce(max(version), 0), coalesce(max(needs), 0) from bootstrap_migrations";

/// A migration was done.
pub(crate) const DONE: &str = "insert into bootstrap_migrations (version, needs, name) values ($1, $2, $3)";

/// The schema that a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Schema {
    /// Its version; 0 where nothing was migrated yet.
    pub(crate) version: i64,
    /// The oldest version a program may be written for.
    pub(crate) needs: i64,
}

/// The schema is no longer for this program.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the database has schema version {}, which needs a program of version {} or later, and this one is of {}; start a \
     newer program, or restore a backup from before its migration",
    .0.version, .0.needs, known()
)]
pub(crate) struct Newer(Schema);

/// The version this program is written for.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

impl Schema {
    /// What leads from here to the known version: nothing from a newer one, on which this program runs all the same.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn missing(self) -> Result<impl Iterator<Item = &'static Migration>, Newer> {
        if self.needs > known() {
            return Err(Newer(self));
        }
        Ok(MIGRATIONS.iter().filter(move |migration| migration.version > self.version))
    }

    /// Whether a newer program made it.
    pub(crate) fn is_newer(self) -> bool {
        self.version > known()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_counted_from_one_without_gaps_and_none_needs_what_is_not_there() {
        assert!(MIGRATIONS.iter().map(|migration| migration.version).eq(1..=known()));
        assert!(MIGRATIONS.iter().all(|migration| migration.needs <= migration.version));
        assert!(MIGRATIONS.is_sorted_by_key(|migration| migration.needs));
    }

    #[test]
    fn what_is_done_is_not_missing_and_what_a_program_no_longer_runs_on_is_refused() {
        let missing = |version, needs| Schema { version, needs }.missing().map(Iterator::count);
        assert_eq!(missing(0, 0), Ok(MIGRATIONS.len()));
        assert_eq!(missing(known(), 0), Ok(0));
        assert_eq!(missing(known() + 6, known()), Ok(0));
        let told = missing(known() + 6, known() + 1).unwrap_err().to_string();
        let expected = "the database has schema version 7, which needs a program of version 2 or later, and this one is of 1;";
        assert!(told.starts_with(expected), "{told}");
    }
}
