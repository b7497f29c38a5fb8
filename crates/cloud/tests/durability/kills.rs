//! The harness: a server of its own process, clients at work, `kill -9` at a random moment, a look at what is there.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::power::{Disk, Place};
use crate::random::Random;
use crate::server::{DURABILITY, Process, as_server};

/// How many kills there are in each test, where that is said. Unsaid, it is as many as fit in [`USUAL`].
const KILLS: &str = "TAXIWAY_KILLS";

/// The usual length of a test.
const USUAL: Duration = Duration::from_secs(8);

/// Kills there are in any case.
const LEAST: usize = 10;

/// Clients at work at the same time.
pub(crate) const CLIENTS: usize = 4;

/// The latest moment of a kill, in milliseconds after the clients began.
const LATEST_MS: u64 = 90;

/// The latest moment of a kill in the middle of a start, in milliseconds after it began.
const LATEST_START_MS: u64 = 40;

/// Clients of one service, and what they were told.
///
/// Clients note what they are about to ask for before they ask, and that it is so once they are answered.
pub(crate) trait Driver: Default + Send + Sync + 'static {
    /// Makes what the clients need, where it is missing. After every start.
    fn begin(&self, address: SocketAddr) -> impl Future<Output = ()> + Send;

    /// One client, at work until the server is gone.
    fn work(&self, address: SocketAddr, client: Client) -> impl Future<Output = ()> + Send;

    /// Holds what is there against what the clients were told, after a kill.
    fn check(&self, address: SocketAddr) -> impl Future<Output = ()> + Send;

    /// A last look, also at the data folder. It may take everything out.
    fn finish(&self, address: SocketAddr, folder: &Path) -> impl Future<Output = ()> + Send;

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
    level: Level,
}

/// What ends the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Kill,
    /// The machine's power goes, and what the disk has not got yet.
    PowerCut,
}

/// When a test has killed often enough.
enum Length {
    Kills(usize),
    Until(Instant),
}

/// Kills the server again and again; everything the driver's clients were told must hold.
pub(crate) async fn survive<D: Driver>(test: &str, level: Level, end: End) {
    let replay = Replay { seed: seed(), test, level };
    let mut random = Random::new(replay.seed);
    let Some(place) = place(end) else { return };
    let data = place.data();
    let driver = Arc::new(D::default());
    let (length, mut kills) = (length(), 0);
    while length.goes_on(kills) {
        if random.below(4) == 0 {
            kill_at_start(&data, level, random.below(LATEST_START_MS)).await;
            place.lose_power();
            kills += 1;
        }
        let process = start(&data, level);
        driver.begin(process.address).await;
        driver.check(process.address).await;
        kill_at_work(&driver, process, kills, &mut random).await;
        place.lose_power();
        kills += 1;
    }
    let process = start(&data, level);
    driver.begin(process.address).await;
    driver.check(process.address).await;
    driver.finish(process.address, &data).await;
    process.kill();
    println!("{kills} times {end:?} at {level:?}, {} changes acknowledged", driver.acknowledged());
    assert!(driver.acknowledged() > kills, "the clients got nowhere");
}

fn place(end: End) -> Option<Place> {
    match end {
        End::Kill => Some(Place::Folder(tempfile::tempdir().unwrap())),
        End::PowerCut => Disk::mount().map(Place::Disk),
    }
}

async fn kill_at_work<D: Driver>(driver: &Arc<D>, process: Process, round: usize, random: &mut Random) {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let client = Client { round, number, random: random.fork() };
            let (driver, address) = (Arc::clone(driver), process.address);
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

/// What a start tidies up must survive that as well.
async fn kill_at_start(folder: &Path, level: Level, moment_ms: u64) {
    let mut child = as_server(command(level), folder).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(moment_ms)).await;
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts a server and waits until it listens.
pub(crate) fn start(folder: &Path, level: Level) -> Process {
    Process::run(command(level), folder)
}

fn command(level: Level) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(DURABILITY, level.name());
    command
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::ProcessCrash => "process-crash",
            Self::PowerLoss => "power-loss",
        }
    }
}

impl Length {
    fn goes_on(&self, kills: usize) -> bool {
        match self {
            Self::Kills(wanted) => kills < *wanted,
            Self::Until(end) => kills < LEAST || Instant::now() < *end,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "somebody with more time says so from outside")]
fn length() -> Length {
    let kills = std::env::var(KILLS).ok().map(|kills| kills.parse().expect("TAXIWAY_KILLS is a number"));
    kills.map_or_else(|| Length::Until(Instant::now() + USUAL), Length::Kills)
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
            let module = self.test.rsplit("::").next().unwrap_or_default();
            println!(
                "{:?}: SEED={} cargo test -p taxiway-cloud --test durability {module}",
                self.level, self.seed
            );
        }
    }
}
