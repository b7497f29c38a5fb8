//! `aws-chunked`: content framed in signed or unsigned chunks, with checksums in trailers.
//!
//! Format from "Signature calculations for trailing headers" in the Amazon S3 API Reference. Signatures of chunks are
//! checked where those of requests are, and skipped elsewhere.

use sha2::{Digest as _, Sha256};

use super::error::{Code, Error, Result};
use crate::auth::Chain;

/// The longest line of framing: size, signature, or a trailer.
const MAX_LINE: usize = 4096;
const MAX_TRAILERS: usize = 16;

/// The trailer that signs the others.
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// Takes framed bytes in pieces of any size and gives content.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    line: Vec<u8>,
    trailers: Vec<(String, String)>,
    signed: Option<Signed>,
}

/// What is checked of signed chunks.
#[derive(Debug)]
struct Signed {
    chain: Chain,
    /// Of the chunk or the trailers under way.
    hash: Sha256,
    /// What the chunk's line says its signature is.
    claimed: String,
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
    /// A decoder that checks the signatures of `chain`, if there is one.
    pub(super) fn new(chain: Option<Chain>) -> Self {
        let signed = chain.map(|chain| Signed { chain, hash: Sha256::new(), claimed: String::new() });
        Self { signed, ..Self::default() }
    }

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
        if !ended {
            return Err(Code::IncompleteBody.into());
        }
        let signature = self.trailers.iter().any(|(name, _)| name == TRAILER_SIGNATURE);
        if self.signed.is_some() && !self.trailers.is_empty() && !signature {
            return Err(Code::SignatureDoesNotMatch.into());
        }
        Ok(self.trailers)
    }

    fn take_content<'a>(&mut self, left: u64, input: &'a [u8], content: &mut Vec<u8>) -> &'a [u8] {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let (mine, rest) = input.split_at(here);
        content.extend_from_slice(mine);
        if let Some(signed) = &mut self.signed {
            signed.hash.update(mine);
        }
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
                let (size, extension) = line.split_once(';').unwrap_or((line, ""));
                let size = u64::from_str_radix(size, 16).map_err(|_| malformed())?;
                if let Some(signed) = &mut self.signed {
                    signed.begin(extension, size)?;
                }
                Ok(if size == 0 { State::Trailers } else { State::Content(size) })
            }
            State::ContentEnd if line.is_empty() => {
                self.signed.as_mut().map_or(Ok(()), Signed::end)?;
                Ok(State::Size)
            }
            State::Trailers if line.is_empty() => Ok(State::Done),
            State::Trailers if self.trailers.len() < MAX_TRAILERS => {
                let (name, value) = line.split_once(':').ok_or_else(malformed)?;
                let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
                if let Some(signed) = &mut self.signed {
                    signed.trailer(&name, &value)?;
                }
                self.trailers.push((name, value));
                Ok(State::Trailers)
            }
            _ => Err(malformed()),
        }
    }
}

impl Signed {
    /// A chunk begins; one without content ends at once.
    fn begin(&mut self, extension: &str, size: u64) -> Result<()> {
        let claimed = extension.trim().strip_prefix("chunk-signature=").ok_or_else(malformed)?;
        claimed.clone_into(&mut self.claimed);
        if size == 0 { self.end() } else { Ok(()) }
    }

    fn end(&mut self) -> Result<()> {
        let hash = hex::encode(self.hash.finalize_reset());
        if self.chain.chunk(&hash, &self.claimed) { Ok(()) } else { Err(Code::SignatureDoesNotMatch.into()) }
    }

    /// Takes a trailer; the last one is the signature of those before it.
    fn trailer(&mut self, name: &str, value: &str) -> Result<()> {
        if name != TRAILER_SIGNATURE {
            self.hash.update(format!("{name}:{value}\n"));
            return Ok(());
        }
        let hash = hex::encode(self.hash.finalize_reset());
        if self.chain.trailer(&hash, value) { Ok(()) } else { Err(Code::SignatureDoesNotMatch.into()) }
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
