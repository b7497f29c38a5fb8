//! A system as files that run it elsewhere.
//!
//! [`compile`] is a function of its arguments alone: no clock, disk, network or environment. The same `System` gives the
//! same bytes, and what is written in another order is the same `System`.

use std::collections::BTreeMap;

use model::System;

pub use self::cost::{Amount, Estimate, Line, Traffic, cost};
pub use self::fidelity::{Fidelity, Grade, Platform, Verdict, document, report};
pub use self::github::{Pipelines, pipelines};
pub use self::stack::Stack;

mod cost;
mod fidelity;
mod github;
mod stack;
mod terraform;
mod yaml;

/// What the environment of a system without environments is called.
const NO_ENVIRONMENT: &str = "default";

/// The folder of an environment's stacks, below the folder that is compiled to.
#[must_use]
pub fn folder_of(system: &System) -> &str {
    system.environment.as_deref().unwrap_or(NO_ENVIRONMENT)
}

/// Where a system is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// AWS by Terraform.
    Aws,
}

/// What a system became.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compiled {
    /// Path below the folder it is written to, with `/`, and what is in the file.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What is not there exactly as it was written.
    pub fidelity: Vec<Fidelity>,
}

/// Makes the files that run `system` on `target`.
#[must_use]
pub fn compile(system: &System, target: Target) -> Compiled {
    match target {
        Target::Aws => terraform::compile(system),
    }
}
