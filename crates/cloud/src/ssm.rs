//! Parameters: names, values and their last hundred versions, over the database. SecureStrings are sealed at rest, each
//! under its KMS key.
//!
//! Shapes, limits and error codes follow the API model of 2014-11-06 (AWS Systems Manager API Reference).

use std::sync::Arc;

use http::Response;
use rusqlite::Connection;

use self::error::{Error, Result};
pub(crate) use self::place::VERSIONS_MAX;
use crate::answer::Body;
use crate::call::Call;
use crate::clock;
use crate::json;
use crate::kms::Kms;
use crate::seal::Key;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

mod check;
mod delete;
mod describe;
mod error;
mod filters;
mod get;
mod history;
mod labels;
mod model;
mod names;
mod pages;
mod path;
mod place;
mod policies;
mod put;
mod reference;
mod rows;
mod tags;

/// The parameter service.
#[derive(Debug, Clone)]
pub(crate) struct Ssm {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    store: Store,
    /// What sealed the SecureStrings of the first version.
    root: Arc<Key>,
    kms: Kms,
    secrets: Secrets,
    /// The cloud's own region: parameters of all regions are kept, and sealed, as its own.
    home: String,
    /// Where the caller is.
    region: String,
    account_id: String,
}

impl Ssm {
    /// Opens it over keys that seal SecureStrings and secrets that parameters may stand for.
    pub(crate) fn open(
        store: &Store,
        root: &Arc<Key>,
        kms: &Kms,
        secrets: &Secrets,
        settings: &Settings,
    ) -> Self {
        let inner = Inner {
            store: store.clone(),
            root: Arc::clone(root),
            kms: kms.clone(),
            secrets: secrets.clone(),
            home: settings.region.clone(),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, call: Call) -> Response<Body> {
        json::answer(Box::pin(self.at(call.region.as_deref()).perform(&call)).await)
    }

    /// The same for a caller in `region`.
    fn at(&self, region: Option<&str>) -> Self {
        match region {
            Some(region) if region != self.inner.region => {
                let inner = Inner { region: region.to_owned(), ..(*self.inner).clone() };
                Self { inner: Arc::new(inner) }
            }
            _ => self.clone(),
        }
    }

    /// Forgets every parameter.
    pub(crate) async fn reset(&self) -> std::result::Result<usize, StoreError> {
        self.store().write(|db| Ok(rows::clear(db)?)).await
    }

    /// Removes the parameters that have expired.
    pub(crate) async fn sweep(&self) -> std::result::Result<usize, StoreError> {
        self.store().write(|db| Ok(rows::sweep(db, clock::now_ms())?)).await
    }

    /// Whether anything is sealed: then the root key has to be there.
    pub(crate) fn any_sealed(db: &Connection) -> rusqlite::Result<bool> {
        rows::any_sealed(db)
    }

    async fn perform(&self, call: &Call) -> Result<Vec<u8>> {
        let input = json::read(model::OPERATIONS, call)?;
        match call.operation.as_str() {
            "PutParameter" => json::told(&self.put_parameter(json::input(input)?).await?),
            "GetParameter" => json::told(&self.get_parameter(json::input(input)?).await?),
            "GetParameters" => json::told(&self.get_parameters(json::input(input)?).await?),
            "GetParametersByPath" => json::told(&self.get_parameters_by_path(json::input(input)?).await?),
            "GetParameterHistory" => json::told(&self.get_parameter_history(json::input(input)?).await?),
            "DescribeParameters" => json::told(&self.describe_parameters(json::input(input)?).await?),
            "DeleteParameter" => json::told(&self.delete_parameter(json::input(input)?).await?),
            "DeleteParameters" => json::told(&self.delete_parameters(json::input(input)?).await?),
            "LabelParameterVersion" => json::told(&self.label_parameter_version(json::input(input)?).await?),
            "UnlabelParameterVersion" => {
                json::told(&self.unlabel_parameter_version(json::input(input)?).await?)
            }
            "AddTagsToResource" => json::told(&self.add_tags_to_resource(json::input(input)?).await?),
            "RemoveTagsFromResource" => {
                json::told(&self.remove_tags_from_resource(json::input(input)?).await?)
            }
            "ListTagsForResource" => json::told(&self.list_tags_for_resource(json::input(input)?).await?),
            // Every operation of the table is above, as a test says.
            _ => Err(Error::internal()),
        }
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }
}

#[cfg(test)]
mod tests;
