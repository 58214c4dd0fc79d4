//! Where sentences end, and where they do not.

use super::split;

#[test]
fn stops_of_abbreviations_and_numbers_do_not_end_a_sentence() {
    for one in [
        "В 2025 г. изъято 14,5 тыс. единиц оружия.",
        "Согласно ст. 274 ч. 2 УК РК ему грозит штраф.",
        "А. Б. Сериков и Ж.К. Омаров пришли.",
        "According to Mr. Brown, 1.5 million people came.",
        "The U.S. Embassy said no.",
        "Ущерб составил 2.5 млн. тенге.",
        "Қалада 5 мың адам, т.б. жиналды.",
        "Дата: 12.03.2026 и 14.03.2026.",
        "1. Общие положения",
        "В г. Алматы открыли школу.",
    ] {
        assert_eq!(
            split(one).len(),
            1,
            "{one}: {:?}",
            split(one).into_iter().map(|r| &one[r]).collect::<Vec<_>>()
        );
    }
}

#[test]
fn sentences_end_at_marks_before_a_beginning() {
    for (text, parts) in [
        ("Изъято 12 единиц. Из них 5 – пистолеты.", 2),
        ("«Всё хорошо!» – сказал он. Потом ушёл.", 2),
        ("It rose in 2025. The police said so.", 2),
        ("Что делать? Никто не знает… Ждём.", 3),
        ("Это было в 2025 г. Полиция подтвердила.", 2),
        ("2 млрд теңге бөлінді. 35 адам ұсталды.", 2),
        ("Заголовок\nПервый абзац. Второй.", 3),
    ] {
        assert_eq!(split(text).len(), parts, "{text}");
    }
}

#[test]
fn ranges_are_trimmed_and_ordered() {
    let text = "  Один.   Два.  ";
    let parts: Vec<_> = split(text).into_iter().map(|r| &text[r]).collect();
    assert_eq!(parts, ["Один.", "Два."]);
}
