//! Restarts of a service: never a moment without a healthy replica.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::harness::{Project, WEB, get, healthy};

#[tokio::test]
async fn a_rolling_restart_replaces_every_process_and_fails_no_request() {
    let project = Project::new(WEB);
    let up = project.started().await;
    let pids = |status: &local::Status| -> Vec<_> {
        status.services["api"].replicas.iter().filter_map(|replica| replica.pid).collect()
    };
    let before = project.status().await;
    let url = before.edge.url.clone().unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn({
        let over = Arc::clone(&over);
        async move {
            let mut failed = Vec::new();
            while !over.load(Ordering::Relaxed) {
                match get(&url, "/").await {
                    Ok((200, _)) => {}
                    other => failed.push(format!("{other:?}")),
                }
            }
            failed
        }
    });
    let (sender, mut events) = mpsc::channel(100);
    local::client::restart(project.path(), "api", sender).await.unwrap();
    over.store(true, Ordering::Relaxed);
    assert_eq!(load.await.unwrap(), Vec::<String>::new());
    assert!(events.recv().await.is_some());
    let after = project.status().await;
    assert_eq!(healthy(&after, "api"), 2);
    assert!(pids(&after).iter().all(|pid| !pids(&before).contains(pid)));
    up.stop().await;
}

#[tokio::test]
async fn a_singleton_is_never_there_twice() {
    let project = Project::new(
        "
name: shop
services:
  beat:
    type: worker
    singleton: true
    run: [sh, -c, 'mkdir only || exit 1; trap \"rmdir only; exit\" TERM; while :; do sleep 0.05; done']
",
    );
    let up = project.started().await;
    local::client::restart(project.path(), "beat", mpsc::channel(100).0).await.unwrap();
    let status = project.status().await;
    assert_eq!((healthy(&status, "beat"), status.services["beat"].replicas[0].restarts), (1, 0));
    up.stop().await;
}

#[tokio::test]
async fn a_new_replica_that_fails_leaves_the_old_ones() {
    let project = Project::new(
        "
name: shop
services:
  worker: { type: worker, run: [sh, -c, 'mkdir first || exit 7; sleep 1000'] }
",
    );
    let up = project.started().await;
    let before = project.status().await.services["worker"].replicas[0].pid;
    let refused =
        local::client::restart(project.path(), "worker", mpsc::channel(100).0).await.unwrap_err().to_string();
    assert!(refused.contains("cannot restart `worker`") && refused.contains("exit code 7"), "{refused}");
    let after = project.status().await;
    assert_eq!(after.services["worker"].replicas.len(), 1);
    assert_eq!(after.services["worker"].replicas[0].pid, before);
    up.stop().await;
}

#[tokio::test]
async fn an_unknown_service_is_refused_with_those_there_are() {
    let project = Project::new(WEB);
    let up = project.started().await;
    let refused =
        local::client::restart(project.path(), "ap", mpsc::channel(1).0).await.unwrap_err().to_string();
    assert_eq!(refused, "no service `ap` runs here; there are api");
    up.stop().await;
}
