//! What can be typed: commands, options and their help.

mod work;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};

use crate::language::Language;

pub(super) use work::*;

/// Finds where agency sites and news media differ from the official record, and follows it until corrected.
///
/// Exit status: 0 done; 1 when `check`, `sources check`, `import`, `extract` or a `verify-` command finds something wrong with what was given;
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
    /// Form of what is shown; html and docx are forms of letters only.
    #[arg(long = "format", global = true, value_enum, default_value_t = Form::Text)]
    pub(super) form: Form,
    /// The form of lists, set from `form` once the command is known.
    #[arg(skip = Format::Text)]
    pub(super) format: Format,
    /// Command.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Form that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A page for print.
    Html,
    /// An office document.
    Docx,
}

impl Args {
    /// Checks that the command has the form asked for.
    pub(super) fn settled(mut self) -> anyhow::Result<Args> {
        let has_pages = match &self.command {
            Command::Letter(_) => true,
            Command::Letters { command } => matches!(command, LettersCommand::Show { .. }),
            _ => false,
        };
        self.format = match self.form {
            Form::Text => Format::Text,
            Form::Json => Format::Json,
            Form::Jsonl => Format::Jsonl,
            Form::Html | Form::Docx if has_pages => Format::Text,
            Form::Html | Form::Docx => anyhow::bail!(
                "html and docx are forms of letters: `aigaq letter` and `aigaq letters show`"
            ),
        };
        Ok(self)
    }
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Check a bundle offline; exit status 1 when anything does not match, and what it is.
    VerifyBundle {
        /// The bundle.
        file: PathBuf,
        /// Certificates in PEM of the authorities whose stamps are believed.
        #[arg(long, value_name = "FILE.pem")]
        authorities: Option<PathBuf>,
    },
    /// Check WARC files of the archive strictly, record by record; exit status 1 when anything does not hold.
    VerifyWarc {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Let go what was captured longer ago than `[evidence] keep_uncited` says and what nobody cites; without that key nothing.
    ///
    /// What a case, verdict or letter rests on, and what stands now at an address, stays whatever its age.
    Prune {
        /// Only say what would go.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the letter of a case that asks for a correction; with --register it gets a number and is kept.
    Letter(Letter),
    /// The register of letters: approved by a second person, sent, received.
    Letters {
        /// What to do with them.
        #[command(subcommand)]
        command: LettersCommand,
    },
    /// List the last days of letters and open cases with their arithmetic; one that the calendar moved says where it was.
    Deadlines(Deadlines),
    /// Show what readers saw change at an address, revision by revision.
    Changes {
        /// Address of the publication or record.
        url: String,
    },
    /// Search publications, records, claims and cases.
    #[command(after_long_help = SEARCH_HELP)]
    Search(Search),
    /// Lists of the queue that people keep under a name.
    Views {
        /// What to do with them.
        #[command(subcommand)]
        command: ViewsCommand,
    },
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
    /// Show the sources and how each fares, with what can be done; with --why, when an address is visited and why then.
    Sources {
        /// Show when this address was and will be visited, and each reason.
        #[arg(long, value_name = "URL")]
        why: Option<String>,
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
  кылмыс  prokuratura      without the letters of Kazakh, or in Latin ones: also the words that occur and may be meant
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
