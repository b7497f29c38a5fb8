//! What a refusal says, for descriptions: [`crate::ApiError`] and [`crate::validation::Pydantic`] write it.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use crate::validation::Step;

/// What a refusal says in one sentence.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The sentence.
    pub detail: String,
}

/// What a refusal says of a request that is wrong in itself.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unprocessable {
    /// Everything that is wrong.
    #[schema(min_items = 1)]
    pub detail: Vec<Wrong>,
}

/// One thing that is wrong, in pydantic 2's shape.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// What programs tell it by.
    pub r#type: String,
    /// Where it is: names of fields, places in lists and texts.
    #[schema(min_items = 1)]
    pub loc: Vec<Step>,
    /// What people read.
    pub msg: String,
    /// What stands there.
    pub input: Value,
    /// What it was measured by, where its type does not say that.
    #[schema(nullable = false)]
    pub ctx: Option<BTreeMap<String, Value>>,
}

/// What a refusal says of a request that is wrong in itself.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Unprocessable)]
pub struct UnprocessableV1 {
    /// Everything that is wrong.
    #[schema(min_items = 1)]
    pub detail: Vec<WrongV1>,
}

/// One thing that is wrong, in pydantic 1's shape.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Wrong)]
pub struct WrongV1 {
    /// Where it is: names of fields, places in lists and texts.
    #[schema(min_items = 1)]
    pub loc: Vec<Step>,
    /// What people read.
    pub msg: String,
    /// What programs tell it by.
    pub r#type: String,
    /// An empty object, where the body is no JSON.
    #[schema(nullable = false)]
    pub input: Option<BTreeMap<String, Value>>,
    /// What it was measured by, where its type does not say that.
    #[schema(nullable = false)]
    pub ctx: Option<BTreeMap<String, Value>>,
}
