//! The two sides of a case with their marks, and the table of slots.

use rust_decimal::Decimal;

use super::{Files, People, Tag};
use crate::language::{Dimension, Language, Lexicon, detect, local_day};
use crate::model::{Case, Copy, Quote, ReadingState, Revision, SlotName, SlotResult, SlotSides};
use crate::pursue::beside::{Apart, Read, Reading, Row, Said};
use crate::pursue::letter::{slot_name, worded};
use crate::pursue::reading::rows;
use crate::pursue::wording;
use crate::report::json::word;
use crate::serve::html::{Mark, marked, place_of};
use crate::serve::pages::document::record_address;
use crate::serve::pages::fields::word_of;
use crate::serve::pages::is_web;
use crate::serve::pages::steps::result_name;
use crate::serve::unsent::Kept;
use crate::serve::words::Words;

/// The comparison as the page shows it.
pub(super) struct Comparison {
    /// The publication.
    pub(super) publication: Option<Side>,
    /// What the records say, the one that was compared first.
    pub(super) records: Vec<Side>,
    /// Slots.
    pub(super) rows: Vec<Line>,
    /// How many differ.
    pub(super) n_differ: usize,
    /// How many are the same.
    pub(super) n_same: usize,
    /// How many only the record states.
    pub(super) n_left_out: usize,
    /// Whether a person read any slot.
    pub(super) is_read: bool,
    /// These counts as tags.
    pub(super) counts: Vec<Tag>,
    /// How many records there are beside the first; `None` for no other.
    pub(super) more_records: Option<String>,
    /// What differs, in one sentence for each slot.
    pub(super) sentences: Vec<String>,
    /// Number of the publication that is shown, from 1.
    pub(super) copy: usize,
    /// The form in which a slot is corrected, where one is asked for.
    pub(super) form: Option<ReadForm>,
    /// Slots that have no row and can be added to: as addresses name them, and in words.
    pub(super) further: Vec<(String, &'static str)>,
}

/// One text with where it comes from.
pub(super) struct Side {
    /// Source.
    pub(super) source: String,
    /// When it was published.
    pub(super) published: String,
    /// The quoted sentence with its marks, as HTML.
    pub(super) quote: String,
    /// Code of its language; empty where nobody knows.
    pub(super) language: &'static str,
    /// When it was captured, and as which version.
    pub(super) saved: Option<String>,
    /// Digest of the captured bytes.
    pub(super) hash: Option<String>,
    /// Address.
    pub(super) url: String,
    /// Whether the address is one of the web and may be a link.
    pub(super) is_web: bool,
    /// The page of the publication on this desk.
    pub(super) article: String,
    /// The same page in other languages and forms: what, address.
    pub(super) others: Vec<(String, String)>,
}

/// A row of the table.
pub(super) struct Line {
    /// Its number, by which the texts link to it.
    pub(super) number: usize,
    /// `diff`, `gone`, `same` or `none`.
    pub(super) class: &'static str,
    /// The slot.
    pub(super) slot: &'static str,
    /// In the publication; empty where it says nothing.
    pub(super) claimed: String,
    /// In the record; empty where it says nothing.
    pub(super) official: String,
    /// What it comes to.
    pub(super) result: Tag,
    /// By how much, where that can be reckoned.
    pub(super) note: Option<String>,
    /// The slot as addresses name it.
    pub(super) word: String,
    /// What a person read in it.
    pub(super) read: Option<ReadLine>,
}

/// What a person read in a slot, beside the program.
pub(super) struct ReadLine {
    /// Who read it, and when.
    pub(super) by: String,
    /// Why.
    pub(super) note: String,
    /// What the program reads.
    pub(super) program: String,
    /// What it had read when the person looked, where it reads otherwise by now.
    pub(super) before: Option<String>,
    /// What was read, where it is of an earlier text and no longer counts.
    pub(super) late: Option<String>,
}

/// The form in which a slot is corrected.
pub(super) struct ReadForm {
    /// The slot as addresses name it.
    pub(super) word: String,
    /// The slot.
    pub(super) slot: &'static str,
    /// What the program reads in it.
    pub(super) program: String,
    /// What stands in the fields of publication and record.
    pub(super) claimed: String,
    /// See `claimed`.
    pub(super) official: String,
    /// Results: as forms name them, in words, and whether it is chosen.
    pub(super) results: Vec<(&'static str, String, bool)>,
    /// What stands in the field of the note.
    pub(super) note: String,
    /// Address of the publication that is shown.
    pub(super) url: String,
}

/// Who looks at a comparison, and what of it is to be corrected.
pub(super) struct Looking<'a> {
    /// The reader's words.
    pub(super) words: &'a Words,
    /// The knowledge of words and names.
    pub(super) lexicon: &'a Lexicon,
    /// Everybody who is known.
    pub(super) people: &'a People,
    /// The slot that is to be corrected, as addresses name it.
    pub(super) read: &'a str,
    /// What the reader has typed into the form of it and not sent.
    pub(super) kept: &'a Kept,
}

/// Lays a copy of a case beside the records.
pub(super) fn comparison(
    looking: &Looking<'_>,
    files: &Files<'_>,
    case: &Case,
    copy: Option<&Copy>,
) -> Comparison {
    let (words, lexicon) = (looking.words, looking.lexicon);
    let found = copy.map_or_else(Vec::new, |copy| rows(lexicon, case, copy));
    let written = copy.map_or(words.language, |copy| copy.language);
    let told = Told {
        words,
        lexicon,
        people: looking.people,
        written,
    };
    let mut records: Vec<Side> = Vec::new();
    for (place, quote) in case.evidence.iter().enumerate() {
        // Only the first was laid beside the claim.
        let rows = if place == 0 { &found[..] } else { &[] };
        records.push(record_side(&told, files, quote, rows));
    }
    let count = |result| found.iter().filter(|row| row.result == result).count();
    let (n_differ, n_same, n_left_out) = (
        count(SlotResult::Differs),
        count(SlotResult::Same),
        count(SlotResult::LeftOut),
    );
    let counts = [
        (n_differ, "high", "case-n-differ"),
        (n_same, "ok", "case-n-same"),
        (n_left_out, "mid", "case-n-left-out"),
    ];
    let lines: Vec<Line> = found
        .iter()
        .enumerate()
        .map(|(place, row)| told.line(place + 1, row))
        .collect();
    Comparison {
        publication: copy.map(|copy| published_side(&told, files, copy, &found)),
        records,
        n_differ,
        n_same,
        n_left_out,
        is_read: found.iter().any(|row| row.read.is_some()),
        counts: counts
            .into_iter()
            .filter(|(n, _, _)| *n > 0)
            .map(|(n, class, text)| Tag {
                class,
                text: words.count(text, n),
            })
            .collect(),
        more_records: match case.evidence.len() {
            0 | 1 => None,
            n => Some(words.count("case-more-records", n - 1)),
        },
        sentences: lines
            .iter()
            .filter(|line| line.class == "diff")
            .map(|line| told.sentence(line))
            .collect(),
        copy: copy.map_or(1, |copy| {
            let place = case.copies.iter().position(|one| one.url == copy.url);
            place.map_or(1, |place| place + 1)
        }),
        form: copy.and_then(|copy| told.form(looking, &found, copy)),
        further: SlotName::ALL
            .into_iter()
            .filter(|slot| found.iter().all(|row| row.slot != *slot))
            .map(|slot| (word(&slot), slot_name(slot, words.language)))
            .collect(),
        rows: lines,
    }
}

fn published_side(told: &Told<'_>, files: &Files<'_>, copy: &Copy, rows: &[Row]) -> Side {
    let day = local_day(copy.published);
    let read = Reading::of(told.lexicon, &copy.sentence, copy.language, day);
    let marks = told.marks(&read, &copy.sentence, rows, true);
    let language_of = |code: &str| match Language::from_code(code) {
        Some(language) => told.words.say(&format!("case-in-{}", language.code())),
        None => code.to_owned(),
    };
    let alternates = copy.alternates.iter();
    let others = alternates
        .filter(|(_, url)| is_web(url) && *url != copy.url)
        .map(|(code, url)| (language_of(code), url.clone()))
        .collect();
    Side {
        others,
        ..files.side(
            &copy.source,
            &copy.url,
            copy.published,
            Some(copy.language),
            files.revision(&copy.revision),
            marked(&copy.sentence, &marks),
        )
    }
}

fn record_side(told: &Told<'_>, files: &Files<'_>, quote: &Quote, rows: &[Row]) -> Side {
    let revision = files.revision(&quote.revision);
    let declared = revision.and_then(|one| one.document.language);
    let language = detect::language(&quote.sentence).or(declared);
    let day = local_day(quote.published);
    let read_as = language.unwrap_or(told.written);
    let read = Reading::of(told.lexicon, &quote.sentence, read_as, day);
    let marks = told.marks(&read, &quote.sentence, rows, false);
    let others = other_languages(told.words, revision, &quote.url);
    Side {
        others,
        article: record_address(&quote.url),
        ..files.side(
            &quote.source,
            &quote.url,
            quote.published,
            language,
            revision,
            marked(&quote.sentence, &marks),
        )
    }
}

/// The same page in other languages, as it names them itself.
fn other_languages(words: &Words, revision: Option<&Revision>, url: &str) -> Vec<(String, String)> {
    let alternates = revision.map_or(&[][..], |one| &one.document.alternates[..]);
    let named = alternates.iter().filter_map(|(code, other)| {
        let language = Language::from_code(code)?;
        let is_other = is_web(other) && other != url;
        is_other.then(|| {
            let name = words.say(&format!("case-in-{}", language.code()));
            (name, other.clone())
        })
    });
    named.collect()
}

/// Puts values into the words of the reader.
struct Told<'a> {
    words: &'a Words,
    lexicon: &'a Lexicon,
    people: &'a People,
    /// Language of the words in which the case keeps its differences.
    written: Language,
}

impl Told<'_> {
    /// The form in which a slot is corrected: filled with what was typed and not sent, else with what was read before.
    fn form(&self, looking: &Looking<'_>, rows: &[Row], copy: &Copy) -> Option<ReadForm> {
        let slot: SlotName = word_of(looking.read)?;
        let row = rows.iter().find(|row| row.slot == slot);
        let read = row.and_then(|row| row.read.as_ref());
        let typed = looking.kept.get("slot") == word(&slot);
        let field = |name: &str, before: Option<&str>| match typed {
            true => looking.kept.get(name).to_owned(),
            false => before.unwrap_or_default().to_owned(),
        };
        // What the person left as it was is left so again.
        let side = |of: fn(&SlotSides) -> &String| {
            let reading = &read?.reading;
            let (mine, program) = (of(&reading.person), of(&reading.program));
            (mine != program).then_some(match mine.as_str() {
                "" => "–",
                mine => mine,
            })
        };
        let result = row.map_or(SlotResult::NotCompared, |row| row.result);
        let result = field("result", Some(result.word()));
        Some(ReadForm {
            word: word(&slot),
            slot: slot_name(slot, self.words.language),
            program: match row {
                Some(row) => self.program(row),
                None => self.sides(&Said::Nothing, &Said::Nothing, SlotResult::NotCompared),
            },
            claimed: field("claimed", side(|sides| &sides.claimed)),
            official: field("official", side(|sides| &sides.official)),
            results: SlotResult::ALL
                .map(|one| {
                    let name = self.words.say(result_name(one));
                    (one.word(), name, one.word() == result)
                })
                .to_vec(),
            note: field("note", read.map(|read| read.reading.note.as_str())),
            url: copy.url.clone(),
        })
    }

    /// What the program reads in a slot.
    fn program(&self, row: &Row) -> String {
        match &row.read {
            Some(Read { program, .. }) => self.sides(&program.0, &program.1, program.2),
            None => self.sides(&row.claimed, &row.official, row.result),
        }
    }

    /// Both sides of a slot in one line.
    fn sides(&self, claimed: &Said, official: &Said, result: SlotResult) -> String {
        let values = self.words.with_two(
            "case-what-differs",
            ("claimed", &self.or_nothing(&self.value(claimed))),
            ("official", &self.or_nothing(&self.value(official))),
        );
        format!("{values}, {}", self.words.say(result_name(result)))
    }

    /// What a person read in a slot.
    fn read(&self, row: &Row) -> Option<ReadLine> {
        let Read { reading, state, .. } = row.read.as_ref()?;
        let kept = |sides: &SlotSides| {
            let said = |text: &str| match text {
                "" => Said::Nothing,
                text => Said::Words(text.to_owned()),
            };
            self.sides(&said(&sides.claimed), &said(&sides.official), sides.result)
        };
        let at = self.words.moment(reading.at);
        let who = self.people.name(&reading.by);
        let is = |one| *state == one;
        Some(ReadLine {
            by: self
                .words
                .with_two("case-read-by", ("who", who), ("at", &at)),
            note: reading.note.clone(),
            program: self.program(row),
            before: is(ReadingState::ProgramReadsOtherwise).then(|| kept(&reading.program)),
            late: is(ReadingState::TextChanged).then(|| kept(&reading.person)),
        })
    }

    /// Where the rows' values stand in a sentence.
    fn marks(
        &self,
        read: &Reading<'_>,
        sentence: &str,
        rows: &[Row],
        is_publication: bool,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let (said, class) = match (row.result, is_publication) {
                (SlotResult::Differs, true) => (&row.claimed, "d-pub"),
                (SlotResult::Differs, false) => (&row.official, "d-off"),
                (SlotResult::LeftOut, false) => (&row.official, "d-off d-gone"),
                _ => continue,
            };
            let mut places = read.places(said, self.written);
            if places.is_empty() {
                let written = match said {
                    Said::Words(words) => words.clone(),
                    Said::Number(value, ..) => value.normalize().to_string(),
                    _ => String::new(),
                };
                places.extend(place_of(sentence, &written));
            }
            marks.extend(places.into_iter().map(|at| Mark {
                at,
                number: place + 1,
                class,
            }));
        }
        marks
    }

    fn line(&self, number: usize, row: &Row) -> Line {
        let (class, tag) = match row.result {
            SlotResult::Differs => ("diff", "high"),
            SlotResult::LeftOut => ("gone", "mid"),
            SlotResult::Same => ("same", "ok"),
            SlotResult::NotCompared => ("none", ""),
        };
        Line {
            number,
            class,
            slot: slot_name(row.slot, self.words.language),
            claimed: self.value(&row.claimed),
            official: self.value(&row.official),
            result: Tag {
                class: tag,
                text: self.words.say(result_name(row.result)),
            },
            note: row.apart.map(|apart| self.note(apart)),
            word: word(&row.slot),
            read: self.read(row),
        }
    }

    /// What differs in one slot, as a sentence.
    fn sentence(&self, line: &Line) -> String {
        let values = self.words.with_two(
            "case-what-differs",
            ("claimed", &self.or_nothing(&line.claimed)),
            ("official", &self.or_nothing(&line.official)),
        );
        match &line.note {
            Some(note) => format!("{}: {values}, {note}.", line.slot),
            None => format!("{}: {values}.", line.slot),
        }
    }

    fn or_nothing(&self, value: &str) -> String {
        if value.is_empty() {
            self.words.say("case-unsaid")
        } else {
            value.to_owned()
        }
    }

    /// A value in the words of the reader; empty where nothing is said.
    fn value(&self, said: &Said) -> String {
        let (words, language) = (self.words, self.words.language);
        match said {
            Said::Nothing => String::new(),
            Said::Words(text) => worded(self.lexicon, text, self.written, language),
            Said::Ids(ids) => {
                let names = ids.iter().map(|id| self.lexicon.name(id, language));
                names.collect::<Vec<_>>().join(", ")
            }
            Said::Number(value, hi, unit) => {
                let number = wording::number(*value, language);
                let number = match hi {
                    Some(hi) => format!("{number}–{}", wording::number(*hi, language)),
                    None => number,
                };
                self.unit(&number, unit)
            }
            Said::Days(days) => {
                let spans = days.iter().map(|(first, last)| match first == last {
                    true => words.date(*first),
                    false => format!("{} – {}", words.date(*first), words.date(*last)),
                });
                spans.collect::<Vec<_>>().join("; ")
            }
            Said::Role(role) => words.say(&format!("case-role-{}", dashed(role))),
            Said::Direction(way) => words.say(&format!("case-direction-{}", dashed(way))),
            Said::Mood(mood) => words.say(&format!("case-mood-{}", dashed(mood))),
            Said::Negated(true) => words.say("case-denied"),
            Said::Negated(false) => words.say("case-affirmed"),
        }
    }

    /// A number with its unit. No ending hangs on the number: a unit is a sign or a label.
    fn unit(&self, number: &str, unit: &Dimension) -> String {
        let sign = match unit {
            Dimension::Count | Dimension::Bare => return number.to_owned(),
            Dimension::Percent | Dimension::Fraction => match self.words.language {
                Language::En => return format!("{number}%"),
                Language::Kk | Language::Ru => "%",
            },
            Dimension::Money(currency) if currency == "KZT" => "₸",
            Dimension::Money(currency) => currency,
            Dimension::Times => return format!("×{number}"),
            Dimension::Temperature => "°C",
            Dimension::PercentPoints => {
                return self.words.with("case-points", "value", number);
            }
            Dimension::Length => return self.words.with("case-metres", "value", number),
            Dimension::Area => return self.words.with("case-square-metres", "value", number),
            Dimension::Volume => return self.words.with("case-cubic-metres", "value", number),
            Dimension::Mass => return self.words.with("case-kilograms", "value", number),
            Dimension::Duration => return self.words.with("case-seconds", "value", number),
            Dimension::Age => return self.words.with("case-age", "value", number),
            Dimension::CalculationIndex => return self.words.with("case-mci", "value", number),
        };
        format!("{number}{}{sign}", wording::NO_BREAK)
    }

    /// By how much two values are apart.
    fn note(&self, apart: Apart) -> String {
        let (words, language) = (self.words, self.words.language);
        match apart {
            Apart::By(by, share) => {
                let number = wording::number(by.abs(), language);
                let shown = match share {
                    Some(share) => format!("{number} ({})", wording::percent(share, language)),
                    None => number,
                };
                words.with(more(by), "by", &shown)
            }
            Apart::Points(by) => {
                let number = wording::number(by.abs(), language);
                words.with(more(by), "by", &words.with("case-points", "value", &number))
            }
            Apart::Days(days) if days > 0 => words.count("case-later", days.unsigned_abs()),
            Apart::Days(days) => words.count("case-earlier", days.unsigned_abs()),
            Apart::Opposite => words.say("case-opposite"),
            Apart::Wider => words.say("case-wider"),
            Apart::Narrower => words.say("case-narrower"),
            Apart::PlanAsDone => words.say("case-plan-as-done"),
        }
    }
}

/// The text that says which way a number is apart.
fn more(by: Decimal) -> &'static str {
    if by > Decimal::ZERO {
        "case-more"
    } else {
        "case-less"
    }
}

/// A word of the model as ids of texts write it: `change_by` as `change-by`.
pub(in crate::serve::pages) fn dashed<T: serde::Serialize>(value: &T) -> String {
    word(value).replace('_', "-")
}
