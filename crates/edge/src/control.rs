//! The thread beside the workers: it accepts connections, checks health and keeps deadlines.

use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A running control thread; dropping it ends the thread and all its tasks.
#[derive(Debug)]
pub(crate) struct Control {
    handle: Handle,
    _until: oneshot::Sender<()>,
}

impl Control {
    /// Starts the thread; waits until its runtime stands.
    ///
    /// # Errors
    /// The system has no thread, descriptor or memory left for it.
    pub(crate) async fn start() -> io::Result<Self> {
        let (until, dropped) = oneshot::channel::<()>();
        let (ready, started) = oneshot::channel();
        std::thread::Builder::new().name("edge-control".to_owned()).spawn(move || run(ready, dropped))?;
        let handle =
            started.await.unwrap_or_else(|_| Err(io::Error::other("the control thread ended at once")))?;
        Ok(Self { handle, _until: until })
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs a future there, so that any caller's runtime will do; `None` when the thread has ended.
    pub(crate) async fn run<F>(&self, future: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(future).await.ok()
    }
}

fn run(ready: oneshot::Sender<io::Result<Handle>>, dropped: oneshot::Receiver<()>) {
    match Builder::new_current_thread().enable_io().enable_time().build() {
        Ok(runtime) => {
            let _nobody_waits = ready.send(Ok(runtime.handle().clone()));
            // Ends with an error when the sender is dropped, which is the signal.
            let _dropped = runtime.block_on(dropped);
        }
        Err(error) => {
            let _nobody_waits = ready.send(Err(error));
        }
    }
}
