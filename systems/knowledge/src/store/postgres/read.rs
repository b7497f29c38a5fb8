//! Answers from the server.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::Client;
use futures_util::future::try_join_all;
use tokio_postgres::Row;
use uuid::Uuid;

use super::text::{escape, unescape};
use crate::document::{Document, LEVELS};
use crate::search::Postings;
use crate::store::{Answer, StoreError, Wanted, key, number, place, tags_from_json};

/// Documents up to which each is looked at, which is cheaper than asking the index for all that hold a word.
const FEW: u32 = 64;

/// Of each key, the places in a long range. `place + 0` is no column, so that only the index of words can be used.
const MANY: &str = "
    select (key.ordinality - 1)::integer, (
        select array_agg(words.place) from words
        where words.words @@ key.key::tsquery and words.place + 0 > $2 and words.place + 0 <= $3
    ) from unnest($1::text[]) with ordinality as key (key, ordinality)";

/// The same for a short range.
const SHORT: &str = "
    select (key.ordinality - 1)::integer, array_agg(words.place)
    from words, unnest($1::text[]) with ordinality as key (key, ordinality)
    where words.place > $2 and words.place <= $3 and words.words @@ key.key::tsquery
    group by 1";

/// The tenant is looked up first: documents that come in meanwhile have greater numbers and are not read.
pub(super) async fn index(
    client: &Client,
    tenant: &str,
    wanted: &[Wanted],
) -> Result<Option<Answer>, StoreError> {
    let find = client.prepare_cached("select number, documents from tenants where name = $1").await?;
    let Some(row) = client.query_opt(&find, &[&escape(tenant)]).await? else { return Ok(None) };
    let (tenant, documents): (i32, i64) = (row.try_get(0)?, row.try_get(1)?);
    let (tenant, documents) = (tenant.cast_unsigned(), u32::try_from(documents).unwrap_or(u32::MAX));
    let postings = wanted.iter().map(|wanted| postings(client, tenant, documents, wanted));
    Ok(Some(Answer { tenant, documents, postings: try_join_all(postings).await? }))
}

async fn postings(client: &Client, tenant: u32, last: u32, wanted: &Wanted) -> Result<Postings, StoreError> {
    let mut postings = Postings::default();
    if wanted.after >= last {
        return Ok(postings);
    }
    let keys: Vec<String> =
        (0..LEVELS).map(|level| format!("'{}'", key(tenant, level, &wanted.word))).collect();
    let (after, last_place) = (place(tenant, wanted.after), place(tenant, last));
    let statement = client.prepare_cached(if last - wanted.after > FEW { MANY } else { SHORT }).await?;
    for row in client.query(&statement, &[&keys, &after, &last_place]).await? {
        let (level, places): (i32, Option<Vec<i64>>) = (row.try_get(0)?, row.try_get(1)?);
        let level = u8::try_from(level).unwrap_or(0);
        postings.add(level, places.unwrap_or_default().into_iter().map(number));
    }
    Ok(postings)
}

pub(super) async fn documents(
    client: &Client,
    tenant: u32,
    numbers: &[u32],
) -> Result<HashMap<u32, Document>, StoreError> {
    let statement = client
        .prepare_cached(
            "select place, id::text, title, content, tags, created_at from documents
             where place = any($1) and tenant = $2",
        )
        .await?;
    let places: Vec<i64> = numbers.iter().map(|number| place(tenant, *number)).collect();
    let rows = client.query(&statement, &[&places, &tenant.cast_signed()]).await?;
    rows.iter().map(|row| Ok((number(row.try_get(0)?), document(row)?))).collect()
}

fn document(row: &Row) -> Result<Document, StoreError> {
    let (id, tags): (&str, String) = (row.try_get(1)?, row.try_get(4)?);
    Ok(Document {
        id: Uuid::try_parse(id).unwrap_or_default(),
        title: unescape(row.try_get(2)?),
        content: unescape(row.try_get(3)?),
        tags: tags_from_json(&unescape(tags)),
        created_at: row.try_get(5)?,
    })
}

pub(super) async fn counts(client: &Client) -> Result<BTreeMap<String, u64>, StoreError> {
    let rows = client.query("select name, documents from tenants", &[]).await?;
    let count = |row: &Row| -> Result<(String, u64), StoreError> {
        let documents: i64 = row.try_get(1)?;
        Ok((unescape(row.try_get(0)?), documents.cast_unsigned()))
    };
    rows.iter().map(count).collect()
}

pub(super) async fn checkpoint(client: &Client, name: &str) -> Result<u64, StoreError> {
    let row = client.query_opt("select lines from loads where name = $1", &[&escape(name)]).await?;
    let lines: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    Ok(lines.cast_unsigned())
}
