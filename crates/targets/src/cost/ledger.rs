//! The lines of an estimate as they are put together.

use model::System;

use super::prices::{AS_OF, Price, REGIONS};
use super::traffic::{HIGH, LOW};
use super::{Amount, Estimate, Line};

/// Hours of a month, as AWS counts them: 365 days in twelve parts.
pub(super) const HOURS: f64 = 730.0;

#[derive(Debug)]
pub(super) struct Ledger {
    column: usize,
    lines: Vec<Line>,
}

impl Ledger {
    /// With the prices of `region`, or of the first one where the table has none.
    pub(super) fn new(region: &str) -> Self {
        let column = REGIONS.iter().position(|known| *known == region).unwrap_or(0);
        Self { column, lines: Vec::new() }
    }

    /// Adds so many units a month.
    pub(super) fn add(&mut self, resource: &str, what: &str, price: Price, quantity: Amount) {
        let dollars = price.at(self.column);
        self.lines.push(Line {
            resource: resource.to_owned(),
            what: what.to_owned(),
            unit: price.unit,
            price: Some(dollars),
            quantity,
            month: Some(quantity.times(dollars)),
        });
    }

    /// Adds so many of an instance class, all month.
    pub(super) fn instances(&mut self, resource: &str, class: &str, price: Option<Price>, count: Amount) {
        let quantity = count.times(HOURS);
        match price {
            Some(price) => self.add(resource, class, price, quantity),
            None => self.lines.push(Line {
                resource: resource.to_owned(),
                what: class.to_owned(),
                unit: "hour",
                price: None,
                quantity,
                month: None,
            }),
        }
    }

    pub(super) fn close(self, system: &System) -> Estimate {
        let months = self.lines.iter().filter_map(|line| line.month);
        Estimate {
            as_of: AS_OF,
            region: system.aws.region.clone(),
            priced_in: REGIONS.get(self.column).copied().unwrap_or(REGIONS[0]),
            assumptions: [LOW, HIGH],
            total: months.fold(Amount::default(), Amount::plus),
            lines: self.lines,
        }
    }
}
