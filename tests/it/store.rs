//! Drives the store through its face: revisions, derived nouns, the frontier, one writer, clear refusals, crashes.

mod replay;

use std::path::Path;

use aigaq::canonical::ContentHash;
use aigaq::language::Language;
use aigaq::model::document::Range2;
use aigaq::model::{
    Basis, BasisOf, Block, BlockKind, CanonicalUrl, Capture, CaptureId, Claim, ClaimId, Document,
    FetchOutcome, Frame, FrontierEntry, Hint, Label, Modality, Observation, ObservationId, Part,
    Polarity, Revision, RevisionId, SourceId, TargetKind, Verdict, Visits,
};
use aigaq::store::{self, BasisPlace, Derived, Recorded, Sighting, StoreError, Weighing};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

/// A moment so many minutes after an arbitrary start.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(crate) fn source() -> SourceId {
    SourceId("outlet".to_owned())
}

pub(crate) fn document(url: &str, text: &str) -> Document {
    Document {
        url: CanonicalUrl(url.to_owned()),
        title: format!("Title of {url}"),
        authors: Vec::new(),
        published: None,
        modified: None,
        language: Some(Language::Ru),
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        }],
        tables: Vec::new(),
        alternates: Vec::new(),
        warnings: Vec::new(),
        about: aigaq::model::About::default(),
    }
}

fn entry(url: &str, due: Option<i64>) -> FrontierEntry {
    FrontierEntry {
        url: url.to_owned(),
        source: source(),
        host: "outlet.example".to_owned(),
        kind: TargetKind::Page,
        hint: Hint::default(),
        discovered_at: at(0),
        due_at: due.map(at),
        fetched_at: None,
        changed_at: None,
        etag: None,
        last_modified: None,
        body_hash: None,
        n_failures: 0,
        n_gone: 0,
        visits: Visits::default(),
    }
}

fn capture(name: &str, minutes: i64) -> Capture {
    Capture {
        id: CaptureId(name.to_owned()),
        source: source(),
        requested_url: "https://outlet.example/1".to_owned(),
        url: "https://outlet.example/1".to_owned(),
        fetched_at: at(minutes),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body_hash: ContentHash::of(name.as_bytes()),
        size_bytes: 10,
        warc_file: "a.warc.gz".to_owned(),
        warc_offset: minutes.unsigned_abs(),
        removed_at: None,
    }
}

pub(crate) fn frame() -> Frame {
    Frame {
        measures: Vec::new(),
        qualifiers: Vec::new(),
        statuses: Vec::new(),
        actions: Vec::new(),
        places: Vec::new(),
        bodies: Vec::new(),
        persons: Vec::new(),
        references: Vec::new(),
        period: None,
        base_period: None,
        quantity: None,
        direction: None,
        attribution: Vec::new(),
        modality: Modality::Asserted,
        polarity: Polarity::Positive,
        terms: Vec::new(),
    }
}

pub(crate) fn part() -> Part {
    Part::Text(Range2 { start: 0, end: 1 })
}

pub(crate) fn claim(id: &str, revision: &RevisionId) -> Claim {
    Claim {
        id: ClaimId(id.to_owned()),
        revision: revision.clone(),
        source: source(),
        url: "https://outlet.example/1".to_owned(),
        published_at: at(0),
        part: part(),
        text: "Sentence.".to_owned(),
        language: Language::Ru,
        frame: frame(),
        context: [].into(),
        check_worthiness: 500,
    }
}

pub(crate) fn observation(id: &str, revision: &RevisionId) -> Observation {
    Observation {
        id: ObservationId(id.to_owned()),
        revision: revision.clone(),
        source: source(),
        url: "https://outlet.example/1".to_owned(),
        published_at: at(0),
        superseded_at: None,
        part: part(),
        text: "Sentence.".to_owned(),
        context: String::new(),
        language: Language::Ru,
        authority: 2,
        frame: frame(),
    }
}

fn verdict(claim: &str, label: Label, minutes: i64) -> Verdict {
    Verdict {
        claim: ClaimId(claim.to_owned()),
        label,
        confidence: 900,
        differences: Vec::new(),
        evidence: Vec::new(),
        as_of: at(minutes),
        explanation: "Compared.".to_owned(),
    }
}

pub(crate) fn sighting(url: &str, text: &str, minutes: i64) -> Sighting {
    Sighting {
        source: source(),
        document: document(url, text),
        capture: None,
        seen_at: at(minutes),
    }
}

/// One claim and one observation for each new revision.
fn one_each(revisions: &[Revision]) -> Vec<Derived> {
    revisions
        .iter()
        .map(|revision| Derived {
            claims: vec![claim(&format!("c-{}", revision.id), &revision.id)],
            observations: vec![observation(&format!("o-{}", revision.id), &revision.id)],
        })
        .collect()
}

fn revision_of(recorded: &Recorded) -> RevisionId {
    match recorded {
        Recorded::New(id) | Recorded::Unchanged(id) | Recorded::Changed { now: id, .. } => {
            id.clone()
        }
    }
}

#[test]
fn a_changed_page_gets_a_new_revision_and_an_unchanged_one_only_a_later_sighting() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    let record = |text: &str, minutes| {
        store
            .record(&source(), &document(url, text), None, at(minutes))
            .unwrap()
    };
    let first = record("one", 0);
    assert!(matches!(first, Recorded::New(_)));
    assert_eq!(record("one", 5), Recorded::Unchanged(revision_of(&first)));
    let second = record("two", 9);
    assert!(matches!(&second, Recorded::Changed { before, .. } if *before == revision_of(&first)));

    let revisions = store.revisions_of(url).unwrap();
    let seen: Vec<_> = revisions
        .iter()
        .map(|r| (r.number, r.first_seen, r.last_seen, r.superseded_at))
        .collect();
    assert_eq!(
        seen,
        [(1, at(0), at(5), Some(at(9))), (2, at(9), at(9), None)]
    );
    assert_eq!(revisions[0].document, document(url, "one"));
    assert_eq!(store.current_revisions().unwrap(), [revisions[1].clone()]);
}

#[test]
fn what_a_site_repeats_is_kept_for_each_source() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let mut memory = store.memory(&source()).unwrap();
    assert!(!memory.knows_any());
    for word in ["суде", "школе", "порту", "парке"] {
        let own = [format!("Новость о {word}"), format!("Подробности о {word}")];
        memory.learn(own.iter().map(String::as_str).chain(["Пишите нам"]));
    }
    store.put_memory(&source(), &memory).unwrap();
    assert_eq!(store.memory(&source()).unwrap(), memory);
    assert!(store.memory(&source()).unwrap().knows("Пишите нам"));
    let other = SourceId("another".to_owned());
    assert!(!store.memory(&other).unwrap().knows_any());
}

#[test]
fn a_page_that_returns_after_it_was_gone_gets_a_new_revision_even_with_the_same_text() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    assert_eq!(store.mark_gone(url, at(0)).unwrap(), None);
    let record = |minutes| {
        store
            .record(&source(), &document(url, "one"), None, at(minutes))
            .unwrap()
    };
    record(1);
    let gone = store.mark_gone(url, at(2)).unwrap().unwrap();
    assert_eq!(store.mark_gone(url, at(3)).unwrap(), Some(gone.clone()));
    let marker = store.revision(&gone).unwrap().unwrap();
    assert!(marker.is_gone);
    assert_eq!(marker.document, document(url, "one"));
    assert!(store.current_revisions().unwrap().is_empty());
    assert!(matches!(record(4), Recorded::Changed { before, .. } if before == gone));
    assert_eq!(store.revisions_of(url).unwrap().len(), 3);
}

#[test]
fn one_publication_is_one_document_whichever_source_led_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let page = document("https://outlet.example/1", "one");
    let other = SourceId("other".to_owned());
    let first = store.record(&source(), &page, None, at(0)).unwrap();
    let again = store.record(&other, &page, None, at(1)).unwrap();
    assert_eq!(again, Recorded::Unchanged(revision_of(&first)));
    assert_eq!(store.counts().unwrap().documents, 1);
    assert_eq!(store.current_revisions().unwrap()[0].source, source());
}

#[test]
fn an_older_sighting_never_replaces_a_newer_text() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    let newer = store
        .record(&source(), &document(url, "two"), None, at(9))
        .unwrap();
    let older = store
        .record(&source(), &document(url, "one"), None, at(1))
        .unwrap();
    assert_eq!(older, Recorded::Unchanged(revision_of(&newer)));
    assert_eq!(store.counts().unwrap().revisions, 1);
}

#[test]
fn a_batch_writes_revisions_what_follows_from_them_and_the_marks_together() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let waiting = capture("cap-1", 3);
    store
        .captured(&entry("https://outlet.example/1", Some(60)), &waiting)
        .unwrap();
    let mut sightings = vec![
        sighting("https://outlet.example/1", "one", 3),
        sighting("https://outlet.example/2", "two", 3),
        sighting("https://outlet.example/1", "one, mended", 4),
    ];
    sightings[0].capture = Some(waiting.id.clone());
    let recorded = store
        .record_batch(&sightings, &[waiting.id], &mut one_each)
        .unwrap();
    assert!(matches!(recorded[2], Recorded::Changed { .. }));
    assert!(store.pending(10).unwrap().is_empty());
    let counts = store.counts().unwrap();
    assert_eq!((counts.revisions, counts.documents), (3, 2));
    assert_eq!((counts.claims, counts.observations), (2, 2));

    let again = store
        .record_batch(&sightings, &[], &mut |added| {
            assert!(added.is_empty());
            Vec::new()
        })
        .unwrap();
    assert!(again.iter().all(|r| matches!(r, Recorded::Unchanged(_))));
    assert_eq!(store.counts().unwrap(), counts);
}

#[test]
fn a_superseded_revision_dates_its_observations() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    let sightings = [sighting(url, "one", 0), sighting(url, "two", 7)];
    let recorded = store.record_batch(&sightings, &[], &mut one_each).unwrap();
    let ids: Vec<ObservationId> = recorded
        .iter()
        .rev()
        .map(|r| ObservationId(format!("o-{}", revision_of(r))))
        .collect();
    let ends = |observations: Vec<Observation>| -> Vec<_> {
        observations.into_iter().map(|o| o.superseded_at).collect()
    };
    assert_eq!(ends(store.observations(&ids).unwrap()), [None, Some(at(7))]);
    let mut walked = Vec::new();
    store
        .each_observation(&mut |observation| {
            // A callback may ask the store again.
            assert!(store.revision(&observation.revision).unwrap().is_some());
            walked.push(observation);
        })
        .unwrap();
    assert_eq!(ends(walked), [Some(at(7)), None]);
}

#[test]
fn verdicts_keep_their_history_and_findings_show_the_newest() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    store
        .record_batch(&[sighting(url, "one", 0)], &[], &mut |added| {
            vec![Derived {
                observations: Vec::new(),
                claims: vec![claim("c-b", &added[0].id), claim("c-a", &added[0].id)],
            }]
        })
        .unwrap();
    store
        .put_verdicts(&[
            verdict("c-a", Label::NoRecord, 1),
            verdict("c-b", Label::NoRecord, 1),
        ])
        .unwrap();
    store
        .put_verdicts(&[
            verdict("c-a", Label::Contradicted, 2),
            verdict("c-b", Label::NoRecord, 2),
        ])
        .unwrap();
    let found: Vec<_> = store
        .findings()
        .unwrap()
        .into_iter()
        .map(|(claim, verdict)| (claim.id.0, verdict.label, verdict.as_of))
        .collect();
    assert_eq!(
        found,
        [
            ("c-b".to_owned(), Label::NoRecord, at(2)),
            ("c-a".to_owned(), Label::Contradicted, at(2)),
        ]
    );
    let history = |claim: &str| store.verdicts(&ClaimId(claim.to_owned())).unwrap().len();
    assert_eq!((history("c-a"), history("c-b")), (2, 1));
    let ids = |found: Vec<(Claim, Verdict)>| -> Vec<String> {
        found.into_iter().map(|(claim, _)| claim.id.0).collect()
    };
    assert_eq!(ids(store.findings_with(Label::NoRecord).unwrap()), ["c-b"]);
    assert_eq!(ids(store.findings_of(url).unwrap()), ["c-b", "c-a"]);
    assert!(
        store
            .findings_of("https://outlet.example/2")
            .unwrap()
            .is_empty()
    );
    let labels = [(Label::Contradicted, 1), (Label::NoRecord, 1)];
    assert_eq!(store.labels().unwrap(), labels.into());
}

#[test]
fn claims_that_wait_for_a_verdict_are_read_revision_by_revision_with_the_context_they_share() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let pages = [1, 2, 3].map(|n| sighting(&format!("https://outlet.example/{n}"), "text", 0));
    let derive = |revision: &Revision| {
        let page = revision.document.url.0.rsplit_once('/').unwrap().1;
        let claim = |place: &str| Claim {
            context: [format!("n:{page}")].into(),
            ..claim(&format!("c-{page}-{place}"), &revision.id)
        };
        Derived {
            observations: Vec::new(),
            claims: vec![claim("a"), claim("b")],
        }
    };
    let mut derive = |added: &[Revision]| added.iter().map(derive).collect();
    store.record_batch(&pages, &[], &mut derive).unwrap();
    let batches = |limit: usize| {
        let (mut after, mut batches) = (0, Vec::new());
        loop {
            let (last, claims) = store.unjudged_after(after, limit).unwrap();
            if claims.is_empty() {
                return batches;
            }
            after = last;
            let shown = |claim: &Claim| format!("{} {}", claim.id, claim.context.join(" "));
            batches.push(claims.iter().map(shown).collect::<Vec<_>>());
        }
    };
    let first = ["c-1-a n:1", "c-1-b n:1"];
    let (second, third) = (["c-2-a n:2", "c-2-b n:2"], ["c-3-a n:3", "c-3-b n:3"]);
    assert_eq!(batches(1), [first, second, third]);
    assert_eq!(batches(3), [[first, second].concat(), third.to_vec()]);
    let revision = store.newest_revision("https://outlet.example/1").unwrap();
    let of = |claim: Option<&str>| BasisOf {
        revision: revision.clone().unwrap().id,
        claim: claim.map(|id| ClaimId(id.to_owned())),
        basis: Basis {
            topics: vec![(7, 14)],
            ..Basis::default()
        },
    };
    store.put_bases(&[of(None), of(Some("c-1-b"))]).unwrap();
    assert_eq!(
        batches(2),
        [[&first[..1], &second].concat(), third.to_vec()]
    );
    let place = |claim| BasisPlace { revision: 1, claim };
    let bases = store.bases_after(None, 10).unwrap();
    assert_eq!(
        bases,
        [
            (place(None), of(None).basis),
            (place(Some(1)), of(None).basis)
        ]
    );
    assert_eq!(
        store.bases_after(Some(place(None)), 10).unwrap(),
        bases[1..]
    );
    let weighing = Weighing {
        affected: vec![place(Some(1))],
        until: 3,
        waiting: vec![(revision.unwrap().id, at(9))],
        now: at(5),
    };
    store.put_weighing(&weighing).unwrap();
    assert_eq!(batches(1), [first, second, third]);
    assert_eq!(store.weighed().unwrap(), 3);
    assert!(store.waiting(at(8)).unwrap().is_empty());
    assert_eq!(store.waiting(at(9)).unwrap().len(), 1);
}

#[test]
fn the_frontier_keeps_its_state_when_an_address_is_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let mut found = entry("https://outlet.example/1", Some(0));
    found.hint.title = Some("From the feed".to_owned());
    assert_eq!(store.discover(std::slice::from_ref(&found)).unwrap(), 1);

    let mut later = found.clone();
    later.due_at = Some(at(60));
    later.n_failures = 1;
    store
        .fetched(&later, &FetchOutcome::TimedOut, at(1))
        .unwrap();
    found.hint = Hint {
        language: Some("kk".to_owned()),
        ..Hint::default()
    };
    assert_eq!(store.discover(&[found]).unwrap(), 0);
    let known = store
        .frontier_entry(&source(), "https://outlet.example/1")
        .unwrap()
        .unwrap();
    assert_eq!((known.n_failures, known.due_at), (1, Some(at(60))));
    assert_eq!(known.hint.title.as_deref(), Some("From the feed"));
    assert_eq!(known.hint.language.as_deref(), Some("kk"));
    let log = store.fetch_log(&source(), 10).unwrap();
    assert_eq!((log.len(), log[0].at), (1, at(1)));
    assert_eq!(log[0].outcome, FetchOutcome::TimedOut);
}

#[test]
fn entries_come_by_due_time_then_address_and_retired_ones_never() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    store
        .discover(&[
            entry("https://outlet.example/c", Some(1)),
            entry("https://outlet.example/b", Some(1)),
            entry("https://outlet.example/a", Some(2)),
            entry("https://outlet.example/late", Some(99)),
            entry("https://outlet.example/retired", None),
        ])
        .unwrap();
    let urls = |sources: &[SourceId], all| -> Vec<String> {
        store
            .due(sources, at(2), all)
            .unwrap()
            .into_iter()
            .map(|entry| entry.url.replace("https://outlet.example/", ""))
            .collect()
    };
    assert_eq!(urls(&[], false), ["b", "c", "a"]);
    assert_eq!(urls(&[source()], false), ["b", "c", "a"]);
    assert_eq!(urls(&[], true), ["b", "c", "a", "late"]);
    assert!(urls(&[SourceId("other".to_owned())], true).is_empty());
}

#[test]
fn a_capture_is_stored_once_and_waits_until_it_is_processed() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let entry = entry("https://outlet.example/1", Some(60));
    for name in ["cap-1", "cap-2", "cap-1"] {
        store.captured(&entry, &capture(name, 3)).unwrap();
    }
    let waiting: Vec<_> = store
        .pending(10)
        .unwrap()
        .into_iter()
        .map(|pending| pending.capture.id.0)
        .collect();
    assert_eq!(waiting, ["cap-1", "cap-2"]);
    store.processed(&[CaptureId("cap-1".to_owned())]).unwrap();
    store.captured(&entry, &capture("cap-1", 3)).unwrap();
    assert_eq!(store.pending(10).unwrap().len(), 1);
    assert_eq!(store.captures().unwrap().len(), 2);
    let offsets = store.offsets_in("a.warc.gz").unwrap();
    assert!(offsets.into_iter().eq([3]));
    assert!(store.offsets_in("b.warc.gz").unwrap().is_empty());
}

#[test]
fn a_second_writer_is_refused_by_name_and_readers_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let writer = store::open(dir.path()).unwrap();
    let refusal = store::open(dir.path()).err().unwrap();
    assert!(matches!(refusal, StoreError::Locked { .. }));
    assert!(
        refusal
            .to_string()
            .contains(&dir.path().display().to_string())
    );

    let reader = store::open_read_only(dir.path()).unwrap();
    writer
        .record(&source(), &document("https://a.example/", "x"), None, at(0))
        .unwrap();
    assert_eq!(reader.counts().unwrap().revisions, 1);
    let refused = reader.mark_gone("https://a.example/", at(1)).err().unwrap();
    assert!(matches!(refused, StoreError::ReadOnly { .. }));
    drop(writer);
    store::open(dir.path()).unwrap();
}

#[test]
fn what_is_not_our_store_is_refused_with_its_path() {
    type Breakage = fn(&Path);
    let cases: [(&str, Breakage); 4] = [
        ("is damaged", |file| {
            std::fs::write(
                file,
                "not a database, only a text that is long enough to be read".repeat(30),
            )
            .unwrap();
        }),
        ("not a store of this program", |file| {
            let db = Connection::open(file).unwrap();
            db.execute_batch("CREATE TABLE notes (text)").unwrap();
        }),
        ("has format 999", |file| {
            drop(store::open(file.parent().unwrap()).unwrap());
            let db = Connection::open(file).unwrap();
            db.pragma_update(None, "user_version", 999).unwrap();
        }),
        ("cannot open", |file| std::fs::create_dir(file).unwrap()),
    ];
    for (words, break_it) in cases {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(store::FILE_NAME);
        break_it(&file);
        for result in [store::open(dir.path()), store::open_read_only(dir.path())] {
            let said = result.err().unwrap().to_string();
            assert!(said.contains(words), "{said}");
            assert!(said.contains(&file.display().to_string()), "{said}");
        }
    }
}

#[test]
fn reading_a_folder_without_a_store_says_what_makes_one() {
    let dir = tempfile::tempdir().unwrap();
    let refusal = store::open_read_only(dir.path()).err().unwrap();
    assert!(matches!(refusal, StoreError::Missing { .. }));
    assert!(refusal.to_string().contains("aigaq crawl"));
    assert!(!dir.path().join(store::FILE_NAME).exists());
}

#[test]
fn the_database_itself_refuses_to_change_or_drop_what_was_seen() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let url = "https://outlet.example/1";
    store
        .captured(&entry(url, None), &capture("cap-1", 0))
        .unwrap();
    store
        .record_batch(
            &[sighting(url, "one", 0), sighting(url, "two", 1)],
            &[],
            &mut one_each,
        )
        .unwrap();
    let db = Connection::open(dir.path().join(store::FILE_NAME)).unwrap();
    for statement in [
        "DELETE FROM captures",
        "UPDATE captures SET url = 'x'",
        "DELETE FROM revisions",
        "UPDATE revisions SET content_hash = 'x'",
        "UPDATE revisions SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
        "DELETE FROM contents",
        "UPDATE contents SET payload = x'00'",
    ] {
        assert!(db.execute(statement, []).is_err(), "{statement}");
    }
}

#[test]
fn a_writer_that_dies_inside_a_transaction_leaves_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    drop(store::open(dir.path()).unwrap());
    let dying = Connection::open(dir.path().join(store::FILE_NAME)).unwrap();
    dying.execute_batch("BEGIN IMMEDIATE").unwrap();
    dying
        .execute(
            "INSERT INTO cases (id, state, opened_at, payload) VALUES ('x', 'proposed', 0, x'00')",
            [],
        )
        .unwrap();
    let reader = store::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.counts().unwrap().cases, 0);
    drop(dying);
    assert_eq!(reader.counts().unwrap().cases, 0);
    assert!(store::open(dir.path()).unwrap().cases().unwrap().is_empty());
}

#[test]
fn a_batch_whose_derivation_panics_leaves_nothing_and_the_store_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = store::open(dir.path()).unwrap();
    let batch = [sighting("https://outlet.example/1", "one", 0)];
    let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.record_batch(&batch, &[], &mut |_| panic!("one bad page"))
    }));
    assert!(crash.is_err());
    assert_eq!(store.counts().unwrap().revisions, 0);
    store.record_batch(&batch, &[], &mut one_each).unwrap();
    assert_eq!(store.counts().unwrap().revisions, 1);
}
