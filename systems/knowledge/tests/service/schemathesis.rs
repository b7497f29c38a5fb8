//! `/openapi.json` is true, on each store.

use harness::schemathesis;

use crate::http::add;
use crate::process::Store;

/// Without this every generated tenant would be one that the key may not see.
const TENANT: &str = "[parameters]\n\"path.tenantId\" = \"t1\"\n";

#[tokio::test]
async fn every_answer_is_as_described() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        add(to, "t1", "Foxes", "The quick brown fox").await;
        let held =
            tokio::task::spawn_blocking(move || schemathesis::hold(to, &["X-API-Key: key_t1"], TENANT));
        held.await.expect("every answer is as described");
    }
}
