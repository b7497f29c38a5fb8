//! The few messages of PostgreSQL's protocol 3.0 that a login and a statement take ("Frontend/Backend Protocol").

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::scram::Conversation;
use crate::databases::probe::Trouble;
use crate::secret::SecretValue;
use crate::translate::edge::loopback;

/// 3.0 in the startup message.
const PROTOCOL: u32 = 196_608;
/// The database that is always there.
const MAINTENANCE: &str = "postgres";
/// A longer message is not one that is awaited here.
const LONGEST: usize = 1 << 20;

/// How services log in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) port: u16,
    pub(super) user: &'static str,
    pub(super) password: SecretValue,
    pub(super) database: String,
}

/// A connection that is logged in.
struct Client {
    stream: TcpStream,
}

/// One message of the server's: what it is, and what it holds.
struct Message {
    kind: u8,
    body: Vec<u8>,
}

impl Login {
    /// Logs in and makes the services' database where it is not there.
    pub(in crate::databases) async fn ask(&self) -> Result<(), Trouble> {
        let mut client = Client::connect(self).await?;
        // A resource's name has lower case letters, digits, hyphens and dots; the latter two became underscores.
        let found =
            client.query(&format!("SELECT 1 FROM pg_database WHERE datname = '{}'", self.database)).await?;
        if found == 0 {
            client.query(&format!("CREATE DATABASE \"{}\"", self.database)).await?;
        }
        client.send(Some(b'X'), &[]).await?;
        Ok(())
    }
}

impl Client {
    async fn connect(login: &Login) -> Result<Self, Trouble> {
        let mut client = Self { stream: TcpStream::connect(loopback(login.port)).await? };
        let mut startup = PROTOCOL.to_be_bytes().to_vec();
        for word in ["user", login.user, "database", MAINTENANCE, "application_name", "taxiway", ""] {
            startup.extend_from_slice(word.as_bytes());
            startup.push(0);
        }
        client.send(None, &startup).await?;
        client.log_in(login).await?;
        client.until_ready().await?;
        Ok(client)
    }

    async fn log_in(&mut self, login: &Login) -> Result<(), Trouble> {
        const MECHANISM: &[u8] = b"SCRAM-SHA-256\0";
        let nonce = SecretValue::random().map_err(|error| Trouble::Never(error.to_string()))?;
        let conversation = Conversation::new(nonce.reveal().to_owned());
        let mut expected = String::new();
        loop {
            let (step, body) = self.authentication().await?;
            match step {
                // AuthenticationOk, SASL, SASLContinue, SASLFinal
                0 if !expected.is_empty() => return Ok(()),
                10 => {
                    let first = conversation.first();
                    let length = u32::try_from(first.len()).unwrap_or_default().to_be_bytes();
                    self.send(Some(b'p'), &[MECHANISM, &length, first.as_bytes()].concat()).await?;
                }
                11 => {
                    let said = String::from_utf8_lossy(&body);
                    let proof = conversation.proof(login.password.reveal(), &said);
                    let (proof, answer) = proof.ok_or_else(not_postgres)?;
                    expected = answer;
                    self.send(Some(b'p'), proof.as_bytes()).await?;
                }
                12 if expected.as_bytes() == body => {}
                _ => return Err(not_postgres()),
            }
        }
    }

    async fn authentication(&mut self) -> Result<(u32, Vec<u8>), Trouble> {
        let message = self.receive().await?;
        let Some((step, body)) = message.body.split_first_chunk::<4>().filter(|_| message.kind == b'R')
        else {
            return Err(not_postgres());
        };
        Ok((u32::from_be_bytes(*step), body.to_vec()))
    }

    /// Runs a statement; gives how many rows came.
    async fn query(&mut self, statement: &str) -> Result<usize, Trouble> {
        self.send(Some(b'Q'), &[statement.as_bytes(), &[0]].concat()).await?;
        self.until_ready().await
    }

    /// Reads until the server waits for a statement; gives how many rows came.
    async fn until_ready(&mut self) -> Result<usize, Trouble> {
        let mut rows = 0;
        loop {
            match self.receive().await?.kind {
                b'Z' => return Ok(rows),
                b'D' => rows += 1,
                _ => {}
            }
        }
    }

    async fn send(&mut self, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(body);
        self.stream.write_all(&message).await
    }

    async fn receive(&mut self) -> Result<Message, Trouble> {
        let kind = self.stream.read_u8().await?;
        let length = usize::try_from(self.stream.read_u32().await?).unwrap_or(usize::MAX);
        if !(4..=LONGEST).contains(&length) {
            return Err(not_postgres());
        }
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body).await?;
        if kind == b'E' { Err(refused(&body)) } else { Ok(Message { kind, body }) }
    }
}

fn not_postgres() -> Trouble {
    Trouble::Never("what listens there does not speak as PostgreSQL does".to_owned())
}

/// What an ErrorResponse means: fields, each a letter and a text, `C` the code and `M` the message.
fn refused(body: &[u8]) -> Trouble {
    let field = |wanted: u8| {
        let mut fields = body.split(|byte| *byte == 0).filter_map(|field| field.split_first());
        let text = fields.find(|(letter, _)| **letter == wanted).map(|(_, text)| text);
        String::from_utf8_lossy(text.unwrap_or_default()).into_owned()
    };
    let (code, message) = (field(b'C'), field(b'M'));
    // Class 28: the login itself. Everything else, as 57P03 (cannot connect now), passes (appendix A).
    if code.starts_with("28") {
        Trouble::Never(format!("{message} ({code})"))
    } else {
        Trouble::NotYet(message)
    }
}
