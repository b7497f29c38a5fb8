//! Ends: graceful, hurried, asked for by another process.

use std::time::Duration;

use local::{Down, Interrupt, Stopped};
use tokio::time::Instant;

use crate::harness::{Project, WEB, eventually, get, gone, is_alive, pid_in};

const STUBBORN: &str = "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done";

#[tokio::test]
async fn a_request_in_flight_is_answered_before_its_replica_ends() {
    let project = Project::new(WEB);
    let up = project.started().await;
    let url = project.status().await.edge.url.unwrap();
    let request = tokio::spawn(async move { get(&url, "/slow").await });
    project.until("forwarded", |_| true).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(up.stop().await, Stopped::Interrupted);
    assert_eq!(request.await.unwrap().unwrap().0, 200);
}

#[tokio::test]
async fn a_process_that_ignores_sigterm_is_killed_after_its_stop_timeout() {
    let project = Project::of_script(STUBBORN, ", stop_timeout: 1s");
    let up = project.started().await;
    let pid = pid_in(&project.file("pid")).await;
    let began = Instant::now();
    up.stop().await;
    assert!(!is_alive(pid));
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_second_interrupt_ends_it_at_once() {
    let project = Project::of_script(STUBBORN, ", stop_timeout: 100s");
    let up = project.started().await;
    let pid = pid_in(&project.file("pid")).await;
    let began = Instant::now();
    up.interrupt(Interrupt::Graceful).await;
    up.interrupt(Interrupt::Now).await;
    up.ended().await.unwrap();
    assert!(!is_alive(pid));
    assert!(began.elapsed() < Duration::from_secs(50));
}

#[tokio::test]
async fn grandchildren_end_with_the_replica_even_those_that_left_its_group() {
    let script = "sleep 1000 & echo $! > near\nsetsid sh -c 'echo $$ > far; exec sleep 1000' &\nsleep 1000";
    let project = Project::of_script(script, "");
    let up = project.started().await;
    let (near, far) = (pid_in(&project.file("near")).await, pid_in(&project.file("far")).await);
    assert!(is_alive(near) && is_alive(far));
    up.stop().await;
    gone(near).await;
    gone(far).await;
}

#[tokio::test]
async fn down_stops_a_running_system_and_says_so() {
    let project = Project::new(WEB);
    let up = project.started().await;
    let task = tokio::spawn(up.ended());
    assert_eq!(local::down(project.path()).await.unwrap(), Down::Stopped);
    assert_eq!(task.await.unwrap().unwrap(), Stopped::Asked);
    assert_eq!(local::down(project.path()).await.unwrap(), Down::Nothing);
    let error = local::client::status(project.path()).await.unwrap_err().to_string();
    assert!(error.contains("nothing runs in") && error.contains("taxiway up"), "{error}");
}

#[tokio::test]
async fn an_interrupt_during_prepare_ends_it() {
    let project = Project::of_script("sleep 1000", ", prepare: sh prepare.sh");
    std::fs::write(project.file("prepare.sh"), "echo $$ > pid; sleep 1000").unwrap();
    let up = project.up();
    let pid = pid_in(&project.file("pid")).await;
    up.interrupt(Interrupt::Graceful).await;
    assert!(up.failure().await.contains("interrupted"));
    eventually("prepare gone", || !is_alive(pid)).await;
}
