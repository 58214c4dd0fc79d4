//! Half a year of newsrooms in virtual time: how soon a schedule sees what is published and changed, and what that costs in requests.
//!
//! `cargo bench --bench schedule`. The same numbers on every machine: the newsrooms come from a seeded generator, and no clock is read.
//! The generator knows nothing of the schedule's own guesses: first edits come log-normally within the hour or, for every third, anywhere
//! up to half a year, by people who mostly sleep at night. The host's pause between requests is left out for every schedule alike.

#![allow(clippy::print_stdout, reason = "the table is what the bench is for")]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use aigaq::config::CrawlSettings;
use aigaq::crawl::{frontier, schedule};
use aigaq::model::{FrontierEntry, Hint, Rhythm, SourceId, TargetKind};
use chrono::{DateTime, TimeDelta, Utc};

/// Monday, midnight in Almaty.
const START: &str = "2026-01-04T19:00:00Z";
/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Edits of the last days are left out: whoever looks monthly has not had the time to see them.
const UNDECIDED_DAYS: i64 = 31;
/// How often the two other schedules look at lists and at what is due.
const QUARTER: i64 = 15;
/// Share of an hour's work done in each hour of a day, by the clocks of Almaty.
const HOURS: [u64; 24] = [
    1, 1, 0, 0, 0, 0, 1, 2, 5, 9, 11, 12, 11, 9, 11, 12, 11, 10, 8, 6, 4, 3, 2, 2,
];

/// A section of a newsroom's site, with a list of its own.
#[derive(Debug, Clone, Copy)]
struct Section {
    /// Publications on a working day.
    a_day: u64,
    /// Articles in a thousand that are ever edited.
    edited: u64,
    /// Edited articles in a thousand that are edited once more, again and again.
    again: u64,
}

/// Newsrooms by their sections: agencies that publish little and hardly edit, outlets that publish much and edit a lot.
const SITES: [[Section; 3]; 8] = [
    [
        section(3, 60, 100),
        section(1, 30, 50),
        section(1, 100, 100),
    ],
    [section(6, 120, 150), section(2, 40, 100), section(1, 20, 0)],
    [section(2, 30, 50), section(1, 30, 0), section(1, 250, 200)],
    [
        section(30, 450, 500),
        section(12, 250, 300),
        section(5, 80, 100),
    ],
    [
        section(45, 300, 350),
        section(20, 150, 200),
        section(10, 50, 50),
    ],
    [
        section(12, 600, 600),
        section(6, 300, 300),
        section(2, 100, 100),
    ],
    [section(60, 80, 100), section(25, 40, 50), section(5, 20, 0)],
    [
        section(8, 200, 300),
        section(4, 200, 200),
        section(4, 30, 50),
    ],
];

const fn section(a_day: u64, edited: u64, again: u64) -> Section {
    Section {
        a_day,
        edited,
        again,
    }
}

/// An article: minutes since [`START`] at which it was published and edited.
#[derive(Debug, Clone)]
pub(crate) struct Article {
    site: usize,
    section: usize,
    published: i64,
    edits: Vec<i64>,
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Between 0 and 1.
    fn part(&mut self) -> f64 {
        self.below(1 << 30) as f64 / (1_u64 << 30) as f64
    }

    /// Normal with mean 0 and deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }
}

/// Everything that is published in so many days.
pub(crate) fn articles(n_days: i64, seed: u64) -> Vec<Article> {
    let mut draws = Draws(seed);
    let in_day: u64 = HOURS.iter().sum();
    let mut articles = Vec::new();
    for minute in 0..n_days * DAY {
        let hour = usize::try_from(minute / 60 % 24).unwrap_or_default();
        let weekend = minute / DAY % 7 >= 5;
        for (site, sections) in SITES.iter().enumerate() {
            for (number, section) in sections.iter().enumerate() {
                // Publications of a day times the hour's share, in a minute of sixty; two fifths of it on weekends.
                let share = section.a_day * HOURS[hour] * if weekend { 2 } else { 5 };
                if draws.below(in_day * 60 * 5) >= share {
                    continue;
                }
                let edits = edits(&mut draws, section, minute);
                articles.push(Article {
                    site,
                    section: number,
                    published: minute,
                    edits,
                });
            }
        }
    }
    articles
}

/// When an article is edited.
fn edits(draws: &mut Draws, section: &Section, published: i64) -> Vec<i64> {
    let mut edits = Vec::new();
    let mut at = published;
    let mut chance = section.edited;
    while draws.below(1000) < chance {
        let pause = edit_delay(draws);
        at = at_work(draws, at + pause);
        edits.push(at);
        chance = section.again;
    }
    edits
}

/// Minutes until the next edit: seven in ten log-normal around 40 minutes, two in ten within the week, one in ten within half a year.
fn edit_delay(draws: &mut Draws) -> i64 {
    let between = |draws: &mut Draws, from: f64, to: f64| from * (to / from).powf(draws.part());
    let minutes = match draws.below(10) {
        0..=6 => 40.0 * (1.1 * draws.normal()).exp(),
        7 | 8 => between(draws, 180.0, 7.0 * 1440.0),
        _ => between(draws, 7.0 * 1440.0, 182.0 * 1440.0),
    };
    (minutes as i64).max(1)
}

/// Nine in ten edits that fall into the night are made in the morning after.
fn at_work(draws: &mut Draws, at: i64) -> i64 {
    let hour = at / 60 % 24;
    if (7..23).contains(&hour) || draws.below(10) == 0 {
        return at;
    }
    let morning = if hour >= 23 { at / DAY + 1 } else { at / DAY } * DAY + 8 * 60;
    morning + i64::try_from(draws.below(120)).unwrap_or_default()
}

/// What a schedule came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Requests for lists.
    pub(crate) n_lists: u64,
    /// Requests for articles.
    pub(crate) n_pages: u64,
    /// Minutes from publication to the first capture.
    pub(crate) captured: Vec<i64>,
    /// Minutes from an edit to the revision seen; `i64::MAX` where it never was.
    pub(crate) seen: Vec<i64>,
    /// Edits that another edit had replaced before they were seen.
    pub(crate) n_replaced: u64,
}

impl Outcome {
    /// Takes in the visits of an article, in order of time.
    fn visited(&mut self, article: &Article, visits: &[i64], until: i64) {
        let Some(first) = visits.first() else {
            return;
        };
        self.captured.push(first - article.published);
        self.n_pages += visits.len() as u64;
        for (number, edit) in article.edits.iter().enumerate() {
            if edit <= first || *edit > until - UNDECIDED_DAYS * DAY {
                continue;
            }
            let next = visits.iter().find(|visit| *visit >= edit);
            self.seen.push(next.map_or(i64::MAX, |visit| visit - edit));
            let later = article.edits.get(number + 1);
            self.n_replaced +=
                u64::from(next.is_some_and(|visit| later.is_some_and(|later| later <= visit)));
        }
    }

    pub(crate) fn n_requests(&self) -> u64 {
        self.n_lists + self.n_pages
    }
}

/// The value below which so many hundredths lie.
pub(crate) fn quantile(values: &[i64], hundredths: usize) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let place = sorted.len().saturating_sub(1) * hundredths / 100;
    sorted.get(place).copied().unwrap_or_default()
}

/// Looks at all lists each quarter of an hour, and each quarter of an hour at every article younger than that.
pub(crate) fn fixed(articles: &[Article], n_days: i64, recent: i64) -> Outcome {
    let until = n_days * DAY;
    let mut outcome = Outcome {
        n_lists: lists(until),
        ..Outcome::default()
    };
    for article in articles {
        let first = next_quarter(article.published);
        let end = (article.published + recent).min(until);
        let visits: Vec<i64> = (first..=end.max(first))
            .step_by(15)
            .filter(|at| *at <= until)
            .collect();
        outcome.visited(article, &visits, until);
    }
    outcome
}

/// The pauses of NewsDiffs (`get_update_delay` of its scraper), by the time since an article was last seen to change; each quarter of
/// an hour it looks what is due. Its lists are looked at as often.
pub(crate) fn ladder(articles: &[Article], n_days: i64) -> Outcome {
    let until = n_days * DAY;
    let mut outcome = Outcome {
        n_lists: lists(until),
        ..Outcome::default()
    };
    let pause = |since_change: i64| match (since_change, since_change / DAY) {
        (0..180, _) => Some(15),
        (_, 0) => Some(60),
        (_, 1..7) => Some(180),
        (_, 7..30) => Some(3 * DAY),
        (_, 30..360) => Some(30 * DAY),
        _ => None,
    };
    for article in articles {
        let mut at = next_quarter(article.published);
        let mut changed = at;
        let mut visits = Vec::new();
        while at <= until {
            if visits
                .last()
                .is_some_and(|last| article.edits.iter().any(|edit| edit > last && *edit <= at))
            {
                changed = at;
            }
            visits.push(at);
            let Some(pause) = pause(at - changed) else {
                break;
            };
            at = next_quarter(at + pause);
        }
        outcome.visited(article, &visits, until);
    }
    outcome
}

fn next_quarter(at: i64) -> i64 {
    at.div_euclid(QUARTER) * QUARTER
        + if at.rem_euclid(QUARTER) == 0 {
            0
        } else {
            QUARTER
        }
}

fn lists(until: i64) -> u64 {
    let n_lists = SITES.iter().map(|site| site.len() as u64).sum::<u64>();
    n_lists * u64::try_from(until / QUARTER).unwrap_or_default()
}

/// What happens next: minute, then a list of a site's section, or an article.
type Event = Reverse<(i64, usize, usize)>;
/// Events of lists have this in place of an article's number.
const LIST: usize = usize::MAX;

/// The program's own schedule, with what it learns.
pub(crate) fn ours(articles: &[Article], n_days: i64) -> Outcome {
    let start: DateTime<Utc> = START.parse().unwrap_or_default();
    let moment = |minute: i64| start + TimeDelta::minutes(minute);
    let until = n_days * DAY;
    let settings = CrawlSettings::default();
    let mut outcome = Outcome::default();
    let mut rhythms: Vec<Rhythm> = SITES.iter().map(|_| Rhythm::default()).collect();
    let mut by_list: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (number, article) in articles.iter().enumerate() {
        by_list
            .entry((article.site, article.section))
            .or_default()
            .push(number);
    }
    let lists: Vec<(usize, usize)> = by_list.keys().copied().collect();
    let mut read: Vec<usize> = vec![0; lists.len()];
    let mut entries: BTreeMap<usize, (FrontierEntry, Vec<i64>)> = BTreeMap::new();
    let mut events: BinaryHeap<Event> = (0..lists.len())
        .map(|list| Reverse((0, LIST, list)))
        .collect();
    while let Some(Reverse((minute, number, list))) = events.pop() {
        if minute > until {
            break;
        }
        let now = moment(minute);
        if number == LIST {
            outcome.n_lists += 1;
            let rhythm = &mut rhythms[lists[list].0];
            rhythm.watched(now);
            let of_list = &by_list[&lists[list]];
            while let Some(number) = of_list.get(read[list]) {
                if articles[*number].published > minute {
                    break;
                }
                read[list] += 1;
                events.push(Reverse((minute, *number, list)));
            }
            let plan = schedule::offer_plan(&settings, rhythm, true, now);
            events.push(Reverse((minutes_up(plan.due_at - start), LIST, list)));
            continue;
        }
        let article = &articles[number];
        let rhythm = &mut rhythms[article.site];
        let known = entries
            .get(&number)
            .map(|(_, visits)| *visits.last().unwrap_or(&minute));
        let (entry, visits) = entries.entry(number).or_insert_with(|| {
            rhythm.published(now);
            (entry(number, moment(article.published), now), Vec::new())
        });
        if let Some(last) = known {
            // As the store and the pipeline do it: first the time in which it could have changed, then the change.
            let (age, _) = entry.felt_age(now);
            rhythm.looked(age - (now - moment(last)), age);
            if article
                .edits
                .iter()
                .any(|edit| *edit > last && *edit <= minute)
            {
                rhythm.revised(age, now);
                entry.visits.revised_at = Some(now);
            }
        }
        visits.push(minute);
        entry.fetched_at = Some(now);
        let plan = schedule::page_plan(entry, rhythm, now);
        let due = minutes_up(plan.due_at - start).max(minute + 1);
        events.push(Reverse((due, number, list)));
    }
    for (number, (_, visits)) in &entries {
        outcome.visited(&articles[*number], visits, until);
    }
    outcome
}

/// Whole minutes, rounded up: nobody is asked before it is time.
fn minutes_up(span: TimeDelta) -> i64 {
    (span.num_seconds() + 59).div_euclid(60)
}

fn entry(number: usize, published: DateTime<Utc>, now: DateTime<Utc>) -> FrontierEntry {
    let hint = Hint {
        published: Some(published.to_rfc3339()),
        ..Hint::default()
    };
    let url = format!("https://newsroom.example/{number}");
    let id = SourceId("newsroom".to_owned());
    match frontier::entry(&id, &url, TargetKind::Page, hint, now) {
        Some(entry) => entry,
        None => unreachable!("the address is one"),
    }
}

/// A row of the table.
fn row(name: &str, outcome: &Outcome, n_articles: usize) -> String {
    let minutes = |values: &[i64], hundredths: usize| match quantile(values, hundredths) {
        i64::MAX => "never".to_owned(),
        minutes => minutes.to_string(),
    };
    let never = outcome
        .seen
        .iter()
        .filter(|seen| **seen == i64::MAX)
        .count();
    let share = |n: u64| 1000 * n / (outcome.seen.len() as u64).max(1);
    let (never, replaced) = (share(never as u64), share(outcome.n_replaced));
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {}.{} % | {}.{} % |",
        outcome.n_requests(),
        outcome.n_lists,
        outcome.n_pages / (n_articles as u64).max(1),
        minutes(&outcome.captured, 50),
        minutes(&outcome.captured, 90),
        minutes(&outcome.seen, 50),
        minutes(&outcome.seen, 90),
        never / 10,
        never % 10,
        replaced / 10,
        replaced % 10,
    )
}

fn main() {
    let n_days = 182;
    let articles = articles(n_days, 7);
    let n_edits: usize = articles.iter().map(|article| article.edits.len()).sum();
    println!(
        "{} articles, {n_edits} edits, {n_days} days",
        articles.len()
    );
    println!(
        "| schedule | requests | for lists | an article | capture median | p90 | edit seen median | p90 | never | replaced before |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    println!("{}", row("Aigaq", &ours(&articles, n_days), articles.len()));
    for (name, recent) in [
        ("every 15 min for a day", DAY),
        ("every 15 min for 3 days", 3 * DAY),
        ("every 15 min for a week", 7 * DAY),
    ] {
        println!(
            "{}",
            row(name, &fixed(&articles, n_days, recent), articles.len())
        );
    }
    println!(
        "{}",
        row("NewsDiffs", &ladder(&articles, n_days), articles.len())
    );
}
