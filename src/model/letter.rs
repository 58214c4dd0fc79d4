//! A letter that asks for a correction: what stands in it, in the words of each language, and its entry in the register.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Answer, CaseId, SourceId};
use crate::language::Language;

/// What a letter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// That an outlet clarifies what it published.
    Clarification,
    /// That an outlet publishes a reply.
    Reply,
    /// That an outlet publishes a refutation.
    Refutation,
    /// That a body replaces what stands on its own page.
    Replacement,
}

impl Route {
    /// All of them.
    pub const ALL: [Route; 4] = [
        Route::Clarification,
        Route::Reply,
        Route::Refutation,
        Route::Replacement,
    ];

    /// The name used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Route::Clarification => "clarification",
            Route::Reply => "reply",
            Route::Refutation => "refutation",
            Route::Replacement => "replacement",
        }
    }

    /// The route of a name.
    pub fn of(name: &str) -> Option<Route> {
        Route::ALL.into_iter().find(|route| route.name() == name)
    }
}

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterStatus {
    /// Written, not approved.
    Draft,
    /// Approved, not sent.
    Approved,
    /// Being handed over; where it stays so, nobody noted whether it left.
    Sending,
    /// It left.
    Sent,
}

impl LetterStatus {
    /// All of them.
    pub const ALL: [LetterStatus; 4] = [
        LetterStatus::Draft,
        LetterStatus::Approved,
        LetterStatus::Sending,
        LetterStatus::Sent,
    ];

    /// The name used in files and addresses.
    pub fn name(self) -> &'static str {
        match self {
            LetterStatus::Draft => "draft",
            LetterStatus::Approved => "approved",
            LetterStatus::Sending => "sending",
            LetterStatus::Sent => "sent",
        }
    }

    /// The status as people read it.
    pub fn words(self) -> &'static str {
        match self {
            LetterStatus::Draft => "draft",
            LetterStatus::Approved => "approved",
            LetterStatus::Sending => "being sent",
            LetterStatus::Sent => "sent",
        }
    }
}

/// Why a letter could not be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// The recipient has had enough for now.
    Later,
    /// No mail server is set up.
    NotSetUp,
    /// The recipient is no address.
    Recipient,
    /// The server does not accept the operator's password.
    Login,
    /// No protected connection could be made.
    NotProtected,
    /// No answer in time.
    TimedOut,
    /// No connection, or one that broke.
    Unreachable,
    /// An answer that is none.
    Unreadable,
    /// The server answered that it does not take it.
    Status,
}

impl Undelivered {
    /// All of them, each with the English words that those which were stored before begin with.
    pub const ALL: [(Undelivered, &'static str); 9] = [
        (Undelivered::Later, "to be tried again in "),
        (
            Undelivered::NotSetUp,
            "mail is not set up in the operator's file",
        ),
        (
            Undelivered::Recipient,
            "the recipient is not one that can be written to",
        ),
        (
            Undelivered::Login,
            "the server does not accept the operator's password or token (",
        ),
        (
            Undelivered::NotProtected,
            "no protected connection to the server could be made",
        ),
        (Undelivered::TimedOut, "no answer in time"),
        (Undelivered::Unreachable, "the server cannot be reached"),
        (
            Undelivered::Unreadable,
            "the server's answer cannot be read",
        ),
        (Undelivered::Status, "the receiver answered "),
    ];

    /// What the English words of the program say.
    pub fn told(why: &str) -> Option<Undelivered> {
        let mut all = Undelivered::ALL.into_iter();
        all.find(|(_, words)| why.starts_with(words))
            .map(|(kind, _)| kind)
    }

    /// The reason as texts name it.
    pub fn word(self) -> &'static str {
        match self {
            Undelivered::Later => "later",
            Undelivered::NotSetUp => "not-set-up",
            Undelivered::Recipient => "recipient",
            Undelivered::Login => "login",
            Undelivered::NotProtected => "not-protected",
            Undelivered::TimedOut => "timed-out",
            Undelivered::Unreachable => "unreachable",
            Undelivered::Unreadable => "unreadable",
            Undelivered::Status => "status",
        }
    }
}

/// What was done with a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum LetterStep {
    /// Entered in the register.
    Drafted,
    /// Given to a second person to approve.
    Proposed,
    /// Given back to whoever wrote it.
    Returned {
        /// Why.
        why: String,
    },
    /// Approved.
    Approved,
    /// Handing it over began.
    Sending {
        /// How.
        how: String,
    },
    /// Handing it over did not work.
    Failed {
        /// Why, in English.
        why: String,
        /// Why, as languages can tell it; `None` in what was stored before, and where it is none of these.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Undelivered>,
    },
    /// Handed over by the program, or marked as sent by hand.
    Sent {
        /// How: `mail:ADDRESS`, or what a person says of it.
        how: String,
    },
    /// The recipient has it since a day.
    Received {
        /// The moment it was received; not `at`, which is when the step was noted.
        since: DateTime<Utc>,
    },
    /// The recipient answered.
    Answered {
        /// What the answer comes to.
        answer: Answer,
        /// In what words.
        words: String,
    },
    /// The recipient refused.
    Refused {
        /// In what words.
        words: String,
    },
}

/// One step of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterEvent {
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub step: LetterStep,
}

/// A letter's text in one language, as it was drafted: what is approved and sent is this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// Language.
    pub language: Language,
    /// Subject: the title of the route.
    pub title: String,
    /// The filled template, in the markup that `report` renders.
    pub markup: String,
}

/// A deadline as it was last reckoned, so that a change of the calendar is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDeadline {
    /// Id of the rule.
    pub rule: String,
    /// The last day.
    pub due: NaiveDate,
}

/// An entry in the register of letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterEntry {
    /// Year and number in it: `2026-0014`.
    pub number: String,
    /// The case.
    pub case: CaseId,
    /// What it asks for.
    pub route: Route,
    /// Source written to.
    pub recipient: SourceId,
    /// Address of the publication.
    pub url: String,
    /// When that appeared.
    pub published_at: DateTime<Utc>,
    /// When the letter was entered.
    pub drafted_at: DateTime<Utc>,
    /// Its texts.
    pub texts: Vec<LetterText>,
    /// Where it stands.
    pub status: LetterStatus,
    /// When the recipient got it; `None` while nobody said.
    pub received_at: Option<DateTime<Utc>>,
    /// Its deadlines as they were last reckoned.
    pub deadlines: Vec<KeptDeadline>,
    /// What was done with it, first to last.
    pub history: Vec<LetterEvent>,
}

/// What a letter is asked to be.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Languages in order.
    pub languages: Vec<Language>,
    /// What it asks for; by the role of the recipient where nobody says.
    pub route: Option<Route>,
    /// Address of the publication; the first that stands where nobody says.
    pub publication: Option<String>,
    /// A person's own wording to propose.
    pub proposed: Option<String>,
    /// When the recipient gets it.
    pub received: Option<DateTime<Utc>>,
    /// Who enters it in the register; nobody where it is only shown.
    pub register: Option<String>,
}

/// A letter that was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its texts, one for each language.
    pub texts: Vec<LetterText>,
    /// Its number, where it was entered.
    pub number: Option<String>,
    /// What is missing and left as a gap, by the key that would fill it.
    pub missing: Vec<String>,
}

/// A last day with how it stands, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueRow {
    /// The case.
    pub case: CaseId,
    /// Number of the letter whose clock it is; `None` for a clock of the case itself.
    pub letter: Option<String>,
    /// Source written to, or whose publication it is.
    pub recipient: SourceId,
    /// Id of the rule.
    pub rule: String,
    /// What ends.
    pub name: String,
    /// The last day.
    pub due: NaiveDate,
    /// The moment from which it has passed.
    pub ends_at: DateTime<Utc>,
    /// The last day as it was reckoned before, where the calendar changed it.
    pub was: Option<NaiveDate>,
    /// Days left; negative when it passed.
    pub days_left: i64,
    /// Whether today is a day on which to remind of it.
    pub is_reminded: bool,
    /// How it was reckoned.
    pub arithmetic: String,
    /// What it rests on.
    pub basis: String,
}

/// The one deadline of a case: the first moment at which something that is due ends, and what that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDue {
    /// The moment from which it has passed.
    pub ends_at: DateTime<Utc>,
    /// What is due.
    pub what: DueWhat,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueWhat {
    /// A duty that somebody added to the case.
    Duty(String),
    /// A clock that a letter or a law sets.
    Clock {
        /// Id of the rule.
        rule: String,
        /// What ends, in English.
        name: String,
        /// Number of the letter whose clock it is; `None` for a clock of the case itself.
        letter: Option<String>,
    },
}

impl DueWhat {
    /// What is due as people read it.
    pub fn words(&self) -> String {
        match self {
            DueWhat::Duty(id) => id.clone(),
            DueWhat::Clock { name, letter, .. } => match letter {
                Some(number) => format!("{name} (letter {number})"),
                None => name.clone(),
            },
        }
    }
}

/// The deadlines of cases.
pub type Dues = BTreeMap<CaseId, CaseDue>;

/// What a letter says in one language: every value is ready to be printed. This is what a template is filled with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LetterFacts {
    /// Number in the register; a gap to be filled while it has none.
    pub number: String,
    /// Day of writing.
    pub date: String,
    /// Who is written to.
    pub addressee: Party,
    /// Who writes.
    pub applicant: Party,
    /// What is asked for.
    pub route: RouteWords,
    /// Where the passage stands.
    pub publication: Page,
    /// The passage, with what differs set apart.
    pub passage: Passage,
    /// What the record says, with what differs set apart.
    pub record: Page,
    /// What differs, one row each.
    pub differences: Vec<DifferenceRow>,
    /// Other publications of the same passage.
    pub copies: Vec<Party>,
    /// The text that is proposed.
    pub proposed: Proposed,
    /// Clocks.
    pub deadlines: Vec<DeadlineRow>,
    /// Whether the day of receipt is not known and the day of writing stands for it.
    pub is_received_assumed: bool,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Whether the words are a program's.
    pub is_drafted_by_program: bool,
    /// Id of the case.
    pub case_id: String,
    /// The program and its version.
    pub program: String,
}

/// Somebody named in a letter; what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Name of the body or outlet.
    pub name: String,
    /// The person written to: owner or editor-in-chief, with the form of address.
    pub person: String,
    /// Postal address.
    pub address: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Business identification number.
    pub bin: String,
    /// Who represents it.
    pub representative: String,
    /// The post of whoever does.
    pub position: String,
    /// What the representation rests on.
    pub authority: String,
    /// Address of a page.
    pub url: String,
}

/// A route in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RouteWords {
    /// [`Route::name`].
    pub id: String,
    /// Title of the letter.
    pub title: String,
    /// Heading of the text to publish; empty where none is asked for.
    pub heading: String,
    /// What the route rests on.
    pub basis: String,
    /// What is asked for.
    pub request: String,
}

/// A page as a letter names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Name of its source.
    pub source: String,
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// Section of the site; empty when not printed there.
    pub section: String,
    /// Authors.
    pub authors: String,
    /// Language of the text.
    pub language: String,
    /// When it was published.
    pub published: String,
    /// When it was captured.
    pub captured_at: String,
    /// Digest of the captured body.
    pub sha256: String,
    /// Where in it the quoted passage stands.
    pub place: String,
    /// The quoted passage up to what differs.
    pub before: String,
    /// What differs.
    pub differs: String,
    /// The rest.
    pub after: String,
    /// Whether a later revision has taken its place.
    pub is_superseded: bool,
}

/// A quoted passage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Up to what differs.
    pub before: String,
    /// What differs; empty where it cannot be pointed at.
    pub differs: String,
    /// The rest.
    pub after: String,
    /// Where it stands.
    pub place: String,
}

/// A row of the table of differences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DifferenceRow {
    /// What.
    pub slot: String,
    /// As published.
    pub claimed: String,
    /// As recorded.
    pub official: String,
    /// By how much; empty where nothing can be reckoned.
    pub note: String,
    /// Whether it is as a person read it, and not the program.
    pub is_by_person: bool,
    /// What the program had read as published, where a person read it otherwise. No shipped template prints it.
    pub program_claimed: String,
    /// The same of what is recorded.
    pub program_official: String,
}

/// The text that is proposed for publication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proposed {
    /// The text.
    pub text: String,
    /// Its characters.
    pub n_chars: usize,
    /// The most it may have: less than twice the passage.
    pub most_chars: usize,
}

/// A clock of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeadlineRow {
    /// What ends.
    pub name: String,
    /// The last day.
    pub due: String,
    /// How it was reckoned.
    pub arithmetic: String,
    /// What it rests on.
    pub basis: String,
}

/// Something attached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// `publication` or `record`.
    pub kind: String,
    /// Address captured.
    pub url: String,
    /// When.
    pub captured_at: String,
    /// Digest of the body.
    pub sha256: String,
}
