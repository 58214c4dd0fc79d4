//! `case --bundle`, `verify-bundle` and `verify-warc`: evidence that stands alone, and its checks, which need no network. And `prune`,
//! which lets go what nobody cites.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Outcome;
use super::args::{Args, Format};
use super::cases::find_case;
use super::collect::{config, config_if_there, runtime};
use super::output::{self, Out};
use super::reports::OPERATOR;
use super::stored::existing;
use crate::config::EvidenceConfig;
use crate::crawl::archive;
use crate::pipeline::bundle::{self, Verified};
use crate::pipeline::retention::{self, LetGo};
use crate::pipeline::{self, Workspace};
use crate::report::bundle::{Mismatch, manifest_bytes, pack};
use crate::send::stamp::{self, Stamp};
use crate::store;

/// Largest bundle that is read to be checked.
const MAX_BUNDLE_BYTES: u64 = 2 << 30;

/// Packs a case into a file.
pub(super) fn pack_case(args: &Args, id: &str, to: &Path) -> anyhow::Result<Outcome> {
    let config = config_if_there(args)?;
    let store = store::open_desk(existing(&args.data)?)?;
    let case = find_case(&*store, id)?;
    let audit = bundle::audit_lines(&*store, &case.id)?;
    let (manifest, files) = bundle::files(&*store, &args.data, &case, &config.cases, audit)?;
    let stamp = stamp(&config.evidence, &manifest_bytes(&manifest))?;
    let bytes = pack(&manifest, &files, stamp.as_deref())?;
    std::fs::write(to, &bytes).with_context(|| format!("cannot write {}", to.display()))?;
    store.note(&bundle::packed_note(&manifest, OPERATOR, Utc::now()))?;
    output::message(&format!(
        "{} files, {} bytes in {}",
        files.len(),
        bytes.len(),
        to.display()
    ));
    Ok(Outcome::Fine)
}

/// A stamp of these bytes, where the operator uses an authority. One that cannot be had is told, and the bundle stands without.
fn stamp(config: &EvidenceConfig, bytes: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(url) = &config.timestamp_url else {
        return Ok(None);
    };
    let authorities = config
        .timestamp_ca_file
        .as_deref()
        .map(authorities)
        .transpose()?;
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).context("the system gives no random bytes")?;
    let nonce = u64::from_be_bytes(nonce);
    let private = config.allow_private_addresses;
    let asked = stamp::ask(
        url,
        private,
        bytes,
        nonce,
        authorities.as_deref(),
        Utc::now(),
    );
    match runtime()?.block_on(asked) {
        Ok(stamp) => Ok(Some(stamp)),
        Err(error) => {
            output::message(&format!("aigaq: the bundle carries no stamp: {error}"));
            Ok(None)
        }
    }
}

/// The certificates of authorities.
fn authorities(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path)
        .with_context(|| format!("cannot read the authorities in {}", path.display()))
}

/// Checks a bundle; every file that does not match is named.
pub(super) fn verify_bundle(
    args: &Args,
    path: &Path,
    believed: Option<&Path>,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let unread = || format!("cannot read {}", path.display());
    if std::fs::metadata(path).with_context(unread)?.len() > MAX_BUNDLE_BYTES {
        bail!("{} is larger than a bundle can be", path.display());
    }
    let bytes = std::fs::read(path).with_context(unread)?;
    let believed = believed.map(authorities).transpose()?;
    let Verified {
        opened,
        mismatches: found,
        stamp,
    } = bundle::verify(&bytes, believed.as_deref());
    let items: Vec<Value> = found
        .iter()
        .map(|one| json!({ "path": one.path, "what": one.what }))
        .collect();
    if args.format == Format::Text {
        for one in &found {
            out.text(&line(one))?;
        }
        let n_files = opened.map_or(0, |opened| opened.manifest.files.len());
        out.text(&match found.len() {
            0 => format!("{n_files} files match the manifest\n"),
            n => format!("{n} things do not match\n"),
        })?;
        if let Some(stamp) = stamp {
            out.text(&stamp_line(&stamp))?;
        }
    } else {
        out.list(args.format, "mismatches", &items, |_| String::new())?;
    }
    Ok(outcome(found.is_empty()))
}

/// What a stamp says, and whether anybody vouches for it.
fn stamp_line(stamp: &Stamp) -> String {
    let at = stamp.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let vouched = match stamp.is_vouched_for {
        true => "; an authority you named vouches for the signer",
        false => "; --authorities FILE checks who vouches for the signer",
    };
    format!("stamped {at} by {}{vouched}\n", stamp.signer)
}

fn line(one: &Mismatch) -> String {
    let path = if one.path.is_empty() {
        "the bundle"
    } else {
        &one.path
    };
    format!("{path}: {}\n", one.what)
}

fn outcome(is_fine: bool) -> Outcome {
    if is_fine {
        Outcome::Fine
    } else {
        Outcome::Wrong
    }
}

/// Checks WARC files of the archive, record by record and against the digests beside them.
pub(super) fn verify_warc(
    args: &Args,
    paths: &[PathBuf],
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let mut is_fine = true;
    for path in paths {
        let checked =
            archive::check(path).with_context(|| format!("cannot read {}", path.display()))?;
        is_fine &= checked.faults.is_empty();
        if args.format != Format::Text {
            out.line(&json!({
                "path": path.display().to_string(),
                "records": checked.n_records,
                "sealed": checked.is_sealed,
                "faults": checked.faults,
            }))?;
            continue;
        }
        for fault in &checked.faults {
            out.text(&format!("{}: {fault}\n", path.display()))?;
        }
        let seal = match checked.is_sealed {
            true => "",
            false => "; no digest stands beside it, so records missing at the end cannot be seen",
        };
        let n_faults = checked.faults.len();
        out.text(&format!(
            "{}: {} records, {n_faults} faults{seal}\n",
            path.display(),
            checked.n_records
        ))?;
    }
    Ok(outcome(is_fine))
}

/// Lets go what the rule of the file does not keep, or says what that would be.
pub(super) fn prune(args: &Args, is_dry: bool, out: &mut Out) -> anyhow::Result<Outcome> {
    let config = config(&args.config)?;
    let Some(keep) = config.evidence.keep_uncited else {
        output::message("no `keep_uncited` in [evidence]: everything is kept");
        return Ok(Outcome::Fine);
    };
    let keep = TimeDelta::from_std(keep).context("`keep_uncited` is longer than times can be")?;
    let data = existing(&args.data)?;
    let gone = match is_dry {
        true => {
            let store = store::open_read_only(data)?;
            retention::plan(&*store, &pipeline::captures(data), keep, Utc::now())?
        }
        false => {
            let workspace = Workspace::open(config, data)?;
            retention::let_go(&workspace, keep, OPERATOR, Utc::now())?
        }
    };
    match args.format {
        Format::Text => out.text(&prune_text(&gone, is_dry))?,
        Format::Json => out.pretty(&json!(gone))?,
        Format::Jsonl => out.line(&json!(gone))?,
    }
    Ok(outcome(gone.unreadable.is_empty()))
}

/// What went, or would, in lines.
fn prune_text(gone: &LetGo, is_dry: bool) -> String {
    let goes = if is_dry { "would go" } else { "went" };
    let mut text = String::new();
    for file in &gone.files {
        let place = file.successor.iter();
        let place: String = place.map(|name| format!(" in {name}")).collect();
        text += &format!(
            "{}: {} captures and {} notes of unchanged pages {goes} ({} bytes); {} stay{place}\n",
            file.file, file.n_captures, file.n_notes, file.bytes, file.n_kept
        );
    }
    for (file, reason) in &gone.unreadable {
        text += &format!("{file}: left as it is: {reason}\n");
    }
    for file in &gone.put_off {
        text += &format!("{file}: left for the next time: a case or letter changed meanwhile\n");
    }
    let n_captures: usize = gone.files.iter().map(|file| file.n_captures).sum();
    let bytes: u64 = gone.files.iter().map(|file| file.bytes).sum();
    let before = gone.before.to_rfc3339_opts(SecondsFormat::Secs, true);
    text + &format!(
        "older than {before} and cited by nobody: {n_captures} captures, {bytes} bytes {goes}\n"
    )
}
