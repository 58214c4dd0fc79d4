//! Times told from the day of writing: this year, last month, yesterday, since the start of the year, the last 12 months, now.

use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::super::phrases::Phrases;
use super::super::{Language, numbers};
use super::calendar::{self, Unit};
use super::{Context, Found, Period, PeriodKind, months, shapes, tense};

/// A wording without numbers.
#[derive(Debug, Clone, Copy)]
enum Wording {
    /// So many days back.
    Day(u64),
    /// The calendar month so many back.
    Month(u32),
    /// The calendar week so many back.
    Week(u32),
    /// From 1 January to the day of writing.
    YearToDate,
    /// The year: calendar, or the last twelve months.
    AYear,
    /// The latest finished quarter.
    AQuarter,
    /// A day and a night.
    LastDay,
    /// At the time of writing.
    Now,
    /// One year before the period of the sentence.
    YearEarlier,
    /// The same period of the year before.
    SamePeriod,
}

static WORDINGS: LazyLock<Phrases<Wording>> = LazyLock::new(|| {
    use Wording::{
        AQuarter, AYear, Day, LastDay, Month, Now, SamePeriod, Week, YearEarlier, YearToDate,
    };
    Phrases::new(&[
        (Day(0), "сегодня;today;бүгін"),
        (Day(1), "вчера;накануне;yesterday;кеше"),
        (Day(2), "позавчера;алдыңғы күні"),
        (
            Month(0),
            "в этом месяце;в текущем месяце;this month;осы айда;ағымдағы айда",
        ),
        (
            Month(1),
            "в прошлом месяце;за прошлый месяц;прошлого месяца;last month;the previous month;өткен айда;өткен айдың",
        ),
        (Week(0), "на этой неделе;this week;осы аптада"),
        (
            Week(1),
            "на прошлой неделе;за прошлую неделю;last week;өткен аптада;өткен аптаның",
        ),
        (
            YearToDate,
            "с начала года;с начала текущего года;с начала этого года;с начала нынешнего года;since the start of the year;since the beginning of the year;since the start of this year;since the beginning of this year;year to date;so far this year;from the start of the year;жыл басынан бері;жыл басынан;биыл жыл басынан бері;жыл басынан бергі",
        ),
        (
            AYear,
            "за год;за весь год;over the year;in a year;over a year;within a year;бір жылда;бір жыл ішінде;жыл ішінде",
        ),
        (AQuarter, "за квартал;in the quarter;тоқсан ішінде;тоқсанда"),
        (
            LastDay,
            "за сутки;за прошедшие сутки;за минувшие сутки;за последние сутки;in the past 24 hours;over the past 24 hours;тәулік ішінде;өткен тәулікте;бір тәулікте",
        ),
        (
            Now,
            "сейчас;ныне;в настоящее время;на сегодняшний день;на данный момент;на сегодня;по состоянию на сегодня;к настоящему времени;к этому часу;на этот час;к данному часу;к этому времени;к текущему моменту;на текущий момент;now;by now;at this hour;as of now;by this hour;currently;at present;to date;at the moment;as of today;қазір;қазіргі таңда;қазіргі уақытта;бүгінгі күні;бүгінде;бүгінгі таңда;бүгінгі күнге дейін;қазірге дейін;осы уақытқа дейін;осы сағатқа;осы сағатта;дәл қазір;осы сәтке дейін",
        ),
        (
            YearEarlier,
            "годом ранее;годом раньше;год назад;a year earlier;a year before;a year ago;one year earlier;бір жыл бұрын;жыл бұрын;year on year;year-on-year;year over year;год к году;в годовом выражении;жылдық мәнде",
        ),
        (
            SamePeriod,
            "аналогичн* период* прошлого года;соответствующ* период* прошлого года;аналогичн* период* предыдущего года;соответствующ* период* предыдущего года;т* же период* прошлого года;т* же период*;т* же срок*;аналогичн* период* прошлогоднего;аппг;прошлогодн* период*;прошлогодн*;позапрошлогодн*;аналогичн* период*;соответствующ* период*;the same period last year;the same period of last year;the same period a year earlier;the same period of the previous year;the corresponding period last year;the same months last year;the same period;өткен жылдың сәйкес кезең*;былтырғы сәйкес кезең*;өткен жылдың осы кезең*;былтырғы осы кезең*;былтырдың осы кезең*;өткен жылғы сәйкес кезең*;өткен жылдың тиісті кезең*;былтырғы кезең*;сәйкес кезең*;өткен жылдың дәл осы кезең*;былтырғы дәл осы кезең*;өткен жылдың ұқсас кезең*;былтырғының осы кезең*;былтыр осы кезең*;былтыр дәл осы кезең*;былтыр сәйкес кезең*;былтыр осы уақыт*;былтырғы осы уақыт*;өткен жылы осы кезең*;өткен жылы дәл осы кезең*;өткен жылы сәйкес кезең*",
        ),
    ])
});

/// Reads the relative time that begins at token `at`; `None` without a day of writing.
pub fn read(context: &Context<'_>, at: usize) -> Option<Found> {
    let written = context.written?;
    if let Some(found) = last_units(context, at, written) {
        return Some(found);
    }
    if let Some((length, wording)) = WORDINGS.at(context.tokens, at) {
        let tokens = at..at + length;
        return wording_found(context, tokens, wording, written);
    }
    if let Some(found) = since(context, at, written) {
        return Some(found);
    }
    if let Some((back, length)) = shapes::relative_year(context, at) {
        return relative_year_found(context, at, back, length, written);
    }
    part_of_month(context, at, written).or_else(|| weekday(context, at, written))
}

/// «2023 жылдан бері», «с 2023 года» stay plain years; «с марта» runs to the day of writing.
fn since(context: &Context<'_>, at: usize, written: NaiveDate) -> Option<Found> {
    if !context.is(at, "с since") {
        return None;
    }
    let month = context.month(at + 1)?;
    if context.is(at + 2, "по до to until") || context.is_dash(at + 2) {
        return None;
    }
    let (named, end) = shapes::year_after(context, at + 2);
    let latest = written.year() - i32::from(month > written.month());
    let start = calendar::day(named.unwrap_or(latest), month, 1)?;
    // «с марта 2027 года» is of the future and has no end yet; it stays the month.
    if start > written {
        return None;
    }
    let best = calendar::period(start, calendar::next(written), PeriodKind::Span);
    Some(Found::new(at + 1..end, best, named.is_none()))
}

fn wording_found(
    context: &Context<'_>,
    tokens: std::ops::Range<usize>,
    wording: Wording,
    written: NaiveDate,
) -> Option<Found> {
    let start = tokens.start;
    let best = match wording {
        Wording::Day(back) => {
            calendar::one_day(written.checked_sub_days(Days::new(back))?, PeriodKind::Day)
        }
        Wording::Month(back) => month_back(written, back)?,
        Wording::Week(back) => week_back(written, back)?,
        Wording::YearToDate => calendar::year_to_date(written, 0)?,
        Wording::AYear => return a_year(context, tokens, written),
        Wording::AQuarter => latest_quarter(written)?,
        Wording::LastDay => calendar::rolling(written, 1, Unit::Day)?,
        Wording::Now => Period {
            kind: PeriodKind::Current,
            ..calendar::one_day(written, PeriodKind::Current)
        },
        Wording::YearEarlier | Wording::SamePeriod => {
            // Early in a year releases sum up the year before, and compare it with the one before that.
            let early = written.month() <= 2;
            let best = if early {
                calendar::year(written.year() - 2)?
            } else {
                calendar::year_to_date(written, 1)?
            };
            let mut found = Found::new(tokens, best, true);
            found.alternatives = calendar::year(written.year() - 1).into_iter().collect();
            found.is_comparison = true;
            return Some(found);
        }
    };
    // «сегодня» in a quotation or an idiom is still the day; «на сегодня» is handled by the longer wording.
    let _ = start;
    Some(Found::new(tokens, best, true))
}

fn month_back(written: NaiveDate, back: u32) -> Option<Period> {
    let month = written.checked_sub_months(Months::new(back))?;
    calendar::months(month.year(), month.month(), month.month(), PeriodKind::Span)
}

fn week_back(written: NaiveDate, back: u32) -> Option<Period> {
    let monday = written.checked_sub_days(Days::new(
        u64::from(written.weekday().num_days_from_monday()) + 7 * u64::from(back),
    ))?;
    Some(calendar::period(
        monday,
        monday.checked_add_days(Days::new(7))?,
        PeriodKind::Span,
    ))
}

fn latest_quarter(written: NaiveDate) -> Option<Period> {
    let finished = (written.month() - 1) / 3;
    let (year, quarter) = if finished == 0 {
        (written.year() - 1, 4)
    } else {
        (written.year(), finished)
    };
    let kind = if quarter == 1 {
        PeriodKind::Cumulative
    } else {
        PeriodKind::Span
    };
    calendar::months(year, quarter * 3 - 2, quarter * 3, kind)
}

/// «за год»: the last finished calendar year early in the year, or the last twelve months.
fn a_year(
    context: &Context<'_>,
    tokens: std::ops::Range<usize>,
    written: NaiveDate,
) -> Option<Found> {
    let (start, end) = (tokens.start, tokens.end);
    let last = calendar::year(written.year() - 1)?;
    let rolling = calendar::rolling(written, 12, Unit::Month)?;
    let mut found = Found::new(tokens, last, true);
    found.alternatives = vec![rolling];
    // A rise or fall «за год» compares with the year before: the span is of the change, not of the level.
    found.is_comparison = changes(context, start, end);
    Some(found)
}

/// Whether a change is told right beside the mention.
fn changes(context: &Context<'_>, start: usize, end: usize) -> bool {
    let near = start.saturating_sub(3)..(end + 4).min(context.tokens.len());
    context.tokens[near].iter().any(|token| {
        [
            "сниз",
            "вырос",
            "рост",
            "увелич",
            "сократ",
            "уменьш",
            "меньше",
            "больше",
            "fell",
            "rose",
            "increas",
            "decreas",
            "dropp",
            "азай",
            "өсті",
            "кемі",
            "төменде",
            "артты",
            "көбей",
        ]
        .iter()
        .any(|stem| token.lower.starts_with(stem))
    })
}

/// «в прошлом году», «биыл», "this year".
fn relative_year_found(
    context: &Context<'_>,
    at: usize,
    back: i32,
    length: usize,
    written: NaiveDate,
) -> Option<Found> {
    let tokens = at..at + length;
    if let Some(inner) = inner_of_year(context, at + length, written.year() - back) {
        return Some(Found {
            tokens: at..inner.tokens.end,
            is_relative: true,
            ..inner
        });
    }
    let year = calendar::year(written.year() - back)?;
    if back == 0 {
        let mut found = Found::new(tokens, calendar::year_to_date(written, 0)?, true);
        found.alternatives = vec![year];
        return Some(found);
    }
    Some(Found::new(tokens, year, true))
}

/// Kazakh says the month, the quarter or the count of months after «былтыр», «биыл», «өткен жылдың».
fn inner_of_year(context: &Context<'_>, at: usize, year: i32) -> Option<Found> {
    if context.language == Language::Kk {
        shapes::inside_year(context, at, Some(year))
    } else {
        None
    }
}

/// «последние 12 месяцев», «соңғы 3 жылда», "the past five years".
fn last_units(context: &Context<'_>, at: usize, written: NaiveDate) -> Option<Found> {
    if !(context.starts(at, "последн соңғы")
        || (context.is(at, "past last") && context.language == Language::En))
    {
        return None;
    }
    let count = context
        .tokens
        .get(at + 1)
        .and_then(|token| numbers::small(token, context.language));
    let unit_at = if count.is_some() { at + 2 } else { at + 1 };
    let unit = unit(context, unit_at)?;
    if count.is_none()
        && (context.language == Language::En
            || context.is(unit_at, "дни годы месяцы недели жылдары жылдарда"))
    {
        return None;
    }
    let best = calendar::rolling(written, count.unwrap_or(1), unit)?;
    Some(Found::new(at..unit_at + 1, best, true))
}

fn unit(context: &Context<'_>, at: usize) -> Option<Unit> {
    let stems: [(&str, Unit); 4] = match context.language {
        Language::Ru => [
            ("день дня дней сут", Unit::Day),
            ("недел", Unit::Week),
            ("месяц", Unit::Month),
            ("год лет", Unit::Year),
        ],
        Language::Kk => [
            ("күн тәулік", Unit::Day),
            ("апта", Unit::Week),
            ("ай", Unit::Month),
            ("жыл", Unit::Year),
        ],
        Language::En => [
            ("day", Unit::Day),
            ("week", Unit::Week),
            ("month", Unit::Month),
            ("year", Unit::Year),
        ],
    };
    stems
        .into_iter()
        .find(|(stems, _)| context.starts(at, stems))
        .map(|(_, unit)| unit)
}

/// «в середине мая», "mid-May", «мамырдың басында»: within the month.
fn part_of_month(context: &Context<'_>, at: usize, written: NaiveDate) -> Option<Found> {
    let rest = context.lower(at).strip_prefix("mid-")?;
    let month = months::month(rest, context.language)?;
    let year = if month <= written.month() {
        written.year()
    } else {
        written.year() - 1
    };
    let best = calendar::period(
        calendar::day(year, month, 10)?,
        calendar::day(year, month, 21)?,
        PeriodKind::Span,
    );
    Some(Found::new(at..at + 1, best, true))
}

/// The latest such weekday not after the day of writing.
fn weekday(context: &Context<'_>, at: usize, written: NaiveDate) -> Option<Found> {
    let wanted = months::weekday(context.lower(at), context.language)?;
    let placed = match context.language {
        Language::Ru => at > 0 && context.is(at - 1, "в во минувшую минувший прошлую прошлый прошедшую прошедший прошлой прошлого минувшего"),
        Language::En => at > 0 && context.is(at - 1, "on last"),
        Language::Kk => {
            context.starts(at + 1, "күн") || at > 0 && context.is(at - 1, "өткен")
        }
    };
    if !placed || tense::is_future(context) {
        return None;
    }
    let back = (written.weekday().num_days_from_monday() + 7 - wanted) % 7;
    let date = written.checked_sub_days(Days::new(u64::from(back)))?;
    let day_word = context.language == Language::Kk && context.starts(at + 1, "күн");
    let length = 1 + usize::from(day_word);
    Some(Found::new(
        at..at + length,
        calendar::one_day(date, PeriodKind::Day),
        true,
    ))
}
