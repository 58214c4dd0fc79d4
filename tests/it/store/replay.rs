//! Plays the same events to stores in different ways; all must come to the same state.

use aigaq::model::Revision;
use aigaq::store::{self, Store};
use proptest::prelude::*;

use super::{at, one_each, sighting};

/// What happens to a page.
#[derive(Debug, Clone)]
enum Event {
    /// It is seen with one of a few texts.
    Seen(u8, u8),
    /// It is seen to be gone.
    Gone(u8),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(
        prop_oneof![
            4 => (0..3u8, 0..3u8).prop_map(|(page, text)| Event::Seen(page, text)),
            1 => (0..3u8).prop_map(Event::Gone),
        ],
        0..25,
    )
}

fn page_url(page: u8) -> String {
    format!("https://outlet.example/{page}")
}

/// Plays events one by one, or the sightings between two markers as one batch.
fn play(store: &dyn Store, events: &[Event], in_batches: bool) {
    let mut batch = Vec::new();
    for (minutes, event) in (0..).zip(events) {
        match event {
            Event::Seen(page, text) => {
                batch.push(sighting(&page_url(*page), &format!("text {text}"), minutes));
            }
            Event::Gone(page) => {
                store.record_batch(&batch, &[], &mut one_each).unwrap();
                batch.clear();
                store.mark_gone(&page_url(*page), at(minutes)).unwrap();
            }
        }
        if !in_batches {
            store.record_batch(&batch, &[], &mut one_each).unwrap();
            batch.clear();
        }
    }
    store.record_batch(&batch, &[], &mut one_each).unwrap();
}

/// Everything the store knows of its revisions, by address.
fn state(store: &dyn Store) -> Vec<Vec<Revision>> {
    (0..3)
        .map(|page| store.revisions_of(&page_url(page)).unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Batches, single events and a second play of the same events all lead to the same store.
    #[test]
    fn replaying_events_leads_to_the_same_state(events in events()) {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let single = store::open(dirs[0].path()).unwrap();
        let batched = store::open(dirs[1].path()).unwrap();
        play(&*single, &events, false);
        play(&*batched, &events, true);
        prop_assert_eq!(state(&*single), state(&*batched));
        prop_assert_eq!(single.counts().unwrap(), batched.counts().unwrap());

        for revisions in state(&*single) {
            for pair in revisions.windows(2) {
                prop_assert_eq!(pair[0].number + 1, pair[1].number);
                prop_assert_eq!(pair[0].superseded_at, Some(pair[1].first_seen));
                prop_assert!(pair[0].is_gone != pair[1].is_gone
                    || pair[0].document.content_hash() != pair[1].document.content_hash());
            }
            prop_assert!(revisions.last().is_none_or(|last| last.superseded_at.is_none()));
        }
        let before = state(&*single);
        drop(single);
        let reopened = store::open(dirs[0].path()).unwrap();
        prop_assert_eq!(before, state(&*reopened));
    }
}
