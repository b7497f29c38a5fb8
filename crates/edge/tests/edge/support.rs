//! A scripted target, a raw client and short configurations.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use edge::config::{
    Action, Algorithm, HealthCheck, Limits, Listener, Target, TargetGroup, Timeouts, WeightedGroup,
};
use edge::{Config, Edge, Snapshot};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Nothing in a test takes this long unless it is broken.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// What a target does with a request.
pub(crate) enum Reply {
    /// These bytes, then the next request.
    Say(String),
    /// These bytes, then the end of the connection.
    SayAndClose(String),
    /// Nothing, for ever.
    Hang,
    /// The first part; the second when the gate opens.
    Gated(String, Arc<Semaphore>, String),
    /// These bytes, then every byte back until the end.
    Echo(String),
}

/// What a target got.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A target on a free port of the loopback interface.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Backend {
    pub(crate) async fn start(reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, reply)
    }

    pub(crate) fn serve(
        listener: TcpListener,
        reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (connections, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (reply, counter, log) = (Arc::new(reply), Arc::clone(&connections), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                open.spawn(converse(stream, Arc::clone(&reply), Arc::clone(&log)));
            }
        });
        Self { address, connections, seen, task }
    }

    /// A target that answers every request with its name.
    pub(crate) async fn named(name: &'static str) -> Self {
        Self::start(move |_| Reply::Say(ok(name))).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse<F>(mut stream: TcpStream, reply: Arc<F>, log: Arc<Mutex<Vec<Seen>>>)
where
    F: Fn(&Seen) -> Reply,
{
    let mut wire = Vec::new();
    while let Some(seen) = read_request(&mut stream, &mut wire).await {
        if !seen.head.contains("ELB-HealthChecker") {
            log.lock().unwrap().push(seen.clone());
        }
        let said = match reply(&seen) {
            Reply::Say(text) => stream.write_all(text.as_bytes()).await,
            Reply::SayAndClose(text) => {
                let _gone = stream.write_all(text.as_bytes()).await;
                return;
            }
            Reply::Hang => std::future::pending().await,
            Reply::Gated(first, gate, rest) => {
                if stream.write_all(first.as_bytes()).await.is_err() {
                    return;
                }
                gate.acquire().await.unwrap().forget();
                stream.write_all(rest.as_bytes()).await
            }
            Reply::Echo(text) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                let (mut from, mut to) = stream.split();
                let _gone = tokio::io::copy(&mut from, &mut to).await;
                return;
            }
        };
        if said.is_err() {
            return;
        }
    }
}

/// Reads until a blank line, then the body its head announces. Chunked bodies are kept as they came.
async fn read_request(stream: &mut TcpStream, wire: &mut Vec<u8>) -> Option<Seen> {
    let head = read_until(stream, wire, b"\r\n\r\n").await?;
    let body = match (field(&head, "content-length"), field(&head, "transfer-encoding")) {
        (_, Some(_)) => read_until(stream, wire, b"0\r\n\r\n").await?,
        (Some(length), None) => {
            let length: usize = length.parse().unwrap();
            while wire.len() < length {
                if stream.read_buf(wire).await.ok()? == 0 {
                    return None;
                }
            }
            String::from_utf8_lossy(&wire.drain(..length).collect::<Vec<_>>()).into_owned()
        }
        (None, None) => String::new(),
    };
    Some(Seen { head, body })
}

async fn read_until(stream: &mut TcpStream, wire: &mut Vec<u8>, end: &[u8]) -> Option<String> {
    loop {
        if let Some(at) = wire.windows(end.len()).position(|window| window == end) {
            let taken: Vec<u8> = wire.drain(..at + end.len()).collect();
            return Some(String::from_utf8_lossy(&taken).into_owned());
        }
        if stream.read_buf(wire).await.ok()? == 0 {
            return None;
        }
    }
}

/// The value of a header field.
pub(crate) fn field(head: &str, name: &str) -> Option<String> {
    let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

/// A client that says exactly what it is told.
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Wire {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), buffer: Vec::new() }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next response, or `None` when the connection ends first or half-way.
    pub(crate) async fn hear(&mut self) -> Option<Heard> {
        within(self.hear_without_deadline(false)).await
    }

    /// The next response to a HEAD request.
    pub(crate) async fn hear_head(&mut self) -> Option<Heard> {
        within(self.hear_without_deadline(true)).await
    }

    async fn hear_without_deadline(&mut self, only_head: bool) -> Option<Heard> {
        let head = read_until(&mut self.stream, &mut self.buffer, b"\r\n\r\n").await?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let bodiless = only_head || status < 200 || status == 204 || status == 304;
        let body = match (field(&head, "transfer-encoding"), field(&head, "content-length")) {
            _ if bodiless => String::new(),
            (Some(_), _) => read_until(&mut self.stream, &mut self.buffer, b"0\r\n\r\n").await?,
            (None, Some(length)) => {
                let length: usize = length.parse().ok()?;
                while self.buffer.len() < length {
                    if self.stream.read_buf(&mut self.buffer).await.ok()? == 0 {
                        return None;
                    }
                }
                String::from_utf8_lossy(&self.buffer.drain(..length).collect::<Vec<_>>()).into_owned()
            }
            (None, None) => self.rest_without_deadline().await,
        };
        Some(Heard { status, head, body })
    }

    /// Everything until the connection ends.
    pub(crate) async fn rest(&mut self) -> String {
        within(self.rest_without_deadline()).await
    }

    async fn rest_without_deadline(&mut self) -> String {
        while matches!(self.stream.read_buf(&mut self.buffer).await, Ok(read) if read > 0) {}
        String::from_utf8_lossy(&std::mem::take(&mut self.buffer)).into_owned()
    }

    /// At least so many bytes.
    pub(crate) async fn bytes(&mut self, count: usize) -> String {
        within(async {
            while self.buffer.len() < count {
                assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "ended early");
            }
        })
        .await;
        String::from_utf8_lossy(&std::mem::take(&mut self.buffer)).into_owned()
    }
}

/// One request on a connection of its own.
pub(crate) async fn ask(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Option<Heard> {
    let mut wire = Wire::open(address).await;
    wire.send(bytes).await;
    wire.hear().await
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Heard {
    ask(address, format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await.expect("an answer")
}

pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("within the deadline")
}

/// Waits until the edge looks as wanted.
pub(crate) async fn until(edge: &Edge, wanted: impl Fn(&Snapshot) -> bool) {
    within(async {
        while !wanted(&edge.snapshot()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

pub(crate) fn forward(group: &str) -> Action {
    Action::Forward(vec![WeightedGroup { group: group.to_owned(), weight: 1 }])
}

pub(crate) fn group(targets: &[SocketAddr]) -> TargetGroup {
    let target =
        |(index, address): (usize, &SocketAddr)| (format!("api-{}", index + 1), Target { address: *address });
    TargetGroup {
        algorithm: Algorithm::RoundRobin,
        health_check: None,
        slow_start: Duration::ZERO,
        stickiness: None,
        targets: targets.iter().enumerate().map(target).collect(),
    }
}

/// One listener, one group `api` of these targets, waits short enough for a test.
pub(crate) fn config(targets: &[SocketAddr]) -> Config {
    let listener =
        Listener { address: "127.0.0.1:0".parse().unwrap(), rules: Vec::new(), default: forward("api") };
    Config {
        listeners: [("public".to_owned(), listener)].into(),
        target_groups: [("api".to_owned(), group(targets))].into(),
        limits: Limits::default(),
        timeouts: Timeouts::default(),
    }
}

pub(crate) fn check(path: &str) -> HealthCheck {
    HealthCheck {
        path: path.to_owned(),
        success_codes: vec![(200, 200)],
        interval: Duration::from_millis(100),
        timeout: Duration::from_secs(2),
        healthy_threshold: 2,
        unhealthy_threshold: 2,
    }
}

/// Starts an edge and says where its listener `public` is.
pub(crate) async fn start(config: Config) -> (Edge, SocketAddr) {
    let edge = Edge::start(config).await.unwrap();
    let address = edge.snapshot().listeners["public"];
    (edge, address)
}
