//! Keys that change while the service runs.

use rustix::process::Signal;

use crate::http::{search, send};
use crate::process::{Store, serve};

#[tokio::test]
async fn keys_are_read_again_without_a_restart() {
    let store = Store::sqlite();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys.json");
    std::fs::write(&file, r#"{"key_admin":["t1"]}"#).expect("a file");
    let named = store.environment_and(&[("API_KEYS_JSON_FILE", &file.display().to_string())]);
    let (mut service, to) = serve(&named).await;
    assert_eq!(search(to, "t1", "q=x").await.expect("an answer").status, 200);
    std::fs::write(&file, r#"{"key_new":["t1"]}"#).expect("a file");
    service.signal(Signal::HUP);
    service.logged("keys changed").await;
    assert_eq!(search(to, "t1", "q=x").await.expect("an answer").status, 401);
    let path = "/api/v1/tenants/t1/documents/search?q=x";
    let with = async |key| send(to, "GET", path, &[("x-api-key", key)], "").await.expect("an answer").status;
    assert_eq!(with("key_new").await, 200);
    std::fs::write(&file, "{").expect("a file");
    service.signal(Signal::HUP);
    service.logged("keys can't be read; those read before still count").await;
    assert_eq!(with("key_new").await, 200);
    std::fs::write(&file, r#"{"key_newer":["t1"]}"#).expect("a file");
    service.logged("keys changed").await;
    assert_eq!(with("key_newer").await, 200, "the file is looked at without a signal, too");
}
