//! Writes what a saved search found as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::model::{Alert, SavedSearch};

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

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Text as XML 1.0 can hold it: characters that it has none for are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}
