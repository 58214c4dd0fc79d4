//! Compares a number as it was written with the value a record gives: exact, rounded, coarse, doubtful or different.
//!
//! How a number was written decides what it accepts: «14,5 тыс.» stands for 14,450 to 14,550, «14 523» for itself,
//! «более 14 тыс.» for anything above. Between acceptance and difference lies a grey band in which nothing is said,
//! because truncation and habit live there. The outcome never improves as the record moves away from what was written.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::language::{Dimension, Mode, Quantity, Reading};

/// What the comparison of two numbers came to, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The same value.
    Exact,
    /// Equal after the rounding that was written, or inside the bound that was written.
    Rounded,
    /// A round number, an understatement, or as far as a coarser record goes.
    Coarse,
    /// Too near to call: neither praise nor blame.
    Grey,
    /// Different.
    Different,
}

impl Outcome {
    /// Whether the record bears the number out.
    pub fn agrees(self) -> bool {
        self <= Outcome::Coarse
    }
}

/// What the record gives: a value and how finely it is printed (0: exactly).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// Value in the canonical unit.
    pub value: Decimal,
    /// Weight of the last printed digit.
    pub step: Decimal,
}

/// How the number under comparison was written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The reading of its digits.
    pub reading: &'a Reading,
    /// Bound or hedge.
    pub mode: Mode,
    /// A count of things, in which small round numbers are exact.
    pub is_count: bool,
    /// A continuous unit (percent, money, area), in which an integer is read by its written precision.
    pub is_continuous: bool,
}

/// Five percent: how far a round or hedged number may reach.
const NEAR: (i64, u32) = (5, 2);
/// Ten percent: where a round number is certainly different.
const FAR: (i64, u32) = (10, 2);
/// Fifteen percent: where a hedged number is certainly different.
const HEDGED_FAR: (i64, u32) = (15, 2);
/// Half a percent: slack at a semantic bound.
const BOUND_SLACK: (i64, u32) = (5, 3);
/// Counts below this are exact even when they end in a zero.
const SMALL_COUNT: i64 = 100;

/// Whether one number is the other with its digits in another order or, where it has three or more, with one digit wrong:
/// what a hand does that copies a figure. Trailing noughts of whole numbers count as magnitude.
pub fn is_slip(a: Decimal, b: Decimal) -> bool {
    let digits = |value: Decimal| -> (Vec<char>, usize, u32) {
        let value = value.normalize();
        let all = value.mantissa().unsigned_abs().to_string();
        let told = all.trim_end_matches('0');
        (
            told.chars().collect(),
            all.len() - told.len(),
            value.scale(),
        )
    };
    let ((a, a_noughts, a_scale), (b, b_noughts, b_scale)) = (digits(a), digits(b));
    if a.len() != b.len() || a_noughts != b_noughts || a_scale != b_scale {
        return false;
    }
    let n_wrong = a.iter().zip(&b).filter(|(x, y)| x != y).count();
    let sorted = |digits: &[char]| {
        let mut digits = digits.to_vec();
        digits.sort_unstable();
        digits
    };
    match n_wrong {
        0 => false,
        1 => a.len() >= 3,
        _ => sorted(&a) == sorted(&b),
    }
}

/// Whether one number is the other with its decimal point a place or two off.
pub fn is_shift(a: Decimal, b: Decimal) -> bool {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    small > Decimal::ZERO
        && (large == small * Decimal::TEN || large == small * Decimal::ONE_HUNDRED)
}

/// Whether one number is the other with its digits in another order.
pub fn is_exchange(a: Decimal, b: Decimal) -> bool {
    let sorted = |value: Decimal| {
        let mut digits: Vec<char> = value.normalize().mantissa().to_string().chars().collect();
        digits.sort_unstable();
        digits
    };
    is_slip(a, b) && sorted(a) == sorted(b)
}

/// A constant of two integers as a decimal.
fn decimal((digits, scale): (i64, u32)) -> Decimal {
    Decimal::new(digits, scale)
}

/// Compares a quantity with a printed value under its best reading.
pub fn compare_best(quantity: &Quantity, record: Printed) -> Outcome {
    compare(written(quantity, &quantity.best), record)
}

/// The outcomes under all readings of the quantity: the best and the worst of them.
pub fn compare_all(quantity: &Quantity, record: Printed) -> (Outcome, Outcome) {
    let best = compare_best(quantity, record);
    quantity
        .alternatives
        .iter()
        .map(|reading| compare(written(quantity, reading), record))
        .fold((best, best), |(low, high), next| {
            (low.min(next), high.max(next))
        })
}

/// How a quantity was written, for one of its readings.
fn written<'a>(quantity: &Quantity, reading: &'a Reading) -> Written<'a> {
    let dimension = &quantity.unit.dimension;
    let is_count = matches!(dimension, Dimension::Count | Dimension::Age);
    Written {
        reading,
        mode: quantity.mode,
        is_count,
        is_continuous: !is_count
            && !matches!(dimension, Dimension::Bare | Dimension::CalculationIndex),
    }
}

/// Compares a written number with what the record gives.
pub fn compare(claim: Written<'_>, record: Printed) -> Outcome {
    let step = claim.reading.step;
    let slack = if record.step > step {
        record.step / Decimal::TWO
    } else {
        Decimal::ZERO
    };
    let outcome = match claim.mode {
        Mode::Bare => bare(claim, record.value, slack),
        Mode::About => about(claim, record.value, slack),
        Mode::Gt | Mode::Ge => above(claim, record.value, slack),
        Mode::Lt | Mode::Le => below(claim, record.value, slack),
        Mode::Nearly => nearly(claim, record.value, slack),
        Mode::UpTo => up_to(claim, record.value, slack),
        Mode::Range => range(claim, record.value),
        Mode::Nth => nth(claim.reading.value, record.value),
        Mode::Vague => vague(claim.reading.value, record.value),
    };
    if record.step > step && outcome <= Outcome::Rounded {
        Outcome::Coarse
    } else {
        outcome
    }
}

/// Distance beyond what a coarser record leaves open.
fn distance(difference: Decimal, slack: Decimal) -> Decimal {
    (difference.abs() - slack).max(Decimal::ZERO)
}

/// A number without hedge.
fn bare(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let Reading {
        value,
        step,
        step_zeros,
        has_decimals,
        ..
    } = *claim.reading;
    if record == value {
        return Outcome::Exact;
    }
    let d = distance(record - value, slack);
    let (near, far) = (decimal(NEAR) * value.abs(), decimal(FAR) * value.abs());
    let by_precision =
        has_decimals || step > Decimal::ONE || (claim.is_continuous && step_zeros == step);
    if by_precision {
        let half = step / Decimal::TWO;
        let (mut accepted, mut grey) = (half, step);
        if !has_decimals && step_zeros > step {
            accepted = accepted.max((step_zeros / Decimal::TWO).min(near));
            grey = grey.max(step_zeros.min(far));
        }
        return if d <= accepted {
            if d <= half && d <= near {
                Outcome::Rounded
            } else if claim.is_continuous || d <= near {
                Outcome::Coarse
            } else {
                Outcome::Grey
            }
        } else if d <= grey {
            Outcome::Grey
        } else {
            Outcome::Different
        };
    }
    let is_round =
        step_zeros > Decimal::ONE && !(claim.is_count && value.abs() < Decimal::from(SMALL_COUNT));
    let (accepted, grey) = if is_round {
        ((step_zeros / Decimal::TWO).min(near), step_zeros.min(far))
    } else {
        (Decimal::ZERO, Decimal::ONE)
    };
    if d.is_zero() {
        Outcome::Exact
    } else if d <= accepted {
        Outcome::Coarse
    } else if d <= grey.max(Decimal::ONE) {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «около», «шамамен», "about".
fn about(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let Reading {
        value,
        step,
        step_zeros,
        has_decimals,
        ..
    } = *claim.reading;
    let d = distance(record - value, slack);
    let near = decimal(NEAR) * value.abs();
    let is_fine = has_decimals || step > Decimal::ONE;
    let half = if is_fine {
        step / Decimal::TWO
    } else {
        Decimal::ZERO
    };
    let whole = if is_fine { step } else { Decimal::ONE };
    let accepted = half.max(step_zeros.min(near));
    let grey = whole.max((step_zeros * Decimal::TWO).min(decimal(HEDGED_FAR) * value.abs()));
    if d <= accepted {
        if d <= near {
            Outcome::Rounded
        } else {
            Outcome::Coarse
        }
    } else if d <= grey {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «более», «не менее», «астам», "over".
fn above(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let Reading {
        value,
        step,
        step_zeros,
        ..
    } = *claim.reading;
    let over = record - value;
    if over > Decimal::ZERO || (over.is_zero() && claim.mode == Mode::Ge) {
        let plain = step.max(step_zeros.min(value));
        return if over <= plain {
            Outcome::Rounded
        } else if record <= value * Decimal::new(15, 1) {
            Outcome::Coarse
        } else {
            Outcome::Grey
        };
    }
    beyond_bound(claim, over, slack)
}

/// «менее», «не более», «кем», "under".
fn below(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let Reading {
        value,
        step,
        step_zeros,
        ..
    } = *claim.reading;
    let under = value - record;
    if under > Decimal::ZERO || (under.is_zero() && claim.mode == Mode::Le) {
        let plain = step.max(step_zeros.min(value));
        return if under <= plain {
            Outcome::Rounded
        } else if record * Decimal::new(15, 1) >= value {
            Outcome::Coarse
        } else {
            Outcome::Grey
        };
    }
    beyond_bound(claim, under, slack)
}

/// The record lies on the wrong side of a stated bound, or right on it.
fn beyond_bound(claim: Written<'_>, past: Decimal, slack: Decimal) -> Outcome {
    let limit = (claim.reading.step / Decimal::TWO).max(decimal(BOUND_SLACK) * claim.reading.value);
    if past.is_zero() || distance(past, slack) <= limit {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «почти», «дерлік», "nearly": from below.
fn nearly(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let Reading {
        value,
        step,
        step_zeros,
        has_decimals,
        ..
    } = *claim.reading;
    let under = value - record;
    let near = decimal(NEAR) * value;
    let unit = if step_zeros > Decimal::ONE || has_decimals {
        step_zeros
    } else {
        Decimal::ONE
    };
    let accepted = unit.min(near).max(step.min(near));
    if under >= Decimal::ZERO && under <= accepted {
        return Outcome::Rounded;
    }
    let grey = if under < Decimal::ZERO {
        (step / Decimal::TWO).max(near / Decimal::TWO)
    } else {
        (accepted * Decimal::TWO).max(step)
    };
    if distance(under, slack) <= grey {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «до 500», «500-ге дейін», "up to": a maximum.
fn up_to(claim: Written<'_>, record: Decimal, slack: Decimal) -> Outcome {
    let value = claim.reading.value;
    if record <= value {
        return if record * Decimal::TWO >= value {
            Outcome::Rounded
        } else {
            Outcome::Grey
        };
    }
    beyond_bound(claim, record - value, slack)
}

/// From a value to another.
fn range(claim: Written<'_>, record: Decimal) -> Outcome {
    let low = claim.reading.value;
    let high = claim.reading.hi.unwrap_or(low);
    let step = claim.reading.step;
    let half = step / Decimal::TWO;
    if low - half <= record && record <= high + half {
        Outcome::Rounded
    } else if low - step <= record && record <= high + step {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «каждый десятый»: the record is a share between 0 and 1.
fn nth(n: Decimal, record: Decimal) -> Outcome {
    let within = |margin: Decimal| {
        // n is at least 2 in any language, so both ends stay positive; multiplied out to avoid division.
        record * (n + margin) >= Decimal::ONE && record * (n - margin) <= Decimal::ONE
    };
    if within(Decimal::new(5, 1)) {
        Outcome::Rounded
    } else if within(Decimal::ONE) {
        Outcome::Grey
    } else {
        Outcome::Different
    }
}

/// «сотни», «мыңдаған», "dozens": a power of ten.
fn vague(power: Decimal, record: Decimal) -> Outcome {
    if record >= power * Decimal::TWO && record <= power * Decimal::TEN {
        Outcome::Coarse
    } else if record * Decimal::TWO < power || record > power * Decimal::from(50) {
        Outcome::Different
    } else {
        Outcome::Grey
    }
}

#[cfg(test)]
mod tests;
