//! Tells which of the three languages a text is in: by letters first, by the commonest words and endings where letters do not decide.
//!
//! Kazakh has nine letters that Russian has not, and about every second Kazakh word has one. A Russian sentence may still
//! carry a Kazakh name, so words are counted, not letters.

use super::Language;
use super::scripts::{is_cyrillic, is_kazakh_letter, is_latin, normalise};

/// Words of Russian that Kazakh text does not have.
const RUSSIAN_WORDS: &str = " и в на не что с со по за из от до для как это был была было были при также или о об к у их его ее он она они мы вы я а но же ли бы к ко во чем том этот эта эти который которая которые которых году года лет после между более всего уже еще только под без нет да если когда чтобы все всех может через тысяч тысячи тыс тенге полтора полторы два две три четыре пять шесть семь восемь девять десять сто двести ";
/// Words of Kazakh that have no letter of its own.
const KAZAKH_WORDS: &str = " мен пен бен адам бар бойынша болды болып болған жыл жылы жылдан ал да де та те бул бұл сол бір ол олар оларды едi еді деп деген дейді саны адамнан адамды кейін аса астам ауданы жоспар болады ай айда жасалды полицей орын алды облыс облысы облысының облысында облысынан облысына облыстық аудан ауданының ауданында туралы басты алып барып берді ";
/// The commonest words of English.
const ENGLISH_WORDS: &str = " the of and in to a is was were for on that by with from at as it are be has have had this an said or not which who their its than more will been after last year people were ";
/// Kazakh words as they look in Latin letters of the several designs.
const LATIN_KAZAKH_WORDS: &str = " jáne jane zhane jäne men pen ben bul būl úshin üshin üşin ushin jyl jyly jyldyń jyldyñ adam boldy bolady dep degen edi eken boıynsha boyynsha boiynsha týraly turaly qazaqstan qazaq qylmys qylmystyq myń myñ teńge teñge bar joq emes bolyp el eldiń ol olar bir eki úsh üş ";

#[derive(Debug, Default)]
struct Votes {
    words: usize,
    cyrillic: usize,
    latin: usize,
    kazakh: usize,
    russian: usize,
    english: usize,
    latin_kazakh: usize,
}

/// The language of a whole text; `None` when it has no words.
pub fn language(text: &str) -> Option<Language> {
    language_within(text, None)
}

/// The language of a text that stands in a publication whose language is known: a label of a table, «Атырау облысы», may
/// have no letter that tells. `None` when it has no words.
pub fn language_within(text: &str, publication: Option<Language>) -> Option<Language> {
    let votes = count(text);
    (votes.words > 0).then(|| decide(&votes, publication))
}

/// The language of one sentence inside a text whose language is `document`.
pub fn sentence_language(sentence: &str, document: Language) -> Language {
    let votes = count(sentence);
    if votes.words == 0 {
        document
    } else {
        decide(&votes, Some(document))
    }
}

/// Whether a sentence of Kazakh is written in Latin letters.
pub fn is_latin_script(sentence: &str) -> bool {
    let (mut latin, mut cyrillic) = (0usize, 0usize);
    for c in sentence.chars() {
        latin += usize::from(is_latin(c));
        cyrillic += usize::from(is_cyrillic(c));
    }
    latin > cyrillic
}

fn count(text: &str) -> Votes {
    let mut votes = Votes::default();
    for raw in text.split(|c: char| !c.is_alphabetic() && c != '\u{0301}' && c != '\u{0308}') {
        if raw.is_empty() {
            continue;
        }
        let word = normalise(raw);
        votes.words += 1;
        if word.chars().any(is_cyrillic) {
            votes.cyrillic += 1;
            if word.chars().any(is_kazakh_letter) || listed(KAZAKH_WORDS, &word) {
                votes.kazakh += 1;
            } else if listed(RUSSIAN_WORDS, &word) || looks_russian(&word) {
                votes.russian += 1;
            }
        } else if word.chars().any(is_latin) {
            votes.latin += 1;
            if listed(LATIN_KAZAKH_WORDS, &word) || looks_latin_kazakh(&word) {
                votes.latin_kazakh += 1;
            } else if listed(ENGLISH_WORDS, &word) {
                votes.english += 1;
            }
        }
    }
    votes
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|entry| entry == word)
}

/// Endings that are Russian and not Kazakh, on words long enough to have one.
fn looks_russian(word: &str) -> bool {
    const ENDINGS: [&str; 24] = [
        "ого", "его", "ому", "ему", "ыми", "ими", "ых", "их", "ая", "яя", "ое", "ее", "ые", "ие",
        "ой", "ть", "ся", "ость", "ами", "ями", "ах", "ях", "ов", "ев",
    ];
    word.chars().count() > 3
        && (word.contains('щ')
            || word.contains('ъ')
            || ENDINGS.iter().any(|ending| word.ends_with(ending)))
}

fn looks_latin_kazakh(word: &str) -> bool {
    word.chars().any(|c| {
        matches!(
            c,
            'ǵ' | 'ń' | 'ğ' | 'ş' | 'ñ' | 'ū' | 'ı' | 'ə' | 'á' | 'ú' | 'ó' | 'ä' | 'ö' | 'ü'
        )
    }) || (word.contains('q') && !word.contains("qu") && word.chars().count() > 1)
}

fn decide(votes: &Votes, document: Option<Language>) -> Language {
    if votes.latin > votes.cyrillic {
        // A foreign name in an English sentence has marks too; a Kazakh sentence has them in every second word.
        let kazakh = votes.latin_kazakh * 4 >= votes.latin && votes.latin_kazakh > votes.english;
        return match document {
            _ if kazakh => Language::Kk,
            Some(Language::Kk) if votes.english == 0 => Language::Kk,
            Some(Language::Ru) if votes.english == 0 && votes.latin < 4 => Language::Ru,
            _ => Language::En,
        };
    }
    if votes.cyrillic == 0 {
        return document.unwrap_or(Language::Ru);
    }
    if votes.kazakh > votes.russian {
        Language::Kk
    } else if votes.russian > votes.kazakh {
        Language::Ru
    } else {
        match document {
            Some(language @ (Language::Kk | Language::Ru)) => language,
            _ => Language::Ru,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_common_words_tell_the_language() {
        for (text, expected) in [
            ("Президент подписал закон", Language::Ru),
            ("ҚР Премьер-министрі Астанада", Language::Kk),
            ("В городе Қонаев открыли школу", Language::Ru),
            ("Полиция 33 адамды тапты", Language::Kk),
            ("The police detained 12 people in Qonaev", Language::En),
            ("Bul jyly qylmys sany azaıdy", Language::Kk),
            ("Qazaqstanda 12 myń adam úshin", Language::Kk),
            ("Атырау облысы", Language::Kk),
            ("Атырауская область", Language::Ru),
        ] {
            assert_eq!(language(text), Some(expected), "{text}");
        }
        assert_eq!(language("12 345 – 17 %"), None);
    }

    #[test]
    fn a_sentence_without_signs_takes_the_language_of_its_document() {
        assert_eq!(sentence_language("Полиция.", Language::Kk), Language::Kk);
        assert_eq!(sentence_language("2025", Language::En), Language::En);
        let within = |text, language| language_within(text, Some(language));
        assert_eq!(within("Полиция", Language::Kk), Some(Language::Kk));
        assert_eq!(within("Полиция", Language::Ru), Some(Language::Ru));
        assert_eq!(within("Қала полициясы", Language::Ru), Some(Language::Kk));
    }
}
