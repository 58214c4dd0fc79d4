//! What is said of a source from its numbers.

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Wednesday at three in the afternoon in Almaty.
fn now() -> DateTime<Utc> {
    at("2026-06-03T10:00:00Z")
}

/// A source that was answered well just now and brought so many publications in every hour from nine to eighteen of nine weeks.
fn facts(an_hour: u64) -> Facts {
    let first = HourYield::hour_of(now()) - 9 * 168;
    let yields = (first..HourYield::hour_of(now())).map(|hour| HourYield {
        hour,
        n_new: if (4..14).contains(&hour.rem_euclid(24)) {
            an_hour
        } else {
            0
        },
        n_read: 1,
        n_titled: 1,
        n_dated: 1,
        n_bodied: 1,
        ..HourYield::default()
    });
    Facts {
        source: SourceId("a".to_owned()),
        disabled: None,
        fetches: vec![fetch(5, FetchOutcome::Captured)],
        offers: BTreeSet::new(),
        gaps: Vec::new(),
        yields: yields.collect(),
        host: HostRecord::default(),
        reread: Vec::new(),
        before: None,
    }
}

fn fetch(minutes_ago: i64, outcome: FetchOutcome) -> FetchLog {
    FetchLog {
        source: SourceId("a".to_owned()),
        url: "https://a.example/feed".to_owned(),
        at: now() - TimeDelta::minutes(minutes_ago),
        outcome,
    }
}

fn state(facts: &Facts) -> HealthState {
    health(facts, now()).state
}

/// Drops what came in the last hours.
fn stop(facts: &mut Facts, hours: i64) {
    let since = HourYield::hour_of(now()) - hours;
    facts.yields.retain(|one| one.hour < since);
}

#[test]
fn the_exact_tests_agree_with_tables() {
    // Nothing came where 8 weeks brought 98 in all: (8/9)^98 is 1/103,000; with 97 it is 1/91,700.
    assert!(is_rare(0, 98, 8, 100_000));
    assert!(!is_rare(0, 97, 8, 100_000));
    // With one equal time before, the chance of at most 1 of 5 is 6/32.
    assert!(is_rare(1, 4, 1, 5));
    assert!(!is_rare(1, 4, 1, 6));
    assert!(!is_rare(0, 0, 8, 2));
    assert_eq!(choose(10, 3), BigUint::from(120_u32));
    assert_eq!(choose(3, 4), BigUint::from(0_u32));
    // Of 20, 10 marked; of 10 drawn none marked: 1 in 184,756.
    assert!(is_fewer(0, 10, 10, 10));
    assert!(!is_fewer(1, 10, 9, 10));
    assert!(!is_fewer(0, 0, 10, 10));
    // All ways together are all ways there are, whatever the first of them is.
    for (has, of, had, of_before) in [(3, 9, 7, 8), (1, 6, 30, 31), (0, 4, 5, 12)] {
        let (marked, all): (u64, u64) = (has + had, of + of_before);
        let ways = |i: u64| choose(marked, i) * choose(all - marked, of - i);
        let fewest = (marked + of).saturating_sub(all);
        let tail: BigUint = (fewest..=has).map(ways).sum();
        let expected = tail * CHANCE <= choose(all, of);
        assert_eq!(is_fewer(has, of, had, of_before), expected, "{has} of {of}");
    }
}

#[test]
fn a_long_history_makes_the_exact_tests_no_slower() {
    let begun = std::time::Instant::now();
    let many = 1_000_000_000_000;
    assert!(!is_fewer(many, many, many, many));
    assert!(!is_rare(many, many, 8, CHANCE));
    // Two thirds of the new ones where nine in ten of a hundred thousand had it.
    assert!(is_fewer(400, 600, 90_000, 100_000));
    assert!(!is_fewer(535, 600, 90_000, 100_000));
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn walls_are_held_against_pages_and_not_against_feeds_that_answer() {
    let wall = FetchOutcome::Walled {
        wall: Wall::Challenge,
    };
    let at = |path: &str, minutes, outcome: &FetchOutcome| FetchLog {
        url: format!("https://a.example/{path}"),
        ..fetch(minutes, outcome.clone())
    };
    let mut facts = facts(3);
    facts.fetches = (1..50)
        .map(|n| at("feed", n, &FetchOutcome::NotModified))
        .chain([at("1", 50, &wall), at("2", 51, &wall)])
        .collect();
    facts.offers = BTreeSet::from(["https://a.example/feed".to_owned()]);
    assert_eq!(state(&facts), HealthState::Walled);
    let pages = (3..6).map(|n| at(&n.to_string(), 60, &FetchOutcome::Captured));
    facts.fetches.extend(pages);
    assert_eq!(state(&facts), HealthState::Works);
}

#[test]
fn a_source_that_brings_what_it_usually_does_works() {
    let found = health(&facts(3), now());
    assert_eq!(found.state, HealthState::Works);
    assert_eq!((found.new_in_day, found.usual_in_day), (30, Some(3_000)));
    assert_eq!(found.notes[0].what_to_do, "nothing");
}

#[test]
fn a_busy_source_is_silent_within_hours_and_a_slow_one_only_after_days() {
    let silent_after = |an_hour: u64| {
        (1..200).find(|hours| {
            let mut facts = facts(an_hour);
            stop(&mut facts, *hours);
            state(&facts) == HealthState::Silent
        })
    };
    let (busy, slow) = (silent_after(10).unwrap(), silent_after(1).unwrap());
    // It is three in the afternoon: hours from nine on count.
    assert!((2..=6).contains(&busy), "{busy}");
    assert!((24..=96).contains(&slow), "{slow}");
    let mut facts = facts(3);
    stop(&mut facts, 48);
    let found = health(&facts, now());
    assert!(
        found.notes[0].words.contains("brought 0 new publications"),
        "{found:?}"
    );
    assert!(found.notes[0].what_to_do.contains("feed"));
}

#[test]
fn a_quiet_night_is_no_silence() {
    let mut facts = facts(3);
    // Four in the morning in Almaty: the last publications came at six in the evening.
    let night = at("2026-06-02T23:00:00Z");
    facts.yields.retain(|one| one.begins_at() < night);
    facts.fetches = vec![FetchLog {
        at: night,
        ..fetch(0, FetchOutcome::NotModified)
    }];
    assert_eq!(health(&facts, night).state, HealthState::Works);
}

#[test]
fn a_source_that_was_not_seen_is_not_called_silent() {
    let mut facts = facts(10);
    stop(&mut facts, 72);
    let gap = |from: i64, to: Option<i64>, is_silent| Gap {
        source: SourceId("a".to_owned()),
        from: now() - TimeDelta::hours(from),
        to: to.map(|to| now() - TimeDelta::hours(to)),
        is_silent,
    };
    facts.gaps = vec![gap(72, Some(1), true)];
    assert_eq!(state(&facts), HealthState::Works, "it has just come back");
    facts.gaps = vec![gap(72, None, true)];
    assert_eq!(state(&facts), HealthState::Down);
    facts.gaps = vec![gap(72, None, false)];
    assert_eq!(state(&facts), HealthState::NotAsked);
}

#[test]
fn a_new_source_is_not_called_silent() {
    let mut facts = facts(10);
    facts
        .yields
        .retain(|one| one.hour >= HourYield::hour_of(now()) - 200);
    stop(&mut facts, 30);
    let found = health(&facts, now());
    assert_eq!(found.state, HealthState::Works);
    assert_eq!(found.usual_in_day, None);
}

#[test]
fn titles_dates_or_texts_that_vanish_are_told_by_their_share() {
    let since = HourYield::hour_of(now()) - FIELD_HOURS + 1;
    for (field, take) in [
        (
            "title",
            (|one: &mut HourYield| one.n_titled = 0) as fn(&mut HourYield),
        ),
        ("date", |one| one.n_dated = 0),
        ("text", |one| one.n_bodied = 0),
    ] {
        let mut facts = facts(3);
        facts
            .yields
            .iter_mut()
            .filter(|one| one.hour >= since + 40)
            .for_each(take);
        let found = health(&facts, now());
        assert_eq!(found.state, HealthState::FieldsMissing, "{field}");
        assert!(
            found.notes[0]
                .words
                .starts_with(&format!("a {field} is found on"))
        );
        // One page without it is none.
        let mut facts = self::facts(3);
        facts.yields.iter_mut().rev().take(1).for_each(take);
        assert_eq!(state(&facts), HealthState::Works, "{field}");
    }
}

#[test]
fn what_answers_come_to_is_said_with_what_to_do() {
    let of = |outcomes: &[FetchOutcome]| {
        let mut facts = facts(3);
        let logs = outcomes.iter().enumerate();
        facts.fetches = logs
            .map(|(number, outcome)| fetch(i64::try_from(number).unwrap(), outcome.clone()))
            .collect();
        health(&facts, now())
    };
    let wall = FetchOutcome::Walled {
        wall: Wall::Challenge,
    };
    let busy = FetchOutcome::Busy {
        status: 429,
        retry_after_s: Some(60),
    };
    let html = FetchOutcome::Unreadable {
        detail: "a page".to_owned(),
    };
    let ok = FetchOutcome::NotModified;
    let cases: [(&[FetchOutcome], HealthState, &str); 8] = [
        (std::slice::from_ref(&ok), HealthState::Works, "nothing"),
        (
            &[FetchOutcome::Disallowed, FetchOutcome::Disallowed],
            HealthState::RobotsForbids,
            "publisher",
        ),
        (
            &[ok.clone(), FetchOutcome::Disallowed],
            HealthState::Works,
            "nothing",
        ),
        (&[ok.clone(), busy], HealthState::LimitsRequests, "delay"),
        (
            &[wall.clone(), wall.clone(), ok.clone()],
            HealthState::Walled,
            "user_agent",
        ),
        (&[html], HealthState::Unreadable, "sources check"),
        (
            &[
                FetchOutcome::TimedOut,
                FetchOutcome::TimedOut,
                FetchOutcome::TimedOut,
                ok.clone(),
            ],
            HealthState::Slow,
            "timeout",
        ),
        (
            &[FetchOutcome::Gone { status: 404 }],
            HealthState::Down,
            "moved",
        ),
    ];
    for (outcomes, state, what_to_do) in cases {
        let found = of(outcomes);
        assert_eq!(found.state, state, "{outcomes:?}");
        let advice = &found.notes[0].what_to_do;
        assert!(advice.contains(what_to_do), "{advice}");
    }
}

#[test]
fn rules_certificates_and_layout_are_told() {
    let mut facts = facts(3);
    facts.host.certificate_ends = Some(now() + TimeDelta::days(15));
    assert_eq!(state(&facts), HealthState::Works);
    facts.host.certificate_ends = Some(now() + TimeDelta::days(13));
    assert_eq!(state(&facts), HealthState::CertificateEnds);
    let mut rules = self::facts(3);
    assert!(!rules.host.saw_robots("one", now() - TimeDelta::days(9)));
    assert!(rules.host.saw_robots("two", now() - TimeDelta::days(6)));
    assert_eq!(state(&rules), HealthState::RulesChanged);
    rules.host.robots_changed_at = Some(now() - TimeDelta::days(8));
    assert_eq!(state(&rules), HealthState::Works);
    let mut layout = self::facts(3);
    if let Some(last) = layout.yields.last_mut() {
        last.n_lost = 1;
    }
    assert_eq!(state(&layout), HealthState::Works);
    if let Some(last) = layout.yields.last_mut() {
        last.n_lost = 2;
    }
    assert_eq!(state(&layout), HealthState::LayoutChanged);
}

#[test]
fn a_state_keeps_the_moment_it_began() {
    let mut facts = facts(3);
    facts.before = Some(health(&facts, now() - TimeDelta::hours(5)));
    assert_eq!(health(&facts, now()).since, now() - TimeDelta::hours(5));
    facts.fetches = vec![fetch(1, FetchOutcome::Gone { status: 404 })];
    assert_eq!(health(&facts, now()).since, now());
    facts.disabled = Some("being looked at".to_owned());
    let found = health(&facts, now());
    assert_eq!(found.state, HealthState::Disabled);
    assert!(found.notes[0].words.ends_with("being looked at"));
}
