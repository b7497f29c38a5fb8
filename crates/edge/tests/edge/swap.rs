//! Configurations come and go; requests do not notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use edge::config::Listener;
use edge::{Edge, StopOutcome};

use crate::support::{Backend, Wire, check, config, forward, get, group, start, until};

#[tokio::test]
async fn no_request_fails_over_many_swaps() {
    let backends = [Backend::named("1").await, Backend::named("2").await, Backend::named("3").await];
    let one = config(&[backends[0].address, backends[1].address]);
    let mut two = config(&[backends[2].address]);
    two.target_groups.insert("other".into(), group(&[backends[1].address]));
    let (edge, address) = start(one.clone()).await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            tokio::spawn(async move {
                let mut wire = Wire::open(address).await;
                while !stop.load(Ordering::SeqCst) {
                    wire.send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi").await;
                    let heard = wire.hear().await.expect("an answer");
                    assert_eq!(heard.status, 200);
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for turn in 0..200 {
        edge.swap(if turn % 2 == 0 { two.clone() } else { one.clone() }).await.unwrap();
        let seen = answered.load(Ordering::SeqCst);
        crate::support::within(async {
            while answered.load(Ordering::SeqCst) < seen + 4 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    assert!(answered.load(Ordering::SeqCst) >= 800);
}

#[tokio::test]
async fn listeners_come_and_go_and_the_others_keep_their_connections() {
    let backend = Backend::named("a").await;
    let one = config(&[backend.address]);
    let (edge, address) = start(one.clone()).await;
    let mut kept = Wire::open(address).await;
    let mut two = one.clone();
    let second =
        Listener { address: "127.0.0.1:0".parse().unwrap(), rules: Vec::new(), default: forward("api") };
    two.listeners.insert("second".into(), second);
    edge.swap(two).await.unwrap();
    let other = edge.snapshot().listeners["second"];
    let mut leaving = Wire::open(other).await;
    leaving.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(leaving.hear().await.unwrap().status, 200);
    edge.swap(one).await.unwrap();
    assert_eq!(leaving.rest().await, "", "its connections end");
    assert!(tokio::net::TcpStream::connect(other).await.is_err(), "its socket is closed");
    kept.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(kept.hear().await.unwrap().status, 200);
    assert_eq!(edge.snapshot().listeners["public"], address);
}

#[tokio::test]
async fn a_bad_configuration_changes_nothing() {
    let backend = Backend::named("a").await;
    let good = config(&[backend.address]);
    let (edge, address) = start(good.clone()).await;
    let mut unknown = good.clone();
    unknown.listeners.get_mut("public").unwrap().default = forward("apii");
    let refused = edge.swap(unknown).await.unwrap_err().to_string();
    assert!(refused.contains("`apii`, which is not defined"), "{refused}");
    let mut taken = good.clone();
    let second = Listener { address, rules: Vec::new(), default: forward("api") };
    taken.listeners.insert("second".into(), second);
    let refused = edge.swap(taken).await.unwrap_err().to_string();
    let port = address.port();
    assert_eq!(
        refused,
        format!(
            "port {port} is already in use on 127.0.0.1; stop the program that holds it or choose another with --port"
        )
    );
    assert_eq!(get(address, "/").await.body, "a");
    assert_eq!(edge.snapshot().listeners.len(), 1);
}

#[tokio::test]
async fn a_taken_port_stops_the_start_and_leaves_nothing_bound() {
    let holder = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(&[]);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    config.listeners.get_mut("public").unwrap().address = free;
    let second =
        Listener { address: holder.local_addr().unwrap(), rules: Vec::new(), default: forward("api") };
    config.listeners.insert("second".into(), second);
    let refused = Edge::start(config).await.unwrap_err().to_string();
    assert!(refused.contains("is already in use on 127.0.0.1"), "{refused}");
    tokio::net::TcpListener::bind(free).await.expect("nothing is left bound");
}

#[tokio::test]
async fn health_survives_a_swap() {
    let backend = Backend::named("a").await;
    let mut with_check = config(&[backend.address]);
    let mut slow = check("/healthz");
    slow.interval = Duration::from_secs(60);
    with_check.target_groups.get_mut("api").unwrap().health_check = Some(slow);
    let (edge, address) = start(with_check.clone()).await;
    let healthy = |seen: &edge::Snapshot| seen.targets["api"]["api-1"].state == edge::TargetState::Healthy;
    until(&edge, healthy).await;
    get(address, "/").await;
    edge.swap(with_check).await.unwrap();
    assert!(healthy(&edge.snapshot()));
    assert_eq!(edge.snapshot().targets["api"]["api-1"].requests, 1);
}

#[tokio::test]
async fn without_a_check_every_target_is_healthy() {
    let backend =
        Backend::start(|_| crate::support::Reply::Say("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n".into()))
            .await;
    let mut checked = config(&[backend.address]);
    checked.target_groups.get_mut("api").unwrap().health_check = Some(check("/healthz"));
    let (edge, _) = start(checked).await;
    until(&edge, |seen| seen.targets["api"]["api-1"].state == edge::TargetState::Unhealthy).await;
    edge.swap(config(&[backend.address])).await.unwrap();
    until(&edge, |seen| seen.targets["api"]["api-1"].state == edge::TargetState::Healthy).await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_flight() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let held = Arc::clone(&gate);
    let slow =
        move |_: &_| crate::support::Reply::Gated(String::new(), held.clone(), crate::support::ok("done"));
    let backend = Backend::start(slow).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut idle = Wire::open(address).await;
    let mut busy = Wire::open(address).await;
    busy.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1 && seen.connections == 2).await;
    let stopping = tokio::spawn({
        let edge = edge.clone();
        async move { edge.stop(Duration::from_secs(10)).await }
    });
    assert_eq!(idle.rest().await, "");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    gate.add_permits(1);
    let heard = busy.hear().await.unwrap();
    assert_eq!((heard.status, heard.body.as_str()), (200, "done"));
    assert!(heard.head.contains("connection: close"), "{}", heard.head);
    assert_eq!(stopping.await.unwrap(), StopOutcome::Finished);
    assert!(edge.swap(config(&[])).await.is_err());
}

#[tokio::test]
async fn a_stop_cuts_off_at_the_deadline() {
    let backend = Backend::start(|_| crate::support::Reply::Hang).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut busy = Wire::open(address).await;
    busy.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1).await;
    assert_eq!(edge.stop(Duration::from_millis(50)).await, StopOutcome::CutOff(1));
    assert_eq!(busy.rest().await, "");
}
