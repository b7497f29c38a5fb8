//! `/openapi.json` is true: schemathesis makes requests of it, good and bad, and holds every answer to it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::http::add;
use crate::process::Store;

/// Without this every generated tenant would be one that the key may not see.
const CONFIGURATION: &str = "[parameters]\n\"path.tenantId\" = \"t1\"\n";

#[tokio::test]
async fn every_answer_is_as_described() {
    let Some(program) = program() else {
        println!(
            "skipped: every_answer_is_as_described, as schemathesis is neither in .venv nor on the PATH"
        );
        return;
    };
    let store = Store::sqlite();
    let (_service, to) = store.serve().await;
    add(to, "t1", "Foxes", "The quick brown fox").await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("schemathesis.toml"), CONFIGURATION).expect("a file");
    let run = Command::new(program)
        .args(["run", &format!("http://{to}/openapi.json"), "--header", "X-API-Key: key_t1"])
        .args(["--max-examples", "30", "--seed", "1", "--no-color"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = run.await.expect("schemathesis runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("No issues found"), "{told}");
}

fn program() -> Option<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin");
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(ours).chain(std::env::split_paths(&folders));
    places.map(|folder| folder.join("schemathesis")).find(|program| program.exists())
}
