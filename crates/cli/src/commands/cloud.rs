//! `taxiway cloud`: the local cloud alone, for people who point their SDKs and tests at it.

use std::net::SocketAddr;

use cloud::{Cloud, Data, Settings};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::arguments::{self, Durability};
use crate::report::{self, Failure};
use crate::{runtime, signals};

pub(crate) fn run(arguments: &arguments::Cloud) -> Result<(), Failure> {
    let address = SocketAddr::new(arguments.bind, arguments.port);
    runtime::block_on(async {
        serve(Cloud::open(&settings(arguments)).map_err(Failure::from_error)?, address).await
    })?
}

fn settings(arguments: &arguments::Cloud) -> Settings {
    let folder = || arguments.data.clone().unwrap_or_else(|| ".taxiway/cloud".into());
    Settings {
        data: if arguments.ephemeral { Data::Ephemeral } else { Data::Directory(folder()) },
        durability: match arguments.durability {
            Durability::ProcessCrash => cloud::Durability::ProcessCrash,
            Durability::PowerLoss => cloud::Durability::PowerLoss,
        },
        ..Settings::default()
    }
}

async fn serve(cloud: Cloud, address: SocketAddr) -> Result<(), Failure> {
    let listener = TcpListener::bind(address).await.map_err(|error| refused(address, &error))?;
    let address = listener.local_addr().map_err(Failure::from_error)?;
    if !address.ip().is_loopback() {
        report::note(format_args!(
            "{address} is reachable from other machines: whoever reaches it reads and changes every queue, bucket \
             and parameter here, with any key"
        ));
    }
    report::line(format_args!("the cloud listens on http://{address}; set AWS_ENDPOINT_URL to that"));
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
    Ok(())
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
