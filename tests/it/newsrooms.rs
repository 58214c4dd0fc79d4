//! The bench of the schedule over six weeks: the program's own sees more, sooner, for fewer requests than the two it is compared with.

#[path = "../../benches/schedule.rs"]
#[expect(dead_code, reason = "the bench's own entry is not used here")]
mod bench;

/// Days of the small run; edits of the last 31 do not count, so it needs a few more.
const N_DAYS: i64 = 45;
/// Minutes of a day.
const DAY: i64 = 24 * 60;

#[test]
fn our_schedule_sees_sooner_with_fewer_requests_than_a_fixed_one_and_than_a_ladder() {
    let all = bench::articles(N_DAYS, 3);
    // Every fourth article of every newsroom, so that the test is quick.
    let articles: Vec<bench::Article> = all.into_iter().step_by(4).collect();
    let ours = bench::ours(&articles, N_DAYS);
    let others = [
        bench::fixed(&articles, N_DAYS, DAY),
        bench::ladder(&articles, N_DAYS),
    ];
    assert_eq!(ours.captured.len(), articles.len());
    let n_never = |outcome: &bench::Outcome| {
        let never = outcome.seen.iter().filter(|seen| **seen == i64::MAX);
        never.count()
    };
    assert!(ours.seen.len() > 200 && n_never(&ours) == 0);
    assert!(n_never(&others[0]) > 20 && n_never(&others[1]) == 0);
    let of = |outcome: &bench::Outcome, hundredths: usize| {
        let captured = bench::quantile(&outcome.captured, hundredths);
        (captured, bench::quantile(&outcome.seen, hundredths))
    };
    for other in &others {
        let pages = (ours.n_pages, other.n_pages);
        assert!(pages.0 * 5 < pages.1 * 4, "{pages:?}");
        assert!(ours.n_requests() < other.n_requests());
        let (mine, its) = (of(&ours, 50), of(other, 50));
        assert!(
            mine.0 * 3 < its.0 * 2 && mine.1 * 3 < its.1 * 2,
            "{mine:?} {its:?}"
        );
        assert!(of(&ours, 90).0 < of(other, 90).0);
    }
    // So few weeks have no long tail of edits, which is where the nine in ten of the ladder grow long: docs/schedule.md tells of both.
    assert_eq!((of(&ours, 90).1, of(&others[1], 90).1), (79, 56));
    assert!(ours.n_replaced < others[1].n_replaced);
    let again = bench::ours(&articles, N_DAYS);
    let all = |outcome: bench::Outcome| {
        let (captured, seen) = (outcome.captured, outcome.seen);
        (captured, seen, outcome.n_lists, outcome.n_pages)
    };
    assert_eq!(all(again), all(ours), "the same numbers every time");
}
