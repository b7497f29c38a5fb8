//! What stands at `/openapi.json`, with the limits of this process.

use kit::docs;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{Modify, OpenApi};

use super::{metrics, routes};
use crate::settings::Limits;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "knowledge",
        description = "Documents of many tenants, indexed and searched. The limits in this description are those of this service's settings."
    ),
    paths(routes::health, metrics::show, routes::add, routes::search),
    modifiers(&Key)
)]
struct Description;

/// What a request shows to be let in.
struct Key;

impl Modify for Key {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")));
        openapi.components.get_or_insert_default().add_security_scheme("key", key);
    }
}

/// The description of a service with these limits.
pub(super) fn openapi(limits: Limits) -> String {
    let mut openapi = Description::openapi();
    limit(&mut openapi, limits);
    docs::written(openapi)
}

fn limit(openapi: &mut utoipa::openapi::OpenApi, limits: Limits) {
    let schemas = openapi.components.as_mut().map(|components| &mut components.schemas);
    let document = schemas.and_then(|schemas| schemas.get_mut("NewDocument"));
    let Some(RefOr::T(Schema::Object(document))) = document else { return };
    for (name, field) in &mut document.properties {
        match (name.as_str(), field) {
            ("title", RefOr::T(Schema::Object(title))) => title.max_length = Some(limits.title),
            ("content", RefOr::T(Schema::Object(content))) => content.max_length = Some(limits.content),
            ("tags", RefOr::T(Schema::Array(tags))) => tags.max_items = Some(limits.tags),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn it_has_the_limits_of_the_settings_and_the_key() {
        let written = openapi(Limits { title: 5, content: 6, tags: 2 });
        let document: Value = serde_json::from_str(&written).unwrap();
        let fields = &document["components"]["schemas"]["NewDocument"]["properties"];
        assert_eq!(fields["title"], json!({"type": "string", "minLength": 1, "maxLength": 5}));
        assert_eq!(
            (&fields["content"]["minLength"], &fields["content"]["maxLength"]),
            (&1.into(), &6.into())
        );
        assert_eq!(fields["tags"], json!({"type": "array", "items": {"type": "string"}, "maxItems": 2}));
        let key = json!({"type": "apiKey", "in": "header", "name": "X-API-Key"});
        assert_eq!(document["components"]["securitySchemes"]["key"], key);
        let search = &document["paths"]["/api/v1/tenants/{tenantId}/documents/search"]["get"];
        assert_eq!(search["security"], json!([{"key": []}]));
    }
}
