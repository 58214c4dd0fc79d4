//! Commands that report: `cases --export FILE` and `digest`.

use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Outcome;
use super::args::{Args, DigestOptions, Format};
use super::cases::dues;
use super::collect::config_if_there;
use super::output::Out;
use super::stored::{existing, names};
use crate::canonical;
use crate::model::{AuditNote, Case};
use crate::report::case_tables::{self, CaseForm};
use crate::report::digest::{self, Span};
use crate::serve::desk::unseen;
use crate::store;

/// Days of a digest without `--from`.
const DAYS: i64 = 7;
/// The name under which an export is entered that somebody makes at the machine itself.
pub(super) const OPERATOR: &str = "operator";

/// Writes cases to a file in the form that its name ends in, and enters the export in the audit log.
pub(super) fn export(
    args: &Args,
    cases: &[Case],
    path: &Path,
    by: Option<&str>,
    out: &mut Out,
) -> anyhow::Result<()> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let form = extension
        .and_then(CaseForm::of_extension)
        .with_context(|| {
            format!(
                "{} ends in none of .csv, .jsonl, .xlsx, .html, .atom, .jsonld",
                path.display()
            )
        })?;
    let store = store::open_desk(existing(&args.data)?)?;
    let base = config_if_there(args)?.alerts.base_url.unwrap_or_default();
    let now = Utc::now();
    let dues = dues(args, &*store, cases)?;
    let bytes = case_tables::write(form, cases, &names(&*store)?, &dues, &base, now)?;
    std::fs::write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    store.note(&AuditNote {
        at: now,
        actor: by.unwrap_or(OPERATOR).to_owned(),
        action: "export.cases".to_owned(),
        subject: name.into_owned(),
        details: json!({
            "cases": cases.len(),
            "sha256": canonical::hex(&Sha256::digest(&bytes)),
        }),
    })?;
    out.text(&format!(
        "{} cases written to {}\n",
        cases.len(),
        path.display()
    ))
}

/// Sums up a period.
pub(super) fn digest(
    args: &Args,
    options: &DigestOptions,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let store = super::stored::open_to_read(&args.data)?;
    let now = Utc::now();
    let span = span(options.from, options.to, now)?;
    let names = names(&*store)?;
    let digest = digest::digest(&store.cases()?, &names, unseen(&*store, span, now)?, span);
    match args.format {
        Format::Text => out.text(&digest::text(&digest))?,
        Format::Json => out.pretty(&serde_json::to_value(&digest)?)?,
        Format::Jsonl => out.line(&serde_json::to_value(&digest)?)?,
    }
    Ok(Outcome::Fine)
}

/// Whole days of the country, the last included; the last seven unless told otherwise.
fn span(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> anyhow::Result<Span> {
    let begins = |day: NaiveDate| {
        let midnight = day.and_time(NaiveTime::MIN);
        let local = midnight.and_local_timezone(chrono_tz::Asia::Almaty);
        let first = local.earliest().context("there is no such day")?;
        anyhow::Ok(first.to_utc())
    };
    let to = match to.and_then(|day| day.succ_opt()) {
        Some(after) => begins(after)?,
        None => now,
    };
    let from = match from {
        Some(day) => begins(day)?,
        None => to - TimeDelta::days(DAYS),
    };
    if from >= to {
        bail!("the period ends before it begins");
    }
    Ok(Span { from, to })
}
