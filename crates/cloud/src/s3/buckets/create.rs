//! Making a bucket, and what it is made with.

use http::{Response, StatusCode};
use rusqlite::{Connection, params};

use super::{BucketError, CLASSIC_REGION, Locks, id};
use crate::answer::Body;
use crate::auth::{self, Head};
use crate::s3::config::Config;
use crate::s3::documents::shape::Node;
use crate::s3::documents::{self, Kind};
use crate::s3::error::{Code, Error, Result};
use crate::s3::request::Request;
use crate::s3::xml;
use crate::s3::{S3, acl, dates, lifecycle, names, receive, respond, versions};

const DOCUMENT_LIMIT: usize = 64 * 1024;

const OWNERSHIPS: [&str; 3] = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"];

/// What a new bucket is made with beside its name and place.
#[derive(Debug, Clone)]
struct New {
    locks: Locks,
    acl: Option<String>,
    ownership: Option<String>,
}

impl New {
    fn of(request: &Request, owner: &str) -> Result<Self> {
        let locks = request.header("x-amz-bucket-object-lock-enabled");
        let locks = locks.is_some_and(|locks| locks.eq_ignore_ascii_case("true"));
        let ownership = request.header("x-amz-object-ownership").map(ownership);
        Ok(Self {
            locks: if locks { Locks::Enabled } else { Locks::Disabled },
            acl: acl::of_headers(&request.headers, owner, &Config::default())?,
            ownership: ownership.transpose()?,
        })
    }

    fn keep(&self, db: &Connection, name: &str) -> Result<()> {
        let bucket = id(db, name)?;
        let keep = |row: &str, content: &str| documents::replace(db, bucket, row, content);
        if self.locks == Locks::Enabled {
            let sql = "UPDATE s3_bucket SET locks = 1, versioning = 'Enabled' WHERE id = ?";
            db.prepare_cached(sql)?.execute([bucket])?;
            keep(Kind::ObjectLock.name(), "<ObjectLockEnabled>Enabled</ObjectLockEnabled>")?;
        }
        self.acl.as_deref().map_or(Ok(()), |acl| keep("acl", acl))?;
        self.ownership.as_deref().map_or(Ok(()), |owner| keep(Kind::Ownership.name(), owner))
    }
}

/// Whether `make` made it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Made {
    New,
    There { region: String },
}

impl S3 {
    /// Makes the bucket unless it is there; what is in an existing one is kept. With `expire_days`, its objects go when
    /// they are that old: it gets the one lifecycle rule that says so, in place of what it had. Without, its rules stay
    /// as they are.
    ///
    /// # Errors
    /// The name breaks the rules for bucket names, `expire_days` is zero, or the store failed.
    pub(crate) async fn ensure_bucket(
        &self,
        name: &str,
        expire_days: Option<u32>,
    ) -> std::result::Result<(), BucketError> {
        names::check_bucket(name).map_err(|_| BucketError::Name)?;
        if expire_days == Some(0) {
            return Err(BucketError::Expiry);
        }
        let (wanted, region) = (name.to_owned(), self.inner.region.clone());
        let job = move |db: &Connection| {
            make(db, &wanted, &region)?;
            let Some(days) = expire_days else { return Ok(()) };
            let rule = lifecycle::Rule::document_after_days(days);
            documents::replace(db, id(db, &wanted)?, Kind::Lifecycle.name(), &rule)
        };
        self.write_settings(name, job).await.map_err(unwritten)
    }

    /// Switches versioning on.
    ///
    /// # Errors
    /// There is no such bucket, or the store failed.
    pub(crate) async fn ensure_versions(&self, name: &str) -> std::result::Result<(), BucketError> {
        let wanted = name.to_owned();
        let job = move |db: &Connection| versions::enable(db, &wanted);
        self.store().write(job).await.map_err(unwritten)
    }

    pub(in crate::s3) async fn create_bucket(&self, request: &mut Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        names::check_bucket(&name)?;
        let settings = New::of(request, &self.inner.owner)?;
        let expected = request.expected()?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        let wanted = if body.is_empty() { None } else { location_constraint(&body)? };
        let head = Head { method: &request.method, uri: &request.uri, headers: &request.headers };
        let asked = auth::signed_region(head).unwrap_or_else(|| self.inner.region.clone());
        let region = place(wanted.as_deref(), &asked)?.to_owned();
        match self.make_bucket(&name, &region, settings).await? {
            // In us-east-1, and only there, making one's own bucket again succeeds.
            Made::There { region: there } if [&region, &there] != [CLASSIC_REGION; 2] => {
                Err(Error::from(Code::BucketAlreadyOwnedByYou).with("BucketName", name))
            }
            _ => {
                let mut response = respond::empty(StatusCode::OK);
                respond::put(&mut response, "location", &format!("/{name}"));
                Ok(response)
            }
        }
    }

    async fn make_bucket(&self, name: &str, region: &str, settings: New) -> Result<Made> {
        let (wanted, region) = (name.to_owned(), region.to_owned());
        let job = move |db: &Connection| {
            let made = make(db, &wanted, &region)?;
            if made == Made::New {
                settings.keep(db, &wanted)?;
            }
            Ok(made)
        };
        self.write_settings(name, job).await
    }
}

fn make(db: &Connection, name: &str, region: &str) -> rusqlite::Result<Made> {
    let sql = "INSERT INTO s3_bucket (name, region, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let made = db.prepare_cached(sql)?.execute(params![name, region, dates::now()])?;
    if made == 1 {
        return Ok(Made::New);
    }
    let sql = "SELECT region FROM s3_bucket WHERE name = ?";
    let region = db.prepare_cached(sql)?.query_row([name], |row| row.get(0))?;
    Ok(Made::There { region })
}

fn unwritten(error: Error) -> BucketError {
    BucketError::Write(error.message)
}

/// The content of the document that says who owns what is put into a bucket.
fn ownership(owner: &str) -> Result<String> {
    if !OWNERSHIPS.contains(&owner) {
        let message = format!("Invalid x-amz-object-ownership header: {owner}");
        return Err(Error::about("x-amz-object-ownership", message));
    }
    let owner = Node::with_text("ObjectOwnership", owner);
    let rule = Node { name: "Rule", children: vec![owner], ..Node::default() };
    Ok(documents::content(&Node { children: vec![rule], ..Node::default() }))
}

/// Reads where the bucket is to be.
fn location_constraint(body: &[u8]) -> Result<Option<String>> {
    let place =
        xml::read(body, "CreateBucketConfiguration", |root| Ok(root.child_text("LocationConstraint")))?;
    Ok(place.filter(|place| !place.is_empty()))
}

/// Where a bucket is made that was asked for at the endpoint of a region. Any place is as good as another here, if its
/// name could be one; but only the endpoint of us-east-1 makes buckets elsewhere.
fn place<'a>(wanted: Option<&'a str>, endpoint: &str) -> Result<&'a str> {
    let elsewhere = is_region(endpoint) && endpoint != CLASSIC_REGION;
    match wanted.map(|place| if place == "EU" { "eu-west-1" } else { place }) {
        None if elsewhere => Err(illegal("unspecified")),
        None => Ok(CLASSIC_REGION),
        Some(place) if is_region(place) && elsewhere && place != endpoint => Err(illegal(place)),
        Some(place) if is_region(place) && place != CLASSIC_REGION => Ok(place),
        Some(place) => Err(Error::from(Code::InvalidLocationConstraint).with("LocationConstraint", place)),
    }
}

fn illegal(place: &str) -> Error {
    Code::IllegalLocationConstraintException.saying(format!(
        "The {place} location constraint is incompatible for the region specific endpoint this request was sent to."
    ))
}

/// `eu-central-1`, `us-gov-west-1`: words and a number.
fn is_region(name: &str) -> bool {
    let Some((words, number)) = name.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && number.len() == 1
        && number.as_bytes().iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_region_s_name() {
        for (wanted, endpoint, expected) in [
            (Some("eu-central-1"), "us-east-1", Ok("eu-central-1")),
            (Some("us-gov-west-1"), "us-east-1", Ok("us-gov-west-1")),
            (Some("EU"), "us-east-1", Ok("eu-west-1")),
            (None, "us-east-1", Ok("us-east-1")),
            (None, "auto", Ok("us-east-1")),
            (Some("eu-west-1"), "auto", Ok("eu-west-1")),
            (Some("eu-west-1"), "eu-west-1", Ok("eu-west-1")),
            (Some("EU"), "eu-west-1", Ok("eu-west-1")),
            (None, "eu-west-1", Err(Code::IllegalLocationConstraintException)),
            (Some("us-east-1"), "eu-west-1", Err(Code::IllegalLocationConstraintException)),
            (Some("eu-west-2"), "eu-west-1", Err(Code::IllegalLocationConstraintException)),
            (Some("us-east-1"), "us-east-1", Err(Code::InvalidLocationConstraint)),
            (Some("mars"), "eu-west-1", Err(Code::InvalidLocationConstraint)),
            (Some("eu-1"), "us-east-1", Err(Code::InvalidLocationConstraint)),
            (Some("Eu-west-1"), "us-east-1", Err(Code::InvalidLocationConstraint)),
            (Some("eu-west-12"), "us-east-1", Err(Code::InvalidLocationConstraint)),
        ] {
            let found = place(wanted, endpoint).map_err(|error| error.code);
            assert_eq!(found, expected, "{wanted:?} at {endpoint}");
        }
    }
}
