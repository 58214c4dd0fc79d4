//! Reads `sources.toml` into the sources to watch, how each is crawled and how messages leave, or into every mistake in it at once.
//!
//! Defaults of `[crawl]` hold for every source unless it says otherwise. What needs a stage to be
//! judged (cron expressions, CSS selectors) is kept as written with its line; the stage that owns
//! the syntax checks it through [`CrawlSettings::schedule`] and the selectors.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use toml::de::DeTable;

use crate::model::{Source, SourceId, SourceRole};

mod alerts;
mod cases;
mod letters;
mod oidc;
mod private;
mod table;
mod values;
mod web;

pub use alerts::{
    AdminChannel, AlertConfig, MailConfig, MailSecurity, SecretPlace, TelegramConfig,
};
pub use cases::CaseConfig;
pub use letters::{Addressee, Applicant, EvidenceConfig, LetterConfig, Names, name_in};
pub use oidc::{GivenRole, OidcConfig};
pub use private::PrivateAddresses;
pub use table::ConfigError;
use table::{Problems, Section, Value};
use values::{
    address, addresses, duration, header_text, headers, languages, names, not_empty, pointer,
    positive_duration, role, size, slug, template, topics,
};
pub use web::WebConfig;

/// Agent sent when the file names none; an operator is asked to set one with an own contact address.
pub const DEFAULT_USER_AGENT: &str = "Aigaq/1.0 (+https://example.org/aigaq)";
/// How often discovery runs unless the file says otherwise: every quarter of an hour.
pub const DEFAULT_SCHEDULE: &str = "0 */15 * * * *";
/// Pause between two requests to one host unless the file says otherwise.
pub const DEFAULT_DELAY: Duration = Duration::from_secs(2);
/// Time for one whole exchange unless the file says otherwise: slow state sites answer within it.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest body after decoding unless the file says otherwise: official workbooks stay below it.
pub const DEFAULT_MAX_BODY_BYTES: u64 = 32 * 1024 * 1024;
/// Pages of one listing or API list followed in one visit unless the file says otherwise.
pub const DEFAULT_MAX_PAGES: usize = 50;
/// Addresses taken from one feed, sitemap or listing unless the file says otherwise (the sitemap protocol's own limit).
pub const DEFAULT_MAX_ENTRIES: usize = 50_000;
/// Longest pause and time limit that make sense in a file.
const LONGEST_DURATION: Duration = Duration::from_secs(24 * 3600);

/// Everything `sources.toml` says; by default nothing.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file, for messages.
    pub path: PathBuf,
    /// Sources in the order of the file, disabled ones included.
    pub sources: Vec<SourceConfig>,
    /// How messages leave the program.
    pub alerts: AlertConfig,
    /// How cases are worked on.
    pub cases: CaseConfig,
    /// Who writes letters to whom, with which templates and clocks.
    pub letters: LetterConfig,
    /// How evidence is stamped.
    pub evidence: EvidenceConfig,
    /// Under which name the desk is reached.
    pub web: WebConfig,
    /// At which provider people may sign in; without it only with passwords.
    pub oidc: Option<OidcConfig>,
}

/// What stands in a file besides the sources.
struct Rest {
    alerts: AlertConfig,
    cases: CaseConfig,
    letters: LetterConfig,
    evidence: EvidenceConfig,
    web: WebConfig,
    oidc: Option<OidcConfig>,
}

/// One source: what it is, where its publications are found, and how it is crawled.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// What the rest of the program needs to know.
    pub source: Source,
    /// Line of its table in the file.
    pub line: usize,
    /// Whether it is crawled.
    pub is_enabled: bool,
    /// Why it is disabled, or what an operator should know.
    pub note: Option<String>,
    /// How it is crawled.
    pub crawl: CrawlSettings,
    /// RSS, Atom, RDF and JSON feeds.
    pub feeds: Vec<String>,
    /// Sitemaps and sitemap indexes.
    pub sitemaps: Vec<String>,
    /// Pages that list publications.
    pub listings: Vec<Listing>,
    /// JSON API.
    pub api: Option<Api>,
    /// Official files.
    pub files: Vec<String>,
    /// Where the general extractor needs help.
    pub selectors: Selectors,
}

impl SourceConfig {
    /// Whether the file names no way to find publications, so that they are looked for from the site's own address.
    pub fn has_no_discovery(&self) -> bool {
        self.feeds.is_empty()
            && self.sitemaps.is_empty()
            && self.listings.is_empty()
            && self.api.is_none()
            && self.files.is_empty()
    }
}

/// How a source is crawled.
#[derive(Debug, Clone)]
pub struct CrawlSettings {
    /// Agent sent with every request.
    pub user_agent: String,
    /// Cron expression of discovery, with or without seconds.
    pub schedule: String,
    /// Line on which `schedule` stands; 0 for the built-in one.
    pub schedule_line: usize,
    /// Time zone of the schedule.
    pub timezone: Tz,
    /// Whether offers are looked at between two runs of a dense schedule when something new is likely.
    pub has_early_looks: bool,
    /// Least pause between two requests to one host.
    pub delay: Duration,
    /// Which loopback and private addresses may be fetched.
    pub allow_private_addresses: PrivateAddresses,
    /// Time for one whole exchange.
    pub timeout: Duration,
    /// Largest body after decoding.
    pub max_body_bytes: u64,
    /// Pages of one listing or API list followed in one visit.
    pub max_pages: usize,
    /// Addresses taken from one feed, sitemap or listing.
    pub max_entries: usize,
}

impl Default for CrawlSettings {
    fn default() -> CrawlSettings {
        CrawlSettings {
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            schedule: DEFAULT_SCHEDULE.to_owned(),
            schedule_line: 0,
            timezone: Tz::Asia__Almaty,
            has_early_looks: true,
            delay: DEFAULT_DELAY,
            allow_private_addresses: PrivateAddresses::Refused,
            timeout: DEFAULT_TIMEOUT,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            max_pages: DEFAULT_MAX_PAGES,
            max_entries: DEFAULT_MAX_ENTRIES,
        }
    }
}

/// A page whose links lead to publications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Address of its first page.
    pub url: String,
    /// CSS selector of the links to publications.
    pub links: String,
    /// CSS selector of the link to the next page.
    pub next: Option<String>,
    /// Line in the file.
    pub line: usize,
}

/// A JSON API. Pointers are RFC 6901; `{id}`, `{page}` and `{language}` are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// Address of the list.
    pub list: String,
    /// Where the items stand in the list; empty when the list is the items.
    pub items: String,
    /// Address of one item; `None` when each item's `url` is a page to fetch.
    pub item: Option<String>,
    /// Id in an item.
    pub id: Option<String>,
    /// Address that readers see, in an item.
    pub url: Option<String>,
    /// Title in an item.
    pub title: Option<String>,
    /// Time of publication in an item.
    pub published: Option<String>,
    /// Language code in an item.
    pub language: Option<String>,
    /// Text in an item, HTML or plain.
    pub body: Option<String>,
    /// Address of the next page, in the list.
    pub next: Option<String>,
    /// Headers sent with every request.
    pub headers: BTreeMap<String, String>,
    /// Line in the file.
    pub line: usize,
}

/// CSS selectors where the general extractor needs help; empty ones are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selectors {
    /// Title.
    pub title: Option<String>,
    /// Main text.
    pub body: Option<String>,
    /// Time of publication.
    pub published: Option<String>,
    /// Line in the file.
    pub line: usize,
}

impl Config {
    /// Reads the text of a `sources.toml`.
    ///
    /// # Errors
    /// Every mistake in it, by line.
    pub fn parse(text: &str, path: &Path) -> Result<Config, Vec<ConfigError>> {
        let problems = Problems::new(path, text);
        let (root, broken) = DeTable::parse_recoverable(text);
        for error in broken {
            let span = error.span().unwrap_or(0..0);
            problems.add(&span, "", error.message());
        }
        // What stands in a file that is no TOML can only be guessed at, so nothing more is said of it.
        let errors = problems.into_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        let problems = Problems::new(path, text);
        let (sources, rest) = read_root(&problems, root.span(), root.get_ref());
        let errors = problems.into_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Config {
            path: path.to_owned(),
            sources,
            alerts: rest.alerts,
            cases: rest.cases,
            letters: rest.letters,
            evidence: rest.evidence,
            web: rest.web,
            oidc: rest.oidc,
        })
    }

    /// Sources that are crawled.
    pub fn enabled(&self) -> impl Iterator<Item = &SourceConfig> {
        self.sources.iter().filter(|source| source.is_enabled)
    }

    /// One source.
    pub fn source(&self, id: &SourceId) -> Option<&SourceConfig> {
        self.sources.iter().find(|source| source.source.id == *id)
    }

    /// An error about a line of this file, for the stages that check what they own.
    pub fn error(&self, line: usize, key: String, message: String) -> ConfigError {
        ConfigError {
            path: self.path.clone(),
            line,
            key,
            message,
        }
    }
}

fn read_root(
    problems: &Problems<'_>,
    at: Range<usize>,
    table: &DeTable<'_>,
) -> (Vec<SourceConfig>, Rest) {
    let root = Section::new(problems, String::new(), at, table);
    let mut defaults = CrawlSettings::default();
    if let Some(section) = root.get("crawl").and_then(|value| value.section()) {
        read_settings(&section, &mut defaults);
        section.finish();
    }
    let tables = root.get("source").map(|value| value.list());
    let mut sources: Vec<SourceConfig> = Vec::new();
    for value in tables.unwrap_or_default() {
        let Some(section) = value.section() else {
            continue;
        };
        let source = read_source(&section, value.line(), &defaults);
        let id = &source.source.id;
        if let Some(first) = sources.iter().find(|other| other.source.id == *id)
            && !id.0.is_empty()
        {
            let line = first.line;
            let key = format!("{}.id", section.key);
            problems.add(
                &value.at,
                &key,
                format!("`{id}` is taken by the source of line {line}"),
            );
        }
        section.finish();
        sources.push(source);
    }
    let web = web::read(&root);
    let known = sources.iter().map(|one| one.source.id.clone()).collect();
    let rest = Rest {
        alerts: alerts::read(&root),
        cases: cases::read(&root),
        letters: letters::read(&root),
        evidence: letters::read_evidence(&root),
        oidc: oidc::read(&root, web.origin.is_some(), &known),
        web,
    };
    root.finish();
    (sources, rest)
}

fn read_settings(section: &Section<'_, '_>, settings: &mut CrawlSettings) {
    if let Some(agent) = section.get("user_agent")
        && let Some(text) = agent.text()
    {
        match header_text(&text) {
            true => settings.user_agent = text,
            false => agent.wrong("must be printable ASCII and not empty: it is a header"),
        }
    }
    if let Some(value) = section.get("schedule")
        && let Some(text) = value.text()
    {
        settings.schedule = text;
        settings.schedule_line = value.line();
    }
    if let Some(value) = section.get("timezone")
        && let Some(text) = value.text()
    {
        match text.parse() {
            Ok(zone) => settings.timezone = zone,
            Err(_) => value.wrong(format!("`{text}` is no IANA time zone such as Asia/Almaty")),
        }
    }
    set(
        &mut settings.has_early_looks,
        section.get("early_looks").and_then(|value| value.switch()),
    );
    set(
        &mut settings.delay,
        section.get("delay").and_then(|value| duration(&value)),
    );
    set(
        &mut settings.timeout,
        section
            .get("timeout")
            .and_then(|value| positive_duration(&value)),
    );
    set(
        &mut settings.allow_private_addresses,
        section
            .get("allow_private_addresses")
            .and_then(|value| private::read(&value)),
    );
    set(
        &mut settings.max_body_bytes,
        section.get("max_body").and_then(|value| size(&value)),
    );
    set(
        &mut settings.max_pages,
        section.get("max_pages").and_then(|value| value.count()),
    );
    set(
        &mut settings.max_entries,
        section.get("max_entries").and_then(|value| value.count()),
    );
}

/// Overwrites a default where the file gives a value.
fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn read_source(section: &Section<'_, '_>, line: usize, defaults: &CrawlSettings) -> SourceConfig {
    let mut crawl = defaults.clone();
    read_settings(section, &mut crawl);
    let source = Source {
        id: SourceId(
            section
                .require("id")
                .and_then(|value| slug(&value))
                .unwrap_or_default(),
        ),
        name: section
            .require("name")
            .map(|value| names(&value))
            .unwrap_or_default(),
        url: section
            .require("url")
            .and_then(|value| address(&value))
            .unwrap_or_default(),
        role: section
            .require("role")
            .and_then(|value| role(&value))
            .unwrap_or(SourceRole::Media),
        languages: section
            .require("languages")
            .map(|value| languages(&value))
            .unwrap_or_default(),
        authority: section
            .get("authority")
            .map(|value| topics(&value))
            .unwrap_or_default(),
    };
    let listings = section.get("listings").map(|value| value.list());
    SourceConfig {
        source,
        line,
        is_enabled: section
            .get("enabled")
            .and_then(|value| value.switch())
            .unwrap_or(true),
        note: section.get("note").and_then(|value| value.text()),
        crawl,
        feeds: addresses(section.get("feeds")),
        sitemaps: addresses(section.get("sitemaps")),
        listings: listings
            .unwrap_or_default()
            .iter()
            .filter_map(read_listing)
            .collect(),
        api: section.get("api").and_then(|value| read_api(&value)),
        files: addresses(section.get("files")),
        selectors: section
            .get("selectors")
            .map(|value| read_selectors(&value))
            .unwrap_or_default(),
    }
}

fn read_listing(value: &Value<'_, '_>) -> Option<Listing> {
    let section = value.section()?;
    let url = section.require("url").and_then(|value| address(&value));
    let links = section.require("links").and_then(|value| not_empty(&value));
    let next = section.get("next").and_then(|value| not_empty(&value));
    section.finish();
    Some(Listing {
        url: url?,
        links: links?,
        next,
        line: value.line(),
    })
}

fn read_api(value: &Value<'_, '_>) -> Option<Api> {
    let section = value.section()?;
    let at = |name| section.get(name).and_then(|value| pointer(&value));
    let api = Api {
        list: section
            .require("list")
            .and_then(|value| template(&value))
            .unwrap_or_default(),
        items: at("items").unwrap_or_default(),
        item: section.get("item").and_then(|value| template(&value)),
        id: at("id"),
        url: at("url"),
        title: at("title"),
        published: at("published"),
        language: at("language"),
        body: at("body"),
        next: at("next"),
        headers: section
            .get("headers")
            .map(|value| headers(&value))
            .unwrap_or_default(),
        line: value.line(),
    };
    match &api.item {
        Some(item) if !item.contains("{id}") => value.wrong("`item` must contain {id}"),
        Some(_) if api.id.is_none() => {
            value.wrong("`item` needs `id`, the pointer to what fills {id}")
        }
        None if api.url.is_none() => value.wrong("needs `item` with `id`, or `url`"),
        _ => {}
    }
    section.finish();
    Some(api)
}

fn read_selectors(value: &Value<'_, '_>) -> Selectors {
    let Some(section) = value.section() else {
        return Selectors::default();
    };
    let at = |name| {
        let text = section.get(name).and_then(|value| value.text());
        text.filter(|text| !text.trim().is_empty())
    };
    let selectors = Selectors {
        title: at("title"),
        body: at("body"),
        published: at("published"),
        line: value.line(),
    };
    section.finish();
    selectors
}
