//! The edge from outside: raw bytes in, raw bytes out, real sockets, real processes.

mod drain;
mod faults;
mod framing;
mod health;
mod kill;
mod limits;
mod routing;
mod support;
mod swap;
mod upgrade;
