//! The table, a file for what belongs together. A check is here only while it fails for some system of this repository:
//! `tests/policy` holds it to that.

use super::Topic;

mod data;
mod door;
mod elsewhere;
mod hooks;
mod keys;
mod unseen;

pub(super) use elsewhere::ELSEWHERE;

pub(super) const TOPICS: &[Topic] = &[
    keys::KEYS,
    door::TRANSPORT,
    door::EDGE,
    data::LOGS,
    data::PROTECTION,
    data::BUCKETS,
    data::ACCESS,
    hooks::HOOKS,
    unseen::UNSEEN,
];
