//! `UpdateSecretVersionStage`.

use rusqlite::Connection;
use serde::Deserialize;

use super::delete::Named;
use super::error::{Error, Result};
use super::stages::{self, Move};
use super::{Secrets, names, versions};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    secret_id: String,
    version_stage: String,
    remove_from_version_id: Option<String>,
    move_to_version_id: Option<String>,
}

impl Secrets {
    pub(super) async fn update_secret_version_stage(&self, input: Input) -> Result<Named> {
        names::check_id(&input.secret_id)?;
        let wanted = Move {
            stage: input.version_stage,
            from: input.remove_from_version_id,
            to: input.move_to_version_id,
        };
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &input.secret_id)?;
            let mut staged = versions::staged(db, &secret.name)?;
            stages::moved(&mut staged, &wanted)?;
            versions::restage(db, &secret.name, &staged)?;
            inner.changed(db, secret.clone())?;
            Ok::<_, Error>(inner.told(secret))
        };
        self.inner.store.write(job).await
    }
}
