//! Why a system did not start.

/// Why a system did not start. Everything that ran is stopped when this is returned.
#[derive(Debug, thiserror::Error)]
pub enum UpError {
    /// It was interrupted before it was ready.
    #[error("interrupted before everything was healthy; nothing of it runs any more")]
    Interrupted,
}
