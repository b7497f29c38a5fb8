//! Whether a write-ahead log that was left behind is damaged, before SQLite reads it.
//!
//! SQLite takes the first frame that is not right for the end of the log, as it must: the end may have been cut off
//! by a crash. But where frames are right again behind such a frame, the log did not end there. Then what was
//! acknowledged would be dropped without a word, so the start is refused instead.
//!
//! The format is in <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::StoreError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The first four bytes of a log, but for the last bit, which says how checksums read their words.
const MAGIC: u32 = 0x377F_0682;

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
    /// The checksum it carries.
    said: Sum,
    salts: [u8; 8],
    /// What its checksum is of.
    content: Vec<u8>,
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Header,
    /// The frame, counted from 1.
    Frame(u64),
}

/// Refuses a database whose log is damaged.
pub(super) fn check(database: &Path) -> Result<(), StoreError> {
    let path = database.with_extension("db-wal");
    let found = match File::open(&path) {
        Ok(file) => fault(&mut BufReader::new(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let reason = match found {
        Ok(None) => return Ok(()),
        Ok(Some(Fault::Header)) => "its header is not right".to_owned(),
        Ok(Some(Fault::Frame(number))) => format!("frame {number} is not right, and others follow it"),
        Err(error) => format!("it can't be read: {error}"),
    };
    Err(StoreError::DamagedLog { path, reason })
}

fn fault(log: &mut impl Read) -> io::Result<Option<Fault>> {
    let Some(header) = read(log, HEADER)? else { return Ok(None) };
    // A file that was only made longer when the power went.
    if header.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let Some(format) = Format::read(&header) else { return Ok(Some(Fault::Header)) };
    let mut sum = format.sum;
    for number in 1.. {
        let Some(frame) = format.frame(log)? else { break };
        let is = format.sum(sum, &frame.content);
        if frame.salts != format.salts || frame.said != is {
            let follows = format.frame(log)?.is_some_and(|next| {
                let continues = |sum| format.sum(sum, &next.content) == next.said;
                next.salts == format.salts && (continues(frame.said) || continues(is))
            });
            return Ok(follows.then_some(Fault::Frame(number)));
        }
        sum = is;
    }
    Ok(None)
}

impl Format {
    fn read(header: &[u8]) -> Option<Self> {
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
        let Some(bytes) = read(log, FRAME_HEADER + self.page)? else { return Ok(None) };
        let parts = || {
            let (header, page) = bytes.split_at_checked(FRAME_HEADER)?;
            let (place, rest) = header.split_at_checked(8)?;
            let (salts, said) = rest.split_first_chunk::<8>()?;
            let (first, second) = said.split_first_chunk::<4>()?;
            let said = (u32::from_be_bytes(*first), u32::from_be_bytes(*second.first_chunk()?));
            Some(Frame { said, salts: *salts, content: [place, page].concat() })
        };
        Ok(parts())
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
fn read(log: &mut impl Read, length: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![0; length];
    match log.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: usize = FRAME_HEADER + 4096;

    /// A log of SQLite's own with some frames in it.
    fn log() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cloud.db");
        let db = rusqlite::Connection::open(&file).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.execute_batch("CREATE TABLE t (x)").unwrap();
        for _ in 0..10 {
            db.execute("INSERT INTO t VALUES (randomblob(3000))", []).unwrap();
        }
        std::fs::read(file.with_extension("db-wal")).unwrap()
    }

    fn fault_in(log: &[u8]) -> Option<Fault> {
        fault(&mut &log[..]).unwrap()
    }

    fn with_changed(log: &[u8], at: usize) -> Vec<u8> {
        let mut changed = log.to_vec();
        changed[at] ^= 0x10;
        changed
    }

    #[test]
    fn a_sound_log_and_one_that_was_cut_off_anywhere_are_fine() {
        let log = log();
        for length in (0..log.len()).step_by(97).chain([log.len()]) {
            assert_eq!(fault_in(&log[..length]), None, "{length}");
        }
        assert_eq!(fault_in(&[0; 8192]), None);
    }

    #[test]
    fn one_changed_bit_is_found_wherever_frames_follow_it() {
        let log = log();
        for at in 0..HEADER {
            // Nobody uses the format's version and the number of the checkpoint but the checksum.
            assert_eq!(fault_in(&with_changed(&log, at)), Some(Fault::Header), "{at}");
        }
        for at in (HEADER..log.len() - FRAME).step_by(13) {
            let number = u64::try_from((at - HEADER) / FRAME + 1).unwrap();
            assert_eq!(fault_in(&with_changed(&log, at)), Some(Fault::Frame(number)), "{at}");
        }
    }

    #[test]
    fn an_end_that_a_crash_tore_is_the_end() {
        let log = log();
        for at in (log.len() - FRAME..log.len()).step_by(13) {
            assert_eq!(fault_in(&with_changed(&log, at)), None, "{at}");
        }
        // The old frames of a log that has begun anew carry other salts.
        let mut older = log.clone();
        let second = HEADER + FRAME;
        for frame in older[second..].chunks_mut(FRAME) {
            frame[8] ^= 1;
        }
        assert_eq!(fault_in(&older), None);
    }
}
