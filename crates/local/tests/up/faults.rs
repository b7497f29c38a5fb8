//! Starts that fail, each with one sentence; and replicas that end while the system runs.

use std::time::Duration;

use local::{Event, ReplicaState};
use model::system::ServiceKind;
use tokio::time::Instant;

use crate::harness::{Project, WEB, get, healthy, kill};

fn worker(run: &str) -> Project {
    Project::new(&format!("name: shop\nservices: {{ worker: {{ type: worker, run: {run} }} }}"))
}

#[tokio::test]
async fn a_service_that_exits_at_once_is_a_crash_loop_within_seconds() {
    let project = worker("[sh, -c, 'echo no database >&2; exit 3']");
    let began = Instant::now();
    let failure = project.up().failure().await;
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(failure.contains("`worker` ended 5 times in a row, the last time with exit code 3"), "{failure}");
    assert!(failure.contains("  | no database"), "{failure}");
}

#[tokio::test]
async fn a_web_service_that_never_gets_healthy_fails_with_the_check_and_the_log() {
    let mut project = Project::new("name: shop\nservices: { api: { type: web, run: $CHILD serve 503 } }");
    project.timeout = Some(Duration::from_secs(1));
    let failure = project.up().failure().await;
    assert!(failure.contains("replica `api-1` of service `api` was not healthy after 1s"), "{failure}");
    assert!(failure.contains("503") && failure.contains("  | listening on"), "{failure}");
}

#[tokio::test]
async fn a_web_service_that_does_not_listen_is_told_about_port() {
    let mut project = Project::new("name: shop\nservices: { api: { type: web, run: sleep 1000 } }");
    project.timeout = Some(Duration::from_millis(500));
    let failure = project.up().failure().await;
    assert!(failure.contains("PORT"), "{failure}");
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let failure = worker("./none").up().failure().await;
    assert!(failure.contains("service `worker` cannot start: there is no program `./none`"), "{failure}");
}

#[tokio::test]
async fn a_prepare_that_fails_shows_its_last_lines() {
    let project = Project::new(
        "name: shop\nservices: { w: { type: worker, prepare: [sh, -c, 'echo E42; exit 1'], run: sleep 1 } }",
    );
    let failure = project.up().failure().await;
    assert!(
        failure.contains("(`prepare` of w) ended with exit code 1") && failure.contains("  | E42"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_port_in_use_names_its_holder() {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut project = Project::new(WEB);
    project.port = held.local_addr().unwrap().port();
    let failure = project.up().failure().await;
    let expected = format!("port {} is in use by `", project.port);
    assert!(failure.contains(&expected) && failure.contains(&std::process::id().to_string()), "{failure}");
}

#[tokio::test]
async fn a_second_up_fails_with_the_first_ones_process() {
    let project = worker("sleep 1000");
    let first = project.started().await;
    let failure = project.up().failure().await;
    assert!(failure.contains(&format!("is already running (pid {})", std::process::id())), "{failure}");
    assert_eq!(healthy(&project.status().await, "worker"), 1);
    first.stop().await;
}

#[tokio::test]
async fn a_damaged_state_stops_up_until_down_has_cleaned() {
    let project = worker("sleep 1000");
    std::fs::create_dir(project.file(".taxiway")).unwrap();
    std::fs::write(project.file(".taxiway/state.json"), "{ damaged").unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("state.json is damaged") && failure.contains("`taxiway down`"), "{failure}");
    local::down(project.path()).await.unwrap();
    let up = project.started().await;
    up.stop().await;
}

#[tokio::test]
async fn a_state_that_cannot_be_written_is_a_sentence() {
    let project = worker("sleep 1000");
    std::fs::create_dir_all(project.file(".taxiway/state.json.new")).unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("cannot write") && failure.contains("state.json"), "{failure}");
}

#[tokio::test]
async fn a_killed_replica_comes_back_and_no_request_fails() {
    let project = Project::new(WEB);
    let mut up = project.started().await;
    let status = project.status().await;
    let url = status.edge.url.clone().unwrap();
    let pid = status.services["api"].replicas[0].pid.unwrap();
    let load = tokio::spawn(async move {
        let mut failed = Vec::new();
        for _ in 0..300 {
            match get(&url, "/").await {
                Ok((200, _)) => {}
                other => failed.push(format!("{other:?}")),
            }
        }
        failed
    });
    kill(pid);
    up.until(
        "exited",
        |event| matches!(event, Event::ReplicaExited { outcome, .. } if outcome == "signal SIGKILL"),
    )
    .await;
    project.until("back", |status| healthy(status, "api") == 2).await;
    assert_eq!(load.await.unwrap(), Vec::<String>::new());
    let replica = &project.status().await.services["api"].replicas[0];
    assert_eq!((replica.restarts, replica.state), (1, ReplicaState::Healthy));
    up.stop().await;
}

#[tokio::test]
async fn a_replica_that_fails_its_health_check_is_replaced() {
    let project = Project::new(
        "
name: shop
services:
  api:
    type: web
    run: $CHILD serve
    scale: { min: 2, max: 2 }
    http:
      deregistration_delay: 1s
      healthcheck: { unhealthy_threshold: 2, grace_period: 0s }
",
    );
    let mut up = project.up_changed(|system| {
        if let ServiceKind::Web(web) = &mut system.services.get_mut("api").unwrap().kind {
            (web.healthcheck.interval, web.healthcheck.timeout) =
                (Duration::from_millis(200), Duration::from_millis(150));
        }
    });
    up.ready().await;
    let before = project.status().await.services["api"].replicas[1].pid;
    std::fs::write(project.file("api-2"), "").unwrap();
    let unhealthy = up.until("unhealthy", |event| matches!(event, Event::ReplicaUnhealthy { .. })).await;
    std::fs::remove_file(project.file("api-2")).unwrap();
    assert!(
        matches!(unhealthy, Event::ReplicaUnhealthy { replica, reason, .. } if replica == "api-2" && reason.contains("500"))
    );
    let after = project
        .until("replaced", |status| {
            healthy(status, "api") == 2 && status.services["api"].replicas[1].pid != before
        })
        .await;
    assert_eq!(after.services["api"].replicas[1].restarts, 1);
    up.stop().await;
}

// /dev/full answers every write as a full disk does.
#[tokio::test]
async fn a_full_disk_stops_no_service_that_prints() {
    let project = Project::of_script("while :; do echo line; sleep 0.05; done", "");
    std::fs::create_dir_all(project.file(".taxiway/logs/worker")).unwrap();
    std::os::unix::fs::symlink("/dev/full", project.file(".taxiway/logs/worker/worker-1.log")).unwrap();
    let mut up = project.up();
    let note = up.until("noted", |event| matches!(event, Event::Note { .. })).await;
    assert!(
        matches!(note, Event::Note { message } if message.contains("No space left on device") && message.contains("goes on"))
    );
    up.ready().await;
    assert_eq!(healthy(&project.status().await, "worker"), 1);
    up.stop().await;
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_is_a_sentence() {
    let project = worker("sleep 1000");
    std::fs::create_dir(project.file(".taxiway")).unwrap();
    std::os::unix::fs::symlink("/dev/full", project.file(".taxiway/state.json.new")).unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("No space left on device") && failure.contains("free some space"), "{failure}");
}
