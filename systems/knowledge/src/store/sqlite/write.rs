//! Documents into the file.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::document::Addition;
use crate::store::{Added, Checkpoint, by_tenant, key, place, tags_to_json};

pub(super) fn add(
    connection: &mut Connection,
    additions: Vec<Addition>,
    quota: u32,
    checkpoint: Option<&Checkpoint>,
) -> rusqlite::Result<Vec<Added>> {
    let mut verdicts = vec![Added::OverQuota; additions.len()];
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut kept = Vec::with_capacity(additions.len());
    for (name, additions) in by_tenant(additions) {
        let wanted = u32::try_from(additions.len()).unwrap_or(u32::MAX);
        let (tenant, before, count) = reserve(&transaction, &name, wanted, quota)?;
        for (number, (index, addition)) in (before + 1..=before + count).zip(additions) {
            verdicts.get_mut(index).into_iter().for_each(|verdict| *verdict = Added::Kept);
            kept.push((tenant, number, addition));
        }
    }
    // FTS5 starts a new segment whenever a place is not greater than the last one.
    kept.sort_unstable_by_key(|(tenant, number, _)| (*tenant, *number));
    for (tenant, number, addition) in &kept {
        insert(&transaction, *tenant, *number, addition)?;
    }
    if let Some(checkpoint) = checkpoint {
        note(&transaction, checkpoint)?;
    }
    transaction.commit()?;
    Ok(verdicts)
}

/// Counts documents in, as far as the quota lets them: the tenant's number, its documents before, and how many may come.
fn reserve(
    transaction: &Transaction<'_>,
    name: &str,
    wanted: u32,
    quota: u32,
) -> rusqlite::Result<(u32, u32, u32)> {
    let known: Option<(u32, u32)> = transaction
        .prepare_cached("select number, documents from tenants where name = ?")?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let before = known.map_or(0, |(_, documents)| documents);
    let count = wanted.min(quota.saturating_sub(before));
    let number = transaction
        .prepare_cached(
            "insert into tenants (name, documents) values (?1, ?2)
             on conflict (name) do update set documents = documents + excluded.documents returning number",
        )?
        .query_row(params![name, count], |row| row.get(0))?;
    Ok((number, before, count))
}

fn insert(
    transaction: &Transaction<'_>,
    tenant: u32,
    number: u32,
    addition: &Addition,
) -> rusqlite::Result<()> {
    let (place, document) = (place(tenant, number), &addition.document);
    transaction
        .prepare_cached(
            "insert into documents (place, tenant, id, title, content, tags, created_at) values (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            place,
            tenant,
            document.id.as_bytes(),
            document.title,
            document.content,
            tags_to_json(&document.tags),
            document.created_at,
        ])?;
    let keys: Vec<String> = addition.words.iter().map(|(word, level)| key(tenant, *level, word)).collect();
    transaction
        .prepare_cached("insert into words (rowid, word) values (?, ?)")?
        .execute(params![place, keys.join(" ")])?;
    Ok(())
}

fn note(transaction: &Transaction<'_>, checkpoint: &Checkpoint) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "insert into loads (name, lines) values (?, ?) on conflict (name) do update set lines = excluded.lines",
        )?
        .execute(params![checkpoint.name, i64::try_from(checkpoint.lines).unwrap_or(i64::MAX)])?;
    Ok(())
}
