//! Kazakh morphology without a dictionary: the light stemmer, the endings of numbers, and the negative affix of verbs.
//!
//! Kazakh puts endings in a fixed order (voice, negation, tense or participle, plural, possessive, case, person), each in
//! several variants chosen by vowel harmony and by the sound before it. Both choices are checked, which keeps most words that
//! only look as if they had an ending whole. What needs a dictionary (homonyms) is left out; derived words («қылмыстық») stay
//! apart from their base, because in this domain they mean something else.

mod endings;
mod negation;

pub use endings::{Ending, ending, ending_after};
pub use negation::is_negated_verb;

/// Which sounds an ending may stand after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// A vowel.
    Vowel,
    /// A vowel but «ы», «і», «у»: «баласы»; «облысы» is «облыс» and «-ы».
    Low,
    /// Any consonant.
    Consonant,
    /// A vowel or a voiced consonant: «-ға», «-ған».
    Voiced,
    /// A voiceless consonant, or a voiced one that Kazakh pronounces so at the end: «-қа», «-тан».
    Voiceless,
    /// A vowel, «р», «й», «у»: «-лар».
    Open,
    /// A vowel, «р», «л», «й», «у», «ж», «з» and for some the nasals: «-дан», «-да».
    Soft,
    /// «м», «н», «ң».
    Nasal,
    /// A vowel or a nasal: «-ның».
    VowelOrNasal,
    /// «л», «м», «н», «ң», «ж», «з»: «-дар».
    Heavy,
    /// «р», «л», «й», «у», «м», «н», «ң», «ж», «з»: «-ды».
    VoicedConsonant,
    /// «ы», «і» of the possessive: «-нда», «-нан», «-н».
    Possessive,
    /// Anything but «ы», «і», «у»: «болсын», «баласын»; «жұмысын» is «жұмыс» and «-ын».
    NotClosed,
    /// The negative affix: «келмес», «келмей».
    Negated,
    /// Anything.
    Any,
}

use After::{
    Any, Consonant, Heavy, Low, Nasal, Negated, NotClosed, Open, Possessive, Soft, Voiced,
    VoicedConsonant, Voiceless, Vowel, VowelOrNasal,
};

/// Endings of one layer; layers are taken off from the highest down, at most one of each.
struct Layer {
    rank: u8,
    endings: &'static [(&'static str, After)],
}

#[rustfmt::skip]
const LAYERS: [Layer; 8] = [
    Layer {
        rank: 8,
        endings: &[
            ("мын", Voiced), ("мін", Voiced), ("пын", Voiceless), ("пін", Voiceless), ("бын", Heavy), ("бін", Heavy),
            ("мыз", Voiced), ("міз", Voiced), ("пыз", Voiceless), ("піз", Voiceless), ("быз", Heavy), ("біз", Heavy),
            ("сың", Any), ("сің", Any), ("сыздар", Any), ("сіздер", Any),
        ],
    },
    Layer {
        rank: 7,
        endings: &[
            ("ның", VowelOrNasal), ("нің", VowelOrNasal), ("дың", VoicedConsonant), ("дің", VoicedConsonant), ("тың", Voiceless),
            ("тің", Voiceless), ("ға", Voiced), ("ге", Voiced), ("қа", Voiceless), ("ке", Voiceless), ("на", Possessive),
            ("не", Possessive), ("ны", Vowel), ("ні", Vowel), ("ды", VoicedConsonant), ("ді", VoicedConsonant), ("ты", Voiceless),
            ("ті", Voiceless), ("н", Possessive), ("да", Soft), ("де", Soft), ("та", Voiceless), ("те", Voiceless),
            ("нда", Possessive), ("нде", Possessive), ("дан", Soft), ("ден", Soft), ("тан", Voiceless), ("тен", Voiceless),
            ("нан", Nasal), ("нен", Nasal), ("нан", Possessive), ("нен", Possessive), ("мен", Any), ("бен", Heavy),
            ("пен", Voiceless), ("менен", Any), ("дағы", Soft), ("дегі", Soft), ("тағы", Voiceless), ("тегі", Voiceless),
            ("ндағы", Possessive), ("ндегі", Possessive), ("ша", Consonant), ("ше", Consonant), ("нша", Possessive),
            ("нше", Possessive), ("дай", Voiced), ("дей", Voiced), ("тай", Voiceless), ("тей", Voiceless), ("йды", Vowel),
            ("йді", Vowel), ("ады", Consonant), ("еді", Consonant), ("дым", VoicedConsonant), ("дім", VoicedConsonant),
            ("дық", VoicedConsonant), ("дік", VoicedConsonant), ("ды", Vowel), ("ді", Vowel), ("са", Any), ("се", Any), ("сам", Any), ("сем", Any), ("саң", Any), ("сең", Any), ("сақ", Any), ("сек", Any), ("саңыз", Any), ("сеңіз", Any), ("дыңыз", VoicedConsonant), ("діңіз", VoicedConsonant), ("тыңыз", Voiceless), ("тіңіз", Voiceless), ("тым", Voiceless), ("тім", Voiceless), ("тық", Voiceless), ("тік", Voiceless), ("айын", Consonant), ("ейін", Consonant), ("айық", Consonant), ("ейік", Consonant), ("с", Negated), ("й", Negated), ("йін", Vowel),
            ("йық", Vowel), ("сын", NotClosed), ("сін", NotClosed), ("пты", Vowel), ("пті", Vowel), ("ыпты", Consonant), ("іпті", Consonant),
        ],
    },
    Layer {
        rank: 6,
        endings: &[
            ("ы", Consonant), ("і", Consonant), ("сы", Low), ("сі", Low), ("ым", Consonant), ("ім", Consonant), ("ың", Consonant),
            ("ің", Consonant), ("ымыз", Consonant), ("іміз", Consonant), ("мыз", Vowel), ("міз", Vowel), ("ыңыз", Consonant),
            ("іңіз", Consonant), ("ңыз", Vowel), ("ңіз", Vowel), ("нікі", Any), ("дікі", Any), ("тікі", Any),
        ],
    },
    Layer {
        rank: 5,
        endings: &[
            ("лар", Open), ("лер", Open), ("дар", Heavy), ("дер", Heavy), ("тар", Voiceless), ("тер", Voiceless),
        ],
    },
    Layer {
        rank: 4,
        endings: &[
            ("ған", Voiced), ("ген", Voiced), ("қан", Voiceless), ("кен", Voiceless), ("атын", Consonant), ("етін", Consonant),
            ("йтын", Vowel), ("йтін", Vowel), ("ып", Consonant), ("іп", Consonant), ("п", Vowel), ("ғалы", Voiced), ("гелі", Voiced),
            ("қалы", Voiceless), ("келі", Voiceless), ("мақ", Voiced), ("мек", Voiced), ("пақ", Voiceless), ("пек", Voiceless),
            ("бақ", Heavy), ("бек", Heavy), ("у", Any), ("ушы", Any), ("уші", Any),
        ],
    },
    Layer {
        rank: 3,
        endings: &[
            ("ма", Open), ("ме", Open), ("ма", Soft), ("ме", Soft), ("ба", Heavy), ("бе", Heavy), ("па", Voiceless),
            ("пе", Voiceless),
        ],
    },
    Layer {
        rank: 2,
        endings: &[
            ("ыл", Consonant), ("іл", Consonant), ("ын", Consonant), ("ін", Consonant), ("л", Vowel),
        ],
    },
    Layer {
        rank: 1,
        endings: &[
            ("тыр", Voiceless), ("тір", Voiceless), ("дыр", Voiced), ("дір", Voiced), ("ғыз", Voiced), ("гіз", Voiced),
        ],
    },
];

/// Words of the closed classes and others that only look as if they had an ending, each with its term.
#[rustfmt::skip]
const WHOLE: &[(&str, &str)] = &[
    ("және", "және"), ("бірақ", "бірақ"), ("бұл", "бұл"), ("оның", "ол"), ("оны", "ол"), ("онда", "ол"), ("одан", "ол"),
    ("оған", "ол"), ("олардың", "олар"), ("оларды", "олар"), ("оларға", "олар"), ("олардан", "олар"), ("онымен", "ол"),
    ("онан", "ол"), ("бұның", "бұл"), ("мұның", "бұл"), ("бұны", "бұл"), ("мұны", "бұл"), ("мұнда", "бұл"), ("бұдан", "бұл"),
    ("бұған", "бұл"), ("мұндай", "мұндай"), ("бұндай", "мұндай"), ("ондай", "ондай"), ("сондай", "сондай"), ("соның", "сол"),
    ("соны", "сол"), ("сонда", "сол"), ("содан", "сол"), ("соған", "сол"), ("менің", "мен"), ("мені", "мен"), ("маған", "мен"),
    ("менде", "мен"), ("менен", "мен"), ("сенің", "сен"), ("сені", "сен"), ("саған", "сен"), ("біздің", "біз"), ("бізге", "біз"),
    ("бізді", "біз"), ("бізде", "біз"), ("сіздің", "сіз"), ("сізге", "сіз"), ("басқа", "басқа"), ("қазір", "қазір"),
    ("дейін", "дейін"), ("кейін", "кейін"), ("бұрын", "бұрын"), ("арқылы", "арқылы"), ("туралы", "туралы"),
    ("сондықтан", "сондықтан"), ("барлық", "барлық"), ("себебі", "себебі"), ("бойынша", "бойынша"), ("сияқты", "сияқты"),
    ("тағы", "тағы"), ("әлі", "әлі"), ("емес", "емес"), ("жоқ", "жоқ"), ("бар", "бар"), ("алты", "алты"), ("жеті", "жеті"),
    ("екі", "екі"), ("жиырма", "жиырма"), ("алтын", "алтын"), ("ішкі", "ішкі"), ("халқы", "халық"), ("халқының", "халық"),
    ("халқына", "халық"), ("негізгі", "негізгі"), ("көптеген", "көптеген"), ("деген", "де"), ("деп", "де"), ("деді", "де"),
    ("дейді", "де"), ("делінген", "де"), ("еді", "е"), ("екен", "е"), ("екенін", "е"), ("болды", "бол"), ("барды", "бар"),
    ("жаңа", "жаңа"), ("ғана", "ғана"), ("үшін", "үшін"), ("кезінде", "кез"), ("әрине", "әрине"), ("мүмкін", "мүмкін"),
    ("соңғы", "соңғы"), ("келесі", "келесі"), ("тиісті", "тиісті"), ("кеше", "кеше"), ("бүгін", "бүгін"), ("ертең", "ертең"),
    ("биыл", "биыл"),
];

fn is_vowel(c: char) -> bool {
    "аәеоөұүыіиуэюя".contains(c)
}

/// Vowel harmony of a piece: `Some(true)` back, `Some(false)` front, `None` where «и», «у» leave it open.
fn is_back(piece: &[char]) -> Option<bool> {
    piece.iter().rev().find_map(|&c| match c {
        'а' | 'о' | 'ұ' | 'ы' | 'я' | 'ю' => Some(true),
        'ә' | 'е' | 'ө' | 'ү' | 'і' | 'э' => Some(false),
        _ => None,
    })
}

fn fits(after: After, stem: &[char]) -> bool {
    let Some(&last) = stem.last() else {
        return false;
    };
    // After a vowel «и» and «у» sound as consonants in some words and as vowels in others.
    let vowel = is_vowel(last);
    let voiceless = "пкқтсшщчцфхһбвгд".contains(last);
    match after {
        Vowel => vowel,
        Low => vowel && !"ыіу".contains(last),
        Consonant => !vowel || last == 'у' || last == 'и',
        Voiced => !voiceless,
        Voiceless => voiceless,
        Open => vowel || "рй".contains(last),
        Soft => vowel || "рлйжзмнң".contains(last),
        Nasal => "мнң".contains(last),
        VowelOrNasal => vowel || "мнң".contains(last),
        Heavy => "лмнңжз".contains(last),
        VoicedConsonant => "рлйумнңжзю".contains(last),
        Possessive => "ыі".contains(last) && stem.len() > 2,
        NotClosed => !"ыіу".contains(last),
        Negated => negation::negative_affix(stem),
        Any => true,
    }
}

/// The stem without its last ending of one layer, if it has one.
fn strip(stem: &[char], layer: &Layer, least: usize) -> Option<usize> {
    let mut best = None;
    for (ending, after) in layer.endings {
        let length = ending.chars().count();
        if stem.len() < length + least || best.is_some_and(|kept| kept <= stem.len() - length) {
            continue;
        }
        let kept = stem.len() - length;
        let (body, tail) = stem.split_at(kept);
        if !is_likely(ending, stem, kept) {
            continue;
        }
        if tail.iter().copied().eq(ending.chars())
            && fits(*after, body)
            && agrees(body, tail)
            && body.iter().any(|&c| is_vowel(c))
        {
            best = Some(kept);
        }
    }
    best
}

/// Turns away endings that are another one in disguise.
fn is_likely(ending: &str, stem: &[char], kept: usize) -> bool {
    let body = &stem[..kept];
    let ends = |tails: [&str; 4]| {
        tails.iter().any(|tail| {
            tail.chars().count() < stem.len()
                && stem[stem.len() - tail.chars().count()..]
                    .iter()
                    .copied()
                    .eq(tail.chars())
        })
    };
    match ending {
        // «тіркелмеді», «бастады», «хабарлады»: the vowel belongs to the negative affix or to the stem of the verb.
        "ады" | "еді" => {
            let of_verb = kept >= 3
                && !is_vowel(body[kept - 2])
                && matches!(body[kept - 1], 'л' | 'д' | 'т')
                && !matches!(body[kept - 2], 'й' | 'р')
                || kept >= 3 && !is_vowel(body[kept - 2]) && matches!(body[kept - 1], 'л' | 'д');
            !of_verb && !negation::negative_affix(&stem[..kept + 1])
        }
        "йды" | "йді" => kept >= 3,
        "сы" | "сі" | "сын" | "сін" => kept >= 3,
        "н" => !ends(["атын", "етін", "йтын", "йтін"]),
        // «көргені» is «көрген» and «-і», not an accusative.
        "ны" | "ні" => kept < 4 || !ends(["ғаны", "гені", "қаны", "кені"]),
        "п" => kept >= 3,
        "л" => !matches!(body.last(), Some('ы' | 'і')),
        _ => true,
    }
}

fn agrees(body: &[char], tail: &[char]) -> bool {
    // «-мен» and «-нікі» have one form for all stems.
    if tail.iter().copied().eq("мен".chars())
        || tail.iter().copied().eq("бен".chars())
        || tail.iter().copied().eq("пен".chars())
    {
        return true;
    }
    match (is_back(body), is_back(tail)) {
        (Some(body), Some(tail)) => body == tail,
        _ => true,
    }
}

/// The stem of a lower-case Kazakh word.
pub fn stem(word: &str) -> String {
    if let Some((_, term)) = WHOLE.iter().find(|(form, _)| *form == word) {
        return (*term).to_owned();
    }
    let chars: Vec<char> = word.chars().collect();
    let mut kept = chars.len();
    let mut rank = 9;
    let mut vowel_ending = false;
    for layer in &LAYERS {
        if layer.rank >= rank || protected(&chars[..kept]) {
            continue;
        }
        let least = match layer.rank {
            1 | 2 => 3,
            _ => 2,
        };
        if layer.rank == 3 && (rank > 7 || !negation::negative_affix(&chars[..kept])) {
            // A negative affix is followed by a tense; without one «-ма» is part of a noun.
            continue;
        }
        if let Some(shorter) = strip(&chars[..kept], layer, least) {
            vowel_ending = is_vowel(chars[shorter]);
            kept = shorter;
            rank = layer.rank;
            if rank == 8 && kept > 3 && matches!(chars[kept - 1], 'а' | 'е' | 'й') {
                // «барамын», «білмеймін»: the person stands after the vowel of the present.
                kept -= 1;
                rank = 7;
            }
        }
    }
    // «Шахтинскіде»: a vowel links endings to Russian names on -ск.
    if chars[..kept].ends_with(&['с', 'к', 'і']) {
        kept -= 1;
    }
    let mut out: String = chars[..kept].iter().collect();
    if vowel_ending {
        harden(&mut out);
    }
    out
}

/// Countries and regions on -стан, which would lose their end to the ablative.
const LANDS: &str = " қазақстан өзбекстан қырғызстан түрікменстан түркіменстан тәжікстан тәжікістан ауғанстан пәкістан түркістан дағыстан үндістан моғолстан татарстан башқұртстан қарақалпақстан арабстан гүлстан күрдістан ";
/// Nouns whose last «п» is no converb.
const NOUNS_IN_P: &str =
    " мектеп кітап себеп әдеп тәртіп қауіп шарап тарап қалып кәсіп талап жауап есеп қасап ";

fn protected(stem: &[char]) -> bool {
    if stem.last() == Some(&'п') {
        return NOUNS_IN_P
            .split(' ')
            .any(|noun| noun.chars().eq(stem.iter().copied()));
    }
    stem.ends_with(&['с', 'т', 'а', 'н'])
        && LANDS
            .split(' ')
            .any(|land| land.chars().eq(stem.iter().copied()))
}

/// A stop voiced before an ending in a vowel: «мектебі» of «мектеп», «лігі» of «лік».
fn harden(stem: &mut String) {
    let hard = match stem.chars().last() {
        Some('ғ') => 'қ',
        Some('г') => 'к',
        Some('б') => 'п',
        _ => return,
    };
    if stem.chars().any(is_vowel) && stem.chars().count() > 2 {
        stem.pop();
        stem.push(hard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for (forms, expected) in [
            (
                "адам адамға адамдардың адамдарды адамнан адамы адамымен",
                "адам",
            ),
            (
                "қылмыс қылмысты қылмыстар қылмыстың қылмыстарды қылмыспен",
                "қылмыс",
            ),
            (
                "министрлік министрлігі министрлігінің министрлікке министрліктер",
                "министрлік",
            ),
            (
                "облыс облысы облысында облысындағы облыстар облыстан",
                "облыс",
            ),
            ("тіркеу тіркелді тіркелген тіркелмеген тіркелмеді", "тірке"),
            ("қазақстан қазақстанда қазақстанның", "қазақстан"),
            ("мектеп мектебі мектепте мектептер", "мектеп"),
        ] {
            for form in forms.split(' ') {
                assert_eq!(stem(form), expected, "{form}");
            }
        }
    }

    #[test]
    fn the_negative_affix_is_told_from_its_look_alikes() {
        for negated in [
            "ұсталмады",
            "тіркелмеген",
            "жанаспайды",
            "қарастырылмайды",
            "болмаған",
            "жоспарланбаған",
            "көтерілмеді",
            "алмады",
            "аспайды",
            "табылмай",
            "қатыспаған",
            "сезбеді",
        ] {
            assert!(is_negated_verb(negated), "{negated}");
        }
        for other in [
            "хабарламаны",
            "басқармада",
            "бөлмеде",
            "тұжырымдама",
            "жасалды",
            "төмендеді",
            "мәлімдеді",
            "қамады",
            "мекемелер",
            "тоқсан",
            "мамыр",
            "немесе",
            "көрмеге",
            "қамалды",
            "кемеді",
        ] {
            assert!(!is_negated_verb(other), "{other}");
        }
    }

    #[test]
    fn endings_of_numbers_are_read() {
        for (tail, expected) in [
            ("ге", Some(Ending::Dative)),
            ("ден", Some(Ending::Ablative)),
            ("сі", Some(Ending::Possessive)),
            ("інен", Some(Ending::Ablative)),
            ("ке", Some(Ending::Dative)),
            ("інші", Some(Ending::Ordinal)),
            ("бабы", None),
            ("летний", None),
        ] {
            assert_eq!(ending(tail), expected, "{tail}");
        }
    }
}
