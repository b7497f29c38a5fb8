//! Keys over a store of their own: what is due goes, what another service sealed opens, and every operation is there.

use super::*;
use crate::answer;
use crate::seal::Sealed;
use crate::settings::{Data, Durability};

fn kms() -> Kms {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    let root = Root::root(store.path(), Sealed::Nothing).unwrap();
    Kms::open(&store, &Arc::new(root), &Settings::default())
}

fn context(value: &str) -> Context {
    Context::from([("place".to_owned(), value.to_owned())])
}

async fn sealed(kms: &Kms, key: &'static str) -> Result<Encrypted> {
    let clone = kms.clone();
    kms.inner.store.write(move |db| clone.encrypt_for(db, key, &context("here"), b"value")).await
}

async fn opened(kms: &Kms, blob: Vec<u8>, place: &'static str) -> Result<Vec<u8>> {
    let clone = kms.clone();
    let read = move |db: &Connection| Ok(clone.decrypt_for(db, &blob, &context(place))?.value);
    kms.inner.store.read(read).await
}

#[tokio::test]
async fn what_is_sealed_opens_in_its_context() {
    let kms = kms();
    let made = sealed(&kms, "alias/aws/ssm").await.unwrap();
    assert!(!made.blob.windows(5).any(|window| window == b"value"));
    assert_eq!(opened(&kms, made.blob.clone(), "here").await, Ok(b"value".to_vec()));
    assert_eq!(
        opened(&kms, made.blob, "elsewhere").await.unwrap_err().code,
        error::Code::InvalidCiphertextException
    );
    let again = sealed(&kms, "alias/aws/ssm").await.unwrap();
    assert_eq!(again.key_arn, made.key_arn);
    assert_eq!(sealed(&kms, "alias/none").await.unwrap_err().code, error::Code::NotFoundException);
}

#[tokio::test]
async fn a_key_goes_when_it_is_due_and_takes_its_material() {
    let kms = kms();
    let made = sealed(&kms, "alias/aws/ssm").await.unwrap();
    let count = |db: &Connection| {
        Ok::<i64, Error>(db.query_row("SELECT count(*) FROM kms_material", [], |row| row.get(0))?)
    };
    assert_eq!(kms.inner.store.read(count).await, Ok(1));
    let make_due = |db: &Connection| Ok::<_, Error>(db.execute("UPDATE kms_key SET due = 1", [])?);
    kms.inner.store.write(make_due).await.unwrap();
    assert_eq!(
        opened(&kms, made.blob, "here").await.unwrap_err().code,
        error::Code::InvalidCiphertextException
    );
    assert_eq!(kms.sweep().await, Ok(1));
    assert_eq!(kms.inner.store.read(count).await, Ok(0));
}

#[tokio::test]
async fn every_operation_of_the_table_is_performed() {
    let kms = kms();
    for operation in model::OPERATIONS {
        let call = Call::from_inside(operation.name.to_owned(), "{}".into());
        let response = kms.handle(call).await;
        assert_ne!(response.status(), http::StatusCode::INTERNAL_SERVER_ERROR, "{}", operation.name);
        drop::<answer::Body>(response.into_body());
    }
}
