//! Goes on until it is stopped: crawls what becomes due, takes in what came, judges it, follows cases, tells alerts.
//!
//! Four loops, each of which rings the next (a fifth looks how sources fare, every ten minutes, and a sixth asks hubs): the crawler rings for each capture, taking in for what is new in the index,
//! judging for what may be told. Taking in comes first, so a page is found by a reader at once. Cases never see a page whose claims nobody judged: taking in
//! waits while the cases are brought up to what was judged, and for the last few claims before that, but not for the thousands
//! that a new record may have judged again. What a stop or a kill cuts off is repeated by the next start.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::time::MissedTickBehavior;

use super::{
    Summary, Told, Workspace, affected, alerts, cases, catch_up, health, hubs, judge_waiting,
    read_batch, secrets,
};
use crate::crawl::{Clock, Crawler, Event, Progress};
use crate::model::{Channel, FetchOutcome};
use crate::send::Sender;

/// Captures taken in at once: few, so that the first of many is found soon.
const BATCH: usize = 64;
/// Claims that are judged while taking in waits: few enough that a reader does not notice.
const FEW_CLAIMS: usize = 256;
/// Rounds of judging beside which pages are taken in, before taking in waits after all: where pages come faster than they
/// are judged, cases must still be brought up to them.
const MAX_ROUNDS: usize = 16;
/// How often it is looked at what is to be told, for digests and for what was put off.
const TELL_AGAIN: Duration = Duration::from_secs(60);

/// How often it is looked which hubs are to be asked.
const ASK_HUBS: Duration = Duration::from_secs(60);
/// How often it is looked how sources fare.
const LOOK_AGAIN: Duration = Duration::from_secs(600);
/// How often the pages by which a change of layout is noticed are read again.
const REREAD_EVERY: TimeDelta = TimeDelta::days(1);

/// What the daemon says while it works.
#[derive(Debug)]
pub enum Heard {
    /// Pages were taken in.
    TakenIn(Summary),
    /// Somebody was told, or could not be.
    Told(Told),
    /// Nobody could be told, with the reason.
    Untold(String),
}

/// Everything that goes on.
pub struct Daemon {
    room: Arc<Room>,
    crawler: Crawler,
    sender: Option<Sender>,
    /// Who is told of sources.
    admin: Option<Channel>,
    base_url: Option<String>,
}

/// What the loops share.
struct Room {
    workspace: Arc<Workspace>,
    clock: Clock,
    /// Held while pages are taken in, while records are weighed, and while cases are brought up to what was judged.
    taking: Mutex<()>,
    /// Who hears what is done.
    hear: Box<dyn Fn(Heard) + Send + Sync>,
}

/// A bell: whoever rings is heard, however often it was rung before.
type Bell = watch::Sender<u64>;

fn ring(bell: &Bell) {
    bell.send_modify(|rung| *rung = rung.wrapping_add(1));
}

/// Rings for each visit that brought something, or after which a page is known to be gone: a page that was once not there is not yet.
struct Visits(Bell);

impl Progress for Visits {
    fn visited(&self, event: &Event) {
        if event.is_gone || matches!(event.outcome, Some(FetchOutcome::Captured)) {
            ring(&self.0);
        }
    }
}

impl Daemon {
    /// Makes everything ready. Without a `sender` nobody is told.
    ///
    /// # Errors
    /// When another crawl writes to the folder, or disk, store or network cannot be used.
    pub fn new(
        workspace: Arc<Workspace>,
        sender: Option<Sender>,
        clock: Clock,
        hear: Box<dyn Fn(Heard) + Send + Sync>,
    ) -> anyhow::Result<Daemon> {
        let crawler = Crawler::open(
            Arc::new(workspace.config.clone()),
            Arc::clone(&workspace.store),
            &workspace.captures(),
            clock.clone(),
        )?;
        Ok(Daemon {
            crawler,
            sender,
            admin: secrets::admin(&workspace.config.alerts)?,
            base_url: workspace.config.alerts.base_url.clone(),
            room: Arc::new(Room {
                workspace,
                clock,
                taking: Mutex::new(()),
                hear,
            }),
        })
    }

    /// Goes on until `stop` turns true, or until the store, the index or the captures fail.
    ///
    /// # Errors
    /// As [`super::settle`]; what a site or a channel does is only heard.
    pub async fn run(&self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let (visits, captured) = watch::channel(0);
        let (taken, is_taken) = watch::channel(0);
        let (judged, is_judged) = watch::channel(0);
        let visits = Visits(visits);
        let crawl = async {
            self.crawler.follow(&visits, stop.clone()).await?;
            anyhow::Ok(())
        };
        tokio::try_join!(
            crawl,
            self.take_in(captured, &taken, stop.clone()),
            self.judge(is_taken, &judged, stop.clone()),
            self.tell(is_judged, stop.clone()),
            self.look(stop.clone()),
            self.subscribe(stop.clone()),
        )?;
        Ok(())
    }

    /// Takes in what the crawler captured.
    async fn take_in(
        &self,
        mut captured: watch::Receiver<u64>,
        taken: &Bell,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        loop {
            captured.borrow_and_update();
            let n_read = self.off_thread(Room::take_in).await?;
            ring(taken);
            if *stop.borrow() {
                return Ok(());
            }
            if n_read < BATCH && !rung(&mut captured, &mut stop).await {
                return Ok(());
            }
        }
    }

    /// Judges what was taken in.
    async fn judge(
        &self,
        mut taken: watch::Receiver<u64>,
        judged: &Bell,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        while rung(&mut taken, &mut stop).await {
            self.off_thread(Room::conclude).await?;
            ring(judged);
        }
        Ok(())
    }

    /// Tells what is due.
    async fn tell(
        &self,
        mut judged: watch::Receiver<u64>,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let Some(sender) = &self.sender else {
            return Ok(());
        };
        loop {
            let due = tokio::time::timeout(TELL_AGAIN, rung(&mut judged, &mut stop));
            if due.await == Ok(false) {
                return Ok(());
            }
            let store = &*self.room.workspace.store;
            let now = self.room.clock.now();
            let telling = alerts::tell(store, sender, self.base_url.as_deref(), now);
            let told = tokio::select! {
                () = stopped(&mut stop) => return Ok(()),
                told = telling => told,
            };
            (self.room.hear)(match told {
                Ok(told) => Heard::Told(told),
                Err(error) => Heard::Untold(format!("{error:#}")),
            });
        }
    }

    /// Asks hubs to announce news, where the file says how they reach the desk.
    async fn subscribe(&self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let workspace = &self.room.workspace;
        if workspace.config.web.hub_callback.is_none() {
            return Ok(());
        }
        let mut look = tokio::time::interval(ASK_HUBS);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let now = self.room.clock.now();
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return Ok(()),
                asked = hubs::ask(&*workspace.store, &workspace.config, now) => {
                    asked?;
                }
            }
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return Ok(()),
                _ = look.tick() => {}
            }
        }
    }

    /// Looks how sources fare, and tells the administrator.
    async fn look(&self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let mut reread = health::Reread::new();
        let mut reread_at = None;
        let mut look = tokio::time::interval(LOOK_AGAIN);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return Ok(()),
                _ = look.tick() => {}
            }
            let now = self.room.clock.now();
            if reread_at.is_none_or(|at| now - at >= REREAD_EVERY) {
                reread = self
                    .off_thread(|room| health::reread(&room.workspace))
                    .await?;
                reread_at = Some(now);
            }
            let known = reread.clone();
            self.off_thread(move |room| health::look(&room.workspace, &known, now))
                .await?;
            let (Some(sender), Some(admin)) = (&self.sender, &self.admin) else {
                continue;
            };
            let store = &*self.room.workspace.store;
            let telling = health::tell(store, sender, admin, self.base_url.as_deref(), now);
            let told = tokio::select! {
                () = stopped(&mut stop) => return Ok(()),
                told = telling => told,
            };
            (self.room.hear)(match told {
                Ok(told) => Heard::Told(told),
                Err(error) => Heard::Untold(format!("{error:#}")),
            });
        }
    }

    /// Does what needs the processor or the disk off the threads that wait for the network.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Room) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let room = Arc::clone(&self.room);
        tokio::task::spawn_blocking(move || work(&room)).await?
    }
}

impl Room {
    /// Reads some captures and brings the index up to the store; says how many there were.
    fn take_in(&self) -> anyhow::Result<usize> {
        let _taking = self.taking.blocking_lock();
        let mut summary = Summary::default();
        let n_read = read_batch(&self.workspace, BATCH, &mut summary)?;
        catch_up(&self.workspace)?;
        if n_read > 0 {
            (self.hear)(Heard::TakenIn(summary));
        }
        Ok(n_read)
    }

    /// Judges the claims that are new or whose records changed, brings the cases up to them, and matches saved searches.
    fn conclude(&self) -> anyhow::Result<()> {
        let workspace = &self.workspace;
        let weigh = |now| {
            affected::forget(workspace, now)?;
            let (_, waiting) = workspace.store.unjudged_after(0, FEW_CLAIMS + 1)?;
            Ok(waiting.len())
        };
        let judge = |now| judge_waiting(workspace, now, &mut Summary::default());
        let _taking = judge_in_rounds(&self.taking, &self.clock, weigh, judge)?;
        let now = self.clock.now();
        cases::advance(workspace, now)?;
        alerts::match_new(workspace, now)?;
        Ok(())
    }
}

/// Weighs records and judges what waits, round by round, until the claims of a round are few enough to be judged while nothing is taken in;
/// it is still held back when this returns. `weigh` says how many claims wait.
fn judge_in_rounds<'t>(
    taking: &'t Mutex<()>,
    clock: &Clock,
    mut weigh: impl FnMut(DateTime<Utc>) -> anyhow::Result<usize>,
    mut judge: impl FnMut(DateTime<Utc>) -> anyhow::Result<()>,
) -> anyhow::Result<MutexGuard<'t, ()>> {
    let mut n_rounds = 0;
    loop {
        // Weighing goes by what store and index both hold, so no page may come between.
        let held = taking.blocking_lock();
        let now = clock.now();
        if weigh(now)? <= FEW_CLAIMS || n_rounds == MAX_ROUNDS {
            judge(now)?;
            return Ok(held);
        }
        drop(held);
        judge(now)?;
        n_rounds += 1;
    }
}

/// Waits for a bell; `false` when a stop was asked for, or nobody can ring any more.
async fn rung(bell: &mut watch::Receiver<u64>, stop: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        () = stopped(stop) => false,
        rung = bell.changed() => rung.is_ok(),
    }
}

/// Waits until a stop is asked for; for ever when nobody can ask any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    #[test]
    fn the_bell_rings_for_what_came_and_for_what_is_gone_and_not_for_what_was_once_missing() {
        let rung_by = |outcome: FetchOutcome, is_gone: bool| {
            let (bell, rung) = watch::channel(0);
            Visits(bell).visited(&Event {
                source: SourceId("a".to_owned()),
                url: "https://a.example/1".to_owned(),
                outcome: Some(outcome),
                is_gone,
                n_new: 0,
                n_done: 1,
                n_left: 0,
            });
            *rung.borrow() == 1
        };
        let soft = || FetchOutcome::SoftGone {
            sign: "its title".to_owned(),
        };
        assert!(rung_by(FetchOutcome::Captured, false));
        assert!(rung_by(FetchOutcome::Gone { status: 410 }, true));
        assert!(rung_by(soft(), true));
        assert!(!rung_by(soft(), false));
        assert!(!rung_by(FetchOutcome::Gone { status: 404 }, false));
        assert!(!rung_by(FetchOutcome::NotModified, false));
    }

    #[test]
    fn many_claims_are_judged_while_pages_are_taken_in_and_only_few_while_they_wait() {
        let clock = Clock(Arc::new(|| DateTime::UNIX_EPOCH));
        let judged = |waiting: &[usize]| {
            let taking = Mutex::new(());
            let mut waiting = waiting.iter().copied();
            let mut is_held = Vec::new();
            let weigh = |_| Ok(waiting.next().unwrap_or(FEW_CLAIMS + 1));
            let judge = |_| {
                is_held.push(taking.try_lock().is_err());
                Ok(())
            };
            let held = judge_in_rounds(&taking, &clock, weigh, judge).unwrap();
            assert!(
                taking.try_lock().is_err(),
                "cases are brought up before the next page"
            );
            drop(held);
            is_held
        };
        assert_eq!(judged(&[FEW_CLAIMS]), [true]);
        // Few were judged in the first round, and thousands came meanwhile.
        assert_eq!(judged(&[300, 5_000, 10]), [false, false, true]);
        let endless = judged(&[]);
        assert_eq!(endless.len(), MAX_ROUNDS + 1);
        assert_eq!(endless.iter().filter(|is_held| **is_held).count(), 1);
    }
}
