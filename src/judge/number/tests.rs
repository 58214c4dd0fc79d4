//! The number lattice against its table of cases, its properties and a newsroom's rounding.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// One row of the table.
#[derive(Deserialize)]
struct Case {
    name: String,
    digits: String,
    #[serde(default = "one")]
    scale: i64,
    #[serde(default)]
    mode: String,
    hi: Option<i64>,
    #[serde(default)]
    count: bool,
    #[serde(default)]
    continuous: bool,
    record: String,
    #[serde(default)]
    step: String,
    outcome: Outcome,
}

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

fn one() -> i64 {
    1
}

fn reading(digits: &str, scale: i64, hi: Option<i64>) -> Reading {
    let scale = Decimal::from(scale);
    let decimals = digits.split_once('.').map(|(_, after)| after.len() as u32);
    let step = Decimal::new(1, decimals.unwrap_or(0)) * scale;
    let n_zeros = digits.len() - digits.trim_end_matches('0').len();
    let step_zeros = match decimals {
        Some(_) => step,
        None => Decimal::from(10_i64.pow(n_zeros as u32)) * scale,
    };
    Reading {
        value: digits.parse::<Decimal>().unwrap() * scale,
        step,
        step_zeros,
        hi: hi.map(|high| Decimal::from(high) * scale),
        has_decimals: decimals.is_some(),
    }
}

fn mode(name: &str) -> Mode {
    match name {
        "" => Mode::Bare,
        "about" => Mode::About,
        "gt" => Mode::Gt,
        "ge" => Mode::Ge,
        "lt" => Mode::Lt,
        "le" => Mode::Le,
        "nearly" => Mode::Nearly,
        "upto" => Mode::UpTo,
        "range" => Mode::Range,
        "nth" => Mode::Nth,
        "vague" => Mode::Vague,
        other => panic!("unknown mode {other}"),
    }
}

#[test]
fn every_case_of_the_number_table_comes_out_as_written() {
    let table: Table =
        toml::from_str(include_str!("../../../tests/verdicts/numbers.toml")).unwrap();
    assert!(table.case.len() >= 52);
    for case in table.case {
        let reading = reading(&case.digits, case.scale, case.hi);
        let claim = Written {
            reading: &reading,
            mode: mode(&case.mode),
            is_count: case.count,
            is_continuous: case.continuous,
        };
        let step = if case.step.is_empty() {
            Decimal::ONE
        } else {
            case.step.parse().unwrap()
        };
        let record = Printed {
            value: case.record.parse().unwrap(),
            step,
        };
        assert_eq!(
            compare(claim, record),
            case.outcome,
            "{} against {}",
            case.name,
            case.record
        );
    }
}

/// A generator of numbers that repeats from run to run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Writes a value in steps of `step` the way a newsroom does: with a magnitude word where that is shorter.
fn newsroom(value: i64, step: i64) -> Reading {
    for scale in [1_000_000_000, 1_000_000, 1_000] {
        if value >= scale && step >= scale / 10 && step >= 100 {
            let decimals = usize::from(step < scale);
            let tenths = value * 10 / scale;
            let digits = if decimals == 0 {
                (value / scale).to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            return reading(&digits, scale, None);
        }
    }
    reading(&value.to_string(), 1, None)
}

#[test]
fn honest_rounding_is_not_called_different_and_swapped_digits_are() {
    let mut draw = Draw(11);
    let (mut n_false, mut n_swaps, mut n_found) = (0, 0, 0);
    let n = 20_000;
    for _ in 0..n {
        let size = 3 + draw.below(5) as u32;
        let truth = (10_i64.pow(size - 1) + draw.below(9 * 10_u64.pow(size - 1)) as i64).max(200);
        let digits = [2, 2, 3, 3, 4, 99][draw.below(6) as usize];
        let step = 10_i64.pow(truth.to_string().len().saturating_sub(digits) as u32);
        let style = draw.below(100);
        let floor = truth / step * step;
        let half = (truth + step / 2) / step * step;
        let (value, step, mode) = match style {
            0..35 => (half, step, Mode::Bare),
            35..50 => (
                floor,
                step,
                if floor == truth { Mode::Ge } else { Mode::Gt },
            ),
            50..55 => (floor, step, Mode::Bare),
            55..63 => ((truth + step - 1) / step * step, step, Mode::Nearly),
            63..85 => (half, step, Mode::About),
            _ => (truth, 1, Mode::Bare),
        };
        let reading = newsroom(value, step);
        let claim = Written {
            reading: &reading,
            mode,
            is_count: false,
            is_continuous: false,
        };
        let printed = |value| Printed {
            value: Decimal::from(value),
            step: Decimal::ONE,
        };
        n_false += i32::from(compare(claim, printed(truth)) == Outcome::Different);
        let mut swapped: Vec<u8> = truth.to_string().into_bytes();
        let at = draw.below((swapped.len() - 1).min(3) as u64) as usize;
        swapped.swap(at, at + 1);
        let other: i64 = String::from_utf8(swapped.clone()).unwrap().parse().unwrap();
        if other != truth && swapped[0] != b'0' {
            n_swaps += 1;
            n_found += i32::from(compare(claim, printed(other)) == Outcome::Different);
        }
    }
    assert!(
        n_false * 1000 <= n,
        "{n_false} of {n} honest roundings called different"
    );
    assert!(
        n_found * 100 >= n_swaps * 75,
        "{n_found} of {n_swaps} swaps found"
    );
}

proptest! {
    #[test]
    fn the_outcome_never_improves_as_the_record_moves_away(
        digits in 1_i64..99_999, scale in prop::sample::select(vec![1_i64, 1_000, 1_000_000]),
        near in 0_i64..60_000, further in 0_i64..60_000, upwards in any::<bool>(),
        about in any::<bool>(), count in any::<bool>(),
    ) {
        let reading = reading(&digits.to_string(), scale, None);
        let claim = Written {
            reading: &reading,
            mode: if about { Mode::About } else { Mode::Bare },
            is_count: count,
            is_continuous: false,
        };
        let sign = if upwards { 1 } else { -1 };
        let at = |d: i64| Printed { value: reading.value + Decimal::from(sign * d), step: Decimal::ONE };
        prop_assert!(compare(claim, at(near)) <= compare(claim, at(near + further)));
    }
}
