//! A small fictional web whose pages and records change: what the program says became of each claim, kind by kind.
//!
//! Nothing is told to it beforehand: pages are taken apart and judged as in a pass. The events stand in `tests/following`.

use std::collections::BTreeMap;

use aigaq::judge::{Record, statements, verdict};
use aigaq::language::{Language, Lexicon};
use aigaq::model::{
    Block, BlockKind, Case, CaseState, Claim, CopyState, EventKind, Observation, ObservationId,
    Revision, RevisionId, Source, SourceRole, Verdict,
};
use aigaq::pursue::{Seen, advance, illegal};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::judged::{revision, source};

/// A web in memory: what stands where, and what stood there before.
#[derive(Default)]
pub struct World {
    /// The newest revision of each address.
    pages: BTreeMap<String, Revision>,
    /// Every revision by id.
    all: BTreeMap<RevisionId, Revision>,
}

/// What stands on a page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Page {
    /// Headline.
    title: String,
    /// Paragraphs.
    text: Vec<String>,
    /// The same page in other languages and forms.
    alternates: Vec<(String, String)>,
    /// Whether it is gone.
    gone: bool,
    /// Language, where it is not that of the event.
    language: Option<Language>,
}

impl Page {
    /// A page of one paragraph without a headline.
    pub fn of(text: &str) -> Page {
        Page {
            text: vec![text.to_owned()],
            ..Page::default()
        }
    }

    /// The same page with a headline.
    pub fn headed(self, title: &str) -> Page {
        Page {
            title: title.to_owned(),
            ..self
        }
    }

    /// A page that is gone.
    pub fn gone() -> Page {
        Page {
            gone: true,
            ..Page::default()
        }
    }
}

/// The address of a page, given as its site or as `site/page`; sites of agencies begin with `agency`.
fn address(page: &str) -> String {
    let (site, page) = page.split_once('/').unwrap_or((page, "page"));
    format!("http://{site}.test/{page}")
}

fn source_of(site: &str) -> Source {
    let role = if site.starts_with("agency") {
        SourceRole::Official
    } else {
        SourceRole::Media
    };
    source(site, role)
}

impl World {
    /// A page comes to stand as it is told, on a day of February 2026.
    pub fn put(&mut self, site: &str, day: u32, language: Language, page: &Page) {
        let text = format!("2026-02-{day:02}");
        let url = address(site);
        let owner = site.split('/').next().unwrap_or(site);
        let mut next = revision(owner, &text, page.language.unwrap_or(language), &[], &[]);
        next.document.url.0.clone_from(&url);
        let before = self.pages.get(&url);
        let number = before.map_or(1, |before| before.number + 1);
        if let Some(before) = before {
            next.document
                .published
                .clone_from(&before.document.published);
        }
        next.id = RevisionId(format!("{site}#{number}"));
        next.number = number;
        next.is_gone = page.gone;
        next.document.title.clone_from(&page.title);
        next.document.alternates = page
            .alternates
            .iter()
            .map(|(kind, site)| (kind.clone(), address(site)))
            .collect();
        next.document.blocks = page
            .text
            .iter()
            .map(|text| Block {
                kind: BlockKind::Paragraph,
                text: text.clone(),
            })
            .collect();
        self.all.insert(next.id.clone(), next.clone());
        self.pages.insert(url, next);
    }

    /// The cases after a pass at a moment.
    pub fn advance(&self, cases: &[Case], now: DateTime<Utc>) -> Vec<Case> {
        let (mut claims, mut observations): (Vec<Claim>, BTreeMap<ObservationId, Observation>) =
            Default::default();
        let mut records: Vec<Vec<Observation>> = Vec::new();
        for page in self.pages.values().filter(|page| !page.is_gone) {
            let source = source_of(&page.source.0);
            let (of_page, made) = statements(Lexicon::shipped(), page, &source);
            observations.extend(of_page.iter().map(|one| (one.id.clone(), one.clone())));
            if source.role == SourceRole::Official {
                records.push(of_page);
            }
            claims.extend(made);
        }
        let records: Vec<Record<'_>> = records
            .iter()
            .map(Vec::as_slice)
            .filter_map(Record::of)
            .collect();
        let records: Vec<&Record<'_>> = records.iter().collect();
        let findings: Vec<(Claim, Verdict)> = claims
            .into_iter()
            .map(|claim| {
                let source = source_of(&claim.source.0);
                let verdict = verdict(Lexicon::shipped(), &claim, &source, &records, now);
                (claim, verdict)
            })
            .collect();
        let seen = Seen {
            findings: &findings,
            pages: &self.pages,
            earlier: &self.all,
            observations: &observations,
        };
        advance(cases, &seen, now)
    }
}

/// One change of the web and what must be said of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    /// A sentence.
    name: String,
    /// Language of the pages.
    language: Language,
    /// The record, where it is not the usual one of the language.
    #[serde(default)]
    record: Option<Page>,
    /// Pages by site before the change.
    before: BTreeMap<String, Page>,
    /// Pages by site that change, step by step; each step is followed by a pass.
    after: Vec<BTreeMap<String, Page>>,
    /// What the last pass must say of which site.
    said: BTreeMap<String, EventKind>,
    /// The state of the first case afterwards.
    state: CaseState,
    /// What becomes of the copy of a site.
    #[serde(default)]
    copies: BTreeMap<String, CopyState>,
    /// How many cases there are afterwards.
    #[serde(default = "one")]
    n_cases: usize,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Events {
    /// The usual record of each language.
    record: BTreeMap<Language, Page>,
    event: Vec<Event>,
}

/// A moment on a day of February 2026, in the evening.
fn evening(day: u32) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-02-01T18:00:00Z".parse().unwrap();
    first + TimeDelta::days(i64::from(day) - 1)
}

/// What goes wrong with an event.
fn complaint(events: &Events, event: &Event) -> Option<String> {
    let mut world = World::default();
    let record = event
        .record
        .as_ref()
        .unwrap_or(&events.record[&event.language]);
    world.put("agency", 2, event.language, record);
    for (site, page) in &event.before {
        world.put(site, 3, event.language, page);
    }
    let mut cases = world.advance(&[], evening(3));
    if cases.is_empty() {
        return Some("no case was opened before the change".to_owned());
    }
    let first = cases
        .iter()
        .min_by_key(|case| case.copies.first().map(|copy| copy.url.clone()));
    let first = first.map(|case| case.id.clone())?;
    let mut n_told = BTreeMap::new();
    for (step, pages) in (0..).zip(&event.after) {
        n_told = cases
            .iter()
            .map(|case| (case.id.clone(), case.history.len()))
            .collect();
        for (site, page) in pages {
            world.put(site, 4 + step, event.language, page);
        }
        cases = world.advance(&cases, evening(4 + step));
        if world.advance(&cases, evening(20)) != cases {
            return Some("a second pass changes something".to_owned());
        }
    }
    let case = cases.iter().find(|case| case.id == first)?;
    let told: Vec<(String, EventKind)> = cases
        .iter()
        .flat_map(|case| {
            case.history
                .iter()
                .skip(n_told.get(&case.id).copied().unwrap_or(0))
        })
        .filter_map(|event| Some((event.url.clone().unwrap_or_default(), event.kind?)))
        .collect();
    for (site, kind) in &event.said {
        let url = if site.is_empty() {
            String::new()
        } else {
            address(site)
        };
        if !told.contains(&(url, *kind)) {
            return Some(format!("{kind:?} of {site} is not said: {told:?}"));
        }
    }
    for (site, state) in &event.copies {
        let url = address(site);
        let copy = case.copies.iter().find(|copy| copy.url == url);
        if copy.map(|copy| copy.state) != Some(*state) {
            return Some(format!(
                "the copy of {site} is {:?}",
                copy.map(|copy| copy.state)
            ));
        }
    }
    if (case.state, cases.len()) != (event.state, event.n_cases) {
        return Some(format!("{:?}, {} cases: {told:?}", case.state, cases.len()));
    }
    illegal(case).map(str::to_owned)
}

#[test]
fn what_became_of_a_claim_is_recognised_in_every_kind_of_change() {
    let text = include_str!("../following/events.toml");
    let events: Events = toml::from_str(text).unwrap();
    let complaints: Vec<String> = events
        .event
        .iter()
        .filter_map(|event| Some(format!("{}: {}", event.name, complaint(&events, event)?)))
        .collect();
    let kinds: std::collections::BTreeSet<EventKind> = events
        .event
        .iter()
        .flat_map(|event| event.said.values().copied())
        .collect();
    assert!(
        complaints.is_empty(),
        "{} of {} changes are not recognised:\n{}",
        complaints.len(),
        events.event.len(),
        complaints.join("\n")
    );
    assert!(
        kinds.len() >= 20,
        "{} kinds of events: {kinds:?}",
        kinds.len()
    );
}

/// Sentences that may stand around a claim.
const AROUND: &[&str] = &[
    "Погода была ясной.",
    "Ярмарка откроется в мае.",
    "От редакции: фотография заменена, исправлена подпись.",
    "Обновлено: добавлен комментарий ведомства о планах на май.",
    "В Костанайской области за 2025 год зарегистрировано 3 120 краж.",
    "Начальник управления поблагодарил жителей за помощь.",
];

/// A page on which the sentence stands, in one of four ways.
fn carrying(claim: &str, around: &[usize], place: usize, how: u8) -> Page {
    let mut page = Page {
        text: around
            .iter()
            .map(|place| AROUND[*place].to_owned())
            .collect(),
        ..Page::default()
    };
    let bare = claim.trim_end_matches('.');
    let place = place.min(page.text.len());
    match how {
        0 => page.title = bare.to_owned(),
        1 => page
            .text
            .insert(place, format!("Напомним. {claim} Подробности позже.")),
        2 => page
            .text
            .insert(place, format!("«{bare}», – сказано в сообщении.")),
        _ => page.text.insert(place, claim.to_owned()),
    }
    page
}

proptest::proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn no_change_of_a_page_that_leaves_the_sentence_ends_its_case(
        edits in proptest::collection::vec(
            (
                proptest::sample::subsequence((0..AROUND.len()).collect::<Vec<_>>(), 0..=AROUND.len()),
                0usize..7,
                0u8..4,
            ),
            1..5
        )
    ) {
        let claim = "За 2025 год в Кызылординской области зарегистрировано 8 465 краж.";
        let mut world = World::default();
        world.put("agency", 2, Language::Ru, &Page::of(&claim.replace("8 465", "8 645")));
        world.put("outlet", 3, Language::Ru, &Page::of(claim));
        let mut cases = world.advance(&[], evening(3));
        let first = cases[0].id.clone();
        for (around, place, how) in edits {
            world.put("outlet", 4, Language::Ru, &carrying(claim, &around, place, how));
            cases = world.advance(&cases, evening(4));
            let case = cases.iter().find(|case| case.id == first).unwrap();
            proptest::prop_assert_eq!(case.copies[0].state, CopyState::Stands, "{:#?}", &case.history);
            proptest::prop_assert!(case.state.is_open());
        }
    }
}
