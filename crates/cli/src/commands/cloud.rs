//! `taxiway cloud`: the local cloud alone, for people who point their SDKs and tests at it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use cloud::init::Provided;
use cloud::{Cloud, Data, QueueWaits, Settings};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::arguments::{self, Durability};
use crate::report::{self, Failure};
use crate::{environment, runtime, signals};

mod credentials;
mod init;

/// Where everything is kept when nobody says.
const FOLDER: &str = ".taxiway/cloud";

/// What `cloud --json` prints when it is ready.
#[derive(Debug, Serialize)]
struct Started<'a> {
    endpoint: String,
    port: u16,
    pid: u32,
    version: &'static str,
    /// Absent where nothing is kept.
    data: Option<&'a Path>,
    durability: &'static str,
    /// What the init file brought.
    init: Option<Brought>,
}

#[derive(Debug, Serialize)]
struct Brought {
    made: usize,
    there: usize,
}

pub(crate) fn run(arguments: &arguments::Cloud) -> Result<(), Failure> {
    let contents = arguments.init.as_deref().map(init::read).transpose()?;
    let settings = settings(arguments)?;
    let address = SocketAddr::new(arguments.bind, arguments.port);
    runtime::block_on(async {
        // Taken first and answered last: who connects early waits until everything is there.
        let listener = TcpListener::bind(address).await.map_err(|error| refused(address, &error))?;
        let cloud = Cloud::open(&settings).map_err(Failure::from_error)?;
        let provided = match &contents {
            Some(contents) => Some(cloud.provide(contents).await.map_err(|errors| init::failed(&errors))?),
            None => None,
        };
        let address = listener.local_addr().map_err(Failure::from_error)?;
        announce(arguments, settings.credentials.len(), address, provided)?;
        serve(&cloud, listener).await;
        Ok(())
    })?
}

fn settings(arguments: &arguments::Cloud) -> Result<Settings, Failure> {
    Ok(Settings {
        data: match folder(arguments) {
            Some(folder) => Data::Directory(folder.to_owned()),
            None => Data::Ephemeral,
        },
        durability: match arguments.durability {
            Durability::ProcessCrash => cloud::Durability::ProcessCrash,
            Durability::PowerLoss => cloud::Durability::PowerLoss,
        },
        account_id: arguments.account.clone().unwrap_or_else(|| Settings::default().account_id),
        queue_waits: if arguments.queue_waits { QueueWaits::AsAws } else { QueueWaits::None },
        credentials: credentials::read(arguments.credentials.as_deref(), &environment::variables())?,
        ..Settings::default()
    })
}

/// The folder everything is kept in; none where nothing is kept.
fn folder(arguments: &arguments::Cloud) -> Option<&Path> {
    let kept = !arguments.ephemeral;
    kept.then(|| arguments.data.as_deref().unwrap_or(Path::new(FOLDER)))
}

fn announce(
    arguments: &arguments::Cloud,
    keys: usize,
    address: SocketAddr,
    provided: Option<Provided>,
) -> Result<(), Failure> {
    if !address.ip().is_loopback() {
        let who = match keys {
            0 => {
                "whoever reaches it reads and changes every queue, bucket, parameter, secret and document here, with any \
                 key"
            }
            _ => "who has an access key reads and changes everything here, and what is sent is not encrypted",
        };
        report::note(format_args!("{address} is reachable from other machines: {who}"));
    }
    if arguments.json {
        return report::json_line(&started(arguments, address, provided));
    }
    report::line(format_args!("the cloud listens on {}; set AWS_ENDPOINT_URL to that", endpoint(address)));
    match folder(arguments) {
        Some(folder) => report::line(format_args!("everything is kept in {}", folder.display())),
        None => report::line("nothing is kept when it ends"),
    }
    if keys > 0 {
        report::line("signatures are checked");
    }
    if let Some(Provided { made, there }) = provided {
        report::line(format_args!("the init file: {made} made, {there} there already"));
    }
    Ok(())
}

fn started(arguments: &arguments::Cloud, address: SocketAddr, provided: Option<Provided>) -> Started<'_> {
    Started {
        endpoint: endpoint(address),
        port: address.port(),
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION"),
        data: folder(arguments),
        durability: match arguments.durability {
            Durability::ProcessCrash => "process-crash",
            Durability::PowerLoss => "power-loss",
        },
        init: provided.map(|Provided { made, there }| Brought { made, there }),
    }
}

/// Its URL on this machine: an address that means all of them is none to connect to.
fn endpoint(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

async fn serve(cloud: &Cloud, listener: TcpListener) {
    let shutdown = CancellationToken::new();
    let ended = cloud.serve(listener, shutdown.clone());
    tokio::pin!(ended);
    tokio::select! {
        () = &mut ended => {}
        () = signals::asked_to_end() => {
            shutdown.cancel();
            ended.await;
        }
    }
    cloud.close().await;
}

fn refused(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::Sentence(match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!(
                "port {} is already in use; stop the program that holds it or choose another with --port",
                address.port()
            )
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}
