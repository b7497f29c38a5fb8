//! What was compiled, elsewhere: terraform's runs in an account, and in a simulated AWS before any account sees them.
//!
//! Nothing here reads the process's environment or prints: variables are arguments, and what happens is told through
//! callbacks.

mod alone;
pub mod environment;
mod mirror;
mod overrides;
pub mod plan;
pub mod rehearsal;
pub mod simulator;
pub mod terraform;

pub use self::alone::alone;
pub use self::environment::{Environment, EnvironmentError};
pub use self::mirror::mirror;
pub use self::plan::Plan;
pub use self::terraform::{Limits, Stop, Terraform, TerraformError};
pub use targets::Stack;

/// Variables of the environment, by name.
pub type Variables = std::collections::BTreeMap<String, String>;

/// Files by their paths below a folder, with `/`.
pub type Files = std::collections::BTreeMap<String, Vec<u8>>;
