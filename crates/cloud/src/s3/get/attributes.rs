//! `GetObjectAttributes`: what an object is, by name, without its bytes.

use super::{Found, Part};
use crate::s3::checksum::{Algorithm, Checksum};
use crate::s3::error::{Code, Error, Result};
use crate::s3::request::Request;
use crate::s3::xml::Writer;

const HEADER: &str = "x-amz-object-attributes";
const KNOWN: [&str; 5] = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/// Parts of one page at most (S3 API Reference, GetObjectAttributes).
const PAGE_MAX: u64 = 1000;

/// Which parts are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    after: u64,
    limit: u64,
}

impl Page {
    /// Reads the two headers that choose a page.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let number = |name: &str, default: u64| match request.header(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| {
                Error::argument(name, text, format!("Provided {name} not an integer or within integer range"))
            }),
        };
        let limit = number("x-amz-max-parts", PAGE_MAX)?.min(PAGE_MAX);
        Ok(Self { after: number("x-amz-part-number-marker", 0)?, limit })
    }
}

/// The document that tells the attributes that were asked for.
pub(super) fn document(found: &Found, asked: &[String], page: Page) -> Result<String> {
    if asked.iter().all(String::is_empty) {
        return Err(Code::InvalidRequest.saying("The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty"));
    }
    if asked.iter().any(|name| !KNOWN.contains(&name.as_str())) {
        return Err(Error::argument(HEADER, &asked.join(","), "Invalid attribute name specified."));
    }
    let asks = |name: &str| asked.iter().any(|one| one == name);
    let object = &found.object;
    Ok(Writer::document("GetObjectAttributesResponse", |xml| {
        if asks("ETag") {
            xml.text("ETag", &object.etag);
        }
        if let Some(checksum) = object.checksum.as_ref().filter(|_| asks("Checksum")) {
            xml.group("Checksum", |xml| {
                // The number of parts that other answers put behind a composite one is not told here.
                let value = checksum.value.split('-').next().unwrap_or_default();
                xml.text(checksum.algorithm.element(), value);
                xml.text("ChecksumType", checksum.coverage.name());
            });
        }
        if asks("ObjectParts") && !found.parts.is_empty() {
            xml.group("ObjectParts", |xml| parts(xml, &found.parts, object.checksum.as_ref(), page));
        }
        if asks("StorageClass") {
            xml.text("StorageClass", &object.storage_class);
        }
        if asks("ObjectSize") {
            xml.value("ObjectSize", object.size);
        }
    }))
}

fn parts(xml: &mut Writer, parts: &[Part], checksum: Option<&Checksum>, page: Page) {
    xml.value("PartsCount", parts.len());
    // Without a checksum of their own S3 tells no more than how many there are.
    let Some(checksum) = checksum.filter(|checksum| checksum.algorithm != Algorithm::Crc64Nvme) else {
        return;
    };
    let mut rest = parts.iter().filter(|part| part.number > page.after).peekable();
    let mut last = page.after;
    xml.value("PartNumberMarker", page.after);
    xml.value("MaxParts", page.limit);
    for _ in 0..page.limit {
        let Some(part) = rest.next() else { break };
        last = part.number;
        xml.group("Part", |xml| {
            xml.value("PartNumber", part.number);
            xml.value("Size", part.size);
            xml.optional(checksum.algorithm.element(), part.checksum.as_deref());
        });
    }
    xml.value("NextPartNumberMarker", last);
    xml.value("IsTruncated", rest.peek().is_some());
}
