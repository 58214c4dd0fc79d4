//! What people do about cases: who they are, the steps they take, and what of it a case keeps.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CaseId, Claim, SlotName, SlotReading, SlotResult, SourceId, Verdict};
use crate::language::Language;

/// What a person may do; see the table of steps in `pursue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    /// Reads.
    Viewer,
    /// Sorts cases and comments on them.
    Analyst,
    /// Decides cases and writes letters.
    Officer,
    /// Decides as an officer does, and approves letters of others.
    Approver,
    /// Keeps users, tokens and assignments; decides no case.
    Administrator,
}

impl UserRole {
    /// All roles.
    pub const ALL: [UserRole; 5] = [
        UserRole::Viewer,
        UserRole::Analyst,
        UserRole::Officer,
        UserRole::Approver,
        UserRole::Administrator,
    ];

    /// The role as it is written.
    pub fn word(self) -> &'static str {
        match self {
            UserRole::Viewer => "viewer",
            UserRole::Analyst => "analyst",
            UserRole::Officer => "officer",
            UserRole::Approver => "approver",
            UserRole::Administrator => "administrator",
        }
    }
}

/// A person who works with cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Short name, by which the person is mentioned and named in the log.
    pub id: String,
    /// Name as people read it.
    pub name: String,
    /// What the person may do.
    pub role: UserRole,
    /// Agencies whose cases the person works on; empty means all.
    #[serde(default)]
    pub agencies: BTreeSet<SourceId>,
    /// When the person was added.
    pub added_at: DateTime<Utc>,
    /// Since when the person may do nothing any more; users are never deleted.
    #[serde(default)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// Hash of the password; `None` where nobody can sign in with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Secret of the second step of sign-in, in base 32; `None` where the person signs in with a password alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_step: Option<String>,
    /// How a provider of sign-in knows the person: the value of the claim that the configuration names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<String>,
    /// Language of the pages; `None` for that of the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether single keys take steps on pages.
    #[serde(default = "yes")]
    pub has_single_keys: bool,
}

/// What holds where nothing else was chosen.
fn yes() -> bool {
    true
}

impl User {
    /// A user of the cases of all agencies, who cannot sign in yet.
    pub fn new(id: &str, role: UserRole, now: DateTime<Utc>) -> User {
        User {
            id: id.to_owned(),
            name: id.to_owned(),
            role,
            agencies: BTreeSet::new(),
            added_at: now,
            disabled_at: None,
            password: None,
            second_step: None,
            known_as: None,
            language: None,
            has_single_keys: true,
        }
    }

    /// Longest id, in characters.
    pub const MAX_ID_CHARS: usize = 64;

    /// Whether this may be an id: ASCII letters, digits, `-`, `_` and `.`, and none that the audit log uses itself.
    pub fn is_id(id: &str) -> bool {
        let is_of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_taken = matches!(id, "program" | "operator" | "reader" | "nobody");
        !id.is_empty() && id.len() <= User::MAX_ID_CHARS && id.chars().all(is_of_id) && !is_taken
    }

    /// Whether the person may do anything.
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether cases of one of these agencies are the person's.
    pub fn works_for(&self, agencies: &BTreeSet<SourceId>) -> bool {
        self.agencies.is_empty() || !self.agencies.is_disjoint(agencies)
    }
}

/// The agencies whose findings somebody sees; made only for who does not see all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agencies {
    /// Those of the person.
    pub own: BTreeSet<SourceId>,
    /// All sources that are agencies.
    pub official: BTreeSet<SourceId>,
}

impl Agencies {
    /// Whether a finding is seen: one that rests on no record of an agency, and is of none, is of nobody and seen by all.
    pub fn sees(&self, claim: &Claim, verdict: &Verdict) -> bool {
        let is_official = self.official.contains(&claim.source);
        let said = is_official.then_some(&claim.source).into_iter();
        let quoted = verdict.evidence.iter().map(|quote| &quote.source);
        let mut agencies = quoted.chain(said).peekable();
        agencies.peek().is_none() || agencies.any(|agency| self.own.contains(agency))
    }
}

/// What a token allows of what its user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// To read.
    Read,
    /// To read and to take steps.
    Write,
}

/// A token of the API. The token itself is shown once and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// SHA-256 of the token, in hexadecimal digits. The token is random and long, so no slow hash is needed.
    pub hash: String,
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// From when on it is refused.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked; tokens are never deleted.
    #[serde(default)]
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Whether it may be used.
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// The beginning of its hash, by which people name it.
    pub fn id(&self) -> &str {
        self.hash.get(..12).unwrap_or(&self.hash)
    }
}

/// Why a case was dismissed; the reasons show what the judge gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dismissal {
    /// The record and the publication speak of different things.
    OtherFact,
    /// Opinion, irony or somebody else's words.
    NoStatement,
    /// They agree when read by a person.
    Agrees,
    /// The record itself is wrong or out of date.
    RecordWrong,
    /// It is so small that nobody is misled.
    Immaterial,
    /// We were wrong: what was sent is withdrawn.
    Withdrawn,
}

impl Dismissal {
    /// The reasons that a person gives; what withdraws a case is a step of its own.
    pub const GIVEN: [Dismissal; 5] = [
        Dismissal::OtherFact,
        Dismissal::NoStatement,
        Dismissal::Agrees,
        Dismissal::RecordWrong,
        Dismissal::Immaterial,
    ];

    /// The reason as people read it.
    pub fn words(self) -> &'static str {
        match self {
            Dismissal::OtherFact => "record and publication speak of different things",
            Dismissal::NoStatement => "opinion, irony or somebody else's words",
            Dismissal::Agrees => "they agree when read by a person",
            Dismissal::RecordWrong => "the record itself is wrong or out of date",
            Dismissal::Immaterial => "nobody is misled",
            Dismissal::Withdrawn => "we were wrong",
        }
    }
}

/// What a recipient answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Will correct.
    Promised,
    /// Says that it has corrected.
    Done,
    /// Asks, or disputes.
    Disputed,
}

impl Answer {
    /// All of them.
    pub const ALL: [Answer; 3] = [Answer::Promised, Answer::Done, Answer::Disputed];

    /// The answer as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Answer::Promised => "promised",
            Answer::Done => "done",
            Answer::Disputed => "disputed",
        }
    }

    /// The answer as people read it.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Promised => "the recipient will correct",
            Answer::Done => "the recipient says that it is corrected",
            Answer::Disputed => "the recipient asks or disputes",
        }
    }
}

/// What a person orders done with a case, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The step.
    pub step: Step,
    /// Why, or the words of a comment, an answer or a refusal.
    #[serde(default)]
    pub note: String,
}

/// One step that a person takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Keep it in view without a decision.
    Watch,
    /// It does differ.
    Confirm,
    /// It is no case.
    Dismiss {
        /// Why.
        reason: Dismissal,
    },
    /// It is the same as another case, which takes over its copies.
    Merge {
        /// The other case.
        into: CaseId,
    },
    /// Some of its copies are another case.
    Split {
        /// Addresses of the copies.
        urls: BTreeSet<String>,
    },
    /// A letter is ready to be approved.
    ProposeLetter {
        /// Id of the letter.
        letter: String,
    },
    /// A second person approves a letter.
    ApproveLetter {
        /// Id of the letter.
        letter: String,
    },
    /// A letter goes back to whoever wrote it.
    ReturnLetter {
        /// Id of the letter.
        letter: String,
    },
    /// A letter has left.
    SendLetter {
        /// Id of the letter.
        letter: String,
    },
    /// The recipient answered.
    Answer {
        /// What the answer comes to.
        answer: Answer,
    },
    /// The recipient refused.
    Refuse,
    /// We were wrong.
    Withdraw,
    /// Take up again what had ended.
    Reopen,
    /// Nothing more to do.
    Close,
    /// Give it to somebody, or to nobody.
    Assign {
        /// Id of the user.
        to: Option<String>,
    },
    /// Say something; `@name` mentions somebody.
    Comment,
    /// Add a tag.
    Tag {
        /// The tag.
        tag: String,
    },
    /// Take a tag away.
    Untag {
        /// The tag.
        tag: String,
    },
    /// Add something to do.
    AddItem {
        /// In words.
        item: String,
    },
    /// Something is done, or after all not.
    TickItem {
        /// The words of the item.
        item: String,
        /// Whether it is done.
        done: bool,
    },
    /// Out of sight until a moment, or until it gets worse.
    Snooze {
        /// Until when; `None` for no moment.
        until: Option<DateTime<Utc>>,
        /// Whether it comes back when it gets worse: twice the copies, or a regression.
        worse: bool,
    },
    /// Back in sight.
    Wake,
    /// Something is due.
    AddDuty {
        /// Id of the duty.
        duty: String,
        /// Until when.
        deadline: Option<DateTime<Utc>>,
    },
    /// What was due is done.
    FinishDuty {
        /// Id of the duty.
        duty: String,
    },
    /// Correct what the program read in a slot; what it read stays beside it.
    CorrectReading {
        /// The slot.
        slot: SlotName,
        /// What the publication says, where the program read it otherwise; empty for nothing.
        claimed: Option<String>,
        /// What the record says, where the program read it otherwise; empty for nothing.
        official: Option<String>,
        /// How the two stand to each other.
        result: SlotResult,
        /// Address of the publication that was read; the first of the case without it.
        url: Option<String>,
    },
    /// Let what the program read in a slot count again.
    DropReading {
        /// The slot.
        slot: SlotName,
    },
    /// Take the last step back.
    Undo,
}

/// Steps by kind: those of people, and what the program does when pages change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the kind of a step documented there")]
pub enum StepKind {
    Watch,
    Confirm,
    Dismiss,
    Merge,
    Split,
    ProposeLetter,
    ApproveLetter,
    ReturnLetter,
    SendLetter,
    Answer,
    Refuse,
    Withdraw,
    Reopen,
    Close,
    Assign,
    Comment,
    Tag,
    Untag,
    AddItem,
    TickItem,
    Snooze,
    Wake,
    AddDuty,
    FinishDuty,
    CorrectReading,
    DropReading,
    Undo,
    /// The program saw a further copy, or one that differs again.
    SeenGrown,
    /// The program saw that some copies ended.
    SeenPartly,
    /// The program saw that no copy stands and one was corrected.
    SeenCorrected,
    /// The program saw that no copy stands and none was corrected.
    SeenRemoved,
    /// The program saw that the record no longer differs.
    SeenCleared,
    /// The program saw a claim that had ended stand again.
    SeenAgain,
}

impl StepKind {
    /// All kinds.
    pub const ALL: [StepKind; 33] = [
        StepKind::Watch,
        StepKind::Confirm,
        StepKind::Dismiss,
        StepKind::Merge,
        StepKind::Split,
        StepKind::ProposeLetter,
        StepKind::ApproveLetter,
        StepKind::ReturnLetter,
        StepKind::SendLetter,
        StepKind::Answer,
        StepKind::Refuse,
        StepKind::Withdraw,
        StepKind::Reopen,
        StepKind::Close,
        StepKind::Assign,
        StepKind::Comment,
        StepKind::Tag,
        StepKind::Untag,
        StepKind::AddItem,
        StepKind::TickItem,
        StepKind::Snooze,
        StepKind::Wake,
        StepKind::AddDuty,
        StepKind::FinishDuty,
        StepKind::CorrectReading,
        StepKind::DropReading,
        StepKind::Undo,
        StepKind::SeenGrown,
        StepKind::SeenPartly,
        StepKind::SeenCorrected,
        StepKind::SeenRemoved,
        StepKind::SeenCleared,
        StepKind::SeenAgain,
    ];

    /// The step as it is typed: `confirm`, `send-letter`.
    pub fn word(self) -> &'static str {
        match self {
            StepKind::Watch => "watch",
            StepKind::Confirm => "confirm",
            StepKind::Dismiss => "dismiss",
            StepKind::Merge => "merge",
            StepKind::Split => "split",
            StepKind::ProposeLetter => "propose-letter",
            StepKind::ApproveLetter => "approve-letter",
            StepKind::ReturnLetter => "return-letter",
            StepKind::SendLetter => "send-letter",
            StepKind::Answer => "answer",
            StepKind::Refuse => "refuse",
            StepKind::Withdraw => "withdraw",
            StepKind::Reopen => "reopen",
            StepKind::Close => "close",
            StepKind::Assign => "assign",
            StepKind::Comment => "comment",
            StepKind::Tag => "tag",
            StepKind::Untag => "untag",
            StepKind::AddItem => "add-item",
            StepKind::TickItem => "tick-item",
            StepKind::Snooze => "snooze",
            StepKind::Wake => "wake",
            StepKind::AddDuty => "add-duty",
            StepKind::FinishDuty => "finish-duty",
            StepKind::CorrectReading => "correct-reading",
            StepKind::DropReading => "drop-reading",
            StepKind::Undo => "undo",
            StepKind::SeenGrown => "seen-grown",
            StepKind::SeenPartly => "seen-partly",
            StepKind::SeenCorrected => "seen-corrected",
            StepKind::SeenRemoved => "seen-removed",
            StepKind::SeenCleared => "seen-cleared",
            StepKind::SeenAgain => "seen-again",
        }
    }
}

impl Step {
    /// Its kind.
    pub fn kind(&self) -> StepKind {
        match self {
            Step::Watch => StepKind::Watch,
            Step::Confirm => StepKind::Confirm,
            Step::Dismiss { .. } => StepKind::Dismiss,
            Step::Merge { .. } => StepKind::Merge,
            Step::Split { .. } => StepKind::Split,
            Step::ProposeLetter { .. } => StepKind::ProposeLetter,
            Step::ApproveLetter { .. } => StepKind::ApproveLetter,
            Step::ReturnLetter { .. } => StepKind::ReturnLetter,
            Step::SendLetter { .. } => StepKind::SendLetter,
            Step::Answer { .. } => StepKind::Answer,
            Step::Refuse => StepKind::Refuse,
            Step::Withdraw => StepKind::Withdraw,
            Step::Reopen => StepKind::Reopen,
            Step::Close => StepKind::Close,
            Step::Assign { .. } => StepKind::Assign,
            Step::Comment => StepKind::Comment,
            Step::Tag { .. } => StepKind::Tag,
            Step::Untag { .. } => StepKind::Untag,
            Step::AddItem { .. } => StepKind::AddItem,
            Step::TickItem { .. } => StepKind::TickItem,
            Step::Snooze { .. } => StepKind::Snooze,
            Step::Wake => StepKind::Wake,
            Step::AddDuty { .. } => StepKind::AddDuty,
            Step::FinishDuty { .. } => StepKind::FinishDuty,
            Step::CorrectReading { .. } => StepKind::CorrectReading,
            Step::DropReading { .. } => StepKind::DropReading,
            Step::Undo => StepKind::Undo,
        }
    }
}

/// What people decided and noted about a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    /// Who confirmed it, and when.
    pub confirmed: Option<(String, DateTime<Utc>)>,
    /// Why it was dismissed.
    pub dismissal: Option<Dismissal>,
    /// The case that took over its copies.
    pub duplicate_of: Option<CaseId>,
    /// Addresses that belong to this case whatever else they share with others, after a split.
    pub own_urls: BTreeSet<String>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// Comments, earliest first.
    pub comments: Vec<Comment>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// What is to be done.
    pub checklist: Vec<Item>,
    /// Out of sight.
    pub snooze: Option<Snooze>,
    /// Letters, in the order proposed.
    pub letters: Vec<Letter>,
    /// What is due, in the order added.
    pub duties: Vec<Duty>,
    /// What the recipient answered, earliest first.
    pub answers: Vec<(DateTime<Utc>, Answer, String)>,
    /// What people read in slots otherwise than the program, one for each slot at most, in the order made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<SlotReading>,
    /// The last step, while it can be taken back.
    pub last: Option<Last>,
}

/// A step that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Who took it.
    pub by: String,
    /// The step.
    pub step: StepKind,
    /// The version of the case before it.
    pub version: u64,
    /// The other case that it changed, with its version before; 0 for one that it opened.
    pub other: Option<(CaseId, u64)>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Words.
    pub text: String,
    /// Users mentioned in it, by id.
    pub mentions: BTreeSet<String>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// In words.
    pub what: String,
    /// Who did it, and when.
    pub done: Option<(String, DateTime<Utc>)>,
}

/// Out of sight until something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Until when; `None` for no moment.
    pub until: Option<DateTime<Utc>>,
    /// Standing copies when it was put out of sight; with twice as many, or a regression, it comes back. `None` for never.
    pub n_copies: Option<usize>,
}

/// A letter of a case, by its id: the letter itself is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Id.
    pub id: String,
    /// Who proposed it, and when.
    pub proposed: (String, DateTime<Utc>),
    /// Who approved it, and when.
    pub approved: Option<(String, DateTime<Utc>)>,
    /// Who sent it, and when.
    pub sent: Option<(String, DateTime<Utc>)>,
    /// When it was withdrawn.
    pub withdrawn: Option<DateTime<Utc>>,
}

impl Letter {
    /// Whether it has left and still holds.
    pub fn is_out(&self) -> bool {
        self.sent.is_some() && self.withdrawn.is_none()
    }
}

/// Something that is due, by its id: how its deadline was reckoned is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Id.
    pub id: String,
    /// Until when.
    pub deadline: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}
