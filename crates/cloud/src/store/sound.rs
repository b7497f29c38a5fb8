//! Damage that SQLite does not tell from what it is used to: a database cut off to nothing, and a write-ahead log that was
//! changed in its middle.
//!
//! SQLite takes the first frame that is not right for the end of the log, as it must: the end may have been cut off
//! by a crash. But where a commit is right again behind such a frame, the log did not end there. Then what was
//! acknowledged would be dropped without a word, so the start is refused instead, unless losing power explains it.
//! Only what SQLite left aside is looked at, so that a long log costs nothing.
//!
//! The format is in <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use rusqlite::Connection;

use super::StoreError;
use super::folder::Past;
use super::open::refusal;
use crate::settings::Durability;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The first four bytes of a log, but for the last bit, which says how checksums read their words.
const MAGIC: u32 = 0x377F_0682;

/// Frames that are looked at behind one that is not right, as long as none goes on from another: 1 MiB. Behind the end
/// of a log that has begun anew there is all of the old one.
const LOOK_AHEAD: usize = 256;

/// A running checksum.
type Sum = (u32, u32);

/// How a log reads numbers and what its frames carry.
struct Format {
    words: fn([u8; 4]) -> u32,
    page: usize,
    salts: [u8; 8],
    sum: Sum,
}

/// One frame and what it says about itself.
struct Frame {
    /// The last of its transaction.
    commits: bool,
    salts: [u8; 8],
    /// The checksum it carries.
    said: Sum,
    /// What its checksum is of: eight bytes of its head, and the page.
    head: [u8; 8],
    page: Vec<u8>,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Header,
    /// The frame, counted from 1.
    Frame(u64, Behind),
}

/// What is behind a frame that is not right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// The rest of the same transaction. The disk may have taken it first, and then lost power.
    TheSame,
    /// A later transaction. With a sync after each, none is begun before the one before it is on the disk.
    Another,
}

/// Refuses a database that is empty though it has been used: SQLite would take it for a new one.
pub(super) fn check_length(database: &Path, past: Past) -> Result<(), StoreError> {
    let length = std::fs::metadata(database).map(|file| file.len());
    if past == Past::Unknown || !matches!(length, Ok(0)) {
        return Ok(());
    }
    let reason = "it is empty, and something was kept in it".to_owned();
    Err(StoreError::Damaged { path: database.to_owned(), reason })
}

/// Refuses a database whose log is damaged. Nobody may have written since `connection` was opened.
pub(super) fn check_log(
    connection: &Connection,
    database: &Path,
    past: Past,
    durability: Durability,
) -> Result<(), StoreError> {
    let path = database.with_extension("db-wal");
    let reason = match fault_in(connection, &path).map_err(|error| refusal(database, &error))? {
        Ok(None) => return Ok(()),
        Ok(Some(Fault::Header)) => "its header is not right".to_owned(),
        Ok(Some(Fault::Frame(number, behind))) => {
            let reason = format!("frame {number} is not right, and others follow it");
            if may_be_power(past, durability, behind) {
                tracing::warn!(%reason, "the log ended early, as after a loss of power; what was acknowledged last is gone");
                return Ok(());
            }
            reason
        }
        Err(error) => format!("it can't be read: {error}"),
    };
    Err(StoreError::DamagedLog { path, reason })
}

/// Whether the machine lost power and the log may look as it does for that.
fn may_be_power(past: Past, durability: Durability, behind: Behind) -> bool {
    let torn = match durability {
        Durability::ProcessCrash => true,
        Durability::PowerLoss => behind == Behind::TheSame,
    };
    torn && past != Past::SameMachine
}

fn fault_in(connection: &Connection, log: &Path) -> rusqlite::Result<io::Result<Option<Fault>>> {
    // Asks how many frames SQLite found right, and folds none of them in.
    let frames: i64 = connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1))?;
    Ok(match File::open(log) {
        Ok(file) => fault(&mut BufReader::new(file), u64::try_from(frames).unwrap_or(0)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    })
}

/// Looks at what follows the first `frames`, which SQLite found right.
fn fault(log: &mut (impl Read + Seek), frames: u64) -> io::Result<Option<Fault>> {
    let Some(header) = read::<HEADER>(log)? else { return Ok(None) };
    // A file that was only made longer when the power went.
    if header.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let Some(format) = Format::read(&header) else { return Ok(Some(Fault::Header)) };
    let mut sum = format.sum;
    if let Some(before) = frames.checked_sub(1) {
        let length = (FRAME_HEADER + format.page) as u64;
        log.seek(SeekFrom::Start(HEADER as u64 + before * length))?;
        let Some(last) = format.frame(log)? else { return Ok(None) };
        sum = last.said;
    }
    for number in frames + 1.. {
        let Some(frame) = format.frame(log)? else { break };
        let is = format.sum_of(sum, &frame);
        if frame.salts != format.salts || frame.said != is {
            let behind = behind(log, &format, frame, is)?;
            return Ok(behind.map(|behind| Fault::Frame(number, behind)));
        }
        sum = is;
    }
    Ok(None)
}

/// Looks for a commit in frames that go on from the one before them. The bad one itself may carry a sum that is right,
/// or have had one, `is`, that is.
///
/// Frames that go on without a commit are what a transaction left that was undone, or cut off by a kill: the next one
/// is written over its beginning.
fn behind(log: &mut impl Read, format: &Format, bad: Frame, is: Sum) -> io::Result<Option<Behind>> {
    let (mut found, mut before, mut or) = (None, bad, Some(is));
    for looked in 0.. {
        let Some(frame) = format.frame(log)? else { break };
        let fits = |sum| format.sum_of(sum, &frame) == frame.said;
        let goes_on = frame.salts == format.salts && (fits(before.said) || or.is_some_and(fits));
        if goes_on && before.commits {
            return Ok(Some(Behind::Another));
        }
        if goes_on && frame.commits {
            found = Some(Behind::TheSame);
        }
        if !goes_on && looked >= LOOK_AHEAD {
            break;
        }
        (before, or) = (frame, None);
    }
    Ok(found)
}

impl Format {
    fn read(header: &[u8; HEADER]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
        let words = match number(0)? {
            MAGIC => u32::from_le_bytes,
            magic if magic == MAGIC | 1 => u32::from_be_bytes,
            _ => return None,
        };
        let page = usize::try_from(number(8)?).ok().filter(|size| (512..=65_536).contains(size))?;
        let salts = *header.get(16..)?.first_chunk()?;
        let mut format = Self { words, page, salts, sum: (0, 0) };
        format.sum = format.sum((0, 0), header.get(..24)?);
        (format.sum == (number(24)?, number(28)?)).then_some(format)
    }

    /// The next frame; nothing where the file ends before it does.
    fn frame(&self, log: &mut impl Read) -> io::Result<Option<Frame>> {
        let Some(bytes) = read::<FRAME_HEADER>(log)? else { return Ok(None) };
        let mut page = vec![0; self.page];
        if !fill(log, &mut page)? {
            return Ok(None);
        }
        let [.., c1, c2, c3, c4, s1, s2, s3, s4, s5, s6, s7, s8, a1, a2, a3, a4, b1, b2, b3, b4] = bytes;
        let [n1, n2, n3, n4, ..] = bytes;
        Ok(Some(Frame {
            commits: [c1, c2, c3, c4] != [0; 4],
            salts: [s1, s2, s3, s4, s5, s6, s7, s8],
            said: (u32::from_be_bytes([a1, a2, a3, a4]), u32::from_be_bytes([b1, b2, b3, b4])),
            head: [n1, n2, n3, n4, c1, c2, c3, c4],
            page,
        }))
    }

    /// What the checksum of `frame` would be behind `before`.
    fn sum_of(&self, before: Sum, frame: &Frame) -> Sum {
        self.sum(self.sum(before, &frame.head), &frame.page)
    }

    fn sum(&self, from: Sum, bytes: &[u8]) -> Sum {
        bytes.as_chunks::<8>().0.iter().fold(from, |(first, second), chunk| {
            let [a, b, c, d, e, f, g, h] = *chunk;
            let first = first.wrapping_add((self.words)([a, b, c, d])).wrapping_add(second);
            let second = second.wrapping_add((self.words)([e, f, g, h])).wrapping_add(first);
            (first, second)
        })
    }
}

/// So many bytes, or nothing where there are fewer.
fn read<const LENGTH: usize>(log: &mut impl Read) -> io::Result<Option<[u8; LENGTH]>> {
    let mut bytes = [0; LENGTH];
    Ok(fill(log, &mut bytes)?.then_some(bytes))
}

/// Whether there was enough.
fn fill(log: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
