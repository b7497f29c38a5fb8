//! A disk that is full: whoever writes is told, nothing acknowledged is lost, and it goes on when there is room again.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use cloud::{Data, Settings};
use http::Request;
use serde_json::json;

use crate::queue::{Queue, json as read};
use crate::server::{Answer, Process, Server, send};

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
    let address = server.address;
    let queue = Queue::create(address, "q", json!({})).await;
    for answer in [put_parameter(address, "/old").await, make_secret(address, "old").await] {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(send(address, Request::put("/shelf"), "").await.unwrap().status, 200);
    assert_eq!(send(address, Request::put("/shelf/old"), "here").await.unwrap().status, 200);
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 3 * 1024 * 1024]).unwrap();
    let acknowledged = send_until_full(&queue).await;
    others_are_told(address).await;
    assert_eq!(queue.counts().await, (acknowledged, 0, 0));

    std::fs::remove_file(&ballast).unwrap();
    queue.send("room").await.expect("there is room again");
    assert_eq!(put_parameter(address, "/new").await.status, 200);
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
    drop(cloud);
    let server = Server::with(settings).await;
    assert_eq!(queue.at(server.address).counts().await, (acknowledged + 1, 0, 0));
    let kept = send(server.address, Request::get("/shelf/old"), "").await.unwrap();
    assert_eq!((kept.status, kept.text()), (200, "here"));
    for (target, body) in [
        ("AmazonSSM.GetParameter", r#"{"Name":"/old"}"#),
        ("AmazonSSM.GetParameter", r#"{"Name":"/new"}"#),
        ("secretsmanager.GetSecretValue", r#"{"SecretId":"old"}"#),
    ] {
        let answer = call(server.address, target, body.to_owned()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let cloud = server.cloud.clone();
    drop(server);
    cloud.close().await;
}

/// How many were acknowledged before one was refused.
async fn send_until_full(queue: &Queue) -> u64 {
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
    acknowledged
}

/// The other services say the same, in their own way, once nothing at all fits any more.
async fn others_are_told(address: SocketAddr) {
    let value = "x".repeat(4000);
    let mut refused = [None, None];
    for number in 0..1000 {
        refused[0] = Some(put_value(address, &format!("/n{number}"), &value).await);
        if refused[0].as_ref().is_some_and(|answer| answer.status >= 500) {
            break;
        }
    }
    refused[1] = Some(make_secret_of(address, "new", &"x".repeat(60_000)).await);
    for answer in refused.into_iter().flatten() {
        assert!(answer.status >= 500, "{}", answer.text());
        assert!(answer.text().contains("is full; nothing of this request was kept"), "{}", answer.text());
    }
    let answer = send(address, Request::put("/shelf/new"), vec![1; 1 << 20]).await.unwrap();
    assert_eq!(answer.status, 507, "{}", answer.text());
    assert_eq!(send(address, Request::get("/shelf/new"), "").await.unwrap().status, 404);
}

#[tokio::test]
async fn a_file_that_finds_no_room_is_said_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let process = start_with_short_files(folder.path());
    let address = process.address;
    send(address, Request::put("/shelf"), "").await.unwrap();
    let kept = send(address, Request::put("/shelf/kept"), vec![1; 3 << 20]).await.unwrap();
    assert_eq!(kept.status, 200);
    for key in ["/shelf/new", "/shelf/kept"] {
        let refused = send(address, Request::put(key), vec![2; 12 << 20]).await.unwrap();
        assert_eq!(refused.status, 507, "{}", refused.text());
        assert!(refused.text().contains("<Code>InsufficientStorage</Code><Message>The disk that holds"));
    }
    assert_eq!(send(address, Request::get("/shelf/new"), "").await.unwrap().status, 404);
    assert_eq!(send(address, Request::get("/shelf/kept"), "").await.unwrap().body, vec![1; 3 << 20]);
    assert_eq!(send(address, Request::put("/shelf/small"), "x").await.unwrap().status, 200);
    assert_eq!(std::fs::read_dir(folder.path().join("objects/incoming")).unwrap().count(), 0);
    process.kill();
}

/// A server that can write no file longer than 4 MiB: for large files its disk is full.
fn start_with_short_files(folder: &Path) -> Process {
    let limited = "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.arg("-c").arg(limited).arg(std::env::current_exe().unwrap());
    Process::run(command, folder)
}

async fn put_parameter(address: SocketAddr, name: &str) -> Answer {
    put_value(address, name, "v").await
}

async fn put_value(address: SocketAddr, name: &str, value: &str) -> Answer {
    let body = json!({ "Name": name, "Type": "String", "Value": value });
    call(address, "AmazonSSM.PutParameter", body.to_string()).await
}

async fn make_secret(address: SocketAddr, name: &str) -> Answer {
    make_secret_of(address, name, "s").await
}

async fn make_secret_of(address: SocketAddr, name: &str, value: &str) -> Answer {
    let body = json!({ "Name": name, "SecretString": value, "ClientRequestToken": "t".repeat(32) });
    call(address, "secretsmanager.CreateSecret", body.to_string()).await
}

async fn call(address: SocketAddr, target: &str, body: String) -> Answer {
    send(address, Request::post("/").header("x-amz-target", target), body).await.unwrap()
}
