//! Signing in: passwords, sessions, links that work once, a second step, and the brake on those who guess.

pub(super) mod account;
mod brake;
pub(super) mod farewell;
pub mod first;
pub(super) mod pages;
pub mod password;
pub mod provider;
mod second_step;
pub(super) mod session;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{ConnectInfo, Request};
use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

pub use brake::{Brake, FREE_OF_ACCOUNT, FREE_OF_ADDRESS, FREE_OF_PAIR, WRITES_A_MINUTE};
pub use second_step::{SHOWN_FOR, SecondStep};
pub use session::{ABSOLUTE_HOURS, IDLE_HOURS};

pub use crate::config::WebConfig;

/// Passwords that are hashed at once: each takes its memory and a processor.
const HASHES_AT_ONCE: usize = 2;

/// What signing in keeps in memory while the desk is served.
pub struct Gate {
    /// Under which name the desk is reached, and by way of whom.
    pub web: WebConfig,
    /// What time it is.
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Holds up those who guess.
    brake: Mutex<Brake>,
    /// Secrets of second steps that wait for their first code.
    shown: Mutex<second_step::Shown>,
    /// Browsers that are between two steps of signing in at a provider.
    away: Mutex<provider::Away>,
    /// Hashing that goes on.
    hashing: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new(WebConfig::default(), Utc::now)
    }
}

impl Gate {
    /// A gate with a clock of its own.
    pub fn new(web: WebConfig, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Gate {
        Gate {
            web,
            clock: Arc::new(clock),
            brake: Mutex::default(),
            shown: Mutex::default(),
            away: Mutex::default(),
            hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
        }
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Whether a user may change one more thing in this minute.
    pub(super) fn may_write(&self, user: &str) -> bool {
        let now = self.now();
        self.brake(|brake| brake.may_write(user, now))
    }

    /// Asks for the secrets that were shown.
    fn shown<T>(&self, ask: impl FnOnce(&mut second_step::Shown) -> T) -> T {
        ask(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks for the browsers that are away.
    fn away<T>(&self, ask: impl FnOnce(&mut provider::Away) -> T) -> T {
        ask(&mut self.away.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks the brake. A thread that panicked with it leaves counts that are whole.
    fn brake<T>(&self, ask: impl FnOnce(&mut Brake) -> T) -> T {
        ask(&mut self.brake.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// From where a request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address, as the trusted proxy tells it or as it connected.
    pub address: IpAddr,
    /// Whether it came over TLS, as the trusted proxy tells it.
    pub is_https: bool,
}

impl Client {
    /// Reads it off a request. What a client says of itself counts only where the operator's own proxy passes it on.
    pub(super) fn of(request: &Request, web: &WebConfig) -> Client {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        let mut client = Client {
            address: peer,
            is_https: false,
        };
        if !web.trusted_proxies.contains(&peer) {
            return client;
        }
        // A proxy adds to the end of what a client made up.
        let last = |name: &str| {
            let value = request.headers().get_all(name).iter().next_back()?;
            let last = value.to_str().ok()?.rsplit(',').next()?;
            Some(last.trim().to_owned())
        };
        if let Some(address) = last("x-forwarded-for").and_then(|text| text.parse().ok()) {
            client.address = address;
        }
        client.is_https = last("x-forwarded-proto").as_deref() == Some("https");
        client
    }
}
