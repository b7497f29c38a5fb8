//! Objects: put, get and list.

use bytes::Bytes;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::plan::{Keys, Object};
use crate::tally::Tally;
use crate::work::{Client, Left};

/// Keys that a connection writes in turn, so that a long run does not fill the disk.
const KEYS: usize = 16;

/// What each object has in a listing.
const LISTED: &[u8] = b"<Key>";

/// Puts objects of one size under a few keys of its own.
pub(crate) struct Put<'a> {
    bucket: &'a str,
    body: Bytes,
    connection: u16,
    done: usize,
}

/// Gets one object.
pub(crate) struct Get<'a>(pub(crate) &'a Object);

/// Lists a bucket.
pub(crate) struct List<'a>(pub(crate) &'a Keys);

impl<'a> Put<'a> {
    pub(crate) fn new(load: &'a Object, connection: u16) -> Self {
        Self { bucket: &load.path, body: vec![b'x'; load.bytes].into(), connection, done: 0 }
    }
}

impl Client for Put<'_> {
    async fn once(&mut self, connection: &mut Connection, _: &mut Tally) -> Result<Left, Failure> {
        let path = format!("/{}/put-{}-{}", self.bucket, self.connection, self.done % KEYS);
        connection.put(&path, self.body.clone()).await?;
        self.done += 1;
        Ok(Left::More)
    }
}

impl Client for Get<'_> {
    async fn once(&mut self, connection: &mut Connection, _: &mut Tally) -> Result<Left, Failure> {
        let Object { path, bytes: sent } = self.0;
        match connection.length(path).await? {
            received if received == *sent => Ok(Left::More),
            received => Err(Failure::Changed { what: "an object", sent: *sent, received }),
        }
    }
}

impl Client for List<'_> {
    async fn once(&mut self, connection: &mut Connection, _: &mut Tally) -> Result<Left, Failure> {
        let Keys { bucket, keys: wanted } = self.0;
        let page = connection.get(&format!("/{bucket}?list-type=2&max-keys={wanted}")).await?;
        match memchr::memmem::find_iter(&page, LISTED).count() {
            listed if listed == *wanted => Ok(Left::More),
            listed => Err(Failure::Listed { wanted: *wanted, listed }),
        }
    }
}
