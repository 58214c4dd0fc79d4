//! Decides when a page was published and modified, out of all dates it gives, and says where each was read.
//!
//! Order of trust: JSON-LD, meta, microdata, a `time` element of the article, visible text near the title, the address,
//! what discovery said; at last any date of the page, named a guess. Where two of them differ, what cannot have been
//! rewritten decides: an address keeps the day it was given, a declared time in UTC falls on the day the site shows.
//! A date after the day of capture, or one no page of the web can have, is refused.

mod declared;
mod guess;
mod names;
mod visible;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::dates::{self, Found};
use super::json_ld::JsonLd;
use super::lines::Line;
use super::marks::Marks;
use super::tree::{Tag, Tree};
use crate::language::Language;
use crate::model::{DateOrigin, Dated};

/// Farthest zone from UTC, in hours.
const MAX_ZONE_HOURS: i32 = 14;

/// What the choice is made from.
pub(super) struct Sources<'s, 't> {
    /// The page.
    pub(super) tree: &'s Tree<'t>,
    /// Its lines.
    pub(super) lines: &'s [Line],
    /// Its JSON-LD.
    pub(super) json_ld: &'s JsonLd,
    /// The title.
    pub(super) title: &'s str,
    /// Line of the title, where it was found among the lines.
    pub(super) title_line: Option<usize>,
    /// Element of the main text.
    pub(super) root: usize,
    /// Address.
    pub(super) url: &'s str,
    /// The page as it came, scripts included.
    pub(super) page_text: &'s str,
    /// Publication time as discovery gave it.
    pub(super) hint: Option<&'s str>,
    /// Zone of times written without one.
    pub(super) timezone: Option<Tz>,
    /// When the page was captured.
    pub(super) fetched_at: Option<DateTime<Utc>>,
    /// Language of the page.
    pub(super) language: Option<Language>,
}

/// When a page was published and modified.
pub(super) fn published_and_modified(from: &Sources<'_, '_>) -> (Option<Dated>, Option<Dated>) {
    let declared = from.declared_modified();
    let published = from.published(declared.as_ref());
    let modified = declared
        .or_else(|| from.said_modified())
        .filter(|modified| {
            published
                .as_ref()
                .is_none_or(|published| published.at <= modified.at || published.is_day_only)
        });
    let published = published
        .or_else(|| modified.clone())
        .or_else(|| from.guess());
    (published, modified)
}

impl Sources<'_, '_> {
    /// The best date of publication.
    fn published(&self, modified: Option<&Dated>) -> Option<Dated> {
        if let Some(declared) = self.declared_published() {
            return Some(self.reconciled(declared, modified));
        }
        self.time_element(true)
            .or_else(|| self.near_title())
            .or_else(|| self.marked())
            .or_else(|| self.said_published())
            .or_else(|| self.address())
            .or_else(|| self.read(self.hint?, DateOrigin::Discovery))
            .or_else(|| self.meta_like())
            .or_else(|| self.dateline())
            .or_else(|| self.time_element(false))
            .or_else(|| self.any_date_line())
    }

    /// A declared date set right by what the page shows.
    fn reconciled(&self, declared: Dated, modified: Option<&Dated>) -> Dated {
        let day = declared.at.date_naive();
        if let Some(address) = self.address_day() {
            let gap = (day - address.at.date_naive()).num_days();
            return match gap {
                0 => declared,
                -1 | 1 => on_day(declared, &address),
                // The address was given at publication; a later declared date is that of a new edition.
                2.. => address,
                _ => declared,
            };
        }
        let Some(seen) = self.time_element(true).or_else(|| self.near_title()) else {
            return declared;
        };
        let gap = (day - seen.at.date_naive()).num_days();
        // A page that stamps the day of its last change as both dates still shows readers the true one.
        let is_restamped = modified.is_some_and(|modified| modified.at.date_naive() <= day);
        match gap {
            0 => declared,
            -1 | 1 => on_day(declared, &seen),
            2.. if is_restamped => seen,
            _ => declared,
        }
    }

    /// Reads a written date; refuses one that cannot be.
    pub(super) fn read(&self, text: &str, origin: DateOrigin) -> Option<Dated> {
        let found = dates::first(text, self.is_month_first())?;
        self.dated(found, origin)
    }

    /// A found date as a moment. A time written in UTC is shown in the zone of the source, whose day readers know.
    fn dated(&self, found: Found, origin: DateOrigin) -> Option<Dated> {
        let local = found.date.and_time(found.time.unwrap_or(NaiveTime::MIN));
        let offset = found.offset.or_else(|| {
            let zone = self.timezone?;
            Some(zone.offset_from_local_datetime(&local).earliest()?.fix())
        });
        let offset = offset.or_else(|| FixedOffset::east_opt(0))?;
        let mut at = offset.from_local_datetime(&local).earliest()?;
        if let Some(zone) = self.timezone
            && found
                .offset
                .is_some_and(|offset| offset.local_minus_utc() == 0)
        {
            at = at.with_timezone(&zone).fixed_offset();
        }
        let latest = self
            .fetched_at
            .and_then(|at| at.checked_add_days(Days::new(1)));
        if latest.is_some_and(|latest| at > latest) {
            return None;
        }
        Some(Dated {
            at,
            origin,
            is_day_only: found.time.is_none(),
        })
    }

    /// Whether 03/04/2026 is the fourth of March here: only pages in English from the United States write so.
    fn is_month_first(&self) -> bool {
        self.language == Some(Language::En)
            && self.tree.nodes.iter().take(4).any(|node| {
                node.attr("lang").is_some_and(|lang| {
                    lang.eq_ignore_ascii_case("en-us") || lang.eq_ignore_ascii_case("en_us")
                })
            })
    }

    /// Whether a node stands in comments, lists of links, side columns, navigation or the foot.
    fn is_elsewhere(&self, at: usize) -> bool {
        self.stands_in(at, Marks::ELSEWHERE, &[Tag::Aside, Tag::Footer, Tag::Nav])
    }

    /// Whether a node stands in something of the marks or tags that holds neither the main text nor the title.
    fn stands_in(&self, at: usize, marks: Marks, tags: &[Tag]) -> bool {
        let title = self.title_line.map(|line| self.lines[line].first);
        self.tree.ancestors(at).any(|above| {
            let node = &self.tree.nodes[above];
            let range = self.tree.subtree(above);
            (node.marks.has(marks) || tags.contains(&node.tag))
                && !range.contains(&self.root)
                && !title.is_some_and(|title| range.contains(&title))
                && node.name() != "body"
        })
    }
}

/// A moment declared in UTC, given the offset in which it falls on the day the site shows.
fn on_day(declared: Dated, shown: &Dated) -> Dated {
    if declared.is_day_only || declared.at.offset().local_minus_utc() != 0 {
        return declared;
    }
    let offset =
        exact_offset(&declared, shown).or_else(|| least_offset(&declared, shown.at.date_naive()));
    match offset {
        Some(offset) => Dated {
            at: declared.at.with_timezone(&offset),
            ..declared
        },
        None => declared,
    }
}

/// The offset between a declared moment and the clock the site shows, where that is a zone's.
fn exact_offset(declared: &Dated, shown: &Dated) -> Option<FixedOffset> {
    const QUARTER: i32 = 15 * 60;
    if shown.is_day_only {
        return None;
    }
    let minutes = (shown.at.naive_local() - declared.at.naive_utc()).num_minutes();
    let seconds = i32::try_from(minutes * 60).ok()?;
    let is_zone = seconds % QUARTER == 0 && seconds.abs() <= MAX_ZONE_HOURS * 3600;
    is_zone.then(|| FixedOffset::east_opt(seconds)).flatten()
}

/// The smallest offset of whole hours that puts a moment on a day.
fn least_offset(declared: &Dated, day: NaiveDate) -> Option<FixedOffset> {
    (1..=MAX_ZONE_HOURS)
        .flat_map(|hours| [hours, -hours])
        .filter_map(|hours| FixedOffset::east_opt(hours * 3600))
        .find(|offset| declared.at.with_timezone(offset).date_naive() == day)
}
