//! Which documents of a result stand on a page, in which order.
//!
//! A document's score is the mean of its words' impacts, each weighted by how rare the word is among the tenant's own
//! documents. Equal scores stand in the order in which the documents came in, so no two pages share a document.

use std::cmp::Ordering;

use roaring::{MultiOps, RoaringBitmap};

use super::Postings;
use crate::document::LEVELS;

/// Groups beyond which documents are ordered one by one.
const MAX_GROUPS: usize = 2048;

/// A page of a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Ranked {
    /// Documents that hold every word.
    pub(crate) total: u64,
    /// Number and score of those on the page, best first.
    pub(crate) page: Vec<(u32, f64)>,
}

/// The page of `limit` documents after the first `offset` of those that hold all of `words`, among `documents`.
pub(crate) fn rank(words: &[&Postings], documents: u32, offset: u64, limit: usize) -> Ranked {
    match words {
        [] => Ranked::default(),
        [word] => rank_by_one(word, offset, limit),
        words => rank_by_all(words, documents, offset, limit),
    }
}

/// Levels are disjoint and each has one score: nothing has to be sorted.
fn rank_by_one(word: &Postings, offset: u64, limit: usize) -> Ranked {
    let groups = word.levels().rev().map(|(level, numbers)| (weight(level), numbers));
    Ranked { total: word.len(), page: take(groups, offset, limit) }
}

/// Documents with the same impacts of the same words have the same score, so it is groups that are ordered; where there
/// are too many of these, documents.
fn rank_by_all(words: &[&Postings], documents: u32, offset: u64, limit: usize) -> Ranked {
    let everywhere: Vec<RoaringBitmap> = words.iter().map(|word| word.all()).collect();
    let matching = everywhere.iter().intersection();
    let total = matching.len();
    if offset >= total {
        return Ranked { total, page: Vec::new() };
    }
    let rarities: Vec<f64> = words.iter().map(|word| rarity(word.len(), documents)).collect();
    let sum: f64 = rarities.iter().sum();
    let mut rest = words.iter().zip(rarities.iter().map(|rarity| rarity / sum));
    let mut groups = vec![(0.0, matching.clone())];
    while groups.len() <= MAX_GROUPS {
        let Some((word, share)) = rest.next() else {
            order_groups(&mut groups);
            let groups = groups.iter().map(|(score, numbers)| (*score, numbers));
            return Ranked { total, page: take(groups, offset, limit) };
        };
        groups = groups.iter().flat_map(|group| split(group, word, share)).collect();
    }
    let flat = groups.iter().flat_map(|(score, numbers)| numbers.iter().map(|number| (number, *score)));
    let mut hits: Vec<(u32, f64)> = flat.collect();
    hits.sort_unstable_by_key(|(number, _)| *number);
    for (word, share) in rest {
        for (level, numbers) in word.levels() {
            add(&mut hits, &(numbers & &matching), weight(level) * share);
        }
    }
    Ranked { total, page: cut(&mut hits, usize::try_from(offset).unwrap_or(usize::MAX), limit) }
}

/// A group by the impact of one more word.
fn split(
    (score, numbers): &(f64, RoaringBitmap),
    word: &Postings,
    share: f64,
) -> impl Iterator<Item = (f64, RoaringBitmap)> {
    let parts = word.levels().map(move |(level, those)| (score + weight(level) * share, numbers & those));
    parts.filter(|(_, numbers)| !numbers.is_empty())
}

/// The best first, and those with the same score as one.
fn order_groups(groups: &mut Vec<(f64, RoaringBitmap)>) {
    groups.sort_by(|left, right| right.0.total_cmp(&left.0));
    groups.dedup_by(|next, kept| {
        let is_equal = next.0.total_cmp(&kept.0).is_eq();
        if is_equal {
            kept.1 |= &next.1;
        }
        is_equal
    });
}

/// A page of groups, the best of which come first.
fn take<'a>(
    groups: impl Iterator<Item = (f64, &'a RoaringBitmap)>,
    offset: u64,
    limit: usize,
) -> Vec<(u32, f64)> {
    let (mut skip, mut page) = (offset, Vec::with_capacity(limit));
    for (sum, numbers) in groups {
        let start = u32::try_from(skip).ok().and_then(|skip| numbers.select(skip));
        skip = skip.saturating_sub(numbers.len());
        let Some(start) = start else { continue };
        let wanted = limit - page.len();
        page.extend(numbers.range(start..).take(wanted).map(|number| (number, score(sum))));
    }
    page
}

/// Adds to the score of those of `hits` that are in `numbers`, all of which are; both ascend.
fn add(hits: &mut [(u32, f64)], numbers: &RoaringBitmap, share: f64) {
    let mut hits = hits.iter_mut();
    for number in numbers {
        if let Some(hit) = hits.find(|hit| hit.0 == number) {
            hit.1 += share;
        }
    }
}

/// Sorts no more than the page needs.
fn cut(hits: &mut Vec<(u32, f64)>, offset: usize, limit: usize) -> Vec<(u32, f64)> {
    let end = offset.saturating_add(limit);
    if end < hits.len() {
        hits.select_nth_unstable_by(end, order);
        hits.truncate(end);
    }
    if offset > 0 && offset < hits.len() {
        hits.select_nth_unstable_by(offset, order);
    }
    let mut page = hits.split_off(offset.min(hits.len()));
    page.sort_unstable_by(order);
    page.into_iter().map(|(number, sum)| (number, score(sum))).collect()
}

fn order(left: &(u32, f64), right: &(u32, f64)) -> Ordering {
    right.1.total_cmp(&left.1).then(left.0.cmp(&right.0))
}

/// BM25's inverse document frequency, always above 0.
fn rarity(found: u64, documents: u32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^32 documents")]
    let found = (found as f64).min(f64::from(documents));
    (1.0 + (f64::from(documents) - found + 0.5) / (found + 0.5)).ln()
}

/// A level's share of a score, in (0, 1].
fn weight(level: u8) -> f64 {
    f64::from(level + 1) / f64::from(LEVELS)
}

/// Six decimals are told; no score is told as 0.
fn score(sum: f64) -> f64 {
    ((sum * 1e6).round() / 1e6).clamp(1e-6, 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn postings(levels: &[(u32, u8)]) -> Postings {
        let mut postings = Postings::default();
        for (number, level) in levels {
            postings.add(*level, [*number]);
        }
        postings
    }

    #[test]
    fn the_best_come_first_and_equals_in_the_order_of_arrival() {
        let word = postings(&[(1, 0), (2, 3), (3, 3), (4, 7)]);
        let ranked = rank(&[&word], 10, 0, 10);
        assert_eq!(ranked.total, 4);
        assert_eq!(ranked.page, [(4, 1.0), (2, 0.5), (3, 0.5), (1, 0.125)]);
        assert_eq!(rank(&[&word], 10, 1, 2).page, [(2, 0.5), (3, 0.5)]);
        assert_eq!(rank(&[&word], 10, u64::MAX, 2).page, []);
    }

    #[test]
    fn a_rare_word_weighs_more_than_a_common_one() {
        let common = postings(&[(1, 7), (2, 0), (3, 7), (4, 7), (5, 7)]);
        let rare = postings(&[(1, 0), (2, 7)]);
        let ranked = rank(&[&common, &rare], 5, 0, 10);
        assert_eq!(ranked.total, 2);
        assert_eq!(ranked.page.iter().map(|hit| hit.0).collect::<Vec<_>>(), [2, 1]);
    }

    prop_compose! {
        fn any_postings()(levels in prop::collection::btree_map(1_u32..60, 0..LEVELS, 0..60)) -> Postings {
            postings(&levels.into_iter().collect::<Vec<_>>())
        }
    }

    #[test]
    fn many_documents_and_many_words_give_the_order_of_few() {
        let mut dice = 1_u32;
        let mut roll = move || {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(dice >> 29).unwrap()
        };
        let words: Vec<Postings> =
            (0..6).map(|_| postings(&(0..5000).map(|number| (number, roll())).collect::<Vec<_>>())).collect();
        let words: Vec<&Postings> = words.iter().collect();
        let all = rank(&words, 5000, 0, 5000);
        let mut expected: Vec<(u32, f64)> = (0..5000)
            .map(|number| {
                let impact = |word: &&Postings| {
                    let level =
                        word.levels().find(|(_, numbers)| numbers.contains(number)).map(|(level, _)| level);
                    weight(level.unwrap()) / 6.0
                };
                (number, score(words.iter().map(impact).sum()))
            })
            .collect();
        expected.sort_by(order);
        assert_eq!(all.total, 5000);
        for (hit, wanted) in all.page.iter().zip(&expected) {
            assert!((hit.1 - wanted.1).abs() < 2e-6, "{hit:?} {wanted:?}");
        }
        assert_eq!(rank(&words, 5000, 4000, 50).page, all.page[4000..4050]);
    }

    proptest! {
        #[test]
        fn pages_of_any_size_are_one_order_cut_up(
            words in prop::collection::vec(any_postings(), 1..4), limit in 1_usize..7
        ) {
            let words: Vec<&Postings> = words.iter().collect();
            let whole = rank(&words, 60, 0, 100);
            prop_assert_eq!(whole.page.len() as u64, whole.total);
            prop_assert!(whole.page.is_sorted_by(|left, right| left.1 >= right.1));
            prop_assert!(whole.page.iter().all(|hit| hit.1 > 0.0 && hit.1 <= 1.0));
            let mut pages = Vec::new();
            for page in 0..=whole.page.len() / limit {
                pages.extend(rank(&words, 60, (page * limit) as u64, limit).page);
            }
            prop_assert_eq!(pages, whole.page);
        }
    }
}
