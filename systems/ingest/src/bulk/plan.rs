//! What is sent, in which order, and which answer is right.

use serde::Serialize;
use serde_json::json;

/// The timestamp of every good message.
const TIMESTAMP: u32 = 1_693_561_101;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// One the API must accept.
    Good,
    /// A token that is not the right one.
    WrongToken,
    /// No token at all.
    NoToken,
    /// `email_timestream` is a word.
    BadTimestamp,
    /// No `email_timestream`.
    MissingTimestamp,
}

/// All requests.
#[derive(Debug)]
pub(crate) struct Plan {
    token: String,
    kinds: Vec<Kind>,
}

impl Kind {
    const BAD: [Self; 4] = [Self::WrongToken, Self::NoToken, Self::BadTimestamp, Self::MissingTimestamp];

    /// The status the contract has for it.
    pub(crate) fn expected(self) -> u16 {
        match self {
            Self::Good => 200,
            Self::WrongToken => 403,
            Self::NoToken => 401,
            Self::BadTimestamp => 400,
            Self::MissingTimestamp => 422,
        }
    }

    /// Its name in a report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::WrongToken => "wrong token",
            Self::NoToken => "no token",
            Self::BadTimestamp => "bad timestamp",
            Self::MissingTimestamp => "missing timestamp",
        }
    }
}

impl Plan {
    /// `good` good requests and `bad` of each bad kind, spread evenly among them.
    pub(crate) fn new(good: u32, bad: u32, token: &str) -> Self {
        let bad_in_all = u64::from(bad) * 4;
        let total = u64::from(good) + bad_in_all;
        let mut bad_kinds = Kind::BAD.into_iter().cycle();
        let kinds = (0..total).map(|index| {
            let bad_before = index * bad_in_all / total;
            let bad_after = (index + 1) * bad_in_all / total;
            if bad_after > bad_before { bad_kinds.next().unwrap_or(Kind::Good) } else { Kind::Good }
        });
        Self { token: token.to_owned(), kinds: kinds.collect() }
    }

    /// How many requests.
    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The request at this place, and its body.
    pub(crate) fn request(&self, index: usize) -> Option<(Kind, String)> {
        let kind = *self.kinds.get(index)?;
        let mut body = json!({
            "data": {
                "email_subject": format!("Message {} of {}", index + 1, self.len()),
                "email_sender": "ingest bulk",
                "email_timestream": TIMESTAMP,
                "email_content": "A message to see how the pipeline holds up.",
            },
            "token": self.token,
        });
        match kind {
            Kind::Good => {}
            Kind::WrongToken => put(&mut body, "/token", json!(format!("not-{}", self.token))),
            Kind::NoToken => remove(&mut body, "", "token"),
            Kind::BadTimestamp => put(&mut body, "/data/email_timestream", json!("yesterday")),
            Kind::MissingTimestamp => remove(&mut body, "/data", "email_timestream"),
        }
        Some((kind, body.to_string()))
    }
}

fn put(body: &mut serde_json::Value, pointer: &str, value: serde_json::Value) {
    if let Some(place) = body.pointer_mut(pointer) {
        *place = value;
    }
}

fn remove(body: &mut serde_json::Value, object: &str, key: &str) {
    if let Some(object) = body.pointer_mut(object).and_then(serde_json::Value::as_object_mut) {
        object.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(plan: &Plan, kind: Kind) -> usize {
        plan.kinds.iter().filter(|other| **other == kind).count()
    }

    #[test]
    fn every_kind_comes_as_often_as_asked() {
        for (good, bad) in [(10, 1), (0, 3), (1000, 7), (5, 0), (0, 0), (1, 100)] {
            let plan = Plan::new(good, bad, "t");
            assert_eq!(count(&plan, Kind::Good), good as usize);
            for kind in Kind::BAD {
                assert_eq!(count(&plan, kind), bad as usize, "{kind:?} of {good}+{bad}");
            }
        }
    }

    #[test]
    fn a_bad_request_is_bad_in_one_way() {
        let plan = Plan::new(0, 1, "secret");
        let bodies: Vec<String> = (0..4).map(|index| plan.request(index).unwrap().1).collect();
        assert!(bodies[0].contains(r#""token":"not-secret""#));
        assert!(!bodies[1].contains("secret"));
        assert!(bodies[2].contains(r#""email_timestream":"yesterday""#));
        assert!(!bodies[3].contains("email_timestream"));
        assert!(plan.request(4).is_none());
    }
}
