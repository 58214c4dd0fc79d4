//! Bars stacked over time. The scale begins at nought, every bar is a link to what it counts, and times in which a source was
//! not seen are marked below.

use crate::serve::html::escaped;

/// Series that are drawn: three and the rest.
pub(in crate::serve) const SERIES: usize = 4;
/// Width and height of the drawing, in its units.
const SIZE: (u64, u64) = (1100, 230);
/// Left, top and bottom of the field in which the bars stand.
const FIELD: (u64, u64, u64) = (46, 14, 196);
/// Where the names of the days stand.
const TICKS_AT: u64 = 224;
/// Height of the sign below a bar that a source was not seen in it.
const SIGN: u64 = 4;
/// Names of days written at most.
const MOST_TICKS: usize = 10;
/// Lines across the field at most, the lowest not counted.
const MOST_LINES: u64 = 4;

/// One bar.
#[derive(Debug, Clone)]
pub(in crate::serve) struct Column {
    /// What it covers, in full.
    pub(in crate::serve) name: String,
    /// What it covers, short enough to stand below it.
    pub(in crate::serve) tick: String,
    /// Where its publications are listed.
    pub(in crate::serve) href: String,
    /// One number for each series.
    pub(in crate::serve) values: [u64; SERIES],
    /// Sources that were not seen for a part of its time.
    pub(in crate::serve) unseen: usize,
}

impl Column {
    /// All its series together.
    pub(in crate::serve) fn total(&self) -> u64 {
        self.values.iter().sum()
    }
}

/// What each series comes to over all bars.
pub(in crate::serve) fn sums(columns: &[Column]) -> [u64; SERIES] {
    let mut sums = [0; SERIES];
    for column in columns {
        for (sum, value) in sums.iter_mut().zip(column.values) {
            *sum += value;
        }
    }
    sums
}

/// The distance of the lines across the field: one, two or five with noughts.
fn distance(tallest: u64) -> u64 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5].map(|digit: u64| digit.saturating_mul(power)) {
            if step.saturating_mul(MOST_LINES) >= tallest {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The drawing; `finding` says in a sentence what is to be seen in it.
pub(in crate::serve) fn stacked(finding: &str, columns: &[Column]) -> String {
    let (left, top, bottom) = FIELD;
    let (width, height) = SIZE;
    let tallest = columns.iter().map(Column::total).max().unwrap_or_default();
    let step = distance(tallest);
    let scale = tallest.div_ceil(step).max(1) * step;
    let y = |value: u64| {
        let room = u128::from((bottom - top) * 10);
        let risen = u128::from(value) * room / u128::from(scale);
        bottom * 10 - u64::try_from(risen).unwrap_or_default()
    };
    let mut drawn = String::new();
    for line in 0..=scale / step {
        let value = line * step;
        let at = tenths(y(value));
        drawn.push_str(&format!(
            "<path class=\"grid\" d=\"M{left} {at}H{width}\"/><text x=\"{}\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{value}</text>",
            left - 8
        ));
    }
    let n_columns = (columns.len() as u64).max(1);
    let each = (width - left) * 10 / n_columns;
    let every = columns.len().div_ceil(MOST_TICKS).max(1);
    for (place, column) in columns.iter().enumerate() {
        let x = left * 10 + place as u64 * each;
        let (at, thick) = (tenths(x + each / 8), tenths((each * 3 / 4).max(5)));
        let mut parts = String::new();
        let mut below = 0;
        for (series, value) in column.values.iter().enumerate() {
            if *value > 0 {
                let (low, high) = (y(below), y(below + value));
                parts.push_str(&format!(
                    "<rect class=\"s{}\" x=\"{at}\" y=\"{}\" width=\"{thick}\" height=\"{}\"/>",
                    series + 1,
                    tenths(high),
                    tenths(low - high),
                ));
                below += value;
            }
        }
        if column.unseen > 0 {
            parts.push_str(&format!(
                "<rect class=\"unseen\" x=\"{at}\" y=\"{}\" width=\"{thick}\" height=\"{SIGN}\"/>",
                bottom + 3
            ));
        }
        drawn.push_str(&format!(
            "<a href=\"{}\" tabindex=\"-1\"><title>{}: {}</title><rect class=\"hit\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{}\"/>{parts}</a>",
            escaped(&column.href),
            escaped(&column.name),
            column.total(),
            tenths(x),
            tenths(each),
            bottom - top,
        ));
        if (columns.len() - 1 - place).is_multiple_of(every) {
            drawn.push_str(&format!(
                "<text x=\"{}\" y=\"{TICKS_AT}\" text-anchor=\"middle\">{}</text>",
                tenths((x + each / 2).min(width * 10 - 250)),
                escaped(&column.tick)
            ));
        }
    }
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{}\">{drawn}</svg>",
        escaped(finding)
    )
}

/// A number of tenths as a decimal number.
fn tenths(value: u64) -> String {
    match value % 10 {
        0 => (value / 10).to_string(),
        rest => format!("{}.{rest}", value / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: [u64; SERIES], unseen: usize) -> Column {
        Column {
            name: "\"1 May\"".to_owned(),
            tick: "1".to_owned(),
            href: "/search?q=a&b".to_owned(),
            values,
            unseen,
        }
    }

    #[test]
    fn bars_stand_on_nought_and_on_each_other() {
        let drawn = stacked(
            "most on 1 May",
            &[column([2, 1, 0, 1], 0), column([0; 4], 2)],
        );
        // Four at the top of a field of 182 units: 45.5 for each.
        assert!(
            drawn.contains("class=\"s1\" x=\"111.8\" y=\"105\" width=\"395.2\" height=\"91\""),
            "{drawn}"
        );
        assert!(
            drawn.contains("class=\"s2\" x=\"111.8\" y=\"59.5\" width=\"395.2\" height=\"45.5\""),
            "{drawn}"
        );
        assert!(
            drawn.contains("class=\"s4\" x=\"111.8\" y=\"14\" width=\"395.2\" height=\"45.5\""),
            "{drawn}"
        );
        assert!(!drawn.contains("class=\"s3\""), "{drawn}");
        assert_eq!(drawn.matches("class=\"unseen\"").count(), 1);
        assert_eq!(drawn.matches("<a href=\"/search?q=a&amp;b\"").count(), 2);
        assert!(drawn.contains("&quot;1 May&quot;: 4"), "{drawn}");
    }

    #[test]
    fn the_sums_of_the_legend_are_those_of_the_bars() {
        let columns = [column([2, 1, 0, 1], 0), column([5, 0, 3, 0], 0)];
        let sums = sums(&columns);
        assert_eq!(sums, [7, 1, 3, 1]);
        let totals: u64 = columns.iter().map(Column::total).sum();
        assert_eq!(totals, sums.iter().sum::<u64>());
    }

    #[test]
    fn lines_stand_at_round_numbers() {
        let distances = [0, 1, 4, 5, 9, 21, 252, 1284].map(distance);
        assert_eq!(distances, [1, 1, 1, 2, 5, 10, 100, 500]);
        assert!(distance(u64::MAX) > 0);
    }
}
