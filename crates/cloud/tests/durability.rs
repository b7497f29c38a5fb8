//! What survives: a process killed at any moment, a full disk, a damaged file, an older version's folder. One harness
//! kills; each service brings clients that remember what they were told. `TAXIWAY_KILLS=300` makes it kill that often in
//! each test.
#![cfg(test)]

#[path = "durability/damage.rs"]
mod damage;
#[path = "durability/disk.rs"]
mod disk;
#[path = "durability/fifo.rs"]
mod fifo;
#[path = "durability/kills.rs"]
mod kills;
#[path = "durability/objects.rs"]
mod objects;
#[path = "durability/parameters.rs"]
mod parameters;
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

/// Both levels of one service's test.
macro_rules! at_both_levels {
    ($driver:ty) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn any_kill_at_process_crash() {
            crate::kills::survive::<$driver>(module_path!(), crate::kills::Level::ProcessCrash).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn any_kill_at_power_loss() {
            crate::kills::survive::<$driver>(module_path!(), crate::kills::Level::PowerLoss).await;
        }
    };
}
use at_both_levels;
