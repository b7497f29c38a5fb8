//! One stack after the other: planned, applied or destroyed, and what it tells the next.

use std::path::{Path, PathBuf};
use std::time::Instant;

use remote::plan::Counts;
use remote::terraform::Goal;
use remote::{Environment, EnvironmentError, Plan, Stack, Stop, TerraformError};
use serde::Serialize;

use super::Verb;
use crate::elsewhere;
use crate::report::{self, Failure};

/// What `--json` prints of each stack.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    stack: Stack,
    verb: Verb,
    resources: usize,
    counts: Counts,
    changes: Vec<String>,
    seconds: f64,
}

/// The run over the stacks.
pub(super) struct Run<'a> {
    pub(super) verb: Verb,
    pub(super) is_json: bool,
    pub(super) environment: Environment,
    pub(super) stop: &'a Stop,
}

impl Run<'_> {
    /// Takes one stack to its end.
    pub(super) async fn stack(&self, stack: Stack) -> Result<Outcome, Failure> {
        let began = Instant::now();
        self.prepare(stack).await?;
        let plan = self.act(stack).await?;
        if self.verb == Verb::Apply && stack == Stack::Bootstrap && self.environment.wants_its_state_moved() {
            self.tell(
                stack,
                "its state moves to the bucket; backend.tf says so, and belongs in the repository",
            );
            self.environment.move_state_to_bucket(self.stop, &mut |_| {}).await.map_err(failed)?;
        }
        let seconds = began.elapsed().as_secs_f64();
        let counts = plan.counts();
        let Counts { add, change, destroy } = counts;
        self.tell(
            stack,
            &format!(
                "{add} to add, {change} to change, {destroy} to destroy; {} took {seconds:.1} s",
                self.verb.name()
            ),
        );
        let changes = plan.lines();
        Ok(Outcome { stack, verb: self.verb, resources: plan.resources, counts, changes, seconds })
    }

    /// Why a plan of everything ends before its last stack: the next one wants what this one has not made yet.
    pub(super) fn ends_after(&self, stack: Stack, done: &[Outcome], wanted: usize) -> Option<String> {
        let outcome = done.last()?;
        let is_new = outcome.resources > 0 && outcome.counts.add == outcome.resources;
        if self.verb != Verb::Plan || !is_new || done.len() == wanted {
            return None;
        }
        Some(format!(
            "{stack} is not there yet, and what comes after it can be planned once it is: `taxiway apply --stack {stack}`"
        ))
    }

    /// Refuses where stacks hold resources whose only record is in the bucket that `bootstrap` takes along.
    pub(super) async fn nothing_is_left_in(
        &self,
        stacks: impl IntoIterator<Item = Stack>,
    ) -> Result<(), Failure> {
        for stack in stacks {
            self.environment.init(stack, self.stop, &mut |_| {}).await.map_err(failed)?;
            let held = self.environment.holds(stack, self.stop).await.map_err(failed)?;
            if !held.is_empty() {
                return Err(Failure::Sentence(format!(
                    "{stack} still holds {} resources, and bootstrap's bucket has the only record of them; destroy {stack} first",
                    held.len()
                )));
            }
        }
        Ok(())
    }

    /// Finds the state, and hears what the stack before says.
    async fn prepare(&self, stack: Stack) -> Result<(), Failure> {
        let (environment, stop) = (&self.environment, self.stop);
        if stack == Stack::Compute {
            self.tell(Stack::Data, "hands over to compute");
            environment.init(Stack::Data, stop, &mut |_| {}).await.map_err(failed)?;
            if !environment.hand_over(stop).await.map_err(failed)? && self.verb != Verb::Destroy {
                return Err(Failure::Sentence(
                    "data tells compute nothing yet; `taxiway apply --stack data` comes first".to_owned(),
                ));
            }
        }
        self.tell(stack, "init");
        environment.init(stack, stop, &mut |_| {}).await.map_err(failed)?;
        if self.verb == Verb::Destroy && stack == Stack::Bootstrap && environment.state_is_in_a_bucket(stack)
        {
            self.tell(stack, "its state moves back to a file, because its bucket goes");
            environment.move_state_to_file(stop, &mut |_| {}).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Plans, and applies exactly that.
    async fn act(&self, stack: Stack) -> Result<Plan, Failure> {
        let goal = if self.verb == Verb::Destroy { Goal::Nothing } else { Goal::Written };
        // A plan holds values of variables, secrets among them: it is kept by this user alone, and not for long.
        let kept = tempfile::tempdir().map_err(|error| {
            Failure::Sentence(format!("a temporary folder cannot be made: {error}; see TMPDIR"))
        })?;
        let file: PathBuf = kept.path().join("plan");
        let (terraform, folder) = (&self.environment.terraform, self.environment.stack(stack));
        self.tell(stack, "plan");
        let plan = terraform.plan(&folder, &file, goal, self.stop, &mut |line| self.show(line)).await;
        let plan = plan.map_err(|error| shown(error, &folder))?;
        if self.verb != Verb::Plan && !plan.is_empty() {
            self.tell(stack, self.verb.name());
            let applied = terraform.apply(&folder, &file, self.stop, &mut |line| self.show(line)).await;
            applied.map_err(|error| shown(error, &folder))?;
        }
        Ok(plan)
    }

    fn tell(&self, stack: Stack, what: &str) {
        report::note(format_args!("{stack}: {what}"));
    }

    /// Terraform's own output: what a person came for, and beside it where JSON is.
    fn show(&self, line: &str) {
        if self.is_json { report::note(line) } else { report::line(line) }
    }
}

fn failed(error: EnvironmentError) -> Failure {
    elsewhere::failure(&error)
}

/// A failure of which everything was shown while it happened.
fn shown(error: TerraformError, folder: &Path) -> Failure {
    let TerraformError::Failed { step, said, .. } = &error else { return elsewhere::failure(&error) };
    let next = if said.contains("Error acquiring the state lock") {
        "somebody else holds the lock of its state, as terraform says above; wait for them, or see that nobody runs and release it \
         by `terraform force-unlock` there"
    } else {
        "its own words above say why; what was done is in the state, and the same command goes on from there"
    };
    Failure::Sentence(format!("`terraform {step}` in {} failed: {next}", folder.display()))
}
