//! Bytes in → status out, and what the target gets to see.

use crate::support::{Backend, Reply, Wire, ask, config, field, get, ok, start};

#[tokio::test]
async fn what_breaks_the_rules_never_reaches_a_target() {
    let backend = Backend::named("a").await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nlong: {}\r\n\r\n", "x".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(200));
    for (bytes, expected) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost:\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nhost: b\r\n\r\n", 400),
        ("GET http://u@a/ HTTP/1.1\r\nhost: u@a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nbad header: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\n folded: b\r\n\r\n", 400),
        ("G ET / HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        ("CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n", 405),
        ("TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 405),
        (
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("POST / HTTP/1.1\r\nhost: a\r\nTransfer-Encoding:chunked\r\nCONTENT-LENGTH:0\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3, 3\r\n\r\nabc", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -3\r\n\r\nabc", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            501,
        ),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999999\r\n\r\n", 413),
        (&long, 431),
        (&many, 431),
    ] {
        let heard = ask(address, bytes).await;
        assert_eq!(heard.map(|heard| heard.status), Some(expected), "{bytes:.120}");
    }
    assert!(backend.seen().is_empty(), "{:?}", backend.seen());
}

#[tokio::test]
async fn a_broken_chunk_is_the_clients_fault() {
    let backend = Backend::named("a").await;
    let (edge, address) = start(config(&[backend.address])).await;
    for body in [
        "zz\r\nhello\r\n0\r\n\r\n",
        "5;\nx\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "fffffffffffffffff\r\n",
    ] {
        let request = format!("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{body}");
        assert_eq!(ask(address, request).await.map(|heard| heard.status), Some(400), "{body:?}");
    }
    assert_eq!(edge.snapshot().targets["api"]["api-1"].failures, 0);
}

#[tokio::test]
async fn two_framings_do_not_smuggle_a_second_request() {
    let backend = Backend::named("a").await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send(
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 40\r\ntransfer-encoding: chunked\r\n\r\n\
         0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n",
    )
    .await;
    let all = wire.rest().await;
    assert!(all.starts_with("HTTP/1.1 400 ") && all.matches("HTTP/1.1").count() == 1, "{all}");
    assert!(backend.seen().is_empty());
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let backend = Backend::start(|seen| Reply::Say(ok(seen.head.split(' ').nth(1).unwrap()))).await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send((0..20).map(|n| format!("GET /{n} HTTP/1.1\r\nhost: x\r\n\r\n")).collect::<String>()).await;
    for n in 0..20 {
        assert_eq!(wire.hear().await.unwrap().body, format!("/{n}"));
    }
}

#[tokio::test]
async fn the_target_sees_a_clean_request() {
    let backend = Backend::named("a").await;
    let (_edge, address) = start(config(&[backend.address])).await;
    ask(
        address,
        "GET http://shop.example/a?b=c HTTP/1.1\r\nhost: shop.example\r\nconnection: close, x-private\r\n\
         x-private: 1\r\nkeep-alive: 5\r\nte: trailers\r\nupgrade: h2c\r\nx_under: kept\r\nx-forwarded-for: 9.9.9.9\r\n\
         x-request-id: from-client\r\n\r\n",
    )
    .await
    .unwrap();
    let head = &backend.seen()[0].head;
    assert!(head.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{head}");
    for (name, expected) in [
        ("host", Some("shop.example")),
        ("x_under", Some("kept")),
        ("x-forwarded-for", Some("9.9.9.9, 127.0.0.1")),
        ("x-forwarded-proto", Some("http")),
        ("x-request-id", Some("from-client")),
        ("x-private", None),
        ("keep-alive", None),
        ("te", None),
        ("upgrade", None),
        ("connection", None),
    ] {
        assert_eq!(field(head, name).as_deref(), expected, "{name} in {head}");
    }
    assert_eq!(field(head, "x-forwarded-port").unwrap(), address.port().to_string());
    assert!(field(head, "x-amzn-trace-id").unwrap().starts_with("Root=1-"));
}

#[tokio::test]
async fn the_client_sees_a_clean_response() {
    let backend = Backend::start(|_| {
        Reply::Say(
            "HTTP/1.1 200 OK\r\nconnection: x-private\r\nx-private: 1\r\nkeep-alive: timeout=5\r\n\
             transfer-encoding: chunked\r\nset-cookie: a\r\nset-cookie: b\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
                .to_owned(),
        )
    })
    .await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let heard = get(address, "/").await;
    assert_eq!(heard.body, "2\r\nhi\r\n0\r\n\r\n");
    assert_eq!(heard.head.matches("set-cookie").count(), 2);
    assert!(field(&heard.head, "x-private").is_none() && field(&heard.head, "keep-alive").is_none());
    assert_eq!(field(&heard.head, "x-request-id").unwrap().len(), 32);
    assert!(field(&heard.head, "date").is_some());
}

#[tokio::test]
async fn bodies_pass_whatever_their_framing() {
    let backend = Backend::start(|seen| Reply::Say(ok(&seen.body))).await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let chunked = "5\r\nhello\r\n0\r\n\r\n";
    for method in ["GET", "POST", "DELETE"] {
        let request =
            format!("{method} / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{chunked}");
        assert_eq!(ask(address, request).await.unwrap().body, chunked, "{method}");
    }
    let known = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello";
    assert_eq!(ask(address, known).await.unwrap().body, "hello");
}

#[tokio::test]
async fn expect_continue_is_answered_here() {
    let backend = Backend::start(|seen| Reply::Say(ok(&seen.body))).await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n").await;
    assert_eq!(wire.hear().await.unwrap().status, 100);
    wire.send("hello").await;
    assert_eq!(wire.hear().await.unwrap().body, "hello");
    assert!(field(&backend.seen()[0].head, "expect").is_none());
}

#[tokio::test]
async fn informational_responses_are_not_the_answer() {
    let backend = Backend::start(|_| {
        Reply::Say(format!(
            "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n{}",
            ok("yes")
        ))
    })
    .await;
    let (_edge, address) = start(config(&[backend.address])).await;
    assert_eq!(get(address, "/").await.body, "yes");
}

#[tokio::test]
async fn responses_without_a_body_have_none() {
    let backend = Backend::start(|seen| {
        Reply::Say(match seen.head.split(' ').nth(1) {
            Some("/204") => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
            Some("/304") => "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n".to_owned(),
            _ => "HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n".to_owned(),
        })
    })
    .await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET /204 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(wire.hear().await.unwrap().status, 204);
    wire.send("GET /304 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(wire.hear().await.unwrap().status, 304);
    wire.send("HEAD /head HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let heard = wire.hear_head().await.unwrap();
    assert_eq!(field(&heard.head, "content-length").as_deref(), Some("1234"));
    wire.send("HEAD /again HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(wire.hear_head().await.unwrap().status, 200, "the connection is still in step");
}

#[tokio::test]
async fn old_clients_and_old_targets_are_understood() {
    let backend = Backend::start(|seen| match seen.head.split(' ').nth(1) {
        Some("/chunked") => {
            Reply::Say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n".to_owned())
        }
        _ => Reply::SayAndClose("HTTP/1.0 200 OK\r\n\r\nuntil the end".to_owned()),
    })
    .await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let heard = ask(address, "GET /chunked HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(heard.head.starts_with("HTTP/1.0 200") && heard.body == "hi", "{heard:?}");
    assert!(field(&backend.seen()[0].head, "host").is_some());
    let heard = get(address, "/old").await;
    assert!(heard.head.starts_with("HTTP/1.1 200"), "{heard:?}");
    assert_eq!(heard.body, "D\r\nuntil the end\r\n0\r\n\r\n");
}
