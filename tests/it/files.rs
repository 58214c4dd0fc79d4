//! Office files: each file of `tests/files` gives exactly the document beside it, or the reason why it gives none.
//!
//! `UPDATE=1 cargo test` writes the documents anew; the difference is read by a person before it is committed.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use aigaq::extract::{self, NotADocument, Page};
use aigaq::model::Document;
use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

fn bytes_of(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect("the file is there")
}

fn read(name: &str, bytes: &[u8]) -> Result<Document, NotADocument> {
    extract::document(&Page::plain(
        &format!("https://agency.example/{name}"),
        bytes,
    ))
}

#[test]
fn every_office_file_gives_its_document() {
    let readable = [
        "bulletin-ru.pdf",
        "columns-kk.pdf",
        "report-en.pdf",
        "report-kk.docx",
        "form-ru.xlsx",
        "appeals-ru.xls",
    ];
    let mut different = Vec::new();
    for name in readable {
        let document = read(name, &bytes_of(name)).expect("the file is a document");
        let got = serde_json::to_string_pretty(&extract::json(&document)).unwrap() + "\n";
        let expected = folder().join(format!("{name}.json"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &got).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != got {
            different.push(name);
        }
    }
    assert!(different.is_empty(), "different: {different:?}");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let pdf = bytes_of("report-en.pdf");
    let docx = bytes_of("report-kk.docx");
    let cases: [(&str, Vec<u8>, &str); 7] = [
        (
            "scan.pdf",
            bytes_of("scan.pdf"),
            "the file is a scan without a text layer",
        ),
        (
            "locked.pdf",
            bytes_of("locked.pdf"),
            "it is locked with a password",
        ),
        (
            "cut.pdf",
            pdf[..40].to_vec(),
            "it is damaged or no PDF file",
        ),
        (
            "mark.pdf",
            b"%PDF-1.7 and nothing else".to_vec(),
            "it is damaged or no PDF file",
        ),
        (
            "cut.docx",
            docx[..docx.len() / 2].to_vec(),
            "the body is not a page but a ZIP archive or office file",
        ),
        (
            "cut.xlsx",
            bytes_of("form-ru.xlsx")[..3_000].to_vec(),
            "the file cannot be read",
        ),
        (
            "other.zip",
            packed(&[("readme.txt", "hello")]),
            "the body is not a page but a ZIP archive or office file",
        ),
    ];
    for (name, bytes, reason) in cases {
        let error = read(name, &bytes).expect_err(name).to_string();
        assert!(error.contains(reason), "{name}: {error}");
    }
}

/// A ZIP archive of parts.
fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A DOCX file of a body.
fn docx(body: &str) -> Vec<u8> {
    let xml =
        format!("<w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>");
    packed(&[("word/document.xml", &xml)])
}

#[test]
fn a_docx_shows_what_its_reader_sees() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let cases = [
        ("deleted and inserted text", format!("<w:p>{}<w:del><w:r><w:delText>471</w:delText></w:r></w:del><w:ins>{}</w:ins> {}</w:p>", run("Раскрыто "), run("417"), run(" краж")), vec!["Раскрыто 417 краж"]),
        ("a word cut into runs", format!("<w:p>{}{}{}</w:p>", run("за"), run("держ"), run("аны")), vec!["задержаны"]),
        ("references and breaks", "<w:p><w:r><w:t>A &amp; B</w:t><w:br/><w:t>&#1178;ала</w:t><w:tab/><w:noBreakHyphen/></w:r></w:p>".to_owned(), vec!["A & B Қала -"]),
        ("a text box drawn in two ways", format!("<w:p>{}<mc:AlternateContent><mc:Choice><w:p>{}</w:p></mc:Choice><mc:Fallback><w:p>{}</w:p></mc:Fallback></mc:AlternateContent></w:p>", run("вокруг"), run("в рамке"), run("в рамке")), vec!["в рамке", "вокруг"]),
        ("a field with its code", format!("<w:p><w:r><w:instrText>PAGEREF 7</w:instrText></w:r>{}</w:p>", run("12")), vec!["12"]),
        ("a table of one column is a frame", format!("<w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl>", run("Текст в рамке")), vec!["Текст в рамке"]),
    ];
    for (name, body, expected) in cases {
        // A first paragraph too long for a title keeps what follows where it is.
        let long = "Длинное начало. ".repeat(20);
        let body = format!("<w:p>{}</w:p>{body}", run(&long));
        let document = read("a.docx", &docx(&body)).expect(name);
        let found: Vec<&str> = document.blocks[1..]
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn hostile_office_files_end_in_an_error() {
    let deep = "<w:p>".repeat(100_000);
    let bomb = " ".repeat(65 << 20);
    let cases = [
        ("deep", docx(&deep), "nested deeper than 512"),
        ("bomb", docx(&bomb), "is larger than 67108864 bytes"),
        (
            "entities",
            packed(&[(
                "word/document.xml",
                "<!DOCTYPE w [<!ENTITY a \"aa\">]><w:document><w:p/></w:document>",
            )]),
            "declares a document type",
        ),
        (
            "cut",
            packed(&[("word/document.xml", "<w:document><w:p>")]),
            "it is cut",
        ),
        ("no text", docx("<w:p/>"), "no text"),
    ];
    for (name, bytes, reason) in cases {
        let error = read("a.docx", &bytes).expect_err(name).to_string();
        assert!(error.contains(reason), "{name}: {error}");
    }
}

#[test]
fn a_workbook_that_its_reader_does_not_survive_costs_only_itself() {
    // A used area whose end stands before its beginning.
    let mut old = zip::ZipArchive::new(Cursor::new(bytes_of("form-ru.xlsx"))).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..old.len() {
        let mut part = old.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        new.start_file(name, SimpleFileOptions::default()).unwrap();
        let text = text.replace("<dimension ref=\"A1:H9\"", "<dimension ref=\"H9:A1\"");
        new.write_all(text.as_bytes()).unwrap();
    }
    let bytes = new.finish().unwrap().into_inner();
    let error = read("form-ru.xlsx", &bytes).unwrap_err().to_string();
    assert!(
        error.contains("damaged in a way that its reader does not know"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn damaged_office_files_are_read_without_a_panic(
        which in 0_usize..5,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let names = ["bulletin-ru.pdf", "columns-kk.pdf", "report-en.pdf", "report-kk.docx", "form-ru.xlsx"];
        let mut bytes = bytes_of(names[which]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(names[which], &bytes);
    }
}
