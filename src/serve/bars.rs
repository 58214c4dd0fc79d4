//! Draws bars over time as SVG, a row for each query, and says the same in a table.

use super::html::escaped;
use crate::model::{Bar, Hits};
use crate::report::text;

/// Height of the tallest bar, in units of the drawing.
const HEIGHT: u64 = 60;
/// Width of a bar with the gap after it, in units of the drawing.
const WIDTH: usize = 10;
/// Height of the sign below a bar that a source was not seen in it.
const SIGN: u64 = 4;

/// The bars of a query and of those it is compared with, as numbers or as shares of all publications.
pub(super) fn drawn(query: &str, hits: &Hits, as_share: bool) -> String {
    let (Some(first), Some(last)) = (hits.histogram.first(), hits.histogram.last()) else {
        return String::new();
    };
    let value = |bar: &Bar| if as_share { bar.per_100k() } else { bar.count };
    let others = hits
        .compared
        .iter()
        .map(|one| (one.query.as_str(), &one.histogram));
    let rows: Vec<(&str, &Vec<Bar>)> = [(query, &hits.histogram)]
        .into_iter()
        .chain(others)
        .collect();
    let all = rows.iter().flat_map(|(_, bars)| bars.iter());
    let tallest = all.map(value).max().unwrap_or_default();
    let what = if as_share {
        "of each hundred thousand publications"
    } else {
        "publications"
    };
    let pictures: String = rows
        .iter()
        .map(|(query, bars)| {
            let name = match rows.len() {
                1 => String::new(),
                _ => format!("<p class=\"small\">{}</p>", escaped(query)),
            };
            name + &picture(bars, tallest, what, value)
        })
        .collect();
    let gaps: String = hits.gaps.iter().map(text::gap).collect();
    let gaps: String = gaps
        .lines()
        .map(|line| format!("<li>{}</li>", escaped(line)))
        .collect();
    let gaps = match gaps.as_str() {
        "" => gaps,
        _ => format!(
            "<details><summary>Times in which sources were not seen (marked below the bars)</summary><ul>{gaps}</ul></details>"
        ),
    };
    format!(
        "<section class=\"panel bars\" aria-label=\"Over time\">{pictures}<p class=\"small muted\">{} – {}</p>{gaps}{}</section>",
        first.from,
        last.to,
        table(&rows, as_share)
    )
}

/// One row of bars; a sign stands below those in which a source was not seen.
fn picture(bars: &[Bar], tallest: u64, what: &str, value: impl Fn(&Bar) -> u64) -> String {
    let mut drawn = String::new();
    for (place, bar) in bars.iter().enumerate() {
        let height = (value(bar) * HEIGHT).div_ceil(tallest.max(1));
        let (x, width) = (place * WIDTH, WIDTH - 2);
        drawn.push_str(&format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{height}\"/>",
            HEIGHT - height
        ));
        if bar.unseen > 0 {
            drawn.push_str(&format!(
                "<rect class=\"unseen\" x=\"{x}\" y=\"{HEIGHT}\" width=\"{width}\" height=\"{SIGN}\"/>"
            ));
        }
    }
    format!(
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Found over time, at most {tallest} {what} at a time\">{drawn}</svg>",
        bars.len() * WIDTH,
        HEIGHT + SIGN
    )
}

/// The same as a table: days on which any query found something, or a source was not seen.
fn table(rows: &[(&str, &Vec<Bar>)], as_share: bool) -> String {
    let heads: String = rows
        .iter()
        .map(|(query, _)| match rows.len() {
            1 => "<th>found</th><th>of all</th>".to_owned(),
            _ => format!("<th>{}</th><th>of all</th>", escaped(query)),
        })
        .collect();
    let mut lines = String::new();
    let places = rows
        .iter()
        .map(|(_, bars)| bars.len())
        .min()
        .unwrap_or_default();
    for place in 0..places {
        let bars = rows.iter().map(|(_, bars)| bars[place]);
        if bars.clone().all(|bar| bar.count == 0 && bar.unseen == 0) {
            continue;
        }
        let unseen = bars.clone().map(|bar| bar.unseen).max().unwrap_or_default();
        let cells: String = bars
            .clone()
            .map(|bar| {
                let found = if as_share {
                    format!("{} in 100,000", bar.per_100k())
                } else {
                    bar.count.to_string()
                };
                format!("<td>{found}</td><td>{}</td>", bar.all)
            })
            .collect();
        let from = rows[0].1[place].from;
        lines.push_str(&format!("<tr><td>{from}</td>{cells}<td>{unseen}</td></tr>"));
    }
    format!(
        "<details><summary>As a table</summary><table><caption>Publications over time</caption><thead><tr><th>from</th>{heads}<th>sources not seen all of the time</th></tr></thead><tbody>{lines}</tbody></table></details>"
    )
}
