//! `EnableKey`, `DisableKey`, `ScheduleKeyDeletion` and `CancelKeyDeletion`.

use serde::{Deserialize, Serialize};

use super::describe::{Nothing, OfKey};
use super::error::{Code, Error, Result};
use super::key::{self, Key, Manager, State};
use super::{Inner, Kms};
use crate::clock;
use crate::json::seconds;

const DAY: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scheduling {
    key_id: String,
    pending_window_in_days: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scheduled {
    key_id: String,
    deletion_date: f64,
    key_state: State,
    pending_window_in_days: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Cancelled {
    key_id: String,
}

impl Kms {
    pub(super) async fn enable_key(&self, input: OfKey) -> Result<Nothing> {
        self.switch(input.key_id, State::Enabled).await
    }

    pub(super) async fn disable_key(&self, input: OfKey) -> Result<Nothing> {
        self.switch(input.key_id, State::Disabled).await
    }

    pub(super) async fn schedule_key_deletion(&self, input: Scheduling) -> Result<Scheduled> {
        let days = input.pending_window_in_days.unwrap_or(30);
        if !(7..=30).contains(&days) {
            return Err(Error::validation(format!(
                "1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy constraint: \
                 Member must have value between 7 and 30"
            )));
        }
        self.change(input.key_id, move |db, inner, key| {
            inner.check_changeable(&key)?;
            let due = clock::now_ms() + days * DAY;
            let key = Key { state: State::PendingDeletion, due: Some(due), ..key };
            key::save(db, &key)?;
            Ok(Scheduled {
                key_id: inner.arn(key.id),
                deletion_date: seconds(due),
                key_state: key.state,
                pending_window_in_days: days,
            })
        })
        .await
    }

    /// The key comes back disabled (CancelKeyDeletion, API Reference).
    pub(super) async fn cancel_key_deletion(&self, input: OfKey) -> Result<Cancelled> {
        self.change(input.key_id, |db, inner, key| {
            let arn = inner.arn(key.id);
            if key.state != State::PendingDeletion {
                return Err(Code::KMSInvalidStateException.saying(format!("{arn} is not pending deletion.")));
            }
            key::save(db, &Key { state: State::Disabled, due: None, ..key })?;
            Ok(Cancelled { key_id: arn })
        })
        .await
    }

    async fn switch(&self, id: String, state: State) -> Result<Nothing> {
        self.change(id, move |db, inner, key| {
            inner.check_changeable(&key)?;
            key::save(db, &Key { state, ..key })?;
            Ok(Nothing {})
        })
        .await
    }
}

impl Inner {
    /// Refuses a key that is about to go, or that AWS manages.
    pub(super) fn check_changeable(&self, key: &Key) -> Result<()> {
        self.check_ours(key)?;
        if key.state == State::PendingDeletion { self.check_usable(key) } else { Ok(()) }
    }

    /// Refuses a key that AWS manages: nobody else may change it.
    pub(super) fn check_ours(&self, key: &Key) -> Result<()> {
        if key.manager == Manager::Customer {
            return Ok(());
        }
        let arn = self.arn(key.id);
        Err(Code::UnsupportedOperationException
            .saying(format!("{arn} is an AWS managed key, which can't be changed.")))
    }
}
