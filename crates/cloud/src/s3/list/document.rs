//! The documents of listings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::scan::{Item, Page, Scan, Summary};
use crate::s3::error::{Error, Result};
use crate::s3::request::{Query, Request};
use crate::s3::xml::Writer;
use crate::s3::{OWNER_NAME, dates, respond};

/// What stays as it is under `encoding-type=url`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/');

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) enum Encoding {
    Plain,
    /// `encoding-type=url`: any key survives XML 1.0.
    Url,
}

/// Reads `encoding-type`.
pub(in crate::s3) fn encoding(query: &Query) -> Result<Encoding> {
    match query.given("encoding-type") {
        None => Ok(Encoding::Plain),
        Some("url") => Ok(Encoding::Url),
        Some(other) => {
            Err(Error::argument("encoding-type", other, "Invalid Encoding Method specified in Request"))
        }
    }
}

impl Encoding {
    /// A key, prefix, delimiter or marker as it is written.
    pub(in crate::s3) fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Url => utf8_percent_encode(text, ENCODED).to_string().replace("%20", "+"),
        }
    }

    /// Says so in the document.
    pub(in crate::s3) fn tell(self, xml: &mut Writer) {
        if self == Self::Url {
            xml.text("EncodingType", "url");
        }
    }
}

/// What every listing repeats of the request.
pub(super) fn head(xml: &mut Writer, request: &Request, scan: &Scan, encoding: Encoding) {
    start(xml, request, (&scan.prefix, &scan.delimiter, scan.limit), encoding);
}

/// As [`head`], for a prefix, a delimiter and a limit.
pub(super) fn start(
    xml: &mut Writer,
    request: &Request,
    (prefix, delimiter, limit): (&str, &str, usize),
    encoding: Encoding,
) {
    xml.text("Name", request.bucket());
    xml.text("Prefix", &encoding.text(prefix));
    if !delimiter.is_empty() {
        xml.text("Delimiter", &encoding.text(delimiter));
    }
    xml.value("MaxKeys", limit);
    encoding.tell(xml);
}

/// Objects, then common prefixes.
pub(super) fn items(xml: &mut Writer, page: &Page, encoding: Encoding, owner: Option<&str>) {
    for summary in objects(page) {
        xml.group("Contents", |xml| object(xml, summary, encoding, owner));
    }
    prefixes(xml, page, encoding);
}

/// What a listing shows of an object.
pub(super) fn object(xml: &mut Writer, summary: &Summary, encoding: Encoding, owner: Option<&str>) {
    xml.text("Key", &encoding.text(&summary.key));
    xml.text("LastModified", &dates::iso(summary.modified));
    xml.text("ETag", &respond::quoted(&summary.etag));
    xml.optional("ChecksumAlgorithm", summary.algorithm.as_deref());
    xml.optional("ChecksumType", summary.checksum_type.as_deref());
    xml.value("Size", summary.size);
    if let Some(owner) = owner {
        xml.group("Owner", |xml| {
            xml.text("ID", owner);
            xml.text("DisplayName", OWNER_NAME);
        });
    }
    xml.text("StorageClass", &summary.storage_class);
}

fn prefixes(xml: &mut Writer, page: &Page, encoding: Encoding) {
    for item in &page.items {
        if let Item::CommonPrefix(prefix) = item {
            xml.group("CommonPrefixes", |xml| xml.text("Prefix", &encoding.text(prefix)));
        }
    }
}

fn objects(page: &Page) -> impl Iterator<Item = &Summary> {
    page.items.iter().filter_map(|item| match item {
        Item::Object(summary) => Some(summary),
        Item::CommonPrefix(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_encoding_leaves_paths_readable() {
        assert_eq!(Encoding::Url.text("a/b c(3)+é.png"), "a/b+c%283%29%2B%C3%A9.png");
        assert_eq!(Encoding::Plain.text("a b"), "a b");
    }
}
