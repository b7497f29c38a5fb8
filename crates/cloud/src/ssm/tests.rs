//! Parameters over a store of their own: what expires goes, what an earlier version sealed opens, every operation is there.

use super::*;
use crate::seal::Sealed;
use crate::settings::{Data, Durability};

fn ssm() -> Ssm {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    let root = Arc::new(Key::root(store.path(), Sealed::Nothing).unwrap());
    let kms = Kms::open(&store, &root, &Settings::default());
    let secrets = Secrets::open(&store, &kms, &Settings::default());
    Ssm::open(&store, &root, &kms, &secrets, &Settings::default())
}

async fn answered(ssm: &Ssm, operation: &str, body: &str) -> std::result::Result<String, String> {
    let call = Call::from_inside(operation.to_owned(), body.to_owned().into());
    let outcome = ssm.perform(&call).await;
    outcome.map(|body| String::from_utf8(body).unwrap()).map_err(|error| error.message)
}

#[tokio::test]
async fn a_parameter_goes_when_it_expires() {
    let ssm = ssm();
    let policy = r#"[{\"Type\":\"Expiration\",\"Version\":\"1.0\",\"Attributes\":{\"Timestamp\":\"2001-01-01T00:00:00Z\"}}]"#;
    let put =
        format!(r#"{{"Name":"/a","Value":"v","Type":"String","Tier":"Advanced","Policies":"{policy}"}}"#);
    answered(&ssm, "PutParameter", &put).await.unwrap();
    assert_eq!(
        answered(&ssm, "GetParameter", r#"{"Name":"/a"}"#).await,
        Err("Parameter /a not found.".to_owned())
    );
    assert_eq!(ssm.sweep().await, Ok(1));
}

#[tokio::test]
async fn what_the_first_version_sealed_opens() {
    let ssm = ssm();
    let sealed = ssm.inner.root.seal(b"/old:1", b"value").unwrap();
    let insert = move |db: &Connection| {
        let sql = "INSERT INTO ssm_version (name, version, kind, value, key_id, tier, data_type, modified, labels) \
            VALUES ('/old', 1, 'SecureString', ?, 'alias/aws/ssm', 'Standard', 'text', 0, '[]')";
        db.execute(sql, [sealed])?;
        let sql = "INSERT INTO ssm_parameter (name, version, tags) VALUES ('/old', 1, '{}')";
        Ok::<_, StoreError>(db.execute(sql, [])?)
    };
    ssm.store().write(insert).await.unwrap();
    let told = answered(&ssm, "GetParameter", r#"{"Name":"/old","WithDecryption":true}"#).await.unwrap();
    assert!(told.contains(r#""Value":"value""#), "{told}");
    let put = r#"{"Name":"/old","Value":"newer","Type":"SecureString","Overwrite":true}"#;
    answered(&ssm, "PutParameter", put).await.unwrap();
    let told =
        answered(&ssm, "GetParameterHistory", r#"{"Name":"/old","WithDecryption":true}"#).await.unwrap();
    assert!(told.contains(r#""Value":"value""#) && told.contains(r#""Value":"newer""#), "{told}");
}

#[tokio::test]
async fn every_operation_of_the_table_is_performed() {
    let ssm = ssm();
    for operation in model::OPERATIONS {
        let call = Call::from_inside(operation.name.to_owned(), "{}".into());
        let status = ssm.handle(call).await.status();
        assert_ne!(status, http::StatusCode::INTERNAL_SERVER_ERROR, "{}", operation.name);
    }
}
