//! `kill -9` of a replica under load: no GET fails.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::support::{Wire, check, config, start, until, within};

/// Set in the environment of a child that plays a replica: the port it listens on, 0 for any.
const REPLICA_PORT: &str = "EDGE_TEST_REPLICA_PORT";
const CLIENTS: usize = 24;

/// A process of its own, so that it can be killed as one.
struct Replica {
    child: Child,
    address: SocketAddr,
}

impl Replica {
    fn start(port: u16) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::plays_a_replica", "--nocapture"])
            .env(REPLICA_PORT, port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("replica ")?.parse().ok()).unwrap();
        Self { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is how the parent tells this child what to be"
)]
fn plays_a_replica() {
    let Ok(port) = std::env::var(REPLICA_PORT) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port.parse().unwrap())).unwrap();
    println!("\nreplica {}", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        std::thread::spawn(move || serve(stream.unwrap()));
    }
}

/// Writes head and body apart, as application servers do: a kill may fall between the two.
fn serve(mut stream: TcpStream) {
    let (mut wire, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        while !wire.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(read) if read > 0 => wire.extend_from_slice(&buffer[..read]),
                _ => return,
            }
        }
        wire.clear();
        let sent = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
        if sent.and_then(|()| stream.write_all(b"hello")).is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn no_get_fails_when_one_of_two_replicas_is_killed() {
    let mut replicas = [Replica::start(0), Replica::start(0)];
    let mut config = config(&[replicas[0].address, replicas[1].address]);
    config.target_groups.get_mut("api").unwrap().health_check = Some(check("/"));
    let (edge, address) = start(config).await;
    let healthy = |seen: &edge::Snapshot| {
        seen.targets["api"].values().all(|target| target.state == edge::TargetState::Healthy)
    };
    until(&edge, healthy).await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(load(address, Arc::clone(&stop), Arc::clone(&answered)))).collect();
    for round in 0..6 {
        answered_more(&answered, 300).await;
        let victim = &mut replicas[round % 2];
        victim.kill();
        answered_more(&answered, 300).await;
        *victim = Replica::start(victim.address.port());
        until(&edge, healthy).await;
    }
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.expect("no request failed");
    }
    let failures: u64 = edge.snapshot().targets["api"].values().map(|target| target.failures).sum();
    assert!(failures > 0, "the kills were noticed");
}

async fn load(address: SocketAddr, stop: Arc<AtomicBool>, answered: Arc<AtomicUsize>) {
    let mut wire = Wire::open(address).await;
    while !stop.load(Ordering::SeqCst) {
        wire.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let heard = wire.hear().await.expect("a whole answer");
        assert_eq!((heard.status, heard.body.as_str()), (200, "hello"));
        answered.fetch_add(1, Ordering::SeqCst);
    }
}

async fn answered_more(answered: &AtomicUsize, more: usize) {
    let wanted = answered.load(Ordering::SeqCst) + more;
    within(async {
        while answered.load(Ordering::SeqCst) < wanted {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
