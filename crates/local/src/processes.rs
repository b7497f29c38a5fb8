//! Other processes as /proc shows them (proc(5)). The only room that reads /proc; Linux only.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One process for good: the id alone is used again after its end, id and start time together are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// Process id.
    pub(crate) pid: u32,
    /// When it started, in clock ticks since the machine did.
    pub(crate) start_time: u64,
}

/// What /proc/PID/stat says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) identity: Identity,
    pub(crate) parent: u32,
    pub(crate) group: u32,
    /// It ended and only its parent has not looked yet.
    pub(crate) is_zombie: bool,
}

impl Identity {
    /// The process that has this id now, if there is one.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        see(pid).map(|seen| seen.identity)
    }

    /// Whether exactly this process still runs.
    pub(crate) fn is_alive(self) -> bool {
        see(self.pid).is_some_and(|seen| seen.identity == self && !seen.is_zombie)
    }
}

/// The process that has this id now, if there is one.
pub(crate) fn see(pid: u32) -> Option<Seen> {
    parse_stat(pid, &fs::read_to_string(path(pid, "stat")).ok()?)
}

/// Every process of the machine that can be seen.
pub(crate) fn all() -> Vec<Seen> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(see).collect()
}

/// Whether the process was started with `variable` (`NAME=value`) in its environment. False where that is hidden.
pub(crate) fn was_started_with(pid: u32, variable: &str) -> bool {
    let Ok(environment) = fs::read(path(pid, "environ")) else { return false };
    environment.split(|byte| *byte == 0).any(|entry| entry == variable.as_bytes())
}

/// What the process is called, at most 15 bytes (its `comm`).
pub(crate) fn name(pid: u32) -> Option<String> {
    Some(fs::read_to_string(path(pid, "comm")).ok()?.trim_end().to_owned())
}

/// Changes with every start of the machine: start times are comparable only where it is the same.
pub(crate) fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim_end().to_owned()
}

/// Who listens on this TCP port, as far as it can be seen: process id and name.
pub(crate) fn listener_on(port: u16) -> Option<(u32, String)> {
    let inodes =
        ["/proc/net/tcp", "/proc/net/tcp6"].into_iter().filter_map(|table| fs::read_to_string(table).ok());
    let inode = inodes.filter_map(|table| listening_inode(&table, port)).next()?;
    let target = PathBuf::from(format!("socket:[{inode}]"));
    let pid = all().into_iter().map(|seen| seen.identity.pid).find(|pid| has_open(*pid, &target))?;
    Some((pid, name(pid)?))
}

fn path(pid: u32, file: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/{file}"))
}

// The name stands in parentheses and may itself hold parentheses and spaces; fields are counted after the last one.
fn parse_stat(pid: u32, text: &str) -> Option<Seen> {
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    // Fields 3, 4 and 5 are taken; start time is field 22.
    let start_time = fields.nth(16)?.parse().ok()?;
    Some(Seen {
        identity: Identity { pid, start_time },
        parent,
        group,
        is_zombie: matches!(state, "Z" | "X"),
    })
}

fn listening_inode(table: &str, port: u16) -> Option<u64> {
    const LISTEN: &str = "0A";
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let (_, local_port) = fields.get(1)?.rsplit_once(':')?;
        let is_it = u16::from_str_radix(local_port, 16) == Ok(port) && fields.get(3) == Some(&LISTEN);
        if is_it { fields.get(9)?.parse().ok() } else { None }
    })
}

fn has_open(pid: u32, target: &PathBuf) -> bool {
    let Ok(entries) = fs::read_dir(path(pid, "fd")) else { return false };
    entries.flatten().any(|entry| fs::read_link(entry.path()).is_ok_and(|link| link == *target))
}

#[cfg(test)]
mod tests {
    use super::{Identity, listener_on, parse_stat, see};

    #[test]
    fn this_process_is_seen_alive() {
        let pid = std::process::id();
        let identity = Identity::of(pid).unwrap();
        assert!(identity.is_alive());
        assert!(!Identity { start_time: identity.start_time + 1, ..identity }.is_alive());
        assert_eq!(see(pid).unwrap().parent, std::os::unix::process::parent_id());
    }

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let text = "7 (a) b (c)) Z 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 9922 22 23";
        let seen = parse_stat(7, text).unwrap();
        assert_eq!((seen.parent, seen.group, seen.is_zombie), (3, 4, true));
        assert_eq!(seen.identity, Identity { pid: 7, start_time: 9922 });
    }

    #[test]
    fn the_holder_of_a_port_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (pid, _) = listener_on(listener.local_addr().unwrap().port()).unwrap();
        assert_eq!(pid, std::process::id());
    }
}
