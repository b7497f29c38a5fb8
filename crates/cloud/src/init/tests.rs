//! A start on something empty, and the same start again.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Bucket, Contents, Provided, Queue, User, Value};
use crate::call::Call;
use crate::{Cloud, Settings};

fn text(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn contents() -> Contents {
    let value = |name: &str, kind| Value {
        name: name.to_owned(),
        kind,
        value: "never-show-this".to_owned(),
        description: Some("d".to_owned()),
    };
    Contents {
        queues: vec![
            Queue { name: "orders-dlq".to_owned(), ..Queue::default() },
            Queue {
                name: "orders".to_owned(),
                attributes: text(&[("VisibilityTimeout", "7")]),
                dead_letter: Some(("orders-dlq".to_owned(), 3)),
                tags: text(&[("team", "core")]),
            },
        ],
        buckets: vec![Bucket { name: "shelf".to_owned(), ..Bucket::default() }],
        parameters: vec![value("/app/token", "SecureString")],
        secrets: vec![value("app/database", "SecureString")],
        users: vec![User {
            database: "shop".to_owned(),
            name: "clerk".to_owned(),
            password: "never-show-this".to_owned(),
        }],
    }
}

#[tokio::test]
async fn a_second_start_makes_nothing() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    assert_eq!(cloud.provide(&contents()).await, Ok(Provided { made: 6, there: 0 }));
    assert_eq!(cloud.provide(&contents()).await, Ok(Provided { made: 0, there: 6 }));
    let queues = cloud.queues().await.unwrap();
    assert_eq!(queues[0].dead_letters_to.as_deref(), Some("orders-dlq"));
    assert!(!format!("{:?}", contents()).contains("never-show-this"));
}

#[tokio::test]
async fn everything_that_fails_is_told_and_the_rest_is_there() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let mut contents = contents();
    contents.queues[1].attributes = text(&[("VisibilityTimeout", "99999")]);
    contents.parameters[0].name = "/aws/reserved".to_owned();
    let failed = cloud.provide(&contents).await.unwrap_err();
    let told: Vec<String> = failed.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("queue `orders` cannot be made: "), "{told:?}");
    assert!(told[1].starts_with("parameter `/aws/reserved` cannot be made: "), "{told:?}");
    assert!(!told.concat().contains("never-show-this"));
    assert_eq!(cloud.queues().await.unwrap().len(), 1);
    assert_eq!(cloud.buckets().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_there_keeps_its_value() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let arn = async || {
        let described =
            cloud.ask("secretsmanager.DescribeSecret", &json!({ "SecretId": "app/database" })).await;
        described.unwrap()["ARN"].clone()
    };
    cloud.provide(&contents()).await.unwrap();
    let first = arn().await;
    let mut again = contents();
    for value in again.parameters.iter_mut().chain(&mut again.secrets) {
        "another".clone_into(&mut value.value);
    }
    cloud.provide(&again).await.unwrap();
    assert_eq!(arn().await, first);
    let secret = cloud.ask("secretsmanager.GetSecretValue", &json!({ "SecretId": "app/database" })).await;
    assert_eq!(secret.unwrap()["SecretString"], "never-show-this");
    let parameter = json!({ "Name": "/app/token", "WithDecryption": true });
    let parameter = cloud.ask("AmazonSSM.GetParameter", &parameter).await.unwrap();
    assert_eq!(parameter["Parameter"]["Value"], "never-show-this");
    let missing = cloud.ask("AmazonSSM.GetParameter", &json!({ "Name": "/none" })).await.unwrap_err();
    assert_eq!(missing.code, "ParameterNotFound");
}

#[tokio::test]
async fn a_queue_without_a_dead_letter_queue_can_be_asked_for() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let mut contents = contents();
    cloud.provide(&contents).await.unwrap();
    contents.queues[1].dead_letter = None;
    cloud.provide(&contents).await.unwrap();
    assert_eq!(cloud.queues().await.unwrap()[0].dead_letters_to.as_deref(), Some("orders-dlq"));
    contents.queues[1].attributes = text(&[("RedrivePolicy", "")]);
    cloud.provide(&contents).await.unwrap();
    assert_eq!(cloud.queues().await.unwrap()[0].dead_letters_to, None);
}

#[tokio::test]
async fn a_queue_of_that_name_in_another_region_is_not_the_one() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let creation = Call::from_inside("CreateQueue".to_owned(), r#"{"QueueName":"orders"}"#.into());
    cloud.services().sqs.json(Call { region: Some("eu-west-1".to_owned()), ..creation }).await;
    assert_eq!(cloud.provide(&contents()).await, Ok(Provided { made: 6, there: 0 }));
    let queues = cloud.queues().await.unwrap();
    let names: Vec<&str> = queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["eu-west-1/orders", "orders", "orders-dlq"]);
}

#[tokio::test]
async fn a_long_parameter_is_advanced_and_a_bucket_expires_in_days() {
    let cloud = Cloud::open(&Settings::default()).unwrap();
    let mut contents = contents();
    contents.parameters[0].value = "x".repeat(5000);
    contents.buckets[0].expire_days = Some(0);
    let failed = cloud.provide(&contents).await.unwrap_err();
    let told: Vec<String> = failed.iter().map(ToString::to_string).collect();
    let expiry =
        "bucket `shelf` cannot be made: objects can't expire within a day: use whole days, one or more";
    assert_eq!(told, [expiry]);
    contents.buckets[0].expire_days = Some(1);
    assert_eq!(cloud.provide(&contents).await, Ok(Provided { made: 1, there: 5 }));
}
