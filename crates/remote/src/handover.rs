//! What the data stack tells the compute stack: an output of one, a file of variables of the other.

use std::path::{Path, PathBuf};

use crate::{Stack, Stop, Terraform, TerraformError};

/// The output of the data stack.
const OUTPUT: &str = "compute";
/// The file terraform reads by its name (Terraform, "Input Variables": files that end in `.auto.tfvars.json`).
const FILE: &str = "data.auto.tfvars.json";

/// Why nothing was handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// The output can't be had.
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    /// The file can't be written.
    #[error("{} cannot be written: {reason}; the compute stack needs it", .file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
}

/// Writes what the data stack of an environment's folder says where its compute stack reads it.
///
/// # Errors
/// Where the output can't be had or the file can't be written.
pub async fn hand_over(terraform: &Terraform, environment: &Path, stop: &Stop) -> Result<(), HandoverError> {
    let value = terraform.output(&Stack::Data.folder(environment), OUTPUT, stop).await?;
    let file = Stack::Compute.folder(environment).join(FILE);
    let temporary = file.with_extension("new");
    std::fs::write(&temporary, format!("{value:#}\n"))
        .and_then(|()| std::fs::rename(&temporary, &file))
        .map_err(|reason| HandoverError::Unwritable { file, reason })
}
