//! Takes the ports: the edge's listeners and the cloud's, before anything that takes long.

use cloud::Cloud;
use model::system::HttpExposure;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::UpError;
use super::session::Session;
use crate::front::Front;
use crate::ports;
use crate::processes;
use crate::provision::Reached;
use crate::translate::edge::{self as bridge, loopback};
use crate::{Event, translate};

/// The cloud's customary port.
const CLOUD_PORT: u16 = 4566;

/// The cloud and what serves it.
pub(super) struct CloudServer {
    pub(super) reached: Reached,
    shutdown: CancellationToken,
    serving: JoinHandle<()>,
}

impl CloudServer {
    /// Refuses requests from now on and finishes what waits.
    pub(super) async fn stop(self) {
        self.shutdown.cancel();
        let _panicked = self.serving.await;
        self.reached.cloud.close().await;
    }
}

impl Session {
    /// Takes every port and lets edge and cloud answer on them.
    pub(super) async fn listen(&mut self) -> Result<(), UpError> {
        self.start_edge().await?;
        self.start_cloud().await
    }

    async fn start_edge(&mut self) -> Result<(), UpError> {
        let system = self.options.system.clone();
        if bridge::webs(&system).next().is_none() {
            return Ok(());
        }
        let ports = bridge::Ports { public: self.options.port, internal: self.internal_ports()? };
        let front = Front::start(system.clone(), ports, self.reporter.clone())
            .await
            .map_err(|error| explain(error, self.options.port))?;
        for (name, web) in bridge::webs(&system) {
            let Some(address) = front.listener(&bridge::own_listener(name)) else { continue };
            let url = format!("http://localhost:{}", address.port());
            if web.exposure == HttpExposure::Internal {
                self.state.ports.internal.insert(name.to_owned(), address.port());
                self.internal.insert(name.to_owned(), format!("http://{address}"));
            }
            self.reporter.say(Event::EdgeListening { service: Some(name.to_owned()), url });
        }
        if let Some(address) = front.listener(bridge::PUBLIC) {
            let url = format!("http://localhost:{}", address.port());
            self.board.send_modify(|board| {
                board.edge.url = Some(url.clone());
                board.edge.origin_url = Some(url.clone());
            });
            self.reporter.say(Event::EdgeListening { service: None, url });
        }
        self.front = Some(front);
        Ok(())
    }

    // The last run's where they are free: a client of an internal service may go on.
    fn internal_ports(&self) -> Result<std::collections::BTreeMap<String, u16>, UpError> {
        let internal =
            bridge::webs(&self.options.system).filter(|(_, web)| web.exposure == HttpExposure::Internal);
        internal
            .map(|(name, _)| {
                let known = self.state.ports.internal.get(name).copied().filter(|port| ports::is_free(*port));
                Ok((name.to_owned(), known.map_or_else(|| self.ports.take(), Ok)?))
            })
            .collect()
    }

    async fn start_cloud(&mut self) -> Result<(), UpError> {
        if !translate::cloud::is_needed(&self.options.system, &self.databases.sources) {
            return Ok(());
        }
        let listener = self.cloud_listener().await?;
        let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
        let settings =
            translate::cloud::settings(&self.options.system, self.project.cloud(), self.options.reset);
        // Recovery reads the disk and may take long.
        let opened = tokio::task::spawn_blocking(move || Cloud::open(&settings)).await;
        let cloud = opened.map_err(|error| UpError::Thread(error.into()))??;
        let shutdown = CancellationToken::new();
        let serving = tokio::spawn({
            let (cloud, shutdown) = (cloud.clone(), shutdown.clone());
            async move { cloud.serve(listener, shutdown).await }
        });
        self.state.ports.cloud = Some(port);
        let endpoint = format!("http://127.0.0.1:{port}");
        self.board.send_modify(|board| board.cloud.endpoint = Some(endpoint.clone()));
        self.reporter.say(Event::CloudListening { url: endpoint.clone() });
        self.cloud = Some(CloudServer { reached: Reached { cloud, endpoint }, shutdown, serving });
        Ok(())
    }

    async fn cloud_listener(&self) -> Result<TcpListener, UpError> {
        if let Some(port) = self.options.cloud_port {
            return TcpListener::bind(loopback(port))
                .await
                .map_err(|_| in_use(port, "let the cloud take another"));
        }
        for port in [self.state.ports.cloud, Some(CLOUD_PORT)].into_iter().flatten() {
            if let Ok(listener) = TcpListener::bind(loopback(port)).await {
                return Ok(listener);
            }
        }
        let port = self.ports.take()?;
        TcpListener::bind(loopback(port)).await.map_err(|_| in_use(port, "try again"))
    }
}

fn explain(error: edge::StartError, public: u16) -> UpError {
    match error {
        edge::StartError::Bind(edge::BindError::InUse(address)) if address.port() == public => {
            in_use(public, "take another with --port")
        }
        edge::StartError::Bind(edge::BindError::InUse(address)) => {
            in_use(address.port(), "give the service another `http.port` in the environment `local`")
        }
        error => UpError::Edge(error),
    }
}

fn in_use(port: u16, remedy: &'static str) -> UpError {
    UpError::PortInUse { port, holder: processes::listener_on(port), remedy }
}
