//! A file's lines, as documents.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use axum::http::HeaderMap;
use kit::ApiError;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Batch;
use crate::api::payload::{self, Payload};
use crate::document::{Addition, Document};
use crate::settings::Limits;

/// Documents in a commit.
const MAX_BATCH: usize = 2000;

/// Memory of a commit's documents, in bytes.
const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;

/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 8 * 1024 * 1024;

/// A file that is being read.
pub(super) struct Source {
    lines: Box<dyn BufRead + Send>,
    size: Option<u64>,
    tenant: String,
    limits: Limits,
    from: u64,
}

impl Source {
    /// Opens a file, `-` for standard input. The first `from` lines are passed over.
    pub(super) fn open(file: &Path, tenant: &str, limits: Limits, from: u64) -> io::Result<Self> {
        let (lines, size): (Box<dyn BufRead + Send>, _) = if file == Path::new("-") {
            (Box::new(BufReader::new(io::stdin())), None)
        } else {
            let file = File::open(file)?;
            let size = file.metadata()?.len();
            (Box::new(BufReader::with_capacity(1024 * 1024, file)), Some(size))
        };
        Ok(Self { lines, size, tenant: tenant.to_owned(), limits, from })
    }

    /// Bytes of the file, where that is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Reads to the end, or until nobody wants more.
    pub(super) fn read(mut self, batches: &mpsc::Sender<Batch>) -> io::Result<()> {
        let (mut lines, mut bytes, mut line) = (0, 0, Vec::new());
        loop {
            let mut batch = Batch { documents: Vec::new(), bad: Vec::new(), lines, bytes };
            let mut size = 0;
            while batch.documents.len() < MAX_BATCH && size < MAX_BATCH_BYTES {
                let length = self.next(&mut line)?;
                if length == 0 {
                    let _ = batches.blocking_send(batch);
                    return Ok(());
                }
                lines += 1;
                bytes += length;
                (batch.lines, batch.bytes) = (lines, bytes);
                if lines <= self.from || line.trim_ascii().is_empty() {
                    continue;
                }
                match self.document(&line) {
                    Ok(document) => {
                        size += document.size();
                        batch.documents.push(document);
                    }
                    Err(reason) => batch.bad.push((lines, reason)),
                }
            }
            if batches.blocking_send(batch).is_err() {
                return Ok(());
            }
        }
    }

    /// The next line and its length, 0 at the end. What is too long is passed over, and left as it was cut.
    fn next(&mut self, line: &mut Vec<u8>) -> io::Result<u64> {
        line.clear();
        let mut length = self.lines.by_ref().take(MAX_LINE).read_until(b'\n', line)? as u64;
        if length == MAX_LINE && line.last() != Some(&b'\n') {
            length += self.lines.skip_until(b'\n')? as u64;
        }
        Ok(length)
    }

    fn document(&self, line: &[u8]) -> Result<Addition, String> {
        let reason = |error: ApiError| {
            let told = String::from_utf8_lossy(error.body()).into_owned();
            if told.contains("Invalid request") { SHAPE.to_owned() } else { told }
        };
        if line.len() as u64 >= MAX_LINE {
            return Err(format!("it is longer than {} MiB", MAX_LINE / 1024 / 1024));
        }
        let value = payload::parse(&HeaderMap::new(), line.trim_ascii()).map_err(reason)?;
        let Payload { title, content, tags } = Payload::read(&value, self.limits).map_err(reason)?;
        let created_at = OffsetDateTime::now_utc().unix_timestamp();
        let document = Document { id: Uuid::new_v4(), title, content, tags, created_at };
        Ok(Addition::new(self.tenant.clone(), document))
    }
}

const SHAPE: &str = r#"it is not {"title": "…", "content": "…", "tags": ["…"]}"#;
