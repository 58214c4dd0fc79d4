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
    for other in &others {
        assert!(
            ours.n_pages < other.n_pages,
            "{} {}",
            ours.n_pages,
            other.n_pages
        );
        for hundredths in [50, 90] {
            let of = |outcome: &bench::Outcome| {
                let captured = bench::quantile(&outcome.captured, hundredths);
                (captured, bench::quantile(&outcome.seen, hundredths))
            };
            let (ours, other) = (of(&ours), of(other));
            assert!(
                ours.0 < other.0 && ours.1 <= other.1,
                "{hundredths}: {ours:?} {other:?}"
            );
        }
    }
    let again = bench::ours(&articles, N_DAYS);
    assert_eq!(
        again.n_requests(),
        ours.n_requests(),
        "the same numbers every time"
    );
}
