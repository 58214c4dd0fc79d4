//! Reads what a number counts or measures: signs, currencies, measures, ages, or the noun that follows.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::super::kazakh::{self, Ending};
use super::super::numbers::{Number, NumberKind};
use super::super::phrases::Phrases;
use super::super::{ConceptKind, Language};
use super::{Context, Dimension, Reading, Unit};

/// A unit of measure with its factor to the canonical one.
#[derive(Debug, Clone, Copy)]
enum Measure {
    Percent,
    PercentPoints,
    Money(&'static str),
    Times,
    /// Metres, times ten to the power.
    Length(i64),
    /// Square metres.
    Area(i64),
    /// Grams.
    Grams(i64),
    /// Litres.
    Litres(i64),
    /// Seconds.
    Seconds(i64),
    Age,
    Temperature,
    Index,
    /// Occurrences: «988 раз», «33 рет».
    Occurrences,
}

const DAY: i64 = 86_400;
/// A month of thirty days, as terms of law count it.
const MONTH: i64 = 30 * DAY;
/// A year of twelve such months and five days.
const YEAR: i64 = 365 * DAY;

static MEASURES: LazyLock<Phrases<Measure>> = LazyLock::new(|| {
    use Measure::{
        Age, Area, Grams, Index, Length, Litres, Money, Occurrences, Percent, PercentPoints,
        Seconds, Temperature, Times,
    };
    Phrases::new(&[
        (
            PercentPoints,
            "п . п .;п . п;п.п;процентн* пункт*;% пункт*;percentage point*;percent point*;pp;p . p .;пайыздық тармақ*;пайыздық пункт*;пайыз тармақ*",
        ),
        (
            Percent,
            "%;процент;процента;проценту;процентом;проценте;проценты;процентов;процентам;процентами;процентах;проц;percent;per cent;pct;пайыз*;процентке;процентті",
        ),
        (
            Money("KZT"),
            "тенге;тг;₸;kzt;tenge;теңге*;тенгені;тенгеге;тенгеден",
        ),
        (Money("USD"), "$;доллар*;dollar;dollars;usd;us dollars;us $"),
        (Money("EUR"), "€;евро;euro;euros;eur;еуро*"),
        (Money("RUB"), "₽;рубл*;руб;rub;rubles;roubles;ruble;rouble"),
        (Money("CNY"), "юан*;yuan;cny"),
        (Money("GBP"), "£;фунт* стерлинг*;gbp"),
        (
            Index,
            "мрп;аек*;mci;mcis;mrp;месячн* расчетн* показател*;айлық есептік көрсеткіш*;monthly calculation ind*",
        ),
        (
            Temperature,
            "°;° c;° с;градус* цельсия;градус*;degrees;degrees celsius",
        ),
        (Area(10_000), "га;гектар*;hectare*;ha"),
        (
            Area(1_000_000),
            "кв . км;кв км;квадратн* километр*;шаршы км;шаршы километр*;шаршы шақырым*;square kilomet*;sq km;км²;km²",
        ),
        (
            Area(1),
            "кв . м;кв м;квадратн* метр*;шаршы метр*;шаршы м;square met*;sq m;м²;m²;квадрат*",
        ),
        (Area(100), "сот*к;сотки;соток"),
        (
            Litres(1_000),
            "куб . м;куб м;куб . метр*;кубометр*;кубическ* метр*;текше метр*;текше м;cubic met*;м³;m³",
        ),
        (Litres(1), "литр*;л;litre*;liter*"),
        (Length(1_000), "км;километр*;km;kilomet*;шақырым*"),
        (
            Length(1),
            "метр;метра;метров;метрам;метрами;метре;м;metre;metres;meter;meters;метрге;метрден;метрді",
        ),
        (
            Grams(1_000_000),
            "тонна;тонны;тонн;тоннам;тоннами;тоннах;тонну;тоннаға;тоннадан;тоннаны;тоннасы;т;tonne;tonnes;tons;ton",
        ),
        (Grams(100_000), "центнер*;ц"),
        (
            Grams(1_000),
            "кг;килограмм*;килограм*;kg;kilogram*;kilo;kilos;келі*",
        ),
        (
            Grams(1),
            "г;гр;грамм;грамма;граммов;граммам;граммами;грамнан;грамды;граммға;gram;grams",
        ),
        (Seconds(1), "секунд*;second;seconds"),
        (Seconds(60), "минут*;мин;minute;minutes"),
        (
            Seconds(3_600),
            "час;часа;часов;часам;часами;часах;сағат*;hour;hours",
        ),
        (
            Seconds(DAY),
            "день;дня;дней;дням;днями;днях;сутки;суток;суткам;day;days;күн;күні;күнге;күннен;күндік;күнде;күнді;тәулік*",
        ),
        (
            Seconds(7 * DAY),
            "недел*;week;weeks;апта;аптаға;аптадан;апталық;аптада",
        ),
        (
            Seconds(MONTH),
            "месяц;месяца;месяцев;месяцам;месяцами;мес;month;months;ай;айға;айдан;айлық",
        ),
        (
            Seconds(YEAR),
            "год;года;лет;годам;годами;годов;year;years;жыл;жылға;жылдан;жылдық;жылды",
        ),
        (
            Age,
            "- летн*;-летн*;летн*;- year - old;- year-old;-year-old;- years - old;year - old;- year-olds;- year - olds;years old;years of age;жасар*;жас;жастағы;жаста;жасқа;жасқа дейінгі;жасында;жасындағы;жастан;жасты;- жасар*;- жастағы",
        ),
        (Times, "есе*;fold;- fold;-fold"),
        (Occurrences, "рет;рет*"),
    ])
});

/// A unit as read, with the tokens it takes and its factor.
pub struct ReadUnit {
    /// What is measured.
    pub unit: Unit,
    /// First token of number or sign.
    pub start: usize,
    /// Token after the unit.
    pub end: usize,
    /// Kazakh ending of the unit word or sign; `None` when there is no unit word.
    pub ending: Option<Ending>,
    factor: Decimal,
    exact_fraction: bool,
}

impl ReadUnit {
    /// A reading in the canonical unit.
    pub fn scaled(&self, reading: &Reading) -> Reading {
        let times = |value: Decimal| value.checked_mul(self.factor).unwrap_or(value).normalize();
        Reading {
            value: times(reading.value),
            step: times(reading.step),
            step_zeros: times(reading.step_zeros),
            hi: reading.hi.map(times),
            has_decimals: reading.has_decimals,
        }
    }
}

/// Reads the unit of a number.
pub fn read(context: &Context<'_>, number: &Number) -> ReadUnit {
    let tokens = number.tokens.clone();
    let mut read = ReadUnit {
        unit: plain(Dimension::Bare),
        start: tokens.start,
        end: tokens.end,
        ending: None,
        factor: Decimal::ONE,
        exact_fraction: false,
    };
    if number.kind == NumberKind::Fraction || number.kind == NumberKind::Nth {
        read.unit.dimension = Dimension::Fraction;
        read.exact_fraction = true;
        count_noun(context, &mut read, number.kind == NumberKind::Vague);
        return read;
    }
    if let Some(before) = tokens
        .start
        .checked_sub(1)
        .filter(|&at| context.is(at, "$ € ₸ £ ₽ kzt usd eur"))
    {
        read.start = before;
        read.unit.dimension = Dimension::Money(currency_sign(context.lower(before)).to_owned());
        return read;
    }
    if number.kind == NumberKind::Collective {
        count_noun(context, &mut read, number.kind == NumberKind::Vague);
        if read.unit.of.is_none() {
            // «трое», «үшеу» without a noun are persons in all three languages.
            read.unit = Unit {
                dimension: Dimension::Count,
                of: Some("person".to_owned()),
                noun: read.unit.noun.take(),
            };
        }
        return read;
    }
    let at = past_excess(context, tokens.end);
    if let Some((length, measure)) = measure_at(context, at) {
        apply(context, &mut read, number, at + length, measure);
        return read;
    }
    count_noun(context, &mut read, number.kind == NumberKind::Vague);
    read
}

/// Where the unit of a number begins that «с лишним» parts from it.
pub(super) fn past_excess(context: &Context<'_>, at: usize) -> usize {
    let is_parted = context.is(at, "с") && context.is(at + 1, "лишним небольшим");
    at + if is_parted { 2 } else { 0 }
}

fn measure_at(context: &Context<'_>, at: usize) -> Option<(usize, Measure)> {
    let (length, measure) = MEASURES.at(context.tokens, at)?;
    // «с», «м» and «т» are also prepositions, initials and beginnings: as signs they stand alone.
    let letter = context.lower(at).chars().count() == 1 && context.is_word(at);
    let next_letter = context.is(at + length, ".")
        && context.is_word(at + length + 1)
        && context.is_glued(at + length + 1);
    // «в 90 г.» is a year; grams carry no stop unless the sentence ends with them.
    if context.is(at, "г гр") && context.is(at + 1, ".") && at + 2 < context.tokens.len() {
        return None;
    }
    if letter
        && (next_letter || context.language == Language::En)
        && !matches!(measure, Measure::PercentPoints)
    {
        return None;
    }
    Some((length, measure))
}

fn plain(dimension: Dimension) -> Unit {
    Unit {
        dimension,
        of: None,
        noun: None,
    }
}

fn currency_sign(sign: &str) -> &'static str {
    match sign {
        "$" | "usd" => "USD",
        "€" | "eur" => "EUR",
        "£" => "GBP",
        "₽" => "RUB",
        _ => "KZT",
    }
}

fn apply(
    context: &Context<'_>,
    read: &mut ReadUnit,
    number: &Number,
    end: usize,
    measure: Measure,
) {
    read.end = end;
    let last = &context.tokens[read.end - 1];
    read.ending = Some(word_ending(context, read.end - 1));
    let (dimension, factor) = match measure {
        Measure::Percent => (Dimension::Percent, Decimal::ONE),
        Measure::PercentPoints => (Dimension::PercentPoints, Decimal::ONE),
        Measure::Money(code) => (Dimension::Money(code.to_owned()), Decimal::ONE),
        Measure::Times => (Dimension::Times, Decimal::ONE),
        Measure::Length(metres) => (Dimension::Length, Decimal::from(metres)),
        Measure::Area(metres) => (Dimension::Area, Decimal::from(metres)),
        Measure::Grams(grams) => (Dimension::Mass, Decimal::new(grams, 3)),
        Measure::Litres(litres) => (Dimension::Volume, Decimal::new(litres, 3)),
        Measure::Seconds(seconds) if is_age(context, number, seconds) => {
            let _ = seconds;
            (Dimension::Age, Decimal::ONE)
        }
        Measure::Seconds(seconds) => (Dimension::Duration, Decimal::from(seconds)),
        Measure::Age => (Dimension::Age, Decimal::ONE),
        Measure::Temperature => (Dimension::Temperature, Decimal::ONE),
        Measure::Index => (Dimension::CalculationIndex, Decimal::ONE),
        Measure::Occurrences => (Dimension::Count, Decimal::ONE),
    };
    if dimension == Dimension::Count {
        read.unit.noun = Some(last.term.clone());
    }
    // «тыс. тонн»: a unit may be followed by the thing measured, which matters for counts only.
    read.unit.dimension = dimension;
    read.factor = factor;
}

/// «в возрасте 12 лет», "aged 12".
fn is_age(context: &Context<'_>, number: &Number, seconds: i64) -> bool {
    let start = number.tokens.start;
    seconds == YEAR
        && start > 0
        && (context.starts(start - 1, "возраст старше младше моложе")
            || (start > 1 && context.starts(start - 2, "возраст")))
}

fn word_ending(context: &Context<'_>, at: usize) -> Ending {
    let token = &context.tokens[at];
    if !token.ending.is_empty() {
        return kazakh::ending(&token.ending).unwrap_or(Ending::None);
    }
    if context.language != Language::Kk {
        return Ending::None;
    }
    case_of(&token.lower)
}

/// The case of a Kazakh noun by its last letters; `Ending::None` when it shows none.
pub fn case_of(lower: &str) -> Ending {
    const TABLE: [(&str, Ending); 6] = [
        ("ға ге қа ке на не", Ending::Dative),
        ("дан ден тан тен нан нен", Ending::Ablative),
        ("да де та те", Ending::Locative),
        ("ның нің дың дің тың тің", Ending::Genitive),
        ("мен бен пен", Ending::Instrumental),
        ("сы сі", Ending::Possessive),
    ];
    if lower.chars().count() < 4 || kazakh::stem(lower) == lower {
        return Ending::None;
    }
    TABLE
        .into_iter()
        .find(|(endings, _)| endings.split(' ').any(|ending| lower.ends_with(ending)))
        .map_or(Ending::None, |(_, case)| case)
}

/// Words after a number that are not what it counts.
const NOT_NOUNS: &str = " домой из в на с и по за до от к у о об для при против или а но что это году год года было были был из них не the of in on at and by to from for with than a an were was is are have had has been more less fewer or as after who that which people's per ға мен пен бен және да де дейін астам аса жуық ғана тек бойынша артық кем көп аз жетті болды құрады құрайды дейді өсті азайды қатысты кейін бұрын бері болып әрі не тең ";

/// Sets the count noun: the concept that starts right after the number, or within two more words of its noun phrase.
fn count_noun(context: &Context<'_>, read: &mut ReadUnit, is_vague: bool) {
    let mut at = read.end;
    if context.is(at, "of из") && context.language == Language::En && read.exact_fraction {
        at += 1;
        at += usize::from(context.is(at, "the all them these those"));
    }
    at += usize::from(context.is(at, ".") && context.is_glued(at));
    at = past_excess(context, at);
    // The Kazakh hedge stands between number and noun: «жүзден астам адам».
    at += usize::from(
        context.language == Language::Kk && context.is(at, "астам аса жуық артық таяу"),
    );
    // "dozens of houses", "thousands of people".
    at += usize::from(context.language == Language::En && is_vague && context.is(at, "of"));
    let mut noun = None;
    for n in at..at + 3 {
        if !context.is_word(n) || listed(context.lower(n)) {
            break;
        }
        let token = &context.tokens[n];
        noun.get_or_insert_with(|| token.term.clone());
        let concept = context.concepts.iter().find(|concept| {
            concept.span.start == token.span.start && matches!(concept.kind, ConceptKind::Measure)
        });
        if let Some(concept) = concept {
            read.unit.of = Some(concept.id.clone());
            noun = context
                .tokens
                .iter()
                .rev()
                .find(|token| {
                    token.span.end <= concept.span.end && token.span.start >= concept.span.start
                })
                .map(|token| token.term.clone());
            break;
        }
    }
    if noun.is_some() && read.unit.dimension == Dimension::Bare {
        read.unit.dimension = Dimension::Count;
    }
    read.unit.noun = noun;
}

fn listed(lower: &str) -> bool {
    NOT_NOUNS.split(' ').any(|word| word == lower)
}

/// Counts of things cannot be fractional: «1,245 преступлений» is whole.
pub fn drop_impossible(readings: &mut Vec<Reading>, unit: &Unit) {
    if unit.dimension != Dimension::Count || readings.len() < 2 {
        return;
    }
    if readings.iter().any(|reading| reading.value.is_integer()) {
        readings.retain(|reading| reading.value.is_integer());
    }
}
