//! A service held to its own `/openapi.json` by schemathesis: it makes requests of the description, good and bad, and
//! checks that each answer is one that is described.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{run, workspace};

/// Requests of each kind and operation. More find little more: each run begins with all limits of the description.
const REQUESTS: &str = "30";

/// A body over 1 MiB is refused for its size, before anything else is looked at: 413 is a refusal of what is wrong, too, and
/// the most a right body can get then. Beside it stand the refusals that our services have: fewer than schemathesis takes.
const REFUSALS: &str = r#"
[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "413", "422", "429"]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "413"]
"#;

/// Holds the service at `to` to its description, where schemathesis is there; else that is said. `headers` go with every
/// request, each `Name: value`; `configuration` stands in `schemathesis.toml`, too.
///
/// # Panics
/// When an answer is not as described; the message shows the requests that bring it about.
pub fn hold(to: SocketAddr, headers: &[&str], configuration: &str) {
    let Some(program) = program() else {
        println!("skipped: schemathesis: it is neither in .venv nor on the PATH; tests/run installs it");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let configuration = format!("{configuration}{REFUSALS}");
    std::fs::write(folder.path().join("schemathesis.toml"), configuration).expect("room for a file");
    let mut command = Command::new(program);
    command.args(["run", &format!("http://{to}/openapi.json"), "--max-examples", REQUESTS]);
    command.args(["--seed", "1", "--no-color"]).args(headers.iter().flat_map(|header| ["--header", header]));
    let output = run(command.current_dir(folder.path()).stdin(Stdio::null()));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    // It also ends well where it found nothing to ask.
    assert!(told.contains("No issues found"), "{told}");
}

fn program() -> Option<PathBuf> {
    let ours = workspace().join(".venv/bin");
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(ours).chain(std::env::split_paths(&folders));
    places.map(|folder| folder.join("schemathesis")).find(|program| program.exists())
}
