//! `taxiway plan`, `apply` and `destroy`: terraform's runs over the compiled stacks of an environment, in their order.

use std::path::{Path, PathBuf};
use std::time::Instant;

use remote::plan::Counts;
use remote::terraform::Goal;
use remote::{Limits, Plan, Stack, Stop, Terraform};
use serde::Serialize;

use self::ready::Ready;
use crate::arguments::Stacks;
use crate::report::{self, Failure};
use crate::{elsewhere, environment};

mod ready;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verb {
    Plan,
    Apply,
    Destroy,
}

/// What `--json` prints of each stack.
#[derive(Debug, Serialize)]
struct Outcome {
    stack: Stack,
    verb: Verb,
    resources: usize,
    counts: Counts,
    changes: Vec<String>,
    seconds: f64,
}

/// The run over the stacks.
struct Run<'a> {
    verb: Verb,
    arguments: &'a Stacks,
    folder: &'a Path,
    terraform: Terraform,
    stop: &'a Stop,
}

pub(crate) fn run(verb: Verb, arguments: &Stacks) -> Result<(), Failure> {
    let ready = Ready::check(verb, arguments)?;
    confirm(verb, arguments, &ready)?;
    let work = async |stop: Stop| over(verb, arguments, &ready, &stop).await;
    let outcomes = elsewhere::until_asked(work)??;
    if arguments.json { report::json(&outcomes) } else { Ok(()) }
}

/// A person says so before a protected environment changes, and before anything is destroyed.
fn confirm(verb: Verb, arguments: &Stacks, ready: &Ready) -> Result<(), Failure> {
    let is_asked = match verb {
        Verb::Plan => false,
        Verb::Apply => ready.is_protected,
        Verb::Destroy => true,
    };
    if !is_asked || arguments.yes {
        return Ok(());
    }
    let stacks: Vec<&str> = ready.stacks.iter().map(|stack| stack.name()).collect();
    let (word, stacks) = (&ready.name, stacks.join(", "));
    let what = match verb {
        Verb::Destroy => format!("This destroys {stacks} of {word}, with everything in them."),
        Verb::Plan | Verb::Apply => format!("This applies {stacks} of {word}, which is protected."),
    };
    report::confirm(&what, word)
}

async fn over(verb: Verb, arguments: &Stacks, ready: &Ready, stop: &Stop) -> Result<Vec<Outcome>, Failure> {
    let limits = Limits { step: arguments.timeout, ..Limits::default() };
    let colours = !arguments.json && report::is_terminal();
    let terraform = Terraform::find(&environment::variables(), limits, colours, stop)
        .await
        .map_err(|error| elsewhere::failure(&error))?;
    let run = Run { verb, arguments, folder: &ready.folder, terraform, stop };
    let mut outcomes = Vec::new();
    for stack in &ready.stacks {
        outcomes.push(run.stack(*stack).await?);
    }
    Ok(outcomes)
}

impl Run<'_> {
    async fn stack(&self, stack: Stack) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let folder = stack.folder(self.folder);
        let backend = ready::backend(stack);
        self.tell(stack, "init");
        self.terraform.init(&folder, backend, self.stop, &mut |_| {}).await.map_err(failed)?;
        let plan = self.act(stack, &folder).await?;
        if self.verb == Verb::Apply && stack == Stack::Data {
            self.tell(stack, "hands over to compute");
            let handed = remote::handover::hand_over(&self.terraform, self.folder, self.stop).await;
            handed.map_err(|error| elsewhere::failure(&error))?;
        }
        let seconds = began.elapsed().as_secs_f64();
        let Counts { add, change, destroy } = plan.counts();
        report::note(format_args!(
            "{stack}: {add} to add, {change} to change, {destroy} to destroy; {} took {seconds:.1} s",
            self.verb.name()
        ));
        Ok(Outcome {
            stack,
            verb: self.verb,
            resources: plan.resources,
            counts: plan.counts(),
            changes: plan.lines(),
            seconds,
        })
    }

    /// Plans, and applies exactly that.
    async fn act(&self, stack: Stack, folder: &Path) -> Result<Plan, Failure> {
        let goal = if self.verb == Verb::Destroy { Goal::Nothing } else { Goal::Written };
        // A plan holds values of variables, secrets among them: it is kept by this user alone, and not for long.
        let kept = tempfile::tempdir().map_err(|error| {
            Failure::Sentence(format!("a temporary folder cannot be made: {error}; see TMPDIR"))
        })?;
        let file: PathBuf = kept.path().join("plan");
        self.tell(stack, "plan");
        let plan = self.terraform.plan(folder, &file, goal, self.stop, &mut |line| self.show(line)).await;
        let plan = plan.map_err(failed)?;
        if self.verb != Verb::Plan && !plan.is_empty() {
            self.tell(stack, self.verb.name());
            let applied = self.terraform.apply(folder, &file, self.stop, &mut |line| self.show(line)).await;
            applied.map_err(failed)?;
        }
        Ok(plan)
    }

    fn tell(&self, stack: Stack, what: &str) {
        report::note(format_args!("{stack}: {what}"));
    }

    /// Terraform's own output: what a person came for, and beside it where JSON is.
    fn show(&self, line: &str) {
        if self.arguments.json { report::note(line) } else { report::line(line) }
    }
}

impl Verb {
    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Destroy => "destroy",
        }
    }
}

fn failed(error: remote::TerraformError) -> Failure {
    elsewhere::failure(&error)
}
