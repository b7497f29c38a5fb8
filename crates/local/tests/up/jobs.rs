//! Jobs: run once for who waits for them, and by the clock.

use local::Event;
use model::system::{JobTrigger, ServiceKind};

use crate::harness::{Project, eventually, healthy};

fn migrated(script: &str) -> Project {
    let project = Project::new(
        "
name: shop
services:
  migrate: { type: job, on: manual, run: sh job.sh, retries: 1, timeout: 1m }
  worker: { type: worker, run: ls done-and-wait, depends_on: { migrate: completed } }
",
    );
    std::fs::write(project.file("job.sh"), script).unwrap();
    project
}

#[tokio::test]
async fn a_service_starts_after_the_job_it_waits_for_and_the_job_is_tried_again() {
    let project = migrated("echo x >> tries; [ $(wc -l < tries) = 2 ] && touch done");
    let mut up = project.up_changed(|system| {
        let run = ["sh", "-c", "[ -e done ] && exec sleep 1000"].map(str::to_owned);
        system.services.get_mut("worker").unwrap().run = Some(run.to_vec());
    });
    up.ready().await;
    assert_eq!(healthy(&project.status().await, "worker"), 1);
    assert_eq!(project.status().await.services["worker"].replicas[0].restarts, 0);
    let outcomes: Vec<&str> = up
        .seen
        .iter()
        .filter_map(|event| match event {
            Event::JobEnded { outcome, .. } => Some(outcome.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes, ["exit code 1", "exit code 0"]);
    up.stop().await;
}

#[tokio::test]
async fn a_job_that_fails_fails_the_start_with_its_last_lines() {
    let failure = migrated("echo no table; exit 4").up().failure().await;
    assert!(
        failure.contains("job `migrate`, which a service waits for, ended with exit code 4"),
        "{failure}"
    );
    assert!(failure.contains("  | no table"), "{failure}");
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_ended() {
    let project = migrated("sleep 1000");
    let up = project.up_changed(|system| {
        if let ServiceKind::Job(job) = &mut system.services.get_mut("migrate").unwrap().kind {
            (job.timeout, job.retries) = (std::time::Duration::from_millis(200), 0);
        }
    });
    let failure = up.failure().await;
    assert!(failure.contains("passed its timeout and was ended with signal SIGTERM"), "{failure}");
}

#[tokio::test]
async fn a_job_with_a_schedule_runs_again_and_again() {
    let project = Project::new(
        "
name: shop
services:
  cleanup: { type: job, on: { schedule: '@every 5m' }, run: sh job.sh }
",
    );
    std::fs::write(project.file("job.sh"), "echo x >> runs").unwrap();
    let mut up = project.up_changed(|system| {
        if let ServiceKind::Job(job) = &mut system.services.get_mut("cleanup").unwrap().kind {
            job.trigger = JobTrigger::Schedule("@every 1s".to_owned());
        }
    });
    up.ready().await;
    let runs = || std::fs::read_to_string(project.file("runs")).map_or(0, |text| text.lines().count());
    eventually("run twice", || runs() >= 2).await;
    up.stop().await;
}
