//! Recognises what an editor writes about an earlier version: that it was corrected, and sentences that only repeat it to take it back.
//!
//! The lists are phrases as they are printed, in lower case. A line counts as a note only where the revision before did not have it.

/// Words of which a note about a correction has one.
const NOTES: &[&str] = &[
    // Russian
    "исправлен",
    "уточнен",
    "уточнён",
    "по уточн",
    "обновлено",
    "поправка",
    "от редакции",
    "извинени",
    "опечатк",
    "материал дополнен",
    "опроверг",
    // Kazakh
    "түзету",
    "түзетіл",
    "жаңартылды",
    "нақтылан",
    "редакциядан",
    "кешірім сұра",
    "жоққа шығар",
    // English
    "correction",
    "corrected",
    "updated:",
    "update:",
    "clarification",
    "editor's note",
    "editor’s note",
    "amended",
    "we regret",
    "retracted",
];

/// Words of which a sentence that repeats an earlier version to take it back has one.
const RETRACTIONS: &[&str] = &[
    // Russian
    "в первой версии",
    "в первоначальной версии",
    "в предыдущей версии",
    "в прежней версии",
    "ранее в материале",
    "ранее в тексте",
    "ранее сообщалось",
    "ранее мы сообщ",
    "ранее было указано",
    "ранее была указана",
    "была указана неверно",
    "было указано неверно",
    "ошибочно",
    "не соответствует действительности",
    "не соответствуют действительности",
    "опроверг",
    // Kazakh
    "алғашқы нұсқа",
    "бастапқы нұсқа",
    "алдыңғы нұсқа",
    "қате жазыл",
    "қате көрсетіл",
    "бұған дейін жазыл",
    "жоққа шығар",
    "шындыққа сәйкес келмейді",
    "жалған екен",
    "жалған болып",
    // English
    "earlier version",
    "previous version",
    "first version",
    "previously stated",
    "previously said",
    "wrongly stated",
    "incorrectly stated",
    "incorrectly said",
    "mistakenly",
    "is not true",
    "are not true",
    "was denied",
    "has denied",
];

/// Whether a line tells of a correction.
pub(super) fn tells_of_correction(line: &str) -> bool {
    let line = line.to_lowercase();
    has_one(&line, NOTES) || has_one(&line, RETRACTIONS)
}

/// Whether a sentence repeats something only to take it back or to deny it.
pub(super) fn takes_back(sentence: &str) -> bool {
    has_one(&sentence.to_lowercase(), RETRACTIONS)
}

fn has_one(line: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| line.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_from_news_in_three_languages() {
        let notes = [
            "От редакции: в первой версии материала были переставлены цифры.",
            "Материал исправлен: ранее сумма была указана в миллионах.",
            "Түзету: алғашқы нұсқада қате жазылған.",
            "Жаңартылды: сан туралы сөйлем түзетілді.",
            "Correction: an earlier version of this article gave another figure.",
        ];
        for note in notes {
            assert!(tells_of_correction(note), "{note}");
        }
        let news = [
            "Редакция направила запрос в комитет.",
            "В области зарегистрировано 90 краж.",
            "Облыста 90 ұрлық тіркелді.",
            "The committee registered 90 thefts.",
        ];
        for line in news {
            assert!(!tells_of_correction(line), "{line}");
        }
    }

    #[test]
    fn what_repeats_an_error_to_take_it_back_is_told_from_the_error() {
        assert!(takes_back("Ранее в материале было указано 90 краж."));
        assert!(takes_back(
            "An earlier version said that 90 thefts were registered."
        ));
        assert!(takes_back("Алғашқы нұсқада 90 ұрлық деп қате жазылған."));
        assert!(!takes_back(
            "По уточнённым данным, зарегистрировано 40 краж."
        ));
        assert!(!takes_back("Зарегистрировано 90 краж."));
    }
}
