//! Health checks: quick at the start, thresholds later, open when all fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use edge::TargetState;
use tokio::net::TcpListener;

use crate::support::{Backend, Reply, check, config, get, ok, start, until};

fn switchable(
    name: &'static str,
    healthy: &Arc<AtomicBool>,
) -> impl Fn(&crate::support::Seen) -> Reply + use<> {
    let healthy = Arc::clone(healthy);
    move |seen| {
        let failing = seen.head.contains("ELB-HealthChecker") && !healthy.load(Ordering::SeqCst);
        let sick = "HTTP/1.1 503 Sick\r\ncontent-length: 0\r\n\r\n".to_owned();
        Reply::Say(if failing { sick } else { ok(name) })
    }
}

#[tokio::test]
async fn a_start_is_noticed_at_once() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut config = config(&[address]);
    let mut slow = check("/healthz");
    slow.interval = Duration::from_secs(30);
    config.target_groups.get_mut("api").unwrap().health_check = Some(slow);
    let (edge, public) = start(config).await;
    until(&edge, |seen| seen.targets["api"]["api-1"].reason.is_some()).await;
    assert_eq!(edge.snapshot().targets["api"]["api-1"].state, TargetState::Initial);
    let _backend = Backend::serve(TcpListener::bind(address).await.unwrap(), |_| Reply::Say(ok("up")));
    let begun = Instant::now();
    until(&edge, |seen| seen.targets["api"]["api-1"].state == TargetState::Healthy).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(edge.snapshot().targets["api"]["api-1"].reason, None);
    assert_eq!(get(public, "/").await.body, "up");
}

#[tokio::test]
async fn the_sick_get_nothing_until_they_are_well() {
    let (well, sick) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(true)));
    let one = Backend::start(switchable("1", &well)).await;
    let two = Backend::start(switchable("2", &sick)).await;
    let mut config = config(&[one.address, two.address]);
    config.target_groups.get_mut("api").unwrap().health_check = Some(check("/healthz"));
    let (edge, address) = start(config).await;
    let state =
        |id: &'static str, wanted| move |seen: &edge::Snapshot| seen.targets["api"][id].state == wanted;
    until(&edge, state("api-2", TargetState::Healthy)).await;
    until(&edge, state("api-1", TargetState::Healthy)).await;
    sick.store(false, Ordering::SeqCst);
    until(&edge, state("api-2", TargetState::Unhealthy)).await;
    let reason = edge.snapshot().targets["api"]["api-2"].reason.clone().unwrap();
    assert!(reason.contains("/healthz") && reason.contains("answered 503, not 200"), "{reason}");
    for _ in 0..6 {
        assert_eq!(get(address, "/").await.body, "1");
    }
    // All sick: open to all.
    well.store(false, Ordering::SeqCst);
    until(&edge, state("api-1", TargetState::Unhealthy)).await;
    let mut heard: Vec<_> = Vec::new();
    for _ in 0..6 {
        heard.push(get(address, "/").await.body);
    }
    heard.sort();
    assert_eq!(heard, ["1", "1", "1", "2", "2", "2"]);
    sick.store(true, Ordering::SeqCst);
    until(&edge, state("api-2", TargetState::Healthy)).await;
    assert_eq!(get(address, "/").await.body, "2");
}

#[tokio::test]
async fn one_refused_connection_is_enough_and_one_success_clears_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let other = Backend::named("other").await;
    let (edge, public) = start(config(&[address, other.address])).await;
    for _ in 0..4 {
        assert_eq!(get(public, "/").await.body, "other");
    }
    assert_eq!(edge.snapshot().targets["api"]["api-1"].state, TargetState::Unhealthy);
    let _back = Backend::serve(TcpListener::bind(address).await.unwrap(), |_| Reply::Say(ok("back")));
    until(&edge, |seen| seen.targets["api"]["api-1"].state == TargetState::Healthy).await;
}
