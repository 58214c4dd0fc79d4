//! What can be typed of the work on cases: cases and their steps, users, tokens, the audit log, letters and deadlines.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};

use super::language;
use crate::language::Language;

/// The steps of a case, for `case --help`.
pub(super) const CASE_HELP: &str = "\
Steps:
  watch, confirm, close, reopen, withdraw       decide; withdraw says that we were wrong and takes back what was sent
  dismiss --reason REASON                       other-fact, no-statement, agrees, record-wrong, immaterial
  merge --into ID                               the same as another case, which takes over the publications
  split --url URL...                            some of its publications are another case
  propose-letter, approve-letter, return-letter, send-letter --letter ID
  answer --answer promised|done|disputed        the recipient answered; refuse when it refused
  assign --to USER, comment, tag --tag TAG, untag --tag TAG
  add-item --item TEXT, tick-item --item TEXT [--not-done]
  snooze [--until MOMENT] [--until-worse], wake
  add-duty --duty ID [--until MOMENT], finish-duty --duty ID
  correct-reading --slot SLOT --result same|differs|left-out|not-compared [--claimed TEXT] [--official TEXT] [--url URL]
                                                what the program read wrong in a slot; an empty TEXT says nothing
  drop-reading --slot SLOT                      lets what the program reads in a slot count again
  undo                                          takes back your last step, while nothing else happened
A moment is 2026-03-09T09:00:00+05:00 or a pause such as 90m, 8h, 3d.
Who may take which step from which state: docs/cases.md.";

/// Options of `cases`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CasesOptions {
    /// Only cases in this state, such as `proposed` or `correction-requested`; may be given several times.
    #[arg(long)]
    pub(in crate::cli) state: Vec<String>,
    /// Only cases that are open.
    #[arg(long)]
    pub(in crate::cli) open: bool,
    /// Only cases of this agency: its record, or its own page.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) agency: Option<String>,
    /// Only cases given to this user.
    #[arg(long, value_name = "USER")]
    pub(in crate::cli) assignee: Option<String>,
    /// Only cases with this tag.
    #[arg(long)]
    pub(in crate::cli) tag: Option<String>,
    /// Leave out what is put out of sight for now.
    #[arg(long)]
    pub(in crate::cli) awake: bool,
    /// Order.
    #[arg(long, value_enum, default_value_t = CaseSort::Newest)]
    pub(in crate::cli) sort: CaseSort,
    /// Write them to a file: .csv, .jsonl, .xlsx, .html, .atom, or .jsonld for ClaimReview (confirmed cases only).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) export: Option<PathBuf>,
    /// Who exports, for the audit log.
    #[arg(long = "as", value_name = "USER", requires = "export")]
    pub(in crate::cli) by: Option<String>,
}

/// Order of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CaseSort {
    /// Newest publication first.
    Newest,
    /// Highest priority first.
    Urgent,
}

/// Options of `digest`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DigestOptions {
    /// First day (YYYY-MM-DD); without it the seven days before the end.
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) from: Option<NaiveDate>,
    /// Last day; without it up to now.
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) to: Option<NaiveDate>,
}

/// Options of `case`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CaseOptions {
    /// Id of the case, or its beginning.
    pub(in crate::cli) id: String,
    /// Pack it with captures, texts, verdicts, letters and audit log into this file, which stands alone.
    #[arg(long, value_name = "FILE.zip", conflicts_with = "step")]
    pub(in crate::cli) bundle: Option<PathBuf>,
    /// Take a step.
    #[arg(long = "do", value_name = "STEP", requires_all = ["by"])]
    pub(in crate::cli) step: Option<String>,
    /// Who takes it.
    #[arg(long = "as", value_name = "USER")]
    pub(in crate::cli) by: Option<String>,
    /// The version that was seen, as the case shows it.
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) seen: Option<u64>,
    /// Why, or the words of a comment, an answer or a refusal.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) note: Option<String>,
    /// Why it is dismissed.
    #[arg(long)]
    pub(in crate::cli) reason: Option<String>,
    /// The other case of a merge.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) into: Option<String>,
    /// A publication to split off, or the one in which a slot was read; may be given several times.
    #[arg(long)]
    pub(in crate::cli) url: Vec<String>,
    /// Id of a letter.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) letter: Option<String>,
    /// What the recipient answered.
    #[arg(long)]
    pub(in crate::cli) answer: Option<String>,
    /// Who works on it from now on; nobody without it.
    #[arg(long, value_name = "USER")]
    pub(in crate::cli) to: Option<String>,
    /// A tag.
    #[arg(long)]
    pub(in crate::cli) tag: Option<String>,
    /// Something to be done.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) item: Option<String>,
    /// The item is not done after all.
    #[arg(long)]
    pub(in crate::cli) not_done: bool,
    /// Until when.
    #[arg(long, value_name = "MOMENT")]
    pub(in crate::cli) until: Option<String>,
    /// Until it has twice the publications, or comes back after a correction.
    #[arg(long)]
    pub(in crate::cli) until_worse: bool,
    /// Id of something that is due.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) duty: Option<String>,
    /// A slot, such as `value`, `place` or `date`.
    #[arg(long)]
    pub(in crate::cli) slot: Option<String>,
    /// What the publication says in the slot; as the program read it without it, empty for nothing.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) claimed: Option<String>,
    /// What the record says in the slot; as the program read it without it, empty for nothing.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) official: Option<String>,
    /// How the two stand to each other.
    #[arg(long)]
    pub(in crate::cli) result: Option<String>,
}

/// A command about views of the queue.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ViewsCommand {
    /// List the views that a user is shown.
    List {
        /// Who looks.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Keep a list of the queue under a name.
    Add {
        /// Name.
        name: String,
        /// What the list asks for, as the address of the queue writes it: `view=mine&sort=deadline`.
        #[arg(long, default_value = "")]
        query: String,
        /// For everybody, not for oneself alone.
        #[arg(long)]
        shared: bool,
        /// Who keeps it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Rename a view.
    Rename {
        /// Id of the view.
        id: String,
        /// Its new name.
        name: String,
        /// Who renames it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
    /// Remove a view.
    Remove {
        /// Id of the view.
        id: String,
        /// Who removes it.
        #[arg(long = "as", value_name = "USER")]
        by: String,
    },
}

/// A command about users.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum UserCommand {
    /// List the users.
    List,
    /// Add a user, who only reads unless a role is given.
    Add(UserChange),
    /// Change what a user may do. Users are disabled, never deleted.
    Change(UserChange),
    /// Make a link with which a user sets a password, once and within a day; earlier links no longer work.
    Link(UserLink),
}

/// A user, or what changes of one.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct UserChange {
    /// Id: a short name, by which the user is mentioned and entered in the audit log.
    pub(in crate::cli) id: String,
    /// Name as people read it.
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,
    /// viewer, analyst, officer, approver or administrator.
    #[arg(long)]
    pub(in crate::cli) role: Option<String>,
    /// Agency whose cases the user works on; may be given several times. Those given before no longer count.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) agency: Vec<String>,
    /// The user works on the cases of all agencies.
    #[arg(long, conflicts_with = "agency")]
    pub(in crate::cli) all_agencies: bool,
    /// How the provider of sign-in knows the user: the value of the claim that `[oidc]` names. Empty for not at all.
    #[arg(long, value_name = "CLAIM")]
    pub(in crate::cli) known_as: Option<String>,
    /// The user may do nothing any more.
    #[arg(long, conflicts_with = "enable")]
    pub(in crate::cli) disable: bool,
    /// The user may work again.
    #[arg(long)]
    pub(in crate::cli) enable: bool,
    /// Who orders the change, for the audit log.
    #[arg(long = "as", value_name = "USER")]
    pub(in crate::cli) by: Option<String>,
}

/// Options of `user link`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct UserLink {
    /// Id of the user.
    pub(in crate::cli) id: String,
    /// Port of the pages, where the configuration names no address of the desk.
    #[arg(long, default_value_t = 8780)]
    pub(in crate::cli) port: u16,
    /// Also takes the second step of sign-in away, for who lost it.
    #[arg(long)]
    pub(in crate::cli) without_second_step: bool,
    /// Which administrator orders it, for the audit log.
    #[arg(long = "as", value_name = "USER")]
    pub(in crate::cli) by: Option<String>,
}

/// A command about tokens.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TokenCommand {
    /// List the tokens, without what they are.
    List,
    /// Make a token and show it, once.
    Add(TokenAdd),
    /// Refuse a token from now on.
    Revoke {
        /// Id of the token, or its beginning.
        id: String,
    },
}

/// Options of `token add`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TokenAdd {
    /// Whose it is: it may do what the user may.
    #[arg(long)]
    pub(in crate::cli) user: String,
    /// What it is for.
    #[arg(long, default_value = "")]
    pub(in crate::cli) name: String,
    /// It may take steps, not only read.
    #[arg(long)]
    pub(in crate::cli) write: bool,
    /// Days until it expires.
    #[arg(long, default_value_t = 90)]
    pub(in crate::cli) days: u32,
}

/// Options of `verify-audit`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct VerifyAudit {
    /// Number and digest of an entry that was noted elsewhere, as an earlier look printed its head.
    #[arg(long, value_name = "NUMBER:DIGEST")]
    pub(in crate::cli) head: Option<String>,
}

/// Options of `letter`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Letter {
    /// Id of the case, or its beginning.
    pub(in crate::cli) case: String,
    /// Languages, one after another or side by side: `kk`, `kk,ru`.
    #[arg(long, value_delimiter = ',', default_value = "kk,ru", value_parser = language)]
    pub(in crate::cli) language: Vec<Language>,
    /// What it asks for; an outlet is asked to clarify, a body to replace, unless this says otherwise.
    #[arg(long, value_enum)]
    pub(in crate::cli) route: Option<RouteName>,
    /// Address of the publication, where the case has several; the first that still stands otherwise.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) publication: Option<String>,
    /// File with a text to propose in place of the program's own, in the language of the letter.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) proposed: Option<PathBuf>,
    /// Day on which the recipient gets it, for its clocks; the day of writing otherwise.
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) received: Option<NaiveDate>,
    /// Write to a file instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Enter it in the register as a draft of this person.
    #[arg(long, value_name = "WHO")]
    pub(in crate::cli) register: Option<String>,
}

/// What a letter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RouteName {
    /// That an outlet clarifies what it published.
    Clarification,
    /// That an outlet publishes a reply.
    Reply,
    /// That an outlet publishes a refutation.
    Refutation,
    /// That a body replaces what stands on its own page.
    Replacement,
}

/// A command about the register of letters.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LettersCommand {
    /// List the letters, or those of a case.
    List {
        /// Id of the case, or its beginning.
        case: Option<String>,
    },
    /// Show a letter as it was drafted.
    Show {
        /// Number.
        number: String,
        /// Write to a file instead of stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Approve a letter; who drafted it cannot.
    Approve {
        /// Number.
        number: String,
        /// Who approves.
        #[arg(long, value_name = "WHO")]
        by: String,
    },
    /// Send a letter by mail, as text with the document attached.
    Send {
        /// Number.
        number: String,
        /// Who sends.
        #[arg(long, value_name = "WHO")]
        by: String,
        /// Address; that of the addressee in the configuration otherwise.
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
        /// Send once more where nobody noted whether it left; it keeps its message id.
        #[arg(long)]
        again: bool,
    },
    /// Mark a letter as sent by hand.
    Sent {
        /// Number.
        number: String,
        /// Who sent it.
        #[arg(long, value_name = "WHO")]
        by: String,
        /// How: by post, by courier, over an official channel.
        #[arg(long)]
        how: String,
        /// Day; today otherwise.
        #[arg(long, value_name = "DAY")]
        on: Option<NaiveDate>,
    },
    /// Note the day on which the recipient got a letter: its clocks start.
    Received {
        /// Number.
        number: String,
        /// Who notes it.
        #[arg(long, value_name = "WHO")]
        by: String,
        /// Day.
        #[arg(long, value_name = "DAY")]
        on: NaiveDate,
    },
}

/// Options of `deadlines`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Deadlines {
    /// Language of names and arithmetic.
    #[arg(long, default_value = "ru", value_parser = language)]
    pub(in crate::cli) language: Language,
    /// Only what is to be reminded of today, and what is overdue.
    #[arg(long)]
    pub(in crate::cli) due: bool,
    /// Keep the days as they are reckoned now, after the calendar changed them.
    #[arg(long)]
    pub(in crate::cli) accept: bool,
}
