//! Parameters: names, values and their last hundred versions, over the database. SecureStrings are sealed at rest.
//!
//! Shapes, limits and error codes follow the API model of 2014-11-06 (AWS Systems Manager API Reference).

use std::sync::Arc;

use http::{Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::error::{Code, Result};
pub use self::provide::{ParameterError, ParameterKind, ParameterSpec};
pub(crate) use self::put::VERSIONS_MAX;
use self::seal::Key;
use crate::answer::{self, Body};
use crate::call::Call;
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
mod names;
mod pages;
mod path;
mod provide;
mod put;
mod rows;
mod seal;
mod tags;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The parameter service.
#[derive(Debug, Clone)]
pub(crate) struct Ssm {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    key: Key,
    region: String,
    account_id: String,
}

impl Ssm {
    /// Reads the key that seals SecureStrings, or makes one for a new folder.
    pub(crate) fn open(store: &Store, settings: &Settings) -> std::result::Result<Self, StoreError> {
        let sealed = store.load(|db| Ok::<_, StoreError>(rows::any_sealed(db)?))?;
        let inner = Inner {
            key: Key::open(store.path(), sealed)?,
            store: store.clone(),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, call: Call) -> Response<Body> {
        match Box::pin(self.perform(&call)).await {
            Ok(body) => answer::answer(StatusCode::OK, CONTENT_TYPE, body),
            Err(error) => answer::answer(error.code.status(), CONTENT_TYPE, error.document()),
        }
    }

    async fn perform(&self, call: &Call) -> Result<Vec<u8>> {
        match call.operation.as_str() {
            "PutParameter" => told(&self.put_parameter(input(call)?).await?),
            "GetParameter" => told(&self.get_parameter(input(call)?).await?),
            "GetParameters" => told(&self.get_parameters(input(call)?).await?),
            "GetParametersByPath" => told(&self.get_parameters_by_path(input(call)?).await?),
            "GetParameterHistory" => told(&self.get_parameter_history(input(call)?).await?),
            "DescribeParameters" => told(&self.describe_parameters(input(call)?).await?),
            "DeleteParameter" => told(&self.delete_parameter(input(call)?).await?),
            "DeleteParameters" => told(&self.delete_parameters(input(call)?).await?),
            "LabelParameterVersion" => told(&self.label_parameter_version(input(call)?).await?),
            "UnlabelParameterVersion" => told(&self.unlabel_parameter_version(input(call)?).await?),
            "AddTagsToResource" => told(&self.add_tags_to_resource(input(call)?).await?),
            "RemoveTagsFromResource" => told(&self.remove_tags_from_resource(input(call)?).await?),
            "ListTagsForResource" => told(&self.list_tags_for_resource(input(call)?).await?),
            other => {
                Err(Code::NotImplemented.saying(format!("{other} is not implemented by this endpoint.")))
            }
        }
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }
}

/// Reads a request. The reason of a failure is not told, because it may quote a value.
fn input<T: DeserializeOwned>(call: &Call) -> Result<T> {
    serde_json::from_slice(&call.body).map_err(|problem| {
        let (line, column) = (problem.line(), problem.column());
        Code::SerializationException.saying(format!(
            "The request is not valid JSON for {} (line {line}, column {column}).",
            call.operation
        ))
    })
}

fn told(output: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(output).map_err(|_| Code::InternalServerError.into())
}
