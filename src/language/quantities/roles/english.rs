//! The roles of English numbers, told by their prepositions, by comparatives after them and by the verb before them.

use super::super::{Context, Dimension, Draft, Role};
use super::{Change, after, before, chained, counts_others, preposition, same_kind, set};

/// What is done against somebody.
const PROCEEDINGS: &str = "case cases charge charges proceedings suit suits lawsuits claim claims complaint complaints action \
     actions measures crime crimes offence offences offense offenses violence pursued brought opened filed initiated protect";

/// Gives one draft its role.
pub fn assign(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
    let (start, end) = (drafts[index].tokens.start, drafts[index].tokens.end);
    let from = drafts[index].from;
    let comparative = english_comparative(context, found, end);
    let verb = before(context, found, start, true);
    let wide = verb
        .or_else(|| before(context, found, start, false).filter(|_| chained(drafts, index)))
        .or_else(|| after(context, found, end, 8));
    let before_word = from.checked_sub(1);
    if let Some(change) = comparative {
        set(context, &mut drafts[index], Role::ChangeBy, Some(change));
        return;
    }
    match preposition(context, &drafts[index], "by to from against with than") {
        Some("by") if wide.is_some() => set(context, &mut drafts[index], Role::ChangeBy, wide),
        Some("from") => {
            let to = drafts.get(index + 1).is_some_and(|to| {
                preposition(context, to, "to").is_some()
                    && to.tokens.start < end + 6
                    && same_kind(&drafts[index], to)
            });
            let behind = index > 0
                && matches!(
                    drafts[index - 1].quantity.role,
                    Role::ChangeTo | Role::ChangeBy
                );
            let falls_from =
                wide.is_some_and(|change| !context.is(change.tokens.start, "more less up"));
            if to || behind || falls_from {
                set(context, &mut drafts[index], Role::Start, wide);
            }
        }
        Some("to") => {
            let chain = index > 0 && drafts[index - 1].quantity.role == Role::Start;
            if before_word
                .is_some_and(|at| at > 0 && context.is(at - 1, "compared comparison relative"))
            {
                set(context, &mut drafts[index], Role::Start, None);
            } else if before_word.is_some_and(|at| at > 0 && context.is(at - 1, "amounted came")) {
                english_subject(context, found, &mut drafts[index]);
            } else if chain
                || verb.is_some()
                || wide.is_some_and(|change| change.tokens.end + 8 > start)
            {
                set(context, &mut drafts[index], Role::ChangeTo, wide);
            }
        }
        Some("against") => {
            // "386 crimes against 431" compares; "criminal cases against 241 persons" does not.
            let is_of_proceedings = before_word
                .and_then(|at| at.checked_sub(1))
                .is_some_and(|at| context.is(at, PROCEEDINGS));
            if !is_of_proceedings || !counts_others(drafts, index) {
                set(context, &mut drafts[index], Role::Start, None);
            }
        }
        Some("with")
            if before_word
                .is_some_and(|at| at > 0 && context.is(at - 1, "compared comparison")) =>
        {
            set(context, &mut drafts[index], Role::Start, None)
        }
        Some("than") if before_word.is_some_and(|at| at > 0 && context.is(at - 1, "rather")) => {
            set(context, &mut drafts[index], Role::Start, None)
        }
        _ => english_bare(context, found, &mut drafts[index]),
    }
    if drafts[index].quantity.unit.dimension == Dimension::Times
        && drafts[index].quantity.direction.is_none()
    {
        set(context, &mut drafts[index], Role::Ratio, wide);
    }
}

/// "6.9 percent fewer", "12,300 fewer", "a 6.9 percent drop".
fn english_comparative<'c>(
    context: &Context<'_>,
    found: &'c [Change],
    end: usize,
) -> Option<&'c Change> {
    let change = after(context, found, end, 3)?;
    let at = change.tokens.start;
    let comparative = context.is(
        at,
        "more fewer less higher lower up down larger smaller greater",
    ) && at == end;
    let noun = context.starts(at, "increase drop decline decrease fall rise growth reduction surge jump") && at <= end + 1 && !context.is(at, "fell falls fallen rises risen increased dropped declined decreased reduced grown surged jumped");
    let apart =
        context.is(at, "more") && context.is(at + 1, "service services centres centers of in");
    ((comparative && !apart) || noun).then_some(change)
}

/// "rose 6.9 percent", "down 6.9 percent", "a drop of 5 percent", "the decrease was 6.1 percent".
fn english_bare(context: &Context<'_>, found: &[Change], draft: &mut Draft) {
    let from = draft.from;
    let direct = found
        .iter()
        .rev()
        .find(|change| change.tokens.end == from)
        .filter(|change| {
            !context.is(
                change.tokens.start,
                "more less higher lower fewer larger smaller cut gain gained",
            )
        });
    if direct.is_some() {
        set(context, draft, Role::ChangeBy, direct);
        return;
    }
    if from > 0 && context.is(from - 1, "of was at is") {
        english_subject(context, found, draft);
    }
}

/// The noun of change whose amount follows.
fn english_subject(context: &Context<'_>, found: &[Change], draft: &mut Draft) {
    let noun = before(context, found, draft.from, true).filter(|change| {
        context.starts(
            change.tokens.start,
            "increase decrease drop decline reduction rise growth fall surge jump",
        ) && !context.is(change.tokens.start, "increased decreased dropped declined")
    });
    let of = draft.from > 0 && context.is(draft.from - 1, "of");
    if noun.is_some_and(|change| !of || change.tokens.end + 1 == draft.from) {
        set(context, draft, Role::ChangeBy, noun);
    }
}
