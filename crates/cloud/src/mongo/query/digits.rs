//! Whole numbers of any length as decimal digits, most significant first, without leading zeros. Zero is empty.

use std::cmp::Ordering;

/// Drops leading zeros.
pub(super) fn trimmed(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    digits.get(zeros..).unwrap_or_default()
}

/// The digits with `zeros` zeros behind them.
pub(super) fn shifted(digits: &[u8], zeros: usize) -> Vec<u8> {
    let mut shifted = digits.to_vec();
    if !shifted.is_empty() {
        shifted.resize(digits.len() + zeros, 0);
    }
    shifted
}

pub(super) fn compare(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

pub(super) fn add(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum: Vec<u8> = padded(left, right)
        .map(|(left, right)| {
            let digit = left + right + carry;
            carry = digit / 10;
            digit % 10
        })
        .collect();
    sum.push(carry);
    sum.reverse();
    trimmed(&sum).to_vec()
}

/// `left - right`, where `left` is not the smaller one.
pub(super) fn subtract(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut difference: Vec<u8> = padded(left, right)
        .map(|(left, right)| {
            let digit = 10 + left - right - borrow;
            borrow = u8::from(digit < 10);
            digit % 10
        })
        .collect();
    difference.reverse();
    trimmed(&difference).to_vec()
}

pub(super) fn multiply(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut product = Vec::new();
    for digit in left {
        product = shifted(&product, 1);
        product = add(&product, &times(right, *digit));
    }
    product
}

/// Quotient and remainder of whole division; `divisor` is not zero.
pub(super) fn divide(dividend: &[u8], divisor: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut quotient = Vec::with_capacity(dividend.len());
    let mut rest: Vec<u8> = Vec::new();
    for digit in dividend {
        rest.push(*digit);
        rest = trimmed(&rest).to_vec();
        let mut count = 0;
        while compare(&rest, divisor) != Ordering::Less {
            rest = subtract(&rest, divisor);
            count += 1;
        }
        quotient.push(count);
    }
    (trimmed(&quotient).to_vec(), rest)
}

fn times(digits: &[u8], factor: u8) -> Vec<u8> {
    let mut carry = 0;
    let mut product: Vec<u8> = digits
        .iter()
        .rev()
        .map(|digit| {
            let value = digit * factor + carry;
            carry = value / 10;
            value % 10
        })
        .collect();
    product.push(carry);
    product.reverse();
    trimmed(&product).to_vec()
}

/// Both from the last digit on, the shorter one filled up with zeros.
fn padded<'a>(left: &'a [u8], right: &'a [u8]) -> impl Iterator<Item = (u8, u8)> + 'a {
    let at = |digits: &[u8], place: usize| {
        digits.len().checked_sub(place + 1).and_then(|index| digits.get(index)).copied().unwrap_or(0)
    };
    (0..left.len().max(right.len())).map(move |place| (at(left, place), at(right, place)))
}
