//! A process killed again and again: an acknowledged version is there, a deleted parameter is not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::Request;

use crate::server::{Answer, Process, send};

const KILLS: u32 = 30;

async fn call(address: SocketAddr, operation: &str, body: String) -> Option<Answer> {
    let target = format!("AmazonSSM.{operation}");
    send(address, Request::post("/").header("x-amz-target", target), body).await
}

/// Version `n` of `/kept` has the value `n`.
async fn write(address: SocketAddr, acknowledged: Arc<AtomicI64>) {
    loop {
        let next = acknowledged.load(Ordering::SeqCst) + 1;
        let put = format!(r#"{{"Name":"/kept","Type":"SecureString","Value":"{next}","Overwrite":true}}"#);
        let Some(answer) = call(address, "PutParameter", put).await else { return };
        assert!(answer.text().contains(&format!("\"Version\":{next},")), "{}", answer.text());
        acknowledged.store(next, Ordering::SeqCst);
    }
}

/// Each name is made and deleted once; what was acknowledged as deleted is counted.
async fn make_and_delete(address: SocketAddr, deleted: Arc<AtomicI64>) {
    loop {
        let next = deleted.load(Ordering::SeqCst) + 1;
        let put = format!(r#"{{"Name":"/gone/{next}","Type":"String","Value":"x","Overwrite":true}}"#);
        let Some(answer) = call(address, "PutParameter", put).await else { return };
        assert_eq!(answer.status, 200, "{}", answer.text());
        let delete = format!(r#"{{"Name":"/gone/{next}"}}"#);
        if call(address, "DeleteParameter", delete).await.is_none() {
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
        // A random moment: each round dies at another point of the writers' work.
        tokio::time::sleep(Duration::from_millis(u64::from(round * 29 % 61) + 3)).await;
        process.kill();
        for writer in writers {
            writer.await.unwrap();
        }
        process = Process::start(folder.path());
        check(process.address, &acknowledged, deleted.load(Ordering::SeqCst)).await;
    }
    assert!(acknowledged.load(Ordering::SeqCst) > i64::from(KILLS), "the writers got nowhere");
    process.kill();
}

/// One version more than acknowledged may be there: the one whose answer was lost.
async fn check(address: SocketAddr, acknowledged: &AtomicI64, deleted: i64) {
    let known = acknowledged.load(Ordering::SeqCst);
    let get = r#"{"Name":"/kept","WithDecryption":true}"#.to_owned();
    let answer = call(address, "GetParameter", get).await.unwrap();
    let is = |number: i64| {
        answer.text().contains(&format!("\"Value\":\"{number}\""))
            && answer.text().contains(&format!("\"Version\":{number},"))
    };
    let found = [known, known + 1].into_iter().find(|number| is(*number));
    assert!(found.is_some() || known == 0, "{known}: {}", answer.text());
    acknowledged.store(found.unwrap_or(0), Ordering::SeqCst);
    for number in (deleted - 20).max(1)..=deleted {
        let answer = call(address, "GetParameter", format!(r#"{{"Name":"/gone/{number}"}}"#)).await.unwrap();
        assert!(answer.text().contains("ParameterNotFound"), "{number}: {}", answer.text());
    }
}
