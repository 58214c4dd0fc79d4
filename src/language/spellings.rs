//! Words that may be meant where Kazakh was typed without its own letters: in Russian ones, or in any Latin alphabet.
//!
//! «кылмыс» and `kylmys` are «қылмыс» on a keyboard without «қ»; `prokuratura` is «прокуратура». A letter stands for several,
//! so every reading is given, and whoever asks keeps those that are words of their texts. Only one thing is known of Kazakh
//! here: «қ» and «ғ» stand before back vowels, «к» and «г» before front ones.

use super::scripts;

/// Readings of one word at most; a word with more is read with the vowels after its second left as they are, and if that
/// does not do, not at all.
const MAX_SPELLINGS: usize = 1_024;
/// Letters of a word at least: a shorter one is like too many others.
const MIN_CHARS: usize = 3;
/// Vowels of a word, from the first, that are read in every way: «ө», «ұ» and «ү» stand in the first syllables of a root.
const FREE_VOWELS: usize = 2;

/// Letters of Russian that no Kazakh word has but those taken over from Russian, which are written as there.
const OF_LOANS: &str = "вфцчщьъэё";

/// The readings of a word other than itself, in the order of the alphabet; none for one with a letter that only Kazakh
/// or only loans have, of mixed alphabets, or with anything but letters, hyphens and apostrophes.
pub fn readings(word: &str) -> Vec<String> {
    let lower = scripts::normalise(word);
    let letters: Vec<char> = lower.chars().collect();
    let is_all = |of: fn(char) -> bool| {
        let mut all = letters.iter();
        all.all(|&c| of(c) || matches!(c, '\'' | '-')) && letters.iter().any(|&c| of(c))
    };
    let (is_cyrillic, is_latin) = (is_all(scripts::is_cyrillic), is_all(scripts::is_latin));
    let is_kazakh = letters.iter().any(|&c| scripts::is_kazakh_letter(c));
    let is_loan = lower.contains(|c| OF_LOANS.contains(c));
    if letters.len() < MIN_CHARS || is_kazakh || is_loan || !(is_cyrillic || is_latin) {
        return Vec::new();
    }
    let heard = if is_latin {
        latin(&letters)
    } else {
        letters.iter().map(|&c| cyrillic(c)).collect()
    };
    let ways = [heard.clone(), settled(heard)]
        .into_iter()
        .find(|ways| n_readings(ways) <= MAX_SPELLINGS);
    let mut readings = ways.map(|ways| every(&ways)).unwrap_or_default();
    readings.retain(|reading| *reading != lower && is_pronounced(reading));
    readings.sort_unstable();
    readings.dedup();
    readings
}

/// What a letter or group of letters may stand for, the likeliest first.
type Ways = Vec<String>;

/// How many words the ways of the letters of one make.
fn n_readings(letters: &[Ways]) -> usize {
    letters
        .iter()
        .fold(1, |n: usize, ways| n.saturating_mul(ways.len()))
}

/// All words that the ways of the letters of one make.
fn every(letters: &[Ways]) -> Vec<String> {
    letters.iter().fold(vec![String::new()], |begun, ways| {
        let longer = |begin: &String| -> Vec<String> {
            ways.iter().map(|way| format!("{begin}{way}")).collect()
        };
        begun.iter().flat_map(longer).collect()
    })
}

/// The ways with the vowels after the first ones left at their likeliest.
fn settled(mut letters: Vec<Ways>) -> Vec<Ways> {
    let vowels = letters
        .iter_mut()
        .filter(|ways| ways[0].starts_with(is_vowel));
    for ways in vowels.skip(FREE_VOWELS) {
        ways.truncate(1);
    }
    letters
}

/// What a Russian letter may stand for.
fn cyrillic(letter: char) -> Ways {
    let others: &[&str] = match letter {
        'а' => &["ә"],
        'г' => &["ғ"],
        'и' => &["і"],
        'к' => &["қ"],
        'н' => &["ң"],
        'о' => &["ө"],
        'у' => &["ұ", "ү"],
        'х' => &["һ"],
        _ => &[],
    };
    let others = others.iter().map(|way| (*way).to_owned());
    std::iter::once(letter.to_string()).chain(others).collect()
}

/// Latin letters that are read together, longest first, and what they stand for: the designs of 2017, 2018 and 2021, and
/// how people write without any.
const LATIN: &[(&str, &[&str])] = &[
    ("shch", &["щ"]),
    ("sh", &["ш"]),
    ("ch", &["ч", "ш"]),
    ("zh", &["ж"]),
    ("kh", &["х", "қ"]),
    ("gh", &["ғ"]),
    ("ng", &["ң", "нг"]),
    ("ts", &["ц", "тс"]),
    ("ija", &["ия"]),
    ("ja", &["жа", "я"]),
    ("ju", &["жу", "ю"]),
    ("ya", &["я", "ыа"]),
    ("ia", &["я", "иа"]),
    ("ıa", &["я", "иа"]),
    ("yu", &["ю", "ыу"]),
    ("iu", &["ю", "иу"]),
    ("ıu", &["ю", "иу"]),
    ("a'", &["ә"]),
    ("g'", &["ғ"]),
    ("n'", &["ң"]),
    ("o'", &["ө"]),
    ("s'", &["ш"]),
    ("c'", &["ч"]),
    ("u'", &["ү"]),
    ("y'", &["у"]),
    ("i'", &["и", "й"]),
    ("a", &["а", "ә"]),
    ("á", &["ә"]),
    ("ä", &["ә"]),
    ("ə", &["ә"]),
    ("b", &["б"]),
    ("c", &["ц", "к"]),
    ("ç", &["ч"]),
    ("d", &["д"]),
    ("e", &["е", "э"]),
    ("f", &["ф"]),
    ("g", &["г", "ғ"]),
    ("ǵ", &["ғ"]),
    ("ğ", &["ғ"]),
    ("h", &["х", "һ"]),
    ("i", &["и", "і", "й"]),
    ("ı", &["ы", "и", "й"]),
    ("ï", &["и"]),
    ("j", &["ж"]),
    ("k", &["к", "қ"]),
    ("l", &["л"]),
    ("m", &["м"]),
    ("n", &["н", "ң"]),
    ("ń", &["ң"]),
    ("ñ", &["ң"]),
    ("o", &["о", "ө"]),
    ("ó", &["ө"]),
    ("ö", &["ө"]),
    ("p", &["п"]),
    ("q", &["қ"]),
    ("r", &["р"]),
    ("s", &["с"]),
    ("ş", &["ш"]),
    ("ś", &["ш"]),
    ("t", &["т"]),
    ("u", &["у", "ұ", "ү"]),
    ("ū", &["ұ"]),
    ("ú", &["ү"]),
    ("ü", &["ү"]),
    ("v", &["в"]),
    ("w", &["у"]),
    ("x", &["х", "кс"]),
    ("y", &["ы", "й", "и"]),
    ("ý", &["у"]),
    ("z", &["з"]),
];

/// What the letters of a Latin word may stand for, those read together as one.
fn latin(letters: &[char]) -> Vec<Ways> {
    let mut ways = Vec::with_capacity(letters.len());
    let mut rest = letters;
    while let [first, after @ ..] = rest {
        let begins = |group: &str| {
            group.chars().count() <= rest.len() && group.chars().zip(rest).all(|(a, b)| a == *b)
        };
        let known = LATIN.iter().find(|(group, _)| begins(group));
        let (n_letters, read) = match known {
            Some((group, read)) => (
                group.chars().count(),
                read.iter().map(|way| (*way).to_owned()).collect(),
            ),
            None => (1, vec![first.to_string()]),
        };
        ways.push(read);
        rest = rest.get(n_letters..).unwrap_or(after);
    }
    ways
}

/// Whether a letter is a vowel.
fn is_vowel(letter: char) -> bool {
    is_front(letter) || "аоұыуиюяэ".contains(letter)
}

/// Whether a letter is a front vowel, before which no «қ» or «ғ» stands.
fn is_front(letter: char) -> bool {
    "әеіөү".contains(letter)
}

/// Whether no «қ» or «ғ» stands before a front vowel.
fn is_pronounced(word: &str) -> bool {
    let mut pairs = word.chars().zip(word.chars().skip(1));
    pairs.all(|(letter, next)| !matches!(letter, 'қ' | 'ғ') || !is_front(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_without_kazakh_letters_is_read_as_every_word_it_may_be() {
        for (typed, meant) in [
            ("кылмыс", "қылмыс"),
            ("курылыс", "құрылыс"),
            ("кызметкерлердин", "қызметкерлердің"),
            ("умит", "үміт"),
            ("онир", "өңір"),
            ("prokuratura", "прокуратура"),
            ("alaıaqtyq", "алаяқтық"),
            ("alayaqtyq", "алаяқтық"),
            ("kylmys", "қылмыс"),
            ("qurylys", "құрылыс"),
            ("kúdikti", "күдікті"),
            ("kudikti", "күдікті"),
            ("jeńildik", "жеңілдік"),
            ("o'kim", "өкім"),
            ("зорлык-зомбылык", "зорлық-зомбылық"),
            ("kolonija", "колония"),
            ("Zhambyl", "жамбыл"),
        ] {
            let readings = readings(typed);
            assert!(
                readings.iter().any(|one| one == meant),
                "{typed}: {readings:?}"
            );
        }
    }

    #[test]
    fn what_no_one_would_say_is_not_among_them() {
        let readings = readings("кече");
        assert!(readings.is_empty(), "{readings:?}");
    }

    #[test]
    fn words_with_kazakh_letters_of_mixed_alphabets_or_with_signs_are_left_alone() {
        for word in [
            "қылмыс",
            "кы",
            "правонарушение",
            "COVID-19",
            "12",
            "",
            "кыlmжys",
            "кыл мыс",
        ] {
            assert_eq!(readings(word), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn long_words_have_few_readings_and_none_is_the_word_itself() {
        for word in [
            "агрокурылыстарынын",
            "ауылшаруашылыгындагылардын",
            "prokuraturasynynqyzmetkerlerinin",
        ] {
            let readings = readings(word);
            assert!(
                readings.len() <= MAX_SPELLINGS,
                "{word}: {}",
                readings.len()
            );
            assert!(!readings.iter().any(|one| one == word));
        }
        assert!(!readings("агрокурылыстарынын").is_empty());
    }
}
