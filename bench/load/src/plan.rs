//! What is to be done, from the command line.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;

const USAGE: &str = "taxiway-bench-load WORK ADDRESS CONNECTIONS SECONDS …, where WORK … is one of\n  \
                     queue … QUEUE_URL BODY_BYTES BATCH\n  \
                     fill … QUEUE_URL BODY_BYTES MESSAGES (SECONDS 0: as long as it takes)\n  \
                     put … BUCKET BYTES\n  \
                     get … PATH BYTES\n  \
                     list … BUCKET KEYS\n  \
                     call … TARGET BODY WANTED";

/// Messages that are sent together while a queue is filled.
const FILL_BATCH: usize = 10;

/// One load of one server.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// Connections, each with one request at a time.
    pub(crate) connections: u16,
    /// How long new work begins; as long as there is some where there is none.
    pub(crate) duration: Option<Duration>,
    /// What each connection does.
    pub(crate) work: Work,
}

/// A kind of work.
#[derive(Debug)]
pub(crate) enum Work {
    /// Cycles of send, receive, delete.
    Queue(Queue),
    /// So many messages, sent by all connections together.
    Fill(Queue, Rc<Cell<usize>>),
    /// Objects under a few keys.
    Put(Object),
    /// One object.
    Get(Object),
    /// The first page of a bucket.
    List(Keys),
    /// One JSON call.
    Call(Asked),
}

/// A queue, and what is sent to it.
#[derive(Debug)]
pub(crate) struct Queue {
    /// As the server named it.
    pub(crate) url: String,
    /// Length of a message's body.
    pub(crate) body_bytes: usize,
    /// Messages in a cycle: 1 is sent, received and deleted by itself, 2 to 10 together.
    pub(crate) batch: usize,
}

/// An object, or the bucket it goes to.
#[derive(Debug)]
pub(crate) struct Object {
    /// `BUCKET`, or `/BUCKET/KEY`.
    pub(crate) path: String,
    /// Its length.
    pub(crate) bytes: usize,
}

/// A bucket, and how many of its keys are listed.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) bucket: String,
    pub(crate) keys: usize,
}

/// A JSON call, and what its answer has to contain.
#[derive(Debug)]
pub(crate) struct Asked {
    /// `X-Amz-Target`.
    pub(crate) target: String,
    pub(crate) body: Bytes,
    pub(crate) wanted: String,
}

/// An argument that makes no sense.
#[derive(Debug, Error)]
pub(crate) enum PlanError {
    /// It is not there.
    #[error("{0} is missing; usage: {USAGE}")]
    Missing(&'static str),
    /// It is something else.
    #[error("`{given}` is not a {name}; usage: {USAGE}")]
    Malformed { name: &'static str, given: String },
}

impl Plan {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, PlanError> {
        let kind: String = next(&mut arguments, "WORK")?;
        let address = next(&mut arguments, "ADDRESS")?;
        let connections = next(&mut arguments, "CONNECTIONS")?;
        let seconds: u64 = next(&mut arguments, "SECONDS")?;
        let duration = (seconds > 0).then(|| Duration::from_secs(seconds));
        Ok(Self { address, connections, duration, work: Work::read(kind, &mut arguments)? })
    }
}

impl Work {
    /// The name of the service in a signature's scope.
    pub(crate) fn service(&self) -> &'static str {
        match self {
            Self::Queue(_) | Self::Fill(..) => "sqs",
            Self::Put(_) | Self::Get(_) | Self::List(_) => "s3",
            Self::Call(asked) if asked.target.starts_with("AmazonSSM.") => "ssm",
            Self::Call(_) => "secretsmanager",
        }
    }

    fn read(kind: String, arguments: &mut impl Iterator<Item = String>) -> Result<Self, PlanError> {
        Ok(match kind.as_str() {
            "queue" => Self::Queue(Queue {
                url: next(arguments, "QUEUE_URL")?,
                body_bytes: next(arguments, "BODY_BYTES")?,
                batch: next(arguments, "BATCH")?,
            }),
            "fill" => {
                let (url, body_bytes) = (next(arguments, "QUEUE_URL")?, next(arguments, "BODY_BYTES")?);
                let left = Rc::new(Cell::new(next(arguments, "MESSAGES")?));
                Self::Fill(Queue { url, body_bytes, batch: FILL_BATCH }, left)
            }
            "put" => Self::Put(Object { path: next(arguments, "BUCKET")?, bytes: next(arguments, "BYTES")? }),
            "get" => Self::Get(Object { path: next(arguments, "PATH")?, bytes: next(arguments, "BYTES")? }),
            "list" => Self::List(Keys { bucket: next(arguments, "BUCKET")?, keys: next(arguments, "KEYS")? }),
            "call" => Self::Call(Asked {
                target: next(arguments, "TARGET")?,
                body: next::<String>(arguments, "BODY")?.into(),
                wanted: next(arguments, "WANTED")?,
            }),
            _ => return Err(PlanError::Malformed { name: "WORK", given: kind }),
        })
    }
}

fn next<T: FromStr>(
    arguments: &mut impl Iterator<Item = String>,
    name: &'static str,
) -> Result<T, PlanError> {
    let given = arguments.next().ok_or(PlanError::Missing(name))?;
    given.parse().map_err(|_| PlanError::Malformed { name, given })
}
