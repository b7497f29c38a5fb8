//! Clients that write values of a secret and delete other secrets. An acknowledged value is there, a deleted secret is
//! not.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use http::Request;

use crate::kills::{Client, Driver};
use crate::server::{Answer, send};

crate::at_every_level!(Secrets);

/// What the clients were told.
#[derive(Debug, Default)]
struct Secrets {
    /// The latest acknowledged value of `kept`.
    value: AtomicI64,
    /// Names whose deletion was acknowledged.
    deleted: Mutex<BTreeSet<String>>,
}

impl Driver for Secrets {
    /// The same request again is the same secret.
    async fn begin(&self, address: SocketAddr) {
        let id = token(0);
        let made = format!(r#"{{"Name":"kept","ClientRequestToken":"{id}","SecretString":"0"}}"#);
        call(address, "CreateSecret", made).await.unwrap();
    }

    async fn work(&self, address: SocketAddr, client: Client) {
        match client.number {
            0 => self.write(address).await,
            _ => self.make_and_delete(address, &format!("gone-{}-{}", client.round, client.number)).await,
        }
    }

    /// One value more than acknowledged may be there: the one whose answer was lost.
    async fn check(&self, address: SocketAddr) {
        let known = self.value.load(Ordering::SeqCst);
        let answer = call(address, "GetSecretValue", r#"{"SecretId":"kept"}"#.to_owned()).await.unwrap();
        let is = |number: i64| answer.text().contains(&format!("\"SecretString\":\"{number}\""));
        assert!(is(known) || is(known + 1), "{known}: {}", answer.text());
        let names: Vec<String> = self.deleted.lock().unwrap().iter().rev().take(10).cloned().collect();
        for name in names {
            let body = format!(r#"{{"SecretId":"{name}"}}"#);
            let answer = call(address, "GetSecretValue", body).await.unwrap();
            assert!(answer.text().contains("ResourceNotFoundException"), "{name}: {}", answer.text());
        }
    }

    async fn finish(&self, _: SocketAddr, _: &Path) {}

    fn acknowledged(&self) -> usize {
        usize::try_from(self.value.load(Ordering::SeqCst)).unwrap() + self.deleted.lock().unwrap().len()
    }
}

impl Secrets {
    async fn write(&self, address: SocketAddr) {
        loop {
            let next = self.value.load(Ordering::SeqCst) + 1;
            let id = token(next);
            let put = format!(r#"{{"SecretId":"kept","ClientRequestToken":"{id}","SecretString":"{next}"}}"#);
            let Some(answer) = call(address, "PutSecretValue", put).await else { return };
            assert!(answer.text().contains(&id), "{}", answer.text());
            self.value.store(next, Ordering::SeqCst);
        }
    }

    async fn make_and_delete(&self, address: SocketAddr, prefix: &str) {
        for step in 0.. {
            let name = format!("{prefix}-{step}");
            let id = token(step);
            let made = format!(r#"{{"Name":"{name}","ClientRequestToken":"{id}","SecretString":"x"}}"#);
            let Some(answer) = call(address, "CreateSecret", made).await else { return };
            assert_eq!(answer.status, 200, "{}", answer.text());
            let delete = format!(r#"{{"SecretId":"{name}","ForceDeleteWithoutRecovery":true}}"#);
            if call(address, "DeleteSecret", delete).await.is_none() {
                return;
            }
            self.deleted.lock().unwrap().insert(name);
        }
    }
}

/// The token of the request that writes value `number`: sent again after a kill, it is the same request.
fn token(number: i64) -> String {
    format!("{number:032}")
}

async fn call(address: SocketAddr, operation: &str, body: String) -> Option<Answer> {
    let target = format!("secretsmanager.{operation}");
    send(address, Request::post("/").header("x-amz-target", target), body).await
}
