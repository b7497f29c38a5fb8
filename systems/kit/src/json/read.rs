//! Text → [`Value`], with the places and words of Python's errors.

use super::{Text, Value};

/// Arrays and objects inside each other; more is [`Unreadable::TooMuch`], as in Python, whose own limit is near 1000.
const MAX_DEPTH: usize = 900;

/// Digits of an integer, as in Python since 3.11.
const MAX_DIGITS: usize = 4300;

/// Why a body is no JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The grammar is broken at this character, counted from 0.
    Syntax {
        /// Where.
        position: usize,
        /// Python's words for it.
        problem: &'static str,
    },
    /// Not UTF-8.
    Encoding,
    /// Nested too deeply, or an integer with too many digits.
    TooMuch,
}

/// Reads a whole body.
///
/// # Errors
/// See [`Unreadable`].
pub fn read(body: &[u8]) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let mut reader = Reader { text: text.map_err(|_| Unreadable::Encoding)?, at: 0, depth: 0 };
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.peek().is_some() { reader.fail("Extra data") } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    /// Bytes read so far; always between two characters.
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Skips ASCII bytes and says how many.
    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().bytes().take_while(|byte| wanted(*byte)).count();
        self.at += count;
        count
    }

    fn skip(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        self.at += if found { expected.len() } else { 0 };
        found
    }

    fn fail<T>(&self, problem: &'static str) -> Result<T, Unreadable> {
        self.fail_at(self.at, problem)
    }

    fn fail_at<T>(&self, at: usize, problem: &'static str) -> Result<T, Unreadable> {
        let position = self.text.get(..at).unwrap_or(self.text).chars().count();
        Err(Unreadable::Syntax { position, problem })
    }

    fn value(&mut self) -> Result<Value, Unreadable> {
        const WORDS: [(&str, Value); 6] = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        match self.peek() {
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            _ => match WORDS.iter().find(|(word, _)| self.skip(word)) {
                Some((_, value)) => Ok(value.clone()),
                None => self.number(),
            },
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Unreadable>) -> Result<Value, Unreadable> {
        if self.depth == MAX_DEPTH {
            return Err(Unreadable::TooMuch);
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Result<Value, Unreadable> {
        let mut items = Vec::new();
        if self.skip("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends("]")? {
                return Ok(Value::List(items));
            }
        }
    }

    fn object(&mut self) -> Result<Value, Unreadable> {
        let mut entries = Vec::new();
        if self.skip("}") {
            return Ok(Value::Object(entries));
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.fail("Expecting property name enclosed in double quotes");
            }
            let key = self.string()?;
            self.skip_space();
            if !self.skip(":") {
                return self.fail("Expecting ':' delimiter");
            }
            self.skip_space();
            entries.push((key, self.value()?));
            if self.ends("}")? {
                return Ok(Value::Object(entries));
            }
        }
    }

    /// After an item: whether the list or object ends here. If not, a comma was read.
    fn ends(&mut self, close: &str) -> Result<bool, Unreadable> {
        self.skip_space();
        if self.skip(close) {
            return Ok(true);
        }
        if !self.skip(",") {
            return self.fail("Expecting ',' delimiter");
        }
        self.skip_space();
        Ok(false)
    }

    fn number(&mut self) -> Result<Value, Unreadable> {
        let start = self.at;
        self.skip("-");
        let digits = if self.skip("0") { 1 } else { self.skip_while(|byte| byte.is_ascii_digit()) };
        if digits == 0 {
            return self.fail_at(start, "Expecting value");
        }
        let whole = self.at;
        self.fraction();
        self.exponent();
        let written = self.text.get(start..self.at).unwrap_or_default();
        match self.at == whole {
            true if digits > MAX_DIGITS => Err(Unreadable::TooMuch),
            true if written == "-0" => Ok(Value::Integer("0".to_owned())),
            true => Ok(Value::Integer(written.to_owned())),
            false => Ok(Value::Float(written.parse().unwrap_or(f64::NAN))),
        }
    }

    fn fraction(&mut self) {
        let before = self.at;
        if self.skip(".") && self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            self.at = before;
        }
    }

    fn exponent(&mut self) {
        let before = self.at;
        if self.skip("e") || self.skip("E") {
            let _signed = self.skip("+") || self.skip("-");
            if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
                self.at = before;
            }
        }
    }

    fn string(&mut self) -> Result<Text, Unreadable> {
        const UNTERMINATED: &str = "Unterminated string starting at";
        let start = self.at;
        let mut text = Text::default();
        self.at += 1;
        loop {
            let plain = self.rest().find(|c: char| c == '"' || c == '\\' || c < ' ');
            let Some(plain) = plain else { return self.fail_at(start, UNTERMINATED) };
            text.push_str(self.rest().get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') if self.rest().len() == 1 => return self.fail_at(start, UNTERMINATED),
                Some(b'\\') => text.push_unit(self.escape()?),
                _ => return self.fail("Invalid control character at"),
            }
        }
    }

    fn escape(&mut self) -> Result<u16, Unreadable> {
        let backslash = self.at;
        self.at += 1;
        let unit = match self.peek() {
            Some(same @ (b'"' | b'\\' | b'/')) => same,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unit(),
            _ => return self.fail_at(backslash, "Invalid \\escape"),
        };
        self.at += 1;
        Ok(u16::from(unit))
    }

    /// The four digits after `\u`. Python wants one more character after them, or calls the escape invalid.
    fn unit(&mut self) -> Result<u16, Unreadable> {
        const INVALID: &str = "Invalid \\uXXXX escape";
        let digits =
            self.rest().get(1..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit =
            digits.filter(|_| self.rest().len() > 5).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else { return self.fail(INVALID) };
        self.at += 5;
        Ok(unit)
    }
}
