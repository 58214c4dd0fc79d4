//! A case: one contradicted fact with all its copies, followed until it is corrected.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::{
    CaseId, ClaimId, Deed, Difference, Frame, ObservationId, Part, Quote, RevisionId, SourceId,
};
use crate::language::Language;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// The program proposes it; a person decides.
    Proposed,
    /// Kept in view without a decision.
    Watching,
    /// A person confirmed it.
    Confirmed,
    /// A person dismissed it.
    Dismissed,
    /// The same as another case.
    Duplicate,
    /// A letter has gone out.
    CorrectionRequested,
    /// Every copy is corrected.
    Corrected,
    /// Some copies are corrected.
    PartlyCorrected,
    /// The publisher refused.
    Refused,
    /// No copy carries the claim any more, and none says something else instead.
    Removed,
    /// Corrected before, wrong again.
    Regressed,
    /// Nothing more to do.
    Closed,
}

impl CaseState {
    /// All states, in the order of a case's life.
    pub const ALL: [CaseState; 12] = [
        CaseState::Proposed,
        CaseState::Watching,
        CaseState::Confirmed,
        CaseState::Dismissed,
        CaseState::Duplicate,
        CaseState::CorrectionRequested,
        CaseState::Corrected,
        CaseState::PartlyCorrected,
        CaseState::Refused,
        CaseState::Removed,
        CaseState::Regressed,
        CaseState::Closed,
    ];

    /// The state as people read it.
    pub fn words(self) -> &'static str {
        match self {
            CaseState::Proposed => "proposed",
            CaseState::Watching => "watching",
            CaseState::Confirmed => "confirmed",
            CaseState::Dismissed => "dismissed",
            CaseState::Duplicate => "duplicate",
            CaseState::CorrectionRequested => "correction requested",
            CaseState::Corrected => "corrected",
            CaseState::PartlyCorrected => "partly corrected",
            CaseState::Refused => "refused",
            CaseState::Removed => "removed",
            CaseState::Regressed => "regressed",
            CaseState::Closed => "closed",
        }
    }

    /// Whether somebody still has something to do about a case in this state.
    pub fn is_open(self) -> bool {
        !matches!(
            self,
            CaseState::Dismissed
                | CaseState::Duplicate
                | CaseState::Corrected
                | CaseState::Removed
                | CaseState::Closed
        )
    }
}

/// One sentence of a page that says what the record contradicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// Claim.
    pub claim: ClaimId,
    /// Where it stands.
    pub part: Part,
    /// The sentence, verbatim.
    pub sentence: String,
    /// The statement taken apart, so that it is found again when the page is worded anew.
    pub frame: Frame,
}

/// The record of a case, as far as the comparison went by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// The observation quoted first.
    pub observation: ObservationId,
    /// Its authority, see [`super::Observation::authority`].
    pub authority: u8,
    /// The official statement taken apart.
    pub frame: Frame,
}

/// One publication that carries the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// Source that published it.
    pub source: SourceId,
    /// Address.
    pub url: String,
    /// Revision in which the claim was last seen.
    pub revision: RevisionId,
    /// Claim.
    pub claim: ClaimId,
    /// The sentence, verbatim.
    pub sentence: String,
    /// Language.
    pub language: Language,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
    /// Whether the claim still stands there, or how it ended.
    pub state: CopyState,
    /// When it was seen to end; `None` while it stands.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was first seen to differ; `None` in cases of older versions of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_at: Option<DateTime<Utc>>,
    /// Every sentence of the page that carries the claim, in order; empty in cases of older versions of the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<Carrier>,
    /// The newest revision that was looked at for the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<RevisionId>,
    /// Whether the sentences that carry the claim now were never held against the record by the judge: they only say the same as
    /// those that were.
    #[serde(default)]
    pub is_inferred: bool,
    /// What the last look came to, where the page had changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_event: Option<EventKind>,
    /// Whom the text credits, as printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<String>,
    /// Pages of other sites that the text links to, in canonical form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// The same page in another language or form: (hreflang or `amp`, address).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternates: Vec<(String, String)>,
}

impl Copy {
    /// Whether the claim stands in the page's title.
    pub fn is_in_title(&self) -> bool {
        let mut parts = self.carriers.iter().map(|carrier| &carrier.part);
        parts.any(|part| matches!(part, Part::Title(_)))
    }
}

/// What became of a claim on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// The page still carries the claim, and the record still differs from it.
    Stands,
    /// A later revision says something else in its place, or notes the correction.
    Corrected,
    /// A later revision says nothing of the kind any more, without a word about it.
    Dropped,
    /// The whole page is gone.
    Gone,
    /// The page is as it was; the record changed and no longer differs from it.
    Cleared,
}

/// What the program saw happen to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The case was opened.
    Opened,
    /// The case was opened, and an earlier case rests on the same record.
    OpenedAfter,
    /// The record had denied this before it was published.
    KnownDenial,
    /// A further publication carries the claim.
    CopyAdded,
    /// A further publication carries the claim after the case had ended.
    Returned,
    /// The page changed elsewhere; the sentence stands as it was.
    Stands,
    /// The sentence stands elsewhere on the page.
    Moved,
    /// The sentence was worded anew and says the same.
    Reworded,
    /// The text was mended, the headline was not.
    HeadlineStands,
    /// The headline was mended, the text was not.
    TextStands,
    /// Some sentences were mended, others still carry the claim.
    SomeMended,
    /// Corrected, and the page says so.
    CorrectedWithNote,
    /// Corrected without a word about it.
    CorrectedSilently,
    /// Now says something else that differs from the record too.
    ReplacedByOther,
    /// The sentence is gone, and the page says why.
    WithdrawnWithNote,
    /// The sentence is gone without a word about it.
    DroppedSilently,
    /// The whole page is gone.
    PageGone,
    /// Corrected here, while another language version of the page still carries the claim.
    OtherLanguageStands,
    /// Corrected here, while another form of the page (AMP) still carries the claim.
    OtherFormStands,
    /// The record changed and no longer differs.
    RecordChanged,
    /// The record has a new revision, and the publications differ from it still.
    RecordRevised,
    /// Judged again, it no longer differs.
    JudgedAgain,
    /// The claim is back where it had been corrected.
    Regressed,
    /// The record changed back, or changed again, and differs anew.
    DiffersAgain,
    /// A snooze ended because the case got worse.
    Woken,
}

/// One step in a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened, in words.
    pub what: String,
    /// The state it led to.
    pub state: CaseState,
    /// Who did it; `None` for the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The kind of what the program saw; `None` for what people did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EventKind>,
    /// The page it happened at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What people did, in parts; `None` for the program, and in what was stored when it was kept in words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deed: Option<Deed>,
    /// What they said to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One contradicted fact with all its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Digest of record slot and claimed value.
    pub id: CaseId,
    /// Digests by which further copies of the same contradicted fact are recognised; sorted, they only grow.
    pub anchors: Vec<String>,
    /// State.
    pub state: CaseState,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What the record says.
    pub evidence: Vec<Quote>,
    /// The comparison in words.
    pub explanation: String,
    /// Copies, earliest first.
    pub copies: Vec<Copy>,
    /// When the case was opened.
    pub opened_at: DateTime<Utc>,
    /// History, earliest first; it only grows.
    pub history: Vec<CaseEvent>,
    /// How often the case was stored; whoever changes it names the version that was seen. The store counts.
    #[serde(default)]
    pub version: u64,
    /// The record it rests on; `None` in cases of older versions of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<CaseRecord>,
    /// Digests of the facts it is about, whatever is claimed of them; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// An earlier case about the same record, with another claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<CaseId>,
    /// What people decided and noted.
    #[serde(default)]
    pub desk: Desk,
}
