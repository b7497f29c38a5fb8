//! One part: received, or copied from an object.

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Name, Upload, open};
use crate::answer::Body;
use crate::s3::attributes::Attributes;
use crate::s3::checksum::{Algorithm, Checksum};
use crate::s3::error::{Code, Error, Result};
use crate::s3::objects::{self, Residue, from_json};
use crate::s3::range::{self, Span};
use crate::s3::receive::{self, MAX_BYTES, Placement, Received, Stored};
use crate::s3::request::Request;
use crate::s3::versions::Versioning;
use crate::s3::xml::Writer;
use crate::s3::{S3, copy, dates, encryption, respond};

/// Most parts of an upload ("Amazon S3 multipart upload limits").
pub(super) const PARTS_MAX: u16 = 10_000;

/// A part as its row has it.
struct Part {
    number: u16,
    size: u64,
    etag: String,
    checksum: Option<String>,
}

/// What an uploaded part is answered with.
struct Kept {
    etag: String,
    modified: i64,
    checksum: Checksum,
    residue: Residue,
}

impl S3 {
    pub(in crate::s3) async fn upload_part(&self, request: &mut Request) -> Result<Response<Body>> {
        let (name, number) = (Name::of(request), number(request)?);
        let mut expected = request.expected()?;
        let upload = self.open_upload(&name).await?;
        expected.algorithm = agreed(&upload, expected.algorithm)?;
        let attributes: Attributes = from_json(&upload.attributes);
        encryption::check_part(&attributes.headers, &request.headers)?;
        let received = receive::receive(self.blobs(), &mut request.body, &expected, Placement::File).await?;
        let kept = self.keep_part(name, number, received).await?;
        let mut response = respond::empty(StatusCode::OK);
        respond::put(&mut response, "etag", &respond::quoted(&kept.etag));
        respond::put(&mut response, kept.checksum.algorithm.header(), &kept.checksum.value);
        attributes.apply_encryption(&mut response);
        Ok(response)
    }

    pub(in crate::s3) async fn upload_part_copy(&self, request: &Request) -> Result<Response<Body>> {
        let lease = self.blobs().lease();
        let (name, number) = (Name::of(request), number(request)?);
        let upload = self.open_upload(&name).await?;
        let source = self.copy_source(request, copy::source_name(request)?).await?;
        let (versioning, version) = (source.versioning, source.object.version.clone());
        let size = source.object.size;
        let span = match request.header("x-amz-copy-source-range") {
            Some(header) => range::copy_source(header, size)?,
            None => Span { start: 0, length: size },
        };
        if span.length > MAX_BYTES {
            return Err(Error::from(Code::EntityTooLarge).with("ProposedSize", span.length.to_string()));
        }
        let algorithm = upload.algorithm.unwrap_or(Algorithm::Crc64Nvme);
        let received = self.copy_bytes(source, span, Some(algorithm), Placement::File).await?;
        drop(lease);
        let kept = self.keep_part(name, number, received).await?;
        let mut response = respond::document(Writer::document("CopyPartResult", |xml| {
            xml.text("LastModified", &dates::iso(kept.modified));
            xml.text("ETag", &respond::quoted(&kept.etag));
            if upload.algorithm.is_some() {
                xml.text(kept.checksum.algorithm.element(), &kept.checksum.value);
            }
        }));
        let attributes: Attributes = from_json(&upload.attributes);
        attributes.apply_encryption(&mut response);
        if versioning != Versioning::Never {
            respond::put(&mut response, "x-amz-copy-source-version-id", &version);
        }
        Ok(response)
    }

    async fn open_upload(&self, name: &Name) -> Result<Upload> {
        let name = name.clone();
        self.store().look(move |db| open(db, &name)).await
    }

    async fn keep_part(&self, name: Name, number: u16, received: Received) -> Result<Kept> {
        let Stored::File(staged) = received.stored else { return Err(Code::InternalError.into()) };
        let (file, checksum) = (staged.name().to_owned(), received.checksum);
        let (etag, size) = (received.etag, received.size);
        let job = move |db: &Connection| {
            let upload = open(db, &name)?;
            let shared = checksum.algorithm == upload.algorithm.unwrap_or(Algorithm::Crc64Nvme);
            let (value, modified) = (shared.then(|| checksum.value.clone()), dates::now());
            let part = Part { number, size, etag, checksum: value };
            let residue = insert(db, upload.id, &part, modified, &file)?;
            Ok::<_, Error>(Kept { etag: part.etag, modified, checksum, residue })
        };
        let kept = self.store().write_then(job, move |_| staged.keep()).await?;
        self.sweep(kept.residue);
        Ok(kept)
    }
}

/// The algorithm a part is summed with: the upload's, which a part must not contradict.
fn agreed(upload: &Upload, given: Option<Algorithm>) -> Result<Option<Algorithm>> {
    match (upload.algorithm, given) {
        (Some(wanted), Some(given)) if wanted != given => {
            let (wanted, given) = (wanted.name().to_ascii_lowercase(), given.name().to_ascii_lowercase());
            Err(Code::InvalidRequest.saying(format!(
                "Checksum Type mismatch occurred, expected checksum Type: {wanted}, actual checksum \
                    Type: {given}"
            )))
        }
        (wanted, given) => Ok(given.or(wanted)),
    }
}

fn number(request: &Request) -> Result<u16> {
    let text = request.query.get("partNumber").unwrap_or_default();
    let number = text.parse().ok().filter(|number| (1..=PARTS_MAX).contains(number));
    let message = "Part number must be an integer between 1 and 10000, inclusive";
    number.ok_or_else(|| Error::argument("partNumber", text, message))
}

fn insert(db: &Connection, upload: i64, part: &Part, modified: i64, file: &str) -> Result<Residue> {
    let mut statement = db.prepare_cached("SELECT file FROM s3_part WHERE upload = ? AND number = ?")?;
    let earlier: Option<String> =
        statement.query_row(params![upload, part.number], |row| row.get(0)).optional()?;
    if let Some(earlier) = &earlier {
        objects::discard_file(db, earlier)?;
    }
    let sql = "INSERT OR REPLACE INTO s3_part (upload, number, size, etag, modified, checksum, file) \
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![
        upload,
        part.number,
        part.size,
        part.etag,
        modified,
        part.checksum,
        file
    ])?;
    Ok(if earlier.is_some() { Residue::Files } else { Residue::Nothing })
}
