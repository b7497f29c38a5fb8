//! Which target answers.

use std::collections::BTreeMap;
use std::time::Duration;

use edge::config::{Action, Algorithm, PathPattern, Rule, WeightedGroup};

use crate::support::{Backend, Reply, Wire, ask, config, field, forward, get, group, ok, start};

#[tokio::test]
async fn hosts_and_paths_choose_the_group() {
    let (api, admin, files) =
        (Backend::named("api").await, Backend::named("admin").await, Backend::named("files").await);
    let mut config = config(&[api.address]);
    config.target_groups.insert("admin".into(), group(&[admin.address]));
    config.target_groups.insert("files".into(), group(&[files.address]));
    let rule = |host: Option<&str>, path: Option<PathPattern>, action| Rule {
        host: host.map(str::to_owned),
        path,
        action,
    };
    let fixed = Action::Fixed { status: 404, content_type: "text/plain".into(), body: "no\n".into() };
    let away = Action::Redirect { status: 301, scheme: Some("https".into()), port: Some(443) };
    config.listeners.get_mut("public").unwrap().rules = vec![
        rule(Some("admin.*"), None, forward("admin")),
        rule(None, Some(PathPattern::Glob("/files/*.txt".into())), forward("files")),
        rule(None, Some(PathPattern::Prefix("/gone".into())), fixed),
        rule(None, Some(PathPattern::Prefix("/away".into())), away),
    ];
    let (_edge, address) = start(config).await;
    let with_host = |host: &str, path: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    for (host, path, status, body) in [
        ("x", "/", 200, "api"),
        ("Admin.Example:81", "/files/a.txt", 200, "admin"),
        ("x", "/files/a.txt?q=1", 200, "files"),
        ("x", "/files/a.bin", 200, "api"),
        ("x", "/gone/too", 404, "no\n"),
    ] {
        let heard = ask(address, with_host(host, path)).await.unwrap();
        assert_eq!((heard.status, heard.body.as_str()), (status, body), "{host} {path}");
    }
    let heard = ask(address, with_host("shop:8000", "/away?a=b")).await.unwrap();
    assert_eq!(
        (heard.status, field(&heard.head, "location").as_deref()),
        (301, Some("https://shop/away?a=b"))
    );
}

#[tokio::test]
async fn replicas_take_turns() {
    let (one, two) = (Backend::named("1").await, Backend::named("2").await);
    let (edge, address) = start(config(&[one.address, two.address])).await;
    let mut wire = Wire::open(address).await;
    let mut heard = String::new();
    for _ in 0..10 {
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        heard += &wire.hear().await.unwrap().body;
    }
    assert_eq!(heard, "1212121212");
    let snapshot = edge.snapshot();
    assert_eq!(snapshot.requests, 10);
    assert!(snapshot.targets["api"].values().all(|target| target.requests == 5 && target.failures == 0));
}

#[tokio::test]
async fn connections_to_targets_are_kept() {
    let backend = Backend::named("a").await;
    let (_edge, address) = start(config(&[backend.address])).await;
    let mut wire = Wire::open(address).await;
    for _ in 0..20 {
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.hear().await.unwrap().status, 200);
    }
    assert_eq!(backend.connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn weights_are_kept_per_request() {
    let (live, candidate) = (Backend::named("live").await, Backend::named("candidate").await);
    let mut config = config(&[live.address]);
    config.target_groups.insert("next".into(), group(&[candidate.address]));
    let share = |group: &str, weight| WeightedGroup { group: group.into(), weight };
    config.listeners.get_mut("public").unwrap().default =
        Action::Forward(vec![share("api", 80), share("next", 20)]);
    let (_edge, address) = start(config).await;
    let mut wire = Wire::open(address).await;
    let mut counts = BTreeMap::<String, usize>::new();
    for _ in 0..1000 {
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        *counts.entry(wire.hear().await.unwrap().body).or_default() += 1;
    }
    assert!((130..270).contains(&counts["candidate"]), "{counts:?}");
}

#[tokio::test]
async fn the_least_outstanding_target_is_next() {
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let held = std::sync::Arc::clone(&gate);
    let busy = Backend::start(move |_| Reply::Gated(String::new(), held.clone(), ok("busy"))).await;
    let idle = Backend::named("idle").await;
    let mut config = config(&[busy.address, idle.address]);
    config.target_groups.get_mut("api").unwrap().algorithm = Algorithm::LeastOutstanding;
    let (edge, address) = start(config).await;
    let mut waiting = Wire::open(address).await;
    waiting.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    crate::support::until(&edge, |seen| seen.targets["api"]["api-1"].in_flight == 1).await;
    for _ in 0..5 {
        assert_eq!(get(address, "/").await.body, "idle");
    }
    gate.add_permits(1);
    assert_eq!(waiting.hear().await.unwrap().body, "busy");
}

#[tokio::test]
async fn a_cookie_keeps_a_client_on_its_target() {
    let (one, two) = (Backend::named("1").await, Backend::named("2").await);
    let mut config = config(&[one.address, two.address]);
    config.target_groups.get_mut("api").unwrap().stickiness = Some(Duration::from_secs(60));
    let (edge, address) = start(config.clone()).await;
    let first = get(address, "/").await;
    let cookie = field(&first.head, "set-cookie").unwrap();
    assert!(cookie.starts_with("TAXIWAYALB=") && cookie.contains("Max-Age=60"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    let again = format!("GET / HTTP/1.1\r\nhost: x\r\ncookie: a=b; {pair}\r\n\r\n");
    for _ in 0..6 {
        assert_eq!(ask(address, &again).await.unwrap().body, first.body);
    }
    // The bound target goes away: another takes over and gives its own cookie.
    let mut without = config;
    let gone = if first.body == "1" { "api-1" } else { "api-2" };
    without.target_groups.get_mut("api").unwrap().targets.remove(gone);
    edge.swap(without).await.unwrap();
    let heard = ask(address, &again).await.unwrap();
    assert_ne!(heard.body, first.body);
    assert!(!field(&heard.head, "set-cookie").unwrap().starts_with(pair));
}
