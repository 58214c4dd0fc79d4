//! How sure a share of right verdicts is, given how many were seen: exact binomial bounds, and the thresholds that rest on
//! them.
//!
//! A promise such as "95 of 100 are right" is kept by counting cases that no rule was made on, and by giving away what so
//! few cases cannot show: 60 without an error are needed before 0.95 may be promised. Spec: checking.md, 8.

/// One, in the fixed point that probabilities are counted in.
const ONE: u128 = 1_000_000_000_000_000_000;
/// How often the bound may be too high: once in so many.
const ONCE_IN: u128 = 20;
/// Shares are given in ten-thousandths.
pub const WHOLE: u32 = 10_000;

/// The share of right verdicts, in ten-thousandths, that lies below the true one with a certainty of 95 of 100, when so
/// many of so many were wrong (the one-sided bound of Clopper and Pearson). Computed in whole numbers, rounded down.
///
/// # Examples
/// ```
/// use aigaq::judge::confidence::lower_bound;
/// assert_eq!(lower_bound(60, 0), 9_512);
/// assert_eq!(lower_bound(0, 0), 0);
/// ```
pub fn lower_bound(n: u32, n_wrong: u32) -> u32 {
    if n_wrong >= n {
        return 0;
    }
    // The chance of so few errors grows with the share of right ones, so the last share at which it is small is the bound.
    let (mut low, mut high) = (0, WHOLE);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if is_rare(n, n_wrong, middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Whether at most so many errors of `n` happen once in so many times at most, where this share is right.
fn is_rare(n: u32, n_wrong: u32, share: u32) -> bool {
    let mut sum = 0;
    (0..=n_wrong).all(|k| {
        sum += chance(n, k, share);
        sum * ONCE_IN <= ONE
    })
}

/// The chance that exactly `n_wrong` of `n` are wrong where this share is right, rounded up.
fn chance(n: u32, n_wrong: u32, share: u32) -> u128 {
    let (right, whole) = (u128::from(share), u128::from(WHOLE));
    let (mut term, mut n_placed, mut n_right) = (ONE, 0, n - n_wrong);
    // The ways in which errors can fall make the term grow, the powers make it shrink: taken in turn, nothing overflows
    // and nothing vanishes early.
    while n_placed < n_wrong || n_right > 0 {
        if n_right > 0 && (term > ONE || n_placed == n_wrong) {
            term = (term * right).div_ceil(whole);
            n_right -= 1;
        } else {
            term = (term * u128::from(n - n_placed)).div_ceil(u128::from(n_wrong - n_placed));
            term = (term * (whole - right)).div_ceil(whole);
            n_placed += 1;
        }
    }
    term
}

/// A verdict that was compared with what a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// Confidence in thousandths.
    pub confidence: u16,
    /// Whether the person says the same.
    pub is_right: bool,
}

/// What keeping only verdicts of at least some confidence comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The least confidence kept, in thousandths.
    pub threshold: u16,
    /// How many are kept.
    pub n: u32,
    /// How many of them are wrong.
    pub n_wrong: u32,
    /// The lower bound of their share of right ones, in ten-thousandths.
    pub bound: u32,
}

/// Risk and coverage from strict to lax: one row for each confidence that occurs, highest first.
pub fn curve(labelled: &[Labelled]) -> Vec<Kept> {
    let mut sorted = labelled.to_vec();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.confidence));
    let (mut n, mut n_wrong) = (0, 0);
    let groups = sorted.chunk_by(|a, b| a.confidence == b.confidence);
    let rows = groups.map(|group| {
        n += u32::try_from(group.len()).unwrap_or(u32::MAX);
        let wrong = group.iter().filter(|one| !one.is_right).count();
        n_wrong += u32::try_from(wrong).unwrap_or(u32::MAX);
        Kept {
            threshold: group[0].confidence,
            n,
            n_wrong,
            bound: lower_bound(n, n_wrong),
        }
    });
    rows.collect()
}

/// The laxest row that keeps a promise: from the first that has cases enough for it, thresholds are tried from strict to lax,
/// and the first that breaks it ends the search.
pub fn threshold(curve: &[Kept], promise: u32) -> Option<Kept> {
    let first = curve.iter().position(|row| row.bound >= promise)?;
    let kept = curve[first..].iter().take_while(|row| row.bound >= promise);
    kept.last().copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bound_of_the_design_comes_out_to_the_thousandth() {
        let table = [
            (60, 0, 951),
            (93, 0, 968),
            (149, 0, 980),
            (100, 1, 953),
            (100, 2, 938),
            (150, 1, 969),
            (150, 3, 949),
            (200, 3, 962),
            (300, 4, 970),
        ];
        for (n, n_wrong, expected) in table {
            let bound = lower_bound(n, n_wrong);
            assert_eq!((bound + 5) / 10, expected, "{n_wrong} of {n}: {bound}");
        }
    }

    #[test]
    fn nothing_is_promised_of_nothing_or_where_all_was_wrong() {
        assert_eq!(lower_bound(0, 0), 0);
        assert_eq!(lower_bound(5, 5), 0);
        assert_eq!(threshold(&curve(&[]), 9_500), None);
    }

    #[test]
    fn the_threshold_is_the_laxest_before_the_promise_breaks() {
        let right = |confidence, n: usize| {
            vec![
                Labelled {
                    confidence,
                    is_right: true,
                };
                n
            ]
        };
        let wrong = Labelled {
            confidence: 600,
            is_right: false,
        };
        let mut labelled = right(900, 60);
        labelled.extend(right(700, 40));
        labelled.extend([wrong; 5]);
        labelled.extend(right(500, 500));
        let curve = curve(&labelled);
        let rows: Vec<(u16, u32, u32)> = curve
            .iter()
            .map(|row| (row.threshold, row.n, row.n_wrong))
            .collect();
        assert_eq!(
            rows,
            [(900, 60, 0), (700, 100, 0), (600, 105, 5), (500, 605, 5)]
        );
        assert_eq!(threshold(&curve, 9_500).map(|row| row.threshold), Some(700));
    }

    proptest! {
        #[test]
        fn more_errors_never_raise_the_bound_and_more_right_ones_never_lower_it(
            n in 1_u32..400, n_wrong in 0_u32..20,
        ) {
            let n_wrong = n_wrong.min(n);
            let bound = lower_bound(n, n_wrong);
            prop_assert!(lower_bound(n + 1, n_wrong) >= bound);
            prop_assert!(lower_bound(n, (n_wrong + 1).min(n)) <= bound);
        }
    }
}
