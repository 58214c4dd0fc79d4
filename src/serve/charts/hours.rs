//! Small bars of how many publications appeared in each hour, or in each day where they spread over more than one.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::ledger::HourCount;
use crate::serve::html::escaped;
use crate::serve::words::Words;

/// Hours that are still shown one by one.
const MAX_HOURS: i64 = 36;
/// Bars that have room; of a longer spread only the times with publications are drawn.
const MAX_BARS: usize = 40;
/// Width of the drawing, in units of the drawing.
const WIDTH: usize = 300;
/// Height of the tallest bar.
const HEIGHT: usize = 60;
/// Room above the bars for their numbers.
const ABOVE: usize = 14;
/// Room below the bars for the times.
const BELOW: usize = 16;
/// Widest bar with its gap.
const MAX_STEP: usize = 34;
/// Narrowest bar with its gap over which a number fits.
const NUMBER_STEP: usize = 14;
/// Room that the words of one time take.
const LABEL: usize = 34;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::serve) struct Bar {
    /// The hour `14:00`, or the day `03.03`, by the clocks of the country.
    pub(in crate::serve) label: String,
    /// When it is, in full.
    pub(in crate::serve) when: String,
    /// Publications in it.
    pub(in crate::serve) n: usize,
}

/// The bars of a spread, empty hours and days between them included; by the hour if `true` is beside them.
pub(in crate::serve) fn bars(counts: &[HourCount], words: &Words) -> (Vec<Bar>, bool) {
    let (Some(first), Some(last)) = (counts.first(), counts.last()) else {
        return (Vec::new(), true);
    };
    let by_hour = (last.hour - first.hour).num_hours() < MAX_HOURS;
    let local = |at: DateTime<Utc>| crate::pursue::wording::local(at);
    if by_hour {
        let n_hours = (last.hour - first.hour).num_hours() + 1;
        let hours = (0..n_hours).map(|place| first.hour + TimeDelta::hours(place));
        let bars = hours.map(|hour| Bar {
            label: local(hour).format("%H").to_string(),
            when: words.moment(hour),
            n: counts
                .iter()
                .find(|count| count.hour == hour)
                .map_or(0, |count| count.n),
        });
        return (bars.collect(), true);
    }
    let mut days = BTreeMap::new();
    for count in counts {
        *days.entry(local(count.hour).date_naive()).or_insert(0) += count.n;
    }
    let (first, last) = (
        local(first.hour).date_naive(),
        local(last.hour).date_naive(),
    );
    if (last - first).num_days() < MAX_BARS as i64 {
        for day in first.iter_days().take_while(|day| *day <= last) {
            days.entry(day).or_insert(0);
        }
    }
    let bars = days.into_iter().map(|(day, n)| Bar {
        label: day.format("%d.%m").to_string(),
        when: words.date(day),
        n,
    });
    (bars.take(MAX_BARS).collect(), false)
}

/// Bars as SVG with a sentence that says what they show; `about` is that sentence.
pub(in crate::serve) fn svg(bars: &[Bar], about: &str) -> String {
    let tallest = bars
        .iter()
        .map(|bar| bar.n)
        .max()
        .unwrap_or_default()
        .max(1);
    let step = (WIDTH / bars.len().max(1)).clamp(2, MAX_STEP);
    let every = LABEL.div_ceil(step);
    let mut drawn = format!(
        "<line class=\"grid\" x1=\"0\" y1=\"{0}\" x2=\"{WIDTH}\" y2=\"{0}\"/>",
        ABOVE + HEIGHT
    );
    for (place, bar) in bars.iter().enumerate() {
        let height = (bar.n * HEIGHT).div_ceil(tallest);
        let (x, y) = (place * step, ABOVE + HEIGHT - height);
        let middle = x + step / 2;
        if bar.n > 0 {
            drawn.push_str(&format!(
                "<rect class=\"s1\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{height}\" rx=\"1\"><title>{}: {}</title></rect>",
                step - (step / 6).max(1),
                escaped(&bar.when),
                bar.n
            ));
            if step >= NUMBER_STEP {
                drawn.push_str(&format!(
                    "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    y - 4,
                    bar.n
                ));
            }
        }
        if place % every == 0 {
            drawn.push_str(&format!(
                "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                ABOVE + HEIGHT + BELOW - 3,
                escaped(&bar.label)
            ));
        }
    }
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">{drawn}</svg>",
        ABOVE + HEIGHT + BELOW,
        escaped(about)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn counts(at: &[(&str, usize)]) -> Vec<HourCount> {
        let mut total = 0;
        let count = |(hour, n): &(&str, usize)| {
            total += n;
            HourCount {
                hour: hour.parse().unwrap(),
                n: *n,
                total,
            }
        };
        at.iter().map(count).collect()
    }

    #[test]
    fn hours_without_a_publication_keep_their_place_and_the_bars_add_up() {
        let counts = counts(&[("2026-03-01T07:00:00Z", 3), ("2026-03-01T10:00:00Z", 5)]);
        let (bars, by_hour) = bars(&counts, &Words::of(Language::Ru));
        assert!(by_hour);
        let shown: Vec<(&str, usize)> =
            bars.iter().map(|bar| (bar.label.as_str(), bar.n)).collect();
        assert_eq!(shown, [("12", 3), ("13", 0), ("14", 0), ("15", 5)]);
        let svg = svg(&bars, "a <b>");
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains("aria-label=\"a &lt;b&gt;\""), "{svg}");
    }

    #[test]
    fn a_spread_over_more_than_a_day_and_a_half_is_drawn_by_days_of_the_country() {
        // Half past eleven in the evening of London is the next day here.
        let counts = counts(&[("2026-03-01T23:00:00Z", 1), ("2026-03-04T05:00:00Z", 2)]);
        let (bars, by_hour) = bars(&counts, &Words::of(Language::En));
        assert!(!by_hour);
        let shown: Vec<(&str, usize)> =
            bars.iter().map(|bar| (bar.label.as_str(), bar.n)).collect();
        assert_eq!(shown, [("02.03", 1), ("03.03", 0), ("04.03", 2)]);
        assert_eq!(super::bars(&[], &Words::of(Language::En)).0, []);
    }
}
