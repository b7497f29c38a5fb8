//! Messages of the wire protocol as bytes and back: `OP_MSG`, and `OP_QUERY` for a client's first word.
//!
//! After MongoDB's manual, "MongoDB Wire Protocol", and the drivers' specification "OP_MSG". Nothing here waits.

use bson::Document;
use bson::raw::{RawDocument, RawDocumentBuf};

mod bytes;
pub(super) mod depth;
pub(super) mod reading;

use self::bytes::Bytes;
pub(super) use self::depth::check_depth;

/// The longest message, header included, in bytes (`maxMessageSizeBytes`).
pub(crate) const MAX_MESSAGE: usize = 48_000_000;

/// The longest document a client may store, in bytes (`maxBsonObjectSize`).
pub(crate) const MAX_DOCUMENT: usize = 16 * 1024 * 1024;

/// Statements in one write command (`maxWriteBatchSize`).
pub(crate) const MAX_BATCH: usize = 100_000;

/// Bytes of a header.
pub(super) const HEADER: usize = 16;

const OP_REPLY: i32 = 1;
const OP_QUERY: i32 = 2004;
const OP_COMPRESSED: i32 = 2012;
const OP_MSG: i32 = 2013;

const CHECKSUM_PRESENT: u32 = 1;
const MORE_TO_COME: u32 = 1 << 1;
/// A receiver must refuse bits of the lower half that it doesn't know.
const REQUIRED: u32 = 0xFFFF;

/// What stands in front of every message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The whole message, in bytes.
    pub(super) length: usize,
    pub(super) request: i32,
    pub(super) operation: i32,
}

/// One command as it came.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub(super) request: i32,
    pub(super) answer: Answer,
    pub(super) body: Document,
    /// The documents that came beside the body, by the field they belong to.
    pub(super) sequences: Vec<(String, Vec<RawDocumentBuf>)>,
}

/// In which form an answer is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// `OP_MSG`.
    Message,
    /// `OP_REPLY`, to an `OP_QUERY`.
    Reply,
    /// None: the client has said that more is to come.
    Silence,
}

/// Why a message can't be understood. The connection ends, as MongoDB's does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("a message of {0} bytes is shorter than its header or longer than {MAX_MESSAGE} bytes")]
    Length(i32),
    #[error("the operation code {0} is not one of OP_MSG and OP_QUERY")]
    Operation(i32),
    #[error("OP_COMPRESSED was sent, but no compressor was agreed on")]
    Compressed,
    #[error("OP_MSG has required flag bits that are not known: {0:#x}")]
    Flags(u32),
    #[error("the message's checksum is wrong")]
    Checksum,
    #[error("the message ends early or has bytes left over")]
    Cut,
    #[error("a section of kind {0} is not known")]
    Section(u8),
    #[error("OP_MSG must have exactly one body")]
    Bodies,
    #[error("the message holds something that is not BSON: {0}")]
    Bson(String),
    #[error("a document is nested more than {} levels deep", depth::LIMIT)]
    Deep,
}

impl Header {
    /// Reads a header; the length is within bounds and the operation is one of those known.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut bytes = Bytes::new(bytes);
        let (length, request) = (bytes.int()?, bytes.int()?);
        let (_, operation) = (bytes.int()?, bytes.int()?);
        let within = usize::try_from(length).ok().filter(|length| (HEADER..=MAX_MESSAGE).contains(length));
        match operation {
            OP_MSG | OP_QUERY => {}
            OP_COMPRESSED => return Err(Malformed::Compressed),
            other => return Err(Malformed::Operation(other)),
        }
        Ok(Self { length: within.ok_or(Malformed::Length(length))?, request, operation })
    }
}

impl Message {
    /// Reads what follows the header; `header` are its bytes, which a checksum covers.
    pub(super) fn read(header: &[u8], payload: &[u8]) -> Result<Self, Malformed> {
        let read = Header::read(header)?;
        if read.operation == OP_QUERY {
            Self::of_query(&read, payload)
        } else {
            Self::of_message(&read, header, payload)
        }
    }

    fn of_message(header: &Header, head: &[u8], payload: &[u8]) -> Result<Self, Malformed> {
        let mut bytes = Bytes::new(payload);
        let flags = bytes.unsigned()?;
        let unknown = flags & REQUIRED & !(CHECKSUM_PRESENT | MORE_TO_COME);
        if unknown != 0 {
            return Err(Malformed::Flags(unknown));
        }
        if flags & CHECKSUM_PRESENT != 0 {
            bytes.cut_checksum(head, payload)?;
        }
        let (mut body, mut sequences) = (None, Vec::new());
        while !bytes.is_empty() {
            match bytes.byte()? {
                0 if body.is_none() => body = Some(decode(bytes.document()?)?),
                0 => return Err(Malformed::Bodies),
                1 => sequences.push(sequence(bytes.section()?)?),
                kind => return Err(Malformed::Section(kind)),
            }
        }
        let answer = if flags & MORE_TO_COME == 0 { Answer::Message } else { Answer::Silence };
        Ok(Self { request: header.request, answer, body: body.ok_or(Malformed::Bodies)?, sequences })
    }

    /// The command of an `OP_QUERY` on `<database>.$cmd`, with `$db` put into it.
    fn of_query(header: &Header, payload: &[u8]) -> Result<Self, Malformed> {
        let mut bytes = Bytes::new(payload);
        bytes.int()?;
        let namespace = bytes.text()?.to_owned();
        bytes.int()?;
        bytes.int()?;
        let mut body = decode(bytes.document()?)?;
        if let Some(Ok(query)) = body.get("$query").map(|query| query.as_document().cloned().ok_or(())) {
            body = query;
        }
        body.insert("$db", namespace.split('.').next().unwrap_or_default());
        Ok(Self { request: header.request, answer: Answer::Reply, body, sequences: Vec::new() })
    }
}

/// A document of a message, decoded; its depth is checked first, because decoding goes as deep as it does.
pub(super) fn decode(document: &RawDocument) -> Result<Document, Malformed> {
    check_depth(document)?;
    Document::try_from(document).map_err(|error| Malformed::Bson(error.to_string()))
}

fn sequence(section: &[u8]) -> Result<(String, Vec<RawDocumentBuf>), Malformed> {
    let mut bytes = Bytes::new(section);
    let name = bytes.text()?.to_owned();
    let mut documents = Vec::new();
    while !bytes.is_empty() {
        let document = bytes.document()?;
        check_depth(document)?;
        documents.push(document.to_owned());
    }
    Ok((name, documents))
}

/// The bytes of an answer.
pub(super) fn encode(answer: Answer, id: i32, to: i32, body: &RawDocument) -> Vec<u8> {
    let operation = if answer == Answer::Reply { OP_REPLY } else { OP_MSG };
    let mut bytes = Vec::with_capacity(HEADER + 20 + body.as_bytes().len());
    for number in [0, id, to, operation] {
        bytes.extend(number.to_le_bytes());
    }
    if answer == Answer::Reply {
        // No flags but AwaitCapable, no cursor, from the beginning, one document.
        bytes.extend(8_i32.to_le_bytes());
        bytes.extend([0; 12]);
        bytes.extend(1_i32.to_le_bytes());
    } else {
        bytes.extend([0; 5]);
    }
    bytes.extend(body.as_bytes());
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_le_bytes();
    bytes.splice(..4, length);
    bytes
}

#[cfg(test)]
mod tests;
