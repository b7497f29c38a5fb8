//! What became of the fields that a manifest writes, over its environments.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use targets::{Grade, Verdict};

/// A field, what became of it, and in which environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Judged {
    pub(crate) field: String,
    /// Lines of the manifest; none where a default is meant.
    pub(crate) lines: BTreeSet<usize>,
    #[serde(serialize_with = "word")]
    pub(crate) grade: Grade,
    pub(crate) reason: Option<&'static str>,
    pub(crate) environments: BTreeSet<String>,
}

/// How many fields are how true; a field counts as the worst it is in any environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) exact: usize,
    pub(crate) approximated: usize,
    pub(crate) dropped: usize,
    pub(crate) not_applicable: usize,
}

/// Fields of one reason.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) grade: Grade,
    pub(super) reason: Option<&'static str>,
    pub(super) fields: Vec<&'a Judged>,
}

/// The verdicts of every environment, each said once.
pub(super) fn gather(verdicts: impl IntoIterator<Item = (String, Vec<Verdict>)>) -> Vec<Judged> {
    let mut all: BTreeMap<_, (BTreeSet<usize>, BTreeSet<String>)> = BTreeMap::new();
    for (environment, verdicts) in verdicts {
        for Verdict { path, line, grade, reason } in verdicts {
            let (lines, environments) = all.entry((path, grade, reason)).or_default();
            lines.extend(line);
            environments.insert(environment.clone());
        }
    }
    let judged = all.into_iter().map(|((field, grade, reason), (lines, environments))| Judged {
        field,
        lines,
        grade,
        reason,
        environments,
    });
    judged.collect()
}

/// Counts the fields.
pub(super) fn count(judged: &[Judged]) -> Counts {
    let mut worst: BTreeMap<&str, Grade> = BTreeMap::new();
    for one in judged {
        let grade = worst.entry(&one.field).or_insert(one.grade);
        *grade = one.grade.max(*grade);
    }
    let of = |grade| worst.values().filter(|of| **of == grade).count();
    Counts {
        exact: of(Grade::Exact),
        approximated: of(Grade::Approximated),
        dropped: of(Grade::Dropped),
        not_applicable: of(Grade::NotApplicable),
    }
}

/// Fields by what is said of them, the worst first.
pub(super) fn groups(judged: &[Judged]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in judged {
        let known = groups.iter_mut().find(|group| (group.grade, group.reason) == (one.grade, one.reason));
        match known {
            Some(group) => group.fields.push(one),
            None => groups.push(Group { grade: one.grade, reason: one.reason, fields: vec![one] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.grade));
    groups
}

fn word<S: serde::Serializer>(grade: &Grade, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(grade)
}

#[cfg(test)]
mod tests {
    use targets::{Grade, Verdict};

    use super::{Counts, count, gather, groups};

    fn verdict(path: &str, line: usize, grade: Grade) -> Verdict {
        let reason = (grade != Grade::Exact).then_some("it is so");
        Verdict { path: path.to_owned(), line: Some(line), grade, reason }
    }

    fn two() -> Vec<super::Judged> {
        let dev = vec![verdict("a", 1, Grade::Exact), verdict("b", 2, Grade::Exact)];
        let prod = vec![
            verdict("a", 1, Grade::Exact),
            verdict("b", 9, Grade::Dropped),
            verdict("c", 3, Grade::Dropped),
        ];
        gather([("dev".to_owned(), dev), ("prod".to_owned(), prod)])
    }

    #[test]
    fn what_is_the_same_in_two_environments_is_said_once() {
        let judged = two();
        let a = judged.iter().find(|one| one.field == "a").expect("it was judged");
        assert_eq!(a.environments.len(), 2);
        let lines = judged.iter().filter(|one| one.field == "b").map(|one| one.lines.len());
        assert_eq!(lines.collect::<Vec<_>>(), [1, 1], "exact here and dropped there");
    }

    #[test]
    fn a_field_counts_as_the_worst_it_is() {
        assert_eq!(count(&two()), Counts { exact: 1, dropped: 2, ..Counts::default() });
    }

    #[test]
    fn fields_of_one_reason_stand_together_and_the_worst_first() {
        let judged = two();
        let groups = groups(&judged);
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].grade, groups[0].fields.len()), (Grade::Dropped, 2));
    }
}
