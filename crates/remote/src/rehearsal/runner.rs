//! Takes the steps of a rehearsal in a temporary folder, and notes what came of each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::report::Failed;
use super::{Event, Rehearsal, RehearsalError, StackReport, Step, Timing};
use crate::environment::Environment;
use crate::overrides::{self, Reach, State};
use crate::terraform::{Backend, Goal, happened};
use crate::{Files, Plan, Stack, Stop, Terraform, TerraformError};

/// A plan's file in a stack's folder.
const PLAN: &str = "rehearsal.tfplan";

/// Takes the steps.
pub(super) struct Runner<'a> {
    terraform: &'a Terraform,
    /// The folder of the files.
    root: PathBuf,
    environment: &'a str,
    endpoint: &'a str,
    stop: &'a Stop,
    tell: &'a mut dyn FnMut(Event<'_>),
    /// What is known of each stack.
    pub(super) stacks: Vec<StackReport>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        terraform: &'a Terraform,
        rehearsal: &'a Rehearsal,
        folder: &Path,
        endpoint: &'a str,
        stop: &'a Stop,
        tell: &'a mut dyn FnMut(Event<'_>),
    ) -> Self {
        Self {
            terraform,
            root: folder.join("files"),
            environment: &rehearsal.environment,
            endpoint,
            stop,
            tell,
            stacks: Stack::ORDER.map(StackReport::new).into(),
        }
    }

    /// Writes the files that are not as they are to be, and says which stacks they are of.
    pub(super) fn lay(&self, files: &Files) -> Result<BTreeSet<Stack>, RehearsalError> {
        let mut touched = BTreeSet::new();
        for (path, content) in files {
            let file = self.root.join(path);
            if fs::read(&file).is_ok_and(|there| there == *content) {
                continue;
            }
            let folder = file.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&file, content))
                .map_err(|reason| RehearsalError::Disk { file: file.clone(), reason })?;
            let stack = path.strip_prefix(self.environment).and_then(|rest| rest.split('/').nth(1));
            touched.extend(stack.and_then(Stack::named));
        }
        Ok(touched)
    }

    /// Takes one step. `false` where terraform refused, which the report then says.
    pub(super) async fn step(&mut self, stack: Stack, step: Step) -> Result<bool, RehearsalError> {
        self.prepare(stack, step)?;
        (self.tell)(Event::Starts(stack, step));
        let began = Instant::now();
        let came = self.take(stack, step).await;
        let seconds = began.elapsed().as_secs_f64();
        (self.tell)(Event::Ends(stack, step, seconds, came.is_ok()));
        let came = came.map_err(|error| (self.without_folder(&error), error));
        let Some(report) = self.stacks.iter_mut().find(|report| report.stack == stack) else {
            return Ok(false);
        };
        match came {
            Ok(plan) => {
                report.steps.push(Timing { step, seconds });
                if let Some(plan) = plan {
                    report.note(step, &plan);
                }
                Ok(true)
            }
            Err((_, error @ TerraformError::Interrupted { .. })) => Err(error.into()),
            Err((reason, error)) => {
                let problems = match error {
                    TerraformError::Failed { problems, .. } => problems,
                    _ => Vec::new(),
                };
                report.failure = Some(Failed { step, seconds, reason, problems });
                Ok(false)
            }
        }
    }

    /// Hands over what the data stack says.
    pub(super) async fn hand_over(&self) -> Result<(), RehearsalError> {
        let (terraform, folder) = (self.terraform.clone(), self.folder());
        let environment = Environment { terraform, folder, endpoint: None };
        environment.hand_over(self.stop).await?;
        Ok(())
    }

    /// Destroys what is still there, after an end that was not the planned one. What can't be destroyed stays.
    pub(super) async fn clean(&mut self) {
        let stop = self.stop.from_now();
        for stack in Stack::ORDER.into_iter().rev() {
            let report = self.stacks.iter().find(|report| report.stack == stack);
            let is_there = report.is_some_and(|report| report.seconds(Step::Destroy).is_none())
                && stack.folder(&self.folder()).join("terraform.tfstate").exists();
            if is_there {
                let tell = &mut *self.tell;
                let mut listen = |line: &str| hear(line, tell);
                let folder = stack.folder(&self.root.join(self.environment));
                let _best_effort = self.terraform.destroy(&folder, &stop, &mut listen).await;
            }
        }
    }

    async fn take(&mut self, stack: Stack, step: Step) -> Result<Option<Plan>, TerraformError> {
        let folder = stack.folder(&self.folder());
        let (terraform, stop, tell) = (self.terraform, self.stop, &mut *self.tell);
        let listen = &mut |line: &str| hear(line, tell);
        let file = Path::new(PLAN);
        match step {
            Step::Fmt => terraform.check_format(&folder, stop, listen).await?,
            Step::Init => terraform.init(&folder, Backend::Written, stop, listen).await?,
            Step::Validate => terraform.validate(&folder, stop, listen).await?,
            Step::Destroy => terraform.destroy(&folder, stop, listen).await?,
            Step::Plan | Step::Replan | Step::Change => {
                return terraform.plan(&folder, file, Goal::Written, stop, listen).await.map(Some);
            }
            Step::Apply | Step::Release => {
                let plan = terraform.plan(&folder, file, Goal::Written, stop, listen).await?;
                terraform.apply(&folder, file, stop, listen).await?;
                return Ok(Some(plan));
            }
        }
        Ok(None)
    }

    /// Puts the files there that a step wants and that are not compiled.
    fn prepare(&self, stack: Stack, step: Step) -> Result<(), RehearsalError> {
        let folder = stack.folder(&self.folder());
        let put = |name: &str, content: Vec<u8>| {
            let file = folder.join(name);
            fs::write(&file, content).map_err(|reason| RehearsalError::Disk { file, reason })
        };
        let read = |name: &str| {
            let file = folder.join(name);
            fs::read(&file).map_err(|reason| RehearsalError::Disk { file, reason })
        };
        let reach = match step {
            Step::Fmt => return put("terraform.tfvars", read("terraform.tfvars.example")?),
            Step::Init => Reach::Nobody,
            Step::Apply => Reach::Simulator(self.endpoint),
            _ => return Ok(()),
        };
        let providers = read("providers.tf")?;
        let text = overrides::text(&String::from_utf8_lossy(&providers), reach, State::Local);
        put(overrides::FILE, text.into_bytes())
    }

    fn folder(&self) -> PathBuf {
        self.root.join(self.environment)
    }

    /// What went wrong, without the folder that is gone when somebody reads it.
    fn without_folder(&self, error: &TerraformError) -> String {
        let root = format!("{}/", self.root.display());
        error.to_string().replace(&root, "")
    }
}

/// A line of terraform's: an event where it is one, else its words.
fn hear(line: &str, tell: &mut dyn FnMut(Event<'_>)) {
    match happened(line) {
        Some(happened) => tell(Event::Happened(&happened)),
        None => tell(Event::Said(line)),
    }
}
