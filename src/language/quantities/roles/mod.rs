//! Tells what each number says: the level, the change by, the change to, the start of a change, a share; and which way it goes.
//!
//! The by/to table of the three languages: «на X» / «до X» / «с Y до X»; "by X" / "to X" / "from Y to X"; «X-ға өсті» /
//! «X-ға дейін өсті», «X-ға жетті» / «Y-дан X-ға». Where Kazakh leaves "by" and "to" apart by a single word, both are kept.

mod english;
mod kazakh;
mod russian;

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::LazyLock;

use super::super::phrases::Phrases;
use super::super::{Language, Token};
use super::{Context, Dimension, Direction, Draft, Role};

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
            "өсті;өсіпті;өсіп;өскен*;өседі;өсу*;өссе;өсім*;өспек;өсуде;арт*ты;артты;артқан*;артып;артыпты;артқаны;артады;артуы*;арттыр*;көбей*;ұлғай*;жоғарыла*;көтеріл*;еселен*;молай*;жиіле*;ұзар*;қымбатта*",
        ),
        (
            Direction::Down,
            "азай*;кемі*;кеме*;кему*;төменде*;қысқар*;арзанда*;сирей*;сиреді;сиреген;құлды*;төмен түсті;төмен түскен",
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
            Language::Ru => russian::assign(context, &found, drafts, index),
            Language::En => english::assign(context, &found, drafts, index),
            Language::Kk => kazakh::assign(context, &found, drafts, index),
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
    told_by_levels(drafts);
}

/// «91 пайыздан 87 пайызға түсті»: where the words of a change do not tell its direction, the two levels do.
fn told_by_levels(drafts: &mut [Draft]) {
    for index in 1..drafts.len() {
        let (from, to) = (&drafts[index - 1].quantity, &drafts[index].quantity);
        let is_change = from.role == Role::Start
            && to.role == Role::ChangeTo
            && from.unit.dimension == to.unit.dimension
            && to.direction.is_none();
        let direction = match to.best.value.cmp(&from.best.value) {
            Ordering::Greater => Direction::Up,
            Ordering::Less => Direction::Down,
            Ordering::Equal => Direction::Flat,
        };
        if is_change {
            drafts[index].quantity.direction = Some(direction);
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

/// Whether a draft counts something else than the one before it: no level of the same measure.
fn counts_others(drafts: &[Draft], index: usize) -> bool {
    let of = |draft: &Draft| draft.quantity.unit.of.clone();
    let before = index.checked_sub(1).and_then(|at| of(&drafts[at]));
    of(&drafts[index]).is_some_and(|counted| before != Some(counted))
}

fn same_kind(a: &Draft, b: &Draft) -> bool {
    let (a, b) = (&a.quantity.unit.dimension, &b.quantity.unit.dimension);
    let loose = |dimension: &Dimension| matches!(dimension, Dimension::Bare | Dimension::Count);
    a == b || loose(a) || loose(b)
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

/// A level told for the period compared with is where the change started: «(годом ранее – 3 310)», "331 a year earlier".
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
    let skipped = (0..draft.from).rev().take_while(|&at| context.is(at, "– — - : ( салыстырғанда қарағанда было был была составлял составляло зарегистрировали they were was it болған болатын – , бұл көрсеткіш көрсеткіші этот показатель показателя this the figure")).last().unwrap_or(draft.from);
    let precedes = skipped > 0
        && context.in_compared(skipped - 1)
        && !context.is(draft.from.saturating_sub(1), ",");
    if follows || precedes {
        draft.quantity.role = Role::Start;
    }
}
