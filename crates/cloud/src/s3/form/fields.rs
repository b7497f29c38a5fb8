//! The fields of a form, which are read whole, up to where its file begins.

use super::Tail;
use crate::s3::error::{Code, Error, Result};
use crate::s3::inbound::Inbound;

/// What the fields before the file may take together, in bytes: S3's own limit is 20 KB, a policy included.
const FIELDS_MAX: usize = 64 * 1024;

/// The fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// In order, names in lower case.
    pub(super) fields: Vec<(String, String)>,
    /// What the file is called where it came from.
    pub(super) filename: String,
}

/// A part of the form.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Not all of it is here yet.
    Incomplete,
    Field {
        name: String,
        value: String,
        length: usize,
    },
    /// The file begins so many bytes on.
    File {
        filename: String,
        content_type: Option<String>,
        length: usize,
    },
    /// The form ends without one.
    End,
}

impl Fields {
    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the fields before the file, and gives what is left to read the file with.
pub(super) async fn read(body: &mut Inbound, boundary: &str) -> Result<(Fields, Tail)> {
    let delimiter = format!("--{boundary}");
    let (mut fields, mut buffer, mut at) = (Fields::default(), Vec::new(), 0);
    loop {
        match next(buffer.get(at..).unwrap_or_default(), delimiter.as_bytes())? {
            Part::Field { name, value, length } => {
                fields.fields.push((name, value));
                at += length;
            }
            Part::File { filename, content_type, length } => {
                fields.filename = filename;
                // A type among the fields counts before the file's own.
                if let Some(kind) = content_type.filter(|_| fields.get("content-type").is_none()) {
                    fields.fields.push(("content-type".to_owned(), kind));
                }
                let rest = buffer.split_off((at + length).min(buffer.len()));
                return Ok((fields, Tail::new(boundary, rest)));
            }
            Part::End => {
                let message = "POST requires exactly one file upload per request.";
                return Err(Error::argument("file", "0", message));
            }
            Part::Incomplete if buffer.len() > FIELDS_MAX => {
                return Err(Code::MaxPostPreDataLengthExceededError.into());
            }
            Part::Incomplete => {
                let data = body.next().await?.ok_or(Code::MalformedPOSTRequest)?;
                buffer.extend_from_slice(&data);
            }
        }
    }
}

/// Reads the part at the beginning of `bytes`.
fn next(bytes: &[u8], delimiter: &[u8]) -> Result<Part> {
    let bytes_before = bytes.len();
    let bytes = bytes.strip_prefix(b"\r\n").unwrap_or(bytes);
    if bytes.len() < delimiter.len() + 2 {
        return Ok(Part::Incomplete);
    }
    let rest = bytes.strip_prefix(delimiter).ok_or(Code::MalformedPOSTRequest)?;
    if rest.starts_with(b"--") {
        return Ok(Part::End);
    }
    let rest = rest.strip_prefix(b"\r\n").ok_or(Code::MalformedPOSTRequest)?;
    let Some(end) = find(rest, b"\r\n\r\n") else { return Ok(Part::Incomplete) };
    let (head, content) = rest.split_at_checked(end + 4).ok_or(Code::MalformedPOSTRequest)?;
    let head = std::str::from_utf8(head).map_err(|_| Code::MalformedPOSTRequest)?;
    let name = parameter(head, "name").ok_or(Code::MalformedPOSTRequest)?.to_ascii_lowercase();
    let used = bytes_before - content.len();
    if name == "file" {
        let filename = parameter(head, "filename").unwrap_or_default();
        // Some browsers send the whole path.
        let filename = filename.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        return Ok(Part::File { filename, content_type: content_type(head), length: used });
    }
    let delimiter = [b"\r\n", delimiter].concat();
    let Some(end) = find(content, &delimiter) else { return Ok(Part::Incomplete) };
    let value = content.get(..end).and_then(|value| std::str::from_utf8(value).ok());
    let value = value.ok_or(Code::MalformedPOSTRequest)?.to_owned();
    Ok(Part::Field { name, value, length: used + end })
}

/// A parameter of `Content-Disposition`.
fn parameter(head: &str, name: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    line.split(';').find_map(|part| {
        let value = part.trim().strip_prefix(name)?.strip_prefix('=')?;
        Some(value.trim_matches('"').to_owned())
    })
}

fn content_type(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-type:"))?;
    line.split_once(':').map(|(_, kind)| kind.trim().to_owned())
}

/// Where `needle` begins.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--B\r\nContent-Disposition: form-data; name=\"Key\"\r\n\r\na/${filename}\r\n--B\r\nContent-\
        Disposition: form-data; name=\"file\"; filename=\"C:\\x\\y.txt\"\r\nContent-Type: text/plain\r\n\r\nbytes";

    #[test]
    fn fields_come_before_the_file() {
        let Part::Field { name, value, length } = next(FORM, b"--B").unwrap() else { panic!("no field") };
        assert_eq!((name.as_str(), value.as_str()), ("key", "a/${filename}"));
        let rest = &FORM[length..];
        let Part::File { filename, content_type, length } = next(rest, b"--B").unwrap() else {
            panic!("no file")
        };
        assert_eq!((filename.as_str(), content_type.as_deref()), ("y.txt", Some("text/plain")));
        assert_eq!(&rest[length..], b"bytes");
    }

    #[test]
    fn a_form_that_is_cut_off_is_waited_for_and_nonsense_is_refused() {
        let field = FORM.windows(6).position(|window| window == b"\r\n--B\r").unwrap();
        for end in 0..field {
            assert_eq!(next(&FORM[..end], b"--B").unwrap(), Part::Incomplete, "{end}");
        }
        assert_eq!(next(b"\r\n--B--\r\n", b"--B").unwrap(), Part::End);
        assert!(next(b"nonsense", b"--B").is_err());
        assert!(next(b"--B\r\nContent-Type: a\r\n\r\n", b"--B").is_err(), "it has no name");
    }
}
