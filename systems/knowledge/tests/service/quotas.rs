//! Quotas per tenant, where they are wanted.

use crate::http::{add, get, search};
use crate::process::{Store, serve};

#[tokio::test]
async fn a_tenant_has_no_more_documents_than_it_may() {
    for store in Store::all().await {
        let (_service, to) = serve(&store.environment_and(&[("MAX_DOCUMENTS_PER_TENANT", "3")])).await;
        let answers = (0..8).map(|_| add(to, "t1", "t", "c"));
        let answers = futures_util::future::join_all(answers).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
        let refused = answers.iter().find(|answer| answer.status != 201).expect("a refusal");
        assert_eq!((refused.status, refused.body.as_str()), (403, r#"{"detail":"Document quota exceeded"}"#));
        assert_eq!(add(to, "t2", "t", "c").await.status, 201);
        assert_eq!(get(to, "/api/v1/metrics").await.json()["documents"]["byTenant"]["t1"], 3);
    }
}

#[tokio::test]
async fn a_tenant_asks_no_more_often_than_it_may() {
    let store = Store::sqlite();
    let (_service, to) = serve(&store.environment_and(&[("MAX_REQUESTS_PER_MINUTE", "2")])).await;
    assert_eq!(add(to, "t1", "t", "c").await.status, 201);
    assert_eq!(search(to, "t1", "q=c").await.expect("an answer").status, 200);
    let answer = search(to, "t1", "q=c").await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (429, r#"{"detail":"Request quota exceeded"}"#));
    let wait: u32 = answer.headers["retry-after"].parse().expect("seconds");
    assert!((1..=60).contains(&wait));
    assert_eq!(search(to, "t2", "q=c").await.expect("an answer").status, 200);
}
