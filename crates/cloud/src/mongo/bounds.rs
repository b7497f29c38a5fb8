//! The bounds a client may meet, gathered for the guide's table of limits.

pub(crate) use super::catalog::INDEXES;
pub(crate) use super::cursor::{IDLE as CURSOR_IDLE, OPEN as CURSORS, WAITING as CURSOR_BYTES};
pub(crate) use super::pending::BYTES as TRANSACTION_BYTES;
pub(crate) use super::session::{LIFETIME as TRANSACTION_LIFETIME, OPEN as TRANSACTIONS};
pub(crate) use super::sorter::BYTES as SORT_BYTES;
pub(crate) use super::wire::depth::LIMIT as DEPTH;
pub(crate) use super::wire::reading::{MESSAGE_TIMEOUT, ROOM};
pub(crate) use super::wire::{MAX_BATCH, MAX_DOCUMENT, MAX_MESSAGE};
