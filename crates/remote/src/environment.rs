//! The compiled stacks of one environment, in the folder terraform runs in: where their states are, and what one tells
//! another.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::overrides::{self, Reach, State};
use crate::terraform::{Backend, Listener};
use crate::{Stack, Stop, Terraform, TerraformError};

/// Where the state is, as a person says it.
pub const BACKEND: &str = "backend.hcl";
/// What says that the state of `bootstrap` is in the bucket it made. A person's file, as `backend.hcl` is.
const MOVED: &str = "backend.tf";
/// What it is copied from.
const MOVED_EXAMPLE: &str = "backend.tf.example";
/// The output of the data stack that compute hears.
const OUTPUT: &str = "compute";
/// The file terraform reads by its name (Terraform, "Input Variables": files that end in `.auto.tfvars.json`).
const HEARD: &str = "data.auto.tfvars.json";

/// The compiled stacks of one environment.
#[derive(Debug)]
pub struct Environment {
    /// The program.
    pub terraform: Terraform,
    /// The folder of the stacks.
    pub folder: PathBuf,
    /// A simulated AWS to run against, instead of an account.
    pub endpoint: Option<String>,
}

/// Why something between the stacks could not be done.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// Terraform did not do it.
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    /// A file can't be read or written.
    #[error("{} cannot be written: {reason}; see that there is room, and that it may be", .file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

impl Environment {
    /// The folder of a stack.
    #[must_use]
    pub fn stack(&self, stack: Stack) -> PathBuf {
        stack.folder(&self.folder)
    }

    /// Gets providers and modules of a stack, and finds its state.
    ///
    /// # Errors
    /// Where terraform or the disk do not do it.
    pub async fn init(
        &self,
        stack: Stack,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), EnvironmentError> {
        let is_in_a_bucket = self.state_is_in_a_bucket(stack);
        let backend = if is_in_a_bucket { Backend::File(BACKEND) } else { Backend::Written };
        self.connect(stack, backend, stop, listen).await
    }

    /// Whether the state of a stack is in the bucket that `bootstrap` makes. That of `bootstrap` starts in a file.
    #[must_use]
    pub fn state_is_in_a_bucket(&self, stack: Stack) -> bool {
        stack != Stack::Bootstrap || self.stack(stack).join(MOVED).is_file()
    }

    /// Whether the state of `bootstrap` is still in a file, and a person said which bucket to move it to.
    #[must_use]
    pub fn wants_its_state_moved(&self) -> bool {
        let folder = self.stack(Stack::Bootstrap);
        !folder.join(MOVED).is_file() && folder.join(BACKEND).is_file()
    }

    /// Moves the state of `bootstrap` into the bucket it made (Terraform, `init -migrate-state`).
    ///
    /// # Errors
    /// Where terraform or the disk do not do it; the state is where it was then.
    pub async fn move_state_to_bucket(
        &self,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), EnvironmentError> {
        let folder = self.stack(Stack::Bootstrap);
        let text = read(&folder.join(MOVED_EXAMPLE))?;
        write(&folder.join(MOVED), &text)?;
        let moved = self.connect(Stack::Bootstrap, Backend::MovesTo(BACKEND), stop, listen).await;
        if moved.is_err() {
            remove(&folder.join(MOVED))?;
        }
        moved
    }

    /// Moves it back to a file, before the bucket goes.
    ///
    /// # Errors
    /// Where terraform or the disk do not do it; the state is where it was then.
    pub async fn move_state_to_file(
        &self,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), EnvironmentError> {
        let file = self.stack(Stack::Bootstrap).join(MOVED);
        let text = read(&file)?;
        remove(&file)?;
        let moved = self.connect(Stack::Bootstrap, Backend::MovesBack, stop, listen).await;
        if moved.is_err() {
            write(&file, &text)?;
        }
        moved
    }

    /// Writes what the data stack says where the compute stack reads it. `false` where it does not say anything yet.
    ///
    /// # Errors
    /// Where terraform or the disk do not do it.
    pub async fn hand_over(&self, stop: &Stop) -> Result<bool, EnvironmentError> {
        let outputs = self.terraform.outputs(&self.stack(Stack::Data), stop).await?;
        let Some(value) = outputs.get(OUTPUT).and_then(|output| output.get("value")) else {
            return Ok(false);
        };
        write(&self.stack(Stack::Compute).join(HEARD), format!("{value:#}\n").as_bytes())?;
        Ok(true)
    }

    /// The addresses of what the state of a stack holds.
    ///
    /// # Errors
    /// Where terraform does not say.
    pub async fn holds(&self, stack: Stack, stop: &Stop) -> Result<Vec<String>, EnvironmentError> {
        Ok(self.terraform.state(&self.stack(stack), stop).await?)
    }

    async fn connect(
        &self,
        stack: Stack,
        backend: Backend<'_>,
        stop: &Stop,
        listen: Listener<'_>,
    ) -> Result<(), EnvironmentError> {
        let folder = self.stack(stack);
        if let Some(endpoint) = &self.endpoint {
            let is_in_a_bucket = self.state_is_in_a_bucket(stack);
            let state = if is_in_a_bucket { State::Simulator(endpoint) } else { State::Written };
            let providers = read(&folder.join("providers.tf"))?;
            let text =
                overrides::text(&String::from_utf8_lossy(&providers), Reach::Simulator(endpoint), state);
            write(&folder.join(overrides::FILE), text.as_bytes())?;
        }
        Ok(self.terraform.init(&folder, backend, stop, listen).await?)
    }
}

fn read(file: &Path) -> Result<Vec<u8>, EnvironmentError> {
    fs::read(file).map_err(|reason| EnvironmentError::Unwritable { file: file.to_owned(), reason })
}

fn remove(file: &Path) -> Result<(), EnvironmentError> {
    fs::remove_file(file).map_err(|reason| EnvironmentError::Unwritable { file: file.to_owned(), reason })
}

/// Whole or not at all.
fn write(file: &Path, content: &[u8]) -> Result<(), EnvironmentError> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = file.with_file_name(name);
    fs::write(&temporary, content)
        .and_then(|()| fs::rename(&temporary, file))
        .map_err(|reason| EnvironmentError::Unwritable { file: file.to_owned(), reason })
}
