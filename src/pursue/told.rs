//! Reads what people did back from the English words in which steps were stored before they were kept in parts.
//!
//! Only what can be meant in one way is read, and only where the table lets it lead to the state that was stored with it; whatever
//! else was stored stays as it is.

use super::table::{TABLE, Target};
use crate::model::desk::Step;
use crate::model::{Answer, CaseEvent, CaseId, Deed, Dismissal, StepKind};

/// What somebody did and said to it, where it was stored in words alone and these can be read; `None` otherwise.
pub fn deed_of(event: &CaseEvent) -> Option<(Deed, &str)> {
    if event.by.is_none() || event.kind.is_some() || event.deed.is_some() {
        return None;
    }
    let (deed, note) = read(&event.what)?;
    leads_to(&deed, event).then_some((deed, note))
}

/// Whether the table knows the state that was stored with a step.
fn leads_to(deed: &Deed, event: &CaseEvent) -> bool {
    let kind = match deed {
        Deed::Took(step) => step.kind(),
        Deed::Withdrew { .. } => StepKind::Withdraw,
        Deed::SplitOff { .. }
        | Deed::SplitFrom { .. }
        | Deed::TookOver { .. }
        | Deed::TookBack { .. }
        | Deed::TookBackAt { .. } => return true,
    };
    let mut rows = TABLE.iter().filter(|row| row.step == kind);
    rows.any(|row| match row.target {
        Target::To(state) => state == event.state,
        Target::Same => row.from.contains(&event.state),
        Target::Back => true,
    })
}

fn read(what: &str) -> Option<(Deed, &str)> {
    let fixed = |(words, step): (String, Step)| Some((Deed::Took(step), said(what, &words)?));
    plain()
        .into_iter()
        .find_map(fixed)
        .or_else(|| named(what))
        .or_else(|| counted(what))
}

/// Steps that are told in the same words each time.
fn plain() -> Vec<(String, Step)> {
    let worse = Step::Snooze {
        until: None,
        worse: true,
    };
    let fixed = [
        ("kept in view", Step::Watch),
        ("confirmed", Step::Confirm),
        ("the recipient refused", Step::Refuse),
        ("opened again", Step::Reopen),
        ("closed", Step::Close),
        ("given to nobody", Step::Assign { to: None }),
        ("commented", Step::Comment),
        ("back in sight", Step::Wake),
        ("out of sight until it gets worse", worse),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(words, step)| (words.to_owned(), step));
    let answers = Answer::ALL.into_iter();
    let answers = answers.map(|answer| (answer.words().to_owned(), Step::Answer { answer }));
    let dismissed = Dismissal::GIVEN.into_iter().map(|reason| {
        let words = format!("dismissed, {}", reason.words());
        (words, Step::Dismiss { reason })
    });
    fixed.chain(answers).chain(dismissed).collect()
}

/// What was said after words that are told each time; empty where nothing was.
fn said<'a>(what: &'a str, words: &str) -> Option<&'a str> {
    match what.strip_prefix(words)? {
        "" => Some(""),
        rest => rest.strip_prefix(": "),
    }
}

/// Steps that name something.
fn named(what: &str) -> Option<(Deed, &str)> {
    let took = |step| Some((Deed::Took(step), ""));
    let rest_of = |words: &str| what.strip_prefix(words).map(str::to_owned);
    // These were told without what was said to them, so that all of the rest is the name.
    if let Some(tag) = rest_of("tagged ") {
        return took(Step::Tag { tag });
    }
    if let Some(tag) = what
        .strip_prefix("tag ")
        .and_then(|rest| rest.strip_suffix(" taken away"))
    {
        let tag = tag.to_owned();
        return took(Step::Untag { tag });
    }
    if let Some(item) = rest_of("to do: ") {
        return took(Step::AddItem { item });
    }
    if let Some(item) = rest_of("done: ") {
        return took(Step::TickItem { item, done: true });
    }
    if let Some(item) = rest_of("not done after all: ") {
        return took(Step::TickItem { item, done: false });
    }
    let took = |step, note| Some((Deed::Took(step), note));
    let case = |id: &str| CaseId(id.to_owned());
    if let Some((id, note)) = between(what, "given to ", "") {
        let to = Some(id.to_owned());
        return took(Step::Assign { to }, note);
    }
    if let Some((id, note)) = between(what, "the same as ", "") {
        return took(Step::Merge { into: case(id) }, note);
    }
    if let Some((id, note)) = between(what, "split from ", "") {
        return Some((Deed::SplitFrom { from: case(id) }, note));
    }
    if let Some((id, note)) = between(what, "taken back at ", "") {
        return Some((Deed::TookBackAt { case: case(id) }, note));
    }
    if let Some((word, note)) = between(what, "taken back: ", "") {
        let step = StepKind::ALL.into_iter().find(|kind| kind.word() == word)?;
        return Some((Deed::TookBack { step }, note));
    }
    if let Some((id, note)) = between(what, "no longer due: ", "") {
        let duty = id.to_owned();
        return took(Step::FinishDuty { duty }, note);
    }
    if let Some((id, note)) = between(what, "due: ", "") {
        let (duty, deadline) = (id.to_owned(), None);
        return took(Step::AddDuty { duty, deadline }, note);
    }
    letter(what)
}

/// Steps of a letter.
fn letter(what: &str) -> Option<(Deed, &str)> {
    let named = |words| {
        let (id, note) = between(what, "letter ", words)?;
        Some((id.to_owned(), note))
    };
    let (step, note) = if let Some((letter, note)) = named(" is ready to be approved") {
        (Step::ProposeLetter { letter }, note)
    } else if let Some((letter, note)) = named(" approved") {
        (Step::ApproveLetter { letter }, note)
    } else if let Some((letter, note)) = named(" goes back") {
        (Step::ReturnLetter { letter }, note)
    } else {
        let (letter, note) = named(" sent")?;
        (Step::SendLetter { letter }, note)
    };
    Some((Deed::Took(step), note))
}

/// What tells a number.
fn counted(what: &str) -> Option<(Deed, &str)> {
    if let Some(note) = said(what, "we were wrong; nothing had been sent") {
        return Some((Deed::Withdrew { n: 0 }, note));
    }
    if let Some((n, note)) = between(what, "we were wrong; ", " sent letters are withdrawn") {
        let n = n.parse().ok()?;
        return Some((Deed::Withdrew { n }, note));
    }
    let case = |id: &str| CaseId(id.to_owned());
    if let Some(rest) = what.strip_prefix("took over ") {
        let (n, from) = rest.split_once(" publications of ")?;
        let (n, from) = (n.parse().ok()?, name(from)?);
        return Some((
            Deed::TookOver {
                n,
                from: case(from),
            },
            "",
        ));
    }
    let (n, rest) = what.split_once(" publications are ")?;
    let (into, note) = between(rest, "", " now")?;
    let (n, into) = (n.parse().ok()?, case(into));
    Some((Deed::SplitOff { n, into }, note))
}

/// A name between words, and what was said after them. A name with a space or a colon in it could be taken for more, or for less,
/// than it is.
fn between<'a>(what: &'a str, before: &str, after: &str) -> Option<(&'a str, &'a str)> {
    let rest = what.strip_prefix(before)?;
    let end = rest
        .find(|sign: char| sign.is_whitespace() || sign == ':')
        .unwrap_or(rest.len());
    let (id, rest) = rest.split_at(end);
    Some((name(id)?, said(rest, after)?))
}

/// A name that can be told from the words around it.
fn name(id: &str) -> Option<&str> {
    let is_plain = !id.is_empty() && !id.contains(|sign: char| sign.is_whitespace() || sign == ':');
    is_plain.then_some(id)
}
