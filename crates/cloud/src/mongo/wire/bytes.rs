//! Reading a message piece by piece, never past its end.

use bson::raw::RawDocument;

use super::Malformed;

/// What is left of a message.
#[derive(Debug)]
pub(super) struct Bytes<'a> {
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        self.take(1).and_then(|bytes| bytes.first().copied().ok_or(Malformed::Cut))
    }

    pub(super) fn int(&mut self) -> Result<i32, Malformed> {
        let (bytes, left) = self.left.split_first_chunk().ok_or(Malformed::Cut)?;
        self.left = left;
        Ok(i32::from_le_bytes(*bytes))
    }

    pub(super) fn unsigned(&mut self) -> Result<u32, Malformed> {
        self.int().map(i32::cast_unsigned)
    }

    /// A text that ends with a zero byte.
    pub(super) fn text(&mut self) -> Result<&'a str, Malformed> {
        let end = self.left.iter().position(|byte| *byte == 0).ok_or(Malformed::Cut)?;
        let text = self.take(end)?;
        self.byte()?;
        std::str::from_utf8(text).map_err(|error| Malformed::Bson(error.to_string()))
    }

    pub(super) fn document(&mut self) -> Result<&'a RawDocument, Malformed> {
        let bytes = self.sized(0)?;
        RawDocument::from_bytes(bytes).map_err(|error| Malformed::Bson(error.to_string()))
    }

    /// What follows a section's size, which counts itself.
    pub(super) fn section(&mut self) -> Result<&'a [u8], Malformed> {
        self.sized(4)
    }

    /// Takes the four bytes of the checksum off the end, and compares. It covers the whole message before it.
    pub(super) fn cut_checksum(&mut self, header: &[u8], payload: &[u8]) -> Result<(), Malformed> {
        let (before, found) = self.left.split_last_chunk().ok_or(Malformed::Cut)?;
        self.left = before;
        let covered =
            payload.len().checked_sub(4).and_then(|end| payload.get(..end)).ok_or(Malformed::Cut)?;
        let mut digest = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32Iscsi);
        digest.update(header);
        digest.update(covered);
        if digest.finalize() == u64::from(u32::from_le_bytes(*found)) {
            Ok(())
        } else {
            Err(Malformed::Checksum)
        }
    }

    /// What begins with its own length in bytes; `skip` bytes of it are left out.
    fn sized(&mut self, skip: usize) -> Result<&'a [u8], Malformed> {
        let length = Bytes::new(self.left).int()?;
        let length = usize::try_from(length).ok().filter(|length| *length > 4).ok_or(Malformed::Cut)?;
        self.take(length)?.get(skip..).ok_or(Malformed::Cut)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, left) = self.left.split_at_checked(count).ok_or(Malformed::Cut)?;
        self.left = left;
        Ok(taken)
    }
}
