//! A subscription at a hub: who announces news of a feed, and how far that has come (W3C Recommendation WebSub, 23 January 2018).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Secret, SourceId};

/// What a feed says of who announces its news (WebSub, 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubOffer {
    /// Address of the hub (`rel="hub"`).
    pub hub: String,
    /// Address by which the hub knows the feed (`rel="self"`).
    pub topic: String,
}

/// A subscription to a feed's news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Source of the feed.
    pub source: SourceId,
    /// The feed, as the frontier knows it.
    pub feed: String,
    /// At which hub, for what.
    pub offer: HubOffer,
    /// What the callback's address ends in, which nobody can guess; empty until the hub is first asked.
    pub token: String,
    /// What the hub signs its notifications with, drawn for this feed alone.
    pub secret: Secret,
    /// When the hub is asked next.
    pub ask_at: DateTime<Utc>,
    /// When it was last asked.
    pub asked_at: Option<DateTime<Utc>>,
    /// Times in a row that asking came to nothing.
    pub n_failures: u32,
    /// Until when the hub announces; `None` before it first verified that this was wanted.
    pub lease_until: Option<DateTime<Utc>>,
    /// Why the hub does not want to, as it says; `None` where it does.
    pub denied: Option<String>,
}

impl Subscription {
    /// A subscription that was not asked for yet.
    pub fn new(
        source: SourceId,
        feed: String,
        offer: HubOffer,
        now: DateTime<Utc>,
    ) -> Subscription {
        Subscription {
            source,
            feed,
            offer,
            token: String::new(),
            secret: Secret::new(""),
            ask_at: now,
            asked_at: None,
            n_failures: 0,
            lease_until: None,
            denied: None,
        }
    }

    /// Whether the hub announces news at that moment.
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.lease_until.is_some_and(|until| now < until)
    }
}
