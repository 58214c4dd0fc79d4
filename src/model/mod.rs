//! The nouns of the product: what flows from a source's page to a case, as plain data.
//!
//! Read in the order of the flow: [`source`], [`capture`], [`document`], [`claim`], [`record`], [`verdict`], [`case`], [`alert`].
//! All types serialize; ids are digests of content and canonical address (see [`crate::canonical`]).

pub mod about;
pub mod alert;
pub mod anchor;
pub mod audit;
pub mod basis;
pub mod capture;
pub mod case;
pub mod claim;
pub mod deed;
pub mod desk;
pub mod document;
pub mod found;
pub mod frontier;
pub mod gap;
pub mod health;
pub mod host;
pub mod hub;
pub mod ledger;
pub mod letter;
pub mod memory;
mod queue_view;
pub mod reading;
pub mod record;
pub mod repair;
pub mod rhythm;
pub mod saved;
pub mod session;
pub mod source;
pub mod unsent;
pub mod verdict;
pub mod visits;

pub use about::About;
pub use alert::{Channel, Message, MessageFact, MessageItem, Secret};
pub use anchor::anchor_weight;
pub use audit::{AuditEntry, AuditNote};
pub use basis::{Basis, BasisOf, Leaned};
pub use capture::{Capture, FetchOutcome, Wall};
pub use case::{Carrier, Case, CaseEvent, CaseRecord, CaseState, Copy, CopyState, EventKind};
pub use claim::{Claim, Frame, Modality, Origin, Polarity, Slot, SlotName};
pub use deed::Deed;
pub use desk::{
    Agencies, Answer, Comment, Desk, Dismissal, Duty, Item, Letter, Order, Scope, Snooze, StepKind,
    Token, User, UserRole,
};
pub use document::{Block, BlockKind, DateOrigin, Dated, Document, Part, Revision, Table};
pub use found::{
    Bar, BarWidth, CaseHit, ClaimHit, Compared, CopyOf, Expansion, Facet, FacetCounts, FacetValue,
    Hit, HitKind, Hits, Snippet,
};
pub use frontier::{FrontierEntry, Hint, TargetKind};
pub use gap::Gap;
pub use health::{Health, HealthFetch, HealthNote, HealthState, HealthTold, HourYield};
pub use host::HostRecord;
pub use hub::{HubOffer, Subscription};
pub use ledger::{Credit, HourCount, Ledger, LedgerEntry, Priority, PriorityPart};
pub use letter::{
    CaseDue, DueRow, DueWhat, Dues, KeptDeadline, LetterEntry, LetterEvent, LetterFacts,
    LetterStatus, LetterStep, LetterText, Route, Undelivered,
};
pub use memory::SiteMemory;
pub use queue_view::{QueueView, ViewKept};
pub use reading::{ReadingState, SlotReading, SlotResult, SlotSeen, SlotSides};
pub use record::{Evidence, Observation};
pub use repair::{Repair, RepairKind};
pub use rhythm::Rhythm;
pub use saved::{Alert, AlertRule, Pace, Paused, SavedSearch};
pub use session::{Departure, Farewell, Link, LinkKind, Session, Vouched};
pub use source::{Role as SourceRole, Source};
pub use unsent::Unsent;
pub use verdict::{Difference, Label, Quote, Verdict};
pub use visits::{Reason, Visits};

/// Declares a string id that cannot be swapped with another kind of id.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Slug of a source in `sources.toml`.
    SourceId,
    /// The one address a page is known by.
    CanonicalUrl,
    /// A revision of a document: digest of canonical address, text and time first seen.
    RevisionId,
    /// A capture: digest of address, time and body.
    CaptureId,
    /// A claim: digest of document address, sentence and quantity.
    ClaimId,
    /// An observation of a record: digest of revision and place in it.
    ObservationId,
    /// A case: digest of the contradicted fact.
    CaseId,
}
