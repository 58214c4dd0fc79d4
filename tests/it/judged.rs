//! Small fictional publications for tests of the judge.

use aigaq::language::Language;
use aigaq::model::{
    Block, BlockKind, CanonicalUrl, DateOrigin, Dated, Document, Revision, RevisionId, Source,
    SourceId, SourceRole, Table,
};
use chrono::DateTime;

/// A source of that id.
pub fn source(id: &str, role: SourceRole) -> Source {
    Source {
        id: SourceId(id.to_owned()),
        name: [(String::new(), id.to_owned())].into(),
        url: format!("http://{id}.test/"),
        role,
        languages: Language::ALL.to_vec(),
        authority: Vec::new(),
    }
}

/// What a source published on a day: sentences in one paragraph, and a table where it has rows.
pub fn revision(
    source: &str,
    day: &str,
    language: Language,
    sentences: &[String],
    table: &[Vec<String>],
) -> Revision {
    let at: DateTime<chrono::FixedOffset> = format!("{day}T09:00:00+05:00").parse().unwrap();
    let tables = if table.is_empty() {
        Vec::new()
    } else {
        vec![Table {
            title: String::new(),
            n_header_rows: 1,
            n_blocks_before: 1,
            rows: table.to_vec(),
        }]
    };
    Revision {
        id: RevisionId(format!("r-{source}")),
        source: SourceId(source.to_owned()),
        number: 1,
        first_seen: at.to_utc(),
        last_seen: at.to_utc(),
        superseded_at: None,
        is_gone: false,
        capture: None,
        document: Document {
            url: CanonicalUrl(format!("http://{source}.test/page")),
            title: String::new(),
            authors: Vec::new(),
            published: Some(Dated {
                at,
                origin: DateOrigin::Meta,
                is_day_only: false,
            }),
            modified: None,
            language: Some(language),
            blocks: vec![Block {
                kind: BlockKind::Paragraph,
                text: sentences.join(" "),
            }],
            tables,
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: aigaq::model::About::default(),
        },
    }
}
