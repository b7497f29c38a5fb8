//! Databases that run here: programs that are started, and those of yours.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{CHILD, Project};

mod postgres;
mod redis;

const SHOP: &str = "
name: shop
services: { worker: { type: worker, run: sleep 1000, uses: { orders-db: readwrite } } }
resources: { orders-db: { type: postgres, version: '15', env: { name: DB_NAME } } }
";

#[tokio::test]
async fn what_no_service_uses_is_neither_started_nor_asked_for() {
    let project = Project::new(&SHOP.replace(", uses: { orders-db: readwrite }", ""));
    let up = project.started().await;
    assert_eq!(project.status().await.resources.len(), 0);
    up.stop().await;
    assert!(!project.file(".taxiway/postgres").exists());
}

#[tokio::test]
async fn a_database_of_yours_is_asked_for_and_taken() {
    let external = SHOP.replace("version: '15'", "provider: external");
    let first = Project::new(&external);
    let failure = first.up().failure().await;
    assert!(
        failure.contains("resource `orders-db` is a postgres database of yours (`provider: external`)")
            && failure.contains("set DATABASE_URL and DB_NAME in your environment"),
        "{failure}"
    );
    for manifest in [SHOP, &external] {
        let mut project = first.with(manifest);
        let url = "postgres://me:hidden@db.example.com/shop";
        project.environment.insert("DATABASE_URL".to_owned(), url.to_owned());
        let up = project.started().await;
        let found = project.variables("worker").await;
        assert_eq!((found["DATABASE_URL"].as_str(), found["DB_NAME"].as_str()), (url, "shop"));
        // As on AWS, where the URL of a database that somebody else runs is all there is.
        let login = (found.get("PGUSER").map(String::as_str), found.get("PGPASSWORD").map(String::as_str));
        let expected = if manifest == SHOP { (Some("me"), Some("hidden")) } else { (None, None) };
        assert_eq!(login, expected);
        assert!(!serde_json::to_string(&project.status().await).unwrap().contains("hidden"));
        up.stop().await;
    }
    assert!(!first.file(".taxiway/postgres").exists());
}

#[tokio::test]
async fn mongod_on_the_path_is_taken_before_the_cloud_and_keeps_its_port() {
    let mut project =
        Project::new(&SHOP.replace("postgres, version: '15', env: { name: DB_NAME }", "mongodb"));
    let programs = project.file("programs");
    std::fs::create_dir(&programs).unwrap();
    // Another user must be able to reach it.
    std::fs::set_permissions(project.path(), Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(CHILD, programs.join("mongod")).unwrap();
    let path = format!("{}:{}", programs.display(), project.environment["PATH"]);
    project.environment.insert("PATH".to_owned(), path);
    let mut urls = Vec::new();
    for _ in 0..2 {
        let up = project.started().await;
        let (status, found) = (project.status().await, project.variables("worker").await);
        let port = status.resources["orders-db"].process.as_ref().unwrap().port.unwrap();
        let url = format!("mongodb://127.0.0.1:{port}/shop-orders-db?directConnection=true");
        assert_eq!((&found["MONGO_URL"], found["MONGO_DB"].as_str()), (&url, "shop-orders-db"));
        assert_eq!(status.cloud.endpoint, None, "nothing is in the cloud");
        up.stop().await;
        urls.push((port, url));
    }
    assert_eq!(urls[0], urls[1]);
    let _taken = TcpListener::bind(("127.0.0.1", urls[0].0)).unwrap();
    let failure = project.up().failure().await;
    assert!(
        failure.contains(&format!("port {}, which `orders-db` must keep, is taken by", urls[0].0)),
        "{failure}"
    );
}
