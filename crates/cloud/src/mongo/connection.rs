//! One client's connection: a message in, an answer out, until either side ends it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bson::raw::{RawDocumentBuf, cstr};
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio_util::sync::CancellationToken;

use super::Mongo;
use super::arguments::Arguments;
use super::auth::{self, Login};
use super::concern;
use super::dispatch::{self, Reply};
use super::error::{Code, Failure, Result, TRANSIENT};
use super::session::Membership;
use super::wire::reading::{self, Ended};
use super::wire::{self, Answer, Message};
use super::work::Work;
use crate::coverage;
use crate::metrics::{Asked, Metrics, Outcome};

/// An answer has to be taken within this.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);

/// What is known of the client at the other end.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: i32,
    /// The address it has come to.
    pub(super) local: SocketAddr,
    pub(super) peer: SocketAddr,
    pub(super) login: Login,
}

/// Serves a connection until the client leaves, sends what is no message, or `shutdown` comes.
pub(super) async fn serve(mongo: Mongo, stream: TcpStream, metrics: &Metrics, shutdown: CancellationToken) {
    let (Ok(local), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let mut client = Client { id: mongo.next_connection(), local, peer, login: Login::None };
    let (input, mut output) = stream.into_split();
    let mut input = BufReader::new(input);
    loop {
        let next = reading::next(&mut input, mongo.room());
        let (message, room) = match shutdown.run_until_cancelled(next).await {
            None => return,
            Some(Ok(next)) => next,
            Some(Err(ended)) => {
                note_end(&ended);
                return;
            }
        };
        let (request, answer) = (message.request, message.answer);
        let reply = Box::pin(execute(&mongo, metrics, &mut client, message)).await;
        drop(room);
        if answer != Answer::Silence && send(&mongo, &mut output, answer, request, &reply).await.is_err() {
            return;
        }
    }
}

fn note_end(ended: &Ended) {
    match ended {
        Ended::Gone(_) => {}
        other => tracing::debug!(error = %other, "a document client's connection was closed"),
    }
}

async fn send(
    mongo: &Mongo,
    output: &mut OwnedWriteHalf,
    answer: Answer,
    request: i32,
    reply: &RawDocumentBuf,
) -> std::io::Result<()> {
    let bytes = wire::encode(answer, mongo.next_message(), request, reply);
    tokio::time::timeout(WRITE_TIMEOUT, output.write_all(&bytes)).await?
}

/// Does what a message asks for; a failure is an answer too.
async fn execute(mongo: &Mongo, metrics: &Metrics, client: &mut Client, message: Message) -> RawDocumentBuf {
    let (opening, started) = (message.answer == Answer::Reply, Instant::now());
    let operation = coverage::command(message.body.keys().next().map_or("", String::as_str));
    let unmet = concern::unmet(&message.body);
    let done = match Arguments::new(message) {
        Ok(arguments) if opening && !is_hello(&arguments.name) => Err(outdated(&arguments.name)),
        Ok(arguments) => perform(mongo, client, arguments).await,
        Err(failure) => Err(failure),
    };
    metrics.answered(Asked { service: Mongo::ID, operation }, outcome(&done), started.elapsed());
    let mut reply = match done {
        Ok(Reply(mut reply)) => {
            if let Some(unmet) = unmet {
                reply.append(cstr!("writeConcernError"), Reply::from(unmet).0);
            }
            reply.append(cstr!("ok"), 1.0_f64);
            reply
        }
        Err(failure) => {
            log(&failure);
            Reply::from(failure.reply()).0
        }
    };
    mongo.stamp(&mut reply);
    reply
}

fn outcome(done: &Result<Reply>) -> Outcome {
    match done {
        Ok(_) => Outcome::Success,
        Err(failure) if failure.is_ours() => Outcome::ServerError,
        Err(_) => Outcome::ClientError,
    }
}

fn is_hello(name: &str) -> bool {
    matches!(name, "hello" | "isMaster" | "ismaster")
}

fn outdated(name: &str) -> Failure {
    let message = format!("Unsupported OP_QUERY command: {name}. The client driver may require an upgrade.");
    Code::UnsupportedOpQueryCommand.saying(message)
}

fn log(failure: &Failure) {
    if failure.is_ours() {
        tracing::warn!(error = %failure, "a document command failed");
    }
}

async fn perform(mongo: &Mongo, client: &mut Client, arguments: Arguments) -> Result<Reply> {
    mongo.ready().await?;
    let mut work = Work::new(mongo.clone(), arguments)?;
    auth::check(&work, client)?;
    match work.membership.clone() {
        Membership::Transaction { session, number, begins } => {
            dispatch::check_transaction(&work)?;
            if matches!(work.arguments.name.as_str(), "commitTransaction" | "abortTransaction") {
                return dispatch::run(&mut work, client).await;
            }
            let mut held = mongo.sessions().hold(&session).await?;
            let transaction = mongo.sessions().enter(mongo.store(), &mut held, number, begins).await?;
            work.transaction = Some(transaction);
            let done = dispatch::run(&mut work, client).await;
            // After a failure the transaction is over: what is not put back has been aborted.
            match work.transaction.take() {
                Some(transaction) if done.is_ok() && !work.spoilt => held.put_back(transaction),
                _ => {}
            }
            done.map_err(in_transaction)
        }
        Membership::Retryable { session, number } => {
            mongo.sessions().pass(&session, number).await;
            dispatch::run(&mut work, client).await
        }
        Membership::None => dispatch::run(&mut work, client).await,
    }
}

/// A transaction that failed for want of time or peace may be tried again as a whole.
fn in_transaction(failure: Failure) -> Failure {
    match failure.code {
        Code::WriteConflict | Code::InterruptedAtShutdown => failure.labelled(TRANSIENT),
        _ => failure,
    }
}
