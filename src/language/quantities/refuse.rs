//! Turns away numbers that count nothing: ordinals, times, telephones, routes, articles of law, list numbers, names of things.

use rust_decimal::Decimal;

use super::super::numbers::{Number, NumberKind};
use super::super::{Language, TokenKind};
use super::{Context, Dimension, Draft};

/// Words before a number that make it a designation.
const BEFORE: &str = " № no nos № # статья статьи статье статью статьей статьям ст ч часть части частью частям п пп пункт пункта пункту пункте пунктом подпункт подпункта номер номера номеру номером тел телефон телефона телефону article articles part paragraph section chapter clause phone hotline number route bus channel канал канале канала маршрут маршрута маршрутах маршруту каб кабинет кабинете дом дома доме д кв квартира квартиры корпус строение школа школы школе школу гимназия лицей форма формы форме form page стр страница глава главы приложение приложения код кода code версия version gmt utc бап тармақ нөмірі нөмір үй мектеп ";
/// Kazakh words after a number that make it a designation.
const AFTER_KAZAKH: &str = "бап баб тармақ тармағ бөлік бөлім бөліг сынып нысан мектеп мектеб үй шағынаудан маршрут автобус пойыз нөмір телефон канал арна";

/// Whether a number is no quantity.
pub fn is_refused(context: &Context<'_>, number: &Number) -> bool {
    let (start, end) = (number.tokens.start, number.tokens.end);
    if number.kind == NumberKind::Ordinal {
        return true;
    }
    is_named_year(context, number)
        || is_lone_one(context, number)
        || is_designation(context, start, end)
        || is_time_of_day(context, start, end)
        || is_glued_code(context, start, end)
        || is_list_number(context, start, end)
        || is_telephone(context, start)
        || is_identifier(context, start, end)
        || is_idiom(context, number)
}

/// "the 1996 Games": a year that names an event.
fn is_named_year(context: &Context<'_>, number: &Number) -> bool {
    let (start, end) = (number.tokens.start, number.tokens.end);
    let token = &context.tokens[start];
    let year = end - start == 1
        && token.span.len() == 4
        && (Decimal::from(1900)..Decimal::from(2100)).contains(&number.value());
    context.language == Language::En
        && year
        && start > 0
        && context.is(start - 1, "the")
        && context.is_word(end)
}

/// «один», «бір», "one" are articles and pronouns more often than counts; a count says what it counts.
fn is_lone_one(context: &Context<'_>, number: &Number) -> bool {
    let (start, end) = (number.tokens.start, number.tokens.end);
    if number.value() != Decimal::ONE || !number.in_words || end - start > 1 {
        return false;
    }
    let counted = context.is(end, "человек человека человеку ребенок ребенка женщина мужчина раз случай факт дело погибший пострадавший person people child man woman case death million thousand адам адамның адамды адамға бала іс факт оқиға рет");
    // «бір-екі», «один-два»: the low end of a range.
    if context.is_dash(end)
        && context.is_glued(end)
        && context
            .tokens
            .get(end + 1)
            .is_some_and(|next| super::super::numbers::small(next, context.language).is_some())
    {
        return false;
    }
    let lead = start > 0
        && context.is(
            start - 1,
            "только лишь всего at only just least ғана не бар-жоғы",
        );
    match context.language {
        Language::Kk => !counted,
        Language::Ru => !(counted || (lead && context.is_word(end) && !context.is(end, "из"))),
        Language::En => !(counted || (lead && context.is_word(end) && !context.is(end, "of"))),
    }
}

fn is_designation(context: &Context<'_>, start: usize, end: usize) -> bool {
    let mut before = start.checked_sub(1);
    // «ст. 274», «№ 92 и № 121», «статьям 188, 190».
    if let Some(at) = before.filter(|&at| context.is(at, ".") && context.is_glued(at)) {
        before = at.checked_sub(1);
    }
    let named = before.is_some_and(|at| {
        let lower = context.lower(at);
        !lower.is_empty()
            && BEFORE.split(' ').any(|word| word == lower)
            && !(context.is(at, "дома доме школы школе дом")
                && context.is_word(end)
                && !context.is(end, "по на в во и"))
    });
    let kazakh_after = context.language == Language::Kk
        && ((context.is_dash(end)
            && context.starts(end + 1, AFTER_KAZAKH)
            && context.is_glued(end + 1))
            || context.starts(
                end,
                "баптың бабы бабының бабына бабымен бөлігі тармағы тармағының",
            ));
    let adjective = context.is_dash(end)
        && context.is_glued(end)
        && context.is_glued(end + 1)
        && context.is_word(end + 1)
        && !is_age_compound(context, end);
    let digits = context.tokens[start].kind == TokenKind::Number && end - start == 1;
    (named && digits) || kazakh_after || (adjective && digits)
}

/// «12-летний», "12-year-old" are ages; «12-комнатный» describes a thing.
fn is_age_compound(context: &Context<'_>, end: usize) -> bool {
    context.starts(
        end + 1,
        "летн year лет жасар жастағы day month hour дневн fold процент percent",
    )
}

/// «в 10 часов утра», «сағат 10-да», "at 10 a.m.".
fn is_time_of_day(context: &Context<'_>, start: usize, end: usize) -> bool {
    let near = |words: &str| start > 0 && context.is(start - 1, words);
    match context.language {
        Language::Ru => {
            context.is(end, "часов часа час")
                && (near("в к с до около после")
                    && (context.is(end + 1, "утра вечера дня ночи")
                        || (near("в к") && !context.is_word(end + 1))
                        || near("после")))
        }
        Language::Kk => near("сағат"),
        Language::En => {
            (context.is(end, "a p") && context.is(end + 1, ". m"))
                || context.is(end, "am pm o'clock")
        }
    }
}

/// «Жомарт-2», «COVID-19», «Су-30», «А4», «12/34»: digits grown to a word are a name.
fn is_glued_code(context: &Context<'_>, start: usize, end: usize) -> bool {
    let digits = context.tokens[start].kind == TokenKind::Number;
    if !digits || start == 0 {
        return digits && context.is(end, "/") && context.is_glued(end);
    }
    let hyphened = start >= 2
        && context.is_dash(start - 1)
        && context.is_glued(start)
        && context.is_glued(start - 1)
        && context.tokens[start - 2].kind == TokenKind::Word;
    let lettered = context.is_glued(start) && context.is_word(start - 1);
    let slashed = (context.is(start - 1, "/") && context.is_glued(start))
        || (context.is(end, "/") && context.is_glued(end));
    let negative = context.is(start - 1, "+")
        && context.is_glued(start)
        && context.tokens[start].lower.len() > 4;
    hyphened || lettered || slashed || negative
}

/// «1) …», «2. …» at the head of a sentence.
fn is_list_number(context: &Context<'_>, start: usize, end: usize) -> bool {
    let begins = start == 0 || context.is(start - 1, "; :");
    let closes =
        context.is(end, ")") || (start == 0 && context.is(end, ".") && context.tokens.len() > 2);
    let opened = context.tokens[..start]
        .iter()
        .any(|token| token.lower == "(");
    begins
        && end - start == 1
        && context.tokens[start].kind == TokenKind::Number
        && closes
        && !opened
        && context.is_glued(end)
}

/// «+7 701 555 00 00», «8 (7172) 55-00-00»: eleven digits from 7 or 8 on, in groups.
fn is_telephone(context: &Context<'_>, start: usize) -> bool {
    const N_DIGITS: usize = 11;
    let is_digits = |at: usize| context.tokens[at].kind == TokenKind::Number;
    let belongs = |at: usize| {
        is_digits(at)
            && context.tokens[at]
                .lower
                .bytes()
                .all(|byte| byte.is_ascii_digit())
            || context.is(at, "+ ( ) - – ‑")
    };
    if !is_digits(start) {
        return false;
    }
    let first = (0..start)
        .rev()
        .take_while(|&at| belongs(at))
        .last()
        .unwrap_or(start);
    let end = (start..context.tokens.len())
        .find(|&at| !belongs(at))
        .unwrap_or(context.tokens.len());
    let digits: String = (first..end)
        .filter(|&at| is_digits(at))
        .map(|at| context.lower(at))
        .collect();
    let n_groups = (first..end).filter(|&at| is_digits(at)).count();
    digits.len() == N_DIGITS && n_groups >= 2 && digits.starts_with(['7', '8'])
}

/// Twelve digits without a space: the number of a person or a company (ИИН, БИН, ЖСН, БСН).
fn is_identifier(context: &Context<'_>, start: usize, end: usize) -> bool {
    end - start == 1
        && context.tokens[start].kind == TokenKind::Number
        && context.tokens[start].span.len() == 12
        && context.tokens[start].lower.len() == 12
}

/// Telephone numbers of services in the text: «по номеру 102», «звоните 112».
fn is_idiom(context: &Context<'_>, number: &Number) -> bool {
    let (start, end) = (number.tokens.start, number.tokens.end);
    let short = context.is(start, "101 102 103 104 109 111 112 115 1414 1424") && end - start == 1;
    let called = start > 0
        && context.starts(
            start - 1,
            "звон позвон набра набер номер служб линии линию центр арна қоңырау dial call hotline",
        )
        || context.starts(end, "нөмір арнас телефон");
    short && called
}

/// «на 100 тысяч населения», "per 10,000 people": the base of a rate is no figure of its own.
pub fn is_base_of_rate(context: &Context<'_>, draft: &Draft) -> bool {
    let (start, end) = (draft.tokens.start, draft.tokens.end);
    if !matches!(
        draft.quantity.unit.dimension,
        Dimension::Count | Dimension::Bare
    ) {
        return false;
    }
    let value = draft.quantity.best.value;
    let round = [1_000, 10_000, 100_000, 1_000_000]
        .iter()
        .any(|&power| value == Decimal::from(power));
    let before = start > 0 && context.is(start - 1, "на per");
    match context.language {
        Language::Ru => round && before && context.starts(end, "населени жител человек граждан"),
        Language::En => before && context.is(start - 1, "per"),
        Language::Kk => {
            round
                && context.starts(end, "тұрғынға халыққа адамға")
                && (end..end + 3).any(|at| context.starts(at, "шаққанда"))
        }
    }
}
