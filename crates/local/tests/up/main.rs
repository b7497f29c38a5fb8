//! Whole runs of `up` with real processes: starts, ends, faults.

mod harness;

mod faults;
mod killed;
mod logs;
mod resources;
mod restart;
mod start;
mod stop;
