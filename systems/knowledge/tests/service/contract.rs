//! The contract, line by line, on each store.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::http::{add, encoded, found, get, post, search, send};
use crate::process::{Store, run, serve};

#[tokio::test]
async fn a_document_is_found_as_soon_as_it_is_acknowledged() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        let answer = add(to, "t1", "Foxes & hens", "The quick brown fox.\nNothing else \u{0} here.").await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let created = answer.json();
        let (id, at) =
            (created["documentId"].as_str().expect("an id"), created["createdAt"].as_str().expect("a time"));
        assert_eq!(answer.body, format!(r#"{{"documentId":"{id}","tenantId":"t1","createdAt":"{at}"}}"#));
        assert_eq!((id.len(), &id[14..15], at.len(), &at[19..]), (36, "4", 20, "Z"));
        let answer = search(to, "t1", "q=QUICK+f%C3%B3x").await.expect("an answer");
        let score = answer.json()["results"][0]["score"].clone();
        assert_eq!(
            answer.body,
            format!(
                r#"{{"tenantId":"t1","query":"QUICK fóx","limit":10,"offset":0,"total":1,"results":[{{"documentId":"{id}","title":"Foxes & hens","snippet":"The <b>quick</b> brown <b>fox</b>.\nNothing else \u0000 here.","tags":["a","ü"],"score":{score},"createdAt":"{at}"}}]}}"#
            )
        );
        assert!(score.as_f64().is_some_and(|score| score > 0.0 && score <= 1.0));
        assert_eq!(
            found(to, "t1", "q=hens").await["results"][0]["snippet"],
            "The quick brown fox.\nNothing else \u{0} here."
        );
    }
}

#[tokio::test]
async fn the_checks_come_in_order() {
    let store = Store::sqlite();
    let (_service, to) = store.serve().await;
    let long = |title: usize, content: usize, tags: usize| {
        json!({"title": "é".repeat(title), "content": "é".repeat(content), "tags": vec!["x"; tags]})
            .to_string()
    };
    let invalid = (400, "Invalid request");
    let path = "/api/v1/tenants/t1/documents";
    for (key, path, body, (status, detail)) in [
        (None, path, "{".to_owned(), invalid),
        (None, path, "{}".to_owned(), (401, "Invalid API key")),
        (None, path, String::new(), (401, "Invalid API key")),
        (Some("key"), path, "{}".to_owned(), (401, "Invalid API key")),
        (Some("key_t1"), "/api/v1/tenants/t2/documents", "{}".to_owned(), (403, "Tenant not authorized")),
        (Some("key_t1"), "/api/v1/tenants/%ff/documents", "{}".to_owned(), (403, "Tenant not authorized")),
        (None, "/api/v1/tenants/%ff/documents", "{}".to_owned(), (401, "Invalid API key")),
        (Some("key_t1"), path, String::new(), invalid),
        (Some("key_t1"), path, "{}".to_owned(), invalid),
        (Some("key_t1"), path, "[1]".to_owned(), invalid),
        (Some("key_t1"), path, long(201, 200_001, 21), (400, "Title too long")),
        (Some("key_t1"), path, long(200, 200_001, 21), (400, "Content too long")),
        (Some("key_t1"), path, long(200, 200_000, 21), (400, "Too many tags")),
    ] {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("x-api-key", key)));
        let answer = send(to, "POST", path, &headers, &body).await.expect("an answer");
        let expected = format!(r#"{{"detail":"{detail}"}}"#);
        assert_eq!((answer.status, answer.body), (status, expected), "{key:?} {path} {body:.40}");
    }
    assert_eq!(post(to, "t1", &long(200, 200_000, 20)).await.expect("an answer").status, 201);
    for (key, query, (status, detail)) in [
        (None, "", (401, "Invalid API key")),
        (Some("key_t1"), "", invalid),
        (Some("key_t1"), "q=x&limit=0", invalid),
        (Some("key_t1"), "q=x&limit=51", invalid),
        (Some("key_t1"), "q=x&limit=ten", invalid),
        (Some("key_t1"), "q=x&offset=-1", invalid),
        (Some("key_t1"), "q=x&offset=9223372036854775808", invalid),
        (Some("key_t1"), "q=&limit=51", invalid),
        (Some("key_t1"), "q=", (400, "Query cannot be blank")),
        (Some("key_t1"), "q=+%09%c2%a0%1f", (400, "Query cannot be blank")),
    ] {
        let headers: Vec<_> = key.map(|key| ("x-api-key", key)).into_iter().collect();
        let answer =
            send(to, "GET", &format!("{path}/search?{query}"), &headers, "").await.expect("an answer");
        assert_eq!(
            (answer.status, answer.body),
            (status, format!(r#"{{"detail":"{detail}"}}"#)),
            "{key:?} {query}"
        );
    }
}

#[tokio::test]
async fn whatever_a_person_types_is_answered() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        add(to, "t1", "Title", "foo and bar's \"quoted\" 100% of 東京").await;
        for (typed, total) in [
            ("\"foo bar\"", 1),
            ("foo AND bar", 1),
            ("foo* -bar", 1),
            ("title:foo", 1),
            ("foo' OR 1=1; --", 0),
            ("NEAR(foo bar, 2)", 0),
            ("京", 1),
            ("\"", 0),
            ("'\\()*:^-+!&|<>@{}[]%_", 0),
            ("\u{0}foo\u{0}", 1),
            ("%00 \u{fffd} 😀", 0),
            ("foo.0.bar 1.0.foo", 0),
        ] {
            let page = found(to, "t1", &format!("q={}", encoded(typed))).await;
            assert_eq!((&page["total"], &page["query"]), (&json!(total), &json!(typed)), "{typed:?}");
        }
        let long = format!("q={}", "foo+".repeat(4000));
        assert_eq!(found(to, "t1", &long).await["total"], 1);
        assert_eq!(found(to, "t1", &format!("q={}", "x".repeat(20_000))).await["total"], 0);
        assert_eq!(found(to, "t1", "q=%ff").await["query"], "\u{fffd}");
    }
}

#[tokio::test]
async fn pages_are_one_order_cut_up() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        for n in 0..60 {
            add(to, "t1", &format!("Number {n}"), &"fox ".repeat(1 + n % 5)).await;
        }
        for query in ["fox", "fox number"] {
            let query = encoded(query);
            let whole = found(to, "t1", &format!("q={query}&limit=50")).await;
            assert_eq!((&whole["total"], whole["results"].as_array().map(Vec::len)), (&json!(60), Some(50)));
            let mut seen = Vec::new();
            for page in 0..10 {
                let page = found(to, "t1", &format!("q={query}&limit=7&offset={}", page * 7)).await;
                seen.extend(page["results"].as_array().expect("results").clone());
            }
            assert_eq!(seen[..50], whole["results"].as_array().expect("results")[..]);
            assert_eq!(seen.len(), 60);
            let ids: std::collections::BTreeSet<String> =
                seen.iter().map(|hit| hit["documentId"].to_string()).collect();
            assert_eq!(ids.len(), 60, "no document is on two pages");
            assert!(seen.is_sorted_by(|left, right| left["score"].as_f64() >= right["score"].as_f64()));
        }
        assert_eq!(found(to, "t1", "q=fox&offset=9223372036854775807").await["results"], json!([]));
    }
}

#[tokio::test]
async fn a_tenant_sees_nothing_of_another() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        add(to, "t1", "Mine", "rare words and common words").await;
        add(to, "t1", "Mine, too", "common words").await;
        let before = found(to, "t1", "q=rare+common").await;
        for n in 0..30 {
            add(to, "t2", "Theirs", &format!("rare common secret{n}")).await;
        }
        assert_eq!(found(to, "t1", "q=rare+common").await, before, "scores and totals do not move");
        assert_eq!(found(to, "t1", "q=secret1").await["total"], 0);
        assert_eq!(found(to, "t2", "q=rare").await["total"], 30);
    }
}

#[tokio::test]
async fn metrics_count_what_was_answered_and_nothing_invented() {
    for store in Store::all().await {
        let (_service, to) = store.serve().await;
        let health = get(to, "/api/v1/health").await.json();
        assert_eq!((&health["status"], health["time"].as_str().map(str::len)), (&json!("ok"), Some(20)));
        add(to, "t1", "Title", "Content").await;
        let _ = search(to, "t1", "q=").await;
        let _ = search(to, "invented", "q=x").await;
        get(to, "/invented").await;
        let answer = get(to, "/api/v1/metrics").await;
        let metrics = answer.json();
        let keys: Vec<&str> = ["uptimeSeconds", "requests", "latencyMs", "errors", "documents"].into();
        assert!(
            keys.is_sorted_by_key(|key| answer.body.find(&format!("\"{key}\":{{")).or(Some(0))),
            "{}",
            answer.body
        );
        assert_eq!(metrics["requests"]["total"], 5, "the request itself is not counted yet");
        assert_eq!(metrics["requests"]["byTenant"], json!({"t1": 2}));
        assert_eq!(
            metrics["requests"]["byEndpoint"],
            json!({
                "GET /api/v1/health": 1,
                "GET /api/v1/tenants/{tenantId}/documents/search": 2,
                "POST /api/v1/tenants/{tenantId}/documents": 1,
                "unmatched": 1
            })
        );
        assert_eq!(
            metrics["errors"],
            json!({"total": 3, "byStatus": {"400": 1, "403": 1, "404": 1}, "byTenant": {"t1": 1}})
        );
        assert_eq!(metrics["documents"], json!({"byTenant": {"t1": 1}}));
        assert!(metrics["latencyMs"]["avgOverall"].is_number() && metrics["uptimeSeconds"].is_u64());
        let text =
            send(to, "GET", "/api/v1/metrics", &[("accept", "text/plain")], "").await.expect("an answer");
        assert!(text.headers["content-type"].starts_with("text/plain; version=0.0.4"));
        assert!(text.body.contains("http_requests_total{"), "{}", text.body);
    }
}

#[tokio::test]
async fn the_house_rules_hold() {
    let store = Store::sqlite();
    let (mut service, to) = store.serve().await;
    let answer = get(to, "/nowhere").await;
    assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"detail":"Not Found"}"#));
    let answer = send(to, "DELETE", "/api/v1/health", &[], "").await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (405, r#"{"detail":"Method Not Allowed"}"#));
    assert!(answer.headers["allow"].contains("GET"));
    let answer = send(to, "GET", "/api/v1/health", &[("x-request-id", "mine")], "").await.expect("an answer");
    assert_eq!(answer.headers["x-request-id"], "mine");
    assert_eq!(post(to, "t1", &" ".repeat(1024 * 1024 + 1)).await.expect("an answer").status, 413);
    assert_eq!(get(to, "/openapi.json").await.json()["openapi"], "3.1.0");
    assert!(get(to, "/docs").await.body.contains("swagger"));
    let check = store.environment_and(&[("PORT", &to.port().to_string())]);
    assert!(run(&check, &["--check"]).await.status.success());
    let mut stream = tokio::net::TcpStream::connect(to).await.expect("a connection");
    let body = json!({"title": "t", "content": "c", "tags": []}).to_string();
    let head = format!(
        "POST /api/v1/tenants/t1/documents HTTP/1.1\r\nhost: x\r\nx-api-key: key_t1\r\ncontent-length: {}\r\n\r\n{{",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("half a request");
    crate::eventually("the request to be in flight", async || {
        let text = send(to, "GET", "/api/v1/metrics", &[("accept", "text/plain")], "").await?;
        text.body.contains("http_requests_in_flight 2").then_some(())
    })
    .await;
    service.signal(rustix::process::Signal::TERM);
    service.logged("stopping").await;
    stream.write_all(&body.as_bytes()[1..]).await.expect("the other half");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    assert!(service.ended().await.success());
}

#[tokio::test]
async fn bad_settings_are_told_at_once_and_no_secret_with_them() {
    let environment = Store::sqlite().environment_and(&[
        ("API_KEYS_JSON", r#"{"geheim":"t1"}"#),
        ("DATABASE_URL", "mysql://u:geheim@db"),
        ("MAX_TAGS", "many"),
    ]);
    let output = run(&environment, &[]).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.lines().count()), (Some(2), 3), "{told}");
    assert!(!told.contains("geheim"), "{told}");
    let store = Store::sqlite();
    let none = store.environment_and(&[("API_KEYS_JSON", "")]);
    let (_service, to) = serve(&none).await;
    assert_eq!(add(to, "t1", "t", "c").await.status, 401, "without keys nobody comes in");
}
