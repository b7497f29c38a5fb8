//! The harness: a server of its own process, clients at work, `kill -9` at a random moment, a look at what is there.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::random::Random;
use crate::server::{DURABILITY, Process};

/// Kills in each test. All tests together make a few hundred.
const KILLS: usize = 30;

/// Clients at work at the same time.
const CLIENTS: usize = 4;

/// The latest moment of a kill, in milliseconds after the clients began.
const LATEST_MS: u64 = 90;

/// Clients of one service, and what they were told.
pub(crate) trait Driver: Default + Send + Sync + 'static {
    /// Makes what the clients need, where it is missing. After every start.
    fn begin(&self, address: SocketAddr) -> impl Future<Output = ()> + Send;

    /// One client, at work until the server is gone.
    fn work(&self, address: SocketAddr, client: Client) -> impl Future<Output = ()> + Send;

    /// Holds what is there against what the clients were told, after a kill.
    fn check(&self, address: SocketAddr) -> impl Future<Output = ()> + Send;

    /// A last look, which may take everything out.
    fn finish(&self, address: SocketAddr) -> impl Future<Output = ()> + Send;

    /// A look at the data folder after the last kill.
    fn on_disk(&self, _folder: &Path) {}

    /// How many changes were acknowledged.
    fn acknowledged(&self) -> usize;
}

/// Which client, in which round, with which numbers of chance.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) round: usize,
    pub(crate) number: usize,
    pub(crate) random: Random,
}

/// The level of durability, as the server's process is told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    ProcessCrash,
    PowerLoss,
}

/// Says how to see a failure again.
struct Replay<'a> {
    seed: u64,
    test: &'a str,
}

/// Kills the server again and again; everything the driver's clients were told must hold.
pub(crate) async fn survive<D: Driver>(test: &str, level: Level) {
    let replay = Replay { seed: seed(), test };
    let mut random = Random::new(replay.seed);
    let folder = tempfile::tempdir().unwrap();
    let driver = Arc::new(D::default());
    for round in 0..KILLS {
        let process = start(folder.path(), level);
        driver.begin(process.address).await;
        driver.check(process.address).await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let client = Client { round, number, random: random.fork() };
                let (driver, address) = (Arc::clone(&driver), process.address);
                tokio::spawn(async move { driver.work(address, client).await })
            })
            .collect();
        // The moment itself is what the test is about: any is right.
        tokio::time::sleep(Duration::from_millis(random.below(LATEST_MS))).await;
        process.kill();
        for client in clients {
            client.await.unwrap();
        }
    }
    let process = start(folder.path(), level);
    driver.begin(process.address).await;
    driver.check(process.address).await;
    driver.finish(process.address).await;
    process.kill();
    driver.on_disk(folder.path());
    println!("{KILLS} kills, {} acknowledged", driver.acknowledged());
    assert!(driver.acknowledged() > KILLS, "the clients got nowhere");
}

fn start(folder: &Path, level: Level) -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(
        DURABILITY,
        match level {
            Level::ProcessCrash => "process-crash",
            Level::PowerLoss => "power-loss",
        },
    );
    Process::run(command, folder)
}

#[expect(clippy::disallowed_methods, reason = "a seed is given from outside, or is the time")]
fn seed() -> u64 {
    let given = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    given.unwrap_or_else(|| u64::try_from(now()).unwrap())
}

impl Drop for Replay<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("SEED={} cargo test -p taxiway-cloud --test {}", self.seed, self.test);
        }
    }
}
