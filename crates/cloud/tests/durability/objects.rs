//! Clients that put and delete objects, small ones in the database and large ones in files. What was acknowledged is
//! there and whole, what was deleted is gone, and no file is left that nobody names.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use http::Request;

use crate::kills::{Client, Driver};
use crate::random::Random;
use crate::server::send;

crate::at_both_levels!(Objects);

/// On both sides of what lives in the database and of one piece of a file.
const SIZES: [usize; 6] = [0, 10, 5_000, 16 * 1024, 40_000, 600_000];

/// Keys of each client.
const KEYS: u64 = 7;

/// What a key must be, as far as the client knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Known {
    /// Acknowledged: these bytes.
    Holds(Vec<u8>),
    /// Acknowledged: nothing.
    Gone,
    /// The server died before it answered: the first, or these bytes, or nothing where `None`.
    Either(Box<Known>, Option<Vec<u8>>),
}

/// What the clients were told.
#[derive(Debug, Default)]
struct Objects {
    keys: Mutex<BTreeMap<String, Known>>,
    acknowledged: Mutex<usize>,
}

impl Driver for Objects {
    async fn begin(&self, address: SocketAddr) {
        send(address, Request::put("/shelf"), "").await.unwrap();
    }

    async fn work(&self, address: SocketAddr, mut client: Client) {
        for step in 0.. {
            let key = format!("/shelf/{}/{}", client.number, client.random.below(KEYS));
            let before = self.keys().get(&key).cloned().unwrap_or(Known::Gone);
            let deletes = client.random.below(5) == 0;
            let bytes = (!deletes).then(|| body(client.round, step, &mut client.random));
            self.keys().insert(key.clone(), Known::Either(Box::new(before), bytes.clone()));
            let request = if deletes { Request::delete(&key) } else { Request::put(&key) };
            let Some(answer) = send(address, request, bytes.clone().unwrap_or_default()).await else {
                return;
            };
            assert!(answer.status < 300, "{}", answer.text());
            self.keys().insert(key, bytes.map_or(Known::Gone, Known::Holds));
            *self.acknowledged.lock().unwrap() += 1;
        }
    }

    /// Compares every key, and notes what the undecided ones turned out to be.
    async fn check(&self, address: SocketAddr) {
        let known = self.keys().clone();
        for (key, known) in known {
            let answer = send(address, Request::get(&key), "").await.unwrap();
            let found = (answer.status == 200).then(|| answer.body.to_vec());
            let length = found.as_ref().map(Vec::len);
            assert!(agrees(&known, found.as_deref()), "{key}: {length:?} bytes found");
            self.keys().insert(key, found.map_or(Known::Gone, Known::Holds));
        }
    }

    async fn finish(&self, address: SocketAddr) {
        let listed = send(address, Request::get("/shelf?list-type=2"), "").await.unwrap();
        let present = self.keys().values().filter(|known| matches!(known, Known::Holds(_))).count();
        assert_eq!(listed.text().matches("<Key>").count(), present);
    }

    /// Files nobody names are removed at a start.
    fn on_disk(&self, folder: &Path) {
        let present = self.keys().values().filter(|known| matches!(known, Known::Holds(_))).count();
        assert_eq!(std::fs::read_dir(folder.join("objects/incoming")).unwrap().count(), 0);
        assert!(files(&folder.join("objects")) <= present, "files nobody names were left");
    }

    fn acknowledged(&self) -> usize {
        *self.acknowledged.lock().unwrap()
    }
}

impl Objects {
    fn keys(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.keys.lock().unwrap()
    }
}

fn body(round: usize, step: u32, random: &mut Random) -> Vec<u8> {
    let size = SIZES[usize::try_from(random.below(SIZES.len() as u64)).unwrap()];
    let mark = format!("{round}/{step};").into_bytes();
    mark.iter().copied().cycle().take(size).collect()
}

fn agrees(known: &Known, found: Option<&[u8]>) -> bool {
    match known {
        Known::Holds(bytes) => found == Some(bytes),
        Known::Gone => found.is_none(),
        Known::Either(before, attempt) => agrees(before, found) || attempt.as_deref() == found,
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}
