//! The only member of a replica set, asked over MongoDB's wire protocol (OP_MSG) until it is the primary.

use std::io::Cursor;

use bson::{Document, doc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::databases::probe::Trouble;
use crate::translate::edge::loopback;

/// The set's name.
pub(super) const SET: &str = "rs0";

/// `opCode` of OP_MSG (MongoDB Manual, "Wire Protocol").
const OP_MSG: i32 = 2013;
/// Bytes before the body: four numbers, then the flags and the section's kind.
const HEADER: usize = 16;
const BEFORE_DOCUMENT: usize = 5;
/// A longer answer is not one that is awaited here.
const LONGEST: usize = 1 << 20;

/// The only member of a replica set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) port: u16,
}

impl Member {
    /// Asks whether it takes writes; makes the set where there is none yet.
    pub(in crate::databases) async fn ask(self) -> Result<(), Trouble> {
        let mut stream = TcpStream::connect(loopback(self.port)).await?;
        let hello = exchange(&mut stream, &doc! { "hello": 1, "$db": "admin" }).await?;
        if is_true(&hello, "isWritablePrimary") {
            return Ok(());
        }
        if is_true(&hello, "isreplicaset") {
            let members = vec![doc! { "_id": 0, "host": format!("127.0.0.1:{}", self.port) }];
            let set = doc! { "_id": SET, "members": members };
            exchange(&mut stream, &doc! { "replSetInitiate": set, "$db": "admin" }).await?;
        }
        Err(Trouble::NotYet("it is not the primary of its replica set yet".to_owned()))
    }
}

fn is_true(answer: &Document, field: &str) -> bool {
    answer.get_bool(field).unwrap_or(false)
}

async fn exchange(stream: &mut TcpStream, command: &Document) -> Result<Document, Trouble> {
    let document = command.to_vec().map_err(other)?;
    let length = i32::try_from(HEADER + BEFORE_DOCUMENT + document.len()).map_err(other)?;
    let mut message = Vec::new();
    for number in [length, 1, 0, OP_MSG, 0] {
        message.extend_from_slice(&number.to_le_bytes());
    }
    message.push(0);
    message.extend_from_slice(&document);
    stream.write_all(&message).await?;
    let length = usize::try_from(stream.read_i32_le().await?).unwrap_or_default();
    if !(HEADER + BEFORE_DOCUMENT..=LONGEST).contains(&length) {
        return Err(Trouble::Never("what listens there does not speak as MongoDB does".to_owned()));
    }
    let mut answer = vec![0; length - 4];
    stream.read_exact(&mut answer).await?;
    let document = answer.get(HEADER - 4 + BEFORE_DOCUMENT..).unwrap_or_default();
    Document::from_reader(Cursor::new(document)).map_err(other)
}

fn other(error: impl std::fmt::Display) -> Trouble {
    Trouble::NotYet(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{HEADER, Member, OP_MSG, Trouble};
    use bson::{Document, doc};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    /// Takes one command and gives one answer.
    async fn serve(stream: &mut TcpStream, answer: &Document) -> Document {
        let length = usize::try_from(stream.read_i32_le().await.unwrap()).unwrap();
        let mut asked = vec![0; length - 4];
        stream.read_exact(&mut asked).await.unwrap();
        let answer = answer.to_vec().unwrap();
        let length = i32::try_from(HEADER + 5 + answer.len()).unwrap();
        let header = [length, 1, 1, OP_MSG, 0].map(i32::to_le_bytes).concat();
        stream.write_all(&[header, vec![0], answer].concat()).await.unwrap();
        Document::from_reader(&asked[HEADER - 4 + 5..]).unwrap()
    }

    #[tokio::test]
    async fn the_set_is_made_once_and_its_primary_awaited() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let member = Member { port: listener.local_addr().unwrap().port() };
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let fresh = doc! { "ok": 1.0, "isWritablePrimary": false, "isreplicaset": true };
            assert_eq!(serve(&mut stream, &fresh).await.get_i32("hello").unwrap(), 1);
            let made = serve(&mut stream, &doc! { "ok": 1.0 }).await;
            let (mut stream, _) = listener.accept().await.unwrap();
            serve(&mut stream, &doc! { "ok": 1.0, "isWritablePrimary": true }).await;
            made
        };
        let client = async { (member.ask().await, member.ask().await) };
        let (made, (first, second)) = tokio::join!(server, client);
        assert!(matches!(first, Err(Trouble::NotYet(_))), "{first:?}");
        assert_eq!(second, Ok(()));
        let set = made.get_document("replSetInitiate").unwrap();
        let host = set.get_array("members").unwrap()[0].as_document().unwrap().get_str("host").unwrap();
        assert_eq!(set.get_str("_id").unwrap(), "rs0");
        assert_eq!(host, format!("127.0.0.1:{}", member.port));
    }
}
