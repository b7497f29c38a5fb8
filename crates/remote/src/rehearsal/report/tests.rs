//! Verdicts.

use std::collections::BTreeSet;

use super::{ChangeReport, Failed, StackReport, Timing, Types, Verdict};
use crate::Stack;
use crate::plan::Counts;
use crate::rehearsal::Step;
use crate::simulator::Patch;
use crate::terraform::Problem;

/// A stack of which everything held.
pub(in crate::rehearsal) fn good(stack: Stack, types: &[&str]) -> StackReport {
    let steps = Step::ORDER.into_iter().filter(|step| *step != Step::Release);
    let change = ChangeReport {
        counts: Counts { add: 0, change: 1, destroy: 0 },
        lines: vec!["~ aws_sqs_queue.a: visibility_timeout_seconds: 60 → 61".to_owned()],
    };
    StackReport {
        resources: types.len(),
        steps: steps.map(|step| Timing { step, seconds: 1.25 }).collect(),
        change: Some(change),
        types: types.iter().map(|name| (*name).to_owned()).collect(),
        ..StackReport::new(stack)
    }
}

fn fails(change: impl FnOnce(&mut StackReport)) -> String {
    let mut stack = good(Stack::Data, &["aws_sqs_queue"]);
    change(&mut stack);
    match Verdict::of(&[stack]) {
        Verdict::Fails(reason) => reason,
        Verdict::Holds => "it holds".to_owned(),
    }
}

#[test]
fn holds_when_everything_did() {
    assert_eq!(fails(|_| ()), "it holds");
}

#[test]
fn fails_with_the_reason() {
    let failed = Failed { step: Step::Apply, seconds: 2.5, reason: "no".to_owned(), problems: Vec::new() };
    assert_eq!(fails(|stack| stack.failure = Some(failed.clone())), "data: apply failed after 2.5 s");
    let problem = Problem {
        summary: "reading tags".to_owned(),
        detail: "none".to_owned(),
        address: Some("aws_lb.a".to_owned()),
        place: None,
        code: None,
    };
    let failed = Failed { problems: vec![problem], ..failed };
    assert_eq!(
        fails(|stack| stack.failure = Some(failed)),
        "data: apply failed after 2.5 s: aws_lb.a: reading tags"
    );
    let again = vec!["~ aws_sqs_queue.a: policy: 1 → 2".to_owned()];
    assert_eq!(fails(|stack| stack.again = again), "data: the second plan is not empty: 1 differences");
    assert_eq!(
        fails(|stack| stack.change.as_mut().expect("a change").counts.destroy = 1),
        "data: one changed setting makes 0 resources and destroys 1"
    );
    assert_eq!(
        fails(|stack| stack.steps.retain(|timing| timing.step != Step::Destroy)),
        "data: it was not destroyed"
    );
    assert_eq!(fails(|stack| stack.change = None), "the changed setting changes no stack");
}

#[test]
fn tells_plain_patched_and_left_out_types_apart() {
    let mut compute = good(Stack::Compute, &["aws_lb", "aws_kms_key"]);
    compute.steps.retain(|timing| timing.step < Step::Apply);
    let data = good(Stack::Data, &["aws_sqs_queue", "aws_kms_key"]);
    let patch = Patch {
        name: "redrive".to_owned(),
        types: vec!["aws_sqs_queue".to_owned(), "aws_lb".to_owned()],
        why: "spaces".to_owned(),
    };
    let types = Types::of(&[data, compute], std::slice::from_ref(&patch));
    assert_eq!(types.plain, BTreeSet::from(["aws_kms_key".to_owned()]));
    assert_eq!(types.patched, [Patch { types: vec!["aws_sqs_queue".to_owned()], ..patch }]);
    assert_eq!(types.left_out, BTreeSet::from(["aws_lb".to_owned()]));
}
