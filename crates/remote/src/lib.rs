//! What was compiled, elsewhere: terraform's runs in an account, and in a simulated AWS before any account sees them.
//!
//! Nothing here reads the process's environment or prints: variables are arguments, and what happens is told through
//! callbacks.

pub mod handover;
pub mod plan;
pub mod rehearsal;
pub mod simulator;
pub mod stack;
pub mod terraform;

pub use self::plan::Plan;
pub use self::stack::Stack;
pub use self::terraform::{Limits, Stop, Terraform, TerraformError};

/// Variables of the environment, by name.
pub type Variables = std::collections::BTreeMap<String, String>;

/// Files by their paths below a folder, with `/`.
pub type Files = std::collections::BTreeMap<String, Vec<u8>>;
