//! The real terraform, where it cannot save its state.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it asks the environment, and says what it skips"
)]

use std::ffi::OsString;
use std::path::Path;

use remote::terraform::{Backend, Goal};
use remote::{Limits, Stop, Terraform, TerraformError, Variables};

/// Bytes of the state of a resource of terraform's own, for which no provider is fetched.
const SIZE: usize = 100_000;

fn stack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("resource \"terraform_data\" \"note\" {{\n  input = \"{}\"\n}}\n", "x".repeat(SIZE));
    std::fs::write(folder.path().join("main.tf"), text).expect("a file");
    folder
}

/// Terraform, started by these words, where it is installed.
async fn terraform(launcher: &[&str], stop: &Stop) -> Option<Terraform> {
    let variables: Variables = std::env::vars().filter(|(name, _)| name != "TF_CLI_CONFIG_FILE").collect();
    let launcher = launcher.iter().map(OsString::from).collect();
    match Terraform::find(&variables, Limits::default(), launcher, stop).await {
        Ok(found) => Some(found),
        Err(missing @ (TerraformError::Missing | TerraformError::TooOld { .. })) => {
            println!("skipped: a state that cannot be saved: {missing}");
            None
        }
        Err(other) => panic!("{other}"),
    }
}

async fn planned(terraform: &Terraform, folder: &Path, stop: &Stop) -> Result<(), TerraformError> {
    let file = folder.join("plan");
    terraform.plan(folder, &file, Goal::Written, stop, &mut |_| {}).await.map(drop)
}

#[tokio::test]
async fn a_state_that_is_only_printed_is_said_to_be() {
    let (_asks, stop) = Stop::new();
    let Some(able) = terraform(&[], &stop).await else { return };
    // No file may become as large as the state: as on a disk that fills.
    let limit = format!("--fsize={}", SIZE / 2);
    let Some(unable) = terraform(&["prlimit", &limit], &stop).await else { return };
    let folder = stack();
    able.init(folder.path(), Backend::Written, &stop, &mut |_| {}).await.expect("no provider is needed");
    planned(&able, folder.path(), &stop).await.expect("a plan");

    let applied = unable.apply(folder.path(), &folder.path().join("plan"), &stop, &mut |_| {}).await;
    let said = applied.expect_err("nothing can be written").to_string();
    assert!(
        said.contains("could not save its state: no disk took it whole and it was only printed"),
        "{said}"
    );
}

#[tokio::test]
async fn nothing_runs_beside_a_state_that_is_still_to_be_saved() {
    let (_asks, stop) = Stop::new();
    let Some(terraform) = terraform(&[], &stop).await else { return };
    let folder = stack();
    terraform.init(folder.path(), Backend::Written, &stop, &mut |_| {}).await.expect("no provider is needed");
    std::fs::write(folder.path().join("errored.tfstate"), "{}").expect("a file");

    let said = planned(&terraform, folder.path(), &stop).await.expect_err("it is refused").to_string();
    assert!(
        said.contains("`terraform plan` in ") && said.contains("terraform state push errored.tfstate"),
        "{said}"
    );
    let destroyed = terraform.destroy(folder.path(), &stop, &mut |_| {}).await;
    assert!(matches!(destroyed, Err(TerraformError::Unsaved { is_in_file: true, .. })), "{destroyed:?}");

    std::fs::remove_file(folder.path().join("errored.tfstate")).expect("it is there");
    planned(&terraform, folder.path(), &stop).await.expect("a plan");
}
