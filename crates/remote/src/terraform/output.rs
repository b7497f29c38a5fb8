//! What a program prints, kept where it can go on printing after our end.
//!
//! A pipe would be the usual way. But a Go program that writes to a pipe whose reader is gone ends at once (os/signal,
//! "SIGPIPE"), and terraform in the middle of an apply would take its state along. So it prints to memory that lives as
//! long as either of us (memfd_create(2)), also where the disk is full.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::process::Stdio;

use rustix::fs::{MemfdFlags, memfd_create};

/// How much is taken at once, in bytes.
const PIECE: usize = 64 * 1024;

/// The end of what a program prints, read line by line.
#[derive(Debug)]
pub(super) struct Output {
    file: File,
    /// Bytes that were read.
    read: u64,
    /// The line that has not ended yet.
    rest: Vec<u8>,
}

impl Output {
    pub(super) fn new() -> io::Result<Self> {
        let file = File::from(memfd_create("terraform", MemfdFlags::CLOEXEC)?);
        Ok(Self { file, read: 0, rest: Vec::new() })
    }

    /// What the program gets.
    pub(super) fn writer(&self) -> io::Result<Stdio> {
        Ok(self.file.try_clone()?.into())
    }

    /// The lines that were printed since the last time.
    pub(super) fn lines(&mut self) -> Vec<String> {
        let mut piece = vec![0; PIECE];
        while let Ok(count @ 1..) = self.file.read_at(&mut piece, self.read) {
            self.read += count as u64;
            self.rest.extend_from_slice(piece.get(..count).unwrap_or_default());
        }
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let after = self.rest.split_off(end + 1);
        let whole = std::mem::replace(&mut self.rest, after);
        String::from_utf8_lossy(&whole).lines().map(str::to_owned).collect()
    }

    /// The last line, where the program ended without ending it.
    pub(super) fn rest(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.rest);
        (!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Output;

    #[test]
    fn gives_each_line_once_it_is_whole() {
        let mut output = Output::new().expect("memory");
        let mut program = output.file.try_clone().expect("a second end");
        program.write_all(b"one\r\ntw").expect("room");
        assert_eq!(output.lines(), ["one"]);
        assert_eq!(output.lines(), [""; 0]);
        program.write_all(b"o\nthree").expect("room");
        assert_eq!(output.lines(), ["two"]);
        assert_eq!(output.rest().as_deref(), Some("three"));
        assert_eq!(output.rest(), None);
    }
}
