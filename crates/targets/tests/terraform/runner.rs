//! Terraform as a program, with the provider of this machine's mirror and no way to an account.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds the providers: `tests/run` finds it.
const MIRROR: &str = "TAXIWAY_TERRAFORM_MIRROR";

/// What makes an offline plan of a stack: no state elsewhere, no credentials, and nobody is asked who we are.
const OFFLINE: &str = "terraform {\n  backend \"local\" {}\n}\n";
const PROVIDER: &str = "  access_key                  = \"offline\"\n  secret_key                  = \"offline\"\n  \
                        skip_credentials_validation = true\n  skip_metadata_api_check     = true\n  \
                        skip_region_validation      = true\n  skip_requesting_account_id  = true\n";

/// Terraform, where it and its provider are on this machine.
pub(crate) struct Terraform {
    settings: PathBuf,
    _folder: tempfile::TempDir,
}

impl Terraform {
    /// Finds it, or says what is missing.
    pub(crate) fn find() -> Option<Self> {
        if Command::new("terraform").arg("version").output().is_err() {
            println!("skipped: terraform: it is not installed");
            return None;
        }
        let Some(mirror) = std::env::var_os(MIRROR) else {
            println!("skipped: terraform: {MIRROR} names no mirror of providers, and none is downloaded");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = folder.path().join("terraformrc");
        let text =
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n");
        fs::write(&settings, text).expect("the temporary folder can be written");
        Some(Self { settings, _folder: folder })
    }

    /// Runs it, and gives what it printed. It has to end well.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = Command::new("terraform")
            .args(arguments)
            .current_dir(folder)
            .env("TF_CLI_CONFIG_FILE", &self.settings)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .expect("terraform runs");
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(
            output.status.success(),
            "terraform {} in {}:\n{text}",
            arguments.join(" "),
            folder.display()
        );
        text
    }

    /// Plans a stack with the values of its example, offline, and gives the plan as Terraform's JSON.
    pub(crate) fn plan(&self, stack: &Path) -> serde_json::Value {
        fs::copy(stack.join("terraform.tfvars.example"), stack.join("terraform.tfvars"))
            .expect("every stack has an example");
        let providers = fs::read_to_string(stack.join("providers.tf")).expect("every stack has providers");
        let mut text = format!("{OFFLINE}provider \"aws\" {{\n{PROVIDER}}}\n");
        if providers.contains("us_east_1") {
            text.push_str(&format!("provider \"aws\" {{\n  alias = \"us_east_1\"\n{PROVIDER}}}\n"));
        }
        fs::write(stack.join("offline_override.tf"), text).expect("the stack's folder can be written");
        self.run(stack, &["init", "-no-color", "-input=false"]);
        let said = self.run(stack, &["plan", "-no-color", "-input=false", "-out=plan.bin"]);
        assert!(!said.contains("Warning"), "{said}");
        serde_json::from_str(&self.run(stack, &["show", "-json", "plan.bin"])).expect("a plan is JSON")
    }
}

/// Writes compiled files below a folder.
pub(crate) fn write(files: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (path, content) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders can be made");
        fs::write(file, content).expect("files can be written");
    }
}
