//! Draining: no new requests, none lost, an end in any case.

use std::sync::Arc;
use std::time::Duration;

use edge::{DrainOutcome, TargetState};
use tokio::sync::Semaphore;

use crate::support::{Backend, Reply, Wire, config, get, ok, start, until};

#[tokio::test]
async fn what_is_in_flight_finishes_and_nothing_new_comes() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let half = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n".to_owned();
    let slow = move |_: &_| Reply::Gated(half.clone(), held.clone(), "3\r\nllo\r\n0\r\n\r\n".to_owned());
    let (slow, other) = (Backend::start(slow).await, Backend::named("other").await);
    let (edge, address) = start(config(&[slow.address, other.address])).await;
    let mut waiting = Vec::new();
    for _ in 0..40 {
        let mut wire = Wire::open(address).await;
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        waiting.push(wire);
    }
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 20 && seen.requests == 40).await;
    let draining = tokio::spawn({
        let edge = edge.clone();
        async move { edge.drain("api", "api-1", Duration::from_secs(10)).await }
    });
    until(&edge, |seen| seen.targets["api"]["api-1"].state == TargetState::Draining).await;
    for _ in 0..10 {
        assert_eq!(get(address, "/").await.body, "other");
    }
    assert!(!draining.is_finished());
    gate.add_permits(20);
    assert_eq!(draining.await.unwrap(), DrainOutcome::Empty);
    let mut bodies: Vec<String> = Vec::new();
    for wire in &mut waiting {
        bodies.push(wire.hear().await.expect("a whole answer").body);
    }
    assert_eq!(bodies.iter().filter(|body| *body == "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n").count(), 20);
    assert_eq!(bodies.iter().filter(|body| *body == "other").count(), 20);
}

#[tokio::test]
async fn the_deadline_cuts_off_what_is_left() {
    let backend = Backend::start(|_| Reply::Hang).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut waiting = Wire::open(address).await;
    waiting.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1).await;
    assert_eq!(edge.drain("api", "api-1", Duration::from_millis(50)).await, DrainOutcome::CutOff(1));
    assert_eq!(waiting.hear().await.unwrap().status, 502);
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 0).await;
    assert_eq!(get(address, "/").await.status, 503, "a draining target is no last resort");
}

#[tokio::test]
async fn draining_lasts_over_swaps_until_the_target_is_left_out() {
    let (one, two) = (Backend::named("1").await, Backend::named("2").await);
    let both = config(&[one.address, two.address]);
    let (edge, address) = start(both.clone()).await;
    assert_eq!(edge.drain("api", "api-1", Duration::from_secs(1)).await, DrainOutcome::Empty);
    assert_eq!(edge.drain("api", "api-9", Duration::from_secs(1)).await, DrainOutcome::Unknown);
    edge.swap(both.clone()).await.unwrap();
    assert_eq!(edge.snapshot().targets["api"]["api-1"].state, TargetState::Draining);
    let mut without = both.clone();
    without.target_groups.get_mut("api").unwrap().targets.remove("api-1");
    edge.swap(without).await.unwrap();
    edge.swap(both).await.unwrap();
    assert_eq!(edge.snapshot().targets["api"]["api-1"].state, TargetState::Healthy);
    let mut heard = [get(address, "/").await.body, get(address, "/").await.body];
    heard.sort();
    assert_eq!(heard, ["1", "2"]);
}

#[tokio::test]
async fn a_drained_target_loses_its_kept_connections() {
    let backend = Backend::start(|_| Reply::Say(ok("a"))).await;
    let mut quick = config(&[backend.address]);
    quick.timeouts.idle = Duration::from_secs(2);
    let (edge, address) = start(quick).await;
    get(address, "/").await;
    assert_eq!(edge.drain("api", "api-1", Duration::from_secs(1)).await, DrainOutcome::Empty);
    assert_eq!(edge.snapshot().targets["api"]["api-1"].in_flight, 0);
}
