//! Brings every way of writing a word to one: case, accents, look-alike letters of the other alphabet, Kazakh in Latin letters.
//!
//! Official statutes are printed with a Latin «i» inside Cyrillic words, social text leaves out the Kazakh letters, and
//! several Latin alphabets are in use. Nothing here knows a word; it only knows letters.

/// Whether a character is a Cyrillic letter.
pub fn is_cyrillic(c: char) -> bool {
    ('\u{0400}'..='\u{052F}').contains(&c)
}

/// Whether a character is a Latin letter, with or without a diacritic.
pub fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{00C0}'..='\u{024F}').contains(&c) || c == 'ə' || c == 'Ə'
}

/// Letters that Kazakh has and Russian has not.
pub fn is_kazakh_letter(c: char) -> bool {
    matches!(
        c,
        'ә' | 'ғ'
            | 'қ'
            | 'ң'
            | 'ө'
            | 'ұ'
            | 'ү'
            | 'һ'
            | 'і'
            | 'Ә'
            | 'Ғ'
            | 'Қ'
            | 'Ң'
            | 'Ө'
            | 'Ұ'
            | 'Ү'
            | 'Һ'
            | 'І'
    )
}

/// The word in lower case with marks removed, composed letters, «ё» as «е», and letters of the other alphabet mended.
pub fn normalise(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{FEFF}' => {}
            '\u{0306}' if out.ends_with('и') => replace_last(&mut out, 'й'),
            '\u{0308}' if out.ends_with('е') => {}
            '\u{0301}' | '\u{0300}' | '\u{0308}' | '\u{0306}' => compose(&mut out, c),
            '’' | 'ʼ' | '‘' | '`' | '\u{02BB}' => out.push('\''),
            '‑' | '‐' => out.push('-'),
            'ё' | 'Ё' => out.push('е'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    // «İ» lowers to «i» and a combining dot, which no list of words has.
    if out.contains('\u{0307}') {
        out.retain(|c| c != '\u{0307}');
    }
    mend(&out)
}

fn replace_last(out: &mut String, c: char) {
    out.pop();
    out.push(c);
}

/// Joins a combining accent to a Latin letter before it; over a Cyrillic letter it is a stress mark and is dropped.
fn compose(out: &mut String, mark: char) {
    let composed = match (out.chars().last(), mark) {
        (Some('a'), '\u{0301}') => 'á',
        (Some('o'), '\u{0301}') => 'ó',
        (Some('u'), '\u{0301}') => 'ú',
        (Some('y'), '\u{0301}') => 'ý',
        (Some('n'), '\u{0301}') => 'ń',
        (Some('g'), '\u{0301}') => 'ǵ',
        (Some('a'), '\u{0308}') => 'ä',
        (Some('o'), '\u{0308}') => 'ö',
        (Some('u'), '\u{0308}') => 'ü',
        (Some('g'), '\u{0306}') => 'ğ',
        _ => return,
    };
    replace_last(out, composed);
}

/// Puts look-alike letters right in a lower-case word that mixes the alphabets; the letters that only one has decide.
fn mend(word: &str) -> String {
    let (mut cyrillic, mut latin, mut only_latin) = (0usize, 0usize, 0usize);
    for c in word.chars() {
        if is_cyrillic(c) {
            cyrillic += 1;
        } else if is_latin(c) {
            latin += 1;
            if to_cyrillic_twin(c).is_none() {
                only_latin += 1;
            }
        }
    }
    if cyrillic == 0 || latin == 0 || word.contains('-') {
        return word.to_owned();
    }
    let only_cyrillic = word
        .chars()
        .filter(|&c| is_cyrillic(c) && to_latin_twin(c).is_none())
        .count();
    if only_latin == 0 && (only_cyrillic > 0 || cyrillic >= latin) {
        word.chars()
            .map(|c| to_cyrillic_twin(c).unwrap_or(c))
            .collect()
    } else if only_cyrillic == 0 {
        word.chars()
            .map(|c| to_latin_twin(c).unwrap_or(c))
            .collect()
    } else {
        word.to_owned()
    }
}

/// The Cyrillic letter that looks like a Latin lower-case one.
fn to_cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'ь',
        'c' => 'с',
        'e' => 'е',
        'ë' => 'е',
        'h' => 'һ',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        'ə' => 'ә',
        'ɵ' => 'ө',
        _ => return None,
    })
}

/// The Latin letter that looks like a Cyrillic lower-case one.
fn to_latin_twin(c: char) -> Option<char> {
    Some(match c {
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'һ' => 'h',
        'і' => 'i',
        'к' => 'k',
        'м' => 'm',
        'о' => 'o',
        'р' => 'p',
        'т' => 't',
        'х' => 'x',
        'у' => 'y',
        'ә' => 'ə',
        _ => return None,
    })
}

/// Which of the Latin alphabets a Kazakh text is written in, as far as its letters tell; they disagree about `u`, `ı`, `i`, `y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatinDesign {
    /// That of 2018, with acutes: `u` is «ұ», `ı` is «и» or «й», `i` is «і».
    Acute,
    /// That of 2021, with breves, cedillas and dots: `u` is «у», `ı` is «і», `i` is «и» or «й».
    Dotted,
    /// That of 2017 with apostrophes, or none at all.
    Plain,
}

impl LatinDesign {
    /// The alphabet of a text.
    pub fn of(text: &str) -> LatinDesign {
        let has = |letters: &str| text.chars().any(|c| letters.contains(c));
        if has("áóúǵńýÁÓÚǴŃÝ") {
            LatinDesign::Acute
        } else if has("äöüūğşñÄÖÜŪĞŞÑ") {
            LatinDesign::Dotted
        } else {
            LatinDesign::Plain
        }
    }
}

/// A lower-case Kazakh word in Latin letters written in Cyrillic. Where the alphabet leaves a letter open, the vowels of the
/// word decide between its readings.
pub fn kazakh_latin_to_cyrillic(word: &str, design: LatinDesign) -> String {
    let chars: Vec<char> = word.chars().collect();
    let (acute, dotted) = (design == LatinDesign::Acute, design == LatinDesign::Dotted);
    let mut out = String::with_capacity(word.len() * 2);
    let mut i = 0;
    while i < chars.len() {
        let next = chars.get(i + 1).copied().unwrap_or('\0');
        let (letters, used) = match (chars[i], next) {
            ('s', 'h') => ("ш", 2),
            ('c', 'h') => ("ч", 2),
            ('z', 'h') => ("ж", 2),
            ('k', 'h') => ("х", 2),
            ('g', 'h') => ("ғ", 2),
            ('n', 'g') if !next_is_vowel(&chars, i + 2) => ("ң", 2),
            ('a', '\'') | ('á' | 'ä' | 'ə', _) => ("ә", 1 + usize::from(next == '\'')),
            ('o', '\'') | ('ó' | 'ö', _) => ("ө", 1 + usize::from(next == '\'')),
            ('u', '\'') | ('ú' | 'ü', _) => ("ү", 1 + usize::from(next == '\'')),
            ('g', '\'') | ('ǵ' | 'ğ', _) => ("ғ", 1 + usize::from(next == '\'')),
            ('n', '\'') | ('ń' | 'ñ', _) => ("ң", 1 + usize::from(next == '\'')),
            ('s', '\'') | ('ş', _) => ("ш", 1 + usize::from(next == '\'')),
            ('ū', _) => ("ұ", 1),
            ('ý', _) => ("у", 1),
            ('w', _) => ("у", 1),
            ('y', '\'') => ("у", 2),
            ('u', _) if dotted => ("у", 1),
            ('u', _) => (if after_vowel(&out) { "у" } else { "ұ" }, 1),
            ('y', _) if dotted => ("ы", 1),
            ('y', _) => (if after_vowel(&out) { "й" } else { "ы" }, 1),
            ('ı', _) if dotted => ("і", 1),
            ('ı', _) if after_vowel(&out) => ("й", 1),
            ('ı', _) => (if acute { "и" } else { "ы" }, 1),
            ('i', _) if after_vowel(&out) => ("й", 1),
            ('i', _) => (if dotted { "и" } else { "і" }, 1),
            ('j', _) => ("ж", 1),
            ('q', _) => ("қ", 1),
            ('c', _) => ("к", 1),
            ('x', _) => ("кс", 1),
            (c, _) => {
                match single(c) {
                    Some(letter) => out.push(letter),
                    None => out.push(c),
                }
                i += 1;
                continue;
            }
        };
        out.push_str(letters);
        i += used;
    }
    out
}

fn next_is_vowel(chars: &[char], i: usize) -> bool {
    chars.get(i).is_some_and(|c| "aeiouyáóúäöüūı".contains(*c))
}

fn after_vowel(out: &str) -> bool {
    out.chars()
        .last()
        .is_some_and(|c| "аәеоөұүыіиу".contains(c))
}

fn single(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'б',
        'd' => 'д',
        'e' => 'е',
        'f' => 'ф',
        'g' => 'г',
        'h' => 'х',
        'k' => 'к',
        'l' => 'л',
        'm' => 'м',
        'n' => 'н',
        'o' => 'о',
        'p' => 'п',
        'r' => 'р',
        's' => 'с',
        't' => 'т',
        'v' => 'в',
        'z' => 'з',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_look_alikes_inside_cyrillic_words_are_mended() {
        assert_eq!(normalise("енгiзiлу"), "енгізілу");
        assert_eq!(normalise("Қaзaқстан"), "қазақстан");
        assert_eq!(normalise("cчёт"), "счет");
        assert_eq!(normalise("Тelegram"), "telegram");
    }

    #[test]
    fn kazakh_in_latin_letters_reads_as_cyrillic() {
        for (latin, cyrillic) in [
            ("qazaqstan", "қазақстан"),
            ("myń", "мың"),
            ("jüz", "жүз"),
            ("júz", "жүз"),
            ("qylmys", "қылмыс"),
            ("jyldyń", "жылдың"),
            ("adam", "адам"),
        ] {
            let design = LatinDesign::of(latin);
            assert_eq!(kazakh_latin_to_cyrillic(latin, design), cyrillic);
        }
    }

    #[test]
    fn the_alphabet_of_a_text_decides_what_its_letters_are() {
        let written = "Tıl turaly oqulyq şyqty, jurnalister kitapty oqidy";
        let design = LatinDesign::of(written);
        assert_eq!(design, LatinDesign::Dotted);
        for (latin, cyrillic) in [
            ("tıl", "тіл"),
            ("oqulyq", "оқулық"),
            ("jurnalister", "журналистер"),
            ("älıpbi", "әліпби"),
            ("qoi", "қой"),
        ] {
            assert_eq!(kazakh_latin_to_cyrillic(latin, design), cyrillic);
        }
        let design = LatinDesign::of("Alaıaqtyq týraly málimet");
        assert_eq!(design, LatinDesign::Acute);
        assert_eq!(kazakh_latin_to_cyrillic("qoı", design), "қой");
        assert_eq!(kazakh_latin_to_cyrillic("qurylys", design), "құрылыс");
    }
}
