//! What is there after a restart: everything, and nothing that was taken away.

use std::path::Path;

use cloud::init::{self, Contents, InitError, Provided};
use cloud::{Cloud, Data, Settings};
use serde_json::json;

use crate::queue::Queue;
use crate::server::Server;

fn settings(folder: &Path) -> Settings {
    Settings { data: Data::Directory(folder.to_owned()), ..Settings::default() }
}

async fn restart(server: Server, folder: &Path) -> Server {
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
    drop(cloud);
    Server::with(settings(folder)).await
}

async fn provide(cloud: &Cloud, name: &str, dead_letter: Option<&str>) -> Result<Provided, Vec<InitError>> {
    let dead_letter = dead_letter.map(|name| (name.to_owned(), 5));
    let queue = init::Queue { name: name.to_owned(), dead_letter, ..init::Queue::default() };
    cloud.provide(&Contents { queues: vec![queue], ..Contents::default() }).await
}

#[tokio::test]
async fn everything_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(settings(folder.path())).await;
    let queue = Queue::create(server.address, "q", json!({ "VisibilityTimeout": "77" })).await;
    queue.ok("TagQueue", json!({ "Tags": { "a": "b" } })).await;
    for body in ["in flight", "visible", "visible too"] {
        queue.send(body).await.unwrap();
    }
    queue.ok("SendMessage", json!({ "MessageBody": "delayed", "DelaySeconds": 900 })).await;
    let held = queue.ok("ReceiveMessage", json!({})).await["Messages"][0].clone();
    assert_eq!(queue.counts().await, (2, 1, 1));

    let server = restart(server, folder.path()).await;
    let queue = queue.at(server.address);
    assert_eq!(queue.counts().await, (2, 1, 1));
    assert_eq!(queue.ok("ListQueueTags", json!({})).await["Tags"], json!({ "a": "b" }));
    let attributes = queue.ok("GetQueueAttributes", json!({ "AttributeNames": ["VisibilityTimeout"] })).await;
    assert_eq!(attributes["Attributes"]["VisibilityTimeout"], "77");
    queue.delete(held["ReceiptHandle"].as_str().unwrap()).await.unwrap();
    assert_eq!(queue.counts().await, (2, 0, 1));
    assert_eq!(queue.receive(30, 0).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_purged_or_deleted_stays_away() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(settings(folder.path())).await;
    let purged = Queue::create(server.address, "purged", json!({})).await;
    let deleted = Queue::create(server.address, "deleted", json!({})).await;
    for queue in [&purged, &deleted] {
        queue.send("old").await.unwrap();
    }
    purged.ok("PurgeQueue", json!({})).await;
    deleted.ok("DeleteQueue", json!({})).await;
    purged.send("new").await.unwrap();

    let server = restart(server, folder.path()).await;
    let purged = purged.at(server.address);
    assert_eq!(purged.counts().await, (1, 0, 0));
    assert_eq!(purged.receive(30, 5).await.unwrap()[0].body, "new");
    let deleted = Queue::create(server.address, "deleted", json!({})).await;
    assert_eq!(deleted.receive(30, 0).await.unwrap().len(), 0);
}

#[tokio::test]
async fn one_process_at_a_time_and_damage_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::open(&settings(folder.path())).unwrap();
    let refusal = Cloud::open(&settings(folder.path())).unwrap_err().to_string();
    assert!(refusal.contains("is in use by another taxiway process"), "{refusal}");
    provide(&cloud, "q", None).await.unwrap();
    cloud.close().await;
    drop(cloud);
    let file = folder.path().join("cloud.db");
    let sound = std::fs::read(&file).unwrap();
    std::fs::write(&file, b"This is a letter, and no database at all. It goes on for a while.").unwrap();
    let refusal = Cloud::open(&settings(folder.path())).unwrap_err().to_string();
    assert!(refusal.contains("is not a Taxiway database; nothing was changed"), "{refusal}");
    std::fs::write(&file, &sound).unwrap();
    let cloud = Cloud::open(&settings(folder.path())).unwrap();
    assert_eq!(cloud.queues().await.unwrap()[0].name, "q");
    cloud.close().await;
}

#[tokio::test]
async fn queues_are_provided_and_shown() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let refusal = provide(&cloud, "q", Some("dead")).await.unwrap_err();
    assert!(refusal[0].to_string().contains("Dead letter target does not exist"), "{refusal:?}");
    provide(&cloud, "dead", None).await.unwrap();
    provide(&cloud, "q", None).await.unwrap();
    provide(&cloud, "q", Some("dead")).await.unwrap();
    let queues = cloud.queues().await.unwrap();
    let names: Vec<_> = queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["dead", "q"]);
    assert_eq!(queues[1].dead_letters_to.as_deref(), Some("dead"));
    assert_eq!((queues[1].visible, queues[1].oldest), (0, None));
    assert_eq!(cloud.queue_url("http://h:1/", "q"), "http://h:1/000000000000/q");
    let refusal = provide(&cloud, "no good", None).await.unwrap_err();
    assert!(refusal[0].to_string().starts_with("queue `no good` cannot be made: "), "{refusal:?}");
    cloud.close().await;
}
