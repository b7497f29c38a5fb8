//! Decisions as pure state machines: what to do next, given what is wanted, what is seen and the time.
//!
//! Nothing here has a clock, a runtime or a disk: time is an argument, and the caller acts.

pub mod restart;
pub mod schedule;
