//! The real terraform program, run in one stack's folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

pub use self::error::TerraformError;
pub use self::process::Stop;
use self::process::{Command, Printed};
pub use self::version::Version;
use crate::{Plan, Variables};

mod error;
mod process;
mod version;

/// The oldest that reads what is compiled.
pub const OLDEST: Version = Version { major: 1, minor: 6 };

/// How long a wait for somebody else's lock may take (`terraform plan -help`, `-lock-timeout`).
const LOCK_TIMEOUT: &str = "-lock-timeout=5m";

/// A terraform that was found, and how it is run.
#[derive(Debug, Clone)]
pub struct Terraform {
    program: PathBuf,
    version: Version,
    variables: Variables,
    limits: Limits,
    colours: bool,
    providers: Option<PathBuf>,
}

/// What a step may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time of one step.
    pub step: Duration,
    /// How long terraform may take to let go of its lock once it was interrupted.
    pub grace: Duration,
}

/// A callback for each line that terraform prints.
pub type Listener<'a> = &'a mut dyn FnMut(&str);

impl Default for Limits {
    fn default() -> Self {
        Self { step: Duration::from_secs(2 * 60 * 60), grace: Duration::from_secs(5 * 60) }
    }
}

impl Terraform {
    /// Finds terraform on the `PATH` of `variables`, which are all it will see of the environment.
    ///
    /// # Errors
    /// Where there is none, or one that is too old.
    pub async fn find(
        variables: &Variables,
        limits: Limits,
        colours: bool,
        stop: &Stop,
    ) -> Result<Self, TerraformError> {
        let found = crate::simulator::on_path(variables, "terraform").ok_or(TerraformError::Missing)?;
        let mut terraform = Self {
            program: found,
            version: OLDEST,
            variables: variables.clone(),
            limits,
            colours,
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

    /// Gets providers and modules, and connects the backend where a file says which.
    ///
    /// # Errors
    /// As every step: terraform failed, took too long, or was interrupted.
    pub async fn init(
        &self,
        folder: &Path,
        backend: Option<&str>,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), TerraformError> {
        let mut words = vec!["-input=false".to_owned(), LOCK_TIMEOUT.to_owned()];
        words.extend(backend.map(|file| format!("-backend-config={file}")));
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
        let mut words: Vec<OsString> = vec!["-input=false".into(), LOCK_TIMEOUT.into()];
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
        let words = [OsString::from("-input=false"), LOCK_TIMEOUT.into(), plan.into()];
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
        let words = ["-input=false", "-auto-approve", LOCK_TIMEOUT];
        self.run(folder, "destroy", &words, stop, listen).await.map(drop)
    }

    /// The value of an output.
    ///
    /// # Errors
    /// As every step.
    pub async fn output(&self, folder: &Path, name: &str, stop: &Stop) -> Result<Value, TerraformError> {
        let printed = self.run(folder, "output", &["-json", name], stop, &mut |_| {}).await?;
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
        if !self.colours && matches!(step, "init" | "validate" | "plan" | "apply" | "destroy" | "show") {
            arguments.insert(1, "-no-color".into());
        }
        let command = Command {
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
