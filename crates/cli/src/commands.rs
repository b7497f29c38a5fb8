//! One room per verb. Each loads what it needs, calls the crate that knows, and reports.

pub(crate) mod check;
pub(crate) mod cloud;
pub(crate) mod compile;
pub(crate) mod diff;
pub(crate) mod down;
pub(crate) mod exec;
pub(crate) mod explain;
pub(crate) mod logs;
pub(crate) mod ps;
pub(crate) mod queue;
pub(crate) mod rehearse;
pub(crate) mod restart;
pub(crate) mod schema;
pub(crate) mod secrets;
pub(crate) mod status;
pub(crate) mod terraform;
pub(crate) mod up;
