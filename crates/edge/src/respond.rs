//! The last stage: what the client gets, whoever answered.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Request, Response, StatusCode, Uri, Version, response};

use crate::body::ResponseBody;
use crate::fault::Fault;
use crate::headers;
use crate::identity::X_REQUEST_ID;
use crate::route;
use crate::watch::{Phase, Watch};

/// Marks an answer with the request's id, unless the target marked it, and begins the responding phase.
pub(crate) fn finish(
    mut response: Response<ResponseBody>,
    id: HeaderValue,
    watch: &Watch,
) -> Response<ResponseBody> {
    response.headers_mut().entry(X_REQUEST_ID).or_insert(id);
    watch.enter(Phase::Responding);
    response
}

/// Makes a target's head fit for the client's connection.
pub(crate) fn clean(head: &mut response::Parts) {
    headers::strip_hop_by_hop(&mut head.headers);
    head.version = Version::HTTP_11;
}

/// The page for a fault. The only place that turns an error into a response.
pub(crate) fn fault(fault: Fault, watch: &Arc<Watch>) -> Response<ResponseBody> {
    let status = fault.status();
    let mut response = page(status, fault.sentence(), watch);
    if fault.ends_connection() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let served = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        response.headers_mut().insert(http::header::ALLOW, served);
    }
    response
}

/// A rule's fixed answer.
pub(crate) fn fixed(
    status: StatusCode,
    content_type: &HeaderValue,
    body: &Bytes,
    watch: &Arc<Watch>,
) -> Response<ResponseBody> {
    answer(status, content_type.clone(), body.clone(), watch)
}

/// A rule's redirect; what it does not change stays as the client sent it.
pub(crate) fn redirect<B>(
    status: StatusCode,
    scheme: Option<&str>,
    port: Option<u16>,
    request: &Request<B>,
    watch: &Arc<Watch>,
) -> Response<ResponseBody> {
    let host =
        request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let location = location(scheme, port, host, request.uri());
    let mut response = page(status, "This resource has moved.", watch);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn location(scheme: Option<&str>, port: Option<u16>, host: &str, uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let scheme = scheme.unwrap_or("http");
    match (port, scheme) {
        (Some(80), "http") | (Some(443), "https") => {
            format!("{scheme}://{}{path}", route::without_port(host))
        }
        (Some(port), _) => format!("{scheme}://{}:{port}{path}", route::without_port(host)),
        (None, _) => format!("{scheme}://{host}{path}"),
    }
}

fn page(status: StatusCode, sentence: &str, watch: &Arc<Watch>) -> Response<ResponseBody> {
    let title = status.canonical_reason().unwrap_or_default();
    let code = status.as_u16();
    let html = format!(
        "<html>\r\n<head><title>{code} {title}</title></head>\r\n<body>\r\n\
         <center><h1>{code} {title}</h1><p>{sentence}</p></center>\r\n</body>\r\n</html>\r\n"
    );
    answer(status, HeaderValue::from_static("text/html"), html.into(), watch)
}

fn answer(
    status: StatusCode,
    content_type: HeaderValue,
    body: Bytes,
    watch: &Arc<Watch>,
) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::whole(body, Arc::clone(watch)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_keep_what_is_not_changed() {
        let uri: Uri = "/a?b=c".parse().unwrap();
        for (scheme, port, host, expected) in [
            (Some("https"), Some(443), "x.example:8000", "https://x.example/a?b=c"),
            (Some("https"), Some(8443), "x.example", "https://x.example:8443/a?b=c"),
            (None, None, "x.example:8000", "http://x.example:8000/a?b=c"),
            (None, Some(80), "[::1]:8000", "http://[::1]/a?b=c"),
        ] {
            assert_eq!(location(scheme, port, host, &uri), expected);
        }
    }
}
