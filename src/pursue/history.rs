//! What the program tells in the history of a case.

use chrono::{DateTime, Utc};

use crate::model::{Case, CaseEvent, EventKind};

/// Something that happened, for the history.
pub(super) struct Told {
    /// Kind.
    pub(super) kind: EventKind,
    /// Page.
    url: Option<String>,
    /// In words.
    what: String,
}

impl Told {
    pub(super) fn new(kind: EventKind, url: Option<&str>, what: String) -> Told {
        Told {
            kind,
            url: url.map(str::to_owned),
            what,
        }
    }
}

impl Case {
    /// Adds what happened to the history, in an order that does not depend on how it was found.
    pub(super) fn tell(&mut self, mut events: Vec<Told>, now: DateTime<Utc>) {
        events.sort_by(|a, b| (&a.url, a.kind, &a.what).cmp(&(&b.url, b.kind, &b.what)));
        let state = self.state;
        self.history
            .extend(events.into_iter().map(|told| CaseEvent {
                at: now,
                what: told.what,
                state,
                by: None,
                kind: Some(told.kind),
                url: told.url,
                deed: None,
                note: String::new(),
            }));
    }
}
