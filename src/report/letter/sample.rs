//! A fictional case as a letter tells it, so that a template can be read with values before any real letter is written.

use crate::language::Language;
use crate::model::letter::{
    Attachment, DeadlineRow, DifferenceRow, LetterFacts, Page, Party, Passage, Proposed, RouteWords,
};

/// Words in Kazakh, Russian and English.
type Three = [&'static str; 3];

/// The letter of a fictional case, with a route in words. Where it is not `is_full`, everything that a letter may lack is missing.
pub fn sample(language: Language, route: RouteWords, is_full: bool) -> LetterFacts {
    let say = |words: Three| words[language as usize].to_owned();
    let may = |words: Three| if is_full { say(words) } else { String::new() };
    let agency = [
        "Мысал агенттігі",
        "Агентство «Пример»",
        "The Example Agency",
    ];
    let outlet = ["«Мысал» газеті", "Газета «Пример»", "The Example Gazette"];
    let date = ["2026 жылғы 3 наурыз", "3 марта 2026 года", "3 March 2026"];
    let page = |source: Three,
                title: Three,
                url: &str,
                (before, differs, after): (Three, Three, Three)| Page {
        source: say(source),
        title: say(title),
        url: url.to_owned(),
        section: may(["Жаңалықтар", "Новости", "News"]),
        authors: may(["А. Үлгі", "А. Образцов", "A. Sample"]),
        language: say(["қазақ", "русский", "English"]),
        published: say(date),
        captured_at: say([
            "2026 жылғы 3 наурыз, 10:00",
            "3 марта 2026 года, 10:00",
            "3 March 2026, 10:00",
        ]),
        sha256: "0".repeat(64),
        place: say(["екінші абзац", "второй абзац", "second paragraph"]),
        before: say(before),
        differs: say(differs),
        after: say(after),
        is_superseded: is_full,
    };
    let claimed = ["12 %", "12 %", "12%"];
    let official = ["7,5 %", "7,5 %", "7.5%"];
    let before = ["Тариф ", "Тариф вырос на ", "The tariff rose by "];
    let after = [" өсті.", ".", "."];
    let title = ["Тариф өсті", "Тариф вырос", "The tariff rose"];
    let publication = page(
        outlet,
        title,
        "https://outlet.example/1",
        (before, claimed, after),
    );
    LetterFacts {
        number: "2026-0001".to_owned(),
        date: say(date),
        addressee: Party {
            name: say(outlet),
            person: may([
                "Бас редакторға",
                "Главному редактору",
                "To the editor-in-chief",
            ]),
            address: may([
                "Астана қаласы, Үлгі көшесі, 1",
                "г. Астана, ул. Образцовая, 1",
                "1 Sample Street, Astana",
            ]),
            email: if is_full { "editor@outlet.example" } else { "" }.to_owned(),
            ..Party::default()
        },
        applicant: Party {
            name: say(agency),
            bin: may(["000000000000", "000000000000", "000000000000"]),
            representative: may(["Б. Мысалов", "Б. Примеров", "B. Example"]),
            position: may(["баспасөз хатшысы", "пресс-секретарь", "press secretary"]),
            authority: may(["№ 1 бұйрық", "приказ № 1", "order No. 1"]),
            address: may(["Астана қаласы", "г. Астана", "Astana"]),
            phone: may(["+7 000 000 00 00", "+7 000 000 00 00", "+7 000 000 00 00"]),
            email: if is_full { "press@agency.example" } else { "" }.to_owned(),
            ..Party::default()
        },
        route,
        passage: Passage {
            before: publication.before.clone(),
            differs: publication.differs.clone(),
            after: publication.after.clone(),
            place: publication.place.clone(),
        },
        publication,
        record: page(
            agency,
            [
                "Ресми хабарлама",
                "Официальное сообщение",
                "Official statement",
            ],
            "https://agency.example/1",
            (before, official, after),
        ),
        differences: vec![DifferenceRow {
            slot: say(["қанша", "сколько", "how much"]),
            claimed: say(claimed),
            official: say(official),
            note: may([
                "4,5 пайыздық тармаққа көп",
                "на 4,5 п. п. больше",
                "4.5 percentage points more",
            ]),
            ..DifferenceRow::default()
        }],
        copies: match is_full {
            true => vec![Party {
                name: say(["«Көшірме» порталы", "Портал «Копия»", "The Copy Portal"]),
                url: "https://copy.example/2".to_owned(),
                ..Party::default()
            }],
            false => Vec::new(),
        },
        proposed: Proposed {
            text: say([
                "Тариф 7,5 % өсті.",
                "Тариф вырос на 7,5 %.",
                "The tariff rose by 7.5%.",
            ]),
            n_chars: 21,
            most_chars: 41,
        },
        deadlines: vec![DeadlineRow {
            name: say(["Жауап мерзімі", "Срок ответа", "Answer"]),
            due: say([
                "2026 жылғы 11 наурыз",
                "11 марта 2026 года",
                "11 March 2026",
            ]),
            arithmetic: say([
                "2026 жылғы 3 наурыз + 5 жұмыс күні",
                "3 марта 2026 года + 5 рабочих дней",
                "3 March 2026 + 5 working days",
            ]),
            basis: say(["мысал", "пример", "an example"]),
        }],
        is_received_assumed: is_full,
        attachments: ["publication", "record"]
            .map(|kind| Attachment {
                kind: kind.to_owned(),
                url: format!("https://{kind}.example/1"),
                captured_at: say(date),
                sha256: "0".repeat(64),
            })
            .to_vec(),
        is_drafted_by_program: is_full,
        case_id: "case-0".to_owned(),
        program: concat!("Aigaq ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}
