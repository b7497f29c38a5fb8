//! How a start, a run and a stop look: live on a terminal, plain lines in a pipe.

pub(crate) mod board;
pub(crate) mod live;
pub(crate) mod plain;
pub(crate) mod prefix;
pub(crate) mod steps;
pub(crate) mod table;
pub(crate) mod time;
