//! Text as dates: ISO 8601 without a format, or the specifiers of `$dateFromString`.

use bson::{Bson, DateTime};

use super::super::super::calendar::Civil;
use super::super::super::error::{QueryError, Result};
use super::super::super::zone::Zone;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::format::month_named;

/// What is read when no format is given; the first that fits.
const USUAL: &[&str] = &[
    "%Y-%m-%dT%H:%M:%S.%L",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S.%L",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %b %Y",
];

/// Reads a date as `$toDate` does.
///
/// # Errors
/// 241 for what is no date.
pub(in super::super) fn parse(text: &str) -> Result<DateTime> {
    read(text, None, &Zone::Offset(0))
        .map(DateTime::from_millis)
        .map_err(|_| wrong(text, "no date was found in it"))
}

pub(super) fn from_string(name: &str, operands: &[Value]) -> Result<Value> {
    let instead = |place: usize| operands.get(place).cloned().flatten();
    let result = match (operand(operands, 0), operand(operands, 1), Zone::read(operand(operands, 2))?) {
        (text, _, _) if nullish(text) => return Ok(instead(4).or(Some(Bson::Null))),
        (_, Some(Bson::Null | Bson::Undefined), _) | (_, _, None) => return Ok(Some(Bson::Null)),
        (Some(Bson::String(text)), None, Some(zone)) => read(text, None, &zone),
        (Some(Bson::String(text)), Some(Bson::String(format)), Some(zone)) => read(text, Some(format), &zone),
        (Some(Bson::String(_)), _, _) => {
            return Err(QueryError::new(40684, format!("{name} requires that 'format' be a string")));
        }
        (Some(other), _, _) => Err(QueryError::new(
            241,
            format!(
                "{name} requires that 'dateString' be a string, found: {}",
                super::super::super::types::name(other)
            ),
        )),
        (None, _, _) => return Ok(Some(Bson::Null)),
    };
    match (result, instead(3)) {
        (Ok(millis), _) => super::date(millis),
        (Err(_), Some(instead)) => Ok(Some(instead)),
        (Err(error), None) => Err(error),
    }
}

fn read(text: &str, format: Option<&str>, zone: &Zone) -> Result<i64> {
    if let Some(format) = format {
        return Reader::run(text, format, false)?.finish(text, zone);
    }
    let read = USUAL.iter().find_map(|format| Reader::run(text, format, true).ok());
    read.ok_or_else(|| wrong(text, "Unexpected character"))?.finish(text, zone)
}

fn wrong(text: &str, why: &str) -> QueryError {
    QueryError::new(241, format!("Error parsing date string '{text}'; {why}"))
}

/// What has been read so far.
struct Reader<'a> {
    rest: &'a str,
    date: Civil,
    iso: Option<(i64, i64, i64)>,
    day_of_year: Option<i64>,
    zone: Option<Zone>,
}

impl<'a> Reader<'a> {
    fn run(text: &'a str, format: &str, zone_may_follow: bool) -> Result<Self> {
        let date = Civil { year: 1970, month: 1, day: 1, time: 0 };
        let mut reader = Self { rest: text.trim(), date, iso: None, day_of_year: None, zone: None };
        let mut chars = format.chars();
        while let Some(next) = chars.next() {
            let fits = match next {
                '%' => {
                    let specifier = chars
                        .next()
                        .ok_or_else(|| QueryError::new(18535, "Unmatched '%' at end of format string"))?;
                    reader.part(specifier)?
                }
                literal => reader.literal(literal),
            };
            if fits.is_none() {
                return Err(wrong(text, "Not enough data available to satisfy format"));
            }
        }
        if zone_may_follow && !reader.rest.is_empty() {
            let zone = reader.rest.trim_start();
            reader.zone = Some(Zone::parse(zone)?);
            reader.rest = "";
        }
        if reader.rest.is_empty() { Ok(reader) } else { Err(wrong(text, "Trailing data")) }
    }

    fn finish(self, text: &str, zone: &Zone) -> Result<i64> {
        let date = match (self.iso, self.day_of_year) {
            (Some((year, week, day)), _) => Civil::of_iso(year, week, day, self.date.time),
            (None, Some(day)) => Civil { month: 1, day, ..self.date },
            (None, None) => self.date,
        };
        if self.iso.is_none() && self.day_of_year.is_none() && Civil::at(date.millis()) != date {
            return Err(wrong(text, "The parsed date was invalid"));
        }
        Ok(self.zone.as_ref().unwrap_or(zone).to_utc(date.millis()))
    }

    fn literal(&mut self, literal: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// One to `most` digits.
    fn number(&mut self, most: usize) -> Option<i64> {
        let digits = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.parse().ok()
    }

    fn within(&mut self, most: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        self.number(most).filter(|number| range.contains(number))
    }

    fn part(&mut self, specifier: char) -> Result<Option<()>> {
        let read = match specifier {
            '%' => self.literal('%'),
            'Y' => self.within(4, 0..=9999).map(|year| self.date.year = year),
            'm' => self.within(2, 1..=12).map(|month| self.date.month = month),
            'd' => self.within(2, 1..=31).map(|day| self.date.day = day),
            'H' => self.within(2, 0..=23).map(|hours| self.date.time += hours * 3_600_000),
            'M' => self.within(2, 0..=59).map(|minutes| self.date.time += minutes * 60_000),
            'S' => self.within(2, 0..=59).map(|seconds| self.date.time += seconds * 1000),
            'L' => self.fraction(),
            'j' => self.within(3, 1..=366).map(|day| self.day_of_year = Some(day)),
            'G' => self.within(4, 0..=9999).map(|year| self.iso().0 = year),
            'V' => self.within(2, 1..=53).map(|week| self.iso().1 = week),
            'u' => self.within(1, 1..=7).map(|day| self.iso().2 = day),
            'b' => self.month(true),
            'B' => self.month(false),
            'z' => self.offset(),
            'Z' => self.minutes(),
            other => {
                return Err(QueryError::new(
                    18536,
                    format!("Invalid format character '%{other}' in format string"),
                ));
            }
        };
        Ok(read)
    }

    fn iso(&mut self) -> &mut (i64, i64, i64) {
        self.iso.get_or_insert((1970, 1, 1))
    }

    /// Milliseconds from one to three digits; further ones are passed over.
    fn fraction(&mut self) -> Option<()> {
        let before = self.rest.len();
        let number = self.number(3)?;
        let places = before - self.rest.len();
        self.date.time += number * 10_i64.pow(3_u32.saturating_sub(u32::try_from(places).ok()?));
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        Some(())
    }

    fn month(&mut self, short: bool) -> Option<()> {
        let (month, length) = month_named(self.rest, short)?;
        self.date.month = month;
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    fn offset(&mut self) -> Option<()> {
        let end =
            self.rest.find(|c: char| !c.is_ascii_digit() && !"+-:Z".contains(c)).unwrap_or(self.rest.len());
        let (zone, rest) = self.rest.split_at_checked(end)?;
        self.zone = Some(Zone::parse(zone).ok()?);
        self.rest = rest;
        Some(())
    }

    fn minutes(&mut self) -> Option<()> {
        let (sign, rest) = match self.rest.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, self.rest.strip_prefix('+').unwrap_or(self.rest)),
        };
        self.rest = rest;
        self.zone = Some(Zone::Offset(sign * self.number(4)? * 60_000));
        Some(())
    }
}
