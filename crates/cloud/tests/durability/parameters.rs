//! Clients that write versions of parameters and delete others. An acknowledged version is there with its value, a
//! deleted parameter is not.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use http::Request;

use crate::kills::{Client, Driver};
use crate::server::{Answer, send};

crate::at_every_level!(Parameters);

/// What the clients were told.
#[derive(Debug, Default)]
struct Parameters {
    /// The latest acknowledged version of `/kept`; version `n` has the value `n`.
    version: AtomicI64,
    /// Names whose deletion was acknowledged.
    deleted: Mutex<BTreeSet<String>>,
}

impl Driver for Parameters {
    async fn begin(&self, _: SocketAddr) {}

    async fn work(&self, address: SocketAddr, client: Client) {
        match client.number {
            0 => self.write(address).await,
            _ => self.make_and_delete(address, &format!("/gone/{}/{}", client.round, client.number)).await,
        }
    }

    async fn check(&self, address: SocketAddr) {
        self.check_version(address).await;
        let names: Vec<String> = self.deleted.lock().unwrap().iter().rev().take(20).cloned().collect();
        for name in names {
            let answer = call(address, "GetParameter", format!(r#"{{"Name":"{name}"}}"#)).await.unwrap();
            assert!(answer.text().contains("ParameterNotFound"), "{name}: {}", answer.text());
        }
    }

    async fn finish(&self, address: SocketAddr, _: &Path) {
        let body = r#"{"Path":"/gone","Recursive":true,"MaxResults":10}"#.to_owned();
        let answer = call(address, "GetParametersByPath", body).await.unwrap();
        let deleted = self.deleted.lock().unwrap();
        assert!(
            !deleted.iter().any(|name| answer.text().contains(&format!("{name}\""))),
            "{}",
            answer.text()
        );
    }

    fn acknowledged(&self) -> usize {
        usize::try_from(self.version.load(Ordering::SeqCst)).unwrap() + self.deleted.lock().unwrap().len()
    }
}

impl Parameters {
    async fn write(&self, address: SocketAddr) {
        loop {
            let next = self.version.load(Ordering::SeqCst) + 1;
            let put =
                format!(r#"{{"Name":"/kept","Type":"SecureString","Value":"{next}","Overwrite":true}}"#);
            let Some(answer) = call(address, "PutParameter", put).await else { return };
            assert!(answer.text().contains(&format!("\"Version\":{next},")), "{}", answer.text());
            self.version.store(next, Ordering::SeqCst);
        }
    }

    async fn make_and_delete(&self, address: SocketAddr, prefix: &str) {
        for step in 0.. {
            let name = format!("{prefix}/{step}");
            let put = format!(r#"{{"Name":"{name}","Type":"String","Value":"x"}}"#);
            let Some(answer) = call(address, "PutParameter", put).await else { return };
            assert_eq!(answer.status, 200, "{}", answer.text());
            if call(address, "DeleteParameter", format!(r#"{{"Name":"{name}"}}"#)).await.is_none() {
                return;
            }
            self.deleted.lock().unwrap().insert(name);
        }
    }

    /// One version more than acknowledged may be there: the one whose answer was lost.
    async fn check_version(&self, address: SocketAddr) {
        let known = self.version.load(Ordering::SeqCst);
        let get = r#"{"Name":"/kept","WithDecryption":true}"#.to_owned();
        let answer = call(address, "GetParameter", get).await.unwrap();
        let is = |number: i64| {
            answer.text().contains(&format!("\"Value\":\"{number}\""))
                && answer.text().contains(&format!("\"Version\":{number},"))
        };
        let found = [known, known + 1].into_iter().find(|number| is(*number));
        assert!(found.is_some() || known == 0, "{known}: {}", answer.text());
        self.version.store(found.unwrap_or(0), Ordering::SeqCst);
    }
}

async fn call(address: SocketAddr, operation: &str, body: String) -> Option<Answer> {
    let target = format!("AmazonSSM.{operation}");
    send(address, Request::post("/").header("x-amz-target", target), body).await
}
