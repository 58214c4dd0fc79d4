//! Commands about people and what they did: `user`, `token`, `verify-audit`.
//!
//! Whoever can write the data folder can add users: the folder is the operator's. Every change of rights is entered in the
//! audit log. A token is shown once, when it is made, and stored only as its digest.

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Outcome;
use super::args::{
    Args, Format, TokenAdd, TokenCommand, UserChange, UserCommand, UserLink, VerifyAudit,
};
use super::collect::config_if_there;
use super::output::Out;
use super::stored::{existing, open_to_read};
use crate::canonical;
use crate::model::{Scope, SourceId, Token, User, UserRole};
use crate::pipeline::Workspace;
use crate::report::json::moment;
use crate::serve::signin::first;
use crate::store::{self, Store};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;
/// The name under which changes are entered that somebody makes at the machine itself.
const OPERATOR: &str = "operator";

/// Users.
pub(super) fn user(args: &Args, command: &UserCommand, out: &mut Out) -> anyhow::Result<Outcome> {
    if let UserCommand::List = command {
        let users = open_to_read(&args.data)?.users()?;
        let items: Vec<Value> = users.iter().map(user_json).collect();
        out.list(args.format, "users", &items, |_| {
            users.iter().map(user_text).collect()
        })?;
        return Ok(Outcome::Fine);
    }
    let store = desk(args)?;
    let now = Utc::now();
    let (change, mut user) = match command {
        UserCommand::List => return Ok(Outcome::Fine),
        UserCommand::Link(options) => return link(args, options, &*store, now, out),
        UserCommand::Add(change) => (change, new_user(&*store, change, now)?),
        UserCommand::Change(change) => (change, find_user(&*store, &change.id)?),
    };
    apply(&*store, &mut user, change, now)?;
    let by = orderer(&*store, change.by.as_deref())?;
    store.put_user(&user, by, now)?;
    print(args.format, &user_json(&user), &user_text(&user), out)?;
    Ok(Outcome::Fine)
}

/// Who orders a change of users: an active administrator, or whoever works at the machine.
fn orderer<'a>(store: &dyn Store, by: Option<&'a str>) -> anyhow::Result<&'a str> {
    let Some(by) = by else { return Ok(OPERATOR) };
    let user = find_user(store, by)?;
    if user.role != UserRole::Administrator || !user.is_active() {
        bail!("{by} is no active administrator, who alone may change users");
    }
    Ok(by)
}

/// Makes a link with which a user sets a password, and shows it.
fn link(
    args: &Args,
    options: &UserLink,
    store: &dyn Store,
    now: DateTime<Utc>,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let mut user = find_user(store, &options.id)?;
    if !user.is_active() {
        bail!("{} is disabled", user.id);
    }
    let by = orderer(store, options.by.as_deref())?;
    if options.without_second_step {
        let changed =
            store.change_user(&user.id, by, "user.second_step_off", now, &mut |user| {
                user.second_step = None;
            })?;
        user = changed.unwrap_or(user);
    }
    let path = first::link_path(store, &user, by, now).map_err(|cause| anyhow!(cause))?;
    let place = config_if_there(args)?.web.origin;
    let place = place.unwrap_or_else(|| format!("http://127.0.0.1:{}", options.port));
    let url = format!("{place}{path}");
    let until = moment(now + TimeDelta::hours(first::LINK_HOURS));
    let item = json!({ "user": user.id, "link": url, "expires_at": until });
    let text = format!("{url}\nThis is shown only now; it works once, until {until}.\n");
    print(args.format, &item, &text, out)?;
    Ok(Outcome::Fine)
}

/// A user who is not there yet.
fn new_user(store: &dyn Store, change: &UserChange, now: DateTime<Utc>) -> anyhow::Result<User> {
    let id = &change.id;
    if !User::is_id(id) {
        bail!(
            "an id has up to {} letters, digits, `-`, `_` and `.`; program, {OPERATOR}, reader and nobody are taken",
            User::MAX_ID_CHARS
        );
    }
    if store.user(id)?.is_some() {
        bail!(
            "there is a user {id} already; `aigaq user change {id}` changes what the person may do"
        );
    }
    Ok(User::new(id, UserRole::Viewer, now))
}

/// Changes what was asked for.
fn apply(
    store: &dyn Store,
    user: &mut User,
    change: &UserChange,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if let Some(name) = &change.name {
        user.name.clone_from(name);
    }
    if let Some(role) = &change.role {
        user.role = UserRole::ALL
            .into_iter()
            .find(|one| one.word() == role)
            .with_context(|| {
                format!("there is no role {role}; it is one of viewer, analyst, officer, approver, administrator")
            })?;
    }
    if !change.agency.is_empty() {
        let known = store.sources()?;
        for id in &change.agency {
            if !known.iter().any(|source| source.id.0 == *id) {
                bail!("no source has the id {id}; `aigaq sources` lists them");
            }
        }
        user.agencies = change.agency.iter().cloned().map(SourceId).collect();
    }
    if change.all_agencies {
        user.agencies.clear();
    }
    if change.disable {
        user.disabled_at.get_or_insert(now);
    }
    if change.enable {
        user.disabled_at = None;
    }
    Ok(())
}

/// A user by id.
pub(super) fn find_user(store: &dyn Store, id: &str) -> anyhow::Result<User> {
    let user = store.user(id)?;
    user.with_context(|| format!("there is no user {id}; `aigaq user add {id}` adds one"))
}

fn user_json(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "agencies": user.agencies,
        "added_at": moment(user.added_at),
        "disabled_at": user.disabled_at.map(moment),
    })
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
            let items: Vec<Value> = tokens.iter().map(token_json).collect();
            let now = Utc::now();
            out.list(args.format, "tokens", &items, |_| {
                tokens.iter().map(|token| token_text(token, now)).collect()
            })?;
        }
        TokenCommand::Add(options) => add_token(args, options, out)?,
        TokenCommand::Revoke { id } => {
            let store = desk(args)?;
            let mut found = store.tokens()?;
            found.retain(|token| token.hash.starts_with(id.as_str()));
            let [token] = found.as_mut_slice() else {
                bail!(
                    "{} tokens have an id that begins with {id}; `aigaq token list` lists them",
                    found.len()
                );
            };
            let now = Utc::now();
            token.revoked_at.get_or_insert(now);
            store.put_token(token, OPERATOR, now)?;
            print(
                args.format,
                &token_json(token),
                &token_text(token, now),
                out,
            )?;
        }
    }
    Ok(Outcome::Fine)
}

/// Makes a token and shows it.
fn add_token(args: &Args, options: &TokenAdd, out: &mut Out) -> anyhow::Result<()> {
    let store = desk(args)?;
    let user = find_user(&*store, &options.user)?;
    if !user.is_active() {
        bail!("{} is disabled", user.id);
    }
    let days =
        TimeDelta::try_days(i64::from(options.days)).filter(|days| *days > TimeDelta::zero());
    let now = Utc::now();
    let expires_at = days.and_then(|days| now.checked_add_signed(days));
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    let secret = format!("aigaq-{}", canonical::hex(&bytes));
    let token = Token {
        hash: canonical::hex(&Sha256::digest(secret.as_bytes())),
        name: options.name.clone(),
        user: user.id,
        scope: if options.write {
            Scope::Write
        } else {
            Scope::Read
        },
        made_at: now,
        expires_at: expires_at.context("a token lasts for one day at least")?,
        revoked_at: None,
    };
    store.put_token(&token, OPERATOR, now)?;
    let mut item = token_json(&token);
    item["token"] = json!(secret);
    let text = format!(
        "{}{secret}\nThis is shown only now.\n",
        token_text(&token, now)
    );
    print(args.format, &item, &text, out)
}

fn token_json(token: &Token) -> Value {
    json!({
        "id": token.id(),
        "name": token.name,
        "user": token.user,
        "scope": token.scope,
        "made_at": moment(token.made_at),
        "expires_at": moment(token.expires_at),
        "revoked_at": token.revoked_at.map(moment),
    })
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
