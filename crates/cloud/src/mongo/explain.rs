//! `explain`: by which index documents are found, and, if asked, how many had to be looked at.

use bson::{Bson, Document, doc};

use super::access::Access;
use super::arguments::Arguments;
use super::dispatch::Reply;
use super::error::{Code, Result};
use super::namespace::Namespace;
use super::plan::{AccessPath, Order, Plan, Way};
use super::query::key::Direction;
use super::scan::Step;
use super::search::Search;
use super::wire::{Answer, Message};
use super::work::Work;

/// What is explained: where to look, and for what.
struct Explained {
    namespace: Namespace,
    filter: Document,
    sort: Option<Document>,
    hint: Option<Bson>,
}

/// `explain` of a command that looks for documents.
pub(super) async fn explain(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&["verbosity"])?;
    let inner = work.arguments.document("explain")?.ok_or_else(|| work.arguments.missing("explain"))?.clone();
    let runs = match work.arguments.text("verbosity")? {
        Some("queryPlanner") => false,
        None | Some("executionStats" | "allPlansExecution") => true,
        Some(other) => {
            return Err(
                Code::BadValue.saying(format!("verbosity '{other}' is not a valid explain verbosity"))
            );
        }
    };
    let asked = read(&work.arguments.db, inner.clone())?;
    let context = work.mongo.plain_context();
    let search = Search::parse(&asked.filter, asked.sort.as_ref(), asked.hint.as_ref(), &context)?;
    let namespace = asked.namespace;
    let mut reply = work.read(move |access| describe(access, &namespace, &search, runs)).await?;
    reply.insert("command", inner);
    reply.insert("serverInfo", super::diagnostics::server_info(&work.mongo));
    Ok(reply.into())
}

/// The filter, sort and hint of the explained command.
fn read(db: &str, mut command: Document) -> Result<Explained> {
    let name = command.keys().next().cloned().unwrap_or_default();
    command.insert("$db", db);
    let message = Message { request: 0, answer: Answer::Message, body: command, sequences: Vec::new() };
    let command = Arguments::new(message)?;
    let namespace = Namespace::new(db, command.target()?)?;
    let first = |field: &str| match command.array(field)?.and_then(<[Bson]>::first) {
        Some(Bson::Document(statement)) => Ok(statement.clone()),
        _ => Err(command.missing(field)),
    };
    let within = |document: &Document, field: &str| document.get_document(field).cloned().unwrap_or_default();
    let body = &command.body;
    let (filter, hint) = match name.as_str() {
        "find" => (within(body, "filter"), body.get("hint")),
        "count" | "distinct" | "findAndModify" => (within(body, "query"), body.get("hint")),
        "aggregate" => {
            let stages = command.array("pipeline")?.unwrap_or_default();
            let leading = stages.first().and_then(Bson::as_document);
            (leading.map(|stage| within(stage, "$match")).unwrap_or_default(), body.get("hint"))
        }
        "update" => (within(&first("updates")?, "q"), None),
        "delete" => (within(&first("deletes")?, "q"), None),
        other => {
            return Err(
                Code::CommandNotFound.saying(format!("Explain failed due to unknown command: {other}"))
            );
        }
    };
    let sort = body.get_document("sort").ok().cloned();
    Ok(Explained { namespace, filter, sort, hint: hint.cloned() })
}

fn describe(access: &Access<'_>, namespace: &Namespace, search: &Search, runs: bool) -> Result<Document> {
    let planner = |plan: Document| {
        doc! {
            "explainVersion": "1",
            "queryPlanner": {
                "namespace": namespace.to_string(), "indexFilterSet": false,
                "parsedQuery": search.written.clone(), "winningPlan": plan, "rejectedPlans": [],
            },
        }
    };
    let Some(collection) = access.collection(namespace)? else { return Ok(planner(doc! { "stage": "EOF" })) };
    let plan = search.plan(access, &collection)?;
    let mut reply = planner(stages(&plan, search));
    if runs {
        let (mut looked, mut matched) = (0_i32, 0_i32);
        access.scan(&collection, &plan, None, &mut |_, bytes| {
            looked += 1;
            matched += i32::from(search.matches(&Document::from_reader(bytes)?)?);
            Ok(Step::Next)
        })?;
        let keys = if plan.index().is_some() { looked } else { 0 };
        reply.insert("executionStats", doc! {
            "executionSuccess": true, "nReturned": matched, "executionTimeMillis": 0, "totalKeysExamined": keys,
            "totalDocsExamined": looked, "executionStages": stages(&plan, search),
        });
    }
    Ok(reply)
}

fn stages(plan: &Plan, search: &Search) -> Document {
    let direction = if plan.direction == Way::Forward { "forward" } else { "backward" };
    let access = match &plan.path {
        AccessPath::Collection => {
            doc! { "stage": "COLLSCAN", "filter": search.written.clone(), "direction": direction }
        }
        AccessPath::Index { index, ranges } => {
            let mut key = Document::new();
            for (path, way) in &index.pattern {
                key.insert(path.to_string(), if *way == Direction::Ascending { 1 } else { -1 });
            }
            let keys = doc! {
                "stage": "IXSCAN", "keyPattern": key, "indexName": &index.name, "isMultiKey": index.multikey,
                "isSparse": index.sparse, "isPartial": index.partial.is_some(), "direction": direction,
                "ranges": super::stats::number(ranges.len()),
            };
            doc! { "stage": "FETCH", "filter": search.written.clone(), "inputStage": keys }
        }
    };
    match &search.sort {
        Some(sort) if plan.order == Order::Other => {
            let mut pattern = Document::new();
            for (path, way) in sort.components() {
                pattern.insert(path.to_string(), if *way == Direction::Ascending { 1 } else { -1 });
            }
            doc! { "stage": "SORT", "sortPattern": pattern, "inputStage": access }
        }
        _ => access,
    }
}
