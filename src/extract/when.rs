//! Decides when a page was published and modified, out of all dates it gives, and says where each was read.
//!
//! Order of trust: JSON-LD, meta, microdata, a `time` element of the article, visible text near the title, the address,
//! what discovery said. A date after the day of capture, or one no page of the web can have, is refused.

use chrono::{DateTime, Days, FixedOffset, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::dates::{self, Found};
use super::json_ld::JsonLd;
use super::lines::Line;
use super::marks::Marks;
use super::tree::{Tag, Tree};
use crate::language::Language;
use crate::model::{DateOrigin, Dated};

/// Lines around the title that are read for a visible date.
const N_LINES_AFTER_TITLE: usize = 8;
/// Longest visible line read for a date, in characters.
const MAX_VISIBLE_CHARS: usize = 160;

/// Longest line that may say when the page was published, in characters.
const MAX_SAID_CHARS: usize = 240;
/// Words that say a date is that of publication.
const PUBLISHED_WORDS: &[&str] = &[
    "published",
    "posted",
    "publication date",
    "date of publication",
    "first published",
    "release date",
    "updated",
    "last revision",
    "last modified",
    "опубликован",
    "дата публикации",
    "размещен",
    "размещён",
    "добавлен",
    "дата:",
    "обновлен",
    "обновлён",
    "жарияланған",
    "жарияланды",
    "жариялау күні",
    "күні:",
    "жаңартылған",
    "жаңартылды",
    "veröffentlicht",
    "publié",
    "publicado",
    "pubblicato",
    "opublikowano",
    "yayınlanma",
    "опубліковано",
    "erstellt",
    "dieser artikel wurde",
    "dieser beitrag wurde",
    "geschrieben am",
    "gespeichert von",
];

/// Names of meta elements for the date of publication, in lower case, most trusted first.
const PUBLISHED_META: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date.published",
    "published_time",
    "publish_time",
    "publication_date",
    "publicationdate",
    "publish-date",
    "publish_date",
    "published_date",
    "published-date",
    "publishdate",
    "pubdate",
    "pub_date",
    "article.published",
    "articlepublisheddate",
    "article_date_original",
    "article:post_date",
    "cxenseparse:recs:publishtime",
    "sailthru.date",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.created",
    "dc.date",
    "dcterms.date",
    "dc.issued",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_date",
    "bt:pubdate",
    "og:pubdate",
    "originalpublicationdate",
    "eprints.date",
    "vr:published_time",
    "date",
    "creation_date",
    "date_created",
    "datecreated",
    "created",
    "article:created",
    "og:release_date",
    "release_date",
    "displaydate",
    "timestamp",
    "time",
    "search.date",
    "gentime",
    "last-publish",
    "shareaholic:article_published_time",
];
/// Names of meta elements for the date of the last change.
const MODIFIED_META: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "og:article:modified_time",
    "datemodified",
    "modified_time",
    "modificationdate",
    "modified",
    "last-modified",
    "lastmod",
    "lastmodified",
    "dc.date.modified",
    "dcterms.modified",
    "dc.modified",
    "updated_time",
    "updated",
    "update_time",
    "revision_date",
    "utime",
    "shareaholic:article_modified_time",
];

/// What the choice is made from.
pub(super) struct Sources<'s, 't> {
    /// The page.
    pub(super) tree: &'s Tree<'t>,
    /// Its lines.
    pub(super) lines: &'s [Line],
    /// Its JSON-LD.
    pub(super) json_ld: &'s JsonLd,
    /// Line of the title, where it was found among the lines.
    pub(super) title_line: Option<usize>,
    /// Element of the main text.
    pub(super) root: usize,
    /// Address.
    pub(super) url: &'s str,
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
    let modified = from
        .json_ld
        .modified
        .as_deref()
        .and_then(|text| from.read(text, DateOrigin::JsonLd))
        .or_else(|| from.meta(MODIFIED_META))
        .or_else(|| from.property("dateModified", DateOrigin::Microdata));
    let published = from.published();
    let modified = modified.filter(|modified| {
        published
            .as_ref()
            .is_none_or(|published| published.at <= modified.at || published.is_day_only)
    });
    let published = published.or_else(|| modified.clone());
    (published, modified)
}

impl Sources<'_, '_> {
    /// The best date of publication.
    fn published(&self) -> Option<Dated> {
        self.json_ld
            .published
            .as_deref()
            .and_then(|text| self.read(text, DateOrigin::JsonLd))
            .or_else(|| self.meta(PUBLISHED_META))
            .or_else(|| self.property("datePublished", DateOrigin::Microdata))
            .or_else(|| self.property("dateCreated", DateOrigin::Microdata))
            .or_else(|| self.time_element(true))
            .or_else(|| self.near_title())
            .or_else(|| self.marked())
            .or_else(|| self.said())
            .or_else(|| self.address())
            .or_else(|| self.read(self.hint?, DateOrigin::Discovery))
            .or_else(|| self.time_element(false))
            .or_else(|| self.any_date_line())
    }

    /// Reads a written date; refuses one that cannot be.
    pub(super) fn read(&self, text: &str, origin: DateOrigin) -> Option<Dated> {
        let found = dates::first(text, self.is_month_first())?;
        self.dated(found, origin)
    }

    /// A found date as a moment.
    fn dated(&self, found: Found, origin: DateOrigin) -> Option<Dated> {
        let local = found.date.and_time(found.time.unwrap_or(NaiveTime::MIN));
        let offset = found.offset.or_else(|| {
            let zone = self.timezone?;
            Some(zone.offset_from_local_datetime(&local).earliest()?.fix())
        });
        let offset = offset.or_else(|| FixedOffset::east_opt(0))?;
        let at = offset.from_local_datetime(&local).earliest()?;
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
                node.attr("lang")
                    .is_some_and(|lang| lang.eq_ignore_ascii_case("en-us"))
            })
    }

    /// The first meta element of the names, by order of the names.
    fn meta(&self, names: &[&str]) -> Option<Dated> {
        let metas: Vec<(String, &str)> = self
            .tree
            .nodes
            .iter()
            .filter(|node| node.name() == "meta")
            .filter_map(|node| {
                let name = node
                    .attr("property")
                    .or_else(|| node.attr("name"))
                    .or_else(|| node.attr("itemprop"))?;
                Some((name.to_ascii_lowercase(), node.attr("content")?))
            })
            .collect();
        names.iter().find_map(|name| {
            metas
                .iter()
                .filter(|(key, _)| key == name)
                .find_map(|(_, content)| self.read(content, DateOrigin::Meta))
        })
    }

    /// A microdata property of the page.
    fn property(&self, name: &str, origin: DateOrigin) -> Option<Dated> {
        self.tree
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                node.attr("itemprop")
                    .is_some_and(|value| value.split_ascii_whitespace().any(|word| word == name))
            })
            .find_map(|(at, node)| {
                node.attr("datetime")
                    .or_else(|| node.attr("content"))
                    .or_else(|| node.attr("title"))
                    .and_then(|text| self.read(text, origin))
                    .or_else(|| self.read(&self.tree.text_of(at), origin))
            })
    }

    /// A `time` element: one that says it is the publication's, or stands in the article or its header; or any.
    fn time_element(&self, is_strict: bool) -> Option<Dated> {
        let tree = self.tree;
        let title = self.title_line.map(|line| self.lines[line].first);
        let times = tree.nodes.iter().enumerate().filter(|(_, node)| {
            node.tag == Tag::Time
                || (node.name() == "abbr"
                    && node.attr("title").is_some()
                    && node.marks.has(Marks::DATE))
        });
        let mut near = None;
        for (at, node) in times {
            let is_away = self.is_elsewhere(at);
            if is_away && is_strict {
                continue;
            }
            let Some(dated) = node
                .attr("datetime")
                .or_else(|| node.attr("title"))
                .and_then(|text| self.read(text, DateOrigin::TimeElement))
                .or_else(|| self.read(&tree.text_of(at), DateOrigin::TimeElement))
            else {
                continue;
            };
            if !is_strict {
                return Some(dated);
            }
            let class = node.attr("class").unwrap_or_default();
            let is_update = class.contains("updated") && !class.contains("published")
                || class.contains("modified");
            if node.attr("pubdate").is_some() || class.contains("published") {
                return Some(dated);
            }
            let is_in_article =
                at + 40 > title.unwrap_or(self.root) && at < tree.nodes[self.root].end + 20;
            if near.is_none() && !is_update && is_in_article {
                near = Some(dated);
            }
        }
        near
    }

    /// A visible date right after the title, or right before it.
    fn near_title(&self) -> Option<Dated> {
        let title = self.title_line?;
        let after = (title + 1..self.lines.len()).take(N_LINES_AFTER_TITLE);
        let before = (0..title).rev().take(3);
        after.chain(before).find_map(|line| {
            let line = &self.lines[line];
            let is_short = dates::is_date_line(&line.text)
                || (line.n_chars <= MAX_VISIBLE_CHARS && self.has_date_mark(line.first));
            is_short
                .then(|| self.read(&line.text, DateOrigin::VisibleText))
                .flatten()
        })
    }

    /// Whether an element around a node is marked as a date.
    fn has_date_mark(&self, at: usize) -> bool {
        self.tree
            .ancestors(at)
            .take(3)
            .any(|above| self.tree.nodes[above].marks.has(Marks::DATE))
    }

    /// An element whose class says it is a date, outside comments and lists of links.
    fn marked(&self) -> Option<Dated> {
        let tree = self.tree;
        tree.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.marks.has(Marks::DATE) && node.n_chars > 0)
            .filter(|(at, node)| node.n_chars <= MAX_VISIBLE_CHARS && !self.is_elsewhere(*at))
            .find_map(|(at, _)| self.read(&tree.text_of(at), DateOrigin::VisibleText))
    }

    /// Whether a node stands in comments, lists of links, side columns, navigation or the foot.
    fn is_elsewhere(&self, at: usize) -> bool {
        const ELSEWHERE: Marks = Marks::ELSEWHERE;
        self.tree.ancestors(at).any(|above| {
            let node = &self.tree.nodes[above];
            let is_marked = node.marks.has(ELSEWHERE)
                || matches!(node.tag, Tag::Aside | Tag::Footer | Tag::Nav);
            is_marked && !self.tree.subtree(above).contains(&self.root) && node.name() != "body"
        })
    }

    /// A line that says in words when the page was published: "Posted on…", «Опубликовано…», «Жарияланған күні…».
    fn said(&self) -> Option<Dated> {
        self.lines
            .iter()
            .filter(|line| line.n_chars <= MAX_SAID_CHARS && says_published(&line.text))
            .filter(|line| !self.is_elsewhere(line.first))
            .find_map(|line| self.read(&line.text, DateOrigin::VisibleText))
    }

    /// The date in the address: /2026/03/02/ or 2026-03-02 or 20260302.
    fn address(&self) -> Option<Dated> {
        let path = self
            .url
            .split_once("://")
            .map_or(self.url, |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, rest)| rest);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split(['/', '_']).collect();
        let joined = parts.windows(3).find_map(|three| {
            let is_number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
                digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            };
            (is_number(three[0], 4..=4) && is_number(three[1], 1..=2))
                .then(|| {
                    let day: String = three[2].chars().take_while(char::is_ascii_digit).collect();
                    (1..=2)
                        .contains(&day.len())
                        .then(|| format!("{}-{}-{day}", three[0], three[1]))
                })
                .flatten()
                .or_else(|| {
                    let is_name = three[1].len() >= 3
                        && three[1].bytes().all(|byte| byte.is_ascii_alphabetic());
                    (is_number(three[0], 4..=4) && is_name && is_number(three[2], 1..=2))
                        .then(|| three.join(" "))
                })
        });
        joined
            .and_then(|text| self.read(&text, DateOrigin::Address))
            .or_else(|| {
                path.split(['/', '_'])
                    .find_map(|part| self.read(part, DateOrigin::Address))
            })
    }

    /// The first line of the page that is only a date.
    fn any_date_line(&self) -> Option<Dated> {
        self.lines
            .iter()
            .filter(|line| dates::is_date_line(&line.text) && !self.is_elsewhere(line.first))
            .find_map(|line| self.read(&line.text, DateOrigin::VisibleText))
    }
}

/// Whether a line says that its date is that of publication.
fn says_published(text: &str) -> bool {
    let lower = text.to_lowercase();
    PUBLISHED_WORDS.iter().any(|word| lower.contains(word))
}
