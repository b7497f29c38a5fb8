//! Who finds what in the environment.

use super::{Variables, World, inherited, of_replica, of_service};
use crate::secret::SecretValue;

const MANIFEST: &str = "
name: shop
services:
  api:
    type: web
    run: ./api
    env: { LEVEL: info }
    uses: { orders: send }
    secrets: { API_KEY: key }
  worker: { type: worker, run: ./worker, uses: { orders: consume } }
  other: { type: worker, run: ./other }
resources:
  orders: { type: queue }
  key: { type: parameter, secure: true }
";

fn system() -> model::System {
    let manifest = model::read("taxiway.yaml", MANIFEST, &|_| None).unwrap();
    model::resolve(&manifest, None).unwrap()
}

fn world() -> World {
    let bindings = Variables::from([("SQS_QUEUE_URL".to_owned(), "http://cloud/orders".to_owned())]);
    World {
        cloud: Some("http://127.0.0.1:4566".to_owned()),
        bindings: [("orders".to_owned(), bindings)].into(),
        secrets: [("key".to_owned(), SecretValue::new("s3cret".to_owned()))].into(),
        internal: [("other-api".to_owned(), "http://127.0.0.1:20001".to_owned())].into(),
    }
}

fn of(service: &str) -> Variables {
    let system = system();
    of_service(&system, &system.services[service], &Variables::new(), &world())
}

#[test]
fn only_who_uses_a_resource_finds_it() {
    assert_eq!(of("api")["SQS_QUEUE_URL"], "http://cloud/orders");
    assert_eq!(of("worker")["SQS_QUEUE_URL"], "http://cloud/orders");
    assert_eq!(of("other").get("SQS_QUEUE_URL"), None);
}

#[test]
fn only_who_names_a_secret_finds_its_value() {
    assert_eq!(of("api")["API_KEY"], "s3cret");
    assert!(of("worker").values().all(|value| value != "s3cret"));
    assert!(!format!("{:?}", world()).contains("s3cret"));
}

#[test]
fn every_service_reaches_the_local_cloud_and_internal_services() {
    let other = of("other");
    assert_eq!(other["AWS_ENDPOINT_URL"], "http://127.0.0.1:4566");
    assert_eq!(other["AWS_REGION"], other["AWS_DEFAULT_REGION"]);
    assert_eq!(other["OTHER_API_URL"], "http://127.0.0.1:20001");
}

#[test]
fn a_replica_gets_its_own_port_whatever_is_set() {
    let mut service = of("api");
    service.insert("PORT".to_owned(), "8000".to_owned());
    let replica = of_replica(&service, "mark", "api-1", Some(20_005));
    assert_eq!((replica["PORT"].as_str(), replica["HOST"].as_str()), ("20005", "127.0.0.1"));
    assert_eq!(replica["TAXIWAY_PROJECT"], "mark");
    assert_eq!(replica["LEVEL"], "info");
}

#[test]
fn nothing_inherited_leads_to_a_real_account_or_through_a_proxy() {
    let caller =
        ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS", "TAXIWAY_PROJECT", "PORT", "PATH"];
    let mut caller: Variables = caller.map(|name| (name.to_owned(), "x".to_owned())).into();
    caller.insert("no_proxy".to_owned(), "intranet".to_owned());
    let kept = inherited(&caller);
    let names: Vec<&str> = kept.keys().map(String::as_str).collect();
    assert_eq!(names, ["NO_PROXY", "PATH", "PYTHONUNBUFFERED", "no_proxy"]);
    assert_eq!(kept["no_proxy"], "intranet,localhost,127.0.0.1");
}
