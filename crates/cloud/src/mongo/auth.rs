//! `saslStart` and `saslContinue` with SCRAM-SHA-256, and who may do what without.
//!
//! Where credentials are configured, everything but the first words needs them. Where none are, nothing does, and who
//! logs in all the same has to be a user that somebody created.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document, doc};

use super::arguments::Arguments;
use super::connection::Client;
use super::dispatch::Reply;
use super::error::{Code, Failure, Result};
use super::scram::{Awaiting, First, prepare};
use super::users;
use super::work::Work;

/// The mechanism that is here.
pub(super) const MECHANISM: &str = "SCRAM-SHA-256";

/// Commands that need no login: those a driver begins with.
const OPEN: &[&str] = &[
    "hello",
    "isMaster",
    "ismaster",
    "saslStart",
    "saslContinue",
    "ping",
    "buildInfo",
    "buildinfo",
    "logout",
    "connectionStatus",
    "whatsmyuri",
    "getnonce",
    "endSessions",
];

/// How far a connection's login is.
#[derive(Debug, Default)]
pub(super) enum Login {
    #[default]
    None,
    /// The proof is awaited.
    Proof {
        user: User,
        awaiting: Awaiting,
        short: bool,
    },
    /// The client is to send one more, empty message.
    Last {
        user: User,
    },
    Done {
        user: User,
    },
}

/// Who logged in, and in which database the user is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) db: String,
    pub(super) name: String,
}

/// # Errors
/// 13 where a login is needed and there is none.
pub(super) fn check(work: &Work, client: &Client) -> Result<()> {
    let name = &work.arguments.name;
    let needed = work.mongo.needs_login() && !OPEN.contains(&name.as_str());
    if needed && !matches!(client.login, Login::Done { .. }) {
        return Err(Code::Unauthorized.saying(format!("Command {name} requires authentication")));
    }
    Ok(())
}

/// A `saslStart` inside of `hello`. What fails is left out, and the driver begins anew.
pub(super) async fn speculate(work: &Work, client: &mut Client, command: &Document) -> Option<Document> {
    if command.keys().next().map(String::as_str) != Some("saslStart") {
        return None;
    }
    let db = command.get_str("db").unwrap_or("admin").to_owned();
    begin(work, client, &db, command).await.ok()
}

/// `saslStart`.
pub(super) async fn start(work: &mut Work, client: &mut Client) -> Result<Reply> {
    let db = work.arguments.db.clone();
    let command = work.arguments.body.clone();
    Ok(begin(work, client, &db, &command).await?.into())
}

async fn begin(work: &Work, client: &mut Client, db: &str, command: &Document) -> Result<Document> {
    client.login = Login::None;
    match command.get_str("mechanism") {
        Ok(MECHANISM) => {}
        // Drivers fall back on it for a user they know nothing of. No user has it here.
        Ok("SCRAM-SHA-1") => return Err(failed()),
        Ok(other) => {
            let message = format!(
                "Received authentication for mechanism {other} which is not enabled; use {MECHANISM}"
            );
            return Err(Code::MechanismUnavailable.saying(message));
        }
        Err(_) => {
            return Err(Code::IDLFailedToParse
                .saying("BSON field 'saslStart.mechanism' is missing but a required field"));
        }
    }
    let first = First::read(&payload(command)?).map_err(|_| failed())?;
    let user = User { db: db.to_owned(), name: prepare(&first.user).into_owned() };
    let verifier = users::verifier(&work.mongo, db, &user.name).await?.ok_or_else(failed)?;
    let options = command.get_document("options").ok();
    let short = options.is_some_and(|options| options.get_bool("skipEmptyExchange").unwrap_or_default());
    let (said, awaiting) = first.answer(verifier, &nonce()?);
    client.login = Login::Proof { user, awaiting, short };
    Ok(answer(said, false))
}

/// `saslContinue`.
pub(super) async fn proceed(work: &mut Work, client: &mut Client) -> Result<Reply> {
    let payload = payload(&work.arguments.body)?;
    match std::mem::take(&mut client.login) {
        Login::Proof { user, awaiting, short } => {
            let said = awaiting.finish(&payload).map_err(|_| failed())?;
            client.login = if short { Login::Done { user } } else { Login::Last { user } };
            Ok(answer(said, short).into())
        }
        Login::Last { user } => {
            client.login = Login::Done { user };
            Ok(answer(Vec::new(), true).into())
        }
        Login::None | Login::Done { .. } => Err(Code::ProtocolError.saying("No SASL session state found")),
    }
}

/// `logout`.
pub(super) fn logout(client: &mut Client) -> Reply {
    client.login = Login::None;
    Document::new().into()
}

/// `connectionStatus`.
pub(super) fn status(arguments: &Arguments, client: &Client) -> Reply {
    let users: Vec<Bson> = match &client.login {
        Login::Done { user } => vec![doc! { "user": &user.name, "db": &user.db }.into()],
        _ => Vec::new(),
    };
    let nothing: Vec<Bson> = Vec::new();
    let mut info = doc! { "authenticatedUsers": users, "authenticatedUserRoles": nothing.clone() };
    if arguments.body.get_bool("showPrivileges").unwrap_or_default() {
        info.insert("authenticatedUserPrivileges", nothing);
    }
    doc! { "authInfo": info }.into()
}

fn payload(command: &Document) -> Result<Vec<u8>> {
    match command.get("payload") {
        Some(Bson::Binary(payload)) => Ok(payload.bytes.clone()),
        Some(Bson::String(payload)) => BASE64.decode(payload).map_err(|_| failed()),
        _ => Err(Code::IDLFailedToParse.saying("BSON field 'payload' is missing but a required field")),
    }
}

fn answer(payload: Vec<u8>, done: bool) -> Document {
    let payload = Binary { subtype: BinarySubtype::Generic, bytes: payload };
    doc! { "conversationId": 1, "done": done, "payload": payload }
}

/// One answer for every reason, so that nobody learns which users there are.
fn failed() -> Failure {
    Code::AuthenticationFailed.saying("Authentication failed.")
}

/// The server's part of a nonce: 24 random bytes, printable.
fn nonce() -> Result<String> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)
        .map_err(|error| Code::InternalError.saying(format!("no random numbers: {error}")))?;
    Ok(BASE64.encode(bytes))
}
