//! Rotation: what is switched on and told, and new material on demand. Material older than the period is not replaced
//! by itself here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Kms;
use super::cipher::material_id;
use super::describe::{Nothing, OfKey};
use super::error::{Code, Result};
use super::find::Aliases;
use super::key::{self, Key, Manager};
use super::pages::{self, Page};
use crate::clock;
use crate::json::seconds;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Days between rotations where nobody says (EnableKeyRotation, API Reference).
const USUAL_PERIOD: i64 = 365;

/// On-demand rotations of a key at most (RotateKeyOnDemand, API Reference).
const ON_DEMAND_MAX: u32 = 25;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Enabling {
    key_id: String,
    rotation_period_in_days: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listing {
    key_id: String,
    include_key_material: Option<String>,
    #[serde(flatten)]
    page: Page,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Status {
    key_id: Uuid,
    key_rotation_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_period_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<f64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rotated {
    key_id: Uuid,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    rotations: Vec<Rotation>,
    #[serde(flatten)]
    end: pages::End,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rotation {
    key_id: Uuid,
    key_material_id: String,
    key_material_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_type: Option<&'static str>,
    #[serde(skip)]
    number: u32,
}

impl Kms {
    pub(super) async fn enable_key_rotation(&self, input: Enabling) -> Result<Nothing> {
        let period = input.rotation_period_in_days.unwrap_or(USUAL_PERIOD);
        self.change(input.key_id, move |db, inner, key| {
            inner.check_ours(&key)?;
            inner.check_usable(&key)?;
            let since = key.rotated.unwrap_or_else(clock::now_ms);
            key::save(db, &Key { rotation_period: Some(period), rotated: Some(since), ..key })?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn disable_key_rotation(&self, input: OfKey) -> Result<Nothing> {
        self.change(input.key_id, |db, inner, key| {
            inner.check_ours(&key)?;
            inner.check_usable(&key)?;
            key::save(db, &Key { rotation_period: None, rotated: None, ..key })?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn get_key_rotation_status(&self, input: OfKey) -> Result<Status> {
        self.with_key(input.key_id, Aliases::Refused, |_, inner, key| {
            inner.check_rotatable(&key)?;
            let managed = key.manager == Manager::Aws;
            let period = key.rotation_period.or(managed.then_some(USUAL_PERIOD));
            let since = key.rotated.unwrap_or(key.made);
            Ok(Status {
                key_id: key.id,
                key_rotation_enabled: period.is_some(),
                rotation_period_in_days: period,
                next_rotation_date: period.map(|days| seconds(since + days * DAY)),
            })
        })
        .await
    }

    pub(super) async fn rotate_key_on_demand(&self, input: OfKey) -> Result<Rotated> {
        self.change(input.key_id, |db, inner, key| {
            inner.check_ours(&key)?;
            inner.check_usable(&key)?;
            let newest = key::generations(db, key.id)?.last().map_or(0, |(number, _)| *number);
            if newest > ON_DEMAND_MAX {
                return Err(Code::LimitExceededException.saying(format!(
                    "{} was rotated on demand {ON_DEMAND_MAX} times, which is the limit.",
                    inner.arn(key.id)
                )));
            }
            key::add_material(db, &inner.root, key.id, newest + 1)?;
            Ok(Rotated { key_id: key.id })
        })
        .await
    }

    pub(super) async fn list_key_rotations(&self, input: Listing) -> Result<Listed> {
        let (limit, after) = (input.page.limit(100), input.page.after()?);
        let all = input.include_key_material.as_deref() == Some("ALL_KEY_MATERIAL");
        self.with_key(input.key_id, Aliases::Refused, move |db, _, key| {
            let generations = key::generations(db, key.id)?;
            let newest = generations.last().map_or(1, |(number, _)| *number);
            let after: u32 = after.parse().unwrap_or(0);
            let shown = generations.iter().filter(|(number, _)| *number > after && (all || *number > 1));
            let mut rotations: Vec<Rotation> =
                shown.map(|(number, made)| rotation(key.id, *number, *made, newest)).collect();
            let end = pages::cut(&mut rotations, limit, |rotation| rotation.number.to_string());
            Ok(Listed { rotations, end })
        })
        .await
    }
}

impl super::Inner {
    /// A key about to go does not tell of its rotation.
    fn check_rotatable(&self, key: &Key) -> Result<()> {
        if key.state == super::key::State::PendingDeletion { self.check_usable(key) } else { Ok(()) }
    }
}

/// The first generation is the key's making, not a rotation.
fn rotation(key: Uuid, number: u32, made: i64, newest: u32) -> Rotation {
    let rotated = number > 1;
    Rotation {
        key_id: key,
        key_material_id: material_id(key, number),
        key_material_state: if number == newest { "CURRENT" } else { "NON_CURRENT" },
        rotation_date: rotated.then(|| seconds(made)),
        rotation_type: rotated.then_some("ON_DEMAND"),
        number,
    }
}
