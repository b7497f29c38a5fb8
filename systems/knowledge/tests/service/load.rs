//! `knowledge load`.

use std::fmt::Write as _;
use std::path::Path;

use crate::http::found;
use crate::process::{Store, command, run};

fn lines(from: u32, to: u32) -> String {
    (from..to).fold(String::new(), |mut lines, n| {
        let _ = writeln!(lines, r#"{{"title":"Title {n}","content":"bulk line{n}","tags":["x"]}}"#);
        lines
    })
}

async fn load(store: &Store, file: &Path) -> (Option<i32>, String, String) {
    let output = run(&store.environment(), &["load", "--tenant", "t1", &file.display().to_string()]).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn a_file_is_loaded_once_and_its_growth_later() {
    for store in Store::all().await {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("documents.jsonl");
        std::fs::write(&file, lines(0, 5000)).expect("a file");
        let (code, told, _) = load(&store, &file).await;
        assert_eq!(
            (code, told.contains("5000 documents loaded, 0 lines refused, 0 lines passed over")),
            (Some(0), true)
        );
        let mut text = lines(0, 5000);
        text.push_str("{\"title\":\"\"}\n\nnonsense\n");
        text.push_str(&lines(5000, 5010));
        std::fs::write(&file, text).expect("a file");
        let (code, told, complaints) = load(&store, &file).await;
        assert!(told.contains("10 documents loaded, 2 lines refused, 5000 lines passed over"), "{told}");
        assert!(complaints.contains("line 5001: ") && complaints.contains("line 5003: "), "{complaints}");
        assert!(complaints.contains("2 lines are no documents; the others are loaded"), "{complaints}");
        assert_eq!(code, Some(1));
        let (_service, to) = store.serve().await;
        assert_eq!(found(to, "t1", "q=bulk").await["total"], 5010);
        assert_eq!(found(to, "t1", "q=line5009").await["total"], 1);
    }
}

#[tokio::test]
async fn a_load_that_was_killed_goes_on() {
    let store = Store::sqlite();
    let (_service, to) = store.serve().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("documents.jsonl");
    std::fs::write(&file, lines(0, 20_000)).expect("a file");
    let arguments = ["load", "--tenant", "t1", &file.display().to_string()];
    let mut child = command(&store.environment()).args(arguments).spawn().expect("the loader starts");
    crate::eventually("some documents", async || {
        (found(to, "t1", "q=bulk").await["total"].as_u64() > Some(0)).then_some(())
    })
    .await;
    child.kill().await.expect("a kill");
    let (code, told, _) = load(&store, &file).await;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(found(to, "t1", "q=bulk").await["total"], 20_000, "{told}");
}

#[tokio::test]
async fn what_can_not_be_loaded_says_why() {
    let store = Store::sqlite();
    let (code, _, complaint) = load(&store, Path::new("/nowhere/at/all")).await;
    assert_eq!((code, complaint.starts_with("can't read /nowhere/at/all: ")), (Some(1), true), "{complaint}");
}
