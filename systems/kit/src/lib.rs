//! What the five systems share: settings, errors, health, telemetry and shutdown.
//!
//! A service reads its settings with [`Environment`], starts its logs with [`logs::start`], builds an axum router,
//! wraps it with [`http::finish`] and hands it to [`server::serve`] until [`shutdown::requested`] says so.

pub mod answer;
pub mod body;
pub mod client;
mod context;
pub mod cors;
pub mod docs;
pub mod error;
pub mod http;
pub mod json;
pub mod logs;
pub mod metrics;
pub mod path;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod probe;
pub mod program;
pub mod redirect;
pub mod request_id;
pub mod server;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
pub mod validation;

pub use error::ApiError;
pub use settings::{Environment, InvalidSettings};
