//! `demo`: crawls and judges a fictional web on loopback, shows its cases, lets time pass, and shows what was corrected.
//!
//! The web is `web.toml` beside this file, served by [`crate::serve::fiction`]. Nothing here is special to
//! the demo: the pass, the cases and the pages are those of `crawl`, `cases` and `serve`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use chrono::Utc;

use super::args;
use super::collect::{pass, runtime};
use super::output::{self, Out};
use super::{Outcome, web};
use crate::config::Config;
use crate::crawl::Selection;
use crate::model::{Case, Dues, User, UserRole};
use crate::pipeline::Workspace;
use crate::pursue;
use crate::report::text;
use crate::serve::fiction::{self, Serving, Web};
use crate::serve::signin::password;
use crate::serve::token;
use crate::store::Store;

/// The fictional web.
const WEB: &str = include_str!("web.toml");

/// Characters of a password of the demo: 64 random bits.
const PASSWORD_CHARS: usize = 16;

/// Runs the demo.
pub(super) fn run(options: &args::Demo, out: &mut Out) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir().context("cannot make a folder for the demo's data")?;
    runtime()?.block_on(show(options, folder.path(), out))?;
    Ok(Outcome::Fine)
}

/// Both phases, then the pages.
async fn show(options: &args::Demo, folder: &Path, out: &mut Out) -> anyhow::Result<()> {
    let web: Web = toml::from_str(WEB).context("the demo's web is broken")?;
    let serving = fiction::serve(web)
        .await
        .context("cannot open loopback ports for the fictional web")?;
    let config = Config::parse(&serving.sources(), Path::new("the demo's sources"))
        .map_err(|errors| anyhow!("the demo's sources are broken: {errors:?}"))?;
    let workspace = Arc::new(Workspace::open(config, folder)?);
    output::message(&format!(
        "a fictional web of {} sites stands on loopback: every agency, outlet and figure is invented",
        serving.sites.len()
    ));
    let mut first = pass_over(&workspace).await?;
    text::newest_first(&mut first);
    out.text(&text::cases(
        &first,
        &workspace.sources,
        &Dues::new(),
        out.style,
    ))?;
    let second = later(&serving, &workspace).await?;
    out.text("\nSome time later, after a second pass:\n\n")?;
    let changed: Vec<&Case> = second.iter().filter(|case| !first.contains(case)).collect();
    for case in changed {
        let (sources, rules) = (&workspace.sources, &workspace.config.cases);
        let priority = pursue::priority(case, sources, rules, Utc::now());
        let ledger = pursue::ledger(case, sources);
        let text = text::case(case, None, &priority, &ledger, sources, out.style);
        out.text(&(text + "\n"))?;
    }
    out.flush()?;
    if options.once {
        return Ok(());
    }
    let config = workspace.config.clone();
    drop(workspace);
    let desk = web::desk(folder, config)?;
    let people = people(&*desk.store)?;
    output::message(&people);
    web::until_interrupted(desk, options.port).await
}

/// The people of the demo, who can sign in for as long as it runs; says how.
fn people(store: &dyn Store) -> anyhow::Result<String> {
    let mut said = "sign in as one of these; the passwords are of this run alone:".to_owned();
    for (id, name, role) in [
        ("officer", "А. Тестова", UserRole::Officer),
        ("approver", "Б. Примеров", UserRole::Approver),
        ("administrator", "В. Мысалов", UserRole::Administrator),
    ] {
        let mut given = token::fresh()?;
        given.truncate(PASSWORD_CHARS);
        let now = Utc::now();
        let user = User {
            name: name.to_owned(),
            password: Some(password::hash(&given)?),
            ..User::new(id, role, now)
        };
        store.put_user(&user, "program", now)?;
        said.push_str(&format!("\n  {id:<14} {given}"));
    }
    Ok(said)
}

/// Lets the second phase begin and crawls again.
async fn later(serving: &Serving, workspace: &Arc<Workspace>) -> anyhow::Result<Vec<Case>> {
    serving.begin_phase(2);
    pass_over(workspace).await
}

/// One pass over everything; the cases after it.
async fn pass_over(workspace: &Arc<Workspace>) -> anyhow::Result<Vec<Case>> {
    let selection = Selection {
        sources: Vec::new(),
        is_all: true,
        sample: None,
    };
    pass(workspace, &selection).await?;
    Ok(workspace.store.cases()?.to_vec())
}
