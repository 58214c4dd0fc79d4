//! The roles of Kazakh numbers, told by the case of the number or its noun and by the verb that ends the clause.

use super::super::super::kazakh::Ending;
use super::super::{Context, Dimension, Draft, Mode, Role};
use super::{Change, KAZAKH_COMPARATIVES, after, before, same_kind, set};

/// Gives one draft its role.
pub fn assign(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
    let after_token = drafts[index].after;
    let next = kazakh_next(context, found, drafts, index)
        .or_else(|| over_share(context, found, drafts, index));
    let reached = (after_token..after_token + 2).any(|at| {
        context.starts(
            at,
            "жетті жетіп жеткен жетеді жеткіз түсті түсіп түскен түседі",
        )
    }) && !context.starts(after_token, "дейін");
    match drafts[index].case {
        Ending::Dative if drafts[index].until => {
            let chain = index > 0
                && drafts[index - 1].case == Ending::Ablative
                && same_kind(&drafts[index - 1], &drafts[index]);
            if next.is_some() || reached {
                if drafts[index].quantity.mode == Mode::UpTo {
                    drafts[index].quantity.mode = Mode::Bare;
                }
                if chain {
                    set(context, &mut drafts[index - 1], Role::Start, next);
                }
                set(context, &mut drafts[index], Role::ChangeTo, next);
            } else if chain {
                // «… өсті – 2 031-ден 2 045-ге дейін»: the verb stands before the dash.
                let verb = before(context, found, drafts[index - 1].from, true);
                if verb.is_some() {
                    drafts[index].quantity.mode = Mode::Bare;
                    set(context, &mut drafts[index - 1], Role::Start, verb);
                    set(context, &mut drafts[index], Role::ChangeTo, verb);
                }
            }
        }
        Ending::Dative => kazakh_dative(context, drafts, index, next, reached),
        Ending::Instrumental => {
            if next.is_some_and(|change| change.tokens.start <= after_token + 2) {
                set(context, &mut drafts[index], Role::ChangeBy, next);
            }
        }
        Ending::Ablative => {}
        _ => kazakh_bare(context, found, drafts, index, next),
    }
    if drafts[index].quantity.unit.dimension == Dimension::Times
        && drafts[index].quantity.direction.is_none()
    {
        let comparative =
            KAZAKH_COMPARATIVES
                .at(context.tokens, after_token)
                .map(|(length, direction)| Change {
                    tokens: after_token..after_token + length,
                    direction,
                });
        set(
            context,
            &mut drafts[index],
            Role::Ratio,
            comparative.as_ref().or(next),
        );
    }
}

/// The verb of change a Kazakh number belongs to: the first after it in the clause; an ablative may reach over a dative.
fn kazakh_next<'c>(
    context: &Context<'_>,
    found: &'c [Change],
    drafts: &[Draft],
    index: usize,
) -> Option<&'c Change> {
    let from = drafts[index].after;
    let change = after(context, found, from, 9)?;
    let between = drafts[index + 1..]
        .iter()
        .filter(|draft| draft.tokens.start < change.tokens.start)
        .count();
    (between == 0 || (between == 1 && drafts[index].case == Ending::Ablative)).then_some(change)
}

/// The verb of change after «86 450-ден 97 170-ке дейін, яғни 12,4%-ға өсті»: the change that is told in passing does not
/// take it away from the pair of levels.
fn over_share<'c>(
    context: &Context<'_>,
    found: &'c [Change],
    drafts: &[Draft],
    index: usize,
) -> Option<&'c Change> {
    let is_pair = index > 0
        && drafts[index].case == Ending::Dative
        && drafts[index - 1].case == Ending::Ablative
        && same_kind(&drafts[index - 1], &drafts[index]);
    let passing = drafts.get(index + 1).filter(|_| is_pair)?;
    let change = after(context, found, passing.after, 3)?;
    let is_change = matches!(
        passing.quantity.unit.dimension,
        Dimension::Percent | Dimension::PercentPoints | Dimension::Times
    );
    let is_nearest = drafts
        .get(index + 2)
        .is_none_or(|draft| draft.tokens.start > change.tokens.start);
    (is_change && is_nearest).then_some(change)
}

fn kazakh_dative(
    context: &Context<'_>,
    drafts: &mut [Draft],
    index: usize,
    next: Option<&Change>,
    reached: bool,
) {
    let after_token = drafts[index].after;
    let chain = index > 0
        && drafts[index - 1].case == Ending::Ablative
        && same_kind(&drafts[index - 1], &drafts[index])
        && drafts[index].tokens.start - drafts[index - 1].tokens.end <= 4
        && drafts[index - 1].quantity.mode == Mode::Bare;
    if chain && (next.is_some() || reached) {
        set(context, &mut drafts[index - 1], Role::Start, next);
        set(context, &mut drafts[index], Role::ChangeTo, next);
        return;
    }
    if reached {
        set(context, &mut drafts[index], Role::ChangeTo, None);
        return;
    }
    let comparative =
        KAZAKH_COMPARATIVES
            .at(context.tokens, after_token)
            .map(|(length, direction)| Change {
                tokens: after_token..after_token + length,
                direction,
            });
    if comparative.is_some() {
        set(
            context,
            &mut drafts[index],
            Role::ChangeBy,
            comparative.as_ref(),
        );
        return;
    }
    if let Some(change) = next.filter(|change| change.tokens.start <= after_token + 3) {
        set(context, &mut drafts[index], Role::ChangeBy, Some(change));
        // «59-ға азайды» is "by" in the grammar; some writers mean "to", and only then without a unit of share.
        if !matches!(
            drafts[index].quantity.unit.dimension,
            Dimension::Percent | Dimension::PercentPoints | Dimension::Times | Dimension::Fraction
        ) {
            drafts[index].quantity.other_roles.push(Role::ChangeTo);
        }
    }
}

/// «өсім 5 пайызды құрады», «5 пайыз өсті»; a share otherwise.
fn kazakh_bare(
    context: &Context<'_>,
    found: &[Change],
    drafts: &mut [Draft],
    index: usize,
    next: Option<&Change>,
) {
    let draft = &mut drafts[index];
    if !matches!(
        draft.quantity.unit.dimension,
        Dimension::Percent | Dimension::PercentPoints
    ) {
        return;
    }
    if let Some(change) = next.filter(|change| {
        change.tokens.start == draft.tokens.end && !context.starts(change.tokens.start, "өсім")
    }) {
        set(context, draft, Role::ChangeBy, Some(change));
        return;
    }
    let noun = before(context, found, draft.from, true).filter(|change| {
        context.starts(
            change.tokens.start,
            "өсім өсу төмендеу азаю кему қысқару артуы",
        )
    });
    if noun.is_some() {
        set(context, draft, Role::ChangeBy, noun);
    }
}
