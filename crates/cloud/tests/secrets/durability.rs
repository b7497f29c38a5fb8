//! A process killed again and again: an acknowledged value is there, a deleted secret is not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::Request;

use crate::server::{Answer, Process, send};

const KILLS: u32 = 25;

async fn call(address: SocketAddr, operation: &str, body: String) -> Option<Answer> {
    let target = format!("secretsmanager.{operation}");
    send(address, Request::post("/").header("x-amz-target", target), body).await
}

/// The token of the request that writes value `number`: sent again after a kill, it is the same request.
fn token(number: i64) -> String {
    format!("{number:032}")
}

async fn write(address: SocketAddr, acknowledged: Arc<AtomicI64>) {
    let made = format!(r#"{{"Name":"kept","ClientRequestToken":"{}","SecretString":"0"}}"#, token(0));
    if call(address, "CreateSecret", made).await.is_none() {
        return;
    }
    loop {
        let next = acknowledged.load(Ordering::SeqCst) + 1;
        let id = token(next);
        let put = format!(r#"{{"SecretId":"kept","ClientRequestToken":"{id}","SecretString":"{next}"}}"#);
        let Some(answer) = call(address, "PutSecretValue", put).await else { return };
        assert!(answer.text().contains(&id), "{}", answer.text());
        acknowledged.store(next, Ordering::SeqCst);
    }
}

/// Each name is made and deleted once; what was acknowledged as deleted is counted.
async fn make_and_delete(address: SocketAddr, deleted: Arc<AtomicI64>) {
    loop {
        let next = deleted.load(Ordering::SeqCst) + 1;
        let made =
            format!(r#"{{"Name":"gone{next}","ClientRequestToken":"{}","SecretString":"x"}}"#, token(next));
        let Some(answer) = call(address, "CreateSecret", made).await else { return };
        assert_eq!(answer.status, 200, "{}", answer.text());
        let delete = format!(r#"{{"SecretId":"gone{next}","ForceDeleteWithoutRecovery":true}}"#);
        if call(address, "DeleteSecret", delete).await.is_none() {
            return;
        }
        deleted.store(next, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_any_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (acknowledged, deleted) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
    let mut process = Process::start(folder.path());
    for round in 0..KILLS {
        let writers = [
            tokio::spawn(write(process.address, acknowledged.clone())),
            tokio::spawn(make_and_delete(process.address, deleted.clone())),
        ];
        // A random moment: each round dies at another point of the writers' work, the first before the first row.
        tokio::time::sleep(Duration::from_millis(u64::from(round * 29 % 61))).await;
        process.kill();
        for writer in writers {
            writer.await.unwrap();
        }
        process = Process::start(folder.path());
        check(process.address, acknowledged.load(Ordering::SeqCst), deleted.load(Ordering::SeqCst)).await;
    }
    assert!(acknowledged.load(Ordering::SeqCst) > i64::from(KILLS), "the writers got nowhere");
    process.kill();
}

/// One value more than acknowledged may be there: the one whose answer was lost.
async fn check(address: SocketAddr, acknowledged: i64, deleted: i64) {
    let answer = call(address, "GetSecretValue", r#"{"SecretId":"kept"}"#.to_owned()).await.unwrap();
    let is = |number: i64| answer.text().contains(&format!("\"SecretString\":\"{number}\""));
    assert!(
        acknowledged == 0 || is(acknowledged) || is(acknowledged + 1),
        "{acknowledged}: {}",
        answer.text()
    );
    for number in (deleted - 10).max(1)..=deleted {
        let body = format!(r#"{{"SecretId":"gone{number}"}}"#);
        let answer = call(address, "GetSecretValue", body).await.unwrap();
        assert!(answer.text().contains("ResourceNotFoundException"), "{number}: {}", answer.text());
    }
}
