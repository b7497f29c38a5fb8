//! The program that the tests of `local` supervise, and the `up` that they kill.
//!
//! `serve [STATUS]` answers every request on PORT with STATUS (200), the replica's name and its environment's LEVEL;
//! `/slow` takes half a second, and while a file named as the replica is there the answer is 500. `up DIR` runs the
//! system of DIR and writes its events as JSON lines. With `mongod`'s arguments it is a document server that forgets.

use std::io::{self, BufRead as _, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use local::{Options, Shim};
use tokio::sync::mpsc;

fn main() -> ExitCode {
    if let Some(ended) = local::shim::run_if_asked(std::env::args_os()) {
        return ended;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["serve"] => serve("200"),
        ["serve", status] => serve(status),
        ["up", directory] => up(Path::new(directory)),
        ["--dbpath", _, "--port", port, ..] => mongod(port),
        _ => Err(io::Error::other("serve [STATUS] | up DIR")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _closed = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn variable(name: &str) -> String {
    std::env::vars_os()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn serve(status: &str) -> io::Result<()> {
    let listener = TcpListener::bind(format!("127.0.0.1:{}", variable("PORT")))?;
    writeln!(io::stdout(), "listening on {}", variable("PORT"))?;
    for stream in listener.incoming() {
        let (stream, status) = (stream?, status.to_owned());
        std::thread::spawn(move || answer(stream, &status));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, status: &str) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        if request.contains("/slow") {
            let (_never, wait) = std::sync::mpsc::channel::<()>();
            let _passed = wait.recv_timeout(Duration::from_millis(500));
        }
        let status = if Path::new(&variable("TAXIWAY_REPLICA")).exists() { "500" } else { status };
        let body = format!("{} {}\n", variable("TAXIWAY_REPLICA"), variable("LEVEL"));
        write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    }
}

fn mongod(port: &str) -> io::Result<()> {
    let settings = cloud::Settings { data: cloud::Data::Ephemeral, ..cloud::Settings::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let cloud = cloud::Cloud::open(&settings).map_err(io::Error::other)?;
        let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
        cloud.serve(listener, tokio_util::sync::CancellationToken::new()).await;
        Ok(())
    })
}

fn up(directory: &Path) -> io::Result<()> {
    let text = std::fs::read_to_string(directory.join("taxiway.yaml"))?;
    let manifest = model::read("taxiway.yaml", &text, &|_| None).map_err(|problems| shown(&problems))?;
    let system = model::resolve(&manifest, None).map_err(|problems| shown(&problems))?;
    let options = Options {
        directory: directory.to_owned(),
        system,
        port: 0,
        cloud_port: None,
        reset: cloud::Reset::Refused,
        timeout: None,
        profiles: Vec::new(),
        environment: [("PATH".to_owned(), variable("PATH"))].into(),
        shim: Shim::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (sender, mut events) = mpsc::channel(64);
        let (_interrupt, interrupts) = mpsc::channel(1);
        let show = async {
            while let Some(event) = events.recv().await {
                let _closed = writeln!(io::stdout(), "{}", serde_json::to_string(&event).unwrap_or_default());
            }
        };
        let (outcome, ()) = tokio::join!(local::up(options, sender, interrupts), show);
        outcome.map(drop).map_err(io::Error::other)
    })
}

fn shown(problems: &impl std::fmt::Debug) -> io::Error {
    io::Error::other(format!("{problems:?}"))
}
