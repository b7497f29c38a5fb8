//! Clients that send too much, too slowly or never read.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use crate::support::{Backend, Reply, Wire, ask, config, get, ok, start, until, within};

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let backend = Backend::start(|seen| Reply::Say(ok(&seen.body.len().to_string()))).await;
    let mut config = config(&[backend.address]);
    config.limits.body_bytes = 1000;
    let (edge, address) = start(config).await;
    let sized = |bytes: usize| {
        format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {bytes}\r\n\r\n{}", "x".repeat(bytes))
    };
    assert_eq!(ask(address, sized(1000)).await.unwrap().status, 200);
    assert_eq!(ask(address, sized(1001)).await.unwrap().status, 413);
    assert_eq!(
        ask(address, sized(300_000)).await.unwrap().status,
        413,
        "the answer arrives although the body is on its way"
    );
    let chunks = format!("3e8\r\n{}\r\n", "x".repeat(1000)).repeat(2);
    let chunked =
        format!("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    assert_eq!(ask(address, chunked).await.unwrap().status, 413);
    assert_eq!(backend.seen().len(), 1);
    assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 0);
}

#[tokio::test]
async fn a_head_that_drips_is_ended() {
    let backend = Backend::named("a").await;
    let mut config = config(&[backend.address]);
    config.timeouts.header_read = Duration::from_millis(300);
    let (edge, address) = start(config).await;
    let mut wire = Wire::open(address).await;
    let begun = Instant::now();
    let dripped = within(async {
        while wire.stream.write_all(b"x").await.is_ok() {
            if wire.stream.try_read(&mut [0; 0]).is_err() && begun.elapsed() > Duration::from_secs(5) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        begun.elapsed()
    })
    .await;
    assert!(dripped < Duration::from_secs(3), "{dripped:?}");
    let mut silent = Wire::open(address).await;
    assert_eq!(silent.rest().await, "", "a client that says nothing is told nothing");
    let mut half = Wire::open(address).await;
    half.send("GET / HTTP/1.1\r\nhost").await;
    assert!(half.rest().await.starts_with("HTTP/1.1 408 "));
    until(&edge, |seen| seen.connections == 0).await;
}

#[tokio::test]
async fn a_body_that_stops_is_408() {
    let backend = Backend::named("a").await;
    let mut config = config(&[backend.address]);
    config.timeouts.idle = Duration::from_millis(300);
    let (edge, address) = start(config).await;
    let heard = ask(address, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhel").await.unwrap();
    assert_eq!(heard.status, 408);
    until(&edge, |seen| seen.connections == 0 && seen.targets["api"]["api-1"].in_flight == 0).await;
    assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 0);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let backend = Backend::named("a").await;
    let mut config = config(&[backend.address]);
    config.timeouts.idle = Duration::from_millis(300);
    let (edge, address) = start(config).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(wire.hear().await.unwrap().status, 200);
    assert_eq!(wire.rest().await, "");
    until(&edge, |seen| seen.connections == 0).await;
}

#[tokio::test]
async fn a_client_that_never_reads_holds_nothing_for_long() {
    let big = "x".repeat(20_000_000);
    let backend = Backend::start(move |_| Reply::Say(ok(&big))).await;
    let mut config = config(&[backend.address]);
    config.timeouts.idle = Duration::from_millis(400);
    let (edge, address) = start(config).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1).await;
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 0 && seen.connections == 0).await;
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let backend = Backend::named("a").await;
    let mut config = config(&[backend.address]);
    config.limits.connections = 3;
    let (edge, address) = start(config).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut wire = Wire::open(address).await;
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.hear().await.unwrap().status, 200);
        open.push(wire);
    }
    assert_eq!(Wire::open(address).await.rest().await, "");
    drop(open);
    until(&edge, |seen| seen.connections == 0).await;
    assert_eq!(get(address, "/").await.status, 200);
}

#[tokio::test]
async fn two_thousand_idle_connections_take_little_memory() {
    let backend = Backend::named("a").await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut open = Vec::new();
    let before = resident_kibibytes();
    for _ in 0..2000 {
        let mut wire = Wire::open(address).await;
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.hear().await.unwrap().status, 200);
        open.push(wire);
    }
    assert_eq!(edge.snapshot().connections, 2000);
    // The clients are in this process too, so this is an upper bound.
    let each = resident_kibibytes().saturating_sub(before) / 2000;
    assert!(each < 32, "{each} KiB per idle connection");
}

fn resident_kibibytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
