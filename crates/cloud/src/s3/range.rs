//! `Range`: which bytes of an object were asked for (RFC 9110 §14, with S3's choices).

use super::error::{Code, Error, Result};

/// A part of an object: offset of its first byte and how many follow, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Offset of the first byte.
    pub(super) start: u64,
    /// How many bytes.
    pub(super) length: u64,
}

/// What a `Range` header means for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selection {
    /// No range, several, or one that does not parse: the whole object with 200.
    Whole,
    /// One range: these bytes with 206.
    Part(Span),
}

/// Reads the header against an object of `size` bytes; `InvalidRange` where nothing of it is there.
pub(super) fn select(header: Option<&str>, size: u64) -> Result<Selection> {
    let Some((header, (first, last))) = header.and_then(|header| Some((header, split(header)?))) else {
        return Ok(Selection::Whole);
    };
    let span = match (first, last) {
        (None, Some(suffix)) => {
            let length = suffix.min(size);
            Span { start: size - length, length }
        }
        (Some(start), None) => Span { start, length: size.saturating_sub(start) },
        (Some(start), Some(end)) if start <= end => {
            Span { start, length: size.min(end.saturating_add(1)).saturating_sub(start) }
        }
        _ => return Ok(Selection::Whole),
    };
    if span.length == 0 { Err(unsatisfiable(header, size)) } else { Ok(Selection::Part(span)) }
}

/// Reads `x-amz-copy-source-range`, which must be `bytes=first-last` inside a source of `size` bytes.
pub(super) fn copy_source(header: &str, size: u64) -> Result<Span> {
    const NAME: &str = "x-amz-copy-source-range";
    let Some((Some(first), Some(last))) = split(header).filter(|(first, last)| first <= last) else {
        let rule = "The x-amz-copy-source-range value must be of the form bytes=first-last where first \
            and last are the zero-based offsets of the first and last bytes to copy";
        return Err(Error::argument(NAME, header, rule));
    };
    if first >= size {
        return Err(
            Code::InvalidRequest.saying("The specified copy range is invalid for the source object size")
        );
    }
    if last >= size {
        let message = format!("Range specified is not valid for source object of size: {size}");
        return Err(Error::argument(NAME, header, message));
    }
    Ok(Span { start: first, length: last - first + 1 })
}

fn unsatisfiable(header: &str, size: u64) -> Error {
    Error::from(Code::InvalidRange).with("RangeRequested", header).with("ActualObjectSize", size.to_string())
}

fn split(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() && last.is_empty() {
        return None;
    }
    Some((number(first)?, number(last)?))
}

fn number(digits: &str) -> Option<Option<u64>> {
    if digits.is_empty() {
        return Some(None);
    }
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| Some(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, size: u64, expected: Option<(u64, u64)>) {
        let expected =
            expected.map_or(Selection::Whole, |(start, length)| Selection::Part(Span { start, length }));
        assert_eq!(select(Some(header), size), Ok(expected), "{header} of {size}");
    }

    #[test]
    fn one_range_is_honoured() {
        check("bytes=0-0", 10, Some((0, 1)));
        check("bytes=2-5", 10, Some((2, 4)));
        check("bytes=2-", 10, Some((2, 8)));
        check("bytes=2-99", 10, Some((2, 8)));
        check("bytes=-3", 10, Some((7, 3)));
        check("bytes=-30", 10, Some((0, 10)));
        check("bytes=0-99999999999999999999999", 10, Some((0, 10)));
    }

    #[test]
    fn what_is_no_single_range_means_the_whole_object() {
        for header in
            ["bytes=5-2", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,4-5", "bytes=", "bytes=+1-2"]
        {
            check(header, 10, None);
        }
        assert_eq!(select(None, 10), Ok(Selection::Whole));
    }

    #[test]
    fn a_range_beyond_the_end_is_refused_with_the_size() {
        for (header, size) in
            [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-1", 0)]
        {
            let error = select(Some(header), size).unwrap_err();
            assert_eq!(error.code, Code::InvalidRange, "{header}");
            assert!(error.details.contains(&("ActualObjectSize", size.to_string())));
        }
    }

    #[test]
    fn a_copy_range_is_strict() {
        assert_eq!(copy_source("bytes=1-3", 10), Ok(Span { start: 1, length: 3 }));
        assert_eq!(copy_source("bytes=10-12", 10).unwrap_err().code, Code::InvalidRequest);
        for header in ["bytes=1-", "bytes=-3", "1-3", "bytes=3-1", "bytes=1-10"] {
            assert_eq!(copy_source(header, 10).unwrap_err().code, Code::InvalidArgument, "{header}");
        }
    }
}
