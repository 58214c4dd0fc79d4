//! Writes what a saved search found, or cases, as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::json::moment;
use super::text::{Names, name};
use super::xml::escaped;
use crate::model::{Alert, Case, SavedSearch};

/// A feed, newest entries first as given. `id` is an address or URN that stays the same.
pub fn feed(search: &SavedSearch, alerts: &[Alert], id: &str) -> String {
    let updated = alerts
        .first()
        .map_or(search.saved_at, |alert| alert.matched_at);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{}</title>\n<subtitle>{}</subtitle>\n<id>{}</id>\n<updated>{}</updated>\n<author><name>Aigaq</name></author>\n",
        escaped(&search.name),
        escaped(&search.query),
        escaped(id),
        moment(updated)
    );
    for alert in alerts {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>urn:aigaq:{}</id>\n<link href=\"{}\"/>\n<updated>{}</updated>\n<summary>{}</summary>\n</entry>\n",
            escaped(&alert.title),
            escaped(&alert.revision.0),
            escaped(&alert.url),
            moment(alert.matched_at),
            escaped(&alert.why.text)
        );
    }
    out + "</feed>\n"
}

/// Cases as a feed, the one changed last first. `base` is the address under which readers reach the pages.
pub fn cases(cases: &[Case], names: &Names, base: &str, now: DateTime<Utc>) -> String {
    let changed_at = |case: &Case| case.history.last().map_or(case.opened_at, |event| event.at);
    let mut ordered: Vec<&Case> = cases.iter().collect();
    ordered.sort_by(|a, b| (changed_at(b), &a.id).cmp(&(changed_at(a), &b.id)));
    let updated = ordered.first().map_or(now, |case| changed_at(case));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Cases</title>\n<id>urn:aigaq:cases</id>\n<updated>{}</updated>\n<author><name>Aigaq</name></author>\n",
        moment(updated)
    );
    for case in ordered {
        let link = if base.is_empty() {
            String::new()
        } else {
            let base = base.trim_end_matches('/');
            format!(
                "<link href=\"{}/cases/{}\"/>\n",
                escaped(base),
                escaped(&case.id.0)
            )
        };
        let sentence = case
            .copies
            .first()
            .map_or("", |copy| copy.sentence.as_str());
        let source = case
            .copies
            .first()
            .map_or("", |copy| name(names, &copy.source, copy.language));
        let what = case.history.last().map_or("", |event| event.what.as_str());
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>urn:aigaq:{}</id>\n{link}<updated>{}</updated>\n<summary>{}</summary>\n</entry>\n",
            escaped(sentence),
            escaped(&case.id.0),
            moment(changed_at(case)),
            escaped(&format!("{source}, {}: {what}", case.state.words()))
        );
    }
    out + "</feed>\n"
}
