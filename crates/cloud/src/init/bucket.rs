//! A bucket: made where it is missing, its versions and rules brought up to date.

use super::{Bucket, Outcome};
use crate::server::Services;

pub(super) async fn provide(services: &Services, bucket: &Bucket) -> Result<Outcome, String> {
    let buckets = services.s3.buckets().await.map_err(|error| error.to_string())?;
    let there = buckets.iter().any(|other| other.name == bucket.name);
    services.s3.ensure_bucket(&bucket.name, bucket.expire_days).await.map_err(|error| error.to_string())?;
    if bucket.versioning {
        services.s3.ensure_versions(&bucket.name).await.map_err(|error| error.to_string())?;
    }
    Ok(if there { Outcome::There } else { Outcome::Made })
}
