//! Resource policies: kept, told and judged by their form; nobody is refused by them here, because everybody is the
//! account's root.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::delete::Named;
use super::describe::OfSecret;
use super::error::{Code, Error, Result};
use super::secret::{self, Secret};
use super::{Secrets, names};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Putting {
    secret_id: String,
    resource_policy: String,
    block_public_policy: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Validating {
    secret_id: Option<String>,
    resource_policy: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    #[serde(flatten)]
    of: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_policy: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Validated {
    policy_validation_passed: bool,
    validation_errors: Vec<Finding>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Finding {
    check_name: &'static str,
    error_message: &'static str,
}

impl Secrets {
    pub(super) async fn put_resource_policy(&self, input: Putting) -> Result<Named> {
        let block = input.block_public_policy == Some(true);
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = inner.find(db, &input.secret_id)?;
            let public = check(&input.resource_policy)?;
            if block && public == Reach::Everybody {
                return Err(Code::PublicPolicyException.saying(PUBLIC));
            }
            let secret = Secret { policy: Some(input.resource_policy), ..secret };
            secret::save(db, &secret)?;
            Ok(inner.told(secret))
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn get_resource_policy(&self, input: OfSecret) -> Result<Got> {
        let inner = self.inner.clone();
        let read = self.inner.store.read(move |db| {
            let secret = inner.find(db, &input.secret_id)?;
            let resource_policy = secret.policy.clone();
            Ok::<_, Error>(Got { of: inner.told(secret), resource_policy })
        });
        read.await
    }

    pub(super) async fn delete_resource_policy(&self, input: OfSecret) -> Result<Named> {
        let inner = self.inner.clone();
        let job = move |db: &Connection| {
            let secret = Secret { policy: None, ..inner.find(db, &input.secret_id)? };
            secret::save(db, &secret)?;
            Ok::<_, Error>(inner.told(secret))
        };
        self.inner.store.write(job).await
    }

    pub(super) async fn validate_resource_policy(&self, input: Validating) -> Result<Validated> {
        if let Some(id) = input.secret_id {
            names::check_id(&id)?;
            let inner = self.inner.clone();
            self.inner.store.read(move |db| inner.find(db, &id)).await?;
        }
        let finding = Finding { check_name: "PUBLIC_POLICY", error_message: PUBLIC };
        let validation_errors = match check(&input.resource_policy)? {
            Reach::Everybody => vec![finding],
            Reach::Named => Vec::new(),
        };
        Ok(Validated { policy_validation_passed: validation_errors.is_empty(), validation_errors })
    }
}

const PUBLIC: &str = "The resource policy grants broad access to the secret: it allows everybody.";

/// Whom a policy lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Everybody,
    Named,
}

/// Refuses what is no policy: elements and their kinds as in "IAM JSON policy elements reference".
fn check(policy: &str) -> Result<Reach> {
    let malformed =
        || Code::MalformedPolicyDocumentException.saying("The resource policy has syntax errors.");
    let policy: Value = serde_json::from_str(policy).map_err(|_| malformed())?;
    let elements = policy.as_object().ok_or_else(malformed)?;
    let known = elements.keys().all(|key| ["Version", "Id", "Statement"].contains(&key.as_str()));
    let statements = match elements.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => Vec::new(),
    };
    if !known || statements.is_empty() || !statements.iter().all(|statement| is_statement(statement)) {
        return Err(malformed());
    }
    let everybody = statements.iter().any(|statement| allows_everybody(statement));
    Ok(if everybody { Reach::Everybody } else { Reach::Named })
}

fn is_statement(statement: &Value) -> bool {
    const ELEMENTS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let Some(elements) = statement.as_object() else { return false };
    let has = |name: &str| elements.contains_key(name);
    elements.keys().all(|key| ELEMENTS.contains(&key.as_str()))
        && matches!(elements.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny"))
        && (has("Action") || has("NotAction"))
}

fn allows_everybody(statement: &Value) -> bool {
    let star = |value: &Value| match value {
        Value::String(text) => text == "*",
        Value::Array(entries) => entries.iter().any(|entry| entry == "*"),
        _ => false,
    };
    let principal = statement.get("Principal");
    let everybody =
        principal.is_some_and(|principal| star(principal) || principal.get("AWS").is_some_and(star));
    everybody
        && statement.get("Effect") == Some(&Value::from("Allow"))
        && statement.get("Condition").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_judged_by_their_form() {
        let root =
            r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"a:*"}}"#;
        assert_eq!(check(root), Ok(Reach::Named));
        let all =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"a:*"}]}"#;
        assert_eq!(check(all), Ok(Reach::Everybody));
        for wrong in [
            "some policy",
            r#"{"Version":"2012-10-17"}"#,
            r#"{"Statement":[{"Action":"a:*","Resource":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":"a:*","Unknown":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow"}]}"#,
        ] {
            assert_eq!(check(wrong).unwrap_err().code, Code::MalformedPolicyDocumentException, "{wrong}");
        }
    }
}
