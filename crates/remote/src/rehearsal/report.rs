//! What came of a rehearsal, and whether everything held. Pure.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Step;
use crate::plan::Counts;
use crate::simulator::Patch;
use crate::terraform::Problem;
use crate::{Plan, Stack};

/// What came of a rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The system's name.
    pub system: String,
    /// The environment's folder.
    pub environment: String,
    /// Terraform's version.
    pub terraform: String,
    /// Each stack, in the order it was applied.
    pub stacks: Vec<StackReport>,
    /// The setting that was changed.
    pub changed: String,
    /// How each type of resource was simulated.
    pub types: Types,
    /// From the first step to the last.
    pub seconds: f64,
    /// Whether everything held.
    pub verdict: Verdict,
}

/// What came of one stack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StackReport {
    /// Which.
    pub stack: Stack,
    /// Managed resources the first plan has.
    pub resources: usize,
    /// Steps that were taken, with their times.
    pub steps: Vec<Timing>,
    /// What the second plan still wanted to do; empty is what it has to be.
    pub again: Vec<String>,
    /// What the change of one setting does to this stack.
    pub change: Option<ChangeReport>,
    /// Where it ended, and why, if it did not come to its end.
    pub failure: Option<Failed>,
    /// Types of its resources.
    #[serde(skip)]
    pub types: BTreeSet<String>,
}

/// How long a step took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Timing {
    /// Which.
    pub step: Step,
    /// Seconds.
    pub seconds: f64,
}

/// The smallest difference: what one setting moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeReport {
    /// How much.
    pub counts: Counts,
    /// Addresses and attributes.
    pub lines: Vec<String>,
}

/// Why a stack did not come to its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failed {
    /// The step.
    pub step: Step,
    /// How long it took until then.
    pub seconds: f64,
    /// What terraform said.
    pub reason: String,
    /// Its errors one by one, with resource, place and line.
    pub problems: Vec<Problem>,
}

/// How each type of resource was simulated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Types {
    /// As the plain simulator does.
    pub plain: BTreeSet<String>,
    /// With a patch.
    pub patched: Vec<Patch>,
    /// Planned, and never applied.
    pub left_out: BTreeSet<String>,
}

/// Whether everything held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "because", rename_all = "snake_case")]
pub enum Verdict {
    /// It did.
    Holds,
    /// It did not, and this is the first reason.
    Fails(String),
}

impl StackReport {
    /// One of which nothing is known yet.
    #[must_use]
    pub fn new(stack: Stack) -> Self {
        Self {
            stack,
            resources: 0,
            steps: Vec::new(),
            again: Vec::new(),
            change: None,
            failure: None,
            types: BTreeSet::new(),
        }
    }

    /// Notes what a plan of this step says.
    pub(super) fn note(&mut self, step: Step, plan: &Plan) {
        match step {
            Step::Plan => {
                self.resources = plan.resources;
                self.types = plan.types.keys().cloned().collect();
            }
            Step::Replan => self.again = plan.lines(),
            Step::Change if !plan.is_empty() => {
                self.change = Some(ChangeReport { counts: plan.counts(), lines: plan.lines() });
            }
            _ => {}
        }
    }

    /// How long a step took, where it was taken.
    #[must_use]
    pub fn seconds(&self, step: Step) -> Option<f64> {
        self.steps.iter().find(|timing| timing.step == step).map(|timing| timing.seconds)
    }

    /// Whether everything of it held.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let stack = self.stack;
        if let Some(Failed { step, seconds, problems, .. }) = &self.failure {
            let about = problems.first().map(|problem| {
                let address = problem.address.iter().map(|address| format!("{address}: "));
                format!(": {}{}", address.collect::<String>(), problem.summary)
            });
            let about = about.unwrap_or_default();
            return Verdict::Fails(format!("{stack}: {} failed after {seconds:.1} s{about}", step.name()));
        }
        if !self.again.is_empty() {
            let count = self.again.len();
            return Verdict::Fails(format!("{stack}: the second plan is not empty: {count} differences"));
        }
        if let Some(ChangeReport { counts: Counts { add, destroy, .. }, .. }) = &self.change
            && add + destroy > 0
        {
            return Verdict::Fails(format!(
                "{stack}: one changed setting makes {add} resources and destroys {destroy}"
            ));
        }
        if self.seconds(Step::Apply).is_none() {
            return Verdict::Fails(format!("{stack}: it was not applied"));
        }
        if self.seconds(Step::Destroy).is_none() {
            return Verdict::Fails(format!("{stack}: it was not destroyed"));
        }
        Verdict::Holds
    }
}

impl Verdict {
    /// Of a whole rehearsal: every stack holds, and the changed setting reached at least one. A stack that failed says
    /// more than those that were not taken further because of it.
    pub(super) fn of(stacks: &[StackReport]) -> Self {
        let failed = stacks.iter().find(|stack| stack.failure.is_some());
        let fails = failed
            .into_iter()
            .chain(stacks)
            .map(StackReport::verdict)
            .find(|verdict| *verdict != Self::Holds);
        match fails {
            Some(verdict) => verdict,
            None if stacks.iter().all(|stack| stack.change.is_none()) => {
                Self::Fails("the changed setting changes no stack".to_owned())
            }
            None => Self::Holds,
        }
    }

    /// Whether it held.
    #[must_use]
    pub fn holds(&self) -> bool {
        *self == Self::Holds
    }
}

impl Types {
    /// Of everything that was planned: what was applied, with `patches` where they are about it.
    pub(super) fn of(stacks: &[StackReport], patches: &[Patch]) -> Self {
        let planned = |is_applied: bool| {
            stacks
                .iter()
                .filter(move |stack| stack.seconds(Step::Replan).is_some() == is_applied)
                .flat_map(|stack| stack.types.iter().cloned())
                .collect::<BTreeSet<String>>()
        };
        let mut plain = planned(true);
        let left_out = planned(false).difference(&plain).cloned().collect();
        let mut patched = Vec::new();
        for patch in patches {
            let types: Vec<String> =
                patch.types.iter().filter(|name| plain.contains(*name)).cloned().collect();
            if !types.is_empty() {
                patched.push(Patch { types, ..patch.clone() });
            }
        }
        plain.retain(|name| !patched.iter().any(|patch| patch.types.contains(name)));
        Self { plain, patched, left_out }
    }
}

#[cfg(test)]
pub(super) mod tests;
