//! Extended JSON as BSON, with the fields in the order in which they are written.

use std::fmt;

use bson::oid::ObjectId;
use bson::{Bson, DateTime, Document};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::expression::{Expression, Scope};

/// A value out of a file of cases.
pub(super) struct Extended(pub(super) Bson);

impl<'de> Deserialize<'de> for Extended {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Bson;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of extended JSON")
    }

    fn visit_unit<E>(self) -> Result<Bson, E> {
        Ok(Bson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Bson, E> {
        Ok(Bson::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Bson, E> {
        Ok(i32::try_from(value).map_or(Bson::Int64(value), Bson::Int32))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Bson, E> {
        self.visit_i64(i64::try_from(value).map_err(E::custom)?)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Bson, E> {
        Ok(Bson::Double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Bson, E> {
        Ok(Bson::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Bson, A::Error> {
        let mut array = Vec::new();
        while let Some(Extended(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Bson::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Bson, A::Error> {
        let mut document = Document::new();
        while let Some((name, Extended(value))) = fields.next_entry::<String, Extended>()? {
            document.insert(name, value);
        }
        Ok(special(&document).unwrap_or(Bson::Document(document)))
    }
}

/// What a document such as `{"$numberLong": "5"}` stands for.
fn special(document: &Document) -> Option<Bson> {
    let (name, value) = document.iter().next().filter(|_| document.len() == 1)?;
    match (name.as_str(), value) {
        ("$numberLong", Bson::String(text)) => Some(Bson::Int64(text.parse().unwrap())),
        ("$numberDouble", Bson::String(text)) => Some(Bson::Double(text.parse().unwrap())),
        ("$numberDecimal", Bson::String(text)) => Some(Bson::Decimal128(text.parse().unwrap())),
        ("$oid", Bson::String(text)) => Some(Bson::ObjectId(ObjectId::parse_str(text).unwrap())),
        ("$date", Bson::Int64(millis)) => Some(Bson::DateTime(DateTime::from_millis(*millis))),
        ("$date", Bson::String(text)) => {
            let date = Expression::parse(&bson::bson!({ "$toDate": text.as_str() })).unwrap();
            date.evaluate(&Scope::new(&Document::new(), &super::context())).unwrap()
        }
        _ => None,
    }
}
