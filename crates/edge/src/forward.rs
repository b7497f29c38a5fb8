//! Claim a target, send it the request, and once, where that is safe, send it to another.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use crate::answer::{Answer, Cut};
use crate::balance::{self, Standing};
use crate::body::{RequestBody, Upload};
use crate::claim::Claim;
use crate::client::Client;
use crate::config::Timeouts;
use crate::fault::Fault;
use crate::pool::Freshness;
use crate::sticky;
use crate::table::Group;
use crate::upstream::{Unanswered, Upstream};
use crate::watch::{Phase, Watch};

/// One try that came to nothing.
struct Setback {
    fault: Fault,
    /// The target that was tried.
    tried: u64,
    /// What to do about it.
    next: Next,
}

enum Next {
    /// The target never saw the request; here it is.
    Resend(Box<Request<RequestBody>>),
    /// The target may have seen it: only what may happen twice can be sent again (RFC 9110 §9.2.2).
    Replay,
    /// The fault is the answer.
    GiveUp,
}

/// Forwards a request to a target of `group`. A second try goes to another target where there is one, on a new
/// connection; `again` makes the request anew for it when the first has been written.
///
/// # Errors
/// The fault of the last try.
pub(crate) async fn forward(
    client: &Client,
    group: &Group,
    timeouts: &Timeouts,
    request: Request<RequestBody>,
    again: impl FnOnce() -> Option<Request<RequestBody>>,
) -> Result<Response<Answer>, Fault> {
    let replayable = replayable(&request);
    let turn = group.turn.0.fetch_add(1, Ordering::Relaxed);
    let setback = match attempt(client, (group, turn), timeouts, request, None).await {
        Ok(response) => return Ok(response),
        Err(setback) => setback,
    };
    let again = match setback.next {
        Next::Resend(request) => *request,
        Next::Replay if replayable => again().ok_or(setback.fault)?,
        Next::Replay | Next::GiveUp => return Err(setback.fault),
    };
    client.watch.enter(Phase::Exchange);
    attempt(client, (group, turn), timeouts, again, Some(setback.tried))
        .await
        .map_err(|setback| setback.fault)
}

async fn attempt(
    client: &Client,
    (group, turn): (&Group, usize),
    timeouts: &Timeouts,
    request: Request<RequestBody>,
    tried: Option<u64>,
) -> Result<Response<Answer>, Setback> {
    let Some(claim) = claim(group, turn, &request, tried) else {
        return Err(Setback { fault: Fault::NoTarget, tried: 0, next: Next::GiveUp });
    };
    claim.forwarded();
    let replayable = replayable(&request);
    let upload = request.body().upload();
    let freshness = if replayable { Freshness::Any } else { Freshness::Recent };
    let kept = if tried.is_none() { client.worker.pool.take(claim.target(), freshness) } else { None };
    let (upstream, outcome) = exchange(client, &claim, timeouts, request, kept).await?;
    let response = outcome.map_err(|unanswered| setback(&claim, unanswered, upload))?;
    claim.answered(response.status());
    let pool = Rc::clone(&client.worker.pool);
    let response = response.map(|incoming| Answer::new(incoming, upstream, claim, pool));
    if replayable { whole(response, &client.watch).await } else { Ok(response) }
}

/// One exchange, on the kept connection or, when the target had closed that or there is none, on a new one.
async fn exchange(
    client: &Client,
    claim: &Claim,
    timeouts: &Timeouts,
    mut request: Request<RequestBody>,
    mut kept: Option<Upstream>,
) -> Result<(Upstream, Result<Response<Incoming>, Unanswered>), Setback> {
    loop {
        let was_kept = kept.is_some();
        let mut upstream = match kept.take() {
            Some(upstream) => upstream,
            // Boxed because it is rare and large.
            None => match Box::pin(Upstream::connect(claim.target().address, timeouts.connect)).await {
                Ok(upstream) => upstream,
                Err(reason) => return Err(unreachable(claim, reason, request)),
            },
        };
        if request.body().upload().is_none() {
            client.watch.enter(Phase::Waiting);
        }
        match upstream.exchange(request, claim, &client.watch).await {
            Err(Unanswered::Unsent(unsent)) if was_kept => request = *unsent,
            outcome => return Ok((upstream, outcome)),
        }
    }
}

/// Takes a small body whole, so that a target that dies half-way through it can still be replaced by another.
async fn whole(mut response: Response<Answer>, watch: &Watch) -> Result<Response<Answer>, Setback> {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS || !response.body().is_small() {
        return Ok(response);
    }
    let answer = response.body_mut();
    match answer.take_whole(watch).await {
        Ok(()) => Ok(response),
        Err(cut) => {
            let (fault, next) = match cut {
                Cut::Broken => (Fault::TargetClosed, Next::Replay),
                Cut::TimedOut => (Fault::TargetTooSlow, Next::GiveUp),
            };
            Err(Setback { fault, tried: answer.claim().target().key, next })
        }
    }
}

/// Chooses until a claim holds: the choice sees a moment, the claim decides.
fn claim(group: &Group, turn: usize, request: &Request<RequestBody>, tried: Option<u64>) -> Option<Claim> {
    let bound = sticky::bound(group, request.headers()).filter(|target| Some(target.key) != tried);
    if let Some(claim) = bound.and_then(Claim::take) {
        return Some(claim);
    }
    claim_in_turn(group, turn, tried).or_else(|| claim_in_turn(group, turn, None))
}

fn claim_in_turn(group: &Group, turn: usize, tried: Option<u64>) -> Option<Claim> {
    loop {
        let candidates = group.targets.iter().map(|target| {
            let mut candidate = target.candidate(group.slow_start);
            if tried == Some(target.key) {
                candidate.standing = Standing::Excluded;
            }
            candidate
        });
        let target = group.targets.get(balance::choose(group.algorithm, candidates, turn)?)?;
        if let Some(claim) = Claim::take(target) {
            return Some(claim);
        }
    }
}

fn unreachable(claim: &Claim, reason: String, request: Request<RequestBody>) -> Setback {
    tracing::debug!(target = %claim.target().id, reason, "connect failed");
    claim.failed();
    claim.target().suspect(reason);
    Setback { fault: Fault::Unreachable, tried: claim.target().key, next: Next::Resend(Box::new(request)) }
}

fn setback(claim: &Claim, unanswered: Unanswered, upload: Option<Rc<Upload>>) -> Setback {
    let (fault, next) = match unanswered {
        Unanswered::Unsent(request) => (Fault::TargetClosed, Next::Resend(request)),
        Unanswered::Died => (Fault::TargetClosed, Next::Replay),
        Unanswered::Garbled => (Fault::TargetGarbled, Next::GiveUp),
        Unanswered::TimedOut if is_starved(upload.as_ref()) => (Fault::ClientTooSlow, Next::GiveUp),
        Unanswered::TimedOut => (Fault::TargetTooSlow, Next::GiveUp),
        Unanswered::CutOff => (Fault::CutOff, Next::GiveUp),
        Unanswered::BodyFailed => {
            let fault = upload.and_then(|upload| upload.fault.get());
            (fault.unwrap_or(Fault::Malformed("The request body is not valid.")), Next::GiveUp)
        }
    };
    if matches!(fault, Fault::TargetClosed | Fault::TargetGarbled | Fault::TargetTooSlow | Fault::CutOff) {
        claim.failed();
    }
    Setback { fault, tried: claim.target().key, next }
}

/// Whether everybody waits for the client to send more of its body.
fn is_starved(upload: Option<&Rc<Upload>>) -> bool {
    upload.is_some_and(|upload| upload.starved.get())
}

/// Whether the request may reach two targets: an idempotent method without a body.
fn replayable(request: &Request<RequestBody>) -> bool {
    let idempotent = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::PUT | Method::DELETE | Method::OPTIONS
    );
    idempotent && request.body().upload().is_none()
}
