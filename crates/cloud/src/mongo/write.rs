//! Write commands: many statements, done in order, a few at a time in one commit each.
//!
//! A numbered (retryable) command keeps how far it is with every commit, so that it goes on from there when it is
//! sent again.

use std::sync::Arc;

use bson::{Bson, Document, doc};

use super::access::Access;
use super::catalog::{self, Collection};
use super::dispatch::Reply;
use super::error::{Code, Failure, Result};
use super::namespace::Namespace;
use super::query::context::Context;
use super::retry;
use super::session::Membership;
use super::wire::MAX_BATCH;
use super::work::Work;

pub(super) mod delete;
pub(super) mod insert;
pub(super) mod modify;
pub(super) mod update;

/// Statements done in one commit.
const CHUNK: usize = 256;

/// Documents that one statement may look at on the writer. What needs more is looked for beside it first.
pub(super) const REACH: usize = 1000;

/// One statement of a write command.
pub(super) trait Statement: Send + Sync + 'static {
    /// Does it.
    ///
    /// # Errors
    /// What becomes an entry of `writeErrors`.
    fn run(&self, at: &Site<'_>) -> Result<Done>;

    /// Does it when [`Statement::run`] said [`Done::Beyond`]: in several steps, some beside the writer.
    fn run_apart<'w>(
        self: Arc<Self>,
        work: &'w mut Work,
        site: OwnedSite,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Done>> + Send + 'w>>;
}

/// Where a statement is done.
pub(super) struct Site<'a> {
    pub(super) access: &'a Access<'a>,
    pub(super) namespace: &'a Namespace,
    pub(super) context: &'a Arc<Context>,
}

/// The same for what is done in several steps.
#[derive(Debug, Clone)]
pub(super) struct OwnedSite {
    pub(super) namespace: Namespace,
    pub(super) context: Arc<Context>,
}

/// What a statement did.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Done {
    Inserted,
    Deleted(i64),
    Updated {
        matched: i64,
        modified: i64,
    },
    Upserted(Bson),
    /// Nothing yet: it has to look at too many documents.
    Beyond,
}

/// Whether statements after a failed one are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequence {
    Ordered,
    Unordered,
}

/// How far a command is.
#[derive(Debug, Clone, Default, PartialEq)]
struct Progress {
    next: usize,
    count: i64,
    modified: i64,
    upserted: Vec<Bson>,
    errors: Vec<Bson>,
    ended: bool,
}

impl Site<'_> {
    /// The collection, created where it is missing.
    pub(super) fn ensure(&self) -> Result<Collection> {
        match self.access.collection(self.namespace)? {
            Some(collection) => Ok(collection),
            None => catalog::create(self.access.db, self.namespace, &Document::new()),
        }
    }
}

/// Does all statements of a command and answers.
pub(super) async fn run<S: Statement>(work: &mut Work, statements: Vec<S>) -> Result<Reply> {
    let count = statements.len();
    if !(1..=MAX_BATCH).contains(&count) {
        let message = format!("Write batch sizes must be between 1 and {MAX_BATCH}. Got {count} operations.");
        return Err(Code::InvalidLength.saying(message));
    }
    let site = OwnedSite { namespace: work.namespace()?, context: work.mongo.context(&work.variables()?)? };
    site.namespace.check_writable()?;
    let ordered = work.arguments.flag("ordered")?.unwrap_or(true);
    let sequence = if ordered { Sequence::Ordered } else { Sequence::Unordered };
    work.ensure(&site.namespace).await?;
    let statements: Arc<Vec<Arc<S>>> = Arc::new(statements.into_iter().map(Arc::new).collect());
    let mut progress = begin(work).await?;
    while progress.next < count && !progress.ended {
        progress = step(work, &site, &statements, progress, sequence).await?;
    }
    work.spoilt |= !progress.errors.is_empty();
    let updates = std::any::TypeId::of::<S>() == std::any::TypeId::of::<update::Update>();
    Ok(progress.reply(updates).into())
}

/// How far an earlier attempt of the same command has come.
async fn begin(work: &Work) -> Result<Progress> {
    let Membership::Retryable { session, number } = work.membership.clone() else {
        return Ok(Progress::default());
    };
    let known = work.mongo.store().look(move |db| retry::answered(db, &session, number)).await?;
    Ok(known.map_or_else(Progress::default, |known| Progress::read(&known)))
}

/// Does some statements in one commit, or one statement apart.
async fn step<S: Statement>(
    work: &mut Work,
    site: &OwnedSite,
    statements: &Arc<Vec<Arc<S>>>,
    progress: Progress,
    sequence: Sequence,
) -> Result<Progress> {
    let (held, here, membership) = (Arc::clone(statements), site.clone(), work.membership.clone());
    let begun = progress.next;
    let mut progress = work
        .write(move |access| {
            let progress = chunk(access, &here, &held, progress, sequence)?;
            note(access, &membership, &progress)?;
            Ok(progress)
        })
        .await?;
    let stuck = progress.next < statements.len() && !progress.ended && progress.next < begun + CHUNK;
    if let Some(statement) = statements.get(progress.next).filter(|_| stuck) {
        let done = Arc::clone(statement).run_apart(work, site.clone()).await;
        progress.add(done, sequence)?;
        let (noted, membership) = (progress.clone(), work.membership.clone());
        if membership != Membership::None && work.transaction.is_none() {
            work.write(move |access| note(access, &membership, &noted)).await?;
        }
    }
    Ok(progress)
}

/// Does statements until there are enough for one commit, or until one is beyond reach.
fn chunk<S: Statement>(
    access: &Access<'_>,
    site: &OwnedSite,
    statements: &[Arc<S>],
    mut progress: Progress,
    sequence: Sequence,
) -> Result<Progress> {
    let site = Site { access, namespace: &site.namespace, context: &site.context };
    for statement in statements.iter().skip(progress.next).take(CHUNK) {
        let done = statement.run(&site);
        if done == Ok(Done::Beyond) {
            break;
        }
        progress.add(done, sequence)?;
        if progress.ended {
            break;
        }
    }
    Ok(progress)
}

fn note(access: &Access<'_>, membership: &Membership, progress: &Progress) -> Result<()> {
    match membership {
        Membership::Retryable { session, number } => {
            retry::note(access.db, session, *number, &progress.document())
        }
        _ => Ok(()),
    }
}

impl Progress {
    /// Notes what became of the next statement.
    ///
    /// # Errors
    /// What is not the statement's fault: the whole command fails.
    fn add(&mut self, done: Result<Done>, sequence: Sequence) -> Result<()> {
        let index = i32::try_from(self.next).unwrap_or(i32::MAX);
        match done {
            Ok(done) => self.count_in(done, index),
            Err(failure) if is_general(&failure) => return Err(failure),
            Err(failure) => {
                self.errors.push(failure.write_error(index).into());
                self.ended = sequence == Sequence::Ordered;
            }
        }
        self.next += 1;
        Ok(())
    }

    fn count_in(&mut self, done: Done, index: i32) {
        match done {
            Done::Inserted => self.count += 1,
            Done::Deleted(count) => self.count += count,
            Done::Updated { matched, modified } => {
                self.count += matched;
                self.modified += modified;
            }
            Done::Upserted(id) => {
                self.count += 1;
                self.upserted.push(doc! { "index": index, "_id": id }.into());
            }
            Done::Beyond => {}
        }
    }

    fn reply(&self, updates: bool) -> Document {
        let mut reply = doc! { "n": small(self.count) };
        if updates {
            reply.insert("nModified", small(self.modified));
        }
        if !self.upserted.is_empty() {
            reply.insert("upserted", self.upserted.clone());
        }
        if !self.errors.is_empty() {
            reply.insert("writeErrors", self.errors.clone());
        }
        reply
    }

    fn document(&self) -> Document {
        doc! {
            "next": i64::try_from(self.next).unwrap_or(i64::MAX), "count": self.count, "modified": self.modified,
            "upserted": self.upserted.clone(), "errors": self.errors.clone(), "ended": self.ended,
        }
    }

    fn read(known: &Document) -> Self {
        let array = |name: &str| known.get_array(name).cloned().unwrap_or_default();
        Self {
            next: known.get_i64("next").ok().and_then(|next| usize::try_from(next).ok()).unwrap_or(0),
            count: known.get_i64("count").unwrap_or(0),
            modified: known.get_i64("modified").unwrap_or(0),
            upserted: array("upserted"),
            errors: array("errors"),
            ended: known.get_bool("ended").unwrap_or(false),
        }
    }
}

/// Counts are 32 bits on the wire; a batch can't reach more by itself.
pub(super) fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Whether a failure is not the statement's.
fn is_general(failure: &Failure) -> bool {
    matches!(
        failure.code,
        Code::InternalError
            | Code::OutOfDiskSpace
            | Code::InterruptedAtShutdown
            | Code::MaxTimeMSExpired
            | Code::WriteConflict
    )
}

/// The fields of a statement, of which there are no others.
pub(super) fn only(statement: &Document, command: &str, fields: &[&str]) -> Result<()> {
    match statement.keys().find(|field| !fields.contains(&field.as_str())) {
        None => Ok(()),
        Some(field) => {
            Err(Code::IDLUnknownField.saying(format!("BSON field '{command}.{field}' is an unknown field.")))
        }
    }
}

/// A document that a statement must have.
pub(super) fn required<'d>(statement: &'d Document, command: &str, field: &str) -> Result<&'d Bson> {
    statement.get(field).ok_or_else(|| {
        let message = format!("BSON field '{command}.{field}' is missing but a required field");
        Code::IDLFailedToParse.saying(message)
    })
}
