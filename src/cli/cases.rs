//! Commands about cases: `cases`, `case`, and the steps that people take with `case ID --do STEP`.

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Outcome;
use super::args::{Args, CaseOptions, CaseSort, CasesOptions, Format};
use super::collect::config_if_there;
use super::output::{Out, message};
use super::people::find_user;
use super::reports::export;
use super::stored::{existing, names, open_to_read};
use crate::config::CaseConfig;
use crate::language::Lexicon;
use crate::model::desk::Step;
use crate::model::{
    Answer, Case, CaseEvent, CaseId, CaseState, Dismissal, Dues, Order, SlotName, SlotResult,
};
use crate::pipeline::letters::first_ends;
use crate::pursue::{self, due};
use crate::report::{json, text};
use crate::serve::desk::{Stepped, official, take_step};
use crate::store::{self, Store};

/// Lists the cases that were asked for, or writes them to a file.
pub(super) fn cases(args: &Args, options: &CasesOptions, out: &mut Out) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let (names, now) = (names(&*store)?, Utc::now());
    let official = official(&*store)?;
    let states = options
        .state
        .iter()
        .map(|word| state(word))
        .collect::<anyhow::Result<Vec<CaseState>>>()?;
    let mut cases = store.cases()?.to_vec();
    cases.retain(|case| {
        let agencies = pursue::agencies(case, &official);
        (states.is_empty() || states.contains(&case.state))
            && (!options.open || case.state.is_open())
            && options
                .agency
                .as_ref()
                .is_none_or(|id| agencies.iter().any(|known| known.0 == *id))
            && (options.assignee.is_none() || options.assignee == case.desk.assignee)
            && options
                .tag
                .as_ref()
                .is_none_or(|tag| case.desk.tags.contains(tag))
            && !(options.awake && is_out_of_sight(case, now))
    });
    if options.sort == CaseSort::Urgent {
        let rules = config_if_there(args)?.cases;
        cases.sort_by_cached_key(|case| {
            let score = pursue::priority(case, &names, &rules, now).score;
            (std::cmp::Reverse(score), case.id.clone())
        });
    } else {
        text::newest_first(&mut cases);
    }
    if let Some(path) = &options.export {
        export(args, &cases, path, options.by.as_deref(), out)?;
        return Ok(Outcome::Fine);
    }
    let dues = dues(args, &*store, &cases)?;
    let item = |case: &Case| json::case_due(case, dues.get(&case.id));
    let items: Vec<Value> = cases.iter().map(item).collect();
    out.list(args.format, "cases", &items, |style| {
        text::cases(&cases, &names, &dues, style)
    })?;
    Ok(Outcome::Fine)
}

/// The deadlines of cases. A mistake in a file of the operator's is said, and the cases are read without the clocks.
pub(super) fn dues(args: &Args, store: &dyn Store, cases: &[Case]) -> anyhow::Result<Dues> {
    let config = config_if_there(args)?.letters;
    let letters = store.letters(None)?;
    let ends = first_ends(&config, &letters, cases).unwrap_or_else(|error| {
        message(&format!("last days are not reckoned: {error:#}"));
        Dues::new()
    });
    Ok(due::deadlines(cases, &ends))
}

/// Whether a case is out of sight at a moment.
fn is_out_of_sight(case: &Case, now: DateTime<Utc>) -> bool {
    let snooze = case.desk.snooze.as_ref();
    snooze.is_some_and(|snooze| snooze.until.is_none_or(|until| now < until))
}

fn state(word: &str) -> anyhow::Result<CaseState> {
    word_of(word).with_context(|| {
        let words = CaseState::ALL.map(|state| state.words().replace(' ', "-"));
        format!(
            "there is no state {word}; it is one of {}",
            words.join(", ")
        )
    })
}

/// Shows one case, or takes a step on it.
pub(super) fn case(args: &Args, options: &CaseOptions, out: &mut Out) -> anyhow::Result<Outcome> {
    let rules = config_if_there(args)?.cases;
    if let Some(word) = &options.step {
        return step(args, options, word, &rules, out);
    }
    let store = open_to_read(&args.data)?;
    let case = find_case(&*store, &options.id)?;
    show(args, &*store, &case, &rules, out)?;
    Ok(Outcome::Fine)
}

/// Shows a case with what is reckoned of it.
fn show(
    args: &Args,
    store: &dyn Store,
    case: &Case,
    rules: &CaseConfig,
    out: &mut Out,
) -> anyhow::Result<()> {
    let names = names(store)?;
    let priority = pursue::priority(case, &names, rules, Utc::now());
    let ledger = pursue::ledger(case, &names);
    let slots = pursue::reading::of_first(Lexicon::shipped(), case);
    let dues = dues(args, store, std::slice::from_ref(case))?;
    let due = dues.get(&case.id);
    let mut whole = json::case_whole(case, &priority, &ledger, &slots);
    whole["deadline"] = json::deadline(due);
    match args.format {
        Format::Text => out.text(&text::case(
            case, due, &priority, &ledger, &names, out.style,
        )),
        Format::Json => out.pretty(&whole),
        Format::Jsonl => out.line(&whole),
    }
}

/// Takes a step on a case.
fn step(
    args: &Args,
    options: &CaseOptions,
    word: &str,
    rules: &CaseConfig,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let store = store::open_desk(existing(&args.data)?)?;
    let case = find_case(&*store, &options.id)?;
    let Some(who) = &options.by else {
        bail!("say who takes the step with --as USER; `aigaq user list` lists them");
    };
    let user = find_user(&*store, who)?;
    let Some(seen) = options.seen else {
        bail!(
            "name the version you saw with --seen; {} stands at version {}",
            case.id,
            case.version
        );
    };
    let now = Utc::now();
    let order = Order {
        step: read_step(word, options, &*store, now)?,
        note: options.note.clone().unwrap_or_default(),
    };
    match take_step(&*store, rules, &case.id, seen, &order, &user, now)? {
        Stepped::Done(cases) => {
            for case in &cases {
                show(args, &*store, case, rules, out)?;
            }
            Ok(Outcome::Fine)
        }
        Stepped::Stale(case, since) => bail!(
            "{} was changed since version {seen} and stands at version {} now:\n{}",
            case.id,
            case.version,
            changes(&since)
        ),
        Stepped::Refused(refusal) => bail!("{refusal}"),
        Stepped::Unknown => bail!("no case has the id {}", options.id),
    }
}

/// What happened since a version was seen, a line each.
fn changes(since: &[CaseEvent]) -> String {
    let lines = since.iter().map(|event| {
        format!(
            "  {} {}: {} ({})",
            event.at.format("%Y-%m-%d %H:%M"),
            event.by.as_deref().unwrap_or("the program"),
            event.what,
            event.state.words()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The step that was typed, with what it needs.
fn read_step(
    word: &str,
    options: &CaseOptions,
    store: &dyn Store,
    now: DateTime<Utc>,
) -> anyhow::Result<Step> {
    let letter = || need(&options.letter, "--letter ID");
    Ok(match word {
        "watch" => Step::Watch,
        "confirm" => Step::Confirm,
        "dismiss" => Step::Dismiss {
            reason: reason(&need(&options.reason, "--reason REASON")?)?,
        },
        "merge" => Step::Merge {
            into: other_case(options, store)?,
        },
        "split" => Step::Split {
            urls: options.url.iter().cloned().collect(),
        },
        "propose-letter" => Step::ProposeLetter { letter: letter()? },
        "approve-letter" => Step::ApproveLetter { letter: letter()? },
        "return-letter" => Step::ReturnLetter { letter: letter()? },
        "send-letter" => Step::SendLetter { letter: letter()? },
        "answer" => Step::Answer {
            answer: answer(&need(&options.answer, "--answer ANSWER")?)?,
        },
        "refuse" => Step::Refuse,
        "withdraw" => Step::Withdraw,
        "reopen" => Step::Reopen,
        "close" => Step::Close,
        "undo" => Step::Undo,
        _ => return read_note(word, options, now),
    })
}

/// The steps that only note something.
fn read_note(word: &str, options: &CaseOptions, now: DateTime<Utc>) -> anyhow::Result<Step> {
    let tag = || need(&options.tag, "--tag TAG");
    let item = || need(&options.item, "--item TEXT");
    let duty = || need(&options.duty, "--duty ID");
    let slot = || slot(&need(&options.slot, "--slot SLOT")?);
    let until = || {
        options
            .until
            .as_deref()
            .map(|text| moment(text, now))
            .transpose()
    };
    Ok(match word {
        "assign" => Step::Assign {
            to: options.to.clone(),
        },
        "comment" => Step::Comment,
        "tag" => Step::Tag { tag: tag()? },
        "untag" => Step::Untag { tag: tag()? },
        "add-item" => Step::AddItem { item: item()? },
        "tick-item" => Step::TickItem {
            item: item()?,
            done: !options.not_done,
        },
        "snooze" => Step::Snooze {
            until: until()?,
            worse: options.until_worse,
        },
        "wake" => Step::Wake,
        "add-duty" => Step::AddDuty {
            duty: duty()?,
            deadline: until()?,
        },
        "finish-duty" => Step::FinishDuty { duty: duty()? },
        "correct-reading" => Step::CorrectReading {
            slot: slot()?,
            claimed: options.claimed.clone(),
            official: options.official.clone(),
            result: result(&need(&options.result, "--result RESULT")?)?,
            url: options.url.first().cloned(),
        },
        "drop-reading" => Step::DropReading { slot: slot()? },
        _ => bail!("there is no step {word}; `aigaq case --help` lists them"),
    })
}

/// An option that a step cannot do without.
fn need(value: &Option<String>, option: &str) -> anyhow::Result<String> {
    value
        .clone()
        .with_context(|| format!("the step needs {option}"))
}

/// The case named by `--into`.
fn other_case(options: &CaseOptions, store: &dyn Store) -> anyhow::Result<CaseId> {
    let id = need(&options.into, "--into ID")?;
    Ok(find_case(store, &id)?.id)
}

/// A word of the model as it is written in JSON, with hyphens allowed.
fn word_of<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word.replace('-', "_"))).ok()
}

fn reason(word: &str) -> anyhow::Result<Dismissal> {
    word_of(word).with_context(|| {
        format!(
            "there is no reason {word}; it is one of other-fact, no-statement, agrees, record-wrong, immaterial"
        )
    })
}

fn answer(word: &str) -> anyhow::Result<Answer> {
    word_of(word).with_context(|| {
        format!("there is no answer {word}; it is one of promised, done, disputed")
    })
}

fn slot(word: &str) -> anyhow::Result<SlotName> {
    word_of(word).with_context(|| {
        let words = SlotName::ALL.map(|slot| json::word(&slot));
        format!("there is no slot {word}; it is one of {}", words.join(", "))
    })
}

fn result(word: &str) -> anyhow::Result<SlotResult> {
    word_of(word).with_context(|| {
        let words = SlotResult::ALL.map(SlotResult::word);
        format!(
            "there is no result {word}; it is one of {}",
            words.join(", ")
        )
    })
}

/// A moment, or a pause from now: `2026-03-09T09:00:00+05:00`, `90m`, `8h`, `3d`.
pub(super) fn moment(text: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let pause = text.char_indices().last().and_then(|(at, unit)| {
        let number: i64 = text.get(..at)?.parse().ok()?;
        match unit {
            'm' => TimeDelta::try_minutes(number),
            'h' => TimeDelta::try_hours(number),
            'd' => TimeDelta::try_days(number),
            _ => None,
        }
    });
    let at = pause.and_then(|pause| now.checked_add_signed(pause));
    at.with_context(|| {
        format!(
            "{text} is no moment such as 2026-03-09T09:00:00+05:00 and no pause such as 8h or 3d"
        )
    })
}

/// The case whose id is, or begins with, what was typed; the prefix `case-` may be left out.
pub(super) fn find_case(store: &dyn Store, id: &str) -> anyhow::Result<Case> {
    let cases = store.cases()?;
    let wanted = id.strip_prefix("case-").unwrap_or(id);
    let begins = |case: &&Case| {
        let own = case.id.0.strip_prefix("case-").unwrap_or(&case.id.0);
        own.starts_with(wanted)
    };
    let found: Vec<&Case> = cases.iter().filter(begins).collect();
    match (found.len(), found.first()) {
        (1, Some(case)) => Ok((*case).clone()),
        (0, _) => bail!("no case has the id {id}; `aigaq cases` lists them"),
        (n, _) => bail!("{n} cases begin with {id}; type more of the id"),
    }
}
