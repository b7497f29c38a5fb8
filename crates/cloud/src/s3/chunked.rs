//! `aws-chunked`: content framed in signed or unsigned chunks, with checksums in trailers.
//!
//! Format from "Signature calculations for trailing headers" in the Amazon S3 API Reference. Chunk signatures are
//! skipped: any signature is accepted.

use super::error::{Code, Error, Result};

/// The longest line of framing: size, signature, or a trailer.
const MAX_LINE: usize = 4096;
const MAX_TRAILERS: usize = 16;

/// Takes framed bytes in pieces of any size and gives content.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    line: Vec<u8>,
    trailers: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// In the line that begins a chunk.
    #[default]
    Size,
    /// In its content, with so many bytes to come.
    Content(u64),
    /// In the line end after its content.
    ContentEnd,
    /// In the fields after the last chunk.
    Trailers,
    /// Past the empty line.
    Done,
}

impl Decoder {
    /// Takes framed bytes and appends the content among them to `content`.
    pub(super) fn feed(&mut self, mut input: &[u8], content: &mut Vec<u8>) -> Result<()> {
        while !input.is_empty() {
            input = match self.state {
                State::Content(left) => self.take_content(left, input, content),
                State::Done => return Ok(()),
                State::Size | State::ContentEnd | State::Trailers => self.take_line(input)?,
            };
        }
        Ok(())
    }

    /// Ends; refuses a body that stopped short. Returns the trailers, names in lower case.
    pub(super) fn finish(self) -> Result<Vec<(String, String)>> {
        // Some clients leave the last empty line out.
        let ended = self.state == State::Done || (self.state == State::Trailers && self.line.is_empty());
        if ended { Ok(self.trailers) } else { Err(Code::IncompleteBody.into()) }
    }

    fn take_content<'a>(&mut self, left: u64, input: &'a [u8], content: &mut Vec<u8>) -> &'a [u8] {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let (mine, rest) = input.split_at(here);
        content.extend_from_slice(mine);
        let left = left - here as u64;
        self.state = if left == 0 { State::ContentEnd } else { State::Content(left) };
        rest
    }

    fn take_line<'a>(&mut self, input: &'a [u8]) -> Result<&'a [u8]> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let (mine, rest) = input.split_at(end.map_or(input.len(), |end| end + 1));
        self.line.extend_from_slice(mine);
        if self.line.len() > MAX_LINE {
            return Err(malformed());
        }
        if end.is_some() {
            let line = std::mem::take(&mut self.line);
            let line = std::str::from_utf8(&line).map_err(|_| malformed())?;
            self.state = self.after(line.trim_end_matches(['\r', '\n']))?;
        }
        Ok(rest)
    }

    fn after(&mut self, line: &str) -> Result<State> {
        match self.state {
            State::Size => {
                let size = line.split(';').next().unwrap_or_default();
                let size = u64::from_str_radix(size, 16).map_err(|_| malformed())?;
                Ok(if size == 0 { State::Trailers } else { State::Content(size) })
            }
            State::ContentEnd if line.is_empty() => Ok(State::Size),
            State::Trailers if line.is_empty() => Ok(State::Done),
            State::Trailers if self.trailers.len() < MAX_TRAILERS => {
                let (name, value) = line.split_once(':').ok_or_else(malformed)?;
                self.trailers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                Ok(State::Trailers)
            }
            _ => Err(malformed()),
        }
    }
}

fn malformed() -> Error {
    Code::InvalidRequest.saying("The body is not valid aws-chunked content.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSIGNED: &str = "5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n";

    fn decode(body: &str, piece: usize) -> Result<(String, Vec<(String, String)>)> {
        let (mut decoder, mut content) = (Decoder::default(), Vec::new());
        for piece in body.as_bytes().chunks(piece) {
            decoder.feed(piece, &mut content)?;
        }
        Ok((String::from_utf8(content).unwrap(), decoder.finish()?))
    }

    #[test]
    fn pieces_of_any_size_give_the_same_content() {
        for piece in 1..=UNSIGNED.len() {
            let (content, trailers) = decode(UNSIGNED, piece).unwrap();
            assert_eq!(content, "hello world");
            assert_eq!(trailers, [("x-amz-checksum-crc32".to_owned(), "DUoRhQ==".to_owned())]);
        }
    }

    #[test]
    fn chunk_signatures_are_skipped() {
        let body = "3;chunk-signature=ab12\r\nabc\r\n0;chunk-signature=cd34\r\n\r\n";
        assert_eq!(decode(body, 7).unwrap().0, "abc");
    }

    #[test]
    fn a_broken_body_is_refused() {
        let long = "1".repeat(MAX_LINE + 1);
        for body in ["", "5\r\nhel", "zz\r\nab\r\n", "3\r\nabcd\r\n0\r\n\r\n", "0\r\nnonsense\r\n\r\n", &long]
        {
            assert!(decode(body, 3).is_err(), "{body:.20}");
        }
    }
}
