//! What is published about the language: the schema, and `explain`.

use std::process::Command;

use serde_json::Value;

#[test]
fn the_schema_says_what_reading_says() {
    let schema = model::schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let service = &schema["$defs"]["service"];
    assert_eq!(service["additionalProperties"], false);
    assert_eq!(service["required"], serde_json::json!(["type"]));
    assert_eq!(service.pointer("/properties/port/anyOf/0/maximum").unwrap(), 65535);
    assert_eq!(service.pointer("/properties/cpu/default").unwrap(), 256);
    assert_eq!(schema["$defs"]["queue"].pointer("/properties/type/const").unwrap(), "queue");
    assert!(schema["$defs"]["service-overlay"].get("required").is_none());
    assert!(schema["$defs"]["manifest-overlay"].pointer("/properties/environments").is_none());
}

#[test]
fn every_reference_in_the_schema_leads_somewhere() {
    fn walk(value: &Value, root: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(root.pointer(target.trim_start_matches('#')).is_some(), "{target} leads nowhere");
                }
                fields.values().for_each(|value| walk(value, root));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, root)),
            _ => {}
        }
    }
    let schema = model::schema();
    walk(&schema, &schema);
}

#[test]
fn accepted_manifests_fit_the_schema() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let has = Command::new("python3").args(["-c", "import jsonschema, yaml"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: python3 with jsonschema and yaml is not installed");
        return;
    }
    let output = Command::new("python3")
        .current_dir(folder)
        .args(["tests/schema.py", "../../docs/taxiway.schema.json", "tests/accepts", "tests/warns"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn problems_are_json_for_other_programs() {
    let problems = model::read("taxiway.yaml", "name: shop\nservcies: {}\n", &|_| None).unwrap_err();
    assert_eq!(
        serde_json::to_value(&problems).unwrap(),
        serde_json::json!({
            "problems": [{
                "severity": "error",
                "file": "taxiway.yaml",
                "line": 2,
                "column": 1,
                "message": "unknown key `servcies` in the manifest",
                "hint": "did you mean `services`?",
                "span": { "start": 11, "end": 19 },
                "environments": [],
            }],
            "more": 0,
        })
    );
}

#[test]
fn one_environment_is_checked_by_itself() {
    let text = "name: shop\nservices: { api: { type: web, run: ./api } }\nenvironments: { dev: {}, prod: { resources: { a: { type: redis } } } }";
    let manifest = model::read("taxiway.yaml", text, &|_| None).unwrap();
    assert!(model::check_environment(&manifest, Some("dev")).is_empty());
    assert_eq!(model::check_environment(&manifest, Some("prod")).problems.len(), 1);
    let unknown = model::check_environment(&manifest, Some("prd"));
    assert_eq!(unknown.problems[0].message, "there is no environment `prd`");
    assert_eq!(unknown.problems[0].hint.as_deref(), Some("did you mean `prod`?"));
    assert_eq!(model::resolve(&manifest, Some("prd")).unwrap_err(), unknown);
}

#[test]
fn a_field_is_explained() {
    let delay = model::explain("services.scale.queue_delay").unwrap();
    assert_eq!(delay.path, "services.scale.queue_delay");
    assert_eq!(delay.children.len(), 2);
    assert_eq!(model::explain("services.api.scale.queue_delay").unwrap(), delay);
    let path = model::explain("services.http.healthcheck.interval").unwrap();
    assert_eq!(path.default.as_deref(), Some("`10s`"));
    assert_eq!(path.kind, "duration from 5s to 5m");
    let strategy = model::explain("services.rollout.strategy").unwrap();
    assert_eq!(strategy.allowed.len(), 5);
    assert!(model::explain("services.type").unwrap().required);
    assert!(model::explain("").unwrap().children.iter().any(|child| child.name == "services"));
}

#[test]
fn resources_are_explained_by_type_by_name_or_by_field() {
    let by_type = model::explain("resources.queue.visibility").unwrap();
    assert_eq!(by_type.kind, "duration from 0s to 12h");
    assert_eq!(model::explain("resources.visibility").unwrap().kind, by_type.kind);
    assert_eq!(model::explain("resources.emails.visibility").unwrap().kind, by_type.kind);
    assert_eq!(model::explain("resources.type").unwrap().allowed.len(), 7);
    assert!(model::explain("environments.prod.services.api.port").is_ok());
}

#[test]
fn an_unknown_field_is_met_with_the_nearest() {
    let error = model::explain("services.scale.queue_dealy").unwrap_err();
    assert_eq!(error.to_string(), "`services.scale` has no field `queue_dealy`; did you mean `queue_delay`?");
    let error = model::explain("servics").unwrap_err();
    assert_eq!(error.to_string(), "the manifest has no field `servics`; did you mean `services`?");
    assert!(model::explain("name.first").unwrap_err().to_string().ends_with("it has no fields"));
}
