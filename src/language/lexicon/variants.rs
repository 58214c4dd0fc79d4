//! Gives forms of a word in which its stem may come out differently, so that a phrase listed once is found in each.
//!
//! A light stemmer does not cut every form to one stem: «елорда» and «елордада», «участок» and «участков».
//! Where the paradigm is regular the forms are made here and stemmed as the text's forms are.

use crate::language::{Language, russian};

/// Forms of a lower-case word, the word itself first.
pub(super) fn forms(word: &str, language: Language) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    match language {
        Language::Kk => forms.extend(kazakh(word)),
        Language::Ru => forms.extend(russian(word)),
        Language::En => {}
    }
    forms
}

/// What turns the meaning of a Kazakh word round.
const NEGATIONS: [&str; 14] = [
    "сыз",
    "сіз",
    "маған",
    "меген",
    "баған",
    "беген",
    "паған",
    "пеген",
    "мады",
    "меді",
    "бады",
    "беді",
    "пады",
    "педі",
];

/// Whether a Kazakh form has a mark of negation.
pub(super) fn has_negation(form: &str, language: Language) -> bool {
    language == Language::Kk && NEGATIONS.iter().any(|mark| form.contains(mark))
}

/// Whether the stem of a Kazakh form has lost what turns its meaning round: «заңсыз» is not «заң».
pub(super) fn loses_negation(form: &str, stem: &str, language: Language) -> bool {
    language == Language::Kk
        && NEGATIONS
            .iter()
            .any(|mark| form.contains(mark) && !stem.contains(&mark[..mark.len().min(4)]))
}

/// Russian forms with a vowel that comes and goes: «участок, участка», «справка, справок», «боец, бойца».
fn russian(word: &str) -> Vec<String> {
    const MIN_LETTERS: usize = 5;
    // Forms of an irregular word are listed whole.
    if russian::irregular(word).is_some() {
        return Vec::new();
    }
    let conjugated = conjugated(word);
    if !conjugated.is_empty() {
        return conjugated;
    }
    if word.chars().count() < MIN_LETTERS {
        return Vec::new();
    }
    let ends: [(&str, &[&str]); 8] = [
        ("ёнок", &["ёнка"]),
        ("ок", &["ка"]),
        ("ек", &["ка", "ька"]),
        ("аец", &["айца"]),
        ("оец", &["ойца"]),
        ("ец", &["ца"]),
        ("йка", &["ек"]),
        ("ка", &["ок", "ек"]),
    ];
    let Some((end, changed)) = ends.iter().find(|(end, _)| word.ends_with(end)) else {
        return declined(word);
    };
    let stem = &word[..word.len() - end.len()];
    let ends_in_vowel = stem.ends_with(['а', 'е', 'и', 'о', 'у', 'ы', 'я', 'ю', 'э']);
    if ends_in_vowel && *end == "ка" {
        return declined(word);
    }
    let mut forms = declined(word);
    forms.extend(changed.iter().map(|change| format!("{stem}{change}")));
    forms
}

/// Forms of a Russian infinitive, whose stem the stemmer cuts in several ways: «расследовать, расследуют».
fn conjugated(word: &str) -> Vec<String> {
    let (verb, reflexive) = match word.strip_suffix("ся") {
        Some(verb) => (verb, true),
        None => (word, false),
    };
    let ends: [(&str, &[&str]); 12] = [
        (
            "овать",
            &["ует", "уют", "овал", "овала", "овали", "ован", "овано"],
        ),
        ("евать", &["ует", "уют", "евал", "евала", "евали", "еван"]),
        ("авать", &["ает", "ают", "авал", "авала", "авали"]),
        ("йти", &["шел", "шла", "шли", "шло", "йдет", "йдут"]),
        ("сти", &["л", "ла", "ли", "ло", "дет", "дут", "ден", "дено"]),
        ("зти", &["з", "зла", "зли", "зет", "зут"]),
        ("нуть", &["нул", "нула", "нули", "нет", "нут", "нут"]),
        ("ереть", &["ер", "ерла", "ерли", "рет", "рут"]),
        (
            "ить",
            &[
                "ит", "ят", "ил", "ила", "или", "ило", "ен", "ено", "ены", "ена",
            ],
        ),
        ("еть", &["еет", "еют", "ит", "ят", "ел", "ела", "ели"]),
        (
            "ать",
            &[
                "ает", "ают", "ал", "ала", "али", "ало", "ан", "ано", "аны", "ана",
            ],
        ),
        (
            "ять",
            &["яет", "яют", "ял", "яла", "яли", "ян", "ято", "яты"],
        ),
    ];
    let Some((end, endings)) = ends.iter().find(|(end, _)| verb.ends_with(end)) else {
        return Vec::new();
    };
    let stem = &verb[..verb.len() - end.len()];
    endings
        .iter()
        .map(|ending| {
            let particle = match (reflexive, ending.ends_with(['а', 'о', 'и', 'ы'])) {
                (false, _) => "",
                (true, true) => "сь",
                (true, false) => "ся",
            };
            format!("{stem}{ending}{particle}")
        })
        .collect()
}

/// Case forms of a Russian noun: the stemmer cuts «султан» as if it were a participle, but not «султане».
fn declined(word: &str) -> Vec<String> {
    const NOT_NOUNS: [&str; 7] = ["ый", "ий", "ой", "ть", "ти", "ся", "но"];
    if NOT_NOUNS.iter().any(|end| word.ends_with(end)) {
        return Vec::new();
    }
    let Some(last) = word.chars().last() else {
        return Vec::new();
    };
    let stem = &word[..word.len() - last.len_utf8()];
    let (stem, endings): (&str, &[&str]) = match last {
        'а' => (stem, &["ы", "и", "е", "у", "ой", "ам", ""]),
        'я' => (stem, &["и", "е", "ю", "ей", "ям", "ь", "й"]),
        'о' => (stem, &["а", "у", "ом", "е", ""]),
        'е' => (stem, &["я", "ю", "ем", "и", "й"]),
        'й' => (stem, &["я", "ю", "ем", "е", "и", "ев"]),
        'ь' => (stem, &["я", "ю", "ем", "и", "ью", "ей"]),
        letter if "бвгджзклмнпрстфхцчшщ".contains(letter) => {
            (word, &["а", "у", "ом", "е", "ы", "и", "ов"])
        }
        _ => (word, &[]),
    };
    endings
        .iter()
        .map(|ending| format!("{stem}{ending}"))
        .collect()
}

/// How the last sound of a Kazakh word chooses the first consonant of an ending.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Final {
    /// A vowel.
    Vowel,
    /// р, й, у, и.
    Glide,
    /// л, ж, з and other voiced consonants.
    Voiced,
    /// м, н, ң.
    Nasal,
    /// к, қ, п, с, т, ф, х, ц, ч, ш, щ, and б, в, г, д at the end.
    Voiceless,
}

/// Kazakh forms: plural, cases, and possessive with cases.
fn kazakh(word: &str) -> Vec<String> {
    let Some(last) = word.chars().last() else {
        return Vec::new();
    };
    let is_back = word
        .chars()
        .rev()
        .find_map(|c| match c {
            'а' | 'о' | 'ұ' | 'ы' | 'я' | 'ё' => Some(true),
            'ә' | 'е' | 'ө' | 'ү' | 'і' | 'э' | 'и' => Some(false),
            _ => None,
        })
        .unwrap_or(true);
    let sound = match last {
        'а' | 'ә' | 'е' | 'о' | 'ө' | 'ұ' | 'ү' | 'ы' | 'і' | 'э' | 'я' | 'ё' => {
            Final::Vowel
        }
        'р' | 'й' | 'у' | 'и' | 'ю' => Final::Glide,
        'м' | 'н' | 'ң' => Final::Nasal,
        'л' | 'ж' | 'з' => Final::Voiced,
        _ => Final::Voiceless,
    };
    let (plural, genitive, dative, locative, ablative, accusative) = match sound {
        Final::Vowel => ("лар", "ның", "ға", "да", "дан", "ны"),
        Final::Glide => ("лар", "дың", "ға", "да", "дан", "ды"),
        Final::Voiced => ("дар", "дың", "ға", "да", "дан", "ды"),
        Final::Nasal => ("дар", "ның", "ға", "да", "нан", "ды"),
        Final::Voiceless => ("тар", "тың", "қа", "та", "тан", "ты"),
    };
    let harmonised = |ending: &str| {
        if is_back {
            ending.to_owned()
        } else {
            fronted(ending)
        }
    };
    let mut forms: Vec<String> = [plural, genitive, dative, locative, ablative, accusative]
        .iter()
        .map(|ending| format!("{word}{}", harmonised(ending)))
        .collect();
    let possessed = possessed(word, sound, is_back);
    for ending in ["", "ның", "на", "нда", "нан", "н"] {
        forms.push(format!("{possessed}{}", harmonised(ending)));
    }
    let many = format!("{word}{}{}", harmonised(plural), harmonised("ы"));
    forms.push(format!("{many}{}", harmonised("ның")));
    forms.push(many);
    forms
}

/// The third-person possessive: «қала, қаласы», «салық, салығы», «кітап, кітабы».
fn possessed(word: &str, sound: Final, is_back: bool) -> String {
    let vowel = if is_back { "ы" } else { "і" };
    if sound == Final::Vowel {
        return format!("{word}с{vowel}");
    }
    let softened = [("қ", "ғ"), ("к", "г"), ("п", "б")]
        .iter()
        .find_map(|(hard, soft)| word.strip_suffix(hard).map(|stem| format!("{stem}{soft}")));
    format!("{}{vowel}", softened.as_deref().unwrap_or(word))
}

/// An ending with front vowels.
fn fronted(ending: &str) -> String {
    ending
        .chars()
        .map(|c| match c {
            'а' => 'е',
            'ы' => 'і',
            'ғ' => 'г',
            'қ' => 'к',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{forms, loses_negation};
    use crate::language::Language;

    #[test]
    fn a_stem_that_lost_its_negation_is_known() {
        assert!(loses_negation("заңсыз", "заң", Language::Kk));
        assert!(loses_negation("ашылмаған", "ашыл", Language::Kk));
        assert!(!loses_negation("заңсыз", "заңсыз", Language::Kk));
        assert!(!loses_negation("салық", "салық", Language::Kk));
    }

    #[test]
    fn kazakh_forms_follow_harmony_and_the_last_sound() {
        for (word, expected) in [
            ("қылмыс", ["қылмыстар", "қылмыстың", "қылмысқа", "қылмысы"]),
            ("мектеп", ["мектептер", "мектептің", "мектепке", "мектебі"]),
            ("қала", ["қалалар", "қаланың", "қалаға", "қаласы"]),
            ("адам", ["адамдар", "адамның", "адамға", "адамы"]),
            ("үй", ["үйлер", "үйдің", "үйге", "үйі"]),
            ("салық", ["салықтар", "салықтың", "салыққа", "салығы"]),
        ] {
            let made = forms(word, Language::Kk);
            for form in expected {
                assert!(made.iter().any(|other| other == form), "{form} in {made:?}");
            }
        }
    }

    #[test]
    fn russian_vowels_that_come_and_go_are_followed() {
        for (word, form) in [
            ("участок", "участка"),
            ("справка", "справок"),
            ("девушка", "девушек"),
            ("продавец", "продавца"),
        ] {
            let made = forms(word, Language::Ru);
            assert!(made.iter().any(|other| other == form), "{made:?}");
        }
        assert!(forms("султан", Language::Ru).contains(&"султане".to_owned()));
        assert_eq!(
            forms("новый", Language::Ru),
            ["новый"],
            "adjectives need none"
        );
    }
}
