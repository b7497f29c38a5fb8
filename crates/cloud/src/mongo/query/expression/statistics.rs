//! Sums, averages and their like over the elements of one array or over all operands; also what `$group` adds up.

use bson::Bson;

use super::super::compare::compare;
use super::super::decimal::Decimal;
use super::super::error::Result;
use super::super::number::Number;
use super::functions::{Arity, Function};
use super::{Value, nullish};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "$sum", arity: Arity::AtLeast(1), run: |_, operands| Ok(Some(sum(operands).total())) },
    Function { name: "$avg", arity: Arity::AtLeast(1), run: |_, operands| Ok(Some(sum(operands).average())) },
    Function {
        name: "$min",
        arity: Arity::AtLeast(1),
        run: |_, operands| extreme(operands, std::cmp::Ordering::Less),
    },
    Function {
        name: "$max",
        arity: Arity::AtLeast(1),
        run: |_, operands| extreme(operands, std::cmp::Ordering::Greater),
    },
    Function {
        name: "$stdDevPop",
        arity: Arity::AtLeast(1),
        run: |_, operands| Ok(Some(deviation(&doubles(operands), Deviation::Population))),
    },
    Function {
        name: "$stdDevSamp",
        arity: Arity::AtLeast(1),
        run: |_, operands| Ok(Some(deviation(&doubles(operands), Deviation::Sample))),
    },
];

/// Which standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Deviation {
    Population,
    Sample,
}

/// A sum that goes on: whole as long as it fits, doubles with what they lose kept aside (Neumaier).
#[derive(Debug, Clone)]
pub(in super::super) struct Sum {
    whole: i128,
    double: f64,
    lost: f64,
    decimal: Option<Decimal>,
    widest: Widest,
    count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Widest {
    Int,
    Long,
    Double,
}

impl Sum {
    pub(in super::super) fn new() -> Self {
        Self { whole: 0, double: 0.0, lost: 0.0, decimal: None, widest: Widest::Int, count: 0 }
    }

    /// Adds a number; anything else is passed over.
    pub(in super::super) fn add(&mut self, value: &Bson) {
        let Some(number) = Number::of(value) else { return };
        self.count += 1;
        match number {
            Number::Int(value) => self.whole += i128::from(value),
            Number::Long(value) => {
                self.whole += i128::from(value);
                self.widest = self.widest.max(Widest::Long);
            }
            Number::Double(value) => {
                self.add_double(value);
                self.widest = Widest::Double;
            }
            Number::Decimal(value) => {
                self.decimal = Some(self.decimal.as_ref().map_or(value.clone(), |sum| sum.add(&value)));
            }
        }
    }

    /// The sum in the widest of the types that were added.
    pub(in super::super) fn total(&self) -> Bson {
        if let Some(decimal) = &self.decimal {
            return Number::Decimal(self.to_decimal(decimal)).into();
        }
        match (self.widest, i64::try_from(self.whole)) {
            (Widest::Int, Ok(whole)) => Number::narrow(whole).into(),
            (Widest::Long, Ok(whole)) => Bson::Int64(whole),
            _ => Bson::Double(self.to_f64()),
        }
    }

    /// The average, or null of nothing.
    pub(in super::super) fn average(&self) -> Bson {
        let Ok(count) = i64::try_from(self.count) else { return Bson::Null };
        match &self.decimal {
            _ if count == 0 => Bson::Null,
            Some(decimal) => {
                Number::Decimal(self.to_decimal(decimal).divide(&Decimal::from_i64(count))).into()
            }
            None => Bson::Double(self.to_f64() / super::super::number::long_to_f64(count)),
        }
    }

    fn add_double(&mut self, value: f64) {
        let sum = self.double + value;
        let (greater, smaller) =
            if self.double.abs() >= value.abs() { (self.double, value) } else { (value, self.double) };
        self.lost += (greater - sum) + smaller;
        self.double = sum;
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::as_conversions,
        reason = "the nearest double is what is wanted"
    )]
    fn to_f64(&self) -> f64 {
        if !self.double.is_finite() {
            return self.double;
        }
        self.double + (self.lost + self.whole as f64)
    }

    fn to_decimal(&self, decimal: &Decimal) -> Decimal {
        let whole = Decimal::parse(&self.whole.to_string()).unwrap_or(Decimal::NaN);
        let exact = decimal.add(&whole);
        if self.widest == Widest::Double {
            exact.add(&Decimal::to_15_digits(self.double + self.lost))
        } else {
            exact
        }
    }
}

/// The standard deviation of some numbers, or null of too few.
pub(in super::super) fn deviation(values: &[f64], deviation: Deviation) -> Bson {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        let before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
    }
    let divisor = match deviation {
        Deviation::Population => count,
        Deviation::Sample => count - 1.0,
    };
    if divisor <= 0.0 { Bson::Null } else { Bson::Double((squares / divisor).sqrt()) }
}

/// The elements of the only operand if that is an array, else the operands.
fn items(operands: &[Value]) -> Vec<&Bson> {
    match operands {
        [Some(Bson::Array(array))] => array.iter().collect(),
        several => several.iter().flatten().collect(),
    }
}

fn sum(operands: &[Value]) -> Sum {
    let mut sum = Sum::new();
    items(operands).into_iter().for_each(|item| sum.add(item));
    sum
}

fn doubles(operands: &[Value]) -> Vec<f64> {
    items(operands).into_iter().filter_map(Number::of).map(|number| number.to_f64()).collect()
}

fn extreme(operands: &[Value], wanted: std::cmp::Ordering) -> Result<Value> {
    let present = items(operands).into_iter().filter(|item| !nullish(Some(item)));
    let found = present.reduce(|best, item| if compare(item, best) == wanted { item } else { best });
    Ok(Some(found.cloned().unwrap_or(Bson::Null)))
}
