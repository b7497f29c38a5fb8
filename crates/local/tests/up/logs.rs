//! What replicas print, read by another process.

use std::time::Duration;

use local::client::{LogLine, LogQuery, logs};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::harness::{DEADLINE, Project, eventually};

async fn collect(project: &Project, query: LogQuery) -> Vec<LogLine> {
    let (sender, mut receiver) = mpsc::channel(10_000);
    logs(project.path(), &query, sender).await.unwrap();
    let mut lines = Vec::new();
    while let Some(line) = receiver.recv().await {
        lines.push(line);
    }
    lines
}

#[tokio::test]
async fn lines_of_all_replicas_are_there_and_new_ones_follow() {
    let project = Project::new(
        "
name: shop
services:
  worker: { type: worker, run: [sh, -c, 'echo hello; until [ -e go ]; do sleep 0.05; done; echo again; sleep 1000'] }
",
    );
    let up = project.started().await;
    let first = collect(&project, LogQuery { tail: 10, ..LogQuery::default() }).await;
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].replica.as_str(), first[0].text.as_str()), ("worker-1", "hello"));
    let (sender, mut receiver) = mpsc::channel(10);
    let (path, query) =
        (project.path().to_owned(), LogQuery { tail: 0, follow: true, ..LogQuery::default() });
    let following = tokio::spawn(async move { logs(&path, &query, sender).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    std::fs::write(project.file("go"), "").unwrap();
    let line = timeout(DEADLINE, receiver.recv()).await.unwrap().unwrap();
    assert_eq!(line.text, "again");
    drop(receiver);
    timeout(DEADLINE, following).await.unwrap().unwrap().unwrap();
    up.stop().await;
    assert_eq!(collect(&project, LogQuery { tail: 1, ..LogQuery::default() }).await[0].text, "again");
}

#[tokio::test]
async fn a_flood_of_100_megabytes_is_bounded_on_the_disk_and_stops_nothing() {
    let project = Project::new(
        "
name: shop
services:
  worker: { type: worker, run: [sh, -c, 'yes 0123456789012345678901234567890123456789 | head -c 100000000; touch done; sleep 1000'] }
",
    );
    let up = project.started().await;
    eventually("flooded", || project.file("done").exists()).await;
    let folder = project.file(".taxiway/logs/worker");
    let size = || -> u64 {
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    };
    assert!(size() <= 31 * 1024 * 1024, "{}", size());
    up.stop().await;
}

#[tokio::test]
async fn a_service_without_logs_is_named() {
    let project = Project::new(
        "name: shop\nservices: { worker: { type: worker, run: [sh, -c, 'echo x; sleep 1000'] } }",
    );
    let query = LogQuery { services: vec!["wrker".to_owned()], ..LogQuery::default() };
    let none = logs(project.path(), &query, mpsc::channel(1).0).await.unwrap_err().to_string();
    assert!(none.contains("there are no logs in"), "{none}");
    let up = project.started().await;
    let error = logs(project.path(), &query, mpsc::channel(1).0).await.unwrap_err().to_string();
    assert_eq!(error, "there is no log of service `wrker`; there are logs of worker");
    up.stop().await;
}
