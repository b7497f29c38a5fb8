//! What buckets' documents mean, in memory: an ordinary request must not read and parse them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;

use super::documents::{self, Kind};
use super::encryption::Encryption;
use super::error::Result;
use super::lock::DefaultRetention;
use super::{S3, buckets, cors, lifecycle, notify};
use crate::store::StoreError;

/// What the documents of one bucket say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) cors: Vec<cors::Rule>,
    pub(super) lifecycle: Vec<lifecycle::Rule>,
    pub(super) encryption: Encryption,
    pub(super) retention: Option<DefaultRetention>,
    pub(super) notifications: Vec<notify::Rule>,
    /// The bucket's owner owns all there is and access control lists are off.
    pub(super) owner_enforced: bool,
    pub(super) blocks_public_acls: bool,
    pub(super) blocks_public_policy: bool,
}

/// The configuration of every bucket that has some, by name.
pub(super) type Configs = RwLock<HashMap<String, Arc<Config>>>;

/// Reads all of them, at the start.
pub(super) fn load(db: &Connection) -> std::result::Result<Configs, StoreError> {
    let mut statement =
        db.prepare("SELECT DISTINCT name FROM s3_bucket JOIN s3_bucket_document ON bucket = id")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut configs = HashMap::new();
    for name in names {
        let name = name?;
        // A document that makes no sense any more must not keep the others from being served.
        if let Ok(config) = of_bucket(db, &name) {
            configs.insert(name, Arc::new(config));
        }
    }
    Ok(RwLock::new(configs))
}

/// Reads that of one bucket.
pub(super) fn of_bucket(db: &Connection, bucket: &str) -> Result<Config> {
    let bucket = buckets::id(db, bucket)?;
    let mut statement = db.prepare_cached("SELECT kind, body FROM s3_bucket_document WHERE bucket = ?")?;
    let rows =
        statement.query_map([bucket], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut config = Config::default();
    for row in rows {
        let (row, content) = row?;
        config.take(&row, &content)?;
    }
    Ok(config)
}

impl Config {
    fn take(&mut self, row: &str, content: &str) -> Result<()> {
        let read = |kind| documents::read_kept(kind, content);
        match row {
            "cors" => self.cors = cors::rules(&read(Kind::Cors)?),
            "lifecycle" => self.lifecycle = lifecycle::rules(&read(Kind::Lifecycle)?),
            "encryption" => self.encryption = Encryption::default_of(&read(Kind::Encryption)?),
            "object-lock" => self.retention = DefaultRetention::of(&read(Kind::ObjectLock)?),
            "notification" => self.notifications = notify::rules(&read(Kind::Notification)?),
            "ownershipControls" => {
                let node = read(Kind::Ownership)?;
                let owner = node.child("Rule").and_then(|rule| rule.get("ObjectOwnership"));
                self.owner_enforced = owner == Some("BucketOwnerEnforced");
            }
            "publicAccessBlock" => {
                let node = read(Kind::PublicAccessBlock)?;
                self.blocks_public_acls = node.says("BlockPublicAcls");
                self.blocks_public_policy = node.says("BlockPublicPolicy");
            }
            _ => {}
        }
        Ok(())
    }
}

impl S3 {
    /// What the documents of a bucket say; nothing where there is no such bucket.
    pub(super) fn config(&self, bucket: &str) -> Arc<Config> {
        let configs = self.inner.configs.read().unwrap_or_else(PoisonError::into_inner);
        configs.get(bucket).cloned().unwrap_or_default()
    }

    /// The buckets that have lifecycle rules, and what their documents say.
    pub(super) fn configs_with_rules(&self) -> Vec<(String, Arc<Config>)> {
        let configs = self.inner.configs.read().unwrap_or_else(PoisonError::into_inner);
        let ruled = configs.iter().filter(|(_, config)| !config.lifecycle.is_empty());
        ruled.map(|(name, config)| (name.clone(), Arc::clone(config))).collect()
    }

    /// Changes the documents of a bucket; memory follows with the commit.
    pub(super) async fn write_settings<T, F>(&self, bucket: &str, job: F) -> Result<T>
    where
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (name, inner) = (bucket.to_owned(), Arc::clone(&self.inner));
        let wanted = name.clone();
        let job = move |db: &Connection| Ok((job(db)?, Arc::new(of_bucket(db, &wanted)?)));
        let committed = move |(_, config): &(T, Arc<Config>)| {
            let mut configs = inner.configs.write().unwrap_or_else(PoisonError::into_inner);
            configs.insert(name, Arc::clone(config));
        };
        self.store().write_then(job, committed).await.map(|(value, _)| value)
    }

    /// Forgets a bucket that is gone.
    pub(super) fn forget_config(&self, bucket: &str) {
        self.inner.configs.write().unwrap_or_else(PoisonError::into_inner).remove(bucket);
    }
}
