//! Signals a person or a supervisor sends.

use local::Interrupt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

/// Waits for the first SIGINT or SIGTERM.
pub(crate) async fn asked_to_end() {
    let _which = Signals::listen().next().await;
}

/// Tells of every SIGINT and SIGTERM, for as long as it is polled.
pub(crate) async fn each(mut tell: impl FnMut()) -> std::convert::Infallible {
    let mut signals = Signals::listen();
    loop {
        signals.next().await;
        tell();
    }
}

/// Hands signals on as interrupts: the first is graceful, the second Ctrl-C means at once.
pub(crate) async fn forward(interrupts: mpsc::Sender<Interrupt>) {
    let mut signals = Signals::listen();
    let mut before = false;
    loop {
        let which = signals.next().await;
        let interrupt =
            if before && which == Which::Interrupt { Interrupt::Now } else { Interrupt::Graceful };
        before = true;
        if interrupts.send(interrupt).await.is_err() {
            return;
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Interrupt,
    Terminate,
}

/// The signals we listen to. One the system does not give is never received.
struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Signals {
    fn listen() -> Self {
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    async fn next(&mut self) -> Which {
        tokio::select! {
            () = received(self.interrupt.as_mut()) => Which::Interrupt,
            () = received(self.terminate.as_mut()) => Which::Terminate,
        }
    }
}

async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
