//! Which command is done where. Everything that is here is in this table; everything else is refused by name.

use bson::raw::RawDocumentBuf;
use bson::{Document, doc};

use super::connection::Client;
use super::error::{Code, Result};
use super::session::id_of;
use super::work::Work;
use super::{
    aggregate, auth, collections, count, diagnostics, explain, find, hello, indexes, more, stats,
    transaction, users, write,
};

/// What a command answers, without `ok`.
#[derive(Debug)]
pub(super) struct Reply(pub(super) RawDocumentBuf);

impl From<RawDocumentBuf> for Reply {
    fn from(document: RawDocumentBuf) -> Self {
        Self(document)
    }
}

impl From<Document> for Reply {
    fn from(document: Document) -> Self {
        let bytes = document.to_vec().ok().and_then(|bytes| RawDocumentBuf::from_bytes(bytes).ok());
        Self(bytes.unwrap_or_default())
    }
}

/// Commands that may be part of a transaction.
const IN_TRANSACTIONS: &[&str] = &[
    "find",
    "getMore",
    "killCursors",
    "insert",
    "update",
    "delete",
    "findAndModify",
    "findandmodify",
    "aggregate",
    "distinct",
    "create",
    "createIndexes",
    "commitTransaction",
    "abortTransaction",
];

/// Commands of MongoDB that this cloud does not have, and what to do instead.
const ABSENT: &[(&str, &str)] = &[
    ("bulkWrite", "use insert, update and delete, as drivers do for servers before 8.0"),
    ("mapReduce", "use aggregate"),
    ("createSearchIndexes", "use find and ordinary indexes"),
    ("createRole", "roles allow nothing and forbid nothing here"),
    ("shardCollection", "there is one server here"),
    ("replSetInitiate", "the replica set of one member is there already"),
    ("fsync", "an acknowledged write is kept already"),
];

/// # Errors
/// 263 for a command that may not be part of a transaction.
pub(super) fn check_transaction(work: &Work) -> Result<()> {
    let name = &work.arguments.name;
    if IN_TRANSACTIONS.contains(&name.as_str()) {
        return Ok(());
    }
    let message = format!("Cannot run '{name}' in a multi-document transaction.");
    Err(Code::OperationNotSupportedInTransaction.saying(message))
}

/// Does a command.
pub(super) async fn run(work: &mut Work, client: &mut Client) -> Result<Reply> {
    let name = work.arguments.name.clone();
    match name.as_str() {
        "hello" | "isMaster" | "ismaster" => hello::hello(work, client).await,
        "saslStart" => auth::start(work, client).await,
        "saslContinue" => auth::proceed(work, client).await,
        "logout" => Ok(auth::logout(client)),
        "connectionStatus" => Ok(auth::status(&work.arguments, client)),
        "whatsmyuri" => Ok(diagnostics::address(client)),
        "replSetGetStatus" => Ok(diagnostics::replica_status(client)),
        _ => Box::pin(documents(work, &name)).await,
    }
}

/// The commands about documents.
async fn documents(work: &mut Work, name: &str) -> Result<Reply> {
    match name {
        "find" => find::find(work).await,
        "getMore" => more::get_more(work).await,
        "killCursors" => more::kill_cursors(work).await,
        "insert" => write::insert::insert(work).await,
        "update" => write::update::update(work).await,
        "delete" => write::delete::delete(work).await,
        "findAndModify" | "findandmodify" => write::modify::find_and_modify(work).await,
        "aggregate" => aggregate::aggregate(work).await,
        "count" => count::count(work).await,
        "distinct" => count::distinct(work).await,
        "explain" => explain::explain(work).await,
        "commitTransaction" => transaction::commit(work).await,
        "abortTransaction" => transaction::abort(work).await,
        _ => Box::pin(administration(work, name)).await,
    }
}

/// The commands about collections, users and the server.
async fn administration(work: &mut Work, name: &str) -> Result<Reply> {
    match name {
        "create" => collections::create(work).await,
        "drop" => collections::drop(work).await,
        "dropDatabase" => collections::drop_database(work).await,
        "renameCollection" => collections::rename(work).await,
        "collMod" => collections::modify(work).await,
        "listCollections" => collections::list(work).await,
        "listDatabases" => collections::list_databases(work).await,
        "createIndexes" => indexes::create(work).await,
        "listIndexes" => indexes::list(work).await,
        "dropIndexes" | "deleteIndexes" => indexes::drop(work).await,
        "collStats" | "collstats" => stats::collection(work).await,
        "dbStats" | "dbstats" => stats::database(work).await,
        "validate" => stats::validate(work).await,
        "createUser" => users::create(work).await,
        "updateUser" => users::update(work).await,
        "dropUser" => users::drop(work).await,
        "dropAllUsersFromDatabase" => users::drop_all(work).await,
        "usersInfo" => users::info(work).await,
        _ => server(work, name).await,
    }
}

/// The commands about the server and its sessions.
async fn server(work: &mut Work, name: &str) -> Result<Reply> {
    match name {
        "ping" => Ok(Document::new().into()),
        "buildInfo" | "buildinfo" => Ok(diagnostics::build_info()),
        "hostInfo" => Ok(diagnostics::host_info(&work.mongo)),
        "getParameter" => diagnostics::parameters(work),
        "getCmdLineOpts" => Ok(diagnostics::command_line()),
        "getLog" => diagnostics::log(work),
        "serverStatus" => diagnostics::status(work).await,
        "startSession" => Ok(start_session()),
        "refreshSessions" => Ok(Document::new().into()),
        "endSessions" | "killSessions" => end_sessions(work),
        _ => Err(unknown(name)),
    }
}

/// `startSession`: an id; a session is whatever a client says it is.
fn start_session() -> Reply {
    let id = bson::Binary {
        subtype: bson::spec::BinarySubtype::Uuid,
        bytes: uuid::Uuid::new_v4().as_bytes().to_vec(),
    };
    doc! { "id": { "id": id }, "timeoutMinutes": 30 }.into()
}

/// `endSessions` and `killSessions`: their transactions are aborted and their cursors closed.
fn end_sessions(work: &Work) -> Result<Reply> {
    let sessions = work.arguments.array(&work.arguments.name)?.unwrap_or_default();
    let ids = sessions.iter().filter_map(bson::Bson::as_document).map(id_of).collect::<Result<Vec<_>>>()?;
    work.mongo.sessions().end(&ids);
    work.mongo.cursors().end_sessions(&ids);
    Ok(Document::new().into())
}

fn unknown(name: &str) -> super::error::Failure {
    let hint = ABSENT.iter().find(|(absent, _)| *absent == name);
    let message = match hint {
        Some((_, instead)) => format!("no such command: '{name}'; this cloud does not have it: {instead}"),
        None => format!("no such command: '{name}'"),
    };
    Code::CommandNotFound.saying(message)
}
