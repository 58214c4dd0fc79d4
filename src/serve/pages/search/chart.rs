//! How much was published over time: columns by language, or a row of columns for each query beside, and the same as a table.

use chrono::{Datelike as _, NaiveDate};

use super::Choice;
use crate::index::{SearchQuery, Sort, filtered, filters};
use crate::language::Language;
use crate::model::{Bar, BarWidth, HitKind, Hits};
use crate::pursue::wording;
use crate::serve::Desk;
use crate::serve::charts::histogram::{Column, Histogram, Line};
use crate::serve::error::Error;
use crate::serve::pages::document;
use crate::serve::search::Asked;
use crate::serve::words::Words;

/// Official records marked as lines at most: more would hide the columns.
const MARKED_RECORDS: usize = 8;

/// The columns of an answer.
pub(super) struct Chart {
    pub(super) head: String,
    pub(super) measures: [Choice; 2],
    pub(super) widths: [Choice; 3],
    /// Name and number of each part, with the class of its colour.
    pub(super) legend: Vec<(&'static str, String)>,
    pub(super) has_records: bool,
    pub(super) has_gaps: bool,
    /// For each query its text, empty for a single one, and the drawing as HTML.
    pub(super) drawings: Vec<(String, String)>,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<TableRow>,
}

/// A row of the table that says the same.
pub(super) struct TableRow {
    pub(super) day: String,
    pub(super) href: String,
    pub(super) cells: Vec<String>,
    pub(super) unseen: String,
}

/// What a query is counted beside: the queries asked for, or without any its own parts by language.
pub(super) fn compared(asked: &Asked, query: &str) -> Vec<String> {
    if !asked.compared.is_empty() {
        return asked.compared.clone();
    }
    let languages = languages(query).into_iter();
    let parts = languages.map(|language| filtered(query, "lang", &[language.code().to_owned()]));
    parts.collect()
}

/// The languages that a query looks at.
fn languages(query: &str) -> Vec<Language> {
    let chosen = filters(query).into_iter().find(|one| one.field == "lang");
    let is_asked = |language: &Language| match &chosen {
        None => true,
        Some(chosen) => chosen.values.iter().any(|one| one == language.code()),
    };
    Language::ALL.into_iter().filter(is_asked).collect()
}

/// The columns of an answer; none where there is nothing to draw.
///
/// # Errors
/// When the index fails.
pub(super) fn chart(
    desk: &Desk,
    words: &Words,
    (asked, own): (&Asked, &SearchQuery),
    query: &str,
    hits: &Hits,
) -> Result<Option<Chart>, Error> {
    if hits.histogram.is_empty() || hits.total == 0 {
        return Ok(None);
    }
    let drawing = Drawing {
        words,
        asked,
        query,
        is_share: asked.bars.as_deref() == Some("share"),
        is_by_language: asked.compared.is_empty(),
    };
    let lines = match drawing.is_by_language {
        true => records(desk, own, query, &hits.histogram)?,
        false => Vec::new(),
    };
    Ok(Some(drawing.chart(hits, lines)))
}

/// What all parts of a chart need.
struct Drawing<'a> {
    words: &'a Words,
    asked: &'a Asked,
    query: &'a str,
    is_share: bool,
    is_by_language: bool,
}

impl Drawing<'_> {
    fn chart(&self, hits: &Hits, lines: Vec<Line>) -> Chart {
        let words = self.words;
        let has_records = !lines.is_empty();
        let values = |bars: &[Bar]| bars.iter().map(|bar| self.value(bar)).max();
        let others = hits.compared.iter().map(|one| values(&one.histogram));
        let top = [values(&hits.histogram)]
            .into_iter()
            .chain(others)
            .flatten()
            .max();
        let top = top.unwrap_or(0);
        let peak = hits
            .histogram
            .iter()
            .max_by_key(|bar| (self.value(bar), bar.from));
        let said = peak.map_or(String::new(), |bar| {
            words.with_two(
                "search-peak",
                ("day", &self.days(bar)),
                ("count", &self.written(bar)),
            )
        });
        let mut drawings =
            vec![self.histogram(&hits.histogram, self.stacked(hits), said, top, lines)];
        let mut names = vec![String::new()];
        if !self.is_by_language {
            names = vec![self.query.to_owned()];
            for one in &hits.compared {
                let parts = one
                    .histogram
                    .iter()
                    .map(|bar| vec![self.value(bar)])
                    .collect();
                names.push(one.query.clone());
                drawings.push(self.histogram(
                    &one.histogram,
                    parts,
                    one.query.clone(),
                    top,
                    Vec::new(),
                ));
            }
        }
        Chart {
            head: words.count("search-found", hits.total),
            measures: [("search-count", false), ("search-share", true)].map(|(text, is_share)| {
                let bars = is_share.then(|| "share".to_owned());
                self.choice(
                    text,
                    &Asked {
                        bars,
                        ..self.asked.clone()
                    },
                    is_share == self.is_share,
                )
            }),
            widths: [
                ("search-by-day", BarWidth::Day),
                ("search-by-week", BarWidth::Week),
                ("search-by-month", BarWidth::Month),
            ]
            .map(|(text, width)| {
                let step = Some(width);
                self.choice(
                    text,
                    &Asked {
                        step,
                        ..self.asked.clone()
                    },
                    is_of(&hits.histogram, width),
                )
            }),
            legend: self.legend(hits),
            has_records,
            has_gaps: hits.histogram.iter().any(|bar| bar.unseen > 0),
            heads: names
                .iter()
                .map(|name| match name.as_str() {
                    "" => words.say("search-column-found"),
                    name => name.to_owned(),
                })
                .collect(),
            rows: self.rows(hits),
            drawings: names.into_iter().zip(drawings).collect(),
        }
    }

    fn choice(&self, text: &str, other: &Asked, is_on: bool) -> Choice {
        Choice {
            name: self.words.say(text),
            href: other.address(self.query, None),
            is_on,
        }
    }

    /// What a column is as high as.
    fn value(&self, bar: &Bar) -> u64 {
        if self.is_share {
            bar.per_100k()
        } else {
            bar.count
        }
    }

    /// The height in words.
    fn written(&self, bar: &Bar) -> String {
        if self.is_share {
            self.words.share(bar.count as usize, bar.all as usize)
        } else {
            self.words.number(bar.count)
        }
    }

    /// The parts of each column: numbers by language, a share as a whole.
    fn stacked(&self, hits: &Hits) -> Vec<Vec<u64>> {
        let whole = |bar: &Bar| vec![self.value(bar)];
        if self.is_share || !self.is_by_language {
            return hits.histogram.iter().map(whole).collect();
        }
        let languages = languages(self.query);
        let of_place = |(place, bar): (usize, &Bar)| {
            let mut parts = vec![0; Language::ALL.len()];
            for (language, one) in languages.iter().zip(&hits.compared) {
                let count = one.histogram.get(place).map_or(0, |bar| bar.count);
                parts[*language as usize] = count;
            }
            // What has no language stands on top.
            parts.push(bar.count.saturating_sub(parts.iter().sum()));
            parts
        };
        hits.histogram.iter().enumerate().map(of_place).collect()
    }

    fn legend(&self, hits: &Hits) -> Vec<(&'static str, String)> {
        if self.is_share || !self.is_by_language {
            return Vec::new();
        }
        let parts = languages(self.query).into_iter().zip(&hits.compared);
        let parts = parts.filter(|(_, one)| one.total > 0);
        parts
            .map(|(language, one)| {
                let class = ["k1", "k2", "k3"][language as usize];
                let name = self.words.say(&format!("search-lang-{}", language.code()));
                (class, format!("{name} {}", self.words.number(one.total)))
            })
            .collect()
    }

    fn histogram(
        &self,
        bars: &[Bar],
        parts: Vec<Vec<u64>>,
        said: String,
        top: u64,
        lines: Vec<Line>,
    ) -> String {
        let columns = bars.iter().zip(parts).map(|(bar, parts)| Column {
            parts,
            href: self.zoomed(bar),
            said: self.words.with_two(
                "search-bar",
                ("day", &self.days(bar)),
                ("count", &self.written(bar)),
            ),
            day: Self::short(bar),
            is_unseen: bar.unseen > 0,
        });
        let number = |n: u64| match self.is_share {
            true => self.words.share(n as usize, 100_000),
            false => self.words.number(n),
        };
        Histogram {
            said,
            columns: columns.collect(),
            top,
            lines,
            number: &number,
        }
        .drawn()
    }

    /// The query within the days of a column.
    fn zoomed(&self, bar: &Bar) -> String {
        let days = format!("{}..{}", bar.from, bar.to);
        let query = filtered(self.query, "published", &[days]);
        let other = Asked {
            step: None,
            ..self.asked.clone()
        };
        other.address(&query, None)
    }

    /// The days of a column in words.
    fn days(&self, bar: &Bar) -> String {
        match bar.from == bar.to {
            true => self.words.date(bar.from),
            false => format!(
                "{} – {}",
                self.words.date(bar.from),
                self.words.date(bar.to)
            ),
        }
    }

    /// The first day of a column without more than is needed below it.
    fn short(bar: &Bar) -> String {
        let (from, year) = (bar.from, bar.from.year());
        match (bar.to - from).num_days() {
            0..=6 => format!("{:02}.{:02}", from.day(), from.month()),
            _ => format!("{:02}.{year}", from.month()),
        }
    }

    fn rows(&self, hits: &Hits) -> Vec<TableRow> {
        let words = self.words;
        let beside: Vec<&[Bar]> = match self.is_by_language {
            true => Vec::new(),
            false => hits.compared.iter().map(|one| &one.histogram[..]).collect(),
        };
        let mut rows = Vec::new();
        for (place, bar) in hits.histogram.iter().enumerate() {
            let others = beside.iter().filter_map(|bars| bars.get(place));
            let all: Vec<&Bar> = [bar].into_iter().chain(others).collect();
            if all.iter().all(|bar| bar.count == 0 && bar.unseen == 0) {
                continue;
            }
            let cells = all.iter().flat_map(|bar| {
                let share = words.share(bar.count as usize, bar.all as usize);
                [words.number(bar.count), share]
            });
            rows.push(TableRow {
                day: self.days(bar),
                href: self.zoomed(bar),
                cells: cells.collect(),
                unseen: words.number(bar.unseen),
            });
        }
        rows
    }
}

/// Whether columns have this width; one alone may be of any.
fn is_of(bars: &[Bar], width: BarWidth) -> bool {
    let days = bars.first().map_or(0, |bar| (bar.to - bar.from).num_days());
    match width {
        BarWidth::Day => days == 0,
        BarWidth::Week => days == 6,
        BarWidth::Month => days > 6,
    }
}

/// The newest official records that the query finds too, at the columns of their days.
fn records(desk: &Desk, own: &SearchQuery, query: &str, bars: &[Bar]) -> Result<Vec<Line>, Error> {
    if !matches!(own.kind, HitKind::Pages | HitKind::Publications) {
        return Ok(Vec::new());
    }
    let search = SearchQuery {
        text: query.to_owned(),
        kind: HitKind::Records,
        sort: Sort::Date,
        limit: MARKED_RECORDS,
        is_counted: false,
        after: None,
        compared: Vec::new(),
        ..own.clone()
    };
    let found = desk.index.search(&search, &*desk.store)?;
    let lines = found.hits.into_iter().filter_map(|hit| {
        let day: NaiveDate = wording::local(hit.published).date_naive();
        let column = bars
            .iter()
            .position(|bar| (bar.from..=bar.to).contains(&day))?;
        Some(Line {
            column,
            href: document::record_address(&hit.url),
            said: hit.title.text,
        })
    });
    Ok(lines.collect())
}
