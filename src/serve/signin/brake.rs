//! Holds up those who guess passwords: delays that grow with each failure and end by themselves.
//!
//! Counted are failures of an account from an address, of an address, and of an account from anywhere. The last is short and
//! does not hold for addresses from which the account has signed in, so that a stranger who guesses for ever does not lock the
//! owner out. All of it is in memory: a restart forgets it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

/// Failures of an account from one address before there is a delay.
pub const FREE_OF_PAIR: u32 = 5;
/// Failures of an address, whatever the account, before there is a delay.
pub const FREE_OF_ADDRESS: u32 = 20;
/// Failures of an account, whatever the address, before there is a delay.
pub const FREE_OF_ACCOUNT: u32 = 20;
/// Longest delay for an address.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// Longest delay for an account from an address it is not known at.
const LONGEST_OF_ACCOUNT: TimeDelta = TimeDelta::seconds(30);
/// How long after the last failure all is forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// Entries kept; beyond it the old ones are let go of.
const MAX_ENTRIES: usize = 20_000;
/// Changes that a user may make in a minute.
pub const WRITES_A_MINUTE: u32 = 120;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Pair(String, String),
    Address(String),
    Account(String),
}

/// Failures of one key.
#[derive(Debug, Clone, Copy)]
struct Failures {
    n: u32,
    last: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Counts of failures and of changes.
#[derive(Debug, Default)]
pub struct Brake {
    failures: BTreeMap<Key, Failures>,
    /// From where an account has signed in, and when last.
    known: BTreeMap<(String, String), DateTime<Utc>>,
    /// Changes of each user in the minute that began then.
    writes: BTreeMap<String, (DateTime<Utc>, u32)>,
}

impl Brake {
    /// Lets a try pass and counts it as failed until [`Brake::succeeded`] says otherwise, so that tries at the same time count
    /// too; else says how long to wait.
    ///
    /// # Errors
    /// The time to wait.
    pub fn begin(
        &mut self,
        account: &str,
        address: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        self.tidy(now);
        let place = network(address);
        let is_known = self
            .known
            .contains_key(&(account.to_owned(), place.clone()));
        let mut keys = vec![
            (
                Key::Pair(account.to_owned(), place.clone()),
                FREE_OF_PAIR,
                LONGEST,
            ),
            (Key::Address(place), FREE_OF_ADDRESS, LONGEST),
        ];
        if !is_known {
            let of_account = Key::Account(account.to_owned());
            keys.push((of_account, FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT));
        }
        let waits = keys.iter().filter_map(|(key, ..)| {
            let until = self.failures.get(key)?.until;
            (now < until).then(|| until - now)
        });
        if let Some(wait) = waits.max() {
            return Err(wait);
        }
        for (key, free, longest) in keys {
            let fresh = Failures {
                n: 0,
                last: now,
                until: now,
            };
            let failures = self.failures.entry(key).or_insert(fresh);
            failures.n = failures.n.saturating_add(1);
            failures.last = now;
            failures.until = now + delay(failures.n, free, longest);
        }
        Ok(())
    }

    /// The try was right: nothing is held against the account from there.
    pub fn succeeded(&mut self, account: &str, address: IpAddr, now: DateTime<Utc>) {
        let place = network(address);
        self.failures
            .remove(&Key::Pair(account.to_owned(), place.clone()));
        self.failures.remove(&Key::Account(account.to_owned()));
        if let Some(failures) = self.failures.get_mut(&Key::Address(place.clone())) {
            failures.n = failures.n.saturating_sub(1);
            failures.until = now;
        }
        self.known.insert((account.to_owned(), place), now);
    }

    /// Whether a user may change one more thing in this minute.
    pub fn may_write(&mut self, user: &str, now: DateTime<Utc>) -> bool {
        let (since, n) = self.writes.entry(user.to_owned()).or_insert((now, 0));
        if now - *since >= TimeDelta::minutes(1) || now < *since {
            (*since, *n) = (now, 0);
        }
        *n += 1;
        *n <= WRITES_A_MINUTE
    }

    /// Lets go of what is old, and of the oldest where there is too much.
    fn tidy(&mut self, now: DateTime<Utc>) {
        self.failures
            .retain(|_, one| now - one.last < FORGOTTEN_AFTER);
        if self.failures.len() > MAX_ENTRIES {
            let mut moments: Vec<_> = self.failures.values().map(|one| one.last).collect();
            moments.sort_unstable();
            let middle = moments[moments.len() / 2];
            self.failures.retain(|_, one| one.last > middle);
        }
        if self.known.len() > MAX_ENTRIES {
            self.known.clear();
        }
        if self.writes.len() > MAX_ENTRIES {
            self.writes.clear();
        }
    }
}

/// The delay after so many failures: none while they are free, then one second, doubled with each.
fn delay(n: u32, free: u32, longest: TimeDelta) -> TimeDelta {
    match n.checked_sub(free) {
        None => TimeDelta::zero(),
        Some(over) => TimeDelta::seconds(1 << over.min(20)).min(longest),
    }
}

/// The network that counts as one place: an address of IPv4, the first half of one of IPv6.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn a_thousand_tries_in_a_minute_are_mostly_refused_and_the_delay_ends_by_itself() {
        let mut brake = Brake::default();
        let tries = (0..1_000).map(|n| brake.begin("aisha", AWAY, second(n * 60 / 1_000)));
        let n_let = tries.filter(Result::is_ok).count();
        assert!((5..=15).contains(&n_let), "{n_let}");
        assert!(brake.begin("aisha", AWAY, second(60 + 900)).is_ok());
    }

    #[test]
    fn one_password_tried_on_many_accounts_is_slowed_by_its_address() {
        let mut brake = Brake::default();
        let tries = (0..1_000).map(|n| brake.begin(&format!("user-{n}"), AWAY, second(n / 100)));
        assert!(tries.filter(Result::is_ok).count() <= 25);
    }

    #[test]
    fn a_stranger_who_guesses_for_ever_does_not_lock_the_owner_out() {
        let mut brake = Brake::default();
        brake.succeeded("aisha", HOME, second(0));
        for n in 0..10_000 {
            let stranger = IpAddr::V4(std::net::Ipv4Addr::from(0x0a00_0000 + n));
            let _ = brake.begin("aisha", stranger, second(i64::from(n)));
        }
        assert!(brake.begin("aisha", HOME, second(10_000)).is_ok());
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn changes_are_counted_by_the_minute() {
        let mut brake = Brake::default();
        let n_let = (0..200)
            .filter(|_| brake.may_write("aisha", second(0)))
            .count();
        assert_eq!(n_let, WRITES_A_MINUTE as usize);
        assert!(brake.may_write("aisha", second(60)));
        assert!(brake.may_write("berik", second(0)));
    }
}
