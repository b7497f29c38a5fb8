//! Configuration → table: refuses what does not hold together, keeps what stayed the same.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::config::{self, Config};
use crate::health::Health;
use crate::table::{Action, Group, Listener, ListenerId, Rule, Split, Table};
use crate::target::Target;

mod check;

pub use check::ConfigError;

static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// Makes the next table. Targets of `before` whose group, id and address stay are the same objects in the result.
///
/// `bound` gives each listener's number and address; the caller binds sockets before it calls.
///
/// # Errors
/// The first thing in `config` that does not hold together; nothing has changed then.
pub(crate) fn compile(
    config: &Config,
    before: Option<&Table>,
    bound: &BTreeMap<String, (ListenerId, SocketAddr)>,
) -> Result<Table, ConfigError> {
    check::limits(&config.limits, &config.timeouts)?;
    let mut groups = BTreeMap::new();
    for (name, group) in &config.target_groups {
        check::group(name, group)?;
        groups.insert(name.clone(), Arc::new(compile_group(name, group, before)));
    }
    let mut listeners = Vec::with_capacity(config.listeners.len());
    for (name, listener) in &config.listeners {
        let place = bound.get(name).copied().unwrap_or((ListenerId(u32::MAX), listener.address));
        listeners.push(compile_listener(place, name, listener, &groups)?);
    }
    Ok(Table { listeners, groups, limits: config.limits.clone(), timeouts: config.timeouts.clone() })
}

fn compile_group(name: &str, group: &config::TargetGroup, before: Option<&Table>) -> Group {
    let health = if group.health_check.is_some() { Health::Initial } else { Health::Healthy };
    let known = |id: &str, address: SocketAddr| {
        let target = before?.target(name, id)?;
        (target.address == address).then(|| Arc::clone(target))
    };
    let fresh = |id: &str, address| {
        let key = NEXT_KEY.fetch_add(1, Ordering::Relaxed);
        Arc::new(Target::new(key, id, address, affinity(name, id), health))
    };
    let targets = group.targets.iter();
    Group {
        name: name.to_owned(),
        algorithm: group.algorithm,
        health_check: group.health_check.clone(),
        slow_start: group.slow_start,
        stickiness: group.stickiness,
        targets: targets
            .map(|(id, target)| known(id, target.address).unwrap_or_else(|| fresh(id, target.address)))
            .collect(),
        turn: before
            .and_then(|table| table.groups.get(name))
            .map_or_else(Arc::default, |group| Arc::clone(&group.turn)),
    }
}

/// What the affinity cookie carries instead of a name: the same after a restart, and says nothing to a reader.
fn affinity(group: &str, id: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (group, id).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn compile_listener(
    (id, local): (ListenerId, SocketAddr),
    name: &str,
    listener: &config::Listener,
    groups: &BTreeMap<String, Arc<Group>>,
) -> Result<Listener, ConfigError> {
    let mut rules = Vec::with_capacity(listener.rules.len());
    for (index, rule) in listener.rules.iter().enumerate() {
        let place = format!("listener `{name}`, rule {}", index + 1);
        check::patterns(&place, rule)?;
        let action = compile_action(&place, &rule.action, groups)?;
        rules.push(Rule { host: rule.host.clone(), path: rule.path.clone(), action });
    }
    let default = compile_action(&format!("listener `{name}`, default"), &listener.default, groups)?;
    Ok(Listener { id, name: name.to_owned(), wanted: listener.address, local, rules, default })
}

fn compile_action(
    place: &str,
    action: &config::Action,
    groups: &BTreeMap<String, Arc<Group>>,
) -> Result<Action, ConfigError> {
    Ok(match action {
        config::Action::Forward(weights) => Action::Forward(compile_split(place, weights, groups)?),
        config::Action::Fixed { status, content_type, body } => Action::Fixed {
            status: check::fixed_status(place, *status)?,
            content_type: check::content_type(place, content_type)?,
            body: check::fixed_body(place, body)?,
        },
        config::Action::Redirect { status, scheme, port } => Action::Redirect {
            status: check::redirect_status(place, *status)?,
            scheme: check::scheme(place, scheme.as_deref())?,
            port: *port,
        },
    })
}

fn compile_split(
    place: &str,
    weights: &[config::WeightedGroup],
    groups: &BTreeMap<String, Arc<Group>>,
) -> Result<Split, ConfigError> {
    let mut shares = Vec::with_capacity(weights.len());
    let mut total = 0;
    for share in weights {
        let group = groups.get(&share.group).ok_or_else(|| ConfigError::UnknownGroup {
            place: place.to_owned(),
            group: share.group.clone(),
        })?;
        check::weight(place, share)?;
        total += u32::from(share.weight);
        if share.weight > 0 {
            shares.push((total, Arc::clone(group)));
        }
    }
    if total == 0 {
        Err(ConfigError::NoWeight { place: place.to_owned() })
    } else {
        Ok(Split { shares, total })
    }
}

#[cfg(test)]
mod tests;
