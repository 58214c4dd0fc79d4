//! `views`: lists of the queue that people keep under a name.

use chrono::Utc;
use serde_json::Value;

use super::Outcome;
use super::args::{Args, ViewsCommand};
use super::output::Out;
use super::people::find_user;
use super::stored::{existing, open_to_read};
use crate::model::QueueView;
use crate::report::{json, text};
use crate::serve::queue_views::{keep, remove, rename, shown_to};
use crate::store;

/// Lists, makes, renames and removes views in somebody's name.
pub(super) fn views(args: &Args, command: &ViewsCommand, out: &mut Out) -> anyhow::Result<Outcome> {
    if let ViewsCommand::List { by } = command {
        let store = open_to_read(&args.data)?;
        let views = shown_to(&*store, &find_user(&*store, by)?)?;
        return shown(args, &views, out);
    }
    let store = store::open_desk(existing(&args.data)?)?;
    let (store, now) = (&*store, Utc::now());
    let view = match command {
        ViewsCommand::List { .. } => return Ok(Outcome::Fine),
        ViewsCommand::Add {
            name,
            query,
            shared,
            by,
        } => keep(store, &find_user(store, by)?, (name, query, *shared), now)?,
        ViewsCommand::Rename { id, name, by } => {
            rename(store, &find_user(store, by)?, id, name, now)?
        }
        ViewsCommand::Remove { id, by } => {
            remove(store, &find_user(store, by)?, id, now)?;
            return Ok(Outcome::Fine);
        }
    };
    shown(args, &[view], out)
}

/// Shows views.
fn shown(args: &Args, views: &[QueueView], out: &mut Out) -> anyhow::Result<Outcome> {
    let items: Vec<Value> = views.iter().map(json::view).collect();
    out.list(args.format, "views", &items, |_| {
        views.iter().map(text::view).collect()
    })?;
    Ok(Outcome::Fine)
}
