//! What shells, drivers and graphical clients ask about the server itself.

use bson::{Bson, Document, doc};

use super::Mongo;
use super::access::Access;
use super::connection::Client;
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::stats;
use super::wire::MAX_DOCUMENT;
use super::work::Work;

/// The version of MongoDB that is presented.
pub(super) const VERSION: &str = "7.0.0";

/// `buildInfo`.
pub(super) fn build_info() -> Reply {
    let empty: Vec<Bson> = Vec::new();
    let info = doc! {
        "version": VERSION, "gitVersion": "taxiway", "versionArray": [7, 0, 0, 0], "modules": empty,
        "openssl": { "running": "none", "compiled": "none" }, "javascriptEngine": "none",
        "sysInfo": "deprecated", "allocator": "system", "bits": 64, "debug": false,
        "maxBsonObjectSize": i32::try_from(MAX_DOCUMENT).unwrap_or(i32::MAX),
        "storageEngines": ["sqlite"], "buildEnvironment": {},
    };
    info.into()
}

/// `hostInfo`.
pub(super) fn host_info(mongo: &Mongo) -> Reply {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = doc! {
        "system": {
            "currentTime": bson::DateTime::now(), "hostname": server_info(mongo).get("host").cloned().unwrap_or(Bson::Null),
            "cpuAddrSize": 64, "numCores": stats::number(cores), "cpuArch": std::env::consts::ARCH, "numaEnabled": false,
        },
        "os": { "type": std::env::consts::OS, "name": std::env::consts::OS, "version": "" },
        "extra": {},
    };
    info.into()
}

/// What an error report or an `explain` says of the server.
pub(super) fn server_info(_: &Mongo) -> Document {
    doc! { "host": "localhost", "version": VERSION, "gitVersion": "taxiway" }
}

/// `getParameter`: those parameters that clients ask for.
pub(super) fn parameters(work: &Work) -> Result<Reply> {
    let known = doc! {
        "featureCompatibilityVersion": { "version": "7.0" },
        "authenticationMechanisms": [super::auth::MECHANISM],
        "transactionLifetimeLimitSeconds": i32::try_from(super::session::LIFETIME.as_secs()).unwrap_or(60),
        "cursorTimeoutMillis": 600_000_i64,
        "localLogicalSessionTimeoutMinutes": 30,
        "enableTestCommands": false,
    };
    let body = &work.arguments.body;
    let all = body.get_str("getParameter").is_ok_and(|text| text == "*");
    let asked = known.into_iter().filter(|(name, _)| all || body.contains_key(name));
    let reply: Document = asked.collect();
    if reply.is_empty() {
        return Err(Code::InvalidOptions.saying("no option found to get"));
    }
    Ok(reply.into())
}

/// `getCmdLineOpts`.
pub(super) fn command_line() -> Reply {
    doc! { "argv": ["taxiway", "cloud"], "parsed": {} }.into()
}

/// `whatsmyuri`.
pub(super) fn address(client: &Client) -> Reply {
    doc! { "you": client.peer.to_string() }.into()
}

/// `getLog`: there is none to give, which is an empty one.
pub(super) fn log(work: &Work) -> Result<Reply> {
    let empty: Vec<Bson> = Vec::new();
    match work.arguments.get("getLog") {
        Some(Bson::String(all)) if all == "*" => Ok(doc! { "names": ["global", "startupWarnings"] }.into()),
        Some(Bson::String(name)) if name == "global" || name == "startupWarnings" => {
            Ok(doc! { "totalLinesWritten": 0, "log": empty }.into())
        }
        Some(Bson::String(name)) => Err(Code::OperationFailed.saying(format!("No log named '{name}'"))),
        _ => Err(Code::TypeMismatch.saying("Argument to getLog must be of type String")),
    }
}

/// `serverStatus`: the figures that graphical clients draw.
pub(super) async fn status(work: &mut Work) -> Result<Reply> {
    let mongo = work.mongo.clone();
    let (collections, documents) = work.read(|access: &Access<'_>| stats::everything(access)).await?;
    let uptime = i64::try_from(mongo.uptime().as_secs()).unwrap_or(i64::MAX);
    let open = stats::number(mongo.cursors().count());
    let status = doc! {
        "host": "localhost", "version": VERSION, "process": "taxiway", "pid": i64::from(std::process::id()),
        "uptime": uptime, "uptimeMillis": uptime.saturating_mul(1000), "localTime": bson::DateTime::now(),
        "connections": { "current": mongo.connections(), "totalCreated": mongo.connected() },
        "catalogStats": { "collections": i64::try_from(collections).unwrap_or(i64::MAX) },
        "metrics": {
            "cursor": { "open": { "total": open } },
            "document": { "stored": i64::try_from(documents).unwrap_or(i64::MAX) },
        },
        "transactions": { "currentOpen": stats::number(mongo.sessions().open()) },
        "repl": { "setName": super::hello::SET, "isWritablePrimary": true, "secondary": false },
        "storageEngine": { "name": "sqlite", "supportsCommittedReads": true, "persistent": true },
    };
    Ok(status.into())
}

/// `replSetGetStatus`: one member, which is the primary.
pub(super) fn replica_status(client: &Client) -> Reply {
    let member = doc! {
        "_id": 0, "name": client.local.to_string(), "health": 1.0, "state": 1, "stateStr": "PRIMARY", "self": true,
    };
    doc! { "set": super::hello::SET, "date": bson::DateTime::now(), "myState": 1, "term": 1_i64, "members": [member] }
        .into()
}
