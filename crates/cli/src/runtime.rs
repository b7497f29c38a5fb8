//! The one asynchronous runtime: on the main thread, so that what it starts lives as long as the program.

use std::future::Future;

use crate::report::Failure;

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::Sentence(format!("the system gives no event queue: {error}; raise `ulimit -n`"))
    })?;
    Ok(runtime.block_on(future))
}
