//! An ordinary FastAPI service under `taxiway up`, with a manifest alone.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use harness::{Project, eventually, kill, python, request};

const APP: &str = r#"
import os
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
async def who():
    return {"pid": os.getpid()}
"#;

#[test]
fn two_replicas_share_the_load_and_one_may_die_under_it() {
    let Some(python) = python(&["fastapi", "uvicorn"]) else { return };
    let uvicorn = python.with_file_name("uvicorn");
    let project = Project::new(&format!(
        "name: hello\nservices:\n  api:\n    type: web\n    run: sh -c 'exec {} app:app --port $PORT'\n    \
         http: {{ path: /, healthcheck: {{ path: /, interval: 5s, timeout: 2s }} }}\n    scale: {{ min: 2, max: 2 }}\n",
        uvicorn.display()
    ));
    std::fs::write(project.file("app.py"), APP).expect("room for the app");
    project.start();

    let answers = (0..20).map(|_| request(project.edge(), "GET", "/", None).expect("an answer").body);
    assert_eq!(answers.collect::<BTreeSet<_>>().len(), 2, "both replicas answer");

    let load = Load::default();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| load.go(project.edge()));
        }
        for _ in 0..3 {
            load.answered(300);
            kill(*project.pids("api").first().expect("a replica"));
            load.answered(300);
            project.wait_until_ready();
        }
        load.done.store(true, Ordering::Relaxed);
    });
    assert_eq!(load.failed.load(Ordering::Relaxed), 0, "of {:?} requests", load.good);
}

/// Clients that ask on kept connections, and what became of their requests.
#[derive(Default)]
struct Load {
    done: AtomicBool,
    good: AtomicU64,
    failed: AtomicU64,
}

impl Load {
    fn go(&self, edge: SocketAddr) {
        let mut connection = None;
        while !self.done.load(Ordering::Relaxed) {
            let outcome = match connection.take() {
                Some(kept) => ask(kept),
                None => TcpStream::connect(edge).and_then(|fresh| ask(BufReader::new(fresh))),
            };
            let counter = if outcome.is_ok() { &self.good } else { &self.failed };
            counter.fetch_add(1, Ordering::Relaxed);
            connection = outcome.ok();
        }
    }

    /// Waits until this many more were answered.
    fn answered(&self, more: u64) {
        let goal = self.good.load(Ordering::Relaxed) + more;
        eventually(Duration::from_secs(60), "answers", || {
            (self.good.load(Ordering::Relaxed) >= goal).then_some(())
        });
    }
}

fn ask(mut connection: BufReader<TcpStream>) -> std::io::Result<BufReader<TcpStream>> {
    connection.get_ref().set_read_timeout(Some(Duration::from_secs(10)))?;
    connection.get_mut().write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
    let (mut length, mut good) = (0, false);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        good |= line.starts_with("http/1.1 200");
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().map_err(std::io::Error::other)?;
        }
        if line.is_empty() {
            break;
        }
    }
    connection.read_exact(&mut vec![0; length])?;
    if good { Ok(connection) } else { Err(std::io::Error::other("not a 200")) }
}
