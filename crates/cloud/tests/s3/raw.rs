//! What only raw requests show: framing, errors, connections, what stays on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use cloud::init::{Bucket, Contents, InitError, Provided};
use cloud::{Data, Settings};
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{Answer, Server, send};

async fn put(server: &Server, path: &str, body: Vec<u8>) -> Answer {
    send(server.address, Request::put(path), body).await.unwrap()
}

async fn get(server: &Server, path: &str) -> Answer {
    send(server.address, Request::get(path), "").await.unwrap()
}

async fn provide(server: &Server, bucket: &str) -> Result<Provided, Vec<InitError>> {
    let bucket = Bucket { name: bucket.to_owned(), ..Bucket::default() };
    server.cloud.provide(&Contents { buckets: vec![bucket], ..Contents::default() }).await
}

fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

/// Waits for the files of removed objects to go.
async fn files_become(folder: &Path, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while files(folder) != count {
        assert!(Instant::now() < deadline, "{} files, not {count}", files(folder));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn with_bucket() -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Directory(folder.path().to_owned());
    let server = Server::with(Settings { data, ..Settings::default() }).await;
    assert_eq!(put(&server, "/shelf", vec![]).await.status, 200);
    (server, folder)
}

#[tokio::test]
async fn an_error_has_aws_s_form() {
    let (server, _folder) = with_bucket().await;
    let answer = get(&server, "/shelf/a%20%3Cb%3E").await;
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_bytes()),
        (404, b"application/xml".as_slice())
    );
    let id = answer.headers["x-amz-request-id"].to_str().unwrap().to_owned();
    let expected = format!(
        "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a &lt;b&gt;</Key><RequestId>{id}</RequestId><HostId>{id}</HostId></Error>"
    );
    assert!(answer.text().ends_with(&expected), "{}", answer.text());
    let head = send(server.address, Request::head("/shelf/none"), "").await.unwrap();
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[tokio::test]
async fn what_is_absent_names_itself() {
    let (server, _folder) = with_bucket().await;
    for (request, name) in [
        (Request::get("/shelf/key?torrent"), "GetObjectTorrent"),
        (Request::put("/shelf?abac"), "PutBucketAbac"),
        (Request::post("/shelf/key?select&select-type=2"), "SelectObjectContent"),
    ] {
        let answer = send(server.address, request, "").await.unwrap();
        assert_eq!(answer.status, 501);
        assert!(answer.text().contains(&format!("<Message>{name} is not implemented")), "{}", answer.text());
    }
    let answer = send(server.address, Request::delete("/shelf?acl"), "").await.unwrap();
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn framed_bodies_are_unframed_and_their_trailers_checked() {
    let (server, _folder) = with_bucket().await;
    let framed =
        |trailer: &str| format!("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:{trailer}\r\n\r\n");
    let request = || {
        Request::put("/shelf/framed")
            .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
            .header("content-encoding", "aws-chunked")
            .header("x-amz-trailer", "x-amz-checksum-crc32")
            .header("x-amz-decoded-content-length", "11")
    };
    let answer = send(server.address, request(), framed("DUoRhQ==")).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers["x-amz-checksum-crc32"], "DUoRhQ==");
    let answer = get(&server, "/shelf/framed").await;
    assert_eq!(answer.text(), "hello world");
    assert!(!answer.headers.contains_key("content-encoding"));
    let answer = send(server.address, request(), framed("AAAAAA==")).await.unwrap();
    assert!(answer.text().contains("<Code>BadDigest</Code>"), "{}", answer.text());
    let short = "5\r\nhello\r\n0\r\n\r\n";
    let answer = send(server.address, request(), short).await.unwrap();
    assert!(answer.text().contains("<Code>IncompleteBody</Code>"), "{}", answer.text());
    assert_eq!(get(&server, "/shelf/framed").await.text(), "hello world");
}

#[tokio::test]
async fn a_signed_hash_is_checked() {
    let (server, _folder) = with_bucket().await;
    let request = Request::put("/shelf/key").header("x-amz-content-sha256", "0".repeat(64));
    let answer = send(server.address, request, "body").await.unwrap();
    assert!(answer.text().contains("<Code>XAmzContentSHA256Mismatch</Code>"), "{}", answer.text());
}

#[tokio::test]
async fn a_body_that_stops_short_leaves_nothing() {
    let (server, folder) = with_bucket().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "PUT /shelf/short HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![1; 2_000_000]).await.unwrap();
    files_become(&folder.path().join("objects"), 1).await;
    drop(stream);
    files_become(&folder.path().join("objects"), 0).await;
    assert_eq!(get(&server, "/shelf/short").await.status, 404);
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_sent() {
    let (server, _folder) = with_bucket().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head =
        format!("PUT /shelf/big HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n", 5_u64 << 30 | 1);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("<Code>EntityTooLarge</Code>"), "{answer}");
    let request = Request::put("/shelf/chunked").header("transfer-encoding", "chunked");
    let answer = send(server.address, request, "body").await.unwrap();
    assert!(answer.text().contains("<Code>MissingContentLength</Code>"), "{}", answer.text());
}

#[tokio::test]
async fn files_go_when_their_objects_do() {
    let (server, folder) = with_bucket().await;
    let objects = folder.path().join("objects");
    put(&server, "/shelf/a", vec![1; 100_000]).await;
    put(&server, "/shelf/a", vec![2; 100_000]).await;
    put(&server, "/shelf/b", vec![3; 100_000]).await;
    put(&server, "/shelf/small", vec![4; 100]).await;
    files_become(&objects, 2).await;
    send(server.address, Request::delete("/shelf/b"), "").await.unwrap();
    files_become(&objects, 1).await;
    assert_eq!(get(&server, "/shelf/a").await.body, vec![2; 100_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_being_read_outlives_its_deletion() {
    let (server, folder) = with_bucket().await;
    let body: Vec<u8> = (0..16_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    put(&server, "/shelf/long", body.clone()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /shelf/long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut first = [0; 16];
    stream.read_exact(&mut first).await.unwrap();
    send(server.address, Request::delete("/shelf/long"), "").await.unwrap();
    put(&server, "/shelf/long", vec![0; 50_000]).await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(&body), "{} bytes", rest.len());
    files_become(&folder.path().join("objects"), 1).await;
}

#[tokio::test]
async fn a_bucket_is_provided_once_and_counted() {
    let (server, _folder) = with_bucket().await;
    provide(&server, "provided").await.unwrap();
    put(&server, "/provided/a", vec![1; 10]).await;
    put(&server, "/provided/a", vec![1; 30]).await;
    put(&server, "/provided/b", vec![1; 20_000]).await;
    provide(&server, "provided").await.unwrap();
    let buckets = server.cloud.buckets().await.unwrap();
    let counted: Vec<_> = buckets.iter().map(|one| (one.name.as_str(), one.objects, one.bytes)).collect();
    assert_eq!(counted, [("provided", 2, 20_030), ("shelf", 0, 0)]);
    let error = provide(&server, "No").await.unwrap_err()[0].to_string();
    assert!(error.starts_with("bucket `No` cannot be made: a bucket's name has 3 to 63 "), "{error}");
}

#[tokio::test]
async fn a_reset_leaves_no_bucket_and_no_file() {
    let (server, folder) = with_bucket().await;
    put(
        &server,
        "/shelf?versioning",
        b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".to_vec(),
    )
    .await;
    for _ in 0..2 {
        put(&server, "/shelf/a", vec![1; 30_000]).await;
    }
    let begun = send(server.address, Request::post("/shelf/b?uploads"), "").await.unwrap();
    let upload = begun.text().split("UploadId>").nth(1).unwrap().trim_end_matches("</").to_owned();
    put(&server, &format!("/shelf/b?partNumber=1&uploadId={upload}"), vec![1; 30_000]).await;
    assert_eq!(files(&folder.path().join("objects")), 3);
    let reset = send(server.address, Request::post("/_taxiway/reset?service=s3"), "").await.unwrap();
    assert_eq!(reset.status, 200, "{}", reset.text());
    assert_eq!(get(&server, "/shelf/a").await.status, 404);
    assert!(server.cloud.buckets().await.unwrap().is_empty());
    files_become(&folder.path().join("objects"), 0).await;
    assert_eq!(put(&server, "/shelf", vec![]).await.status, 200);
    assert_eq!(get(&server, "/shelf?versioning").await.text().matches("Status").count(), 0);
}
