//! Clients that write versions of objects, remove some for good and hide others behind delete markers. A version that was
//! acknowledged is there and whole, a removed one is not, and what is the latest is so.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use http::Request;

use crate::kills::{CLIENTS, Client, Driver};
use crate::server::{Answer, send};

crate::at_every_level!(Versions);

/// On both sides of what lives in the database.
const SIZES: [usize; 4] = [0, 5_000, 16 * 1024, 40_000];

/// Versions of a key above which only removals go on.
const MOST: usize = 10;

/// What one client was told of its key.
#[derive(Debug, Default)]
struct Told {
    /// Bytes by version; none for a delete marker.
    kept: BTreeMap<String, Option<Vec<u8>>>,
    removed: Vec<String>,
    latest: Latest,
    acknowledged: usize,
}

/// What the key without a version is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Latest {
    /// This version.
    Is(String),
    /// A change was not answered, or there never was one.
    #[default]
    Unknown,
}

#[derive(Debug, Default)]
struct Versions {
    keys: Mutex<BTreeMap<usize, Told>>,
}

impl Driver for Versions {
    async fn begin(&self, address: SocketAddr) {
        send(address, Request::put("/shelf"), "").await.unwrap();
        let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        done(send(address, Request::put("/shelf?versioning"), on).await.unwrap());
    }

    async fn work(&self, address: SocketAddr, mut client: Client) {
        for step in 0.. {
            let any = usize::try_from(client.random.below(1 << 20)).unwrap();
            let many = self.told(client.number, |told| told.kept.len()) >= MOST;
            let done = match client.random.below(8) {
                0 if !many => self.mark(address, client.number).await,
                1..=3 if !many => {
                    let mark = format!("{}/{step};", client.round).into_bytes();
                    let bytes = mark.iter().copied().cycle().take(SIZES[any % SIZES.len()]).collect();
                    self.put(address, client.number, bytes).await
                }
                _ => self.remove(address, client.number, any).await,
            };
            if done.is_none() {
                return;
            }
            self.told(client.number, |told| told.acknowledged += 1);
        }
    }

    async fn check(&self, address: SocketAddr) {
        for number in 0..CLIENTS {
            let (kept, removed, latest) = self.told(number, |told| {
                let removed: Vec<_> = told.removed.iter().rev().take(10).cloned().collect();
                (told.kept.clone(), removed, told.latest.clone())
            });
            check_latest(address, number, &latest, &kept).await;
            for (version, bytes) in kept {
                let path = format!("/shelf/{number}?versionId={version}");
                let answer = send(address, Request::get(&path), "").await.unwrap();
                let expected = if bytes.is_some() { 200 } else { 405 };
                assert_eq!(answer.status, expected, "{path}");
                assert!(bytes.is_none_or(|bytes| bytes == answer.body), "{path} is not what was put");
            }
            for version in removed {
                let path = format!("/shelf/{number}?versionId={version}");
                assert_eq!(send(address, Request::get(&path), "").await.unwrap().status, 404, "{path}");
            }
        }
    }

    async fn finish(&self, _: SocketAddr, _: &Path) {}

    fn acknowledged(&self) -> usize {
        self.keys().values().map(|told| told.acknowledged).sum()
    }
}

impl Versions {
    async fn put(&self, address: SocketAddr, number: usize, bytes: Vec<u8>) -> Option<()> {
        self.told(number, |told| told.latest = Latest::Unknown);
        let answer = done(send(address, Request::put(key(number)), bytes.clone()).await?);
        self.came_true(number, &answer, Some(bytes));
        Some(())
    }

    /// Deletes without a version, which leaves a delete marker.
    async fn mark(&self, address: SocketAddr, number: usize) -> Option<()> {
        self.told(number, |told| told.latest = Latest::Unknown);
        let answer = done(send(address, Request::delete(key(number)), "").await?);
        self.came_true(number, &answer, None);
        Some(())
    }

    /// Removes one for good.
    async fn remove(&self, address: SocketAddr, number: usize, any: usize) -> Option<()> {
        let version = self.told(number, |told| {
            let version = told.kept.keys().nth(any % told.kept.len().max(1)).cloned()?;
            told.kept.remove(&version);
            told.latest = Latest::Unknown;
            Some(version)
        });
        let Some(version) = version else { return Some(()) };
        let path = format!("{}?versionId={version}", key(number));
        done(send(address, Request::delete(path), "").await?);
        self.told(number, |told| told.removed.push(version));
        Some(())
    }

    fn came_true(&self, number: usize, answer: &Answer, bytes: Option<Vec<u8>>) {
        let version = answer.headers["x-amz-version-id"].to_str().unwrap().to_owned();
        self.told(number, |told| {
            told.latest = Latest::Is(version.clone());
            told.kept.insert(version, bytes);
        });
    }

    fn told<T>(&self, number: usize, look: impl FnOnce(&mut Told) -> T) -> T {
        look(self.keys().entry(number).or_default())
    }

    fn keys(&self) -> MutexGuard<'_, BTreeMap<usize, Told>> {
        self.keys.lock().unwrap()
    }
}

fn key(number: usize) -> String {
    format!("/shelf/{number}")
}

/// The key is what its latest version is, and one version at most says it is the latest.
async fn check_latest(
    address: SocketAddr,
    number: usize,
    latest: &Latest,
    kept: &BTreeMap<String, Option<Vec<u8>>>,
) {
    let listed = send(address, Request::get(format!("/shelf?versions&prefix={number}")), "").await.unwrap();
    let latest_ones = listed.text().matches("<IsLatest>true</IsLatest>").count();
    assert_eq!(latest_ones, usize::from(listed.text().contains("<VersionId>")), "{}", listed.text());
    if let Latest::Is(version) = latest {
        let answer = send(address, Request::get(key(number)), "").await.unwrap();
        assert_eq!(answer.headers["x-amz-version-id"], version.as_str());
        assert_eq!(answer.status == 404, kept[version].is_none(), "{version}");
    }
}

fn done(answer: Answer) -> Answer {
    assert!(answer.status < 300, "{}", answer.text());
    answer
}
