//! Terraform's own AWS provider against this cloud: what was applied is what it finds, and all of it can be destroyed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::server::{Server, run};

#[tokio::test(flavor = "multi_thread")]
async fn terraform_applies_finds_no_difference_and_destroys() {
    let Some(mirror) = mirror() else { return };
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let configuration = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/s3.tf");
    std::fs::copy(configuration, folder.path().join("main.tf")).unwrap();
    let installation = format!("provider_installation {{\n  filesystem_mirror {{ path = {mirror:?} }}\n}}\n");
    std::fs::write(folder.path().join("terraform.rc"), installation).unwrap();
    let terraform = async |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).args(["-no-color", "-input=false"]).current_dir(folder.path());
        command.env("TF_CLI_CONFIG_FILE", folder.path().join("terraform.rc"));
        command.env("TF_VAR_endpoint", server.endpoint()).env("CHECKPOINT_DISABLE", "1");
        run(&mut command).await
    };
    terraform(&["init"]).await;
    let applied = terraform(&["apply", "-auto-approve"]).await;
    assert!(applied.contains("12 added"), "{applied}");
    let planned = terraform(&["plan"]).await;
    assert!(planned.contains("No changes."), "{planned}");
    let destroyed = terraform(&["destroy", "-auto-approve"]).await;
    assert!(destroyed.contains("12 destroyed"), "{destroyed}");
}

/// The folder the provider is found in, where there is one and Terraform too.
fn mirror() -> Option<PathBuf> {
    let Some(mirror) = std::env::var_os("TAXIWAY_TERRAFORM_MIRROR") else {
        println!("skipped: terraform; TAXIWAY_TERRAFORM_MIRROR names the folder that hashicorp/aws 5 is in");
        return None;
    };
    let version =
        Command::new("terraform").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_err() {
        println!("skipped: terraform is not installed");
        return None;
    }
    Some(mirror.into())
}
