//! Reads who writes letters to whom, with which templates and clocks (`[letters]`), and how evidence is stamped (`[evidence]`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::table::{Section, Value};
use super::values::{address, days, names, not_empty, slug};
use crate::language::Language;

/// A name by language code; one entry under `""` when the file gives a single string.
pub type Names = BTreeMap<String, String>;

/// Letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterConfig {
    /// Folder whose files take the place of the shipped templates and routes.
    pub templates: Option<PathBuf>,
    /// Folder with further rules of clocks and days off.
    pub clocks: Option<PathBuf>,
    /// Who writes, by the source of the record; under `""` who writes for all others.
    pub applicants: BTreeMap<String, Applicant>,
    /// Who is written to, by source.
    pub addressees: BTreeMap<String, Addressee>,
}

impl LetterConfig {
    /// Who writes where a source of records differs from what was published; `None` leaves it to the source itself.
    pub fn applicant(&self, source: &str) -> Option<&Applicant> {
        let own = self.applicants.get(source);
        own.or_else(|| self.applicants.get(""))
    }
}

/// The body that writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Its name.
    pub name: Names,
    /// Its business identification number.
    pub bin: Option<String>,
    /// Who represents it.
    pub representative: Names,
    /// The post of whoever does.
    pub position: Names,
    /// What the representation rests on: a power of attorney, an order.
    pub authority: Names,
    /// Postal address.
    pub address: Names,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// An outlet or body that is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressee {
    /// Its name; that of the source where the file does not say.
    pub name: Names,
    /// The person: owner or editor-in-chief, in the form of address.
    pub person: Names,
    /// Registered address.
    pub address: Names,
    /// E-mail.
    pub email: Option<String>,
}

/// Fewest days for which captures stay: what is compared with what came before (canaries, layouts, yields) looks back as far.
const LEAST_DAYS_KEPT: u64 = 30;

/// How evidence is stamped, and how long of captures what nobody cites is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceConfig {
    /// Where an RFC 3161 authority answers; without it no bundle is stamped.
    pub timestamp_url: Option<String>,
    /// Certificates in PEM of the authorities whose stamps are believed.
    pub timestamp_ca_file: Option<PathBuf>,
    /// Whether the authority may stand on loopback or private addresses. Plain http is no harm: it sees a digest, and what it
    /// answers is signed.
    pub allow_private_addresses: bool,
    /// How long captures stay that nobody cites; for ever unless the file says otherwise.
    pub keep_uncited: Option<Duration>,
}

/// The name in a language, else in any; empty when there is none.
pub fn name_in(names: &Names, language: Language) -> &str {
    names
        .get(language.code())
        .or_else(|| names.values().next())
        .map_or("", String::as_str)
}

/// Reads `[letters]`.
pub(super) fn read(root: &Section<'_, '_>) -> LetterConfig {
    let mut config = LetterConfig::default();
    let Some(section) = root.get("letters").and_then(|value| value.section()) else {
        return config;
    };
    config.templates = folder(&section, "templates");
    config.clocks = folder(&section, "clocks");
    for value in section
        .get("applicant")
        .map(|value| value.one_or_list())
        .unwrap_or_default()
    {
        let Some(section) = value.section() else {
            continue;
        };
        let source = section.get("source").map(|value| slug(&value));
        let applicant = applicant(&section);
        section.finish();
        // A wrong id was told already.
        let Some(source) = source.unwrap_or_else(|| Some(String::new())) else {
            continue;
        };
        if config.applicants.insert(source, applicant).is_some() {
            value.wrong("there is another applicant for the same source");
        }
    }
    for value in section
        .get("addressee")
        .map(|value| value.list())
        .unwrap_or_default()
    {
        let Some(section) = value.section() else {
            continue;
        };
        let source = section.require("source").and_then(|value| slug(&value));
        let addressee = addressee(&section);
        section.finish();
        let Some(source) = source else { continue };
        if config
            .addressees
            .insert(source.clone(), addressee)
            .is_some()
        {
            value.wrong(format!("`{source}` is given twice"));
        }
    }
    section.finish();
    config
}

/// Reads `[evidence]`.
pub(super) fn read_evidence(root: &Section<'_, '_>) -> EvidenceConfig {
    let mut config = EvidenceConfig::default();
    let Some(section) = root.get("evidence").and_then(|value| value.section()) else {
        return config;
    };
    config.allow_private_addresses = section
        .get("allow_private_addresses")
        .and_then(|value| value.switch())
        .unwrap_or_default();
    config.timestamp_url = section
        .get("timestamp_url")
        .and_then(|value| address(&value));
    config.timestamp_ca_file = folder(&section, "timestamp_ca_file");
    config.keep_uncited = section
        .get("keep_uncited")
        .and_then(|value| days(&value, LEAST_DAYS_KEPT));
    section.finish();
    config
}

fn folder(section: &Section<'_, '_>, key: &'static str) -> Option<PathBuf> {
    let path = section.get(key).and_then(|value| not_empty(&value));
    path.map(PathBuf::from)
}

fn applicant(section: &Section<'_, '_>) -> Applicant {
    Applicant {
        name: worded(section, "name"),
        bin: section.get("bin").and_then(|value| bin(&value)),
        representative: worded(section, "representative"),
        position: worded(section, "position"),
        authority: worded(section, "authority"),
        address: worded(section, "address"),
        phone: section.get("phone").and_then(|value| not_empty(&value)),
        email: section.get("email").and_then(|value| mail(&value)),
    }
}

fn addressee(section: &Section<'_, '_>) -> Addressee {
    Addressee {
        name: worded(section, "name"),
        person: worded(section, "person"),
        address: worded(section, "address"),
        email: section.get("email").and_then(|value| mail(&value)),
    }
}

fn worded(section: &Section<'_, '_>, key: &'static str) -> Names {
    section
        .get(key)
        .map(|value| names(&value))
        .unwrap_or_default()
}

/// Twelve digits.
fn bin(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        value.wrong(format!(
            "`{text}` is no business identification number: twelve digits"
        ));
        return None;
    }
    Some(text)
}

/// One address, as far as it can be seen here; the mail stage reads it whole.
fn mail(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    let is_whole = text
        .split_once('@')
        .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    if !is_whole || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        value.wrong(format!("`{text}` is no address such as office@example.org"));
        return None;
    }
    Some(text)
}
