//! Years: worded, in a range, or bare after a preposition of time, told from counts of four digits.

use super::super::{Language, TokenKind};
use super::{Context, Found, calendar};

/// «2025 год», «2021–2023 годах», "in 2025", «2025-те», a bare year after a preposition of time.
pub fn read(context: &Context<'_>, at: usize) -> Option<Found> {
    let first = context.year_digits(at)?;
    if context.is_dash(at + 1)
        && let Some(last) = context.year_digits(at + 2).filter(|&last| last > first)
    {
        let word = usize::from(is_year_word(context, at + 3));
        return Some(Found::new(
            at..at + 3 + word,
            calendar::years(first, last)?,
            false,
        ));
    }
    let worded = is_year_word(context, at + 1);
    let stop = worded
        && context.is(at + 1, "г гг")
        && context.is(at + 2, ".")
        && at + 3 < context.tokens.len();
    let end = at + 1 + usize::from(worded) + usize::from(stop);
    let prepositional = at > 0 && (context.is(at - 1, "в in since of for during by to from with than until and между until с к за на late early mid end") || context.is_dash(at - 1));
    let kazakh_case = context.language == Language::Kk && !context.tokens[at].ending.is_empty();
    let bare =
        context.language != Language::Kk && prepositional && !counts_something(context, at + 1);
    if worded || kazakh_case || bare {
        return Some(Found::new(at..end, calendar::year(first)?, false));
    }
    None
}

/// A word right after a bare four-digit number makes it a count: "in 2000 cases".
fn counts_something(context: &Context<'_>, at: usize) -> bool {
    let Some(token) = context.tokens.get(at) else {
        return false;
    };
    let follower = context.is(at, "the a was were is to and or with by as at from compared against on in for of when after before а и или по на с было были it there he she they we prosecutors police courts more fewer over some about");
    let is_english = context.language == Language::En;
    match token.kind {
        TokenKind::Word => !follower && (!is_english || token.lower.ends_with('s')),
        TokenKind::Sign => context.is(at, "% ₸ $ € °"),
        TokenKind::Number => false,
    }
}

fn is_year_word(context: &Context<'_>, at: usize) -> bool {
    match context.language {
        Language::Ru => context.is(at, "год года году годом годы годов годах годам г гг"),
        Language::Kk => super::shapes::is_kazakh_year_word(context.lower(at)),
        Language::En => false,
    }
}
