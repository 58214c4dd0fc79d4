//! `letter`, `letters` and `deadlines`: what asks for a correction, the register of what was asked, and by when.

use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{NaiveDate, Utc};
use serde_json::Value;

use super::Outcome;
use super::args::{self, Args, Deadlines, Form, Format, LettersCommand, RouteName};
use super::cases::find_case;
use super::collect::{config_if_there, runtime};
use super::output::{self, Out};
use super::people::find_user;
use super::saved::sender;
use super::stored::{existing, open_to_read};
use crate::config::CaseConfig;
use crate::model::desk::Step;
use crate::model::{CaseId, LetterEntry, LetterText, Route};
use crate::pipeline::letters::{self as desk, Wanted, find, noon};
use crate::pursue::letter as steps;
use crate::report::letter::{self as report, Leaf};
use crate::serve::letter_steps::{LetterSteps, adopted};
use crate::serve::letters::{Posted, Sending};
use crate::store::{self, Store};

/// The letters of a case and who works with them: one of the users, where the store knows any.
fn on_case<'a>(
    store: &'a dyn Store,
    rules: &'a CaseConfig,
    case: &'a CaseId,
    by: &str,
) -> anyhow::Result<LetterSteps<'a>> {
    let by = match store.users()?.is_empty() {
        true => None,
        false => Some(find_user(store, by)?),
    };
    Ok(LetterSteps {
        store,
        rules,
        case,
        by,
    })
}

/// Writes the letter of a case.
pub(super) fn letter(
    args: &Args,
    options: &args::Letter,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let config = config_if_there(args)?;
    let store = match options.register {
        Some(_) => store::open_desk(existing(&args.data)?)?,
        None => open_to_read(&args.data)?,
    };
    let case = find_case(&*store, &options.case)?;
    let proposed = options.proposed.as_deref().map(|path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    });
    let wanted = Wanted {
        languages: options.language.clone(),
        route: options.route.map(route),
        publication: options.publication.clone(),
        proposed: proposed.transpose()?,
        received: options.received.map(noon),
        register: options.register.clone(),
    };
    let now = Utc::now();
    let on_case = match &options.register {
        Some(by) => Some(on_case(&*store, &config.cases, &case.id, by)?),
        None => None,
    };
    if let Some(on_case) = &on_case {
        // Its number is not known yet: whether the case may have a letter does not hang on it.
        on_case.may(propose("new"), now)?;
    }
    let written = desk::write(&*store, &config, &case, &wanted, now)?;
    if let (Some(on_case), Some(number)) = (&on_case, &written.number)
        && let Some(by) = &on_case.by
    {
        let before = find(&*store, number)?;
        let after = steps::propose(&before, &by.id, now)?;
        on_case.take_both(propose(number), "", (&before, &after), now)?;
    }
    for key in &written.missing {
        output::message(&format!("left as a gap, or out: {key}"));
    }
    if let Some(number) = &written.number {
        output::message(&format!("entered as draft {number}"));
    }
    show(args.form, &written.texts, options.out.as_deref(), out)?;
    Ok(Outcome::Fine)
}

fn propose(number: &str) -> Step {
    Step::ProposeLetter {
        letter: number.to_owned(),
    }
}

fn route(name: RouteName) -> Route {
    match name {
        RouteName::Clarification => Route::Clarification,
        RouteName::Reply => Route::Reply,
        RouteName::Refutation => Route::Refutation,
        RouteName::Replacement => Route::Replacement,
    }
}

/// Shows a letter in the form asked for, on stdout or in a file.
fn show(form: Form, texts: &[LetterText], to: Option<&Path>, out: &mut Out) -> anyhow::Result<()> {
    let leaves: Vec<Leaf> = texts.iter().map(Leaf::of).collect();
    let bytes = match form {
        Form::Text => report::text(&leaves).into_bytes(),
        Form::Html => report::html(&leaves).into_bytes(),
        Form::Docx => report::docx(&leaves)?,
        Form::Json => format!("{:#}\n", serde_json::to_value(texts)?).into_bytes(),
        Form::Jsonl => format!("{}\n", serde_json::to_value(texts)?).into_bytes(),
    };
    match to {
        Some(path) => {
            std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
        }
        None => out.bytes(&bytes),
    }
}

/// The register.
pub(super) fn letters(
    args: &Args,
    command: &LettersCommand,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let now = Utc::now();
    match command {
        LettersCommand::List { case } => list(args, case.as_deref(), out)?,
        LettersCommand::Show { number, out: to } => {
            let letter = find(&*open_to_read(&args.data)?, number)?;
            match args.form {
                Form::Json => out.pretty(&report::json(&letter))?,
                Form::Jsonl => out.line(&report::json(&letter))?,
                form => show(form, &letter.texts, to.as_deref(), out)?,
            }
        }
        LettersCommand::Approve { number, by } => {
            let store = store::open_desk(existing(&args.data)?)?;
            let config = config_if_there(args)?;
            let before = find(&*store, number)?;
            let after = steps::approve(&before, by, now)?;
            let letter = number.clone();
            let on_case = on_case(&*store, &config.cases, &before.case, by)?;
            let step = Step::ApproveLetter { letter };
            on_case.take_both(step, "", (&before, &after), now)?;
        }
        LettersCommand::Send {
            number,
            by,
            to,
            again,
        } => {
            let letter = Sending {
                number,
                by,
                to: to.as_deref(),
                again: *again,
            };
            send(args, &letter, out)?;
        }
        LettersCommand::Sent {
            number,
            by,
            how,
            on,
        } => {
            let config = config_if_there(args)?;
            let store = store::open_desk(existing(&args.data)?)?;
            let before = adopted(&*store, &find(&*store, number)?)?;
            let at = on.map_or(Ok(now), |day| past(day).map(noon))?;
            let after = steps::send(&before, by, how, config.cases.needs_second_person, at)?;
            let on_case = on_case(&*store, &config.cases, &before.case, by)?;
            on_case.take_both(send_step(&before), "", (&before, &after), now)?;
        }
        LettersCommand::Received { number, by, on } => {
            let config = config_if_there(args)?;
            let store = store::open_desk(existing(&args.data)?)?;
            let letter = desk::received(&*store, &config.letters, number, by, past(*on)?, now)?;
            let deadlines = letter.deadlines.iter();
            let lines: String = deadlines
                .map(|one| format!("{}  {}\n", one.due, one.rule))
                .collect();
            out.text(&lines)?;
        }
    }
    Ok(Outcome::Fine)
}

/// A day that is not ahead.
fn past(day: NaiveDate) -> anyhow::Result<NaiveDate> {
    if desk::is_ahead(day, Utc::now()) {
        bail!("{day} lies ahead");
    }
    Ok(day)
}

fn list(args: &Args, case: Option<&str>, out: &mut Out) -> anyhow::Result<()> {
    let store = open_to_read(&args.data)?;
    let case = match case {
        Some(id) => Some(find_case(&*store, id)?.id),
        None => None,
    };
    let letters = store.letters(case.as_ref())?;
    let items: Vec<Value> = letters.iter().map(report::json).collect();
    out.list(args.format, "letters", &items, |_| {
        report::register(&letters)
    })
}

/// Sends a letter by mail and says to where.
fn send(args: &Args, sending: &Sending<'_>, out: &mut Out) -> anyhow::Result<()> {
    let config = config_if_there(args)?;
    let store = store::open_desk(existing(&args.data)?)?;
    let letter = find(&*store, sending.number)?;
    let on_case = on_case(&*store, &config.cases, &letter.case, sending.by)?;
    let sender = sender(&config.alerts)?;
    match runtime()?.block_on(desk::send(&*store, &config, &sender, &on_case, sending))? {
        Posted::Sent(to) => out.text(&format!("{} sent to {to}\n", letter.number)),
        Posted::Not(why) => bail!("not sent: {why}"),
    }
}

fn send_step(letter: &LetterEntry) -> Step {
    Step::SendLetter {
        letter: letter.number.clone(),
    }
}

/// Lists last days.
pub(super) fn deadlines(
    args: &Args,
    options: &Deadlines,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let config = config_if_there(args)?;
    let store: Box<dyn Store> = match options.accept {
        true => store::open_desk(existing(&args.data)?)?,
        false => open_to_read(&args.data)?,
    };
    let mut rows = desk::deadlines(
        &*store,
        &config.letters,
        options.language,
        options.accept,
        Utc::now(),
    )?;
    rows.retain(|row| !options.due || row.is_reminded);
    let items: Vec<Value> = rows
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()?;
    match args.format {
        Format::Text => out.text(&report::deadlines(&rows))?,
        format => out.list(format, "deadlines", &items, |_| String::new())?,
    }
    Ok(Outcome::Fine)
}
