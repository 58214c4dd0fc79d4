//! Draws columns over time: stacked, each a link to its days, with lines at moments that matter and signs where nothing was seen.
//!
//! Nothing in the drawing is said by it alone: the page has the same numbers as a table.

use crate::serve::html::escaped;

/// Width of the drawing, in its units.
const WIDTH: f64 = 1100.0;
/// Height of the drawing.
const HEIGHT: f64 = 190.0;
/// Room for the numbers of the scale.
const LEFT: f64 = 48.0;
/// Room for the days below the columns.
const BOTTOM: f64 = 26.0;
/// Room above the tallest column, for words at lines.
const TOP: f64 = 18.0;
/// Share of its room that a column fills.
const FILLED: f64 = 0.68;
/// Lines of the scale above nought, at most.
const TICKS: u64 = 3;
/// Days written below the columns, at most.
const LABELS: usize = 7;
/// Height of the sign that something was not seen.
const SIGN: f64 = 4.0;

/// One column.
pub(in crate::serve) struct Column {
    /// What is stacked, from the bottom; each has a colour of its own.
    pub(in crate::serve) parts: Vec<u64>,
    /// Where its link leads.
    pub(in crate::serve) href: String,
    /// What it says to whoever points at it or hears it.
    pub(in crate::serve) said: String,
    /// Its day, short, below it.
    pub(in crate::serve) day: String,
    /// Whether a part of its time was not seen.
    pub(in crate::serve) is_unseen: bool,
}

/// A dashed line at a column.
pub(in crate::serve) struct Line {
    /// Number of the column.
    pub(in crate::serve) column: usize,
    /// Where its link leads.
    pub(in crate::serve) href: String,
    /// What happened.
    pub(in crate::serve) said: String,
}

/// Columns over time.
pub(in crate::serve) struct Histogram<'a> {
    /// What the drawing shows, as a sentence.
    pub(in crate::serve) said: String,
    /// Columns in the order of time.
    pub(in crate::serve) columns: Vec<Column>,
    /// The value at the top, so that drawings can be compared; at least that of the tallest column.
    pub(in crate::serve) top: u64,
    /// Lines.
    pub(in crate::serve) lines: Vec<Line>,
    /// How a number of the scale is written.
    pub(in crate::serve) number: &'a dyn Fn(u64) -> String,
}

impl Histogram<'_> {
    /// The drawing as SVG.
    pub(in crate::serve) fn drawn(&self) -> String {
        let tallest = self.columns.iter().map(|one| one.parts.iter().sum()).max();
        let top = self.top.max(tallest.unwrap_or(0)).max(1);
        let room = (WIDTH - LEFT) / self.columns.len().max(1) as f64;
        let mut out = format!(
            "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"group\" aria-label=\"{}\">",
            escaped(&self.said)
        );
        let floor = HEIGHT - BOTTOM;
        let high = |value: u64| (floor - TOP) * value as f64 / top as f64;
        for value in ticks(top) {
            let y = floor - high(value);
            out.push_str(&format!(
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDTH}\" y2=\"{y:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                y + 4.0,
                escaped(&(self.number)(value))
            ));
        }
        let every = self.columns.len().div_ceil(LABELS).max(1);
        for (place, column) in self.columns.iter().enumerate() {
            let x = LEFT + place as f64 * room;
            out.push_str(&link(column, x, room, &high));
            if place % every == every / 2 {
                out.push_str(&format!(
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    x + room / 2.0,
                    HEIGHT - 6.0,
                    escaped(&column.day)
                ));
            }
        }
        for line in &self.lines {
            let x = LEFT + (line.column as f64 + 0.5) * room;
            out.push_str(&format!(
                "<a href=\"{}\" tabindex=\"-1\" aria-label=\"{said}\"><title>{said}</title><line class=\"evt\" x1=\"{x:.1}\" y1=\"4\" x2=\"{x:.1}\" y2=\"{floor:.1}\"/><rect class=\"hit\" x=\"{:.1}\" y=\"2\" width=\"8\" height=\"{:.1}\"/></a>",
                escaped(&line.href),
                x - 4.0,
                TOP,
                said = escaped(&line.said),
            ));
        }
        out + "</svg>"
    }
}

/// A column as a link over all of its room, so that a low one can be pointed at.
fn link(column: &Column, x: f64, room: f64, high: &dyn Fn(u64) -> f64) -> String {
    let floor = HEIGHT - BOTTOM;
    let wide = room * FILLED;
    let left = x + (room - wide) / 2.0;
    let mut out = format!(
        "<a href=\"{}\" tabindex=\"-1\" aria-label=\"{said}\"><title>{said}</title><rect class=\"hit\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{room:.1}\" height=\"{:.1}\"/>",
        escaped(&column.href),
        floor - TOP,
        said = escaped(&column.said),
    );
    let mut y = floor;
    for (number, part) in column
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| **part > 0)
    {
        let tall = high(*part);
        y -= tall;
        out.push_str(&format!(
            "<rect class=\"s{}\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{:.1}\"/>",
            number + 1,
            (tall - 0.8).max(0.8)
        ));
    }
    if column.is_unseen {
        out.push_str(&format!(
            "<rect class=\"unseen\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{SIGN}\"/>",
            floor + 1.5
        ));
    }
    out + "</a>"
}

/// The numbers of the scale: nought, and round ones up to the top.
fn ticks(top: u64) -> Vec<u64> {
    let mut power = 1;
    loop {
        for round in [1, 2, 5] {
            let step = round * power;
            if top / step <= TICKS {
                return (0..=top / step).map(|number| number * step).collect();
            }
        }
        // The next power would not fit; a scale of one line is still true.
        let Some(next) = u64::checked_mul(power, 10).filter(|next| *next <= u64::MAX / 5) else {
            return vec![0];
        };
        power = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_round_numbers_whatever_the_top() {
        for (top, expected) in [
            (1, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (7, vec![0, 2, 4, 6]),
            (260, vec![0, 100, 200]),
            (100_000, vec![0, 50_000, 100_000]),
            (
                u64::MAX,
                (0..=3).map(|n| n * 5_000_000_000_000_000_000).collect(),
            ),
        ] {
            assert_eq!(ticks(top), expected, "{top}");
        }
    }

    #[test]
    fn columns_are_links_and_carry_no_markup_of_others() {
        let column = |part: u64, is_unseen: bool| Column {
            parts: vec![part, 1],
            href: "/search?q=\"><script>".to_owned(),
            said: "<b>".to_owned(),
            day: "1 <i>".to_owned(),
            is_unseen,
        };
        let drawn = Histogram {
            said: "found".to_owned(),
            columns: vec![column(4, false), column(0, true)],
            top: 0,
            lines: vec![Line {
                column: 1,
                href: "/records".to_owned(),
                said: "</svg>".to_owned(),
            }],
            number: &|n| n.to_string(),
        }
        .drawn();
        assert_eq!(drawn.matches("<a href=").count(), 3);
        assert_eq!(
            drawn.matches("class=\"s1\"").count(),
            1,
            "nought is no column"
        );
        assert_eq!(drawn.matches("class=\"unseen\"").count(), 1);
        for foreign in ["<script", "<b>", "<i>", "style="] {
            assert!(!drawn.contains(foreign), "{foreign}: {drawn}");
        }
        assert_eq!(drawn.matches("</svg>").count(), 1);
    }
}
