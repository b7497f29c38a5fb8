//! A parameter or secret: made where it is missing, else left alone.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Outcome, Value};
use crate::ask::ask;
use crate::server::Services;

pub(super) async fn parameter(services: &Services, wanted: &Value) -> Result<Outcome, String> {
    let mut input = json!({
        "Name": wanted.name,
        "Type": wanted.kind,
        "Value": wanted.value,
        // A value above 4 KiB needs the advanced tier, which costs nothing here.
        "Tier": "Intelligent-Tiering",
    });
    describe(&mut input, wanted);
    make(services, "AmazonSSM.PutParameter", &input, "ParameterAlreadyExists").await
}

pub(super) async fn secret(services: &Services, wanted: &Value) -> Result<Outcome, String> {
    let mut input = json!({
        "Name": wanted.name,
        "ClientRequestToken": Uuid::new_v4(),
        "SecretString": wanted.value,
    });
    describe(&mut input, wanted);
    make(services, "secretsmanager.CreateSecret", &input, "ResourceExistsException").await
}

async fn make(services: &Services, target: &str, input: &Json, there: &str) -> Result<Outcome, String> {
    match ask(services, target, input).await {
        Ok(_) => Ok(Outcome::Made),
        Err(refusal) if refusal.code == there => Ok(Outcome::There),
        Err(refusal) => Err(refusal.message),
    }
}

fn describe(input: &mut Json, wanted: &Value) {
    if let (Some(fields), Some(description)) = (input.as_object_mut(), &wanted.description) {
        fields.insert("Description".to_owned(), json!(description));
    }
}
