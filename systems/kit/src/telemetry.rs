//! Traces for those who collect them: a span per request, sent to an OpenTelemetry collector over OTLP/HTTP when its
//! address is set, and never otherwise. A caller's trace is carried on (W3C Trace Context).

mod send;

use std::time::Duration;

use axum::http::{HeaderMap, Method, Uri};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{
    Span as _, SpanKind, Status, TraceContextExt as _, TraceId, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span};

use crate::Environment;

/// The header a caller's trace comes in.
const HEADER: &str = "traceparent";

/// How long what was not yet sent may hold up the exit.
const LAST_EXPORT: Duration = Duration::from_secs(2);

/// Where traces go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    endpoint: Option<Uri>,
    service: Option<String>,
}

impl Settings {
    /// Reads `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/traces` behind it, and
    /// `OTEL_SERVICE_NAME`; `OTEL_SDK_DISABLED=true` turns it off (OpenTelemetry, "Environment Variable Specification").
    pub fn read(environment: &mut Environment) -> Self {
        let disabled = environment.text("OTEL_SDK_DISABLED", "false").eq_ignore_ascii_case("true");
        let all = environment
            .optional("OTEL_EXPORTER_OTLP_ENDPOINT")
            .map(|base| format!("{}/v1/traces", base.trim_end_matches('/')));
        let written = environment.optional("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").or(all);
        let endpoint = written.filter(|_| !disabled).and_then(|written| {
            let uri = written.parse::<Uri>().ok();
            let web =
                uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
            if web.is_none() {
                let expected = "a URL like http://localhost:4318";
                environment.reject("OTEL_EXPORTER_OTLP_ENDPOINT", &written, expected);
            }
            web
        });
        Self { endpoint, service: environment.optional("OTEL_SERVICE_NAME") }
    }
}

/// What sends spans, where there is somebody to send them to.
#[derive(Debug, Clone, Default)]
pub struct Telemetry(Option<Exporter>);

#[derive(Debug, Clone)]
struct Exporter {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// A request on its way. What it is part of is known even when nobody collects it.
#[derive(Debug)]
pub(crate) struct Traced {
    span: Option<Span>,
    trace: Option<TraceId>,
}

impl Telemetry {
    /// Begins to collect for `service`, unless `OTEL_SERVICE_NAME` names it. Must be called inside the runtime.
    #[must_use]
    pub fn start(settings: &Settings, service: &'static str) -> Self {
        let Some(endpoint) = &settings.endpoint else { return Self::default() };
        let exporter = match exporter(endpoint) {
            Ok(exporter) => exporter,
            Err(error) => {
                tracing::warn!(error, "traces can't be exported");
                return Self::default();
            }
        };
        let name = settings.service.clone().unwrap_or_else(|| service.to_owned());
        let resource = Resource::builder().with_service_name(name).build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        let tracer = provider.tracer("kit");
        Self(Some(Exporter { provider, tracer }))
    }

    /// A request that has just come.
    pub(crate) fn begin(&self, method: &Method, route: &str, headers: &HeaderMap) -> Traced {
        let parent = headers
            .contains_key(HEADER)
            .then(|| {
                TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers))
            })
            .filter(Context::has_active_span);
        let span = self.0.as_ref().map(|exporter| {
            exporter
                .tracer
                .span_builder(format!("{method} {route}"))
                .with_kind(SpanKind::Server)
                .with_attributes([
                    KeyValue::new("http.request.method", method.to_string()),
                    KeyValue::new("http.route", route.to_owned()),
                ])
                .start_with_context(&exporter.tracer, parent.as_ref().unwrap_or(&Context::new()))
        });
        let trace = span.as_ref().map(|span| span.span_context().trace_id());
        let trace = trace.or_else(|| parent.map(|parent| parent.span().span_context().trace_id()));
        Traced { span, trace }
    }

    /// Sends what was not yet sent, for two seconds at most.
    pub async fn finish(self) {
        let Some(Exporter { provider, .. }) = self.0 else { return };
        let shutdown = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_EXPORT));
        match shutdown.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "some traces were not exported"),
            Err(error) => tracing::warn!(%error, "some traces were not exported"),
        }
    }
}

impl Traced {
    /// The trace it belongs to, for the logs.
    pub(crate) fn trace(&self) -> Option<TraceId> {
        self.trace
    }

    /// It was answered.
    pub(crate) fn end(self, status: u16) {
        let Some(mut span) = self.span else { return };
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

fn exporter(endpoint: &Uri) -> Result<SpanExporter, String> {
    let client = send::Client::new(endpoint).map_err(|error| error.to_string())?;
    SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(endpoint.to_string())
        .build()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, crate::InvalidSettings> {
        let mut environment = Environment::of_pairs(pairs);
        let settings = Settings::read(&mut environment);
        environment.finish().map(|()| settings)
    }

    #[test]
    fn nothing_is_sent_unless_somebody_is_named() {
        assert_eq!(settings(&[]).unwrap().endpoint, None);
        let off = [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"), ("OTEL_SDK_DISABLED", "true")];
        assert_eq!(settings(&off).unwrap().endpoint, None);
    }

    #[test]
    fn the_general_address_gets_a_path_and_the_exact_one_stays() {
        let general = settings(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318/")]).unwrap();
        assert_eq!(general.endpoint.unwrap(), "http://localhost:4318/v1/traces");
        let exact = settings(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collect.example/x")]).unwrap();
        assert_eq!(exact.endpoint.unwrap(), "https://collect.example/x");
        assert!(settings(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")]).is_err());
    }

    #[test]
    fn a_callers_trace_is_known_without_a_collector() {
        let known = |header: &str| {
            let headers = HeaderMap::from_iter([(HEADER.parse().unwrap(), header.parse().unwrap())]);
            Telemetry::default().begin(&Method::GET, "/", &headers).trace().map(|trace| trace.to_string())
        };
        let sound = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(known(sound).as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
        for bad in
            ["", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-xyz-b7ad6b7169203331-01"]
        {
            assert_eq!(known(bad), None, "{bad}");
        }
    }

    /// A collector that takes one request and hands it over.
    async fn collector() -> (Uri, tokio::task::JoinHandle<Vec<u8>>) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap()).parse().unwrap();
        let received = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut received = Vec::new();
            while !holds(&received, b"/widgets") {
                assert_ne!(stream.read_buf(&mut received).await.unwrap(), 0, "the exporter hung up");
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            received
        });
        (endpoint, received)
    }

    fn holds(text: &[u8], part: &[u8]) -> bool {
        text.windows(part.len()).any(|window| window == part)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_collector_gets_a_span_of_the_callers_trace() {
        let (endpoint, received) = collector().await;
        let settings = Settings { endpoint: Some(endpoint), service: Some("shop".to_owned()) };
        let telemetry = Telemetry::start(&settings, "kit");
        let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let headers = HeaderMap::from_iter([(HEADER.parse().unwrap(), caller.parse().unwrap())]);
        telemetry.begin(&Method::GET, "/widgets", &headers).end(503);
        telemetry.finish().await;
        let received = received.await.unwrap();
        assert!(received.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
        let trace =
            [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c];
        for part in [&trace[..], b"shop", b"GET /widgets", b"http.response.status_code"] {
            assert!(holds(&received, part), "{part:?}");
        }
    }
}
