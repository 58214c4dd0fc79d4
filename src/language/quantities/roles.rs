//! Tells what each number says: the level, the change by, the change to, the start of a change, a share; and which way it goes.
//!
//! The by/to table of the three languages: «на X» / «до X» / «с Y до X»; "by X" / "to X" / "from Y to X"; «X-ға өсті» /
//! «X-ға дейін өсті», «X-ға жетті» / «Y-дан X-ға». Where Kazakh leaves "by" and "to" apart by a single word, both are kept.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::kazakh::Ending;
use super::super::phrases::Phrases;
use super::super::{Language, Token};
use super::{Context, Dimension, Direction, Draft, Mode, Role};

static RUSSIAN: LazyLock<Phrases<Direction>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            Direction::Up,
            "вырос*;выраст*;возрос;возросл*;возрастает;возрастают;возрастал*;увелич*;повыс*;повыш*;подскоч*;прирост*;прибав*;рост;роста;росту;ростом;росте;поднял*;подним*;больше;выше;чаще;превыша*;подорожа*;участил*;растет;растут;росли;рос;росла;умнож*",
        ),
        (
            Direction::Down,
            "сниз*;сниж*;уменьш*;сократ*;сокращ*;упал*;упад*;падени*;падает;падают;убав*;убыл*;спад;спада;спаду;спадом;меньше;ниже;реже;подешев*;сбав*;просел*;пошл* на убыль",
        ),
        (
            Direction::Flat,
            "не измен*;остал* на прежнем уровне;остал* на уровне;осталось прежним;без изменений;стабильн*",
        ),
    ])
});

static ENGLISH: LazyLock<Phrases<Direction>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            Direction::Up,
            "rose;rise;rises;risen;rising;grew;grow;grows;grown;growing;growth;increas*;climb*;jump*;surg*;soar*;gain*;up;higher;more;went up;doubled;tripled;larger;greater;upturn;uptick",
        ),
        (
            Direction::Down,
            "fell;fall;falls;fallen;falling;drop*;declin*;decreas*;reduc*;down;lower;lowered;fewer;less;shrank;shrunk;shrink*;dipped;plung*;plummet*;slid;slump*;went down;cut;halved;downturn;smaller",
        ),
        (
            Direction::Flat,
            "unchanged;did not change;remained at;stayed at;stable;flat",
        ),
    ])
});

static KAZAKH: LazyLock<Phrases<Direction>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            Direction::Up,
            "өсті;өсіп;өскен*;өседі;өсу*;өссе;өсім*;өспек;өсуде;арт*ты;артты;артқан*;артып;артады;артуы*;арттыр*;көбей*;ұлғай*;жоғарыла*;көтеріл*;еселен*;молай*;жиіле*",
        ),
        (
            Direction::Down,
            "азай*;кемі*;кеме*;кему*;төменде*;қысқар*;сирей*;сиреді;сиреген;түсіп;түсті;түскен;құлды*;төмен түсті",
        ),
        (
            Direction::Flat,
            "өзгерген жоқ;өзгермеді;өзгеріссіз;өзгермеген",
        ),
    ])
});

static KAZAKH_COMPARATIVES: LazyLock<Phrases<Direction>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            Direction::Up,
            "көп;артық;жоғары;көбірек;асты;асып түсті;көбі;жиі",
        ),
        (Direction::Down, "аз;кем;төмен;азырақ;сирек;кеміді"),
    ])
});

/// A word of change.
#[derive(Debug, Clone)]
struct Change {
    tokens: Range<usize>,
    direction: Direction,
}

/// The words of change in a sentence, with the byte range of each: for statements without a number.
pub fn directions(tokens: &[Token], language: Language) -> Vec<(Range<usize>, Direction)> {
    changes(tokens, language)
        .into_iter()
        .map(|change| {
            (
                tokens[change.tokens.start].span.start..tokens[change.tokens.end - 1].span.end,
                change.direction,
            )
        })
        .collect()
}

fn changes(tokens: &[Token], language: Language) -> Vec<Change> {
    let table = match language {
        Language::Ru => &RUSSIAN,
        Language::En => &ENGLISH,
        Language::Kk => &KAZAKH,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match table
            .at(tokens, at)
            .filter(|_| language != Language::En || !is_particle(tokens, at))
        {
            Some((length, direction)) => {
                found.push(Change {
                    tokens: at..at + length,
                    direction,
                });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// "made up", "set up": up and down are words of change only beside a number or a form of "to be".
fn is_particle(tokens: &[Token], at: usize) -> bool {
    if !matches!(tokens[at].lower.as_str(), "up" | "down") {
        return false;
    }
    let follows = tokens.get(at + 1).is_some_and(|next| {
        matches!(
            next.lower.as_str(),
            "by" | "from"
                | "compared"
                | "on"
                | "about"
                | "around"
                | "almost"
                | "nearly"
                | "some"
                | "more"
        ) || next.kind == super::TokenKind::Number
            || super::numbers::small(next, Language::En).is_some()
    });
    let before = at
        .checked_sub(1)
        .map_or("", |before| tokens[before].lower.as_str());
    let is_verb = matches!(
        before,
        "made"
            | "make"
            | "makes"
            | "making"
            | "set"
            | "sum"
            | "sums"
            | "took"
            | "takes"
            | "picked"
            | "broke"
            | "shut"
            | "put"
            | "built"
            | "rounded"
            | "turned"
    );
    let is_state = matches!(
        before,
        "is" | "are" | "was" | "were" | "went" | "goes" | ","
    );
    is_verb || !(follows || is_state)
}

/// Whether a Kazakh word is a verb of change.
pub fn is_kazakh_change(lower: &str) -> bool {
    const STEMS: [&str; 13] = [
        "өсті",
        "өсіп",
        "өске",
        "артты",
        "артқ",
        "артып",
        "көбей",
        "ұлғай",
        "азай",
        "кемі",
        "төменде",
        "қысқар",
        "жетті",
    ];
    STEMS.iter().any(|stem| lower.starts_with(stem))
}

/// Gives every draft its role and direction.
pub fn assign(context: &Context<'_>, drafts: &mut [Draft]) {
    let mut found = changes(context.tokens, context.language);
    // «больше четырёхсот», "more than 500": a hedge is no change.
    found.retain(|change| {
        !drafts
            .iter()
            .any(|draft| (draft.from..draft.tokens.start).contains(&change.tokens.start))
    });
    for index in 0..drafts.len() {
        match context.language {
            Language::Ru => russian(context, &found, drafts, index),
            Language::En => english(context, &found, drafts, index),
            Language::Kk => kazakh(context, &found, drafts, index),
        }
    }
    for draft in drafts.iter_mut() {
        starts_beside_comparison(context, draft);
        if matches!(
            draft.quantity.unit.dimension,
            Dimension::Percent | Dimension::Fraction
        ) && draft.quantity.role == Role::Level
        {
            draft.quantity.role = Role::Share;
        }
    }
}

fn set(context: &Context<'_>, draft: &mut Draft, role: Role, change: Option<&Change>) {
    draft.quantity.role = if draft.quantity.unit.dimension == Dimension::Times {
        Role::Ratio
    } else {
        role
    };
    if let Some(change) = change {
        draft.quantity.direction = Some(change.direction);
        draft.quantity.direction_span = Some(
            context.tokens[change.tokens.start].span.start
                ..context.tokens[change.tokens.end - 1].span.end,
        );
    }
}

/// Marks where a clause ends for the search of a word of change.
fn is_break(context: &Context<'_>, at: usize, comma_breaks: bool) -> bool {
    context.is(at, "; . : ! ?") || (comma_breaks && context.is(at, ", ( )"))
}

/// The nearest word of change before token `at`.
fn before<'c>(
    context: &Context<'_>,
    found: &'c [Change],
    at: usize,
    comma_breaks: bool,
) -> Option<&'c Change> {
    let from = (0..at)
        .rev()
        .take(25)
        .take_while(|&n| !is_break(context, n, comma_breaks))
        .last()?;
    found
        .iter()
        .rev()
        .find(|change| change.tokens.end <= at && change.tokens.start >= from)
}

/// The nearest word of change after token `at`, within the clause.
fn after<'c>(
    context: &Context<'_>,
    found: &'c [Change],
    at: usize,
    reach: usize,
) -> Option<&'c Change> {
    let last = (at..context.tokens.len())
        .take(reach)
        .take_while(|&n| !is_break(context, n, true))
        .last()?;
    found
        .iter()
        .find(|change| change.tokens.start >= at && change.tokens.start <= last)
}

/// The preposition of a number, before it or before its hedge.
fn preposition<'t>(context: &'t Context<'_>, draft: &Draft, words: &str) -> Option<&'t str> {
    [draft.tokens.start, draft.from]
        .into_iter()
        .filter_map(|at| at.checked_sub(1))
        .chain(std::iter::once(draft.from))
        .find(|&at| at < draft.tokens.start && context.is(at, words))
        .map(|at| context.lower(at))
}

fn same_kind(a: &Draft, b: &Draft) -> bool {
    let (a, b) = (&a.quantity.unit.dimension, &b.quantity.unit.dimension);
    let loose = |dimension: &Dimension| matches!(dimension, Dimension::Bare | Dimension::Count);
    a == b || loose(a) || loose(b)
}

fn russian(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
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
            set(context, &mut drafts[index], Role::Start, None)
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

/// Whether the draft before is already part of a change, in the same breath.
fn chained(drafts: &[Draft], index: usize) -> bool {
    index > 0
        && matches!(
            drafts[index - 1].quantity.role,
            Role::ChangeBy | Role::ChangeTo | Role::Start
        )
        && drafts[index].tokens.start - drafts[index - 1].tokens.end < 8
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

fn english(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
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
            if to || behind {
                set(context, &mut drafts[index], Role::Start, wide);
            } else if wide.is_some_and(|change| !context.is(change.tokens.start, "more less up")) {
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
        Some("against") => set(context, &mut drafts[index], Role::Start, None),
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

fn kazakh(context: &Context<'_>, found: &[Change], drafts: &mut [Draft], index: usize) {
    let after_token = drafts[index].after;
    let next = kazakh_next(context, found, drafts, index);
    let reached = (after_token..after_token + 2)
        .any(|at| context.starts(at, "жетті жетіп жеткен жетеді жеткіз"))
        && !context.starts(after_token, "дейін");
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
                // «… өсті – 1 067-ден 1 091-ге дейін»: the verb stands before the dash.
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
        // «487-ге азайды» is "by" in the grammar; some writers mean "to", and only then without a unit of share.
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

/// A level told for the period compared with is where the change started: «(годом ранее – 55 540)», "487 a year earlier".
fn starts_beside_comparison(context: &Context<'_>, draft: &mut Draft) {
    if draft.quantity.role != Role::Level || context.compared.is_empty() {
        return;
    }
    let end_of_noun = (draft.tokens.end..draft.tokens.end + 4)
        .take_while(|&at| context.is_word(at) && !context.in_compared(at))
        .last()
        .map_or(draft.tokens.end, |at| at + 1);
    let follows = (draft.tokens.end..=end_of_noun).any(|at| context.begins_compared(at))
        && !(draft.tokens.end..end_of_noun).any(|at| context.is(at, "than чем"));
    let skipped = (0..draft.from).rev().take_while(|&at| context.is(at, "– — - : ( салыстырғанда қарағанда было был была составлял составляло зарегистрировали they were was it болған болатын – ,")).last().unwrap_or(draft.from);
    let precedes = skipped > 0
        && context.in_compared(skipped - 1)
        && !context.is(draft.from.saturating_sub(1), ",");
    if follows || precedes {
        draft.quantity.role = Role::Start;
    }
}
