//! Drives the search index: queries in three languages, evidence, agreement with the store after any interruption.

use std::collections::BTreeMap;
use std::path::Path;

use aigaq::index::{Index, IndexError, SearchQuery, Sort};
use aigaq::language::Language;
use aigaq::model::{
    Claim, DateOrigin, Dated, Document, Hits, Observation, Revision, RevisionId, Source, SourceId,
    SourceRole,
};
use aigaq::store::{self, Derived, Sighting, Store};
use chrono::NaiveDate;

use super::store::{at, claim, document, observation, sighting};

fn official(_: &Revision) -> Source {
    Source {
        id: SourceId("agency".to_owned()),
        name: BTreeMap::new(),
        url: "https://agency.example/".to_owned(),
        role: SourceRole::Official,
        languages: vec![Language::Kk, Language::Ru],
        authority: Vec::new(),
    }
}

/// A store and an index of the same folder.
pub(super) struct Pair {
    dir: tempfile::TempDir,
    store: Box<dyn Store>,
    index: Index,
}

impl Pair {
    pub(super) fn new() -> Pair {
        let dir = tempfile::tempdir().unwrap();
        let store = store::open(dir.path()).unwrap();
        let index = Index::open(dir.path()).unwrap();
        Pair { dir, store, index }
    }

    /// Records pages and lets the index follow.
    pub(super) fn add(&self, sightings: &[Sighting]) -> &Pair {
        self.store
            .record_batch(sightings, &[], &mut nothing)
            .unwrap();
        self.catch_up();
        self
    }

    fn catch_up(&self) {
        self.index.catch_up(&*self.store, &official).unwrap();
    }

    pub(super) fn search(&self, text: &str) -> Hits {
        self.ask(&SearchQuery::new(
            text,
            NaiveDate::from_ymd_opt(2026, 9, 30).unwrap(),
        ))
    }

    fn ask(&self, query: &SearchQuery) -> Hits {
        self.index.search(query, &*self.store).unwrap()
    }

    /// Addresses of the hits, sorted, without their common beginning.
    pub(super) fn found(&self, text: &str) -> Vec<String> {
        let hits = self.search(text);
        assert_eq!(hits.total, hits.hits.len(), "{text}");
        let mut urls: Vec<String> = hits
            .hits
            .into_iter()
            .map(|hit| hit.url.replace("https://outlet.example/", ""))
            .collect();
        urls.sort();
        urls
    }
}

fn nothing(revisions: &[Revision]) -> Vec<Derived> {
    vec![Derived::default(); revisions.len()]
}

pub(super) fn page(name: &str, title: &str, text: &str, language: Language) -> Sighting {
    let mut page = sighting(&format!("https://outlet.example/{name}"), text, 0);
    page.document = Document {
        title: title.to_owned(),
        language: Some(language),
        ..page.document
    };
    page
}

/// A few pages in three languages.
fn library() -> Vec<Sighting> {
    let mut dated = page("dated", "Сводка", "Лесхоз посадил ели.", Language::Ru);
    dated.document.published = Some(Dated {
        at: "2026-02-28T23:30:00+05:00".parse().unwrap(),
        origin: DateOrigin::JsonLd,
        is_day_only: false,
    });
    dated.document.authors = vec!["Майра Оспанқызы".to_owned()];
    vec![
        page(
            "su",
            "Су тасқыны",
            "Өзендегі судың деңгейі көтерілді.",
            Language::Kk,
        ),
        page(
            "delo",
            "Дело о задержанных",
            "Суд рассмотрел дела двух задержанных. Приговор вынесен.",
            Language::Ru,
        ),
        page(
            "ships",
            "Ships in port",
            "Three ships waited. The port closed early.",
            Language::En,
        ),
        page(
            "dvesti",
            "Порт",
            "Порт принял два корабля, суд не работал.",
            Language::Ru,
        ),
        dated,
    ]
}

#[test]
fn words_are_found_in_any_of_their_forms_in_their_own_language() {
    let pair = Pair::new();
    pair.add(&library());
    for (query, expected) in [
        ("судың", &["su"][..]),
        ("задержанные", &["delo"]),
        ("ship", &["ships"]),
        ("корабль", &["dvesti"]),
        ("суд приговор", &["delo"]),
        ("суд -приговор", &["dvesti"]),
        ("ships | корабль", &["dvesti", "ships"]),
        ("\"вынесен приговор\"", &[]),
        ("\"приговор вынесен\"", &["delo"]),
        ("title:порт", &["dvesti"]),
        ("=корабля", &["dvesti"]),
        ("=корабль", &[]),
        ("рассмотр*", &["delo"]),
        ("lang:kk", &["su"]),
        ("source:agency lang:en", &["ships"]),
        ("source:nobody", &[]),
        ("role:media", &[]),
        ("url:delo", &["delo"]),
        ("url:outlet.example lang:en", &["ships"]),
        ("https://outlet.example/su", &["su"]),
        ("author:оспанқызы", &["dated"]),
        ("published:2026-02", &["dated"]),
        ("published:2026-02-28..2026-02-28", &["dated"]),
        ("published:2026-03", &[]),
    ] {
        assert_eq!(pair.found(query), expected, "{query}");
    }
}

#[test]
fn hits_quote_the_store_with_the_words_found_highlighted() {
    let pair = Pair::new();
    pair.add(&library());
    let hits = pair.search("задержанного приговор");
    let hit = &hits.hits[0];
    let shown: Vec<&str> = hit
        .snippet
        .highlights
        .iter()
        .map(|(start, end)| &hit.snippet.text[*start..*end])
        .collect();
    assert_eq!(shown, ["задержанных", "Приговор"]);
    assert_eq!(hit.title.highlights.len(), 1);
    assert_eq!(hit.language, Some(Language::Ru));
}

#[test]
fn a_malformed_query_answers_and_says_what_was_mended() {
    let pair = Pair::new();
    pair.add(&library());
    let hits = pair.search("(\"приговор вынесен");
    assert_eq!(hits.total, 1);
    assert_eq!(hits.repairs.len(), 2, "{:?}", hits.repairs);
    for abuse in [
        "*",
        "a:b:c",
        "((((((",
        "-",
        "|||",
        "\"",
        "а*",
        &"(я | ".repeat(500),
    ] {
        let _ = pair.search(abuse);
    }
}

/// The pages of all hits of a query, five at a time.
fn paged(pair: &Pair, query: &SearchQuery) -> Vec<Vec<String>> {
    let mut query = SearchQuery {
        limit: 5,
        ..query.clone()
    };
    let mut pages = Vec::new();
    loop {
        let hits = pair.ask(&query);
        assert!(hits.repairs.is_empty(), "{:?}", hits.repairs);
        pages.push(hits.hits.into_iter().map(|hit| hit.url).collect());
        match hits.next {
            Some(next) => query.after = Some(next),
            None => return pages,
        }
    }
}

#[test]
fn pages_of_hits_do_not_overlap_in_either_order_even_when_publications_arrive_meanwhile() {
    let pair = Pair::new();
    let pages: Vec<Sighting> = (0..23)
        .map(|n| page(&format!("p{n}"), "Порт", "Порт открыт.", Language::Ru))
        .collect();
    pair.add(&pages);
    for sort in [Sort::Relevance, Sort::Date] {
        let query = SearchQuery {
            sort,
            is_folded: false,
            ..SearchQuery::new("порт", at(0).date_naive())
        };
        let pages = paged(&pair, &query);
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        assert_eq!(sizes, [5, 5, 5, 5, 3]);
        let seen: std::collections::BTreeSet<String> = pages.into_iter().flatten().collect();
        assert_eq!(seen.len(), 23);
    }
    let query = SearchQuery {
        sort: Sort::Date,
        is_folded: false,
        limit: 5,
        ..SearchQuery::new("порт", at(0).date_naive())
    };
    let first = pair.ask(&query);
    let newer = Sighting {
        seen_at: at(30),
        ..page("newer", "Порт", "Порт закрыт.", Language::Ru)
    };
    pair.add(&[newer]);
    let second = pair.ask(&SearchQuery {
        after: first.next.clone(),
        ..query.clone()
    });
    assert_eq!(second.total, 24);
    let urls =
        |hits: &Hits| -> Vec<String> { hits.hits.iter().map(|hit| hit.url.clone()).collect() };
    let (first, second) = (urls(&first), urls(&second));
    assert_eq!(second.len(), 5);
    assert!(
        second
            .iter()
            .all(|url| !first.contains(url) && !url.ends_with("newer"))
    );
    let unreadable = pair.ask(&SearchQuery {
        after: Some("s12".to_owned()),
        ..query
    });
    assert!(
        unreadable.repairs[0]
            .to_string()
            .contains("could not be read")
    );
}

/// A bulletin of one month.
fn bulletin(name: &str, month: &str, figures: [u32; 3], lead: &str) -> Sighting {
    let [calls, fires, hurt] = figures;
    let text = format!(
        "{lead} спасатели области в {month} выезжали {calls} раз, сообщили в управлении. Из них {fires} выездов пришлись на \
         пожары в жилых домах и банях, остальные на помощь водителям, застрявшим на заметённых дорогах. Пострадали {hurt} \
         человек, всем помощь оказана на месте, погибших нет. Жителям напомнили, что печи проверяют до холодов, а \
         дымоходы чистят каждую осень, и что вызов по номеру 112 бесплатный."
    );
    page(name, "Спасатели подвели итоги", &text, Language::Ru)
}

#[test]
fn reprints_are_one_hit_with_their_copies_and_next_months_bulletin_is_another() {
    let pair = Pair::new();
    pair.add(&[
        bulletin("first", "январе", [214, 57, 12], "Отважные"),
        bulletin("reprint", "январе", [214, 57, 12], "Доблестные"),
        bulletin("next", "феврале", [198, 49, 9], "Отважные"),
    ]);
    let hits = pair.search("спасатели");
    assert_eq!(hits.total, 3);
    let stories: Vec<usize> = hits.hits.iter().map(|hit| hit.n_copies).collect();
    assert_eq!(stories.iter().sum::<usize>(), 1);
    assert_eq!(stories.len(), 2);
    let folded = hits.hits.iter().find(|hit| hit.n_copies == 1).unwrap();
    let mut urls = [folded.url.clone(), folded.copies[0].url.clone()];
    urls.sort();
    assert!(urls[0].ends_with("/first") && urls[1].ends_with("/reprint"));
    let unfolded = pair.ask(&SearchQuery {
        is_folded: false,
        ..SearchQuery::new("спасатели", at(0).date_naive())
    });
    assert_eq!(unfolded.hits.len(), 3);
}

#[test]
fn words_are_found_near_to_each_other_alike_and_with_slop() {
    let pair = Pair::new();
    pair.add(&library());
    for (query, expected) in [
        ("суд NEAR/3 задержанных", &["delo"][..]),
        ("задержанных NEAR/3 суд", &["delo"]),
        ("суд NEAR/0 задержанных", &[]),
        ("\"рассмотрел задержанных\"~2", &["delo"]),
        ("\"рассмотрел задержанных\"~1", &[]),
        ("приговар~1", &["delo"]),
        ("пригавар~1", &[]),
        ("пригавар~2", &["delo"]),
    ] {
        assert_eq!(pair.found(query), expected, "{query}");
    }
    let like = pair.search("приговар~1");
    assert!(!like.hits[0].snippet.highlights.is_empty());
}

#[test]
fn a_saved_query_matches_exactly_what_the_search_would_find() {
    let pair = Pair::new();
    pair.add(&library());
    let queries = [
        "судың",
        "задержанные",
        "суд -приговор",
        "ships | корабль",
        "\"приговор вынесен\"",
        "\"вынесен приговор\"",
        "title:порт",
        "=корабля",
        "=корабль",
        "пригов*",
        "приговар~1",
        "суд NEAR/3 задержанных",
        "суд NEAR/0 задержанных",
        "\"рассмотрел задержанных\"~2",
        "\"рассмотрел задержанных\"~1",
        "lang:kk",
        "-lang:ru",
        "role:official порт",
        "role:media",
        "author:оспанқызы",
        "published:2026-02",
        "published:-7d",
        "",
        "changed:yes",
        "changed:no",
        "(порт | суд) -корабль",
        "url:outlet.example",
        "person:Оспанқызы",
        "amount:>1",
        "case:no",
        "verdict:supported",
        "source:agency",
    ];
    let today = NaiveDate::from_ymd_opt(2026, 9, 30).unwrap();
    let watching = pair.index.watching(&queries, &*pair.store, today).unwrap();
    for (number, query) in queries.iter().enumerate() {
        let revisions = pair.store.current_revisions().unwrap();
        let mut matched: Vec<String> = revisions
            .iter()
            .filter(|revision| {
                let matched = watching.matches(revision, &official(revision), &[]);
                matched.iter().any(|matched| matched.query == number)
            })
            .map(|revision| {
                revision
                    .document
                    .url
                    .0
                    .replace("https://outlet.example/", "")
            })
            .collect();
        matched.sort();
        assert_eq!(matched, pair.found(query), "{query}");
    }
}

#[test]
fn facets_leave_out_their_own_filter_and_bars_tell_the_share() {
    let pair = Pair::new();
    pair.add(&library());
    let counted = |text: &str| {
        pair.ask(&SearchQuery {
            is_counted: true,
            ..SearchQuery::new(text, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap())
        })
    };
    let languages = |hits: &Hits| -> Vec<(String, u64)> {
        let facet = hits
            .facets
            .iter()
            .find(|facet| facet.field == "lang")
            .unwrap();
        let values = facet.values.iter();
        values
            .map(|value| (value.value.clone(), value.count))
            .collect()
    };
    let expected = [("ru", 3), ("en", 1), ("kk", 1)].map(|(code, n)| (code.to_owned(), n));
    assert_eq!(languages(&counted("")), expected);
    let filtered = counted("lang:kk");
    assert_eq!(
        (filtered.total, languages(&filtered)),
        (1, expected.to_vec())
    );
    // Another facet's filter does count.
    assert_eq!(
        languages(&counted("lang:kk published:2026-02")),
        [("ru".to_owned(), 1)]
    );
    let port = counted("порт");
    assert_eq!(port.total, 1);
    let (found, all) = port.histogram.iter().fold((0, 0), |(found, all), bar| {
        (found + bar.count, all + bar.all)
    });
    assert_eq!((found, all), (1, 4));
}

#[test]
fn a_changed_page_is_found_by_its_new_text_and_its_earlier_one_on_request() {
    let pair = Pair::new();
    let at_minute = |text: &str, minutes| sighting("https://outlet.example/1", text, minutes);
    pair.add(&[at_minute("Сгорел амбар.", 0)]);
    assert_eq!(pair.found("амбар"), ["1"]);
    pair.add(&[at_minute("Сгорел сарай.", 1)]);
    assert!(pair.found("амбар").is_empty());
    assert_eq!(pair.found("сарай changed:yes"), ["1"]);
    assert_eq!(pair.found("амбар revision:any"), ["1"]);
    pair.store
        .mark_gone("https://outlet.example/1", at(2))
        .unwrap();
    pair.catch_up();
    assert!(pair.found("сарай").is_empty());
    assert_eq!(pair.found("сарай gone:yes"), ["1"]);
}

/// An observation with these anchors.
fn observed(id: &str, revision: &RevisionId, url: &str, anchors: &[&str]) -> Observation {
    let mut observation = observation(id, revision);
    observation.url = url.to_owned();
    observation.text = format!("text of {id}");
    observation.frame.terms = anchors.iter().map(|&anchor| anchor.to_owned()).collect();
    observation
}

fn claimed(anchors: &[&str], context: &[&str]) -> Claim {
    let mut claim = claim("c", &RevisionId("r".to_owned()));
    claim.url = "https://outlet.example/claim".to_owned();
    claim.frame.terms = anchors.iter().map(|&anchor| anchor.to_owned()).collect();
    claim.context = context.iter().map(|&anchor| anchor.to_owned()).collect();
    claim
}

/// The records found for a claim, best first, each as the last part of its address and its number.
fn evidence(pair: &Pair, claim: Claim, limit: usize) -> Vec<String> {
    let retrieved = pair.index.retrieval().evidence(&[claim], limit).unwrap();
    let of_claims = retrieved.evidence;
    assert_eq!(of_claims.len(), 1);
    assert!(
        of_claims[0]
            .windows(2)
            .all(|two| two[0].score >= two[1].score)
    );
    let name = |revision| {
        let found = pair.store.revision(revision).unwrap().unwrap();
        let page = found.document.url.0.rsplit_once('/').unwrap().1.to_owned();
        format!("{page}#{}", found.number)
    };
    of_claims[0].iter().map(|one| name(&one.revision)).collect()
}

/// Records with one sentence each, of these anchors; the observation is named after the page.
fn records(pair: &Pair, pages: &[(&str, &[&str])]) {
    let sightings: Vec<Sighting> = pages
        .iter()
        .map(|(name, _)| sighting(&format!("https://agency.example/{name}"), name, 0))
        .collect();
    pair.store
        .record_batch(&sightings, &[], &mut |added| {
            let derive = |(revision, (name, anchors)): (&Revision, &(&str, &[&str]))| Derived {
                observations: vec![observed(
                    name,
                    &revision.id,
                    &revision.document.url.0,
                    anchors,
                )],
                claims: Vec::new(),
            };
            added.iter().zip(pages).map(derive).collect()
        })
        .unwrap();
    pair.catch_up();
}

#[test]
fn evidence_is_found_by_topic_even_where_the_number_differs_and_by_number_where_the_topic_does() {
    let pair = Pair::new();
    records(
        &pair,
        &[
            ("topic", &["c:theft", "p:north", "n:1245"]),
            ("donor", &["c:theft", "p:south", "n:2145"]),
            ("noise", &["c:harvest", "p:east", "n:17"]),
            ("stem", &["s:kk:егін", "n:3"]),
        ],
    );
    let found = |anchors: &[&str]| evidence(&pair, claimed(anchors, &[]), 10);
    let mut both = found(&["c:theft", "p:north", "n:2145"]);
    both.sort();
    assert_eq!(both, ["donor#1", "topic#1"]);
    assert_eq!(found(&["s:kk:егін"]), ["stem#1"]);
    assert!(found(&[]).is_empty());
}

#[test]
fn the_record_a_publication_reports_on_is_found_through_the_whole_publication() {
    let pair = Pair::new();
    let mut pages: Vec<(String, Vec<String>)> = (0..40)
        .map(|n| {
            (
                format!("month-{n}"),
                vec!["c:theft".to_owned(), format!("t:{n}"), format!("i:{n}")],
            )
        })
        .collect();
    pages.push((
        "wanted".to_owned(),
        vec!["c:theft".to_owned(), "i:editor".to_owned()],
    ));
    let anchors: Vec<Vec<&str>> = pages
        .iter()
        .map(|(_, anchors)| anchors.iter().map(String::as_str).collect())
        .collect();
    let pages: Vec<(&str, &[&str])> = pages
        .iter()
        .zip(&anchors)
        .map(|((name, _), anchors)| (name.as_str(), anchors.as_slice()))
        .collect();
    records(&pair, &pages);
    let with = claimed(&["c:theft"], &["i:editor"]);
    assert_eq!(evidence(&pair, with, 1), ["wanted#1"]);
}

#[test]
fn an_earlier_revision_is_evidence_only_by_what_the_record_no_longer_says() {
    let pair = Pair::new();
    let revisions = [
        ("rewritten", 0, &["kept", "old"][..]),
        ("rewritten", 1, &["kept", "new"]),
        ("continued", 0, &["first"]),
        ("continued", 1, &["first", "second"]),
    ];
    for (name, minutes, sentences) in revisions {
        let url = &format!("https://agency.example/{name}");
        let text = sentences.join(" ");
        pair.store
            .record_batch(&[sighting(url, &text, minutes)], &[], &mut |added| {
                let observation = |sentence: &&str| {
                    let id = format!("{sentence}-{minutes}");
                    let mut one = observed(&id, &added[0].id, url, &["c:theft"]);
                    one.text = (*sentence).to_owned();
                    one
                };
                vec![Derived {
                    observations: sentences.iter().map(observation).collect(),
                    claims: Vec::new(),
                }]
            })
            .unwrap();
        pair.catch_up();
    }
    let mut found = evidence(&pair, claimed(&["c:theft"], &[]), 10);
    found.sort();
    assert_eq!(found, ["continued#2", "rewritten#1", "rewritten#2"]);
}

#[test]
fn adding_twice_leaves_one() {
    let pair = Pair::new();
    pair.add(&library());
    let revision = pair.store.current_revisions().unwrap().remove(0);
    let observation = observed("o", &revision.id, "https://agency.example/1", &["c:theft"]);
    for _ in 0..3 {
        pair.index
            .add_revision(&revision, &official(&revision), &[])
            .unwrap();
        pair.index
            .add_observations(std::slice::from_ref(&observation))
            .unwrap();
        pair.index
            .commit(pair.store.last_sequence().unwrap())
            .unwrap();
    }
    assert_eq!(pair.search("").total, library().len());
    assert_eq!(evidence(&pair, claimed(&["c:theft"], &[]), 10).len(), 1);
    pair.index.remove_revision(&revision.id).unwrap();
    pair.index.remove_observations(&revision.id).unwrap();
    pair.index
        .commit(pair.store.last_sequence().unwrap())
        .unwrap();
    assert_eq!(pair.search("").total, library().len() - 1);
    assert!(evidence(&pair, claimed(&["c:theft"], &[]), 10).is_empty());
}

#[test]
fn what_a_kill_left_uncommitted_is_caught_up_without_doubles() {
    let pair = Pair::new();
    pair.add(&library()[..2]);
    let committed = pair.index.committed_seq().unwrap();
    assert_eq!(committed, 2);
    pair.store
        .record_batch(&library(), &[], &mut nothing)
        .unwrap();
    for revision in pair.store.current_revisions().unwrap() {
        pair.index
            .add_revision(&revision, &official(&revision), &[])
            .unwrap();
    }
    let Pair { dir, store, index } = pair;
    drop(index);
    let pair = Pair {
        index: Index::open(dir.path()).unwrap(),
        dir,
        store,
    };
    assert_eq!(pair.index.committed_seq().unwrap(), committed);
    assert_eq!(pair.search("").total, 2);
    pair.catch_up();
    assert_eq!(pair.search("").total, library().len());
    assert_eq!(
        pair.index.committed_seq().unwrap(),
        pair.store.last_sequence().unwrap()
    );
}

#[test]
fn a_rebuilt_index_answers_as_the_one_that_grew() {
    let pair = Pair::new();
    for page in library() {
        pair.add(&[page]);
    }
    pair.add(&[sighting(
        "https://outlet.example/su",
        "Судың деңгейі төмендеді.",
        9,
    )]);
    let queries = [
        "суд",
        "порт",
        "су | ship",
        "lang:ru",
        "",
        "revision:any судың",
    ];
    let grown: Vec<Vec<String>> = queries.iter().map(|query| pair.found(query)).collect();
    let Pair { dir, store, index } = pair;
    drop(index);
    let rebuilt = Index::rebuild(dir.path(), &*store, &official).unwrap();
    let pair = Pair {
        index: rebuilt,
        dir,
        store,
    };
    let anew: Vec<Vec<String>> = queries.iter().map(|query| pair.found(query)).collect();
    assert_eq!(grown, anew);
}

#[test]
fn an_index_ahead_of_its_store_is_refused() {
    let pair = Pair::new();
    pair.index.commit(7).unwrap();
    let refusal = pair.index.catch_up(&*pair.store, &official).unwrap_err();
    assert!(matches!(
        refusal,
        IndexError::Ahead {
            indexed: 7,
            stored: 0,
            ..
        }
    ));
    assert!(refusal.to_string().contains("aigaq reindex"));
}

#[test]
fn a_folder_that_cannot_be_read_is_named_with_the_cure() {
    type Breakage = fn(&Path);
    let cases: [(Breakage, bool); 4] = [
        (
            |folder| std::fs::write(folder.join("meta.json"), "{").unwrap(),
            true,
        ),
        (
            |folder| std::fs::write(folder.join("aigaq-index.json"), "{\"format\":0}").unwrap(),
            true,
        ),
        (
            |folder| std::fs::remove_file(folder.join("aigaq-index.json")).unwrap(),
            false,
        ),
        (
            |folder| {
                std::fs::remove_dir_all(folder).unwrap();
                std::fs::create_dir(folder).unwrap();
                std::fs::write(folder.join("holiday.jpg"), "x").unwrap();
            },
            false,
        ),
    ];
    for (break_it, can_be_rebuilt) in cases {
        let pair = Pair::new();
        pair.add(&library());
        let Pair { dir, store, index } = pair;
        drop(index);
        let folder = dir.path().join(aigaq::index::FOLDER);
        break_it(&folder);
        let said = Index::open(dir.path()).err().unwrap().to_string();
        assert!(said.contains(&folder.display().to_string()), "{said}");
        assert!(said.contains("aigaq reindex"), "{said}");
        match Index::rebuild(dir.path(), &*store, &official) {
            Ok(index) => {
                assert!(can_be_rebuilt);
                assert_eq!(
                    index.committed_seq().unwrap(),
                    store.last_sequence().unwrap()
                );
            }
            Err(refusal) => {
                assert!(!can_be_rebuilt && matches!(refusal, IndexError::Foreign { .. }));
                assert!(folder.exists());
            }
        }
    }
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let pair = Pair::new();
    pair.add(&library());
    let second = Index::open(pair.dir.path()).unwrap();
    assert_eq!(second.committed_seq().unwrap(), 5);
    let page = pair.store.current_revisions().unwrap().remove(0);
    let refusal = second
        .add_revision(&page, &official(&page), &[])
        .unwrap_err();
    assert!(matches!(refusal, IndexError::Locked { .. }), "{refusal}");
}

#[test]
fn documents_are_indexed_by_title_text_and_tables() {
    let pair = Pair::new();
    let mut with_table = document("https://outlet.example/t", "Итоги.");
    with_table.tables = vec![aigaq::model::Table {
        title: "Посевы".to_owned(),
        n_header_rows: 1,
        n_blocks_before: 1,
        rows: vec![vec!["Культура".to_owned()], vec!["Ячмень".to_owned()]],
    }];
    let mut seen = sighting("https://outlet.example/t", "", 0);
    seen.document = with_table;
    pair.add(&[seen]);
    for query in ["title", "итог", "посев", "ячменя"] {
        assert_eq!(pair.found(query), ["t"], "{query}");
    }
}
