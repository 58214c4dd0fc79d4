//! Commands about people and what they did: `user`, `token`, `verify-audit`.
//!
//! Whoever can write the data folder can add users: the folder is the operator's. Every change of rights is entered in the
//! audit log. A token is shown once, when it is made, and stored only as its digest.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Outcome;
use super::args::{
    Args, Format, TokenAdd, TokenCommand, UserChange, UserCommand, UserLink, VerifyAudit,
};
use super::collect::config_if_there;
use super::output::Out;
use super::stored::{existing, open_to_read};
use crate::model::{Scope, Token, User};
use crate::pipeline::Workspace;
use crate::report::json::moment;
use crate::report::people as shape;
use crate::serve::people::{self, OPERATOR};
use crate::serve::signin::first;
use crate::store::{self, Store};

/// Users.
pub(super) fn user(args: &Args, command: &UserCommand, out: &mut Out) -> anyhow::Result<Outcome> {
    if let UserCommand::List = command {
        let users = open_to_read(&args.data)?.users()?;
        let items: Vec<Value> = users.iter().map(shape::user).collect();
        out.list(args.format, "users", &items, |_| {
            users.iter().map(user_text).collect()
        })?;
        return Ok(Outcome::Fine);
    }
    let store = desk(args)?;
    let now = Utc::now();
    let user = match command {
        UserCommand::List => return Ok(Outcome::Fine),
        UserCommand::Link(options) => return link(args, options, &*store, now, out),
        UserCommand::Add(change) => {
            let by = change.by.as_deref().unwrap_or(OPERATOR);
            people::add(&*store, &change.id, &asked(change), by, now)?
        }
        UserCommand::Change(change) => {
            let by = change.by.as_deref().unwrap_or(OPERATOR);
            people::change(&*store, &change.id, &asked(change), None, by, now)?
        }
    };
    print(args.format, &shape::user(&user), &user_text(&user), out)?;
    Ok(Outcome::Fine)
}

/// What the options ask for.
fn asked(change: &UserChange) -> people::UserChange {
    let agencies = change.agency.iter().cloned().collect();
    people::UserChange {
        name: change.name.clone(),
        role: change.role.clone(),
        agencies: (change.all_agencies || !change.agency.is_empty()).then_some(agencies),
        known_as: change.known_as.clone(),
        language: None,
        is_active: match (change.disable, change.enable) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        },
    }
}

/// Makes a link with which a user sets a password, and shows it.
fn link(
    args: &Args,
    options: &UserLink,
    store: &dyn Store,
    now: DateTime<Utc>,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let by = options.by.as_deref().unwrap_or(OPERATOR);
    let path = people::link(store, &options.id, options.without_second_step, by, now)?;
    let place = config_if_there(args)?.web.origin;
    let place = place.unwrap_or_else(|| format!("http://127.0.0.1:{}", options.port));
    let url = format!("{place}{path}");
    let until = moment(now + TimeDelta::hours(first::LINK_HOURS));
    let item = json!({ "user": options.id, "link": url, "expires_at": until });
    let text = format!("{url}\nThis is shown only now; it works once, until {until}.\n");
    print(args.format, &item, &text, out)?;
    Ok(Outcome::Fine)
}

/// A user by id.
pub(super) fn find_user(store: &dyn Store, id: &str) -> anyhow::Result<User> {
    Ok(people::find(store, id)?)
}

fn user_text(user: &User) -> String {
    let agencies: Vec<&str> = user.agencies.iter().map(|id| id.0.as_str()).collect();
    let agencies = if agencies.is_empty() {
        "all agencies".to_owned()
    } else {
        agencies.join(", ")
    };
    let disabled = if user.is_active() { "" } else { ", disabled" };
    format!(
        "{}  {}  {}, {agencies}{disabled}\n",
        user.id,
        user.name,
        user.role.word()
    )
}

/// Tokens of the API.
pub(super) fn token(args: &Args, command: &TokenCommand, out: &mut Out) -> anyhow::Result<Outcome> {
    match command {
        TokenCommand::List => {
            let tokens = open_to_read(&args.data)?.tokens()?;
            let items: Vec<Value> = tokens.iter().map(shape::token).collect();
            let now = Utc::now();
            out.list(args.format, "tokens", &items, |_| {
                tokens.iter().map(|token| token_text(token, now)).collect()
            })?;
        }
        TokenCommand::Add(options) => add_token(args, options, out)?,
        TokenCommand::Revoke { id } => {
            let store = desk(args)?;
            let now = Utc::now();
            let token = people::revoke(&*store, id, OPERATOR, now)?;
            print(
                args.format,
                &shape::token(&token),
                &token_text(&token, now),
                out,
            )?;
        }
    }
    Ok(Outcome::Fine)
}

/// Makes a token and shows it.
fn add_token(args: &Args, options: &TokenAdd, out: &mut Out) -> anyhow::Result<()> {
    let store = desk(args)?;
    let scope = if options.write {
        Scope::Write
    } else {
        Scope::Read
    };
    let (now, days) = (Utc::now(), i64::from(options.days));
    let (user, name) = (&options.user, &options.name);
    let (token, secret) = people::add_token(&*store, user, name, scope, days, OPERATOR, now)?;
    let mut item = shape::token(&token);
    item["token"] = json!(secret);
    let text = format!(
        "{}{secret}\nThis is shown only now.\n",
        token_text(&token, now)
    );
    print(args.format, &item, &text, out)
}

fn token_text(token: &Token, now: DateTime<Utc>) -> String {
    let scope = match token.scope {
        Scope::Read => "reads",
        Scope::Write => "reads and writes",
    };
    let state = match (token.revoked_at, token.is_valid(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "valid",
        (None, false) => "expired",
    };
    format!(
        "{}  {}  {} {scope}, {state}, until {}\n",
        token.id(),
        token.name,
        token.user,
        moment(token.expires_at)
    )
}

/// Follows the audit log from its first entry; exit status 1 when it is not as it was entered.
pub(super) fn verify_audit(
    args: &Args,
    options: &VerifyAudit,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let mut report = store.verify_audit()?;
    if let Some(head) = &options.head {
        let (number, hash) = head
            .split_once(':')
            .and_then(|(number, hash)| Some((number.parse::<u64>().ok()?, hash)))
            .context("--head has the form NUMBER:DIGEST, as an earlier look printed it")?;
        let entries = match number.checked_sub(1) {
            Some(before) => store.audit_after(before).unwrap_or_default(),
            None => Vec::new(),
        };
        let found = entries.first().filter(|entry| entry.seq == number);
        if found.is_none_or(|entry| entry.hash != hash) {
            report
                .faults
                .push(format!("entry {number} is not the one that was noted"));
        }
    }
    let mut text = format!(
        "{} entries, {} stored versions of cases held against them\nhead {}:{}\n",
        report.n_entries, report.n_cases, report.n_entries, report.head
    );
    if report.n_clock_back > 0 {
        text.push_str(&format!(
            "{} entries were made while the clock stood before that of the entry before\n",
            report.n_clock_back
        ));
    }
    for fault in &report.faults {
        text.push_str(&format!("fault: {fault}\n"));
    }
    if report.faults.is_empty() {
        text.push_str("all is as it was entered\n");
    }
    print(args.format, &serde_json::to_value(&report)?, &text, out)?;
    Ok(if report.faults.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Wrong
    })
}

/// The store for those who work with cases. A folder without a store, or with one of an older format, is brought up first.
fn desk(args: &Args) -> anyhow::Result<Box<dyn Store>> {
    match store::open_desk(existing(&args.data)?) {
        Err(store::StoreError::Missing { .. } | store::StoreError::TooOld { .. }) => {
            drop(Workspace::open(config_if_there(args)?, &args.data)?);
            Ok(store::open_desk(&args.data)?)
        }
        opened => Ok(opened?),
    }
}

/// Prints one thing in the form asked for.
fn print(format: Format, item: &Value, text: &str, out: &mut Out) -> anyhow::Result<()> {
    match format {
        Format::Text => out.text(text),
        Format::Json => out.pretty(item),
        Format::Jsonl => out.line(item),
    }
}
