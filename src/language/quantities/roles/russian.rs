//! The roles of Russian numbers, told by their prepositions and by the words of change around them.

use super::super::{Context, Dimension, Draft, Mode, Role};
use super::{Change, after, before, chained, counts_others, preposition, same_kind, set};

/// How words begin for what is done against somebody.
const PROCEEDINGS: &str = "дел преступл насил жалоб иск обвинен правонаруш расследован";

/// Gives one draft its role.
pub fn assign(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
    let (start, end) = (drafts[index].tokens.start, drafts[index].tokens.end);
    let next = after(context, found, end, 4)
        .filter(|change| !russian_blocked(context, end, change.tokens.start));
    let own = next
        .or_else(|| before(context, found, start, true))
        .or_else(|| after(context, found, end, 12));
    let wide = own.or_else(|| before(context, found, start, false));
    match preposition(context, &drafts[index], "на до с со против вместо") {
        Some("на") => {
            if let Some(change) = own.or_else(|| {
                before(context, found, start, false).filter(|_| {
                    drafts[index].quantity.unit.dimension == Dimension::Percent
                        || chained(drafts, index)
                })
            }) {
                set(context, &mut drafts[index], Role::ChangeBy, Some(change));
            } else if drafts[index].quantity.unit.dimension == Dimension::Percent {
                drafts[index].quantity.other_roles.push(Role::ChangeBy);
            }
        }
        Some("до") => {
            let chain = index > 0
                && drafts[index - 1].quantity.role == Role::Start
                && same_kind(&drafts[index - 1], &drafts[index]);
            let verb = before(context, found, start, true)
                .or_else(|| after(context, found, end, 6))
                .or_else(|| {
                    before(context, found, start, false).filter(|_| chained(drafts, index))
                });
            if chain || verb.is_some() {
                if drafts[index].quantity.mode == Mode::UpTo {
                    drafts[index].quantity.mode = Mode::Bare;
                }
                set(context, &mut drafts[index], Role::ChangeTo, verb.or(wide));
            }
        }
        Some("с" | "со") => {
            let to = drafts.get(index + 1).is_some_and(|to| {
                preposition(context, to, "до").is_some()
                    && to.tokens.start < end + 6
                    && same_kind(&drafts[index], to)
            });
            if to {
                set(context, &mut drafts[index], Role::Start, wide);
            }
        }
        Some("против" | "вместо") => {
            // «386 дел против 431» compares, «дела против 241 человека» does not.
            let word = drafts[index].from.checked_sub(2);
            let is_of_proceedings = word.is_some_and(|at| context.starts(at, PROCEEDINGS));
            if !is_of_proceedings || !counts_others(drafts, index) {
                set(context, &mut drafts[index], Role::Start, None);
            }
        }
        _ => russian_bare(context, found, &mut drafts[index]),
    }
    if drafts[index].quantity.unit.dimension == Dimension::Times
        && drafts[index].quantity.direction.is_none()
    {
        set(context, &mut drafts[index], Role::Ratio, wide);
    }
}

/// Whether a word between the number and a comparative shows that the comparative is about something else.
fn russian_blocked(context: &Context<'_>, end: usize, at: usize) -> bool {
    (end..at).any(|n| context.is(n, "и а но что чем в на"))
}

/// «рост составил 6 %», «снижение – 6 %», «стало меньше 5 %».
fn russian_bare(context: &Context<'_>, found: &[Change], draft: &mut Draft) {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    let percent = matches!(
        draft.quantity.unit.dimension,
        Dimension::Percent | Dimension::PercentPoints | Dimension::Fraction
    );
    let verb = draft
        .from
        .checked_sub(1)
        .filter(|&at| context.starts(at, "состав") || context.is(at, "равен равно – — -"));
    let noun = before(context, found, start, false).filter(|change| {
        context.starts(
            change.tokens.start,
            "рост прирост сниж увеличени уменьшени сокращени падени спад повышени",
        )
    });
    if verb.is_some() && noun.is_some() && (percent || noun_is_subject(context, noun, start)) {
        set(context, draft, Role::ChangeBy, noun);
        return;
    }
    if percent {
        let comparative = after(context, found, end, 2)
            .filter(|change| context.is(change.tokens.start, "больше меньше выше ниже чаще реже"));
        if comparative.is_some() {
            set(context, draft, Role::ChangeBy, comparative);
        }
    }
}

/// «Снижение составило 1 200 фактов»: the noun of change stands alone before its verb.
fn noun_is_subject(context: &Context<'_>, noun: Option<&Change>, start: usize) -> bool {
    noun.is_some_and(|change| {
        start - change.tokens.end <= 9 && (change.tokens.end..start).all(|at| !context.is(at, ","))
    })
}
