//! A letter as a page for print: A4, nothing is loaded from elsewhere, two languages in two columns.

use super::markup::{Block, Spans};
use super::{Leaf, sections};
use crate::language::Language;
use crate::report::xml::escaped;

/// How the page looks; colours are only black, so that a printer needs no others.
const STYLE: &str = include_str!("letter.css");

/// The letter as HTML.
pub fn html(leaves: &[Leaf]) -> String {
    let first = leaves.first();
    let title = first.map_or("", |leaf| leaf.title.as_str());
    let language = first.map_or("ru", |leaf| leaf.language.code());
    let body = match leaves {
        [one] => one
            .blocks
            .iter()
            .map(|block| shown(block, one.language))
            .collect(),
        many => pair(many),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

/// Leaves side by side, section by section.
fn pair(leaves: &[Leaf]) -> String {
    let mut out = String::from("<table class=\"pair\">\n");
    for row in sections(leaves) {
        out.push_str("<tr>\n");
        for (leaf, blocks) in leaves.iter().zip(row) {
            let blocks: String = blocks
                .iter()
                .map(|block| shown(block, leaf.language))
                .collect();
            out.push_str(&format!(
                "<td lang=\"{}\">\n{blocks}</td>\n",
                leaf.language.code()
            ));
        }
        out.push_str("</tr>\n");
    }
    out + "</table>\n"
}

fn shown(block: &Block, language: Language) -> String {
    match block {
        Block::Title(spans) => format!("<h1>{}</h1>\n", inline(spans)),
        Block::Heading(spans) => format!("<h2>{}</h2>\n", inline(spans)),
        Block::Right(lines) => {
            let lines: Vec<String> = lines.iter().map(inline).collect();
            format!("<address>{}</address>\n", lines.join("<br>\n"))
        }
        Block::Field(label, value) => format!(
            "<p class=\"field\"><span class=\"label\">{}:</span> {}</p>\n",
            inline(label),
            inline(value)
        ),
        Block::Quote(spans) => format!("<blockquote>{}</blockquote>\n", inline(spans)),
        Block::Item(None, spans) => format!("<p class=\"item\">– {}</p>\n", inline(spans)),
        Block::Item(Some(number), spans) => {
            format!("<p class=\"item\">{number}. {}</p>\n", inline(spans))
        }
        Block::Table(rows) => table(rows, language),
        Block::Small(spans) => format!("<p class=\"small\">{}</p>\n", inline(spans)),
        Block::Signature(spans) => format!("<p class=\"sign\">{}</p>\n", inline(spans)),
        Block::Paragraph(spans) => format!("<p>{}</p>\n", inline(spans)),
    }
}

fn table(rows: &[Vec<Spans>], language: Language) -> String {
    let cells = |row: &Vec<Spans>, tag: &str| -> String {
        row.iter()
            .map(|cell| format!("<{tag}>{}</{tag}>", inline(cell)))
            .collect()
    };
    let mut out = format!("<table class=\"rows\" lang=\"{}\">\n", language.code());
    for (number, row) in rows.iter().enumerate() {
        match number {
            0 => out.push_str(&format!(
                "<thead><tr>{}</tr></thead>\n<tbody>\n",
                cells(row, "th scope=\"col\"").replace("</th scope=\"col\">", "</th>")
            )),
            _ => out.push_str(&format!("<tr>{}</tr>\n", cells(row, "td"))),
        }
    }
    out + "</tbody>\n</table>\n"
}

fn inline(spans: &Spans) -> String {
    let parts = spans.iter().map(|span| match span.is_bold {
        true => format!("<strong>{}</strong>", escaped(&span.text)),
        false => escaped(&span.text),
    });
    parts.collect()
}
