//! The file of a form: bytes up to the boundary, however they come in pieces.

use crate::s3::error::{Code, Result};

/// Finds the end of the file.
#[derive(Debug)]
pub(in crate::s3) struct Tail {
    /// A line end, two hyphens and the boundary.
    delimiter: Vec<u8>,
    /// Bytes that may be the beginning of the delimiter, or that came before anybody asked.
    held: Vec<u8>,
    found: Found,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    NotYet,
    End,
}

impl Tail {
    /// Begins with bytes that came with the fields.
    pub(super) fn new(boundary: &str, first: Vec<u8>) -> Self {
        Self { delimiter: format!("\r\n--{boundary}").into_bytes(), held: first, found: Found::NotYet }
    }

    /// Gives what came with the fields, if there is any to be given.
    pub(in crate::s3) fn begin(&mut self, content: &mut Vec<u8>) -> bool {
        if self.held.len() < self.delimiter.len() || self.found == Found::End {
            return false;
        }
        self.feed(&[], content);
        true
    }

    /// Takes the next bytes and appends those of the file to `content`.
    pub(in crate::s3) fn feed(&mut self, data: &[u8], content: &mut Vec<u8>) {
        if self.found == Found::End {
            return;
        }
        self.held.extend_from_slice(data);
        let end = self.held.windows(self.delimiter.len()).position(|window| window == self.delimiter);
        let sure = match end {
            Some(end) => {
                self.found = Found::End;
                end
            }
            // The last bytes may be the first of the delimiter.
            None => self.held.len().saturating_sub(self.delimiter.len() - 1),
        };
        content.extend(self.held.drain(..sure));
    }

    /// Refuses a form that was cut off.
    pub(in crate::s3) fn finish(self) -> Result<()> {
        if self.found == Found::End { Ok(()) } else { Err(Code::MalformedPOSTRequest.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size_give_the_same_file() {
        let file = b"some\r\n--Bytes\r\n-\r\n";
        let form = [&file[..], b"\r\n--BB--\r\n"].concat();
        for size in 1..=form.len() {
            for first in [0, 5, form.len()] {
                let (head, rest) = form.split_at(first);
                let (mut tail, mut content) = (Tail::new("BB", head.to_vec()), Vec::new());
                tail.begin(&mut content);
                rest.chunks(size).for_each(|piece| tail.feed(piece, &mut content));
                assert_eq!(content, file, "{size} {first}");
                tail.finish().unwrap();
            }
        }
        let (mut tail, mut content) = (Tail::new("BB", Vec::new()), Vec::new());
        tail.feed(b"cut off", &mut content);
        assert!(tail.finish().is_err());
    }
}
