//! A start on something empty, and the same start again.

use std::collections::BTreeMap;

use super::{Bucket, Contents, Provided, Queue, User, Value};
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
