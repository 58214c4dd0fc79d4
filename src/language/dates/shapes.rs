//! Dates and periods written out: days, months, quarters, half-years, so many months of a year, years.

use chrono::NaiveDate;

use super::super::{Language, TokenKind, numbers};
use super::{Context, Found, Period, PeriodKind, calendar, months, seasons, tense, years};

/// Reads the date or period that begins at token `at`.
pub fn read(context: &Context<'_>, text: &str, at: usize) -> Option<Found> {
    numeric(context, text, at)
        .or_else(|| year_first(context, at))
        .or_else(|| day_month(context, at))
        .or_else(|| quarter(context, at))
        .or_else(|| months_of_year(context, at))
        .or_else(|| month_span(context, at))
        .or_else(|| years::read(context, at))
}

/// «12.03.2026», «12.03.26», "2026-03-12".
fn numeric(context: &Context<'_>, text: &str, at: usize) -> Option<Found> {
    let token = context
        .tokens
        .get(at)
        .filter(|token| token.kind == TokenKind::Number)?;
    let parts: Vec<&str> = token.lower.split('.').collect();
    if let [d, m, y] = parts[..] {
        if d.len() > 2 || m.len() != 2 || !(y.len() == 4 || y.len() == 2) {
            return None;
        }
        let year: i32 = y.parse().ok()?;
        let date = calendar::day(
            if y.len() == 2 { 2000 + year } else { year },
            m.parse().ok()?,
            d.parse().ok()?,
        )?;
        return Some(Found::new(
            at..at + 1,
            instant_or_day(context, at, at + 1, date),
            false,
        ));
    }
    let year = context.year_digits(at)?;
    let adjacent = |n: usize| {
        context
            .tokens
            .get(n)
            .zip(context.tokens.get(n + 1))
            .is_some_and(|(a, b)| a.span.end == b.span.start)
    };
    let iso = (at..at + 4).all(adjacent)
        && text
            .get(token.span.end..)
            .is_some_and(|rest| rest.starts_with('-'));
    if iso && context.is_dash(at + 3) {
        let date = calendar::day(
            year,
            context.lower(at + 2).parse().ok()?,
            context.lower(at + 4).parse().ok()?,
        )?;
        return Some(Found::new(
            at..at + 5,
            calendar::one_day(date, PeriodKind::Day),
            false,
        ));
    }
    None
}

/// A value as of a day is told by «на», «по состоянию на», "as of", «жағдай бойынша».
fn instant_or_day(context: &Context<'_>, start: usize, end: usize, date: NaiveDate) -> Period {
    let kind = if is_as_of(context, start, end) {
        PeriodKind::Instant
    } else {
        PeriodKind::Day
    };
    calendar::one_day(date, kind)
}

fn is_as_of(context: &Context<'_>, start: usize, end: usize) -> bool {
    let before = start.checked_sub(1);
    match context.language {
        Language::Ru => before.is_some_and(|b| context.is(b, "на ко к")),
        Language::En => before.is_some_and(|b| {
            context.is(b, "of at by")
                && (context.is(b, "by") || start >= 2 && context.is(start - 2, "as"))
        }),
        Language::Kk => {
            (end..end + 3).any(|n| context.starts(n, "жағдай")) || context.starts(end, "қарай")
        }
    }
}

/// Kazakh puts the year first: «2026 жылғы 2 наурыз», «2025 жылғы қаңтар–қыркүйекте», «2025 жылдың тоғыз айында», «2025 жылы».
fn year_first(context: &Context<'_>, at: usize) -> Option<Found> {
    let year = context.year_digits(at)?;
    let relevant = context.language == Language::Kk && context.starts(at + 1, "жыл ж");
    if !relevant || !is_kazakh_year_word(context.lower(at + 1)) {
        return None;
    }
    let after = at + 2 + usize::from(context.is(at + 2, "."));
    if let Some(inner) = inside_year(context, after, Some(year)) {
        return Some(Found {
            tokens: at..inner.tokens.end,
            ..inner
        });
    }
    Some(Found::new(at..at + 2, calendar::year(year)?, false))
}

pub fn is_kazakh_year_word(lower: &str) -> bool {
    lower == "ж"
        || lower == "жж"
        || lower.strip_prefix("жыл").is_some_and(|tail| {
            super::super::kazakh::ending(tail).is_some() || tail.starts_with("ғы") || tail == "дары"
        })
}

/// A day, quarter, month or count of months after its year.
pub fn inside_year(context: &Context<'_>, at: usize, year: Option<i32>) -> Option<Found> {
    let start = skip(context, at, "бірінші алғашқы").max(at);
    day_month_of(context, at, year)
        .or_else(|| quarter_of(context, at, year))
        .or_else(|| months_count(context, start, year))
        .or_else(|| months_count(context, at, year))
        .or_else(|| month_span_of(context, at, year))
        .or_else(|| seasons::inside_year(context, at, year?))
}

fn skip(context: &Context<'_>, at: usize, words: &str) -> usize {
    at + usize::from(context.is(at, words))
}

fn day_month(context: &Context<'_>, at: usize) -> Option<Found> {
    day_month_of(context, at, None)
}

/// «2 марта [2026 года]», «1–5 марта», «с 1 по 5 марта», "March 2, 2026", "2 March", «2 наурыз».
fn day_month_of(context: &Context<'_>, at: usize, year: Option<i32>) -> Option<Found> {
    if context.language == Language::En
        && let Some(month) = context.month(at)
        && let first_at = at + 1 + usize::from(context.is(at + 1, "."))
        && let Some(day) = context.digits(first_at, 1, 31)
    {
        let (last, end) = english_last_day(context, first_at).unwrap_or((day, first_at + 1));
        let (year_written, end) = year_after(context, end);
        return days(context, at..end, (day, last), month, year.or(year_written));
    }
    // «Желтоқсанның 1-інен»: the month owns the day.
    if context.language == Language::Kk
        && let Some(month) = context.month(at)
        && context.tokens[at].lower.ends_with('ң')
        && let Some(day) = context.digits(at + 1, 1, 31)
        && context.tokens[at + 1].ending.starts_with(['і', 'ы', 'с'])
    {
        return days(context, at..at + 2, (day, day), month, year);
    }
    let day = context.digits(at, 1, 31)?;
    if context.tokens[at].span.len() > 2 {
        return None;
    }
    let (last, month_at) = last_day(context, at).unwrap_or((day, at + 1));
    let month_at =
        month_at + usize::from(context.language == Language::En && context.is(month_at, "of"));
    let month = context.month(month_at)?;
    let (year_written, end) = year_after(context, month_at + 1);
    days(context, at..end, (day, last), month, year.or(year_written))
}

fn english_last_day(context: &Context<'_>, at: usize) -> Option<(u32, usize)> {
    let last = context
        .digits(at + 2, 1, 31)
        .filter(|_| context.is_dash(at + 1) || context.is(at + 1, "to"))?;
    Some((last, at + 3))
}

/// The second day of a span of days: «1–5», «1 по 5», «1-нен 5-іне дейін».
fn last_day(context: &Context<'_>, at: usize) -> Option<(u32, usize)> {
    let joined = context.is_dash(at + 1)
        || context.is(at + 1, "по to и and мен және through")
        || context.is(at + 1, "до");
    if joined {
        return context.digits(at + 2, 1, 31).map(|last| (last, at + 3));
    }
    None
}

fn days(
    context: &Context<'_>,
    tokens: std::ops::Range<usize>,
    (first, last): (u32, u32),
    month: u32,
    year: Option<i32>,
) -> Option<Found> {
    let is_relative = year.is_none();
    let year = match (year, context.written) {
        (Some(year), _) => year,
        (None, Some(written)) => latest_day_year(context, &tokens, written, month, first)?,
        (None, None) => return None,
    };
    let start = calendar::day(year, month, first)?;
    let best = if last > first {
        calendar::period(
            start,
            calendar::next(calendar::day(year, month, last)?),
            PeriodKind::Span,
        )
    } else {
        instant_or_day(context, tokens.start, tokens.end, start)
    };
    Some(Found::new(tokens, best, is_relative))
}

/// The year of a day and month without one: the latest not after the day of writing, or the next where the future is meant.
fn latest_day_year(
    context: &Context<'_>,
    tokens: &std::ops::Range<usize>,
    written: NaiveDate,
    month: u32,
    day: u32,
) -> Option<i32> {
    use chrono::Datelike;
    let this = calendar::day(written.year(), month, day)?;
    let ahead = (this - written).num_days();
    // A notice of the coming days, or a deadline, is written without a year as well.
    let soon = ahead > 0
        && (ahead <= 60 || tense::is_future(context) || tense::is_deadline(context, tokens));
    Some(if ahead <= 0 || soon {
        written.year()
    } else {
        written.year() - 1
    })
}

/// «2026 года», «2026 г.», ", 2026", "of 2026" after a month or a quarter.
pub fn year_after(context: &Context<'_>, at: usize) -> (Option<i32>, usize) {
    if context.language == Language::Kk {
        // Kazakh names the year first; one that follows is the year compared with.
        return (None, at);
    }
    let mut year_at = at + usize::from(context.is(at, "of in , в"));
    if context.language == Language::Ru && context.is(at, ",") {
        year_at = at;
    }
    if let Some(year) = context.year_digits(year_at) {
        let word = context.starts(year_at + 1, "год г")
            && context.is(year_at + 1, "год года году годом годов г гг");
        let stop = word
            && context.is(year_at + 2, ".")
            && context.is(year_at + 1, "г гг")
            && year_at + 3 < context.tokens.len();
        return (
            Some(year),
            year_at + 1 + usize::from(word) + usize::from(stop),
        );
    }
    if let Some((years_back, length)) =
        relative_year(context, at + usize::from(context.is(at, "of in")))
    {
        use chrono::Datelike;
        let year = context.written.map(|written| written.year() - years_back);
        return (year, at + usize::from(context.is(at, "of in")) + length);
    }
    (None, at)
}

/// «прошлого года», «текущего года», "last year", «т.г.»: how many years back, and its length.
pub fn relative_year(context: &Context<'_>, at: usize) -> Option<(i32, usize)> {
    let year_word = |at: usize| {
        context.is(at, "год года году годом г year")
            || (context.language == Language::Kk && context.starts(at, "жыл"))
    };
    match context.language {
        Language::Ru if year_word(at + 1) => {
            let back = if context.starts(at, "прошл прошедш предыдущ минувш истекш")
            {
                1
            } else if context.starts(at, "позапрошл") {
                2
            } else if context.is(
                at,
                "этого этом этот текущего текущем текущий нынешнего нынешнем",
            ) {
                0
            } else if context.starts(at, "следующ будущ") {
                -1
            } else {
                return None;
            };
            Some((back, 2))
        }
        Language::En if year_word(at + 1) => {
            let back = if context.is(at, "last previous") {
                1
            } else if context.is(at, "this current") {
                0
            } else if context.is(at, "next") {
                -1
            } else {
                return None;
            };
            Some((back, 2))
        }
        Language::En
            if context.is(at, "the")
                && context.is(at + 1, "previous preceding past")
                && year_word(at + 2) =>
        {
            Some((1, 3))
        }
        Language::En
            if context.is(at, "the") && context.is(at + 1, "current") && year_word(at + 2) =>
        {
            Some((0, 3))
        }
        Language::Kk if context.starts(at, "былтыр") => Some((1, 1)),
        Language::Kk if context.starts(at, "биыл") => Some((0, 1)),
        Language::Kk if context.is(at, "өткен алдыңғы былтырғы") && year_word(at + 1) => {
            Some((1, 2))
        }
        Language::Kk if context.is(at, "осы ағымдағы") && year_word(at + 1) => {
            Some((0, 2))
        }
        Language::Kk if context.is(at, "келесі келер") && year_word(at + 1) => {
            Some((-1, 2))
        }
        _ => None,
    }
}

/// «I квартал», «первое полугодие», «II тоқсан», "first quarter", "Q1", each with or without a year.
fn quarter(context: &Context<'_>, at: usize) -> Option<Found> {
    quarter_of(context, at, None)
}

fn quarter_of(context: &Context<'_>, at: usize, year: Option<i32>) -> Option<Found> {
    let (number, after_number) = quarter_number(context, at)?;
    let (first, last, end) = quarter_word(context, at, number, after_number)?;
    let (year_written, end) = year_after(context, end);
    let year = year.or(year_written);
    let kind = if first == 1 {
        PeriodKind::Cumulative
    } else {
        PeriodKind::Span
    };
    fill_year(context, at..end, year, first, last, kind)
}

fn quarter_number(context: &Context<'_>, at: usize) -> Option<(u32, usize)> {
    let token = context.tokens.get(at)?;
    let roman = months::roman(&token.lower).map(|n| (n, at + 1));
    let ordinal = || numbers::ordinal(token, context.language).map(|n| (n, at + 1));
    let plain = || context.digits(at, 1, 4).map(|n| (n, at + 1));
    let q = || {
        (token.lower == "q")
            .then(|| context.digits(at + 1, 1, 4).map(|n| (n, at + 2)))
            .flatten()
    };
    let first =
        || (context.language == Language::Kk && token.lower == "алғашқы").then_some((1, at + 1));
    let (number, mut after) = roman
        .or_else(ordinal)
        .or_else(plain)
        .or_else(q)
        .or_else(first)?;
    after += usize::from(
        context.is_dash(after) && context.starts(after + 1, "квартал тоқсан жарты полугод"),
    );
    (1..=4).contains(&number).then_some((number, after))
}

/// First and last month, and where the expression ends.
fn quarter_word(
    context: &Context<'_>,
    at: usize,
    number: u32,
    after: usize,
) -> Option<(u32, u32, usize)> {
    let quarter = (number * 3 - 2, number * 3);
    let half = (number * 6 - 5, number * 6);
    let end = after + 1;
    match context.language {
        Language::Ru if context.starts(after, "квартал") => {
            Some((quarter.0, quarter.1, end))
        }
        Language::Ru if context.starts(after, "полугоди") && number < 3 => {
            Some((half.0, half.1, end))
        }
        Language::Kk if context.starts(after, "тоқсан") => Some((quarter.0, quarter.1, end)),
        Language::Kk if context.starts(after, "жартыжыл") && number < 3 => {
            Some((half.0, half.1, end))
        }
        Language::Kk
            if context.is(after, "жарты") && context.starts(after + 1, "жыл") && number < 3 =>
        {
            Some((half.0, half.1, end + 1))
        }
        Language::En if context.is(at, "q") => Some((quarter.0, quarter.1, after)),
        Language::En if context.is(after, "quarter") => Some((quarter.0, quarter.1, end)),
        Language::En if context.is(after, "half") && number < 3 => {
            let of_year = context.is(after + 1, "of")
                && context.is(after + 2, "the")
                && context.is(after + 3, "year");
            Some((half.0, half.1, if of_year { after + 4 } else { end }))
        }
        _ => None,
    }
}

/// «за 9 месяцев», «девять месяцев 2025 года», «тоғыз айда», "in nine months of 2025".
fn months_of_year(context: &Context<'_>, at: usize) -> Option<Found> {
    let counted = match context.language {
        Language::Ru => {
            at > 0
                && context.is(at - 1, "за в первые по итогам через")
                && !context.is(at - 1, "через")
        }
        Language::En => at > 0 && context.is(at - 1, "in over for first during within of the"),
        Language::Kk => true,
    };
    let found = months_count(context, at, None)?;
    // Without a year the count is of this year's months only after a preposition of time.
    if found.is_relative && !counted {
        None
    } else {
        Some(found)
    }
}

fn months_count(context: &Context<'_>, at: usize, year: Option<i32>) -> Option<Found> {
    let token = context.tokens.get(at)?;
    let count = numbers::small(token, context.language)?;
    let (word, end) = match context.language {
        Language::Kk if count == 10 && context.is(at + 1, "бір екі") => (at + 2, at + 3),
        _ => (at + 1, at + 2),
    };
    let count = if word == at + 2 {
        count + if context.is(at + 1, "бір") { 1 } else { 2 }
    } else {
        count
    };
    let is_month = match context.language {
        Language::Ru => context.is(word, "месяц месяца месяцев месяцам месяцами мес"),
        Language::En => context.is(word, "months month"),
        Language::Kk => kazakh_months_word(context, word, year.is_some()),
    };
    if !is_month || !(2..=12).contains(&count) {
        return None;
    }
    let (year_written, end) = year_after(context, end);
    let year = year.or(year_written);
    // «последние 12 месяцев» is read elsewhere.
    if at > 0 && context.starts(at - 1, "последн соңғы past last ближайш следующ next")
    {
        return None;
    }
    fill_year(
        context,
        at..end,
        year,
        1,
        count,
        if count == 12 {
            PeriodKind::Span
        } else {
            PeriodKind::Cumulative
        },
    )
}

/// «айда», «айында», «ай ішінде», «ай қорытындысы»; «ай» alone after a number is a duration unless a year stands before.
fn kazakh_months_word(context: &Context<'_>, at: usize, has_year: bool) -> bool {
    let locative = context.is(at, "айда айында айдағы айындағы айдың айының айға");
    let inside = context.is(at, "ай айы")
        && (has_year || context.starts(at + 1, "ішінде қорытынды бойынша"));
    locative || inside
}

/// «в марте», «март 2026 года», «январь–сентябрь», «с января по май», "January to April".
fn month_span(context: &Context<'_>, at: usize) -> Option<Found> {
    month_span_of(context, at, None)
}

fn month_span_of(context: &Context<'_>, at: usize, year: Option<i32>) -> Option<Found> {
    let first = context
        .month(at)
        .filter(|_| !is_english_verb(context, at))?;
    let (last, end) = last_month(context, at).unwrap_or((first, at + 1));
    // «март айында» says month twice.
    let end = end
        + usize::from(
            context.language == Language::Kk
                && context.is(
                    end,
                    "ай айы айында айындағы айының айынан айда айларында айлары",
                ),
        );
    let (year_written, end) = year_after(context, end);
    let year = year.or(year_written);
    let kind = if first == 1 && last > first {
        PeriodKind::Cumulative
    } else {
        PeriodKind::Span
    };
    if last < first {
        let year = year?;
        let (start, end_period) = (
            calendar::months(year - 1, first, first, kind)?,
            calendar::months(year, last, last, kind)?,
        );
        return Some(Found::new(
            at..end,
            calendar::period(start.start, end_period.end, PeriodKind::Span),
            false,
        ));
    }
    fill_year(context, at..end, year, first, last, kind)
}

/// "may" and "march" are verbs unless a preposition, a day or a year makes them months.
fn is_english_verb(context: &Context<'_>, at: usize) -> bool {
    context.language == Language::En
        && context.is(at, "may march mar")
        && !(at > 0 && context.is(at - 1, "in of since until by last this from to through and mid early late - – between during for") || context.year_digits(at + 1).is_some() || context.is_dash(at + 1))
}

fn last_month(context: &Context<'_>, at: usize) -> Option<(u32, usize)> {
    // «январь, февраль и март»: months that follow each other are one time.
    if context.is(at + 1, ",")
        && let (Some(this), Some(next)) = (context.month(at), context.month(at + 2))
        && next == this + 1
    {
        return Some(last_month(context, at + 2).unwrap_or((next, at + 3)));
    }
    let joined =
        context.is_dash(at + 1) || context.is(at + 1, "по to through и and мен және until till");
    let from = at > 0 && context.is(at - 1, "с from between");
    let until = context.is(at + 1, "до until") && from;
    if joined || until {
        let gap = usize::from(context.is(at + 2, "the"));
        return context.month(at + 2 + gap).map(|last| (last, at + 3 + gap));
    }
    let ablative = context.language == Language::Kk
        && ["нан", "нен", "дан", "ден", "тан", "тен"]
            .iter()
            .any(|ending| context.lower(at).ends_with(ending));
    if ablative {
        context
            .month(at + 1)
            .filter(|_| context.is(at + 2, "дейін дейінгі аралығында"))
            .map(|last| (last, at + 3))
    } else {
        None
    }
}

/// Fills in the year of months: the written one, or the latest that had ended by the day of writing.
fn fill_year(
    context: &Context<'_>,
    tokens: std::ops::Range<usize>,
    year: Option<i32>,
    first: u32,
    last: u32,
    kind: PeriodKind,
) -> Option<Found> {
    if let Some(year) = year {
        return Some(Found::new(
            tokens,
            calendar::months(year, first, last, kind)?,
            false,
        ));
    }
    let written = context.written?;
    let (year, other) = calendar::latest_year(written, first, last);
    let (year, other) = if tense::is_future(context) && first > chrono::Datelike::month(&written) {
        (chrono::Datelike::year(&written), Some(year))
    } else {
        (year, other)
    };
    let mut found = Found::new(tokens, calendar::months(year, first, last, kind)?, true);
    found.alternatives = other
        .and_then(|year| calendar::months(year, first, last, kind))
        .into_iter()
        .collect();
    Some(found)
}
