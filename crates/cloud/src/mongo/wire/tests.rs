//! Messages as drivers send them, and as nobody should.

use bson::raw::{RawDocumentBuf, cstr};
use bson::{Bson, Document, doc};
use proptest::prelude::*;

use super::*;

fn message(operation: i32, payload: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let length = i32::try_from(HEADER + payload.len()).unwrap();
    let header = [length, 7, 0, operation].iter().flat_map(|number| number.to_le_bytes()).collect();
    (header, payload.to_vec())
}

fn read(operation: i32, payload: &[u8]) -> Result<Message, Malformed> {
    let (header, payload) = message(operation, payload);
    Message::read(&header, &payload)
}

fn body(flags: u32, document: &Document) -> Vec<u8> {
    [&flags.to_le_bytes(), &[0][..], &document.to_vec().unwrap()].concat()
}

#[test]
fn a_body_with_a_sequence() {
    let mut payload = body(MORE_TO_COME, &doc! { "insert": "a", "$db": "t" });
    let documents =
        [doc! { "_id": 1 }, doc! { "_id": 2 }].map(|document| document.to_vec().unwrap()).concat();
    let size = i32::try_from(4 + "documents".len() + 1 + documents.len()).unwrap();
    payload.push(1);
    payload.extend(size.to_le_bytes());
    payload.extend(b"documents\0");
    payload.extend(documents);
    let message = read(OP_MSG, &payload).unwrap();
    assert_eq!((message.request, message.answer), (7, Answer::Silence));
    assert_eq!(message.body.get_str("insert").unwrap(), "a");
    let (name, documents) = &message.sequences[0];
    assert_eq!((name.as_str(), documents.len()), ("documents", 2));
    assert_eq!(documents[1].get_i32("_id").unwrap(), 2);
}

#[test]
fn a_checksum_is_checked() {
    let document = doc! { "ping": 1, "$db": "t" };
    let payload = [body(CHECKSUM_PRESENT, &document), vec![0; 4]].concat();
    let (header, mut payload) = message(OP_MSG, &payload);
    assert_eq!(Message::read(&header, &payload), Err(Malformed::Checksum));
    let mut digest = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32Iscsi);
    digest.update(&header);
    digest.update(&payload[..payload.len() - 4]);
    let sum = u32::try_from(digest.finalize()).unwrap();
    let end = payload.len() - 4;
    payload[end..].copy_from_slice(&sum.to_le_bytes());
    assert_eq!(Message::read(&header, &payload).unwrap().body, document);
}

#[test]
fn an_old_hello() {
    let query = doc! { "isMaster": 1, "helloOk": true };
    let payload = [&[0; 4][..], b"admin.$cmd\0", &[0; 4], &[0xFF; 4], &query.to_vec().unwrap()].concat();
    let message = read(OP_QUERY, &payload).unwrap();
    assert_eq!(message.answer, Answer::Reply);
    assert_eq!(message.body, doc! { "isMaster": 1, "helloOk": true, "$db": "admin" });
}

#[test]
fn what_is_no_message() {
    let ping = body(0, &doc! { "ping": 1 });
    assert_eq!(read(OP_COMPRESSED, &ping), Err(Malformed::Compressed));
    assert_eq!(read(2002, &ping), Err(Malformed::Operation(2002)));
    assert_eq!(read(OP_MSG, &body(1 << 4, &doc! {})), Err(Malformed::Flags(1 << 4)));
    // Bits of the upper half may be ignored.
    assert!(read(OP_MSG, &body(1 << 16, &doc! { "ping": 1 })).is_ok());
    assert_eq!(
        read(OP_MSG, &[ping.clone(), vec![0], doc! {}.to_vec().unwrap()].concat()),
        Err(Malformed::Bodies)
    );
    assert_eq!(read(OP_MSG, &[0; 4]), Err(Malformed::Bodies));
    assert_eq!(read(OP_MSG, &[ping.clone(), vec![2]].concat()), Err(Malformed::Section(2)));
    assert_eq!(read(OP_MSG, &ping[..ping.len() - 1]), Err(Malformed::Cut));
    for length in [15_i32, -1, i32::MAX] {
        let header =
            [length, 1, 0, OP_MSG].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>();
        assert_eq!(Header::read(&header), Err(Malformed::Length(length)));
    }
}

#[test]
fn what_is_nested_too_deeply_is_refused_before_it_is_decoded() {
    let mut nested = RawDocumentBuf::new();
    for _ in 0..1000 {
        let mut outer = RawDocumentBuf::new();
        outer.append(cstr!("a"), &nested);
        nested = outer;
    }
    let payload = [&[0; 5][..], nested.as_bytes()].concat();
    assert_eq!(read(OP_MSG, &payload), Err(Malformed::Deep));
}

#[test]
fn an_answer_has_its_length_and_whom_it_answers() {
    let bytes = encode(Answer::Reply, 5, 7, &RawDocumentBuf::new());
    assert_eq!(bytes.len(), usize::try_from(i32::from_le_bytes(bytes[..4].try_into().unwrap())).unwrap());
    assert_eq!(i32::from_le_bytes(bytes[8..12].try_into().unwrap()), 7);
    let bytes = encode(Answer::Message, 5, 7, &RawDocumentBuf::new());
    assert_eq!(bytes.len(), HEADER + 5 + 5);
}

proptest! {
    /// Whatever bytes come, reading them ends in a message or in a refusal.
    #[test]
    fn no_bytes_break_it(operation in prop_oneof![Just(OP_MSG), Just(OP_QUERY)], payload in prop::collection::vec(any::<u8>(), 0..200)) {
        read(operation, &payload).ok();
    }

    /// The same for messages that are almost right.
    #[test]
    fn no_flipped_byte_breaks_it(at in 0_usize..100, byte in any::<u8>()) {
        let document = doc! { "insert": "a", "documents": [{ "a": [1, 2.5, "x", Bson::Null, { "b": true }] }], "$db": "t" };
        let mut payload = body(0, &document);
        let at = at % payload.len();
        payload[at] = byte;
        read(OP_MSG, &payload).ok();
    }
}
