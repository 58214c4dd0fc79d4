//! `saved`: queries under a name, who is told of what they find, and their feeds.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Outcome;
use super::args::{Args, SavedAdd, SavedCommand};
use super::collect::{config_if_there, runtime};
use super::output::{self, Out};
use super::stored::open_to_read;
use crate::config::AlertConfig;
use crate::index::{PREVIEW_DAYS, SearchQuery};
use crate::model::{AlertRule, Channel, Pace, SavedSearch, Secret};
use crate::pipeline::{self, Told, Workspace};
use crate::report::{json, text};
use crate::send::Sender;
use crate::serve::token;
use crate::store::Store;

/// Alerts shown of one search.
const SHOWN: usize = 100;

/// Saved searches and their alerts.
pub(super) fn saved(args: &Args, command: &SavedCommand, out: &mut Out) -> anyhow::Result<Outcome> {
    match command {
        SavedCommand::List => {
            let searches = open_to_read(&args.data)?.saved_searches()?;
            let items: Vec<Value> = searches.iter().map(json::saved).collect();
            out.list(args.format, "saved", &items, |_| {
                searches.iter().map(text::saved).collect()
            })?;
        }
        SavedCommand::Show { name } => {
            let store = open_to_read(&args.data)?;
            find(&*store, name)?;
            let alerts = store.alerts(name, SHOWN)?;
            let items: Vec<Value> = alerts.iter().map(json::alert).collect();
            out.list(args.format, "alerts", &items, |_| {
                alerts.iter().map(text::alert).collect()
            })?;
        }
        SavedCommand::Preview { query } => {
            let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
            let (n_stories, repairs) = preview(&workspace, &query.join(" "), Utc::now())?;
            for repair in &repairs {
                output::message(&format!("aigaq: {repair}"));
            }
            out.text(&previewed(n_stories))?;
        }
        SavedCommand::Add(options) => add(args, options, out)?,
        SavedCommand::Remove { name } => {
            let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
            if !workspace.store.remove_saved_search(name)? {
                bail!("no query is saved as {name}; `aigaq saved list` lists them");
            }
        }
        SavedCommand::Resume { name } => {
            let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
            let mut search = find(&*workspace.store, name)?;
            search.resume();
            workspace.store.put_saved_searches(&[search])?;
        }
        SavedCommand::Feed { name, revoke } => feed(args, name, *revoke, out)?,
        SavedCommand::Tell => {
            let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
            say(&runtime()?.block_on(tell(&workspace, Utc::now()))?);
        }
    }
    Ok(Outcome::Fine)
}

/// What a preview says.
fn previewed(n_stories: usize) -> String {
    format!(
        "{n_stories} stories would have been told in the last {} days\n",
        PREVIEW_DAYS
    )
}

/// How many stories a query would have told of, and what of it had to be mended.
fn preview(
    workspace: &Workspace,
    query: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<(usize, Vec<crate::model::Repair>)> {
    let asked = SearchQuery::new(query, crate::language::local_day(now));
    Ok(workspace.index.preview(&asked, &*workspace.store)?)
}

/// Saves a query, after saying what it would have told.
fn add(args: &Args, options: &SavedAdd, out: &mut Out) -> anyhow::Result<()> {
    let name = &options.name;
    if !SavedSearch::is_name(name) {
        let most = SavedSearch::MAX_NAME_CHARS;
        bail!("a name has up to {most} letters, digits, - and _");
    }
    let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
    let query = options.query.join(" ");
    let now = Utc::now();
    let (n_stories, repairs) = preview(&workspace, &query, now)?;
    if let Some(repair) = repairs.first() {
        bail!("the query is not saved, since it would not be read as written: {repair}");
    }
    let secret = Secret::new(token::fresh()?);
    let channel = channel(options, &secret);
    if let Some(channel) = &channel {
        let sender = sender(&workspace.config.alerts)?;
        sender.check(channel).context("nobody can be told there")?;
    }
    let is_webhook = matches!(channel, Some(Channel::Webhook { .. }));
    let before = workspace.store.saved_searches()?;
    let before = before.into_iter().find(|one| one.name == *name);
    let search = SavedSearch {
        name: name.clone(),
        query,
        saved_at: now,
        since: workspace.store.last_sequence()?,
        alert: channel.map(|channel| AlertRule {
            channel,
            pace: if options.daily {
                Pace::Daily
            } else {
                Pace::AtOnce
            },
            n_failed: 0,
            not_before: None,
        }),
        paused: None,
        feed: before.as_ref().and_then(|before| before.feed.clone()),
        owner: before.and_then(|before| before.owner),
    };
    workspace.store.put_saved_searches(&[search])?;
    out.text(&previewed(n_stories))?;
    if is_webhook {
        out.text(&format!(
            "the webhook's secret, shown only now: {}\n",
            secret.reveal()
        ))?;
    }
    Ok(())
}

/// Who is told.
fn channel(options: &SavedAdd, secret: &Secret) -> Option<Channel> {
    let mail = options.mail.clone().map(|to| Channel::Mail { to });
    let webhook = options.webhook.clone().map(|url| Channel::Webhook {
        url,
        secret: Some(secret.clone()),
    });
    let telegram = options
        .telegram
        .clone()
        .map(|chat| Channel::Telegram { chat });
    mail.or(webhook).or(telegram)
}

/// Gives a search a new feed, or takes its feed away; the address before no longer works.
fn feed(args: &Args, name: &str, revoke: bool, out: &mut Out) -> anyhow::Result<()> {
    let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
    let mut search = find(&*workspace.store, name)?;
    let token = token::fresh()?;
    search.feed = (!revoke).then(|| token::digest(&token));
    workspace.store.put_saved_searches(&[search])?;
    if !revoke {
        let base = workspace.config.alerts.base_url.unwrap_or_default();
        let base = base.trim_end_matches('/');
        out.text(&format!("{base}/feeds/{token}.atom\n"))?;
    }
    Ok(())
}

/// The search of a name.
fn find(store: &dyn Store, name: &str) -> anyhow::Result<SavedSearch> {
    let searches = store.saved_searches()?.into_iter();
    let mut searches = searches.filter(|search| search.name == name);
    searches
        .next()
        .with_context(|| format!("no query is saved as {name}; `aigaq saved list` lists them"))
}

/// Tells what is due.
pub(super) async fn tell(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<Told> {
    let alerts = &workspace.config.alerts;
    let is_told = |search: &SavedSearch| search.alert.is_some();
    if !workspace.store.saved_searches()?.iter().any(is_told) {
        return Ok(Told::default());
    }
    let sender = sender(alerts)?;
    pipeline::tell(&*workspace.store, &sender, alerts.base_url.as_deref(), now).await
}

/// Says what telling came to, on stderr; nothing when nothing was due.
pub(super) fn say(told: &Told) {
    if told.sent > 0 {
        output::message(&format!("{} messages sent", told.sent));
    }
    for line in &told.put_off {
        output::message(&format!("put off: {line}"));
    }
    for line in &told.paused {
        output::message(&format!("paused: {line}"));
    }
}

/// A sender with the secrets that the configuration only names.
pub(super) fn sender(config: &AlertConfig) -> anyhow::Result<Sender> {
    Ok(Sender::new(config, pipeline::secrets::read(config)?)?)
}
