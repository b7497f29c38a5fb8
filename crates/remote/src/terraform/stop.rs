//! How a person ends a run of terraform.

use tokio::sync::watch;

/// How often a person asked for the end. Terraform gets an interrupt for each: after the first it finishes what it began
/// and lets go of its lock, after the second it ends at once.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: watch::Receiver<u32>,
    before: u32,
}

/// The side that asks.
#[derive(Debug)]
pub struct StopSender(watch::Sender<u32>);

impl Stop {
    /// A stop that nobody has asked for yet, and the side that asks.
    #[must_use]
    pub fn new() -> (StopSender, Self) {
        let (sender, asked) = watch::channel(0);
        (StopSender(sender), Self { asked, before: 0 })
    }

    /// Whether the end was asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow() > self.before
    }

    /// One that counts from now on: for what cleans up after an end that was asked for.
    #[must_use]
    pub fn from_now(&self) -> Self {
        Self { before: *self.asked.borrow(), asked: self.asked.clone() }
    }

    /// Forgets what was asked until now.
    pub(super) fn look_on(&mut self) {
        self.asked.mark_unchanged();
    }

    /// Waits until the end is asked for, or asked for again.
    pub(super) async fn asked_again(&mut self) {
        if self.asked.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl StopSender {
    /// Asks for the end.
    pub fn ask(&self) {
        self.0.send_modify(|times| *times += 1);
    }
}
