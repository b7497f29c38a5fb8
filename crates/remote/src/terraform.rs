//! The real terraform program, run in one stack's folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

pub use self::error::TerraformError;
pub use self::events::{Happened, Problem, happened};
use self::process::{Command, Printed};
pub use self::stop::{Stop, StopSender};
pub use self::version::Version;
use crate::{Plan, Variables};

mod error;
mod events;
mod output;
mod process;
mod stop;
mod unsaved;
mod version;

/// The oldest that reads what is compiled.
pub const OLDEST: Version = Version { major: 1, minor: 6 };

/// A terraform that was found, and how it is run.
#[derive(Debug, Clone)]
pub struct Terraform {
    program: PathBuf,
    version: Version,
    variables: Variables,
    limits: Limits,
    launcher: Vec<OsString>,
    speech: Speech,
    providers: Option<PathBuf>,
}

/// How it tells what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// As text.
    Plain,
    /// As text for a terminal.
    Coloured,
    /// An event a line where it can (Terraform, "Machine-Readable UI"); [`happened`] reads them.
    Events,
}

/// Where the state of a stack is, as `terraform init` is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend<'a> {
    /// Where the stack's own files say.
    Written,
    /// Where this file says.
    File(&'a str),
    /// It moves where this file says.
    MovesTo(&'a str),
    /// It moves where the stack's own files say.
    MovesBack,
}

/// What a step may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time of one step.
    pub step: Duration,
    /// How long terraform may take to let go of its lock once it was interrupted.
    pub grace: Duration,
    /// How long a wait for somebody else's lock may take (`terraform plan -help`, `-lock-timeout`).
    pub lock: Duration,
}

/// A callback for each line that terraform prints.
pub type Listener<'a> = &'a mut dyn FnMut(&str);

impl Default for Limits {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self { step: minutes(120), grace: minutes(5), lock: minutes(5) }
    }
}

impl Limits {
    fn lock_timeout(self) -> String {
        format!("-lock-timeout={}s", self.lock.as_secs())
    }
}

impl Terraform {
    /// Finds terraform on the `PATH` of `variables`, which are all it will see of the environment. `launcher` is put before
    /// each run: words that start a program so that it is told to end when we do.
    ///
    /// # Errors
    /// Where there is none, or one that is too old.
    pub async fn find(
        variables: &Variables,
        limits: Limits,
        launcher: Vec<OsString>,
        stop: &Stop,
    ) -> Result<Self, TerraformError> {
        let found = crate::simulator::on_path(variables, "terraform").ok_or(TerraformError::Missing)?;
        let mut terraform = Self {
            program: found,
            version: OLDEST,
            variables: variables.clone(),
            limits,
            launcher,
            speech: Speech::Plain,
            providers: None,
        };
        terraform.variables.insert("TF_IN_AUTOMATION".to_owned(), "1".to_owned());
        terraform.variables.insert("CHECKPOINT_DISABLE".to_owned(), "1".to_owned());
        let said = terraform.run(Path::new("."), "version", &["-json"], stop, &mut |_| {}).await?;
        let version = Version::read(&said.out).ok_or_else(|| TerraformError::Unreadable {
            step: "version",
            reason: "it has no version".into(),
        })?;
        if version < OLDEST {
            return Err(TerraformError::TooOld { found: version });
        }
        terraform.version = version;
        Ok(terraform)
    }

    /// Which one it is.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Takes providers from this folder alone (`terraform init -plugin-dir`).
    pub fn take_providers_from(&mut self, folder: Option<PathBuf>) {
        self.providers = folder;
    }

    /// Tells what it does in this way from now on.
    pub fn speak(&mut self, speech: Speech) {
        self.speech = speech;
    }

    /// Gets providers and modules, and connects the backend.
    ///
    /// # Errors
    /// As every step: terraform failed, took too long, or was interrupted.
    pub async fn init(
        &self,
        folder: &Path,
        backend: Backend<'_>,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        let mut words = vec!["-input=false".to_owned(), self.limits.lock_timeout()];
        if let Backend::File(file) | Backend::MovesTo(file) = backend {
            words.push(format!("-backend-config={file}"));
        }
        if let Backend::MovesTo(_) | Backend::MovesBack = backend {
            words.extend(["-migrate-state", "-force-copy"].map(str::to_owned));
        }
        words.extend(self.providers.iter().map(|folder| format!("-plugin-dir={}", folder.display())));
        self.run(folder, "init", &words, stop, listen).await.map(drop)
    }

    /// Fails where a file is not as `terraform fmt` would write it.
    ///
    /// # Errors
    /// As every step.
    pub async fn check_format(
        &self,
        folder: &Path,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        self.run(folder, "fmt", &["-check", "-diff", "-recursive"], stop, listen).await.map(drop)
    }

    /// Checks types and references.
    ///
    /// # Errors
    /// As every step.
    pub async fn validate(
        &self,
        folder: &Path,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        self.run(folder, "validate", &[""; 0], stop, listen).await.map(drop)
    }

    /// Plans into `file`, and reads what the plan says.
    ///
    /// # Errors
    /// As every step.
    pub async fn plan(
        &self,
        folder: &Path,
        file: &Path,
        goal: Goal,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<Plan, TerraformError> {
        let mut words: Vec<OsString> = vec!["-input=false".into(), self.limits.lock_timeout().into()];
        words.extend((goal == Goal::Nothing).then(|| "-destroy".into()));
        let mut out = OsString::from("-out=");
        out.push(file);
        words.push(out);
        self.run(folder, "plan", &words, stop, listen).await?;
        let shown = [OsString::from("-json"), file.into()];
        Ok(Plan::read(&json("show", &self.run(folder, "show", &shown, stop, &mut |_| {}).await?)?))
    }

    /// Applies a plan that was saved, and nothing else.
    ///
    /// # Errors
    /// As every step.
    pub async fn apply(
        &self,
        folder: &Path,
        plan: &Path,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        let words = [OsString::from("-input=false"), self.limits.lock_timeout().into(), plan.into()];
        self.run(folder, "apply", &words, stop, listen).await.map(drop)
    }

    /// Destroys everything in the state.
    ///
    /// # Errors
    /// As every step.
    pub async fn destroy(
        &self,
        folder: &Path,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        let words = ["-input=false".to_owned(), "-auto-approve".to_owned(), self.limits.lock_timeout()];
        self.run(folder, "destroy", &words, stop, listen).await.map(drop)
    }

    /// The outputs of a state, by name.
    ///
    /// # Errors
    /// As every step.
    pub async fn outputs(&self, folder: &Path, stop: &Stop) -> Result<Value, TerraformError> {
        let printed = self.run(folder, "output", &["-json"], stop, &mut |_| {}).await?;
        json("output", &printed)
    }

    /// The addresses of what the state holds.
    ///
    /// # Errors
    /// As every step.
    pub async fn state(&self, folder: &Path, stop: &Stop) -> Result<Vec<String>, TerraformError> {
        let printed = self.run(folder, "state", &["list"], stop, &mut |_| {}).await?;
        Ok(printed.out.lines().map(str::to_owned).collect())
    }

    async fn run<W: Into<OsString> + Clone>(
        &self,
        folder: &Path,
        step: &'static str,
        words: &[W],
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<Printed, TerraformError> {
        // Of a step, the verb comes first, and a verb's verb after it.
        let mut arguments: Vec<OsString> = vec![step.into()];
        arguments.extend(words.iter().cloned().map(Into::into));
        if self.speech != Speech::Coloured
            && matches!(step, "init" | "validate" | "plan" | "apply" | "destroy" | "show")
        {
            arguments.insert(1, "-no-color".into());
        }
        if self.speech == Speech::Events && matches!(step, "plan" | "apply" | "destroy") {
            arguments.insert(1, "-json".into());
        }
        let command = Command {
            launcher: &self.launcher,
            program: &self.program,
            arguments: &arguments,
            variables: &self.variables,
            folder,
            step,
            limits: self.limits,
        };
        command.run(stop, listen).await
    }
}

/// What a plan is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Everything that is written.
    Written,
    /// Nothing: destroy.
    Nothing,
}

fn json(step: &'static str, printed: &Printed) -> Result<Value, TerraformError> {
    serde_json::from_str(&printed.out)
        .map_err(|reason| TerraformError::Unreadable { step, reason: reason.to_string() })
}
