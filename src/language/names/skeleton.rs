//! Turns a surname, in any case ending, script and transliteration, into the one skeleton by which persons are compared.
//!
//! Жумагулов, Жұмағұловтың, Джумагуловой and Zhumagulov all give `jomagolov`; Джумагалиев gives `jomagaliv`.
//! Consonants that transliterations confuse fall together, vowels keep three classes (a, o, i), doubled
//! letters count once.

/// Endings of Russian cases that may follow a surname on -ов, -ев, -ин, longest first.
const RUSSIAN_ENDINGS: [&str; 9] = ["ыми", "ому", "ого", "ой", "ою", "ым", "ых", "ом", "ем"];

/// Vowel endings of Russian cases.
const RUSSIAN_VOWELS: [char; 5] = ['а', 'у', 'е', 'ы', 'ю'];

/// Endings of Kazakh cases, longest first.
const KAZAKH_ENDINGS: [&str; 34] = [
    "ның", "нің", "дың", "дің", "тың", "тің", "нан", "нен", "дан", "ден", "тан", "тен", "мен",
    "бен", "пен", "нда", "нде", "ға", "ге", "қа", "ке", "на", "не", "ны", "ні", "ды", "ді", "ты",
    "ті", "да", "де", "та", "те", "н",
];

/// What surnames of the region end in, in the nominative.
const SURNAME_ENDS: [&str; 22] = [
    "ов",
    "ев",
    "ёв",
    "ин",
    "ын",
    "ова",
    "ева",
    "ёва",
    "ина",
    "ына",
    "ұлы",
    "улы",
    "қызы",
    "кызы",
    "ский",
    "ская",
    "цкий",
    "цкая",
    "енко",
    "ская",
    "швили",
    "дзе",
];

/// What surnames of the region end in, in Latin letters.
const LATIN_SURNAME_ENDS: [&str; 20] = [
    "ov", "ev", "yov", "in", "yn", "ova", "eva", "yova", "ina", "yna", "uly", "kyzy", "qyzy",
    "sky", "skiy", "skaya", "skaia", "enko", "shvili", "idze",
];

/// A surname in lower case without its case ending, where one can be told.
pub(super) fn without_ending(lower: &str) -> String {
    if lower.chars().any(|c| c.is_ascii_alphabetic()) {
        let plain = lower
            .strip_suffix("'s")
            .or_else(|| lower.strip_suffix("’s"));
        return plain.unwrap_or(lower).to_owned();
    }
    if is_surname(lower) {
        return masculine(lower).to_owned();
    }
    let endings = KAZAKH_ENDINGS.iter().chain(&RUSSIAN_ENDINGS);
    for ending in endings {
        if let Some(stem) = lower.strip_suffix(ending)
            && is_surname(stem)
        {
            return masculine(stem).to_owned();
        }
    }
    if let Some(stem) = lower.strip_suffix(RUSSIAN_VOWELS)
        && is_surname(stem)
    {
        return masculine(stem).to_owned();
    }
    for (oblique, nominative) in [
        ("ского", "ский"),
        ("скому", "ский"),
        ("ским", "ский"),
        ("ском", "ский"),
        ("ской", "ский"),
        ("скую", "ский"),
    ] {
        if let Some(stem) = lower.strip_suffix(oblique) {
            return format!("{stem}{nominative}");
        }
    }
    KAZAKH_ENDINGS
        .iter()
        .chain(&RUSSIAN_ENDINGS)
        .find_map(|ending| {
            lower
                .strip_suffix(ending)
                .filter(|stem| stem.chars().count() >= 5)
        })
        .unwrap_or(lower)
        .to_owned()
}

/// The masculine form of a surname on -ова, -ева, -ина.
fn masculine(surname: &str) -> &str {
    let feminine = ["ова", "ева", "ёва", "ина", "ына"];
    if feminine.iter().any(|end| surname.ends_with(end)) {
        surname.strip_suffix('а').unwrap_or(surname)
    } else {
        surname
    }
}

/// Whether a lower-case nominative ends as surnames of the region do.
pub(super) fn is_surname(lower: &str) -> bool {
    let ends: &[&str] = if lower.chars().any(|c| c.is_ascii_alphabetic()) {
        &LATIN_SURNAME_ENDS
    } else {
        &SURNAME_ENDS
    };
    ends.iter().any(|end| {
        lower
            .strip_suffix(end)
            .is_some_and(|stem| stem.chars().count() >= 2)
    })
}

/// Whether a word is a surname of the region in any case.
pub(super) fn may_be_surname(lower: &str) -> bool {
    is_surname(lower) || is_surname(&without_ending(lower))
}

/// Whether a word is a patronymic in any case: «Иванович», «Болатовна», «Асанұлы» after two other names.
pub(super) fn is_patronymic(lower: &str) -> bool {
    const MARKS: [&str; 9] = [
        "ович", "евич", "овна", "евна", "овны", "евны", "ovich", "evich", "ovna",
    ];
    const TAILS: [&str; 4] = ["ұлы", "қызы", "uly", "kyzy"];
    MARKS.iter().any(|mark| lower.contains(mark))
        || TAILS
            .iter()
            .any(|tail| without_ending(lower).ends_with(tail))
}

/// The skeleton of a name in lower case, its ending already cut off.
pub(super) fn skeleton(lower: &str) -> String {
    let mut latin = String::with_capacity(lower.len());
    for letter in lower.chars() {
        latin.push_str(romanised(letter));
    }
    let latin = if latin.ends_with("ova") || latin.ends_with("eva") || latin.ends_with("ina") {
        &latin[..latin.len() - 1]
    } else {
        &latin
    };
    let mut out = String::with_capacity(latin.len());
    let mut rest = latin;
    while let Some(first) = rest.chars().next() {
        let (class, len) = sound(rest, first);
        if let Some(class) = class
            && !out.ends_with(class)
        {
            out.push(class);
        }
        rest = &rest[len..];
    }
    out
}

/// The sound class at the start of `rest`, and how many bytes it takes; `None` for what is not heard.
fn sound(rest: &str, first: char) -> (Option<char>, usize) {
    const GROUPS: [(&str, char); 16] = [
        ("dzh", 'j'),
        ("dj", 'j'),
        ("zh", 'j'),
        ("shch", 'x'),
        ("sch", 'x'),
        ("sh", 'x'),
        ("ch", 'c'),
        ("kh", 'h'),
        ("gh", 'g'),
        ("ph", 'f'),
        ("ts", 'z'),
        ("tz", 'z'),
        ("ng", 'n'),
        ("ck", 'k'),
        ("iy", 'i'),
        ("yi", 'i'),
    ];
    if let Some((group, class)) = GROUPS.iter().find(|(group, _)| rest.starts_with(group)) {
        return (Some(*class), group.len());
    }
    let next = rest[first.len_utf8()..].chars().next();
    let class = match first {
        // A glide before a vowel is written or not: Aliyev, Aliev; Токаев, Tokayev.
        'y' if next.is_some_and(|c| "aeiou".contains(c)) => None,
        'a' => Some('a'),
        'o' | 'u' => Some('o'),
        'e' | 'i' | 'y' => Some('i'),
        'q' => Some('k'),
        'w' => Some('v'),
        'c' => Some('k'),
        letter if letter.is_ascii_alphabetic() => Some(letter),
        _ => None,
    };
    (class, first.len_utf8())
}

/// A Cyrillic or Kazakh Latin letter in plain Latin ones.
fn romanised(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' | 'ä' | 'á' | 'a' => "a",
        'б' | 'b' => "b",
        'в' | 'v' => "v",
        'г' | 'ғ' | 'ğ' | 'ǵ' | 'g' => "g",
        'д' | 'd' => "d",
        'е' | 'ё' | 'э' | 'e' => "e",
        'ж' => "zh",
        'j' => "zh",
        'з' | 'z' => "z",
        'и' | 'і' | 'ы' | 'i' | 'ı' => "i",
        'й' | 'y' | 'ý' => "y",
        'к' | 'қ' | 'k' => "k",
        'л' | 'l' => "l",
        'м' | 'm' => "m",
        'н' | 'n' => "n",
        'ң' | 'ñ' | 'ń' => "n",
        'о' | 'ө' | 'ö' | 'ó' | 'o' => "o",
        'п' | 'p' => "p",
        'р' | 'r' => "r",
        'с' | 's' => "s",
        'т' | 't' => "t",
        'у' | 'ұ' | 'ү' | 'ü' | 'ū' | 'ú' | 'u' => "u",
        'ф' | 'f' => "f",
        'х' | 'һ' | 'h' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'ş' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'c' => "c",
        'q' => "k",
        'w' => "w",
        'x' => "ks",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{is_patronymic, may_be_surname, skeleton, without_ending};

    fn of(name: &str) -> String {
        skeleton(&without_ending(&name.to_lowercase()))
    }

    #[test]
    fn one_surname_has_one_skeleton_in_every_script_and_case() {
        let people: [&[&str]; 8] = [
            &[
                "Жумагулов",
                "Джумагулов",
                "Жұмағұлов",
                "Zhumagulov",
                "Jumagulov",
                "Dzhumagulov",
                "Жумагуловой",
                "Жұмағұловтың",
                "Жумагуловым",
                "Жұмағұловқа",
                "Zhumagulov's",
                "Жумагулова",
            ],
            &[
                "Әлиев",
                "Алиев",
                "Aliyev",
                "Aliev",
                "Алиевым",
                "Әлиевтің",
                "Алиева",
            ],
            &[
                "Ергалиев",
                "Ерғалиев",
                "Yergaliyev",
                "Ergaliev",
                "Ергалиеву",
            ],
            &[
                "Теңізбаев",
                "Тенизбаев",
                "Tengizbayev",
                "Тенгизбаев",
                "Теңізбаевтан",
            ],
            &[
                "Қасымханов",
                "Касымханов",
                "Kassymkhanov",
                "Qasymhanov",
                "Касымханове",
            ],
            &["Юсупов", "Yusupov"],
            &["Щербинский", "Щербинского", "Shcherbinskiy"],
            &["Сәрсенұлы", "Сарсенулы", "Sarsenuly"],
        ];
        for names in people {
            for name in names {
                assert_eq!(of(name), of(names[0]), "{name}");
            }
        }
    }

    #[test]
    fn surnames_that_differ_keep_apart() {
        for (left, right) in [
            ("Жумагулов", "Джумагалиев"),
            ("Омаров", "Амиров"),
            ("Касымов", "Касенов"),
            ("Сергалиев", "Сергазиев"),
            ("Ахметов", "Ахмедов"),
        ] {
            assert_ne!(of(left), of(right), "{left} {right}");
        }
    }

    #[test]
    fn surnames_and_patronymics_are_told_by_their_ends() {
        for word in [
            "сергалиев",
            "сергалиевой",
            "жұмағұловтың",
            "zhumagulova",
            "асанұлы",
        ] {
            assert!(may_be_surname(word), "{word}");
        }
        for word in ["департамент", "полиция", "police"] {
            assert!(!may_be_surname(word), "{word}");
        }
        assert!(is_patronymic("болатович") && is_patronymic("серікқызының"));
    }
}
