//! What survives: a process killed at any moment, power cut at any moment, a full disk, a damaged file, an older version's folder. One harness
//! kills; each service brings clients that remember what they were told. `TAXIWAY_KILLS=300` makes it kill that often in
//! each test.
#![cfg(test)]

#[path = "durability/damage.rs"]
mod damage;
#[path = "durability/disk.rs"]
mod disk;
#[path = "durability/documents.rs"]
mod documents;
#[path = "durability/fifo.rs"]
mod fifo;
#[path = "durability/kills.rs"]
mod kills;
#[path = "durability/objects.rs"]
mod objects;
#[path = "durability/parameters.rs"]
mod parameters;
#[path = "durability/power.rs"]
mod power;
#[path = "sqs/queue.rs"]
mod queue;
#[path = "durability/queues.rs"]
mod queues;
#[path = "durability/random.rs"]
mod random;
#[path = "durability/secrets.rs"]
mod secrets;
#[expect(dead_code, reason = "shared with the tests of S3, which use more of it")]
#[path = "s3/server.rs"]
mod server;
#[path = "durability/upgrade.rs"]
mod upgrade;
#[path = "durability/versions.rs"]
mod versions;

/// One service's tests: both levels with kills, and the higher one without power.
macro_rules! at_every_level {
    ($driver:ty) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn any_kill_at_process_crash() {
            use crate::kills::{End, Level, survive};
            survive::<$driver>(module_path!(), Level::ProcessCrash, End::Kill).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn any_kill_at_power_loss() {
            use crate::kills::{End, Level, survive};
            survive::<$driver>(module_path!(), Level::PowerLoss, End::Kill).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn any_loss_of_power_at_power_loss() {
            use crate::kills::{End, Level, survive};
            survive::<$driver>(module_path!(), Level::PowerLoss, End::PowerCut).await;
        }
    };
}
use at_every_level;
