//! Says when a host may be asked: one request at a time, a pause after each, longer when it asks for it or is in trouble.
//!
//! A host is a name and port, whatever source or worker asks. Two names of one machine share its turn as well:
//! it is the machine that bears the load. Pauses are counted on the monotonic
//! clock, so a change of the wall clock makes neither a burst nor a halt. There is no switch to turn this off.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::wire::pause::LONGEST_PAUSE;

/// Requests in flight to all hosts together: bounds memory and open sockets.
const MAX_IN_FLIGHT: usize = 64;
/// The same, besides, to hosts that took long over the last one: were they among the others, as many of them would hold up all.
const MAX_LINGERING: usize = 16;
/// A host that takes longer over an answer, or does not give one for so long, is one of those until it is quicker.
const LINGERS_FROM: Duration = Duration::from_secs(5);
/// Failures in a row after which a host is left alone.
const FAILURES_TO_PAUSE: u32 = 10;
/// First pause of a host in trouble; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(3600);
/// A pause up to this is waited for; a longer one puts the address off to a later pass.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The key of a host: lower-case name and port.
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// How an exchange ended, as far as the host is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostReply {
    /// It answered.
    Well,
    /// It did not answer, or with an error of its own.
    Trouble,
    /// It asked to come back later.
    Later(Option<Duration>),
}

/// The host is left alone for longer than is worth waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// How long from now.
    pub left: Duration,
}

/// When a machine was last asked, held while it is asked.
type Machine = Arc<tokio::sync::Mutex<Option<Instant>>>;

/// Hosts and machines, and when each was last asked.
#[derive(Debug)]
pub struct Politeness {
    hosts: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Host>>>>,
    machines: Mutex<BTreeMap<SocketAddr, Machine>>,
    in_flight: Arc<Semaphore>,
    lingering: Arc<Semaphore>,
}

/// What is known of one host.
#[derive(Debug, Default)]
struct Host {
    /// When the last exchange ended.
    last_end: Option<Instant>,
    /// Until when it is left alone.
    paused_until: Option<Instant>,
    /// Exchanges in a row that ended in trouble.
    n_troubles: u32,
    /// Pauses in a row.
    n_pauses: u32,
    /// Whether it took long over the last exchange.
    is_lingering: bool,
}

impl Default for Politeness {
    fn default() -> Politeness {
        Politeness {
            hosts: Mutex::default(),
            machines: Mutex::default(),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            lingering: Arc::new(Semaphore::new(MAX_LINGERING)),
        }
    }
}

impl Politeness {
    /// Waits for the turn of a request. While the turn is held no other request goes to the host.
    ///
    /// # Errors
    /// When the host is to be left alone for longer than is worth waiting.
    pub async fn turn(&self, host: &str, delay: Duration) -> Result<Turn, Paused> {
        let host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        let host = host.lock_owned().await;
        let now = Instant::now();
        let mut start = host.last_end.map_or(now, |end| end + delay);
        if let Some(until) = host.paused_until {
            let left = until.saturating_duration_since(now);
            if left > LONGEST_WAIT {
                return Err(Paused { left });
            }
            start = start.max(until);
        }
        tokio::time::sleep_until(start).await;
        Ok(Turn {
            host,
            machine: None,
            delay,
            begun: None,
            _permit: None,
        })
    }

    /// Waits, within the turn of a host, for the turn of the machine behind it and for a place among all requests.
    /// Turns of machines are only waited for with the turn of a host in hand, and held singly, so no two wait for each other.
    pub async fn machine_turn(&self, turn: &mut Turn, ip: Option<IpAddr>, port: u16) {
        if let Some(ip) = ip {
            let machine = {
                let mut machines = self.machines.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(
                    machines
                        .entry(SocketAddr::new(ip.to_canonical(), port))
                        .or_default(),
                )
            };
            let machine = machine.lock_owned().await;
            if let Some(end) = *machine {
                tokio::time::sleep_until(end + turn.delay).await;
            }
            turn.machine = Some(machine);
        }
        // Taken last: a slow host must not hold a place that another could use.
        let places = match turn.host.is_lingering {
            true => &self.lingering,
            false => &self.in_flight,
        };
        turn._permit = Arc::clone(places).acquire_owned().await.ok();
        turn.begun = Some(Instant::now());
    }
}

/// The right to send one request to one host; its end starts the pause.
#[derive(Debug)]
pub struct Turn {
    host: OwnedMutexGuard<Host>,
    machine: Option<OwnedMutexGuard<Option<Instant>>>,
    delay: Duration,
    /// When its place was had.
    begun: Option<Instant>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// Ends the turn with how the host replied.
    pub fn end(mut self, reply: HostReply) {
        let now = Instant::now();
        let host = &mut *self.host;
        match reply {
            HostReply::Well => {
                host.n_troubles = 0;
                host.n_pauses = 0;
                host.paused_until = None;
            }
            HostReply::Later(Some(wait)) => host.paused_until = Some(now + wait.min(LONGEST_PAUSE)),
            HostReply::Later(None) | HostReply::Trouble => {
                host.n_troubles += 1;
                // After a first pause one more failure, the probe's, is enough for the next.
                if host.n_troubles >= FAILURES_TO_PAUSE || host.n_pauses > 0 {
                    let pause = FIRST_PAUSE * 2u32.saturating_pow(host.n_pauses.min(8));
                    host.paused_until = Some(now + pause.min(LONGEST_PAUSE));
                    host.n_pauses += 1;
                    host.n_troubles = 0;
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let now = Instant::now();
        self.host.last_end = Some(now);
        if let Some(begun) = self.begun {
            self.host.is_lingering = now - begun > LINGERS_FROM;
        }
        if let Some(machine) = &mut self.machine {
            **machine = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn requests_to_one_host_come_one_by_one_with_the_pause_between() {
        let politeness = Arc::new(Politeness::default());
        let begun = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..5 {
            let politeness = Arc::clone(&politeness);
            tasks.spawn(async move {
                let turn = politeness.turn("a:80", DELAY).await.unwrap();
                let at = begun.elapsed();
                tokio::time::sleep(Duration::from_secs(1)).await;
                turn.end(HostReply::Well);
                at
            });
        }
        let mut starts = tasks.join_all().await;
        starts.sort();
        let expected: Vec<Duration> = (0..5).map(|idx| Duration::from_secs(idx * 3)).collect();
        assert_eq!(starts, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn two_names_of_one_machine_share_its_turn() {
        let politeness = Arc::new(Politeness::default());
        let begun = Instant::now();
        let ask = |name: &'static str, ip: &str, port| {
            let politeness = Arc::clone(&politeness);
            let ip = ip.parse().ok();
            async move {
                let mut turn = politeness.turn(name, DELAY).await.unwrap();
                politeness.machine_turn(&mut turn, ip, port).await;
                let at = begun.elapsed();
                tokio::time::sleep(Duration::from_secs(1)).await;
                turn.end(HostReply::Well);
                at
            }
        };
        let starts = tokio::join!(
            ask("a:80", "8.8.8.8", 80),
            ask("b:80", "8.8.8.8", 80),
            ask("mapped:80", "::ffff:8.8.8.8", 80),
            ask("other-port:81", "8.8.8.8", 81),
            ask("other:80", "8.8.4.4", 80),
            ask("unknown:80", "", 80),
        );
        let seconds = Duration::from_secs;
        assert_eq!(
            starts,
            (
                seconds(0),
                seconds(3),
                seconds(6),
                seconds(0),
                seconds(0),
                seconds(0)
            )
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_hosts_due_at_once_are_asked_a_few_at_a_time() {
        let politeness = Arc::new(Politeness::default());
        let begun = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for idx in 0..1000 {
            let politeness = Arc::clone(&politeness);
            tasks.spawn(async move {
                let mut turn = politeness.turn(&format!("h{idx}:80"), DELAY).await.unwrap();
                politeness.machine_turn(&mut turn, None, 80).await;
                let at = begun.elapsed();
                tokio::time::sleep(Duration::from_secs(1)).await;
                turn.end(HostReply::Well);
                at.as_secs()
            });
        }
        let starts = tasks.join_all().await;
        for second in 0..16 {
            let n_begun = starts.iter().filter(|at| **at == second).count();
            assert!(n_begun <= MAX_IN_FLIGHT, "{n_begun} in second {second}");
        }
        assert_eq!(starts.iter().max(), Some(&15));
    }

    #[tokio::test(start_paused = true)]
    async fn hundreds_of_hosts_that_never_answer_hold_nobody_up_for_longer_than_once() {
        let politeness = Arc::new(Politeness::default());
        let begun = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        let mut ask = |name: String, times: usize, takes: Duration| {
            let politeness = Arc::clone(&politeness);
            tasks.spawn(async move {
                for _ in 0..times {
                    let mut turn = politeness.turn(&name, DELAY).await.unwrap();
                    politeness.machine_turn(&mut turn, None, 80).await;
                    tokio::time::sleep(takes).await;
                    turn.end(HostReply::Well);
                }
                (name, begun.elapsed())
            });
        };
        let (silence, answer) = (Duration::from_secs(15), Duration::from_secs(1));
        (0..MAX_IN_FLIGHT * 3).for_each(|idx| ask(format!("silent{idx}:80"), 5, silence));
        ask("quick:80".to_owned(), 20, answer);
        let ended = tasks.join_all().await;
        let quick = ended.iter().find(|(name, _)| name == "quick:80").unwrap().1;
        // Three times as many as there are places were asked for the first time before it; after that none of them is before it.
        let alone = (answer + DELAY) * 19 + answer;
        assert_eq!(quick, silence * 3 + alone);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_a_day_and_one_answer_ends_them() {
        let politeness = Politeness::default();
        let fail = async || {
            let turn = politeness.turn("a:80", Duration::ZERO).await.unwrap();
            turn.end(HostReply::Trouble);
        };
        for _ in 0..FAILURES_TO_PAUSE {
            fail().await;
        }
        let mut hours = Vec::new();
        for _ in 0..7 {
            let left = politeness.turn("a:80", DELAY).await.unwrap_err().left;
            hours.push(left.as_secs() / 3600);
            tokio::time::advance(left).await;
            fail().await;
        }
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24]);
        tokio::time::advance(LONGEST_PAUSE).await;
        let probe = politeness.turn("a:80", DELAY).await.unwrap();
        probe.end(HostReply::Well);
        for _ in 1..FAILURES_TO_PAUSE {
            fail().await;
        }
        assert!(politeness.turn("a:80", DELAY).await.is_ok(), "counted anew");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_host_does_not_hold_another_up() {
        let politeness = Politeness::default();
        let _held = politeness.turn("slow:80", DELAY).await.unwrap();
        let begun = Instant::now();
        politeness
            .turn("quick:80", DELAY)
            .await
            .unwrap()
            .end(HostReply::Well);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_retry_after_is_waited_for_and_a_long_one_puts_off() {
        let politeness = Politeness::default();
        let turn = politeness.turn("a:80", DELAY).await.unwrap();
        turn.end(HostReply::Later(Some(Duration::from_secs(30))));
        let begun = Instant::now();
        let turn = politeness.turn("a:80", DELAY).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(30));
        turn.end(HostReply::Later(Some(Duration::from_secs(
            10 * 365 * 86_400,
        ))));
        let paused = politeness.turn("a:80", DELAY).await.unwrap_err();
        assert_eq!(paused.left, LONGEST_PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_in_trouble_is_left_alone_then_probed_once_and_left_alone_for_longer() {
        let politeness = Politeness::default();
        for _ in 0..FAILURES_TO_PAUSE {
            politeness
                .turn("a:80", DELAY)
                .await
                .unwrap()
                .end(HostReply::Trouble);
        }
        assert_eq!(
            politeness.turn("a:80", DELAY).await.unwrap_err().left,
            FIRST_PAUSE
        );
        tokio::time::advance(FIRST_PAUSE).await;
        politeness
            .turn("a:80", DELAY)
            .await
            .unwrap()
            .end(HostReply::Trouble);
        assert_eq!(
            politeness.turn("a:80", DELAY).await.unwrap_err().left,
            FIRST_PAUSE * 2
        );
        tokio::time::advance(FIRST_PAUSE * 2).await;
        politeness
            .turn("a:80", DELAY)
            .await
            .unwrap()
            .end(HostReply::Well);
        assert!(politeness.turn("a:80", DELAY).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_is_dropped_midway_still_starts_the_pause() {
        let politeness = Politeness::default();
        drop(politeness.turn("a:80", DELAY).await.unwrap());
        let begun = Instant::now();
        let _turn = politeness.turn("a:80", DELAY).await.unwrap();
        assert_eq!(begun.elapsed(), DELAY);
    }
}
