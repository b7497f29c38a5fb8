//! A request's way through the edge: check → admit → route → claim → forward → respond.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use http::{HeaderValue, Request, Response, StatusCode, Uri, Version, request};
use hyper::body::{Body, Incoming};

use crate::admit::admit;
use crate::body::{RequestBody, ResponseBody};
use crate::check::{check, sends_both_framings};
use crate::client::Client;
use crate::fault::Fault;
use crate::forward::forward;
use crate::route::{pick, route, without_port};
use crate::table::{Action, Group, Table};
use crate::watch::Phase;
use crate::{headers, identity, replay, respond, sticky, upgrade};

/// Where a request's head can be read again.
struct Original<'a> {
    id: &'a HeaderValue,
    /// Whether the connection's tape has it.
    taped: bool,
}

/// Answers one request.
pub(crate) async fn handle(
    client: Rc<Client>,
    mut request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    client.watch.enter(Phase::Exchange);
    client.worker.count_request();
    let id = identity::set_request_id(request.headers_mut(), &client.worker.dice);
    let has_body = !request.body().is_end_stream();
    let response = match serve(&client, request, &id).await {
        Ok(response) => response,
        Err(fault) => {
            if has_body {
                client.watch.leave_unread();
            }
            respond::fault(fault, &client.watch)
        }
    };
    Ok(respond::finish(response, id, &client.watch))
}

async fn serve(
    client: &Rc<Client>,
    request: Request<Incoming>,
    id: &HeaderValue,
) -> Result<Response<ResponseBody>, Fault> {
    let taped = client.watch.end_tape();
    check(&request, || taped && client.watch.recorded(sends_both_framings))?;
    let table = client.worker.table();
    admit(&request, &table.limits)?;
    let listener = table.listener(client.listener).ok_or(Fault::ListenerGone)?;
    match route(listener, host(&request), request.uri().path()) {
        Action::Forward(split) => {
            let group = pick(split, client.worker.dice.roll()).ok_or(Fault::NoTarget)?;
            relay(client, &table, group, request, Original { id, taped }).await
        }
        Action::Fixed { status, content_type, body } => {
            Ok(respond::fixed(*status, content_type, body, &client.watch))
        }
        Action::Redirect { status, scheme, port } => {
            Ok(respond::redirect(*status, scheme.as_deref(), *port, &request, &client.watch))
        }
    }
}

/// Forwards the request and makes the client's response of the target's.
async fn relay(
    client: &Rc<Client>,
    table: &Table,
    group: &Group,
    mut request: Request<Incoming>,
    original: Original<'_>,
) -> Result<Response<ResponseBody>, Fault> {
    let upgrade = headers::wants_websocket(request.headers()).then(|| hyper::upgrade::on(&mut request));
    let websocket = upgrade.is_some();
    let (head, body) = request.into_parts();
    let body = RequestBody::new(body, table.limits.body_bytes, Arc::clone(&client.watch));
    let request = outgoing(client, head, body, websocket);
    let again = || original.again(client, websocket);
    let (mut head, answer) = forward(client, group, &table.timeouts, request, again).await?.into_parts();
    respond::clean(&mut head);
    sticky::renew(&mut head.headers, answer.claim().target(), group.stickiness);
    if head.status == StatusCode::SWITCHING_PROTOCOLS {
        let ours = upgrade.ok_or(Fault::TargetGarbled)?;
        return Ok(upgrade::splice(client, ours, head, answer));
    }
    Ok(Response::from_parts(head, ResponseBody::from_target(answer, Arc::clone(&client.watch))))
}

impl Original<'_> {
    /// The request as it was, for a target that has not seen it; only for one without a body.
    fn again(&self, client: &Client, websocket: bool) -> Option<Request<RequestBody>> {
        let mut head = client.watch.recorded(|tape| if self.taped { replay::read(tape) } else { None })?;
        head.headers.insert(identity::X_REQUEST_ID, self.id.clone());
        Some(outgoing(client, head, RequestBody::none(Arc::clone(&client.watch)), websocket))
    }
}

/// The request as the target gets it.
fn outgoing(
    client: &Client,
    mut head: request::Parts,
    body: RequestBody,
    websocket: bool,
) -> Request<RequestBody> {
    let chunked = !body.is_end_stream() && body.size_hint().exact().is_none();
    headers::strip_hop_by_hop(&mut head.headers);
    headers::strip_expectation(&mut head.headers);
    headers::ensure_host(&mut head.headers, &head.uri, &client.host);
    headers::set_forwarded(&mut head.headers, &client.peer, &client.port);
    identity::set_trace_id(&mut head.headers, &client.worker.dice);
    if chunked {
        head.headers.insert(http::header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    if websocket {
        headers::set_websocket(&mut head.headers);
    }
    let mut outgoing = Request::new(body);
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = origin_form(head.uri);
    *outgoing.headers_mut() = head.headers;
    *outgoing.version_mut() = Version::HTTP_11;
    outgoing
}

fn origin_form(uri: Uri) -> Uri {
    if uri.authority().is_none() {
        return uri;
    }
    uri.into_parts().path_and_query.map_or_else(|| Uri::from_static("/"), Uri::from)
}

fn host(request: &Request<Incoming>) -> &str {
    let named = || request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    without_port(
        request.uri().authority().map(|authority| authority.as_str()).or_else(named).unwrap_or_default(),
    )
}
