//! What can be typed: commands, options and their help.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};

use crate::language::Language;

/// Finds where agency sites and news media differ from the official record, and follows it until corrected.
///
/// Exit status: 0 done; 1 when `check`, `sources check`, `import` or `verify-audit` finds something wrong with what was given;
/// 2 for an error of use or of the machine.
#[derive(Debug, Parser)]
#[command(name = "aigaq", version, max_term_width = 100)]
pub(super) struct Args {
    /// Configuration file.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "sources.toml"
    )]
    pub(super) config: PathBuf,
    /// Folder of the store, the search index and the captures.
    #[arg(long, global = true, value_name = "DIR", default_value = "index")]
    pub(super) data: PathBuf,
    /// Form of what is listed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Command.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// A command.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Crawl a small fictional web on loopback, show its cases and how one is corrected, then serve them.
    Demo(Demo),
    /// One pass over what is due: fetch, read, record, index, judge, follow cases.
    Crawl(Crawl),
    /// Take in publications and records from files, then read and judge what is new.
    ///
    /// HTML, WARC, XLSX, XLS, CSV, JSON, JSONL, PDF and DOCX. A JSON file is a dataset (a list of objects), items of the
    /// source's API where it has one, or publications {"url","html","title","published"}. Exit status 1 when a file was
    /// refused.
    Import(Import),
    /// Go on until stopped: crawl on schedule, judge, follow cases, tell alerts, serve the pages and the API.
    ///
    /// Ctrl-C or SIGTERM end it within five seconds; what was under way is done by the next start.
    Run(Serve),
    /// Serve the pages and the API on a local port.
    Serve(Serve),
    /// Read one page, from a file or stdin, into a document.
    Extract(Extract),
    /// Show what is read from each line of a text: sentences, terms, quantities, periods, names.
    Analyze(Input),
    /// Show the claims of a text with their slots.
    Claims(Claims),
    /// Judge claims against the evidence given with them: JSON lines in, verdicts out.
    ///
    /// Lines: {"id","claim","published","evidence":[{"text","published","source"}]}.
    Verify,
    /// Check a text (a draft, a page) against the stored record; exit status 1 when it differs.
    Check(Claims),
    /// List every checked claim with its verdict.
    Findings(Findings),
    /// List the cases, or write them to a file.
    Cases(CasesOptions),
    /// Sum up a period: what was found, asked and corrected, how long it took, and from whom nothing was collected.
    Digest(DigestOptions),
    /// Show one case with its history, or take a step on it.
    #[command(after_long_help = CASE_HELP)]
    Case(Box<CaseOptions>),
    /// People who work with cases.
    User {
        /// What to do with them.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Tokens with which programs use the API in somebody's name.
    Token {
        /// What to do with them.
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Follow the audit log and find what was altered, removed, moved or cut off; exit status 1 when something was.
    VerifyAudit(VerifyAudit),
    /// Show what readers saw change at an address, revision by revision.
    Changes {
        /// Address of the publication or record.
        url: String,
    },
    /// Search publications, records, claims and cases.
    #[command(after_long_help = SEARCH_HELP)]
    Search(Search),
    /// Searches that are kept: told of, used in others as @NAME, read as feeds.
    Saved {
        /// What to do with them.
        #[command(subcommand)]
        command: SavedCommand,
    },
    /// Read the one office file that stands on stdin, for another process of the program that limits this one.
    #[command(name = crate::pipeline::apart::COMMAND, hide = true)]
    ReadFile,
    /// Judge every claim again, after a change of rules.
    Recheck,
    /// Build the search index again from the store.
    Reindex,
    /// Show the sources and their health.
    Sources {
        /// What to do with them.
        #[command(subcommand)]
        command: Option<SourcesCommand>,
    },
}

/// The query language, for `search --help`.
const SEARCH_HELP: &str = "\
Query language:
  суд приговор             both words, in any of their forms, in any of the three languages
  МВД  Алматы  Жумагулов   a body, place or person also by its other names, spellings and languages
  \"верховный суд\"         the words one after the other; \"суд приговор\"~3 with up to three others between
  суд NEAR/5 приговор      in any order with up to five others between
  суд | сот                either; OR does the same
  -приговор                not the word; NOT does the same
  (суд | сот) -приговор    groups
  =суды                    exactly this form, no other name of it
  приговор*  приговор~1    words that begin so; that differ in one letter (~2: two)
  title: author: source:a,b lang:kk role:official url:
  body:mia  place:Алматы  person:Жумагулов        named there: an id, or any name of it
  verdict:contradicted  slot:period  case:yes  case:corrected  amount:>1000  amount:10..20
  published:2026-01..2026-03  published:2026  published:-7d  first_seen:-7d
  changed:yes  gone:yes  revision:any
  @name                    what the query saved under this name finds; see `aigaq saved`
A malformed query is mended, and the mending is said.
With --kind claims a word is looked for in the sentence of a claim, with --kind cases in the sentences of a case's
publications and records; every field and option works alike.";

/// The steps of a case, for `case --help`.
const CASE_HELP: &str = "\
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
  undo                                          takes back your last step, while nothing else happened
A moment is 2026-03-09T09:00:00+05:00 or a pause such as 90m, 8h, 3d.
Who may take which step from which state: docs/cases.md.";

/// Options of `cases`.
#[derive(Debug, clap::Args)]
pub(super) struct CasesOptions {
    /// Only cases in this state, such as `proposed` or `correction-requested`; may be given several times.
    #[arg(long)]
    pub(super) state: Vec<String>,
    /// Only cases that are open.
    #[arg(long)]
    pub(super) open: bool,
    /// Only cases of this agency: its record, or its own page.
    #[arg(long, value_name = "ID")]
    pub(super) agency: Option<String>,
    /// Only cases given to this user.
    #[arg(long, value_name = "USER")]
    pub(super) assignee: Option<String>,
    /// Only cases with this tag.
    #[arg(long)]
    pub(super) tag: Option<String>,
    /// Leave out what is put out of sight for now.
    #[arg(long)]
    pub(super) awake: bool,
    /// Order.
    #[arg(long, value_enum, default_value_t = CaseSort::Newest)]
    pub(super) sort: CaseSort,
    /// Write them to a file: .csv, .jsonl, .xlsx, .html, .atom, or .jsonld for ClaimReview (confirmed cases only).
    #[arg(long, value_name = "FILE")]
    pub(super) export: Option<PathBuf>,
    /// Who exports, for the audit log.
    #[arg(long = "as", value_name = "USER", requires = "export")]
    pub(super) by: Option<String>,
}

/// Order of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CaseSort {
    /// Newest publication first.
    Newest,
    /// Highest priority first.
    Urgent,
}

/// Options of `digest`.
#[derive(Debug, clap::Args)]
pub(super) struct DigestOptions {
    /// First day (YYYY-MM-DD); without it the seven days before the end.
    #[arg(long, value_name = "DAY")]
    pub(super) from: Option<NaiveDate>,
    /// Last day; without it up to now.
    #[arg(long, value_name = "DAY")]
    pub(super) to: Option<NaiveDate>,
}

/// Options of `case`.
#[derive(Debug, clap::Args)]
pub(super) struct CaseOptions {
    /// Id of the case, or its beginning.
    pub(super) id: String,
    /// Take a step.
    #[arg(long = "do", value_name = "STEP", requires_all = ["by"])]
    pub(super) step: Option<String>,
    /// Who takes it.
    #[arg(long = "as", value_name = "USER")]
    pub(super) by: Option<String>,
    /// The version that was seen, as the case shows it.
    #[arg(long, value_name = "VERSION")]
    pub(super) seen: Option<u64>,
    /// Why, or the words of a comment, an answer or a refusal.
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Why it is dismissed.
    #[arg(long)]
    pub(super) reason: Option<String>,
    /// The other case of a merge.
    #[arg(long, value_name = "ID")]
    pub(super) into: Option<String>,
    /// A publication to split off; may be given several times.
    #[arg(long)]
    pub(super) url: Vec<String>,
    /// Id of a letter.
    #[arg(long, value_name = "ID")]
    pub(super) letter: Option<String>,
    /// What the recipient answered.
    #[arg(long)]
    pub(super) answer: Option<String>,
    /// Who works on it from now on; nobody without it.
    #[arg(long, value_name = "USER")]
    pub(super) to: Option<String>,
    /// A tag.
    #[arg(long)]
    pub(super) tag: Option<String>,
    /// Something to be done.
    #[arg(long, value_name = "TEXT")]
    pub(super) item: Option<String>,
    /// The item is not done after all.
    #[arg(long)]
    pub(super) not_done: bool,
    /// Until when.
    #[arg(long, value_name = "MOMENT")]
    pub(super) until: Option<String>,
    /// Until it has twice the publications, or comes back after a correction.
    #[arg(long)]
    pub(super) until_worse: bool,
    /// Id of something that is due.
    #[arg(long, value_name = "ID")]
    pub(super) duty: Option<String>,
}

/// A command about users.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// List the users.
    List,
    /// Add a user, who only reads unless a role is given.
    Add(UserChange),
    /// Change what a user may do. Users are disabled, never deleted.
    Change(UserChange),
}

/// A user, or what changes of one.
#[derive(Debug, clap::Args)]
pub(super) struct UserChange {
    /// Id: a short name, by which the user is mentioned and entered in the audit log.
    pub(super) id: String,
    /// Name as people read it.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// viewer, analyst, officer, approver or administrator.
    #[arg(long)]
    pub(super) role: Option<String>,
    /// Agency whose cases the user works on; may be given several times. Those given before no longer count.
    #[arg(long, value_name = "ID")]
    pub(super) agency: Vec<String>,
    /// The user works on the cases of all agencies.
    #[arg(long, conflicts_with = "agency")]
    pub(super) all_agencies: bool,
    /// The user may do nothing any more.
    #[arg(long, conflicts_with = "enable")]
    pub(super) disable: bool,
    /// The user may work again.
    #[arg(long)]
    pub(super) enable: bool,
    /// Who orders the change, for the audit log.
    #[arg(long = "as", value_name = "USER")]
    pub(super) by: Option<String>,
}

/// A command about tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
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
pub(super) struct TokenAdd {
    /// Whose it is: it may do what the user may.
    #[arg(long)]
    pub(super) user: String,
    /// What it is for.
    #[arg(long, default_value = "")]
    pub(super) name: String,
    /// It may take steps, not only read.
    #[arg(long)]
    pub(super) write: bool,
    /// Days until it expires.
    #[arg(long, default_value_t = 90)]
    pub(super) days: u32,
}

/// Options of `verify-audit`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyAudit {
    /// Number and digest of an entry that was noted elsewhere, as an earlier look printed its head.
    #[arg(long, value_name = "NUMBER:DIGEST")]
    pub(super) head: Option<String>,
}

/// A command about the sources.
#[derive(Debug, Subcommand)]
pub(super) enum SourcesCommand {
    /// Validate the configuration, then fetch a little of each source, politely, and show what would be collected.
    Check(SourcesCheck),
}

/// Options of `sources check`.
#[derive(Debug, clap::Args)]
pub(super) struct SourcesCheck {
    /// Only this source; may be given several times.
    #[arg(long, value_name = "ID")]
    pub(super) source: Vec<String>,
    /// Validate only; ask no site for anything.
    #[arg(long)]
    pub(super) offline: bool,
}

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// Print the cases and end, without serving them.
    #[arg(long)]
    pub(super) once: bool,
    /// Port of the pages; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
}

/// Options of `crawl`.
#[derive(Debug, clap::Args)]
pub(super) struct Crawl {
    /// Only this source; may be given several times.
    #[arg(long, value_name = "ID")]
    pub(super) source: Vec<String>,
    /// Everything known, not only what is due.
    #[arg(long)]
    pub(super) all: bool,
}

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Files, or folders whose files are meant.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Source of the configuration that published them.
    #[arg(long, value_name = "ID")]
    pub(super) source: String,
    /// Address of the file, or of the folder in which the files stand; without it their place on the disk.
    #[arg(long)]
    pub(super) url: Option<String>,
    /// What the files do not say themselves: title, region, period («г. Лесной, 2025 год»).
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Day of publication (YYYY-MM-DD), where the files do not say it.
    #[arg(long, value_name = "DAY")]
    pub(super) published: Option<NaiveDate>,
}

/// Options of `run` and `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8780)]
    pub(super) port: u16,
}

/// Options of `extract`.
#[derive(Debug, clap::Args)]
pub(super) struct Extract {
    /// Files; stdin without one.
    pub(super) paths: Vec<PathBuf>,
    /// Address of the page, where the file does not say it.
    #[arg(long)]
    pub(super) url: Option<String>,
    /// Lines {"id","url","html"} in, documents with that id out.
    #[arg(long)]
    pub(super) jsonl: bool,
    /// Show every line of the page, with what was kept and why the rest was not.
    #[arg(long, conflicts_with = "jsonl")]
    pub(super) why: bool,
}

/// A text to read.
#[derive(Debug, clap::Args)]
pub(super) struct Input {
    /// File; stdin without one.
    pub(super) path: Option<PathBuf>,
    /// Language, where the text does not show it.
    #[arg(long, value_parser = language)]
    pub(super) language: Option<Language>,
    /// Day of publication (YYYY-MM-DD); words like "last year" are resolved against it.
    #[arg(long, value_name = "DAY")]
    pub(super) published: Option<NaiveDate>,
}

/// Options of `claims` and `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Claims {
    /// The text.
    #[command(flatten)]
    pub(super) input: Input,
    /// Source that publishes it.
    #[arg(long, value_name = "ID")]
    pub(super) source: Option<String>,
}

/// Options of `findings`.
#[derive(Debug, clap::Args)]
pub(super) struct Findings {
    /// Only this verdict.
    #[arg(long, value_enum)]
    pub(super) verdict: Option<Verdict>,
    /// Only this source.
    #[arg(long, value_name = "ID")]
    pub(super) source: Option<String>,
}

/// A verdict to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Verdict {
    /// Agrees with the record.
    Supported,
    /// Differs from the record.
    Contradicted,
    /// Agreed with a record that has changed since.
    Outdated,
    /// No record settles it.
    NoRecord,
}

/// Options of `search`.
#[derive(Debug, clap::Args)]
pub(super) struct Search {
    /// Query; one that begins with `-` stands after `--`.
    #[arg(value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// Most hits listed; `--format jsonl` lists all of them without it.
    #[arg(long)]
    pub(super) limit: Option<usize>,
    /// What is searched: publications and records without it.
    #[arg(long, value_enum)]
    pub(super) kind: Option<Kind>,
    /// Order.
    #[arg(long, value_enum, default_value_t = Sort::Relevance)]
    pub(super) sort: Sort,
    /// The place to go on from, as the page before says it.
    #[arg(long, value_name = "PLACE")]
    pub(super) after: Option<String>,
    /// List every copy of a text as a hit of its own.
    #[arg(long)]
    pub(super) unfolded: bool,
    /// Also count by source, language, place, body, person, verdict, case and month, and over time.
    #[arg(long)]
    pub(super) facets: bool,
    /// With --facets: how much time a bar covers, instead of what suits the time.
    #[arg(long, value_enum, requires = "facets")]
    pub(super) step: Option<BarWidth>,
    /// With --facets: another query whose bars are shown beside; may be given several times.
    #[arg(long, value_name = "QUERY", requires = "facets")]
    pub(super) compare: Vec<String>,
    /// With --facets: bars as share of all publications, in each hundred thousand.
    #[arg(long, requires = "facets")]
    pub(super) share: bool,
    /// Write every hit to a file, .csv, .jsonl or .xlsx, and beside it FILE.manifest.json.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["limit", "after", "facets"])]
    pub(super) export: Option<PathBuf>,
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Pages of outlets.
    Publications,
    /// Pages of agencies.
    Records,
    /// Single claims with their verdicts.
    Claims,
    /// Cases.
    Cases,
}

/// How much time a bar covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum BarWidth {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
}

/// Order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// Best first.
    Relevance,
    /// Newest first.
    Date,
}

/// A command about saved searches.
#[derive(Debug, Subcommand)]
pub(super) enum SavedCommand {
    /// List the saved searches.
    List,
    /// Save a query under a name; who is to be told, and when.
    Add(SavedAdd),
    /// Show what a saved search found since it was saved.
    Show {
        /// Name.
        name: String,
    },
    /// Say how many stories a query would have told of in the last 30 days.
    Preview {
        /// Query.
        #[arg(required = true)]
        query: Vec<String>,
    },
    /// Remove a saved search and what it found.
    Remove {
        /// Name.
        name: String,
    },
    /// Go on with a paused search.
    Resume {
        /// Name.
        name: String,
    },
    /// Make an address at which what a search finds is read as an Atom feed; the address before stops working.
    Feed {
        /// Name.
        name: String,
        /// Only take the feed away.
        #[arg(long)]
        revoke: bool,
    },
    /// Tell what is due now; every crawl does so at its end.
    Tell,
}

/// Options of `saved add`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("channel").multiple(false))]
pub(super) struct SavedAdd {
    /// Name: letters, digits, `-` and `_`; other queries use it as `@NAME`.
    pub(super) name: String,
    /// Query.
    #[arg(required = true)]
    pub(super) query: Vec<String>,
    /// Tell by mail to this address.
    #[arg(long, value_name = "ADDRESS", group = "channel")]
    pub(super) mail: Option<String>,
    /// Tell by a signed POST to this address.
    #[arg(long, value_name = "URL", group = "channel")]
    pub(super) webhook: Option<String>,
    /// Tell in this chat, with the operator's bot.
    #[arg(long, value_name = "CHAT", group = "channel")]
    pub(super) telegram: Option<String>,
    /// All of a day in one message after eight in the morning, instead of at the end of each pass.
    #[arg(long, requires = "channel")]
    pub(super) daily: bool,
}

/// A language by its code.
fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code).ok_or_else(|| format!("`{code}` is none of kk, ru, en"))
}
