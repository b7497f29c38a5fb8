//! What is compiled, shown to Terraform itself: every system below `systems/`, in each of its environments, and every
//! module with its own tests. Terraform or its AWS provider missing is said, not passed over.

#![expect(clippy::disallowed_methods, reason = "a test is at the rim")]
#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

mod boundary;
mod contracts;
mod hooks;
mod modules;
mod runner;
mod same;
mod stacks;
mod systems;
