//! `RotateSecret` and `CancelRotateSecret`. No function runs here: what AWS does before it calls one is done, and the
//! pending version waits for whoever plays the function's part.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::describe::OfSecret;
use super::error::{Code, Error, Result};
use super::secret::{Rotation, Rules, Secret};
use super::stages::{self, Staged};
use super::versions::{self, Version};
use super::{Inner, Secrets, names, put};
use crate::clock;

const HOUR: i64 = 60 * 60 * 1000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    secret_id: String,
    client_request_token: Option<String>,
    #[serde(rename = "RotationLambdaARN")]
    function: Option<String>,
    rotation_rules: Option<Rules>,
    rotate_immediately: Option<bool>,
    external_secret_rotation_role_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rotating {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
}

impl Secrets {
    pub(super) async fn rotate_secret(&self, input: Input) -> Result<Rotating> {
        names::check_id(&input.secret_id)?;
        let token = input
            .client_request_token
            .ok_or_else(|| Code::InvalidParameterException.saying(put::NO_TOKEN))?;
        if input.external_secret_rotation_role_arn.is_some() {
            return Err(Code::InvalidRequestException
                .saying("RotateSecret: this cloud has no secrets that a partner of AWS manages."));
        }
        let every = input.rotation_rules.as_ref().map(period).transpose()?.flatten();
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &input.secret_id)?;
            let before = secret.rotation.clone();
            let function = input.function.filter(|function| !function.is_empty());
            let function = function.or_else(|| before.as_ref()?.function.clone()).ok_or_else(|| {
                Code::InvalidRequestException
                    .saying("No Lambda rotation function ARN is associated with this secret.")
            })?;
            let at_once = input.rotate_immediately != Some(false);
            if at_once {
                inner.begin(db, &secret, &token)?;
            }
            let every = every.or_else(|| period(before.as_ref()?.rules.as_ref()?).ok().flatten());
            let now = clock::now_ms();
            let rotation = Rotation {
                on: true,
                function: Some(function),
                rules: input.rotation_rules.or_else(|| before.as_ref()?.rules.clone()),
                rotated: before.and_then(|before| before.rotated),
                next: every.map(|every| now + every),
            };
            let told = inner.told(secret.clone());
            inner.changed(db, Secret { rotation: Some(rotation), ..secret })?;
            Ok::<_, Error>(Rotating { arn: told.arn, name: told.name, version_id: Some(token) })
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn cancel_rotate_secret(&self, input: OfSecret) -> Result<Rotating> {
        names::check_id(&input.secret_id)?;
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &input.secret_id)?;
            let Some(rotation) = secret.rotation.clone().filter(|rotation| rotation.on) else {
                return Err(Code::InvalidRequestException.saying(
                    "You can't cancel the rotation of a secret that does not have rotation enabled.",
                ));
            };
            let staged = versions::staged(db, &secret.name)?;
            let version_id = stages::holder(&staged, stages::PENDING);
            let told = inner.told(secret.clone());
            inner.changed(
                db,
                Secret { rotation: Some(Rotation { on: false, next: None, ..rotation }), ..secret },
            )?;
            Ok::<_, Error>(Rotating { arn: told.arn, name: told.name, version_id })
        };
        self.inner.store.write(job).await
    }
}

impl Inner {
    /// Adds the pending version that a function would fill. One that an earlier rotation left has to be filled first.
    fn begin(&self, db: &Connection, secret: &Secret, token: &str) -> Result<()> {
        let mut staged = versions::staged(db, &secret.name)?;
        let pending = stages::holder(&staged, stages::PENDING);
        let is_current = pending.is_some() && pending == stages::holder(&staged, stages::CURRENT);
        if pending.is_some_and(|pending| pending != token && !is_current) {
            return Err(Code::InvalidRequestException
                .saying("A previous rotation isn't complete. That rotation will be reattempted."));
        }
        if staged.iter().any(|version| version.id == token) {
            return Ok(());
        }
        let new = Staged { id: token.to_owned(), stages: Vec::new() };
        let version = Version { staged: new.clone(), made: clock::now_ms(), accessed: None, value: None };
        versions::put(db, &secret.name, &version)?;
        staged.push(new);
        stages::attach(&mut staged, token, &[stages::PENDING.to_owned()]);
        versions::restage(db, &secret.name, &staged)
    }
}

/// Milliseconds between rotations, where the rules say it as a span: a `cron` names moments instead, which are kept and
/// told, but not reckoned with.
fn period(rules: &Rules) -> Result<Option<i64>> {
    match (rules.automatically_after_days, rules.schedule_expression.as_deref()) {
        (Some(_), Some(_)) => Err(Code::InvalidParameterException.saying(
            "You can't specify both RotationRules.AutomaticallyAfterDays and RotationRules.ScheduleExpression in the \
             same request.",
        )),
        (Some(days), None) => Ok(Some(days * 24 * HOUR)),
        (None, Some(schedule)) => scheduled(schedule),
        (None, None) => Ok(None),
    }
}

/// `rate(4 hours)` to `rate(999 days)`, or `cron(…)` with six fields ("Schedule expressions in Secrets Manager
/// rotation", User Guide).
fn scheduled(schedule: &str) -> Result<Option<i64>> {
    let invalid =
        || Code::InvalidParameterException.saying(format!("Invalid ScheduleExpression: {schedule}"));
    if let Some(fields) = schedule.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')) {
        return if fields.split_whitespace().count() == 6 { Ok(None) } else { Err(invalid()) };
    }
    let rate = schedule.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')).ok_or_else(invalid)?;
    let (count, unit) = rate.trim().split_once(' ').ok_or_else(invalid)?;
    let count: i64 = count.parse().map_err(|_| invalid())?;
    let hours = match unit.trim() {
        "hour" | "hours" => count,
        "day" | "days" => count.saturating_mul(24),
        _ => return Err(invalid()),
    };
    if (4..=999 * 24).contains(&hours) { Ok(Some(hours * HOUR)) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read() {
        assert_eq!(scheduled("rate(10 days)"), Ok(Some(240 * HOUR)));
        assert_eq!(scheduled("rate(4 hours)"), Ok(Some(4 * HOUR)));
        assert_eq!(scheduled("cron(0 16 1,15 * ? *)"), Ok(None));
        for wrong in ["rate(3 hours)", "rate(0 days)", "rate(1000 days)", "rate(days)", "cron(0 16)", "daily"]
        {
            assert_eq!(scheduled(wrong).unwrap_err().code, Code::InvalidParameterException, "{wrong}");
        }
    }
}
