//! What a search finds beside pages: claims with their verdicts, cases, counts of each kind, and bars of several queries.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use aigaq::config::Config;
use aigaq::crawl::{Clock, Selection};
use aigaq::index::{Index, SearchQuery, Sort};
use aigaq::model::{
    Agencies, BarWidth, Facet, FetchOutcome, FrontierEntry, Hint, HitKind, Hits, Label, SourceId,
    TargetKind, Verdict, Visits,
};
use aigaq::pipeline::{self, Workspace};
use aigaq::report::json;
use aigaq::serve::fiction::{self, Web};
use aigaq::store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::watch;

/// The demo's fictional web, crawled in both phases.
pub(crate) async fn demo(folder: &Path) -> Arc<Workspace> {
    let web: Web = toml::from_str(include_str!("../../src/cli/demo/web.toml")).unwrap();
    let serving = fiction::serve(web).await.unwrap();
    let config = Config::parse(&serving.sources(), Path::new("sources")).unwrap();
    let workspace = Arc::new(Workspace::open(config, folder).unwrap());
    let everything = Selection {
        is_all: true,
        ..Selection::default()
    };
    for phase in [1, 2] {
        serving.begin_phase(phase);
        let (_stop, stopped) = watch::channel(false);
        pipeline::crawl(
            Arc::clone(&workspace),
            &everything,
            Clock::system(),
            &(),
            stopped,
        )
        .await
        .unwrap();
    }
    workspace
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 8, 1).unwrap()
}

fn ask(workspace: &Workspace, kind: HitKind, text: &str) -> Hits {
    let query = SearchQuery {
        kind,
        is_counted: true,
        limit: 1_000,
        ..SearchQuery::new(text, today())
    };
    workspace.index.search(&query, &*workspace.store).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_and_cases_are_found_as_such_and_pages_by_whose_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let store = &*workspace.store;

    // Each claim of a page that stands is a hit with its newest verdict.
    let findings = store.findings().unwrap();
    let claims = ask(&workspace, HitKind::Claims, "");
    assert_eq!(claims.total, findings.len());
    for label in [Label::Contradicted, Label::Supported, Label::NoRecord] {
        let word = serde_json::to_value(label).unwrap();
        let query = format!("verdict:{}", word.as_str().unwrap());
        let found = ask(&workspace, HitKind::Claims, &query);
        let expected = findings
            .iter()
            .filter(|(_, verdict)| verdict.label == label);
        assert_eq!(found.total, expected.count(), "{query}");
        assert!(found.hits.iter().all(|hit| {
            let claim = hit.claim.as_ref().unwrap();
            claim.verdict.as_ref().unwrap().label == label
        }));
    }
    // The sentence is searched, not the page around it.
    let thefts = ask(&workspace, HitKind::Claims, "краж");
    assert!(thefts.total > 0);
    for hit in &thefts.hits {
        assert!(!hit.snippet.highlights.is_empty(), "{}", hit.snippet.text);
    }

    // A case is found by a sentence of any copy or of its record, in whatever state it is.
    let all = store.cases().unwrap();
    let cases = ask(&workspace, HitKind::Cases, "");
    assert_eq!(cases.total, all.len());
    let states: BTreeSet<String> = all.iter().map(|case| json::word(&case.state)).collect();
    assert!(states.len() > 1, "{states:?}");
    for state in states {
        let of_state = all.iter().filter(|case| json::word(&case.state) == state);
        let found = ask(&workspace, HitKind::Cases, &format!("case:{state}"));
        assert_eq!(found.total, of_state.count(), "{state}");
    }
    let by_copy = ask(&workspace, HitKind::Cases, "8741");
    let mut cases_of = by_copy.hits.iter().filter_map(|hit| hit.case.as_ref());
    let case = cases_of
        .find(|case| case.differences[0].official == "8417")
        .unwrap();
    let by_record = ask(&workspace, HitKind::Cases, "8417");
    assert!(
        by_record
            .hits
            .iter()
            .any(|hit| hit.case.as_ref().unwrap().id == case.id)
    );

    // The counts of each kind are those of asking for it.
    let pages = ask(&workspace, HitKind::Pages, "краж");
    let of_kind = |kind| ask(&workspace, kind, "краж").total;
    for (kind, total) in &pages.kinds {
        assert_eq!(*total, of_kind(*kind), "{kind:?}");
    }
    let (own, official) = (of_kind(HitKind::Publications), of_kind(HitKind::Records));
    assert!(own > 0 && official > 0);
    assert_eq!(pages.total, own + official);
    let roles = ask(&workspace, HitKind::Records, "role:media");
    assert_eq!(roles.total, 0);

    // Facets of claims and cases count claims and cases.
    let verdicts = claims
        .facets
        .iter()
        .find(|facet| facet.field == "verdict")
        .unwrap();
    let contradicted = verdicts
        .values
        .iter()
        .find(|value| value.value == "contradicted")
        .unwrap();
    let narrowed = ask(&workspace, HitKind::Claims, &contradicted.query);
    assert_eq!(narrowed.total as u64, contradicted.count);
    let sources = cases
        .facets
        .iter()
        .find(|facet| facet.field == "source")
        .unwrap();
    for value in &sources.values {
        assert_eq!(
            ask(&workspace, HitKind::Cases, &value.query).total as u64,
            value.count,
            "{}",
            value.query
        );
    }

    // Paging and exports hold for each kind.
    for kind in [HitKind::Claims, HitKind::Cases] {
        for sort in [Sort::Relevance, Sort::Date] {
            let mut query = SearchQuery {
                kind,
                sort,
                is_folded: false,
                limit: 2,
                ..SearchQuery::new("", today())
            };
            let mut paged = Vec::new();
            loop {
                let hits = workspace.index.search(&query, store).unwrap();
                paged.extend(hits.hits.into_iter().map(|hit| {
                    (
                        hit.url,
                        hit.claim.map(|one| one.id),
                        hit.case.map(|one| one.id),
                    )
                }));
                let Some(next) = hits.next else { break };
                query.after = Some(next);
            }
            let mut exported = Vec::new();
            let n_rows = workspace
                .index
                .each_hit(&query, store, &mut |hit| {
                    exported.push((
                        hit.url,
                        hit.claim.map(|one| one.id),
                        hit.case.map(|one| one.id),
                    ));
                    true
                })
                .unwrap();
            assert_eq!(n_rows, workspace.index.count(&query, store).unwrap());
            if sort == Sort::Date {
                assert_eq!(paged, exported, "{kind:?}");
            }
            assert_eq!(paged.len(), exported.len(), "{kind:?}");
        }
    }

    // A rebuilt index answers alike.
    let source_of = |revision: &aigaq::model::Revision| workspace.source_of(&revision.source);
    let other = tempfile::tempdir().unwrap();
    let rebuilt = Index::rebuild(other.path(), store, &source_of).unwrap();
    for kind in HitKind::COUNTED {
        let query = SearchQuery {
            kind,
            is_counted: true,
            ..SearchQuery::new("краж | ұрлық", today())
        };
        let mut here = workspace.index.search(&query, store).unwrap();
        let mut there = rebuilt.search(&query, store).unwrap();
        for hits in [&mut here, &mut there] {
            hits.hits.iter_mut().for_each(|hit| hit.score = 0);
            hits.hits
                .sort_by(|a, b| (&a.url, &a.snippet.text).cmp(&(&b.url, &b.snippet.text)));
        }
        assert_eq!(here, there, "{kind:?}");
    }
}

/// An offer of a source.
fn offer(source: &str) -> FrontierEntry {
    FrontierEntry {
        url: format!("https://{source}.example/rss"),
        source: SourceId(source.to_owned()),
        host: format!("{source}.example"),
        kind: TargetKind::Feed,
        hint: Hint::default(),
        discovered_at: DateTime::default(),
        due_at: None,
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

#[test]
fn what_was_not_seen_is_said_with_bars_and_with_empty_answers() {
    let folder = tempfile::tempdir().unwrap();
    let store: Box<dyn Store> = aigaq::store::open(folder.path()).unwrap();
    let moment = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
    let visit = |source: &str, at: &str, outcome: FetchOutcome| {
        store.fetched(&offer(source), &outcome, moment(at)).unwrap();
    };
    for (source, at, is_well) in [
        // Down from the 3rd to the 5th of March.
        ("down", "2026-03-01T06:00:00Z", true),
        ("down", "2026-03-02T06:00:00Z", true),
        ("down", "2026-03-03T06:00:00Z", false),
        ("down", "2026-03-05T06:00:00Z", true),
        ("down", "2026-03-06T06:00:00Z", true),
        // Failed once, and was well an hour later.
        ("well", "2026-03-02T06:00:00Z", true),
        ("well", "2026-03-02T07:00:00Z", false),
        ("well", "2026-03-02T08:00:00Z", true),
        // Nobody asked from then on.
        ("left", "2026-03-02T06:00:00Z", true),
    ] {
        let outcome = if is_well {
            FetchOutcome::NotModified
        } else {
            FetchOutcome::TimedOut
        };
        visit(source, at, outcome);
    }
    // Pages say nothing of a feed.
    let mut page = offer("well");
    page.kind = TargetKind::Page;
    store
        .fetched(
            &page,
            &FetchOutcome::TimedOut,
            moment("2026-03-02T09:00:00Z"),
        )
        .unwrap();
    let gaps = store.gaps(moment("2026-03-03T12:00:00Z")).unwrap();
    assert_eq!(
        gaps.len(),
        1,
        "a day and a half without asking is no gap yet: {gaps:?}"
    );
    let gaps = store.gaps(moment("2026-03-07T00:00:00Z")).unwrap();
    let shown: Vec<(String, String, bool, bool)> = gaps
        .iter()
        .map(|gap| {
            (
                gap.source.0.clone(),
                gap.from.to_rfc3339(),
                gap.to.is_some(),
                gap.is_silent,
            )
        })
        .collect();
    let expected = [
        ("down", "2026-03-02T06:00:00+00:00", true, true),
        ("left", "2026-03-02T06:00:00+00:00", false, false),
        ("well", "2026-03-02T08:00:00+00:00", false, false),
    ];
    let expected: Vec<_> = expected
        .map(|(s, f, t, i)| (s.to_owned(), f.to_owned(), t, i))
        .to_vec();
    assert_eq!(shown, expected);

    let index = Index::open(folder.path()).unwrap();
    let answer = |text: &str| {
        let query = SearchQuery::new(text, NaiveDate::from_ymd_opt(2026, 3, 7).unwrap());
        index.search(&query, &*store).unwrap()
    };
    let of = |hits: &Hits| {
        hits.gaps
            .iter()
            .map(|gap| gap.source.0.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&answer("порт")), ["down", "left", "well"]);
    assert_eq!(of(&answer("порт source:down")), ["down"]);
    assert_eq!(
        of(&answer(
            "порт -source:left published:2026-03-03..2026-03-04"
        )),
        ["down", "well"]
    );
    assert!(of(&answer("порт published:2026-02")).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_queries_are_counted_over_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let query = SearchQuery {
        is_counted: true,
        step: Some(BarWidth::Month),
        compared: vec!["ұрлық".to_owned(), "ничего-такого-нет".to_owned()],
        ..SearchQuery::new("краж", today())
    };
    let hits = workspace.index.search(&query, &*workspace.store).unwrap();
    assert_eq!(hits.compared.len(), 2);
    let days = |bars: &[aigaq::model::Bar]| {
        bars.iter()
            .map(|bar| (bar.from, bar.to))
            .collect::<Vec<_>>()
    };
    for other in &hits.compared {
        assert_eq!(days(&other.histogram), days(&hits.histogram));
        let sum: u64 = other.histogram.iter().map(|bar| bar.count).sum();
        assert_eq!(sum, other.total as u64, "{}", other.query);
    }
    assert!(hits.compared[0].total > 0);
    assert!(
        hits.histogram
            .iter()
            .all(|bar| bar.from.format("%d").to_string() == "01")
    );
    let bar = hits.histogram.iter().find(|bar| bar.count > 0).unwrap();
    assert_eq!(bar.per_100k(), bar.count * 100_000 / bar.all);
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_that_rest_on_records_of_others_are_neither_found_counted_nor_shown() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let store = &*workspace.store;
    let official: BTreeSet<SourceId> = aigaq::serve::desk::official(store).unwrap();
    let asked = |own: &SourceId, kind: HitKind, text: &str| {
        let query = SearchQuery {
            kind,
            is_counted: true,
            limit: 1_000,
            agencies: Some(Agencies {
                own: BTreeSet::from([own.clone()]),
                official: official.clone(),
            }),
            ..SearchQuery::new(text, today())
        };
        workspace.index.search(&query, store).unwrap()
    };
    let contradicted = store.findings_with(Label::Contradicted).unwrap();
    let slot = contradicted[0].1.differences[0].slot;
    let slot = format!("slot:{}", json::word(&slot));
    let far = SourceId("elsewhere".to_owned());
    for kind in [HitKind::Claims, HitKind::Pages, HitKind::Publications] {
        for text in ["verdict:contradicted", &slot] {
            assert!(ask(&workspace, kind, text).total > 0, "{kind:?} {text}");
            assert_eq!(asked(&far, kind, text).total, 0, "{kind:?} {text}");
        }
    }
    let all = asked(&far, HitKind::Claims, "");
    let verdicts = all.hits.iter().filter_map(|hit| hit.claim.as_ref());
    let mut verdicts = verdicts.filter_map(|claim| claim.verdict.as_ref());
    assert!(verdicts.all(|verdict| verdict.evidence.is_empty()));
    let facet = all
        .facets
        .iter()
        .find(|facet| facet.facet == Facet::Verdict);
    assert!(facet.unwrap().values.is_empty(), "{facet:?}");
    // The agency itself sees what rests on its records, and no more.
    let mut n_own = 0;
    for own in &official {
        let sees = |verdict: &Verdict| verdict.evidence.iter().any(|quote| quote.source == *own);
        let mine = contradicted.iter().filter(|(_, verdict)| sees(verdict));
        let found = asked(own, HitKind::Claims, "verdict:contradicted");
        let n_mine = mine.count();
        n_own += n_mine;
        assert_eq!(found.total, n_mine, "{own:?}");
    }
    assert!(n_own > 0, "no agency has a finding of its own");
}
