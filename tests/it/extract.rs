//! Pages of many styles are read exactly: each folder of `tests/pages` holds a page and the document it must give.
//!
//! `UPDATE=1 cargo test` writes the documents anew; the difference is read by a person before it is committed.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use aigaq::extract::{self, Page};
use aigaq::model::{Document, Hint, SiteMemory};
use chrono::DateTime;
use proptest::prelude::*;

/// A page of an address.
fn page<'a>(url: &'a str, bytes: &'a [u8], memory: Option<&'a SiteMemory>) -> Page<'a> {
    static NO_HINT: LazyLock<Hint> = LazyLock::new(Hint::default);
    Page {
        url,
        content_type: Some("text/html"),
        headers: &[],
        bytes,
        selectors: None,
        api: None,
        hint: &NO_HINT,
        languages: &[],
        timezone: Some(chrono_tz::Asia::Almaty),
        fetched_at: DateTime::from_timestamp(1_800_000_000, 0),
        memory,
    }
}

/// Reads bytes as a page of an address.
fn read(url: &str, bytes: &[u8]) -> Result<Document, extract::NotADocument> {
    read_with(url, bytes, None)
}

/// As [`read`], with what was learned of the site.
fn read_with(
    url: &str,
    bytes: &[u8],
    memory: Option<&SiteMemory>,
) -> Result<Document, extract::NotADocument> {
    extract::document(&page(url, bytes, memory))
}

/// The address a page of the folder names in its first comment.
fn address(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let start = text.find("address: ").expect("a page names its address") + "address: ".len();
    text[start..]
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn every_page_folder_gives_its_document() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut n_pages = 0;
    let mut different = Vec::new();
    for folder in fs::read_dir(&folders).expect("the folder of pages is there") {
        let folder = folder.expect("a folder can be listed").path();
        let bytes = fs::read(folder.join("source.html")).expect("every folder has a page");
        let document = read(&address(&bytes), &bytes).expect("every page is a document");
        let mut value = extract::json(&document);
        // The language of a text is the business of `language`; its own tests hold it.
        value
            .as_object_mut()
            .expect("a document is an object")
            .remove("language");
        let got = serde_json::to_string_pretty(&value).expect("a document is JSON") + "\n";
        let expected = folder.join("expected.json");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &got).expect("the document can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != got {
            different.push(folder.display().to_string());
        }
        n_pages += 1;
    }
    assert!(n_pages >= 60, "only {n_pages} pages");
    assert!(different.is_empty(), "different: {different:?}");
}

#[test]
fn what_repeats_over_a_sites_pages_is_left_out_once_it_was_learned() {
    let words = ["мосте", "школе", "рынке", "парке", "дворе", "порту"];
    let page = |word: &str| {
        format!(
            "<h1>Новости о {word}</h1><div class=text><p>Депутаты говорили о {word} весь день и приняли решение, сообщили в маслихате.</p>\
             <p>Работы на {word} начнутся осенью, деньги на них уже выделены из бюджета.</p>\
             <p>Редакция просит писать о событиях своего двора на общий адрес.</p></div>"
        )
    };
    let mut memory = SiteMemory::default();
    let document = |memory: &SiteMemory, word: &str| {
        let bytes = page(word).into_bytes();
        read_with("https://site.example/", &bytes, Some(memory)).expect("it is a page")
    };
    for word in &words[..5] {
        let blocks = document(&memory, word).blocks;
        memory.learn(blocks.iter().map(|block| block.text.as_str()));
    }
    let blocks = document(&memory, words[5]).blocks;
    assert_eq!(blocks.len(), 2, "{blocks:?}");
    assert!(blocks.iter().all(|block| block.text.contains(words[5])));
}

#[test]
fn every_line_of_a_page_is_kept_or_has_a_reason() {
    let bytes =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/modern-ru/source.html"))
            .expect("the page is there");
    let lines = extract::why(&page("https://site.example/", &bytes, None)).expect("it is a page");
    let document = read("https://site.example/", &bytes).expect("it is a page");
    let kept: Vec<&str> = lines
        .iter()
        .filter(|line| line.reason.is_none())
        .map(|line| line.text.as_str())
        .collect();
    let blocks: Vec<&str> = document
        .blocks
        .iter()
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(kept, blocks);
    let reason = |start: &str| {
        lines
            .iter()
            .find(|line| line.text.starts_with(start))
            .and_then(|line| line.reason)
    };
    assert_eq!(reason("Реклама"), Some("advertisement"));
    assert_eq!(reason("Читайте также:"), Some("related"));
    assert_eq!(reason("Подписывайтесь"), Some("invitation"));
}

#[test]
fn deep_wide_and_broken_pages_are_read() {
    let cases: [(&str, String); 8] = [
        ("nested blocks", "<div>".repeat(100_000) + "text"),
        ("nested tables", "<table><tr><td>".repeat(20_000) + "text"),
        (
            "unclosed formatting",
            "<b><i><a href=x>".repeat(10_000) + "<p>text</p>",
        ),
        (
            "attributes",
            format!(
                "<p {}>text</p>",
                (0..80_000).map(|n| format!("a{n}=1 ")).collect::<String>()
            ),
        ),
        (
            "unclosed skipped elements",
            "<svg><noscript>".repeat(50_000),
        ),
        ("entities", "&amp;&nbsp;&#0;&lt;".repeat(50_000)),
        ("nulls", "<p>\0a\0</p>".repeat(20_000)),
        ("open tags", "<".repeat(200_000)),
    ];
    for (name, page) in cases {
        // That it ends at all is the test: without the limits before the parser some of these take hours.
        let document = read("https://site.example/", page.as_bytes());
        let is_read = matches!(document, Ok(_) | Err(extract::NotADocument::Empty));
        assert!(is_read, "{name}: {document:?}");
    }
}

#[test]
fn texts_that_no_reader_could_read_are_read() {
    let sentence = "В районе открыта школа на двести мест, сообщили в отделе образования.";
    let cases = [
        ("combining marks", format!("а{}", "\u{301}".repeat(10_000))),
        (
            "reversed writing",
            format!("\u{202e}{sentence}\u{202c}\u{2066}"),
        ),
        (
            "signs that show nothing",
            "\u{200b}\u{feff}\u{2060}".repeat(10_000),
        ),
        ("a word without end", "а".repeat(1 << 19)),
        (
            "a family in one sign",
            "👨\u{200d}👩\u{200d}👧".repeat(10_000),
        ),
    ];
    for (name, odd) in cases {
        let page = format!(
            "<title>Школа</title><article><p>{sentence}</p><p>{odd}</p><p>{sentence} Снова.</p></article>"
        );
        let document = read("https://site.example/", page.as_bytes()).expect(name);
        let texts: Vec<&str> = document
            .blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        assert_eq!(texts.first(), Some(&sentence), "{name}");
        assert_eq!(
            texts.last(),
            Some(&format!("{sentence} Снова.").as_str()),
            "{name}"
        );
    }
}

#[test]
fn bodies_of_another_kind_are_known_by_their_bytes() {
    let bodies: [(&str, &[u8]); 5] = [
        ("an image", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ("an image", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("an image", b"GIF89a\x01\0\x01\0"),
        ("a compressed file", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("an old office file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ];
    for (kind, bytes) in bodies {
        let page = Page {
            content_type: Some("text/html; charset=utf-8"),
            ..page("https://site.example/news/1", bytes, None)
        };
        let read = extract::document(&page);
        assert_eq!(read, Err(extract::NotADocument::Binary { kind }));
    }
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..4_000)) {
        let _ = read("https://site.example/", &bytes);
    }

    #[test]
    fn any_markup_is_read_without_a_panic(parts in prop::collection::vec(
        prop::sample::select(vec!["<p>", "</p>", "<table>", "<tr>", "<td colspan=9999>", "<td rowspan=9999>", "</table>", "<a href='", "'>", "\"", "<b>", "</b>",
            "<script>", "</script>", "<!--", "-->", "<br>", "Текст о деле, 2 марта 2026 года.", "Мәтін.", "&#1179;", "<h1>", "<li>", "\0", "<", ">", "\u{FFFD}"]), 0..200)) {
        let page = parts.concat();
        let _ = read("https://site.example/", page.as_bytes());
    }
}
