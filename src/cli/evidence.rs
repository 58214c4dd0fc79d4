//! `case --bundle`, `verify-bundle` and `verify-warc`: evidence that stands alone, and its checks, which need no network.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::Outcome;
use super::args::{Args, Format};
use super::output::{self, Out};
use super::stored::{find_case, open_to_read};
use crate::crawl::archive;
use crate::pipeline::bundle;
use crate::report::bundle::{Mismatch, pack};

/// Largest bundle that is read to be checked.
const MAX_BUNDLE_BYTES: u64 = 2 << 30;

/// Packs a case into a file.
pub(super) fn pack_case(args: &Args, id: &str, to: &Path) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let case = find_case(store.cases()?, id)?;
    let (manifest, files) = bundle::files(&*store, &args.data, &case, None)?;
    let bytes = pack(&manifest, &files, None)?;
    std::fs::write(to, &bytes).with_context(|| format!("cannot write {}", to.display()))?;
    output::message(&format!(
        "{} files, {} bytes in {}",
        files.len(),
        bytes.len(),
        to.display()
    ));
    Ok(Outcome::Fine)
}

/// Checks a bundle; every file that does not match is named.
pub(super) fn verify_bundle(args: &Args, path: &Path, out: &mut Out) -> anyhow::Result<Outcome> {
    let unread = || format!("cannot read {}", path.display());
    if std::fs::metadata(path).with_context(unread)?.len() > MAX_BUNDLE_BYTES {
        bail!("{} is larger than a bundle can be", path.display());
    }
    let bytes = std::fs::read(path).with_context(unread)?;
    let (opened, found) = bundle::verify(&bytes);
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
    } else {
        out.list(args.format, "mismatches", &items, |_| String::new())?;
    }
    Ok(outcome(found.is_empty()))
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
