//! The number words of the three languages, in all their forms.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::Language;
use super::super::kazakh::{self, Ending};

/// Where a word stands in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Zero to nine.
    Unit,
    /// Ten to nineteen, where the language has one word for them.
    Teen,
    /// The tens.
    Tens,
    /// «двести»: hundreds in one word.
    Hundreds,
    /// «жүз», "hundred": multiplies what stands before.
    Hundred,
    /// «десяток», "dozen": a noun that counts in tens or dozens.
    Dozen,
    /// Thousand and up: closes a group.
    Magnitude,
    /// «полтора»: the value is in tenths.
    Half,
    /// «полмиллиона»: half of the value.
    HalfMagnitude,
}

/// How a number word is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// So many.
    Cardinal,
    /// In an order.
    Ordinal,
    /// So many together.
    Collective,
    /// Many of them.
    Vague,
}

/// A number word.
#[derive(Debug, Clone, Copy)]
pub struct NumberWord {
    /// Value.
    pub value: u64,
    /// Place in a number.
    pub class: Class,
    /// Use.
    pub form: Form,
    /// Kazakh ending.
    pub ending: Ending,
    /// Whether a full stop after it belongs to it.
    pub abbreviation: bool,
}

/// A magnitude written as a letter.
pub fn magnitude(value: u64) -> NumberWord {
    NumberWord {
        value,
        class: Class::Magnitude,
        form: Form::Cardinal,
        ending: Ending::None,
        abbreviation: false,
    }
}

/// The number word of a lower-case word.
pub fn lookup(lower: &str, language: Language) -> Option<NumberWord> {
    match language {
        Language::Ru => RUSSIAN.get(lower).copied(),
        Language::En => ENGLISH.get(lower).copied(),
        Language::Kk => kazakh_word(lower),
    }
}

/// Words of fractions, which a hyphen may join to a number ("two-thirds").
pub fn is_fraction_word(lower: &str) -> bool {
    matches!(
        lower,
        "third" | "thirds" | "quarter" | "quarters" | "half" | "halves"
    ) || ENGLISH
        .get(lower.trim_end_matches('s'))
        .is_some_and(|word| word.form == Form::Ordinal)
}

const RUSSIAN_CARDINALS: &[(u64, Class, &str)] = &[
    (0, Class::Unit, "ноль нуль ноля нуля нолю нулю нолем нулем"),
    (
        1,
        Class::Unit,
        "один одна одно одного одной одному одним одну одном",
    ),
    (2, Class::Unit, "два две двух двум двумя"),
    (3, Class::Unit, "три трех трем тремя"),
    (4, Class::Unit, "четыре четырех четырем четырьмя"),
    (5, Class::Unit, "пять пяти пятью"),
    (6, Class::Unit, "шесть шести шестью"),
    // «семью» is left out: it is the family in the accusative.
    (7, Class::Unit, "семь семи"),
    (8, Class::Unit, "восемь восьми восемью восьмью"),
    (9, Class::Unit, "девять девяти девятью"),
    (10, Class::Teen, "десять десяти десятью"),
    (11, Class::Teen, "одиннадцать одиннадцати одиннадцатью"),
    (12, Class::Teen, "двенадцать двенадцати двенадцатью"),
    (13, Class::Teen, "тринадцать тринадцати тринадцатью"),
    (14, Class::Teen, "четырнадцать четырнадцати четырнадцатью"),
    (15, Class::Teen, "пятнадцать пятнадцати пятнадцатью"),
    (16, Class::Teen, "шестнадцать шестнадцати шестнадцатью"),
    (17, Class::Teen, "семнадцать семнадцати семнадцатью"),
    (18, Class::Teen, "восемнадцать восемнадцати восемнадцатью"),
    (19, Class::Teen, "девятнадцать девятнадцати девятнадцатью"),
    (20, Class::Tens, "двадцать двадцати двадцатью"),
    (30, Class::Tens, "тридцать тридцати тридцатью"),
    (40, Class::Tens, "сорок сорока"),
    (50, Class::Tens, "пятьдесят пятидесяти пятьюдесятью"),
    (60, Class::Tens, "шестьдесят шестидесяти шестьюдесятью"),
    (70, Class::Tens, "семьдесят семидесяти семьюдесятью"),
    (
        80,
        Class::Tens,
        "восемьдесят восьмидесяти восемьюдесятью восьмьюдесятью",
    ),
    (90, Class::Tens, "девяносто девяноста"),
    (100, Class::Hundreds, "сто ста"),
    (
        200,
        Class::Hundreds,
        "двести двухсот двумстам двумястами двухстах",
    ),
    (
        300,
        Class::Hundreds,
        "триста трехсот тремстам тремястами трехстах",
    ),
    (
        400,
        Class::Hundreds,
        "четыреста четырехсот четыремстам четырьмястами четырехстах",
    ),
    (
        500,
        Class::Hundreds,
        "пятьсот пятисот пятистам пятьюстами пятистах",
    ),
    (
        600,
        Class::Hundreds,
        "шестьсот шестисот шестистам шестьюстами шестистах",
    ),
    (
        700,
        Class::Hundreds,
        "семьсот семисот семистам семьюстами семистах",
    ),
    (
        800,
        Class::Hundreds,
        "восемьсот восьмисот восьмистам восемьюстами восьмьюстами восьмистах",
    ),
    (
        900,
        Class::Hundreds,
        "девятьсот девятисот девятистам девятьюстами девятистах",
    ),
    (15, Class::Half, "полтора полторы полутора"),
    (150, Class::Hundreds, "полтораста полутораста"),
    (
        10,
        Class::Dozen,
        "десяток десятка десятку десятком десятке десятков",
    ),
    (12, Class::Dozen, "дюжина дюжины дюжину дюжиной дюжин"),
    (100, Class::Dozen, "сотня сотню сотней сотни сотен"),
    (
        1_000,
        Class::Magnitude,
        "тысяча тысячу тысячей тысячью тысяче тысячи тысяч тысячам тысячами тысячах",
    ),
    (
        1_000_000,
        Class::Magnitude,
        "миллион миллиона миллиону миллионом миллионе миллионы миллионов миллионам миллионами миллионах",
    ),
    (
        1_000_000_000,
        Class::Magnitude,
        "миллиард миллиарда миллиарду миллиардом миллиарде миллиарды миллиардов миллиардам миллиардами миллиардах",
    ),
    (
        1_000_000_000_000,
        Class::Magnitude,
        "триллион триллиона триллиону триллионом триллионе триллионы триллионов триллионам триллионами триллионах",
    ),
    (1_000, Class::HalfMagnitude, "полтысячи"),
    (100, Class::HalfMagnitude, "полсотни полусотни"),
    (1_000_000, Class::HalfMagnitude, "полмиллиона полумиллиона"),
    (
        1_000_000_000,
        Class::HalfMagnitude,
        "полмиллиарда полумиллиарда",
    ),
];

const ABBREVIATED_MAGNITUDES: &[(u64, &str)] = &[
    (1_000, "тыс"),
    (1_000_000, "млн"),
    (1_000_000_000, "млрд"),
    (1_000_000_000_000, "трлн"),
];

const RUSSIAN_COLLECTIVES: &[(u64, &str)] = &[
    (2, "двое двоих двоим двоими"),
    (3, "трое троих троим троими"),
    (4, "четверо четверых четверым четверыми"),
    (5, "пятеро пятерых пятерым пятерыми"),
    (6, "шестеро шестерых шестерым шестерыми"),
    (7, "семеро семерых семерым семерыми"),
    (8, "восьмеро восьмерых восьмерым восьмерыми"),
    (9, "девятеро девятерых девятерым девятерыми"),
    (10, "десятеро десятерых десятерым десятерыми"),
];

const RUSSIAN_ORDINALS: &[(u64, Class, &str)] = &[
    (1, Class::Unit, "перв"),
    (2, Class::Unit, "втор"),
    (4, Class::Unit, "четверт"),
    (5, Class::Unit, "пят"),
    (6, Class::Unit, "шест"),
    (7, Class::Unit, "седьм"),
    (8, Class::Unit, "восьм"),
    (9, Class::Unit, "девят"),
    (10, Class::Teen, "десят"),
    (11, Class::Teen, "одиннадцат"),
    (12, Class::Teen, "двенадцат"),
    (13, Class::Teen, "тринадцат"),
    (14, Class::Teen, "четырнадцат"),
    (15, Class::Teen, "пятнадцат"),
    (16, Class::Teen, "шестнадцат"),
    (17, Class::Teen, "семнадцат"),
    (18, Class::Teen, "восемнадцат"),
    (19, Class::Teen, "девятнадцат"),
    (20, Class::Tens, "двадцат"),
    (30, Class::Tens, "тридцат"),
    (40, Class::Tens, "сороков"),
    (50, Class::Tens, "пятидесят"),
    (60, Class::Tens, "шестидесят"),
    (70, Class::Tens, "семидесят"),
    (80, Class::Tens, "восьмидесят"),
    (90, Class::Tens, "девяност"),
    (100, Class::Hundreds, "сот"),
];
const HARD_ADJECTIVE: &str = "ый ой ая ое ого ому ым ом ую ые ых ыми";
const THIRD: &str =
    "третий третья третье третьего третьей третьему третьим третьем третью третьи третьих третьими";

static RUSSIAN: LazyLock<HashMap<String, NumberWord>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    let mut add = |forms: &str, value, class, form, abbreviation| {
        for word in forms.split(' ') {
            map.insert(
                word.to_owned(),
                NumberWord {
                    value,
                    class,
                    form,
                    ending: Ending::None,
                    abbreviation,
                },
            );
        }
    };
    for (value, class, stem) in RUSSIAN_ORDINALS {
        for ending in HARD_ADJECTIVE.split(' ') {
            add(
                &format!("{stem}{ending}"),
                *value,
                *class,
                Form::Ordinal,
                false,
            );
        }
    }
    add(THIRD, 3, Class::Unit, Form::Ordinal, false);
    for (value, forms) in RUSSIAN_COLLECTIVES {
        add(forms, *value, Class::Unit, Form::Collective, false);
    }
    for (value, class, forms) in RUSSIAN_CARDINALS {
        add(forms, *value, *class, Form::Cardinal, false);
    }
    for (value, forms) in ABBREVIATED_MAGNITUDES {
        add(forms, *value, Class::Magnitude, Form::Cardinal, true);
    }
    map
});

const ENGLISH_CARDINALS: &[(u64, Class, &str)] = &[
    (0, Class::Unit, "zero"),
    (1, Class::Unit, "one"),
    (2, Class::Unit, "two"),
    (3, Class::Unit, "three"),
    (4, Class::Unit, "four"),
    (5, Class::Unit, "five"),
    (6, Class::Unit, "six"),
    (7, Class::Unit, "seven"),
    (8, Class::Unit, "eight"),
    (9, Class::Unit, "nine"),
    (10, Class::Teen, "ten"),
    (11, Class::Teen, "eleven"),
    (12, Class::Teen, "twelve"),
    (13, Class::Teen, "thirteen"),
    (14, Class::Teen, "fourteen"),
    (15, Class::Teen, "fifteen"),
    (16, Class::Teen, "sixteen"),
    (17, Class::Teen, "seventeen"),
    (18, Class::Teen, "eighteen"),
    (19, Class::Teen, "nineteen"),
    (20, Class::Tens, "twenty"),
    (30, Class::Tens, "thirty"),
    (40, Class::Tens, "forty"),
    (50, Class::Tens, "fifty"),
    (60, Class::Tens, "sixty"),
    (70, Class::Tens, "seventy"),
    (80, Class::Tens, "eighty"),
    (90, Class::Tens, "ninety"),
    (100, Class::Hundred, "hundred"),
    (12, Class::Dozen, "dozen"),
    (1_000, Class::Magnitude, "thousand"),
    (1_000_000, Class::Magnitude, "million"),
    (1_000_000_000, Class::Magnitude, "billion"),
    (1_000_000_000_000, Class::Magnitude, "trillion"),
];
const ENGLISH_ABBREVIATIONS: &[(u64, &str)] = &[
    (1_000_000, "mln"),
    (1_000_000, "mn"),
    (1_000_000_000, "bn"),
    (1_000_000_000, "bln"),
    (1_000_000_000_000, "trn"),
    (1_000_000_000_000, "tn"),
];
const ENGLISH_ORDINALS: &[(u64, Class, &str)] = &[
    (1, Class::Unit, "first"),
    (2, Class::Unit, "second"),
    (3, Class::Unit, "third"),
    (4, Class::Unit, "fourth"),
    (5, Class::Unit, "fifth"),
    (6, Class::Unit, "sixth"),
    (7, Class::Unit, "seventh"),
    (8, Class::Unit, "eighth"),
    (9, Class::Unit, "ninth"),
    (10, Class::Teen, "tenth"),
    (11, Class::Teen, "eleventh"),
    (12, Class::Teen, "twelfth"),
    (13, Class::Teen, "thirteenth"),
    (14, Class::Teen, "fourteenth"),
    (15, Class::Teen, "fifteenth"),
    (16, Class::Teen, "sixteenth"),
    (17, Class::Teen, "seventeenth"),
    (18, Class::Teen, "eighteenth"),
    (19, Class::Teen, "nineteenth"),
    (20, Class::Tens, "twentieth"),
    (30, Class::Tens, "thirtieth"),
    (40, Class::Tens, "fortieth"),
    (50, Class::Tens, "fiftieth"),
    (100, Class::Hundreds, "hundredth"),
];

static ENGLISH: LazyLock<HashMap<String, NumberWord>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    let word = |value, class, form, abbreviation| NumberWord {
        value,
        class,
        form,
        ending: Ending::None,
        abbreviation,
    };
    for (value, class, form) in ENGLISH_CARDINALS {
        map.insert(
            (*form).to_owned(),
            word(*value, *class, Form::Cardinal, false),
        );
    }
    for (value, form) in ENGLISH_ABBREVIATIONS {
        map.insert(
            (*form).to_owned(),
            word(*value, Class::Magnitude, Form::Cardinal, true),
        );
    }
    for (value, class, form) in ENGLISH_ORDINALS {
        map.insert(
            (*form).to_owned(),
            word(*value, *class, Form::Ordinal, false),
        );
    }
    map
});

/// Stems of the Kazakh numerals, longest of a common beginning first; «ы», «і» drop before some endings.
const KAZAKH: &[(&str, u64, Class)] = &[
    ("миллиард", 1_000_000_000, Class::Magnitude),
    ("миллион", 1_000_000, Class::Magnitude),
    ("триллион", 1_000_000_000_000, Class::Magnitude),
    ("млрд", 1_000_000_000, Class::Magnitude),
    ("млн", 1_000_000, Class::Magnitude),
    ("трлн", 1_000_000_000_000, Class::Magnitude),
    ("мың", 1_000, Class::Magnitude),
    ("мын", 1_000, Class::Magnitude),
    ("тыс", 1_000, Class::Magnitude),
    ("жүз", 100, Class::Hundred),
    ("жуз", 100, Class::Hundred),
    ("он", 10, Class::Tens),
    ("жиырма", 20, Class::Tens),
    ("отыз", 30, Class::Tens),
    ("қырық", 40, Class::Tens),
    ("қырқ", 40, Class::Tens),
    ("кырык", 40, Class::Tens),
    ("елу", 50, Class::Tens),
    ("алпыс", 60, Class::Tens),
    ("жетпіс", 70, Class::Tens),
    ("жетпис", 70, Class::Tens),
    ("сексен", 80, Class::Tens),
    ("тоқсан", 90, Class::Tens),
    ("нөл", 0, Class::Unit),
    ("бір", 1, Class::Unit),
    ("екі", 2, Class::Unit),
    ("ек", 2, Class::Unit),
    ("үш", 3, Class::Unit),
    ("төрт", 4, Class::Unit),
    ("бес", 5, Class::Unit),
    ("алты", 6, Class::Unit),
    ("алт", 6, Class::Unit),
    ("жеті", 7, Class::Unit),
    ("жет", 7, Class::Unit),
    ("сегіз", 8, Class::Unit),
    ("сегиз", 8, Class::Unit),
    ("тоғыз", 9, Class::Unit),
    ("тогыз", 9, Class::Unit),
];

/// Forms that look like a numeral with an ending and are other words.
const NOT_KAZAKH_NUMBERS: &str = " үшін оны онда оның ондай онан онымен ондағы алтын алтынды жүзінде жүзін жүзі жүзіне бірге бірде бірден біреу біреуі біреудің бірі бірінің бірін біріне бірімен бірінде бірінен алтау-ақ жетте жетті екен едi бестік онша оншы миллионер тоқсанда тоқсанның тоқсандағы тоқсаны тоқсанында тоқсанға тоқсаннан тоқсандық жетілік алтыны отыру елуші екше бесін жеті-ақ ";

fn kazakh_word(lower: &str) -> Option<NumberWord> {
    if NOT_KAZAKH_NUMBERS.split(' ').any(|entry| entry == lower) {
        return None;
    }
    for (stem, value, class) in KAZAKH {
        let Some(tail) = lower.strip_prefix(stem) else {
            continue;
        };
        let Some(ending) = kazakh::ending(tail) else {
            continue;
        };
        let form = match ending {
            Ending::Ordinal => Form::Ordinal,
            Ending::Collective => Form::Collective,
            Ending::Vague => Form::Vague,
            _ => Form::Cardinal,
        };
        // «ек», «алт», «жет», «қырқ» stand only before the collective, the ordinal and the possessive.
        let clipped = matches!(*stem, "ек" | "алт" | "жет" | "қырқ");
        if clipped && !(form == Form::Collective || (*stem == "қырқ" && ending != Ending::None))
        {
            continue;
        }
        // Only units and tens have collectives; «жүзу» is to swim.
        if form == Form::Collective
            && (!matches!(class, Class::Unit)
                || !(tail.starts_with("еу") || tail.starts_with("ау")))
        {
            continue;
        }
        if form == Form::Vague
            && (tail.starts_with('л') || tail == "деп" || tail == "дап")
            && matches!(class, Class::Unit)
        {
            continue;
        }
        return Some(NumberWord {
            value: *value,
            class: *class,
            form,
            ending,
            abbreviation: matches!(*stem, "млрд" | "млн" | "трлн" | "тыс"),
        });
    }
    None
}
