//! Reaching a running cloud: where it is, and how to ask it.

pub(crate) use self::client::{Client, Trouble};
pub(crate) use self::place::{Place, find};
pub(crate) use self::suggest::did_you_mean;

mod client;
mod place;
mod sign;
mod suggest;
