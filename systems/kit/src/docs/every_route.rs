//! What all routes have in common, as [`crate::http::finish`] sees to it: a request id on each answer, 500 after a panic,
//! 504 when the time is over.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{
    ContentBuilder, Header, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::Refused;

/// What the header is called, as people write it, and where it is described.
const REQUEST_ID: &str = "X-Request-Id";

/// Status, where its answer is described, and when it is given.
const ANSWERS: [(&str, &str, &str); 2] =
    [("500", "Failed", "The fault is the service's"), ("504", "TimedOut", "The time for a request is over")];

/// Adds it to each route. An answer that a route describes itself stays as it is.
pub(super) fn describe(openapi: &mut OpenApi) {
    let components = openapi.components.get_or_insert_default();
    components.headers.insert(REQUEST_ID.to_owned(), request_id().into());
    components.schemas.entry(Refused::name().into_owned()).or_insert_with(Refused::schema);
    for (_, name, when) in ANSWERS {
        components.responses.insert(name.to_owned(), refusal(when).into());
    }
    for operation in openapi.paths.paths.values_mut().flat_map(operations) {
        // Else it is the name of the handler's module, which is no group to a client.
        operation.tags = None;
        let answers = &mut operation.responses.responses;
        for answer in answers.values_mut() {
            if let RefOr::T(answer) = answer {
                identify(answer);
            }
        }
        for (status, name, _) in ANSWERS {
            let described = || Ref::from_response_name(name).into();
            answers.entry(status.to_owned()).or_insert_with(described);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
}

fn identify(answer: &mut Response) {
    let described = Ref::new(format!("#/components/headers/{REQUEST_ID}"));
    answer.headers.insert(REQUEST_ID.to_owned(), RefOr::Ref(described));
}

fn refusal(when: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name(Refused::name()))).build();
    let mut answer = ResponseBuilder::new().description(when).content("application/json", body).build();
    identify(&mut answer);
    answer
}

fn request_id() -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,128}$")).build();
    HeaderBuilder::new()
        .description(Some("The request's own identifier, or a new one where it has none or a strange one"))
        .schema(Some(text))
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use utoipa::OpenApi;

    #[derive(OpenApi)]
    #[openapi(paths(plain, own))]
    struct Description;

    #[utoipa::path(get, path = "/plain", responses((status = 204, description = "It runs")))]
    fn plain() {}

    #[utoipa::path(post, path = "/own", responses((status = 500, description = "The queue is away")))]
    fn own() {}

    #[test]
    fn every_answer_of_every_route_has_what_the_guard_adds() {
        plain();
        own();
        let document: Value = serde_json::from_str(&super::super::written(Description::openapi())).unwrap();
        let id = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
        assert_eq!(
            document["paths"]["/plain"]["get"]["responses"],
            json!({
                "204": {"description": "It runs", "headers": id},
                "500": {"$ref": "#/components/responses/Failed"},
                "504": {"$ref": "#/components/responses/TimedOut"},
            })
        );
        assert_eq!(
            document["paths"]["/own"]["post"]["responses"]["500"],
            json!({"description": "The queue is away", "headers": id})
        );
        let timed_out = &document["components"]["responses"]["TimedOut"];
        assert_eq!(timed_out["headers"], id);
        let body = &timed_out["content"]["application/json"]["schema"]["$ref"];
        assert_eq!(body, "#/components/schemas/Refused");
        assert_eq!(document["components"]["schemas"]["Refused"]["required"], json!(["detail"]));
    }
}
