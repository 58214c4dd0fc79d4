//! A capture: the bytes, status and headers of one fetch, and what a fetch came to when it was not a capture.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CaptureId, SourceId};
use crate::canonical::ContentHash;

/// One exchange that brought a body. The body itself stands in the WARC file at `offset`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Digest of address, time and body.
    pub id: CaptureId,
    /// Source on whose behalf it was fetched.
    pub source: SourceId,
    /// Address asked for.
    pub requested_url: String,
    /// Address that answered after redirects.
    pub url: String,
    /// When the answer was complete.
    pub fetched_at: DateTime<Utc>,
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case with values, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// Digest of the body after content decoding.
    pub body_hash: ContentHash,
    /// Length of the body after content decoding, in bytes.
    pub size_bytes: u64,
    /// WARC file name inside the captures folder.
    pub warc_file: String,
    /// Byte offset of the gzip member in that file.
    pub warc_offset: u64,
    /// When a rule of retention let its bytes go; then `warc_file` and `warc_offset` say where they stood last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<DateTime<Utc>>,
}

impl Capture {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What stands between a crawler and a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wall {
    /// A check whether a person with a browser asks.
    Challenge,
    /// A question for consent to be followed.
    Consent,
    /// A question who is there.
    Login,
    /// The text is for subscribers.
    Paywall,
}

/// What a fetch came to. Failures say what the crawler saw, never that the publisher is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FetchOutcome {
    /// A body came.
    Captured,
    /// 304, or the same bytes as before.
    NotModified,
    /// 404 or 410: nothing stands there now.
    Gone {
        /// HTTP status.
        status: u16,
    },
    /// An answer of success that says in effect that nothing stands there now.
    SoftGone {
        /// By what it was known.
        sign: String,
    },
    /// An answer of success that is not the publication but a wall before it.
    Walled {
        /// Which.
        wall: Wall,
    },
    /// robots.txt does not allow the address.
    Disallowed,
    /// The address leads to a private or loopback range, which the configuration does not allow.
    PrivateAddress,
    /// The body is larger than the limit.
    TooLarge {
        /// Limit in bytes.
        limit_bytes: u64,
    },
    /// No complete answer within the limit.
    TimedOut,
    /// The host asked to come back later (429, 503).
    Busy {
        /// HTTP status.
        status: u16,
        /// Seconds the host asked for.
        retry_after_s: Option<u64>,
    },
    /// Any other status that is not success.
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// More redirects than the limit, or a loop.
    RedirectLoop,
    /// Name resolution, connection or TLS failed.
    Unreachable {
        /// What the network library said.
        detail: String,
    },
    /// The answer could not be read as what it should be (a feed that is HTML, broken gzip).
    Unreadable {
        /// What was wrong.
        detail: String,
    },
}
