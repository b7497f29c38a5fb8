//! The story of a rehearsal, from a temporary folder to nothing left behind.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::runner::Runner;
use super::{Report, Step, Types, Verdict};
use crate::alone::alone;
use crate::environment::EnvironmentError;
use crate::mirror::mirror;
use crate::simulator::{self, Patch, Simulator, SimulatorError};
use crate::terraform::{Happened, Speech};
use crate::{Files, Limits, Stack, Stop, Terraform, TerraformError, Variables};

/// What is rehearsed.
#[derive(Debug)]
pub struct Rehearsal {
    /// The system's name.
    pub system: String,
    /// The folder of the environment in the files.
    pub environment: String,
    /// What was compiled.
    pub files: Files,
    /// The same with one setting changed, and which.
    pub changed: (String, Files),
    /// The same without protection, where there is any.
    pub released: Option<Files>,
    /// A simulated AWS that runs already; else one is started.
    pub endpoint: Option<String>,
    /// The process's environment.
    pub variables: Variables,
    /// What a step may take.
    pub limits: Limits,
    /// Words before each run of terraform, that tell it to end when we do.
    pub launcher: Vec<OsString>,
}

/// What happens, as it does.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The simulated AWS is started.
    Opens,
    /// A step begins.
    Starts(Stack, Step),
    /// Something happened to a resource.
    Happened(&'a Happened),
    /// Terraform prints a line.
    Said(&'a str),
    /// A step ended, well or not, after this many seconds.
    Ends(Stack, Step, f64, bool),
}

/// Why a rehearsal could not take place. What terraform refuses is in the report instead.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// There is no terraform, or it was interrupted.
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    /// There is no simulated AWS.
    #[error(transparent)]
    Simulator(#[from] SimulatorError),
    /// The temporary folder can't be used.
    #[error("{} cannot be written: {reason}; see that there is room, and that TMPDIR is a folder of yours", .file.display())]
    Disk {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

impl From<EnvironmentError> for RehearsalError {
    fn from(error: EnvironmentError) -> Self {
        match error {
            EnvironmentError::Terraform(error) => Self::Terraform(error),
            EnvironmentError::Unwritable { file, reason } => Self::Disk { file, reason },
        }
    }
}

/// Rehearses everything, and tells what happens.
///
/// # Errors
/// Where it could not take place, or was interrupted. Nothing is left behind then either.
pub async fn run(
    rehearsal: &Rehearsal,
    stop: &Stop,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Report, RehearsalError> {
    let began = Instant::now();
    let variables = alone(&rehearsal.variables);
    let mut terraform =
        Terraform::find(&variables, rehearsal.limits, rehearsal.launcher.clone(), stop).await?;
    terraform.speak(Speech::Events);
    terraform.take_providers_from(mirror(&rehearsal.variables));
    let folder = tempfile::Builder::new()
        .prefix("taxiway-rehearsal-")
        .tempdir()
        .map_err(|reason| RehearsalError::Disk { file: std::env::temp_dir(), reason })?;
    tell(Event::Opens);
    let aws = Aws::find(rehearsal, folder.path(), &variables).await?;
    let mut runner = Runner::new(&terraform, rehearsal, folder.path(), aws.endpoint(), stop, tell);
    let came = take(&mut runner, rehearsal).await;
    if aws.is_somebody_elses() {
        runner.clean().await;
    }
    let stacks = runner.stacks;
    came?;
    Ok(Report {
        system: rehearsal.system.clone(),
        environment: rehearsal.environment.clone(),
        terraform: terraform.version().to_string(),
        changed: rehearsal.changed.0.clone(),
        types: Types::of(&stacks, aws.patches()),
        seconds: began.elapsed().as_secs_f64(),
        verdict: Verdict::of(&stacks),
        stacks,
    })
}

/// Every step. One that fails ends it; the stack's report says so.
async fn take(runner: &mut Runner<'_>, rehearsal: &Rehearsal) -> Result<(), RehearsalError> {
    runner.lay(&rehearsal.files)?;
    for stack in Stack::ORDER {
        for step in [Step::Fmt, Step::Init, Step::Validate, Step::Plan] {
            if !runner.step(stack, step).await? {
                return Ok(());
            }
        }
    }
    for stack in Stack::ORDER {
        if !runner.step(stack, Step::Apply).await? {
            return Ok(());
        }
        if stack == Stack::Data {
            runner.hand_over().await?;
        }
        if !runner.step(stack, Step::Replan).await? {
            return Ok(());
        }
    }
    for (step, files) in
        [(Step::Change, Some(&rehearsal.changed.1)), (Step::Release, rehearsal.released.as_ref())]
    {
        let Some(files) = files else { continue };
        let touched = runner.lay(files)?;
        for stack in touched {
            if !runner.step(stack, step).await? {
                return Ok(());
            }
        }
        if step == Step::Change {
            runner.lay(&rehearsal.files)?;
        }
    }
    for stack in Stack::ORDER.into_iter().rev() {
        if !runner.step(stack, Step::Destroy).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// The simulated AWS that is used.
enum Aws {
    Ours(Box<Simulator>, Vec<Patch>),
    Theirs(String),
}

impl Aws {
    async fn find(
        rehearsal: &Rehearsal,
        folder: &Path,
        variables: &Variables,
    ) -> Result<Self, RehearsalError> {
        if let Some(endpoint) = &rehearsal.endpoint {
            return Ok(Self::Theirs(endpoint.clone()));
        }
        let python = simulator::python(&rehearsal.variables)?;
        let patches = simulator::patches(&python, folder, variables).await?;
        let simulator = Simulator::start(&python, folder, variables, 0).await?;
        Ok(Self::Ours(Box::new(simulator), patches))
    }

    fn endpoint(&self) -> &str {
        match self {
            Self::Ours(simulator, _) => simulator.endpoint(),
            Self::Theirs(endpoint) => endpoint,
        }
    }

    fn is_somebody_elses(&self) -> bool {
        matches!(self, Self::Theirs(_))
    }

    fn patches(&self) -> &[Patch] {
        match self {
            Self::Ours(_, patches) => patches,
            Self::Theirs(_) => &[],
        }
    }
}
