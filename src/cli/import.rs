//! The command `import`: publications and records from files.

use anyhow::Context as _;
use chrono::Utc;
use url::Url;

use super::Outcome;
use super::args::{self, Args, Format};
use super::collect::{config, summary_text};
use super::output::{self, Out};
use crate::model::SourceId;
use crate::pipeline::{self, Import, Workspace};

/// Takes files in; what could not be taken is named, and the rest is kept.
pub(super) fn run(args: &Args, options: &args::Import, out: &mut Out) -> anyhow::Result<Outcome> {
    let url = options
        .url
        .as_deref()
        .map(|url| Url::parse(url).with_context(|| format!("--url: `{url}` is no address")));
    let what = Import {
        paths: options.paths.clone(),
        source: SourceId(options.source.clone()),
        url: url.transpose()?,
        title: options.title.clone(),
        published: options.published.map(|day| day.to_string()),
    };
    let workspace = Workspace::open(config(&args.config)?, &args.data)?;
    let imported = pipeline::import(&workspace, &what, Utc::now())?;
    for (path, reason) in &imported.refused {
        output::message(&format!("aigaq: {path}: {reason}"));
    }
    match args.format {
        Format::Text => out.text(&format!(
            "{} taken in, {} known already, {} refused\n{}",
            imported.n_taken,
            imported.n_known,
            imported.refused.len(),
            summary_text(&imported.summary)
        ))?,
        Format::Json => out.pretty(&serde_json::to_value(&imported)?)?,
        Format::Jsonl => out.line(&serde_json::to_value(&imported)?)?,
    }
    let is_whole = imported.refused.is_empty() && imported.summary.unreadable.is_empty();
    Ok(if is_whole {
        Outcome::Fine
    } else {
        Outcome::Wrong
    })
}
