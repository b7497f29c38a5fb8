//! `kill -9` of `up`: nothing it started outlives the next `up` or `down`.

use std::process::Stdio;

use local::Down;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::harness::{CHILD, DEADLINE, Project, gone, healthy, is_alive, pid_in};

// The process ignores the death signal, and its child has left its group: the worst orphans there are.
const STUBBORN: &str = "
trap '' TERM
echo $$ > near
setsid sh -c 'echo $$ > far; while :; do sleep 0.1; done' &
while :; do sleep 0.1; done
";

fn stubborn() -> Project {
    Project::of_script(STUBBORN, ", stop_timeout: 1s")
}

pub(crate) async fn up_in_a_process(project: &Project) -> Child {
    let mut command = Command::new(CHILD);
    command.arg("up").arg(project.path()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready =
        async { while !lines.next_line().await.unwrap().expect("ready").contains("\"event\":\"ready\"") {} };
    timeout(DEADLINE, ready).await.expect("never ready");
    child
}

#[tokio::test]
async fn polite_children_die_with_up_by_themselves() {
    let project = Project::of_script("echo $$ > pid; exec sleep 1000", "");
    let mut up = up_in_a_process(&project).await;
    let pid = pid_in(&project.file("pid")).await;
    up.kill().await.unwrap();
    gone(pid).await;
    assert_eq!(local::down(project.path()).await.unwrap(), Down::Nothing);
}

#[tokio::test]
async fn down_ends_stubborn_orphans() {
    let project = stubborn();
    let mut up = up_in_a_process(&project).await;
    let (near, far) = (pid_in(&project.file("near")).await, pid_in(&project.file("far")).await);
    up.kill().await.unwrap();
    assert!(is_alive(near) && is_alive(far));
    assert!(matches!(local::down(project.path()).await.unwrap(), Down::Orphans(2..)));
    assert!(!is_alive(near) && !is_alive(far));
    assert_eq!(local::down(project.path()).await.unwrap(), Down::Nothing);
}

#[tokio::test]
async fn the_next_up_ends_orphans_before_it_starts_anything() {
    let project = stubborn();
    let mut up = up_in_a_process(&project).await;
    let (near, far) = (pid_in(&project.file("near")).await, pid_in(&project.file("far")).await);
    up.kill().await.unwrap();
    let next = project.started().await;
    assert!(!is_alive(near) && !is_alive(far));
    assert_eq!(healthy(&project.status().await, "worker"), 1);
    next.stop().await;
}

#[tokio::test]
async fn down_ends_orphans_also_where_the_state_is_damaged() {
    let project = stubborn();
    let mut up = up_in_a_process(&project).await;
    let (near, far) = (pid_in(&project.file("near")).await, pid_in(&project.file("far")).await);
    up.kill().await.unwrap();
    std::fs::write(project.file(".taxiway/state.json"), "").unwrap();
    assert!(matches!(local::down(project.path()).await.unwrap(), Down::Orphans(2..)));
    assert!(!is_alive(near) && !is_alive(far));
    assert!(project.file(".taxiway/state.json.damaged").exists());
}
