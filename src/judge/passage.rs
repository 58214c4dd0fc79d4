//! Turns a revision into passages: every sentence of title and text and every figure of a table, with its frame.
//!
//! Claims and observations are both made of passages. Period, place, measure and body flow from title to text, from
//! sentence to sentence and from a table's titles to its cells.

use super::cells;
use super::frame::{clause_frames, frames};
use super::surroundings::Surroundings;
use crate::language::{CueKind, Language, Lexicon, Quantity, Sentence, analyze, local_day};
use crate::model::{BlockKind, Frame, Origin, Part, Revision, Source, Table};
use chrono::NaiveDate;

/// One statement of a page.
pub(super) struct Passage {
    /// Where it stands.
    pub part: Part,
    /// The sentence, or the row as cells joined by ` | `.
    pub text: String,
    /// What belongs to it from around: titles and header of a cell.
    pub context: String,
    /// Language.
    pub language: Language,
    /// The statement taken apart.
    pub frame: Frame,
    /// Whether it is a question, a forecast or somebody's opinion.
    pub is_opinion: bool,
    /// Whether it is one clause of a sentence that stands as a passage too; only records are taken so far apart.
    pub is_clause: bool,
}

/// The day a revision's relative dates count from.
pub(super) fn written(revision: &Revision) -> NaiveDate {
    revision.document.trusted_published().map_or_else(
        || local_day(revision.first_seen),
        |dated| dated.at.date_naive(),
    )
}

/// All passages of a revision.
pub(super) fn passages(lexicon: &Lexicon, revision: &Revision, source: &Source) -> Vec<Passage> {
    let mut reader = Reader {
        lexicon,
        hint: revision.document.language,
        written: written(revision),
        found: Vec::new(),
    };
    let mut around = reader.of_source(source);
    reader.title(&revision.document.title, &mut around);
    reader.blocks(revision, around.clone());
    for (number, table) in revision.document.tables.iter().enumerate() {
        reader.table(number, table, &around, &revision.document.title);
    }
    reader.found
}

/// Reads a revision part by part.
struct Reader<'a> {
    lexicon: &'a Lexicon,
    hint: Option<Language>,
    written: NaiveDate,
    found: Vec<Passage>,
}

impl Reader<'_> {
    fn analyze(&self, text: &str) -> Vec<Sentence> {
        analyze(self.lexicon, text, self.hint, Some(self.written))
    }

    /// What a source's name says of every page: a regional body writes about its region.
    fn of_source(&self, source: &Source) -> Surroundings {
        let mut around = Surroundings::default();
        if source.role == crate::model::SourceRole::Official {
            for sentence in source.name.values().flat_map(|name| self.analyze(name)) {
                around.take(&sentence, Origin::Default);
            }
        }
        around.period = None;
        around.measures = Vec::new();
        around
    }

    fn title(&mut self, title: &str, around: &mut Surroundings) {
        for sentence in self.analyze(title) {
            let part = Part::Title(sentence.span.clone().into());
            self.keep(title, &sentence, &part, around, 0);
            around.take(&sentence, Origin::Document);
        }
    }

    fn blocks(&mut self, revision: &Revision, title: Surroundings) {
        let mut offset = 0;
        let mut document = title;
        let mut is_lead = true;
        for block in &revision.document.blocks {
            if block.kind != BlockKind::Caption {
                let mut around = document.clone();
                self.block(
                    &block.text,
                    offset,
                    &mut around,
                    is_lead.then_some(&mut document),
                );
                is_lead = false;
            }
            offset += block.text.len() + 1;
        }
    }

    /// Reads a block; what the title left open, the first sentence of the lead settles for the whole text.
    fn block(
        &mut self,
        text: &str,
        offset: usize,
        around: &mut Surroundings,
        mut document: Option<&mut Surroundings>,
    ) {
        for sentence in self.analyze(text) {
            let range = sentence.span.start + offset..sentence.span.end + offset;
            self.keep(text, &sentence, &Part::Text(range.into()), around, offset);
            around.take(&sentence, Origin::Paragraph);
            if let Some(document) = document.take() {
                document.complete(self.lexicon, &sentence);
            }
        }
    }

    /// Stores a sentence's frames as passages; ranges count in the document's whole text from then on.
    fn keep(
        &mut self,
        text: &str,
        sentence: &Sentence,
        part: &Part,
        around: &Surroundings,
        offset: usize,
    ) {
        let frames = frames(text, sentence, around);
        let is_opinion = sentence.cues.iter().any(|cue| {
            matches!(
                cue.kind,
                CueKind::Question | CueKind::Opinion | CueKind::Forecast
            )
        });
        let frames = frames.into_iter().map(|frame| (frame, false));
        let clauses = clause_frames(text, sentence, around);
        for (mut frame, is_clause) in frames.chain(clauses.into_iter().map(|frame| (frame, true))) {
            if let Some(quantity) = &mut frame.quantity {
                shift(quantity, offset);
            }
            self.found.push(Passage {
                part: part.clone(),
                text: text
                    .get(sentence.span.clone())
                    .unwrap_or_default()
                    .to_owned(),
                context: String::new(),
                language: sentence.language,
                frame,
                is_opinion,
                is_clause,
            });
        }
    }

    fn table(&mut self, number: usize, table: &Table, title: &Surroundings, document_title: &str) {
        let mut around = title.clone();
        for sentence in self.analyze(&table.title) {
            around.take(&sentence, Origin::Document);
        }
        let place = cells::Place {
            number,
            titles: &around,
            document_title,
            language: self.hint,
        };
        let mut found = std::mem::take(&mut self.found);
        cells::read(table, &place, &|text| self.analyze(text), &mut found);
        self.found = found;
    }
}

/// Moves a quantity's ranges by the offset of its block.
fn shift(quantity: &mut Quantity, offset: usize) {
    quantity.span = quantity.span.start + offset..quantity.span.end + offset;
    if let Some(span) = &mut quantity.direction_span {
        *span = span.start + offset..span.end + offset;
    }
}
