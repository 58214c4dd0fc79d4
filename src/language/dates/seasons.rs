//! Periods whose bounds the calendar does not print: seasons, halves of a year, decades, years in words, so many years ago.

use chrono::{Datelike, Months, NaiveDate};

use super::super::{Language, TokenKind, numbers};
use super::{Context, Found, Period, PeriodKind, calendar, shapes};

/// Reads such a period at token `at`.
pub fn read(context: &Context<'_>, at: usize) -> Option<Found> {
    year_in_words(context, at)
        .or_else(|| decade(context, at))
        .or_else(|| quarter_by_letter(context, at))
        .or_else(|| half_year(context, at))
        .or_else(|| season(context, at))
        .or_else(|| ago(context, at))
}

/// «в две тысячи двадцать пятом году», «екі мың жиырма бесінші жылы».
fn year_in_words(context: &Context<'_>, at: usize) -> Option<Found> {
    if context.tokens.get(at)?.kind != TokenKind::Word {
        return None;
    }
    let number = numbers::parse(context.tokens, at, context.language)?;
    let is_year = (1900..2100).contains(&u32::try_from(number.value()).ok()?)
        && number.kind == numbers::NumberKind::Ordinal
        && is_year_word(context, number.tokens.end);
    if !is_year {
        return None;
    }
    let year = i32::try_from(number.value()).ok()?;
    Some(Found::new(
        at..number.tokens.end + 1,
        calendar::year(year)?,
        false,
    ))
}

fn is_year_word(context: &Context<'_>, at: usize) -> bool {
    match context.language {
        Language::Ru => context.is(at, "год года году годом годе"),
        Language::Kk => shapes::is_kazakh_year_word(context.lower(at)),
        Language::En => false,
    }
}

/// «в 1990-х годах», "in the 1990s", «1990-жылдары».
fn decade(context: &Context<'_>, at: usize) -> Option<Found> {
    let first = context.year_digits(at).filter(|year| year % 10 == 0)?;
    let ending = context.tokens[at].ending.as_str();
    let length = match context.language {
        Language::Ru if matches!(ending, "х" | "е" | "ые" | "ых") => {
            1 + usize::from(context.is(at + 1, "годах годы годов г гг"))
        }
        Language::En if context.is(at + 1, "s") => 2,
        Language::Kk
            if context.is_dash(at + 1) && context.is(at + 2, "жылдары жылдарда жылдардағы") =>
        {
            3
        }
        _ => return None,
    };
    Some(Found::new(
        at..at + length,
        calendar::years(first, first.checked_add(9)?)?,
        false,
    ))
}

/// "Q3 2026", "H1 2026".
fn quarter_by_letter(context: &Context<'_>, at: usize) -> Option<Found> {
    let (first, last) = match context.lower(at) {
        "q1" => (1, 3),
        "q2" => (4, 6),
        "q3" => (7, 9),
        "q4" => (10, 12),
        "h1" => (1, 6),
        "h2" => (7, 12),
        _ => return None,
    };
    let (year, end) = shapes::year_after(context, at + 1);
    part_of_year(context, at..end, (first, last), year)
}

/// «в первой половине 2026 года», «жылдың екінші жартысында», "the second half of the year".
fn half_year(context: &Context<'_>, at: usize) -> Option<Found> {
    let second = match context.language {
        Language::Ru => {
            if !context.starts(at + 1, "половин") {
                return None;
            }
            ordinal_half(context, at, "перв", "втор")?
        }
        Language::Kk => {
            let is_half = context.starts(at + 1, "жартысы")
                && (context.starts(at.checked_sub(1)?, "жыл") || context.is(at + 2, "жыл"));
            if !is_half {
                return None;
            }
            ordinal_half(context, at, "бірінші алғашқы", "екінші соңғы")?
        }
        // "the first half of 2026" is read with quarters.
        Language::En => return None,
    };
    let (year, end) = shapes::year_after(context, at + 2);
    let names_year = year.is_some() || context.is(at + 2, "года");
    if context.language == Language::Ru && !names_year {
        return None;
    }
    let end = end.max(at + 2 + usize::from(year.is_none() && context.is(at + 2, "года")));
    part_of_year(
        context,
        at..end,
        if second { (7, 12) } else { (1, 6) },
        year,
    )
}

/// Whether the half is the second; `None` when neither is said.
fn ordinal_half(context: &Context<'_>, at: usize, first: &str, second: &str) -> Option<bool> {
    if context.starts(at, first) {
        Some(false)
    } else {
        context.starts(at, second).then_some(true)
    }
}

/// Months of a year, the latest such ones where no year is said.
fn part_of_year(
    context: &Context<'_>,
    tokens: std::ops::Range<usize>,
    (first, last): (u32, u32),
    year: Option<i32>,
) -> Option<Found> {
    let kind = if first == 1 {
        PeriodKind::Cumulative
    } else {
        PeriodKind::Span
    };
    let is_relative = year.is_none();
    let year = match year {
        Some(year) => year,
        None => {
            let written = context.written?;
            written.year() - i32::from(written.month() < first)
        }
    };
    Some(Found::new(
        tokens,
        calendar::months(year, first, last, kind)?,
        is_relative,
    ))
}

/// First month of a season named in a form of time: winter begins in December of the year before.
fn season_month(context: &Context<'_>, at: usize) -> Option<u32> {
    let named: [(u32, &str); 4] = match context.language {
        Language::Ru => [
            (3, "весной весною"),
            (6, "летом"),
            (9, "осенью"),
            (12, "зимой зимою"),
        ],
        Language::Kk => [
            (3, "көктемде көктемінде көктемгі"),
            (6, "жазда жазында жазғы"),
            (9, "күзде күзінде"),
            (12, "қыста қысында"),
        ],
        Language::En => [(3, "spring"), (6, "summer"), (9, "autumn"), (12, "winter")],
    };
    named
        .into_iter()
        .find(|(_, words)| context.is(at, words))
        .map(|(month, _)| month)
}

/// «летом 2025 года», «прошлой зимой», «2025 жылдың күзінде», «өткен қыста», "last winter", "in the summer of 2025".
fn season(context: &Context<'_>, at: usize) -> Option<Found> {
    let written = context.written?;
    let adjective = if context.is(
        at,
        "прошлой прошлым прошедшей минувшей минувшим last өткен былтырғы",
    ) {
        Some(1)
    } else if context.is(at, "этой этим нынешней нынешним this биылғы осы")
    {
        Some(0)
    } else {
        None
    };
    let season_at = at + usize::from(adjective.is_some());
    let month = season_month(context, season_at)?;
    if context.language == Language::En && adjective.is_none() {
        let (year, end) = shapes::year_after(context, season_at + 1);
        return of_year(at..end, month, year?);
    }
    if context.language != Language::Kk {
        let (year, end) = shapes::year_after(context, season_at + 1);
        if let Some(year) = year {
            return of_year(at..end, month, year);
        }
    }
    // The latest that had begun; "last summer" said in summer is that of the year before.
    let begun = |year: i32| start(year, month).is_some_and(|start| start <= written);
    let mut year = written.year() + 1;
    while !begun(year) && year > written.year() - 2 {
        year -= 1;
    }
    if adjective == Some(1) && season_span(year, month)?.end > written {
        year -= 1;
    }
    let mut found = of_year(at..season_at + 1, month, year)?;
    found.is_relative = true;
    Some(found)
}

/// Inside a Kazakh year: «2025 жылдың күзінде».
pub fn inside_year(context: &Context<'_>, at: usize, year: i32) -> Option<Found> {
    let month = season_month(context, at)?;
    of_year(at..at + 1, month, year)
}

fn of_year(tokens: std::ops::Range<usize>, month: u32, year: i32) -> Option<Found> {
    // «зимой 2025 года» may mean either winter of that year.
    let mut found = Found::new(tokens, season_span(year, month)?, false);
    if month == 12 {
        found.alternatives = season_span(year + 1, month).into_iter().collect();
    }
    Some(found)
}

/// First day of a season by the year in which it is mostly: winter 2026 begins in December 2025.
fn start(year: i32, month: u32) -> Option<NaiveDate> {
    calendar::day(year - i32::from(month == 12), month, 1)
}

fn season_span(year: i32, month: u32) -> Option<Period> {
    let start = start(year, month)?;
    let end = start.checked_add_months(Months::new(3))?;
    Some(calendar::period(start, end, PeriodKind::Span))
}

/// «два года назад», «үш жыл бұрын», "two years ago": that calendar year.
fn ago(context: &Context<'_>, at: usize) -> Option<Found> {
    let written = context.written?;
    let count = numbers::small(context.tokens.get(at)?, context.language).filter(|&n| n > 1)?;
    let is_ago = match context.language {
        Language::Ru => context.is(at + 1, "года лет") && context.is(at + 2, "назад"),
        Language::Kk => context.is(at + 1, "жыл") && context.is(at + 2, "бұрын"),
        Language::En => context.is(at + 1, "years") && context.is(at + 2, "ago earlier"),
    };
    if !is_ago {
        return None;
    }
    let year = calendar::year(written.year() - i32::try_from(count).ok()?)?;
    Some(Found::new(at..at + 3, year, true))
}
