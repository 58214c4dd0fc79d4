//! What waits in the queues of a crawl that goes on.

use super::*;
use crate::model::{Hint, TargetKind};

#[tokio::test]
async fn what_waits_is_ranked_anew_when_a_case_about_it_opens() {
    let now: DateTime<Utc> = "2026-06-01T10:00:00Z".parse().unwrap();
    let text = "[[source]]\nid = \"a\"\nname = \"A\"\nurl = \"https://a.example/\"\nrole = \"media\"\nlanguages = [\"ru\"]\nfeeds = [\"https://a.example/feed\"]\n";
    let config = Arc::new(Config::parse(text, Path::new("sources.toml")).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(crate::store::open(folder.path()).unwrap());
    let id = SourceId("a".to_owned());
    let known = |path: &str, days: i64| {
        let (url, hint) = (format!("https://a.example/{path}"), Hint::default());
        let found = now - TimeDelta::days(days);
        let entry = frontier::entry(&id, &url, TargetKind::Page, hint, found).unwrap();
        FrontierEntry {
            fetched_at: Some(found),
            ..entry
        }
    };
    for entry in [known("young", 1), known("older", 20), known("oldest", 90)] {
        let at = entry.discovered_at;
        store
            .fetched(&entry, &FetchOutcome::NotModified, at)
            .unwrap();
    }
    let captures = folder.path().join("captures");
    let clock = Clock(Arc::new(move || now));
    let crawler = Crawler::open(config, Arc::clone(&store), &captures, clock).unwrap();
    let everything = Selection::default();
    let mut run = Run::new(&crawler, crawler.chosen(&everything).unwrap(), &everything);
    run.goes_on = true;
    let order = |run: &Run<'_>| -> Vec<String> {
        let waiting = run.queues["a.example:443"].values();
        let path = |entry: &FrontierEntry| entry.url.rsplit('/').next().unwrap().to_owned();
        waiting.map(path).collect()
    };
    run.take_due().await.unwrap();
    // Asked for by a list before its time: it waits though it is not due.
    let early = FrontierEntry {
        due_at: None,
        ..known("early", 200)
    };
    run.enqueue(early);
    assert_eq!(order(&run), ["early", "oldest", "older", "young"]);
    let heat = &mut |entry: &mut FrontierEntry| {
        entry.visits.hot_until = Some(now + TimeDelta::days(1));
    };
    store
        .change_entry(&id, "https://a.example/young", heat)
        .unwrap();
    run.take_due().await.unwrap();
    assert_eq!(order(&run), ["young", "early", "oldest", "older"]);
    assert_eq!((run.n_left, run.seen.len()), (4, 4));
}
