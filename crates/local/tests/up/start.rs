//! A start that goes well.

use std::collections::BTreeSet;

use local::{Event, Phase};

use crate::harness::{Project, WEB, get, healthy};

#[tokio::test]
async fn two_replicas_behind_the_edge_are_ready_and_balanced() {
    let project = Project::new(WEB);
    let up = project.started().await;
    let status = project.status().await;
    assert_eq!((status.phase, healthy(&status, "api")), (Phase::Running, 2));
    let url = status.edge.url.unwrap();
    let mut answers = BTreeSet::new();
    for _ in 0..10 {
        let (code, body) = get(&url, "/").await.unwrap();
        assert_eq!(code, 200);
        answers.insert(body);
    }
    assert_eq!(answers, ["api-1 info".to_owned(), "api-2 info".to_owned()].into());
    up.stop().await;
}

#[tokio::test]
async fn a_service_waits_for_what_it_depends_on() {
    let project = Project::new(
        "
name: shop
services:
  api: { type: web, run: $CHILD serve }
  worker: { type: worker, run: sleep 1000, depends_on: { api: healthy } }
",
    );
    let up = project.started().await;
    let position =
        |up: &crate::harness::Running, is_it: fn(&Event) -> bool| up.seen.iter().position(is_it).unwrap();
    let waited =
        position(&up, |event| matches!(event, Event::Waiting { service, .. } if service == "worker"));
    let api = position(&up, |event| matches!(event, Event::ReplicaReady { service, .. } if service == "api"));
    let worker =
        position(&up, |event| matches!(event, Event::ReplicaStarted { service, .. } if service == "worker"));
    assert!(waited < worker && api < worker, "{:#?}", up.seen);
    up.stop().await;
}

#[tokio::test]
async fn an_internal_service_is_found_by_others_at_the_same_url_after_a_restart() {
    let project = Project::new(
        "
name: shop
services:
  prices: { type: web, run: $CHILD serve, http: { public: false } }
  worker: { type: worker, run: sleep 1000 }
",
    );
    let mut urls = Vec::new();
    for _ in 0..2 {
        let up = project.started().await;
        assert_eq!(project.status().await.edge.url, None);
        let url = project.variables("worker").await["PRICES_URL"].clone();
        assert_eq!(get(&url, "/").await.unwrap().0, 200);
        urls.push(url);
        up.stop().await;
    }
    assert_eq!(urls[0], urls[1]);
}

#[tokio::test]
async fn a_prepare_that_two_services_share_runs_once_before_them() {
    let project = Project::new(
        "
name: shop
services:
  one: { type: worker, prepare: sh -c 'echo made >> log; sleep 0', run: sleep 1000 }
  two: { type: worker, prepare: sh -c 'echo made >> log; sleep 0', run: sleep 1000 }
",
    );
    let up = project.started().await;
    assert_eq!(std::fs::read_to_string(project.file("log")).unwrap(), "made\n");
    up.stop().await;
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_is_served_all_the_same() {
    let outer = tempfile::tempdir().unwrap();
    let long = outer.path().join("x".repeat(120));
    std::fs::create_dir(&long).unwrap();
    let project =
        Project::new("name: shop\nservices: { worker: { type: worker, run: sleep 1000 } }").moved_to(&long);
    let up = project.started().await;
    assert_eq!(healthy(&project.status().await, "worker"), 1);
    up.stop().await;
}
