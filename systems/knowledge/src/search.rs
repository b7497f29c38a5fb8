//! A search: the words of what was typed, the documents that hold all of them, the best of these with a snippet.

mod cache;
mod postings;
mod rank;
mod snippet;

pub(crate) use postings::Postings;

use std::sync::Arc;

use cache::{Cache, Known};

use crate::document::Document;
use crate::store::{Answer, Store, StoreError, Wanted};
use crate::text;

/// Documents of the longest lists beyond which ranking may take a millisecond, so that others must not wait for it.
const LONG: u64 = 50_000;

/// Searches a store.
#[derive(Debug)]
pub(crate) struct Searcher {
    store: Store,
    cache: Cache,
}

/// A part of a result.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Page {
    /// Documents found.
    pub(crate) total: u64,
    /// Those on this page, the best first.
    pub(crate) hits: Vec<Hit>,
}

/// A document that was found.
#[derive(Debug, PartialEq)]
pub(crate) struct Hit {
    /// The document.
    pub(crate) document: Document,
    /// A piece of its content.
    pub(crate) snippet: String,
    /// In (0, 1]; higher is better.
    pub(crate) score: f64,
}

impl Searcher {
    /// Searches `store`, and remembers at most `memory` bytes of its index.
    pub(crate) fn new(store: Store, memory: usize) -> Self {
        Self { store, cache: Cache::new(memory) }
    }

    /// The `limit` documents after the first `offset` of those of `tenant` that hold every word of `typed`.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub(crate) async fn search(
        &self,
        tenant: &str,
        typed: &str,
        offset: u64,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let words = text::query_words(typed);
        if words.is_empty() {
            return Ok(Page::default());
        }
        let Some((answer, postings)) = self.look_up(tenant, &words).await? else {
            return Ok(Page::default());
        };
        let lists: Vec<&Postings> = postings.iter().map(AsRef::as_ref).collect();
        let rank = || rank::rank(&lists, answer.documents, offset, limit);
        let is_long = lists.len() > 1 && lists.iter().any(|list| list.len() > LONG);
        let ranked = if is_long { tokio::task::block_in_place(rank) } else { rank() };
        let numbers: Vec<u32> = ranked.page.iter().map(|(number, _)| *number).collect();
        let mut documents = self.store.documents(answer.tenant, &numbers).await?;
        let hits = ranked.page.into_iter().filter_map(|(number, score)| {
            let document = documents.remove(&number)?;
            Some(Hit { snippet: snippet::snippet(&document.content, &words), document, score })
        });
        Ok(Page { total: ranked.total, hits: hits.collect() })
    }

    /// What the index says of each word, as far as possible from memory.
    async fn look_up(
        &self,
        tenant: &str,
        words: &[String],
    ) -> Result<Option<(Answer, Vec<Arc<Postings>>)>, StoreError> {
        let name: Arc<str> = Arc::from(tenant);
        let known: Vec<Option<Known>> = words.iter().map(|word| self.cache.get(&name, word)).collect();
        let Some(answer) = self.ask(tenant, words, &known).await? else { return Ok(None) };
        if known
            .iter()
            .flatten()
            .all(|known| known.tenant == answer.tenant && known.up_to <= answer.documents)
        {
            return Ok(Some(self.learn(&name, words, known, answer)));
        }
        self.cache.clear();
        let nothing = vec![None; words.len()];
        let answer = self.ask(tenant, words, &nothing).await?;
        Ok(answer.map(|answer| self.learn(&name, words, nothing, answer)))
    }

    async fn ask(
        &self,
        tenant: &str,
        words: &[String],
        known: &[Option<Known>],
    ) -> Result<Option<Answer>, StoreError> {
        let wanted = words.iter().zip(known).map(|(word, known)| Wanted {
            word: word.clone(),
            after: known.as_ref().map_or(0, |known| known.up_to),
        });
        self.store.index(tenant, wanted.collect()).await
    }

    fn learn(
        &self,
        name: &Arc<str>,
        words: &[String],
        known: Vec<Option<Known>>,
        mut answer: Answer,
    ) -> (Answer, Vec<Arc<Postings>>) {
        let (tenant, up_to) = (answer.tenant, answer.documents);
        let fresh = std::mem::take(&mut answer.postings);
        let all = words.iter().zip(known).zip(fresh).map(|((word, known), fresh)| {
            let is_news = known.as_ref().is_none_or(|known| known.up_to < up_to);
            let postings = merge(known, fresh);
            if is_news {
                self.cache.put(name, word, Known { tenant, up_to, postings: Arc::clone(&postings) });
            }
            postings
        });
        let all = all.collect();
        (answer, all)
    }
}

fn merge(known: Option<Known>, fresh: Postings) -> Arc<Postings> {
    match known {
        Some(known) if fresh.len() == 0 => known.postings,
        Some(known) => {
            let mut all = Arc::unwrap_or_clone(known.postings);
            all.extend(fresh);
            Arc::new(all)
        }
        None => Arc::new(fresh),
    }
}
