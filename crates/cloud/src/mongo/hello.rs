//! `hello`: what a client is told before anything else.
//!
//! The cloud presents itself as the primary of a replica set with one member, because drivers offer retryable writes
//! and transactions only of one. Its name is `rs0`, as Amazon DocumentDB's. The one host it names is the address the
//! client's connection has come to. Behind a forwarded port that address is another one outside; there
//! `directConnection=true` in the URL keeps the driver to the address it was given.

use bson::{Bson, Document, doc};

use super::auth;
use super::connection::Client;
use super::dispatch::Reply;
use super::error::Result;
use super::wire::{MAX_BATCH, MAX_DOCUMENT, MAX_MESSAGE};
use super::work::Work;

/// The replica set's name.
pub(super) const SET: &str = "rs0";

/// The newest wire version that is spoken: MongoDB 7.0.
pub(super) const WIRE_VERSION: i32 = 21;

/// Minutes a session lives without a command.
const SESSION_MINUTES: i32 = 30;

/// `hello`, `isMaster` and `ismaster`.
pub(super) async fn hello(work: &mut Work, client: &mut Client) -> Result<Reply> {
    let modern =
        work.arguments.name == "hello" || work.arguments.body.get_bool("helloOk").unwrap_or_default();
    let primary = if work.arguments.name == "hello" { "isWritablePrimary" } else { "ismaster" };
    let mut reply = doc! { primary: true };
    if modern {
        reply.insert("helloOk", true);
    }
    reply.extend(member(client));
    reply.extend(limits(client));
    if work.arguments.text("saslSupportedMechs")?.is_some() {
        // The same for a user who is not there, so that nobody learns which ones are.
        reply.insert("saslSupportedMechs", [auth::MECHANISM]);
    }
    if let Some(speculative) = work.arguments.document("speculativeAuthenticate")?.cloned()
        && let Some(answer) = auth::speculate(work, client, &speculative).await
    {
        reply.insert("speculativeAuthenticate", answer);
    }
    Ok(reply.into())
}

/// The replica set, as this client sees it.
fn member(client: &Client) -> Document {
    let host = client.local.to_string();
    doc! {
        "setName": SET, "setVersion": 1, "secondary": false, "hosts": [&host], "primary": &host, "me": &host,
        "electionId": bson::oid::ObjectId::from_bytes([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1]),
        "lastWrite": { "lastWriteDate": bson::DateTime::now() },
    }
}

fn limits(client: &Client) -> Document {
    doc! {
        "maxBsonObjectSize": number(MAX_DOCUMENT), "maxMessageSizeBytes": number(MAX_MESSAGE),
        "maxWriteBatchSize": number(MAX_BATCH), "localTime": bson::DateTime::now(),
        "logicalSessionTimeoutMinutes": SESSION_MINUTES, "connectionId": client.id, "minWireVersion": 0,
        "maxWireVersion": WIRE_VERSION, "readOnly": false,
    }
}

fn number(size: usize) -> Bson {
    Bson::Int32(i32::try_from(size).unwrap_or(i32::MAX))
}
