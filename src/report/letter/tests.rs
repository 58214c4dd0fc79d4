//! Letters on the page: what is crawled stays text, a wrong template is told by its line, every form holds every word.

use std::collections::BTreeMap;
use std::io::Read as _;

use proptest::prelude::*;

use super::markup::{Span, blocks, escaped, plain};
use super::*;
use crate::model::letter::{
    Attachment, DeadlineRow, DifferenceRow, LetterFacts, Page, Party, Passage, Proposed, RouteWords,
};

/// A letter whose every value is a word of its own, so that a missing one is seen.
fn facts(hostile: &str) -> LetterFacts {
    let word = |word: &str| format!("{word}{hostile}");
    let page = |of: &str| Page {
        source: word(&format!("{of}-source")),
        title: word(&format!("{of}-title")),
        url: format!("https://{of}.example/1"),
        section: word("section"),
        authors: word("authors"),
        language: word("language"),
        published: word("published"),
        captured_at: word("captured"),
        sha256: word(&format!("{of}-digest")),
        place: word("place"),
        before: word("before"),
        differs: word("differs"),
        after: word("after"),
        is_superseded: true,
    };
    let party = |of: &str| Party {
        name: word(&format!("{of}-name")),
        person: word(&format!("{of}-person")),
        address: word(&format!("{of}-address")),
        email: word(&format!("{of}-mail")),
        phone: word(&format!("{of}-phone")),
        bin: word(&format!("{of}-bin")),
        representative: word(&format!("{of}-representative")),
        position: word(&format!("{of}-position")),
        authority: word(&format!("{of}-authority")),
        url: format!("https://{of}.example/2"),
    };
    LetterFacts {
        number: word("2026-0001"),
        date: word("date"),
        addressee: party("addressee"),
        applicant: party("applicant"),
        route: RouteWords {
            id: "reply".to_owned(),
            title: word("route-title"),
            heading: word("route-heading"),
            basis: word("route-basis"),
            request: word("route-request"),
        },
        publication: page("publication"),
        passage: Passage {
            before: word("passage-before"),
            differs: word("passage-differs"),
            after: word("passage-after"),
            place: word("passage-place"),
        },
        record: page("record"),
        differences: vec![DifferenceRow {
            slot: word("slot"),
            claimed: word("claimed"),
            official: word("official"),
            note: word("note"),
            ..DifferenceRow::default()
        }],
        copies: vec![party("copy")],
        proposed: Proposed {
            text: word("proposed"),
            n_chars: 41,
            most_chars: 97,
        },
        deadlines: vec![DeadlineRow {
            name: word("clock"),
            due: word("due"),
            arithmetic: word("arithmetic"),
            basis: word("clock-basis"),
        }],
        is_received_assumed: true,
        attachments: vec![Attachment {
            kind: "publication".to_owned(),
            url: "https://attached.example/3".to_owned(),
            captured_at: word("attached-at"),
            sha256: word("attached-digest"),
        }],
        is_drafted_by_program: true,
        case_id: "case-1".to_owned(),
        program: "Aigaq 0".to_owned(),
    }
}

/// Words that every letter shows, whatever its language and form.
const WORDS: [&str; 33] = [
    "2026-0001",
    "date",
    "addressee-name",
    "addressee-person",
    "addressee-address",
    "applicant-name",
    "applicant-bin",
    "applicant-representative",
    "applicant-authority",
    "route-heading",
    "route-basis",
    "route-request",
    "publication-title",
    "https://publication.example/1",
    "section",
    "authors",
    "published",
    "passage-before",
    "passage-differs",
    "passage-after",
    "record-source",
    "record-title",
    "https://record.example/1",
    "differs",
    "slot",
    "claimed",
    "official",
    "note",
    "proposed",
    "clock",
    "arithmetic",
    "attached-digest",
    "case-1",
];

fn leaves(templates: &Templates, facts: &LetterFacts, languages: &[Language]) -> Vec<Leaf> {
    let texts = languages
        .iter()
        .map(|language| templates.fill(facts, *language).unwrap());
    texts.map(|text| Leaf::of(&text)).collect()
}

/// The text of the document part.
fn document(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn every_form_in_every_language_holds_all_that_a_letter_says() {
    let templates = Templates::with(&BTreeMap::new()).unwrap();
    let facts = facts("");
    for languages in [
        &[Language::Kk][..],
        &[Language::Ru],
        &[Language::En],
        &[Language::Kk, Language::Ru],
    ] {
        let leaves = leaves(&templates, &facts, languages);
        for (form, shown) in [
            ("text", text(&leaves)),
            ("html", html(&leaves)),
            ("docx", document(&docx(&leaves).unwrap())),
        ] {
            for word in WORDS {
                let n = shown.matches(word).count();
                assert!(
                    n >= languages.len(),
                    "{word} stands {n} times in {form} {languages:?}:\n{shown}"
                );
            }
        }
    }
}

#[test]
fn what_was_crawled_is_never_markup_nor_code() {
    let hostile = " **x** | y | z\n# title\n@ right\u{2028}> q <script>alert(1)</script> {{ 7*7 }} {% if %} & \\ \u{1}";
    let templates = Templates::with(&BTreeMap::new()).unwrap();
    let plain_blocks = leaves(&templates, &facts(""), &[Language::Ru]);
    let leaves = leaves(&templates, &facts(hostile), &[Language::Ru]);
    let kinds = |leaf: &Leaf| -> Vec<std::mem::Discriminant<Block>> {
        leaf.blocks.iter().map(std::mem::discriminant).collect()
    };
    assert_eq!(
        kinds(&plain_blocks[0]),
        kinds(&leaves[0]),
        "no value makes or breaks a block"
    );
    let page = html(&leaves);
    assert!(
        !page.contains("<script") && page.contains("&lt;script&gt;"),
        "{page}"
    );
    assert!(page.contains("{{ 7*7 }} {% if %}") && page.contains("**x** | y | z # title"));
    assert!(!document(&docx(&leaves).unwrap()).contains('\u{1}'));
}

#[test]
fn a_wrong_template_is_told_by_its_file_and_line() {
    for (text, line, word) in [
        ("# title\n\n{{ adressee.name }}\n", 3, "undefined"),
        ("# title\n{% for one in deadlines %}\n", 3, ""),
        ("a\nb {{ number \n", 2, ""),
        ("a\n{{ number|nofilter }}\n", 2, "filter"),
    ] {
        let files = BTreeMap::from([("letter.ru.txt".to_owned(), text.to_owned())]);
        let filled =
            Templates::with(&files).and_then(|templates| templates.fill(&facts(""), Language::Ru));
        let error = filled.unwrap_err();
        assert_eq!(error.file, "letter.ru.txt", "{error}");
        assert!(error.line.abs_diff(line) <= 1, "{text}: {error}");
        assert!(error.message.contains(word), "{error}");
    }
}

#[test]
fn a_template_that_never_ends_is_stopped() {
    let text =
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}";
    let files = BTreeMap::from([("letter.en.txt".to_owned(), text.to_owned())]);
    let error = Templates::with(&files)
        .unwrap()
        .fill(&facts(""), Language::En)
        .unwrap_err();
    assert!(error.message.contains("fuel"), "{error}");
}

#[test]
fn an_operators_template_takes_the_place_of_the_shipped_one() {
    let files = BTreeMap::from([(
        "letter.ru.txt".to_owned(),
        "# {{ route.title }}\n\nСвой **текст**.\n".to_owned(),
    )]);
    let templates = Templates::with(&files).unwrap();
    let leaves = leaves(&templates, &facts(""), &[Language::Ru, Language::En]);
    assert_eq!(leaves[0].blocks.len(), 2);
    assert!(leaves[1].blocks.len() > 20);
}

#[test]
fn the_bytes_of_a_document_depend_on_the_letter_alone() {
    let templates = Templates::with(&BTreeMap::new()).unwrap();
    let leaves = leaves(&templates, &facts(""), &[Language::Kk, Language::Ru]);
    assert_eq!(docx(&leaves).unwrap(), docx(&leaves).unwrap());
}

#[test]
fn two_languages_stand_side_by_side_section_by_section() {
    let templates = Templates::with(&BTreeMap::new()).unwrap();
    let leaves = leaves(&templates, &facts(""), &[Language::Kk, Language::Ru]);
    let rows = sections(&leaves);
    assert_eq!(rows.len(), 9);
    for row in &rows[1..] {
        assert!(
            row.iter()
                .all(|blocks| matches!(blocks.first(), Some(Block::Heading(_))))
        );
    }
    assert_eq!(
        html(&leaves).matches("<td lang=\"kk\">").count(),
        rows.len()
    );
}

#[test]
fn blocks_follow_from_the_first_sign_of_a_line() {
    let text = "@ a\n@ b\n\n# T\n## H\n: l: v: w\n> q\n- i\n2. n\n| a | b |\n| c | d |\n\n| e |\n~ s\n= g\none\ntwo\n\n#no sign\n2.5 no number\n";
    let kinds: Vec<String> = blocks(text)
        .iter()
        .map(|block| {
            let text = format!("{block:?}");
            text.split('(').next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "Right",
            "Title",
            "Heading",
            "Field",
            "Quote",
            "Item",
            "Item",
            "Table",
            "Table",
            "Small",
            "Signature",
            "Paragraph",
            "Paragraph"
        ]
    );
    let Some(Block::Field(label, value)) = blocks(text).into_iter().nth(3) else {
        panic!("a field")
    };
    assert_eq!(
        (plain(&label), plain(&value)),
        ("l".to_owned(), "v: w".to_owned())
    );
}

proptest! {
    #[test]
    fn a_value_comes_out_as_it_went_in(value in "\\PC{0,60}") {
        let read = blocks(&format!("x {} y", escaped(&value)));
        let [Block::Paragraph(spans)] = &read[..] else {
            return Err(TestCaseError::fail(format!("{read:?}")));
        };
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(words(&plain(spans)), words(&format!("x {value} y")));
        let is_plain = |span: &Span| !span.is_bold;
        prop_assert!(spans.iter().all(is_plain));
    }

    #[test]
    fn any_text_is_a_letter(markup in "(\\PC|\n|\\*|\\||#|:|>| ){0,200}") {
        let leaf = Leaf { language: Language::Kk, title: String::new(), blocks: blocks(&markup) };
        let leaves = [leaf.clone(), leaf];
        let _ = (text(&leaves), html(&leaves), docx(&leaves).unwrap());
    }
}
