//! What AWS checks of a document beyond its elements, and what it fills in.

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::Kind;
use super::shape::Node;
use crate::s3::buckets::Bucket;
use crate::s3::error::{Code, Error, Result};
use crate::s3::versions::Versioning;
use crate::s3::{cors, lifecycle, lock, notify};

/// What a request says beside the document.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) bucket: String,
    pub(super) id: Option<String>,
}

/// Checks what needs nothing but the document, and fills in what AWS fills in.
pub(super) fn complete(kind: Kind, mut node: Node, asked: &Asked) -> Result<Node> {
    match kind {
        Kind::Accelerate if asked.bucket.contains('.') => {
            return Err(Code::InvalidRequest.saying(
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
            ));
        }
        Kind::Analytics | Kind::IntelligentTiering | Kind::Inventory | Kind::Metrics => {
            if node.get("Id") != asked.id.as_deref() {
                return Err(Code::MalformedXML.into());
            }
        }
        Kind::Cors => cors::check(&node)?,
        Kind::Encryption => encryption(&mut node)?,
        Kind::Lifecycle => lifecycle::complete(&mut node)?,
        Kind::Notification => notify::complete(&mut node)?,
        Kind::ObjectLock => lock::check_configuration(&node)?,
        Kind::PublicAccessBlock => fill_flags(&mut node)?,
        Kind::Replication => name_rules(&mut node),
        Kind::Website => website(&node)?,
        Kind::Accelerate | Kind::Logging | Kind::Ownership | Kind::RequestPayment => {}
    }
    Ok(node)
}

/// Checks what depends on the bucket and its neighbours, in the transaction that keeps the document.
pub(super) fn admit(db: &Connection, kind: Kind, node: &Node, (name, bucket): (&str, &Bucket)) -> Result<()> {
    match kind {
        Kind::Logging => {
            node.child("LoggingEnabled").and_then(|on| on.get("TargetBucket")).map_or(Ok(()), |target| {
                let sql = "SELECT 1 FROM s3_bucket WHERE name = ?";
                let found = db.prepare_cached(sql)?.query_row([target], |_| Ok(())).optional()?;
                let missing =
                    || Error::from(Code::InvalidTargetBucketForLogging).with("TargetBucket", target);
                found.ok_or_else(missing)
            })
        }
        Kind::ObjectLock if bucket.versioning != Versioning::Enabled => Err(Code::InvalidBucketState
            .saying("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")),
        Kind::ObjectLock => {
            db.prepare_cached("UPDATE s3_bucket SET locks = 1 WHERE id = ?")?.execute([bucket.id])?;
            Ok(())
        }
        Kind::Replication if bucket.versioning != Versioning::Enabled => Err(Code::InvalidRequest
            .saying("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
            .with("BucketName", name)),
        _ => Ok(()),
    }
}

fn encryption(node: &mut Node) -> Result<()> {
    for rule in &mut node.children {
        if let Some(default) = rule.child("ApplyServerSideEncryptionByDefault")
            && default.get("SSEAlgorithm") == Some("AES256")
            && default.child("KMSMasterKeyID").is_some()
        {
            let message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
                           aws:kms:dsse";
            return Err(Error::about("ApplyServerSideEncryptionByDefault", message));
        }
        if rule.child("BucketKeyEnabled").is_none() {
            rule.children.push(Node::with_text("BucketKeyEnabled", "false"));
        }
    }
    Ok(())
}

fn fill_flags(node: &mut Node) -> Result<()> {
    if node.children.is_empty() {
        return Err(Code::InvalidRequest.saying("Must specify at least one configuration."));
    }
    for name in ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] {
        if node.child(name).is_none() {
            node.children.push(Node::with_text(name, "false"));
        }
    }
    Ok(())
}

/// Gives an id to each rule without one.
fn name_rules(node: &mut Node) {
    for rule in node.children.iter_mut().filter(|part| part.name == "Rule") {
        if rule.get("ID").is_none_or(str::is_empty) {
            rule.children.retain(|child| child.name != "ID");
            rule.children.insert(0, Node::with_text("ID", &Uuid::new_v4().to_string()));
        }
    }
}

fn website(node: &Node) -> Result<()> {
    if node.child("RedirectAllRequestsTo").is_some() {
        return if node.children.len() > 1 {
            let message = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.";
            Err(Error::argument("RedirectAllRequestsTo", "not null", message))
        } else {
            Ok(())
        };
    }
    let Some(index) = node.child("IndexDocument") else {
        let message = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty";
        return Err(Error::argument("IndexDocument", "null", message));
    };
    let suffix = index.get("Suffix").unwrap_or_default();
    if suffix.is_empty() || suffix.contains('/') {
        return Err(Error::argument("IndexDocument", suffix, "The IndexDocument Suffix is not well formed"));
    }
    let rules = node.child("RoutingRules").map(|rules| rules.children.as_slice()).unwrap_or_default();
    let doubled = rules.iter().filter_map(|rule| rule.child("Redirect")).any(|redirect| {
        redirect.child("ReplaceKeyPrefixWith").is_some() && redirect.child("ReplaceKeyWith").is_some()
    });
    if doubled {
        return Err(
            Code::InvalidRequest.saying("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
        );
    }
    Ok(())
}
