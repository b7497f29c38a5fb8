//! Which key may see which tenants: read at start, read again on SIGHUP and when the file changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kit::Environment;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Where keys come from, and what stood there at start.
#[derive(Debug)]
pub(crate) struct Source {
    file: Option<PathBuf>,
    first: Keys,
}

/// All keys, as hashes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Keys {
    hashes: Vec<[u8; 32]>,
    /// In the order of `hashes`.
    tenants: Vec<BTreeSet<String>>,
    /// Those of all keys.
    known: BTreeSet<String>,
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// See this tenant.
    Granted,
    /// There is such a key, but not for this tenant.
    OtherTenant,
    /// There is no such key.
    UnknownKey,
}

/// Knows the keys that count now.
#[derive(Debug, Clone)]
pub(crate) struct Keeper(watch::Receiver<Arc<Keys>>);

impl Source {
    /// Reads `API_KEYS_JSON_FILE`, else `API_KEYS_JSON`. What is wrong is told without the text: there are keys in it.
    pub(crate) fn read(env: &Environment, problems: &mut Vec<String>) -> Option<Self> {
        let file = env.optional("API_KEYS_JSON_FILE").map(PathBuf::from);
        let first = match &file {
            Some(file) => read(file),
            None => Keys::parse(&env.text("API_KEYS_JSON", "")).map_err(|why| format!("API_KEYS_JSON {why}")),
        };
        let first = first.map_err(|problem| problems.push(problem)).ok()?;
        Some(Self { file, first })
    }
}

fn read(file: &PathBuf) -> Result<Keys, String> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("API_KEYS_JSON_FILE names {shown}, which can't be read: {error}"))?;
    Keys::parse(&text).map_err(|why| format!("{shown}, which API_KEYS_JSON_FILE names, {why}"))
}

impl Keys {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let keys: BTreeMap<String, BTreeSet<String>> = serde_json::from_str(text)
            .map_err(|_| "must be a JSON object of keys and their tenants, like {\"key_t1\":[\"t1\"]}")?;
        let hash = |(key, tenants): (String, _)| -> ([u8; 32], _) {
            (Sha256::digest(key.as_bytes()).into(), tenants)
        };
        let known = keys.values().flatten().cloned().collect();
        let (hashes, tenants) = keys.into_iter().map(hash).unzip();
        Ok(Self { hashes, tenants, known })
    }

    /// All keys are compared, and hashes at that: the time it takes tells nothing about any of them.
    fn find(&self, given: &[u8]) -> Option<&BTreeSet<String>> {
        let given: [u8; 32] = Sha256::digest(given).into();
        let (mut found, mut place) = (Choice::from(0), 0_u32);
        for (index, hash) in (0_u32..).zip(&self.hashes) {
            let same = hash.ct_eq(&given);
            place.conditional_assign(&index, same);
            found |= same;
        }
        self.tenants.get(place as usize).filter(|_| bool::from(found))
    }
}

impl Keeper {
    /// Begins to listen for changes. Must be called inside the runtime.
    ///
    /// # Errors
    /// When the system refuses a signal handler.
    pub(crate) fn start(source: Source) -> io::Result<Self> {
        let mut hangup = signal(SignalKind::hangup())?;
        let (sender, keeper) = watch::channel(Arc::new(source.first));
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(EVERY);
            let mut complaint = None;
            loop {
                tokio::select! {
                    _ = hangup.recv() => tracing::info!(signal = "SIGHUP", "keys are read again"),
                    _ = clock.tick() => {}
                    () = sender.closed() => return,
                }
                if let Some(file) = &source.file {
                    reload(&sender, file, &mut complaint);
                }
            }
        });
        Ok(Self(keeper))
    }

    /// Whether `key` may see `tenant`; of no readable tenant, only whether there is such a key.
    pub(crate) fn check(&self, key: Option<&[u8]>, tenant: Option<&str>) -> Access {
        let keys = self.0.borrow();
        match key.and_then(|key| keys.find(key)) {
            None => Access::UnknownKey,
            Some(tenants) if tenant.is_some_and(|tenant| tenants.contains(tenant)) => Access::Granted,
            Some(_) => Access::OtherTenant,
        }
    }

    /// Whether any key may see `tenant`.
    pub(crate) fn knows(&self, tenant: &str) -> bool {
        self.0.borrow().known.contains(tenant)
    }
}

/// Keys that can't be read leave those that count; it is told once.
fn reload(sender: &watch::Sender<Arc<Keys>>, file: &PathBuf, complaint: &mut Option<String>) {
    match read(file) {
        Ok(keys) => {
            *complaint = None;
            let is_news = sender.send_if_modified(|known| {
                let is_news = **known != keys;
                *known = Arc::new(keys);
                is_news
            });
            if is_news {
                tracing::info!(keys = sender.borrow().hashes.len(), "keys changed");
            }
        }
        Err(problem) => {
            if complaint.as_ref() != Some(&problem) {
                tracing::error!(problem, "keys can't be read; those read before still count");
            }
            *complaint = Some(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeper(json: &str) -> Keeper {
        Keeper(watch::channel(Arc::new(Keys::parse(json).unwrap())).1)
    }

    #[test]
    fn a_key_sees_its_tenants_and_no_other() {
        let keys = keeper(r#"{"key_admin":["t1","t2"],"key_t1":["t1"],"key_none":[]}"#);
        for (key, tenant, access) in [
            (Some("key_admin"), "t1", Access::Granted),
            (Some("key_admin"), "t2", Access::Granted),
            (Some("key_t1"), "t1", Access::Granted),
            (Some("key_t1"), "t2", Access::OtherTenant),
            (Some("key_none"), "t1", Access::OtherTenant),
            (Some("key_t"), "t1", Access::UnknownKey),
            (Some(""), "t1", Access::UnknownKey),
            (None, "t1", Access::UnknownKey),
        ] {
            assert_eq!(keys.check(key.map(str::as_bytes), Some(tenant)), access, "{key:?} {tenant}");
        }
        assert_eq!(keys.check(Some(b"key_t1"), None), Access::OtherTenant);
    }

    #[test]
    fn without_keys_nobody_sees_anything() {
        for empty in ["", " ", "{}"] {
            assert_eq!(keeper(empty).check(Some(b"key"), Some("t1")), Access::UnknownKey);
        }
        for bad in ["[", "[]", r#"{"k":"t1"}"#, r#"{"k":[1]}"#] {
            assert!(Keys::parse(bad).is_err(), "{bad}");
        }
    }
}
