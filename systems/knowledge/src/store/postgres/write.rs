//! Documents onto the server.

use deadpool_postgres::{Client, Transaction};

use super::text::escape;
use crate::document::Addition;
use crate::store::{Added, Checkpoint, StoreError, by_tenant, key, place, tags_to_json};

/// Bytes of words in one text search vector; the server takes 1 MiB.
const MAX_VECTOR: usize = 512 * 1024;

/// An addition that has its place.
type Placed = (i64, i32, Addition);

pub(super) async fn add(
    client: &mut Client,
    additions: Vec<Addition>,
    quota: u32,
    checkpoint: Option<&Checkpoint>,
) -> Result<Vec<Added>, StoreError> {
    let mut verdicts = vec![Added::OverQuota; additions.len()];
    let transaction = client.transaction().await?;
    let mut kept: Vec<Placed> = Vec::with_capacity(additions.len());
    for (name, additions) in by_tenant(additions) {
        let wanted = u32::try_from(additions.len()).unwrap_or(u32::MAX);
        let (tenant, before, count) = reserve(&transaction, &name, wanted, quota).await?;
        for (number, (index, addition)) in (before + 1..=before + count).zip(additions) {
            verdicts.get_mut(index).into_iter().for_each(|verdict| *verdict = Added::Kept);
            kept.push((place(tenant, number), tenant.cast_signed(), addition));
        }
    }
    insert_documents(&transaction, &kept).await?;
    insert_words(&transaction, &kept).await?;
    if let Some(checkpoint) = checkpoint {
        note(&transaction, checkpoint).await?;
    }
    transaction.commit().await?;
    Ok(verdicts)
}

/// Locks the tenant's row and counts documents in, as far as the quota lets them: the tenant's number, its documents
/// before, and how many may come.
async fn reserve(
    transaction: &Transaction<'_>,
    name: &str,
    wanted: u32,
    quota: u32,
) -> Result<(u32, u32, u32), StoreError> {
    let name = escape(name);
    let find = transaction
        .prepare_cached("select number, documents from tenants where name = $1 for update")
        .await?;
    let mut row = transaction.query_opt(&find, &[&name]).await?;
    if row.is_none() {
        let make = "insert into tenants (name, documents) values ($1, 0) on conflict (name) do nothing";
        transaction.execute(make, &[&name]).await?;
        row = transaction.query_opt(&find, &[&name]).await?;
    }
    let row = row.ok_or_else(|| StoreError::Refused("a tenant's row is gone".to_owned()))?;
    let (number, before): (i32, i64) = (row.try_get(0)?, row.try_get(1)?);
    let before = u32::try_from(before).unwrap_or(u32::MAX);
    let count = wanted.min(quota.saturating_sub(before));
    let raise =
        transaction.prepare_cached("update tenants set documents = documents + $2 where number = $1").await?;
    transaction.execute(&raise, &[&number, &i64::from(count)]).await?;
    Ok((number.cast_unsigned(), before, count))
}

async fn insert_documents(transaction: &Transaction<'_>, kept: &[Placed]) -> Result<(), StoreError> {
    let statement = transaction
        .prepare_cached(
            "insert into documents (place, tenant, id, title, content, tags, created_at)
             select place, tenant, id::uuid, title, content, tags, created_at
             from unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
             as new (place, tenant, id, title, content, tags, created_at)",
        )
        .await?;
    let column = |read: fn(&Addition) -> String| -> Vec<String> {
        kept.iter().map(|(_, _, addition)| escape(&read(addition)).into_owned()).collect()
    };
    let places: Vec<i64> = kept.iter().map(|(place, _, _)| *place).collect();
    let tenants: Vec<i32> = kept.iter().map(|(_, tenant, _)| *tenant).collect();
    let times: Vec<i64> = kept.iter().map(|(_, _, addition)| addition.document.created_at).collect();
    transaction
        .execute(
            &statement,
            &[
                &places,
                &tenants,
                &column(|addition| addition.document.id.to_string()),
                &column(|addition| addition.document.title.clone()),
                &column(|addition| addition.document.content.clone()),
                &column(|addition| tags_to_json(&addition.document.tags)),
                &times,
            ],
        )
        .await?;
    Ok(())
}

async fn insert_words(transaction: &Transaction<'_>, kept: &[Placed]) -> Result<(), StoreError> {
    let statement = transaction
        .prepare_cached(
            "insert into words (place, words)
             select place, array_to_tsvector(string_to_array(words, ' '))
             from unnest($1::bigint[], $2::text[]) as new (place, words)",
        )
        .await?;
    let rows = kept.iter().flat_map(|(place, tenant, addition)| {
        vectors(tenant.cast_unsigned(), addition).into_iter().map(|vector| (*place, vector))
    });
    let (places, vectors): (Vec<i64>, Vec<String>) = rows.unzip();
    transaction.execute(&statement, &[&places, &vectors]).await?;
    Ok(())
}

/// The document's words with blanks between them, in as few texts as can be.
fn vectors(tenant: u32, addition: &Addition) -> Vec<String> {
    let mut vectors = Vec::new();
    let mut vector = String::new();
    for (word, level) in &addition.words {
        if vector.len() > MAX_VECTOR {
            vectors.push(std::mem::take(&mut vector));
        }
        if !vector.is_empty() {
            vector.push(' ');
        }
        vector.push_str(&key(tenant, *level, word));
    }
    vectors.extend((!vector.is_empty()).then_some(vector));
    vectors
}

async fn note(transaction: &Transaction<'_>, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let lines = i64::try_from(checkpoint.lines).unwrap_or(i64::MAX);
    let note = "insert into loads (name, lines) values ($1, $2) on conflict (name) do update set lines = excluded.lines";
    let statement = transaction.prepare_cached(note).await?;
    transaction.execute(&statement, &[&escape(&checkpoint.name), &lines]).await?;
    Ok(())
}
