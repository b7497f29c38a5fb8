//! Answers out of the file.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::document::{Document, LEVELS};
use crate::search::Postings;
use crate::store::{Answer, Wanted, key, number, place, tags_from_json};

/// The tenant is looked up first: documents that come in meanwhile have greater numbers and are not read.
pub(super) fn index(
    connection: &mut Connection,
    tenant: &str,
    wanted: &[Wanted],
) -> rusqlite::Result<Option<Answer>> {
    let found: Option<(u32, u32)> = connection
        .prepare_cached("select number, documents from tenants where name = ?")?
        .query_row([tenant], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((tenant, documents)) = found else { return Ok(None) };
    let postings = wanted.iter().map(|wanted| postings(connection, tenant, documents, wanted));
    Ok(Some(Answer { tenant, documents, postings: postings.collect::<Result<_, _>>()? }))
}

fn postings(connection: &Connection, tenant: u32, last: u32, wanted: &Wanted) -> rusqlite::Result<Postings> {
    let mut postings = Postings::default();
    if wanted.after >= last {
        return Ok(postings);
    }
    let mut statement = connection.prepare_cached(
        "select rowid from words where words match ? and rowid between ? and ? order by rowid",
    )?;
    for level in 0..LEVELS {
        let phrase = format!("\"{}\"", key(tenant, level, &wanted.word));
        let range = params![phrase, place(tenant, wanted.after) + 1, place(tenant, last)];
        let numbers = statement.query_map(range, |row| Ok(number(row.get(0)?)))?;
        postings.add(level, numbers.collect::<Result<Vec<u32>, _>>()?);
    }
    Ok(postings)
}

pub(super) fn documents(
    connection: &mut Connection,
    tenant: u32,
    numbers: &[u32],
) -> rusqlite::Result<HashMap<u32, Document>> {
    let mut statement = connection.prepare_cached(
        "select id, title, content, tags, created_at from documents where place = ? and tenant = ?",
    )?;
    let mut found = HashMap::with_capacity(numbers.len());
    for number in numbers {
        let document =
            statement.query_row([place(tenant, *number), i64::from(tenant)], document).optional()?;
        found.extend(document.map(|document| (*number, document)));
    }
    Ok(found)
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let tags: String = row.get(3)?;
    Ok(Document {
        id: Uuid::from_bytes(row.get(0)?),
        title: row.get(1)?,
        content: row.get(2)?,
        tags: tags_from_json(&tags),
        created_at: row.get(4)?,
    })
}

pub(super) fn counts(connection: &mut Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut statement = connection.prepare_cached("select name, documents from tenants")?;
    statement.query_map([], |row| Ok((row.get(0)?, u64::from(row.get::<_, u32>(1)?))))?.collect()
}

pub(super) fn checkpoint(connection: &mut Connection, name: &str) -> rusqlite::Result<u64> {
    let lines: Option<u32> = connection
        .prepare_cached("select lines from loads where name = ?")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(u64::from(lines.unwrap_or(0)))
}
