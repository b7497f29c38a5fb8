//! A JSON string: UTF-16 code units, because `\ud800` alone is one in JSON and no Rust string can hold it.

use std::fmt::Write;

/// A string that may hold lone surrogates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text(Vec<u16>);

impl Text {
    /// Adds one UTF-16 code unit, as `\uXXXX` gives it.
    pub fn push_unit(&mut self, unit: u16) {
        self.0.push(unit);
    }

    /// Adds text.
    pub fn push_str(&mut self, text: &str) {
        self.0.extend(text.encode_utf16());
    }

    /// The same as a Rust string, unless there is a lone surrogate in it.
    pub fn to_unicode(&self) -> Option<String> {
        String::from_utf16(&self.0).ok()
    }

    /// Whether this is that string.
    pub fn is(&self, other: &str) -> bool {
        self.0.iter().copied().eq(other.encode_utf16())
    }

    /// The characters in it; a lone surrogate is one.
    pub fn characters(&self) -> Vec<Self> {
        char::decode_utf16(self.0.iter().copied())
            .map(|decoded| match decoded {
                Ok(character) => Self::from(character.to_string().as_str()),
                Err(lone) => Self(vec![lone.unpaired_surrogate()]),
            })
            .collect()
    }

    /// Writes it as a JSON string, characters as they are; a lone surrogate becomes U+FFFD.
    pub fn write(&self, out: &mut String) {
        out.push('"');
        for decoded in char::decode_utf16(self.0.iter().copied()) {
            match decoded.unwrap_or(char::REPLACEMENT_CHARACTER) {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                control @ '\0'..' ' => drop(write!(out, "\\u{:04x}", u32::from(control))),
                character => out.push(character),
            }
        }
        out.push('"');
    }

    /// Writes it as a JSON string of ASCII characters alone: a queue takes not every character (SQS refuses U+0000 and
    /// U+FFFE), but it takes every escape.
    pub fn write_ascii(&self, out: &mut String) {
        out.push('"');
        for &unit in &self.0 {
            match u8::try_from(unit) {
                Ok(b'"') => out.push_str("\\\""),
                Ok(b'\\') => out.push_str("\\\\"),
                Ok(b'\n') => out.push_str("\\n"),
                Ok(b'\r') => out.push_str("\\r"),
                Ok(b'\t') => out.push_str("\\t"),
                Ok(ascii @ 0x20..=0x7e) => out.push(char::from(ascii)),
                _ => drop(write!(out, "\\u{unit:04x}")),
            }
        }
        out.push('"');
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_escapes_all_that_is_not_printable_ascii() {
        let mut text = Text::from("a\"\\\n\u{0}é😀\u{7f}");
        text.push_unit(0xd800);
        let mut out = String::new();
        text.write_ascii(&mut out);
        assert_eq!(out, r#""a\"\\\n\u0000\u00e9\ud83d\ude00\u007f\ud800""#);
        assert_eq!(text.to_unicode(), None);
        assert_eq!(text.characters().len(), 9);
    }
}
