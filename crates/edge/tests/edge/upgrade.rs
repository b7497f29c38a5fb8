//! Websockets: joined after 101, both ways, until both ends are done.

use std::time::Duration;

use edge::DrainOutcome;
use tokio::io::AsyncWriteExt;

use crate::support::{Backend, Reply, Wire, config, field, ok, start, until};

const ASK: &str = "GET /chat HTTP/1.1\r\nhost: x\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-key: abc\r\nsec-websocket-version: 13\r\n\r\n";
const YES: &str = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-accept: def\r\n\r\n";

#[tokio::test]
async fn bytes_go_both_ways_until_both_ends_are_done() {
    let backend = Backend::start(|_| Reply::Echo(format!("{YES}first"))).await;
    let (edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send(ASK).await;
    let heard = wire.hear().await.unwrap();
    assert_eq!((heard.status, field(&heard.head, "upgrade").as_deref()), (101, Some("websocket")));
    assert_eq!(field(&heard.head, "sec-websocket-accept").as_deref(), Some("def"));
    assert_eq!(wire.bytes(5).await, "first");
    for n in 0..50 {
        wire.send(format!("ping {n:04}")).await;
        assert_eq!(wire.bytes(9).await, format!("ping {n:04}"));
    }
    assert_eq!(edge.snapshot().targets["api"]["api-1"].in_flight, 1, "the claim is held");
    wire.send("last").await;
    wire.stream.shutdown().await.unwrap();
    assert_eq!(wire.rest().await, "last", "what was on its way arrives after the half-close");
    until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 0 && seen.connections == 0).await;
    let head = &backend.seen()[0].head;
    assert_eq!(field(head, "connection").as_deref(), Some("upgrade"), "{head}");
}

#[tokio::test]
async fn a_target_that_declines_answers_as_usual() {
    let backend = Backend::start(|_| Reply::Say(ok("no"))).await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    for _ in 0..2 {
        wire.send(ASK).await;
        assert_eq!(wire.hear().await.unwrap().body, "no");
    }
}

#[tokio::test]
async fn a_quiet_upgrade_is_ended_and_a_drain_cuts_it() {
    let backend = Backend::start(|_| Reply::Echo(YES.to_owned())).await;
    let mut config = config(&[backend.address]);
    config.timeouts.idle = Duration::from_millis(300);
    let (edge, address) = start(config.clone()).await;
    let mut wire = Wire::open(address).await;
    wire.send(ASK).await;
    assert_eq!(wire.hear().await.unwrap().status, 101);
    assert_eq!(wire.rest().await, "");
    until(&edge, |seen| seen.connections == 0).await;
    config.timeouts.idle = Duration::from_secs(60);
    edge.swap(config).await.unwrap();
    let mut wire = Wire::open(address).await;
    wire.send(ASK).await;
    assert_eq!(wire.hear().await.unwrap().status, 101);
    wire.send("hi").await;
    wire.bytes(2).await;
    assert_eq!(edge.drain("api", "api-1", Duration::from_millis(50)).await, DrainOutcome::CutOff(1));
    assert_eq!(wire.rest().await, "");
}
