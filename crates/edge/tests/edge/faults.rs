//! Targets that refuse, hang, lie or die: the client gets a status, and the count goes to the target.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;

use crate::support::{Backend, Reply, Wire, ask, config, get, ok, start};

async fn refusing() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn each_fault_has_its_status() {
    for (reply, expected) in [
        ("this is not HTTP at all\r\n\r\n", 502),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", 502),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", 502),
        ("", 502),
        ("HTTP/1.1 200 O", 502),
    ] {
        let backend = Backend::start(|_| Reply::SayAndClose(reply.to_owned())).await;
        let (edge, address) = start(config(&[backend.address])).await;
        let heard = get(address, "/").await;
        assert_eq!(heard.status, expected, "{reply:?}");
        assert!(heard.body.contains("<h1>502 Bad Gateway</h1>"), "{}", heard.body);
        assert!(edge.snapshot().targets["api"]["api-1"].failures > 0 || reply.contains("101"), "{reply:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_502_and_nobody_known_is_503() {
    let (_edge, address) = start(config(&[refusing().await])).await;
    assert_eq!(get(address, "/").await.status, 502);
    let (_edge, address) = start(config(&[])).await;
    assert_eq!(get(address, "/").await.status, 503);
}

#[tokio::test]
async fn a_target_that_hangs_is_504() {
    let backend = Backend::start(|_| Reply::Hang).await;
    let mut config = config(&[backend.address]);
    config.timeouts.response = Duration::from_millis(200);
    let (edge, address) = start(config).await;
    let begun = std::time::Instant::now();
    assert_eq!(get(address, "/").await.status, 504);
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(
        ask(address, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi").await.unwrap().status,
        504
    );
    assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 2);
    assert_eq!(edge.snapshot().targets["api"]["api-1"].in_flight, 0);
}

#[tokio::test]
async fn a_response_cut_short_is_cut_short_for_the_client() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let long = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nhello";
    for reply in [chunked, long] {
        let backend = Backend::start(|_| Reply::SayAndClose(reply.to_owned())).await;
        let (edge, address) = start(config(&[backend.address])).await;
        let mut wire = Wire::open(address).await;
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let all = wire.rest().await;
        assert!(all.contains("hello") && !all.ends_with("0\r\n\r\n"), "{all}");
        assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 1);
    }
}

#[tokio::test]
async fn a_small_response_cut_short_is_fetched_from_another() {
    let dying =
        Backend::start(|_| Reply::SayAndClose("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe".into())).await;
    let living = Backend::named("hello").await;
    let (edge, address) = start(config(&[dying.address, living.address])).await;
    for _ in 0..4 {
        assert_eq!(get(address, "/").await.body, "hello");
    }
    assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 2);
}

#[tokio::test]
async fn a_refused_request_goes_to_another_target_whatever_its_method() {
    let living = Backend::start(|seen| Reply::Say(ok(&seen.body))).await;
    let (edge, address) = start(config(&[refusing().await, living.address])).await;
    for _ in 0..10 {
        let request = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello";
        assert_eq!(ask(address, request).await.unwrap().body, "hello");
    }
    let snapshot = edge.snapshot();
    assert_eq!(snapshot.targets["api"]["api-1"].failures, 1, "it is left alone after the first refusal");
    assert!(
        snapshot.targets["api"]["api-1"].reason.as_ref().unwrap().contains("does not accept connections")
    );
}

#[tokio::test]
async fn only_what_may_happen_twice_is_sent_twice() {
    for (method, sent) in [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1), ("PATCH", 1)] {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let dying = move |_: &_| {
            counter.fetch_add(1, Ordering::SeqCst);
            Reply::SayAndClose(String::new())
        };
        let dying = Backend::start(dying).await;
        let (_edge, address) = start(config(&[dying.address])).await;
        let heard = ask(address, format!("{method} / HTTP/1.1\r\nhost: x\r\n\r\n")).await.unwrap();
        assert_eq!((heard.status, count.load(Ordering::SeqCst)), (502, sent), "{method}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced() {
    // Each connection serves one request and then closes without saying so.
    let backend = Backend::start(|_| Reply::SayAndClose(ok("once"))).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    for _ in 0..200 {
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.hear().await.unwrap().status, 200);
    }
    assert_eq!(edge.snapshot().requests, 200);
}

#[tokio::test]
async fn a_client_that_goes_away_frees_its_target() {
    let backend = Backend::start(|_| Reply::Hang).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    crate::support::until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1).await;
    drop(wire);
    crate::support::until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 0 && seen.connections == 0)
        .await;
}
