//! A disk that is full: senders are told, nothing acknowledged is lost, and it goes on when there is room again.

use std::path::Path;
use std::process::{Command, Stdio};

use cloud::{Data, Settings};
use serde_json::json;

use crate::queue::{Queue, json as read};
use crate::server::Server;

/// A small disk, unmounted at the end.
struct Disk(tempfile::TempDir);

impl Disk {
    /// Mounts one; says so and gives nothing where that is not permitted.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        println!("skipped: mount is not permitted, so there is no small disk to fill");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.path()).status().ok();
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_it_goes_on() {
    let Some(disk) = Disk::mount("8m") else { return };
    let settings = Settings { data: Data::Directory(disk.path().join("data")), ..Settings::default() };
    let server = Server::with(settings.clone()).await;
    let queue = Queue::create(server.address, "q", json!({})).await;
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 3 * 1024 * 1024]).unwrap();
    let body = "x".repeat(100_000);
    let mut acknowledged = 0;
    let refusal = loop {
        let answer = queue.call("SendMessage", json!({ "MessageBody": body })).await.unwrap();
        if answer.status != 200 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 100, "8 MiB do not hold that much");
    };
    assert_eq!(refusal.status, 503);
    let message = read(&refusal)["message"].as_str().unwrap().to_owned();
    assert!(message.contains("is full; nothing of this request was kept"), "{message}");
    assert_eq!(queue.counts().await, (acknowledged, 0, 0));

    std::fs::remove_file(&ballast).unwrap();
    queue.send(&body).await.expect("there is room again");
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
    drop(cloud);
    let server = Server::with(settings).await;
    assert_eq!(queue.at(server.address).counts().await, (acknowledged + 1, 0, 0));
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
}
