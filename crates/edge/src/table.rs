//! The configuration in the form a request reads: patterns kept, names resolved, header values made.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use crate::config::{Algorithm, HealthCheck, Limits, PathPattern, Timeouts};
use crate::target::{Padded, Target};

/// A listener's number: given when its address is bound, kept for as long as it stays bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListenerId(pub(crate) u32);

/// Everything a worker reads for a request. Replaced whole.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) groups: BTreeMap<String, Arc<Group>>,
    pub(crate) limits: Limits,
    pub(crate) timeouts: Timeouts,
}

/// The rules of one socket.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) id: ListenerId,
    pub(crate) name: String,
    /// The address asked for; its port may be 0.
    pub(crate) wanted: SocketAddr,
    /// The address it really has.
    pub(crate) local: SocketAddr,
    pub(crate) rules: Vec<Rule>,
    pub(crate) default: Action,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) host: Option<String>,
    pub(crate) path: Option<PathPattern>,
    pub(crate) action: Action,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Forward(Split),
    Fixed { status: StatusCode, content_type: HeaderValue, body: Bytes },
    Redirect { status: StatusCode, scheme: Option<String>, port: Option<u16> },
}

/// Groups and where each one's share of `0..total` ends.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    pub(crate) shares: Vec<(u32, Arc<Group>)>,
    pub(crate) total: u32,
}

/// Equal targets.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) health_check: Option<HealthCheck>,
    pub(crate) slow_start: Duration,
    pub(crate) stickiness: Option<Duration>,
    pub(crate) targets: Vec<Arc<Target>>,
    /// Counts the requests; kept across swaps so that turns go on.
    pub(crate) turn: Arc<Padded<AtomicUsize>>,
}

impl Table {
    /// The rules of a listener, or `None` when a swap took it away.
    pub(crate) fn listener(&self, id: ListenerId) -> Option<&Listener> {
        self.listeners.iter().find(|listener| listener.id == id)
    }

    /// Number and address of the listener that is bound as `name` on `wanted`.
    pub(crate) fn bound(&self, name: &str, wanted: SocketAddr) -> Option<(ListenerId, SocketAddr)> {
        let same = |listener: &&Listener| listener.name == name && listener.wanted == wanted;
        self.listeners.iter().find(same).map(|listener| (listener.id, listener.local))
    }

    /// Every target of every group.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (&Arc<Group>, &Arc<Target>)> {
        self.groups.values().flat_map(|group| group.targets.iter().map(move |target| (group, target)))
    }

    /// One target by name.
    pub(crate) fn target(&self, group: &str, id: &str) -> Option<&Arc<Target>> {
        self.groups.get(group)?.targets.iter().find(|target| target.id == id)
    }
}
