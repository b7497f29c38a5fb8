//! What was acknowledged stays, whatever is killed; a database that was away is used again by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;

use crate::http::{add, found, get, post, search};
use crate::process::Store;

/// Clients that add documents until told to stop; each document has a word of its own.
struct Load {
    done: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn start(to: SocketAddr, name: &'static str) -> Self {
        let (done, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let client = |client: u32| {
            let (done, acknowledged): (_, Arc<Mutex<Vec<String>>>) =
                (Arc::clone(&done), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for n in 0_u32.. {
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    let word = format!("{name}x{client}x{n}");
                    let body = format!(r#"{{"title":"t","content":"all {word}","tags":[]}}"#);
                    match post(to, ["t1", "t2"][client as usize % 2], &body).await {
                        Some(answer) if answer.status == 201 => acknowledged.lock().await.push(word),
                        Some(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
                        None => tokio::task::yield_now().await,
                    }
                }
            })
        };
        let clients = (0..8).map(client).collect();
        Self { done, acknowledged, clients }
    }

    async fn acknowledged(&self, count: usize) {
        crate::eventually("documents", async || {
            (self.acknowledged.lock().await.len() >= count).then_some(())
        })
        .await;
    }

    async fn stop(self) -> Vec<String> {
        self.done.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.expect("every answer was 201 or 503");
        }
        Arc::try_unwrap(self.acknowledged).expect("no client is left").into_inner()
    }
}

async fn all_are_there(to: SocketAddr, words: &[String]) {
    let mut totals = 0;
    for word in words {
        let mut total = 0;
        for tenant in ["t1", "t2"] {
            total += found(to, tenant, &format!("q={word}")).await["total"].as_u64().expect("a count");
        }
        assert_eq!(total, 1, "{word} was acknowledged");
        totals += total;
    }
    assert!(totals > 0);
    let mut all = 0;
    for tenant in ["t1", "t2"] {
        all += found(to, tenant, "q=all").await["total"].as_u64().expect("a count");
    }
    let metrics = get(to, "/api/v1/metrics").await.json();
    let counts = &metrics["documents"]["byTenant"];
    assert_eq!(
        counts["t1"].as_u64().unwrap_or(0) + counts["t2"].as_u64().unwrap_or(0),
        all,
        "counts are exact"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_loses_nothing_it_acknowledged() {
    for store in Store::all().await {
        let mut words = Vec::new();
        for name in ["first", "second", "third"] {
            let (mut service, to) = store.serve().await;
            let load = Load::start(to, name);
            load.acknowledged(100).await;
            service.kill().await;
            words.extend(load.stop().await);
        }
        let (_service, to) = store.serve().await;
        all_are_there(to, &words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashed_under_load_is_used_again_by_itself() {
    let mut stores = Store::all().await;
    let Some(Store::Postgres(mut server)) = stores.pop() else { return };
    let environment = {
        let store = Store::sqlite();
        let mut environment = store.environment();
        environment.remove("DB_PATH");
        environment.insert("DATABASE_URL".to_owned(), server.url());
        environment
    };
    let (_service, to) = crate::process::serve(&environment).await;
    let load = Load::start(to, "word");
    for round in 1..=3 {
        load.acknowledged(round * 50).await;
        server.crash().await;
        crate::eventually("the loss to be told", async || {
            let answer = search(to, "t1", "q=all").await?;
            assert!([200, 503].contains(&answer.status), "{answer:?}");
            (answer.status == 503 && answer.body == r#"{"detail":"Database unavailable"}"#).then_some(())
        })
        .await;
        assert_eq!(get(to, "/api/v1/health").await.status, 200);
        assert_eq!(get(to, "/api/v1/metrics").await.status, 200);
        server.again().await;
    }
    crate::eventually("the database to be used", async || {
        (add(to, "t1", "t", "all again").await.status == 201).then_some(())
    })
    .await;
    let words = load.stop().await;
    all_are_there(to, &words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_services_on_one_database_see_each_others_documents_at_once() {
    for store in Store::all().await {
        let (_one, one) = store.serve().await;
        let (_other, other) = store.serve().await;
        let (load, more) = (Load::start(one, "one"), Load::start(other, "other"));
        for n in 0..30 {
            let (to, from) = if n % 2 == 0 { (one, other) } else { (other, one) };
            assert_eq!(add(to, "t1", "t", &format!("all shared{n} shared")).await.status, 201);
            assert_eq!(found(from, "t1", &format!("q=shared{n}")).await["total"], 1);
            assert_eq!(found(from, "t1", "q=shared").await["total"], n + 1);
        }
        let mut words = load.stop().await;
        words.extend(more.stop().await);
        all_are_there(one, &words).await;
        let totals = [
            found(one, "t1", "q=all").await["total"].clone(),
            found(other, "t1", "q=all").await["total"].clone(),
        ];
        assert_eq!(totals[0], totals[1]);
    }
}
