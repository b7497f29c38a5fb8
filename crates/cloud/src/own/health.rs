//! Whether the cloud is up, for `curl --fail`, container health checks and scripts that wait.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{Response, StatusCode};
use serde::Serialize;

use super::JSON;
use crate::answer::{self, Body};
use crate::coverage;
use crate::mongo::Mongo;
use crate::store::{Store, StoreError};

/// A database that has not answered by then counts as one that does not.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `GET /_taxiway/health` answers with. `services` has the form LocalStack gives it, so that scripts which wait
/// for `"sqs": "running"` go on working.
#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    services: BTreeMap<&'static str, &'static str>,
}

/// Looks at the database that every service stands on.
pub(super) async fn answer(store: &Store) -> Response<Body> {
    let looked = tokio::time::timeout(PATIENCE, store.read(look)).await;
    let (code, health) = match looked {
        Ok(Ok(())) => (StatusCode::OK, health("ok", "running", None)),
        Ok(Err(error)) => {
            (StatusCode::SERVICE_UNAVAILABLE, health("failing", "error", Some(error.to_string())))
        }
        Err(_) => {
            let reason = format!("the database has not answered for {} s", PATIENCE.as_secs());
            (StatusCode::SERVICE_UNAVAILABLE, health("failing", "error", Some(reason)))
        }
    };
    answer::answer(code, JSON, serde_json::to_vec(&health).unwrap_or_default())
}

fn look(db: &rusqlite::Connection) -> Result<(), StoreError> {
    Ok(db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?)
}

fn health(status: &'static str, state: &'static str, reason: Option<String>) -> Health {
    let services = coverage::services().chain([Mongo::ID]).map(|service| (service, state)).collect();
    Health { status, version: env!("CARGO_PKG_VERSION"), reason, services }
}
