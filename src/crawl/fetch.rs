//! Sends one request and returns the whole exchange as received, or a typed outcome; no redirect is followed here.
//!
//! The only place that opens a connection. Limits hold for the whole exchange: an overall deadline ends
//! floods of interim answers, a least pace ends drips, sizes are checked while bytes arrive. The proxy settings of the environment
//! are ignored: a proxy would connect where the address rules do not reach.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Version};
use tokio::time::Instant;
use url::{Host, Url};

use super::decode::{self, DecodeError};
use super::news::Newsbox;
use super::politeness::host_key;
use crate::model::FetchOutcome;
use crate::wire::address::{self, AddressRefusal, GuardedResolver, Lookup};
use crate::wire::pause::{http_date, retry_after};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The head of an answer, connecting included, is waited for this part of the whole timeout: an operator who gives a slow site
/// more time gives it to both.
const HEAD_SHARE: u32 = 2;
/// Least of a body that must come in each [`PACE_WINDOW`], in bytes: 1 KiB a second.
const LEAST_BYTES: usize = 10 * 1024;
/// Time over which the pace of a body is measured.
const PACE_WINDOW: Duration = Duration::from_secs(10);
/// Connections kept open to a host: requests go one by one.
const IDLE_PER_HOST: usize = 1;
/// Longest list of headers an HTTP/2 host may send.
const MAX_HEADER_LIST_BYTES: u32 = 64 * 1024;
/// What is asked for, pages first.
const ACCEPT: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8";

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Address.
    pub url: Url,
    /// Agent.
    pub user_agent: String,
    /// Further headers.
    pub headers: BTreeMap<String, String>,
    /// `ETag` of the body that is known.
    pub etag: Option<String>,
    /// `Last-Modified` of the body that is known.
    pub last_modified: Option<String>,
    /// Largest body, as received and after decoding.
    pub max_body_bytes: u64,
    /// Whether the start of a larger body is enough: it is then cut at the limit instead of refused.
    pub is_start_enough: bool,
    /// Time for the whole exchange.
    pub timeout: Duration,
    /// Whether private addresses may be connected to.
    pub allow_private: bool,
}

/// A request and its whole answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Address that answered.
    pub url: Url,
    /// When the answer was complete.
    pub at: DateTime<Utc>,
    /// Address connected to.
    pub remote: Option<SocketAddr>,
    /// Headers sent, names in lower case.
    pub request_headers: Vec<(String, String)>,
    /// HTTP version of the answer: `HTTP/1.1`.
    pub version: &'static str,
    /// Status.
    pub status: u16,
    /// Headers of the answer, names in lower case, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// Body as received, after transfer decoding only.
    pub wire: Vec<u8>,
    /// Body after content decoding.
    pub body: Vec<u8>,
}

impl Exchange {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What one request came to.
#[derive(Debug)]
pub enum Answer {
    /// A body.
    Body(Box<Exchange>),
    /// An address to ask instead.
    Redirect {
        /// Where to.
        to: Url,
        /// Whether the old address is given up for good.
        is_permanent: bool,
    },
    /// Nothing to read.
    Nothing(FetchOutcome),
}

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Until its head is there: the timeout divided by this.
    head_share: u32,
    /// Bytes of its body that must come in each window.
    least_bytes: usize,
    /// The window.
    window: Duration,
}

/// HTTP clients, with and without private addresses.
#[derive(Debug, Clone)]
pub struct Fetcher {
    /// What answers tell of hosts.
    pub(super) news: Arc<Newsbox>,
    guarded: Client,
    open: Client,
    lookup: Lookup,
    patience: Patience,
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("cannot start the HTTP client")]
pub struct ClientError(#[source] reqwest::Error);

impl Fetcher {
    /// Builds the clients.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn new() -> Result<Fetcher, ClientError> {
        Fetcher::with_lookup(Lookup::system())
    }

    /// Builds the clients with names resolved as `lookup` does.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn with_lookup(lookup: Lookup) -> Result<Fetcher, ClientError> {
        let resolver = |allow_private| GuardedResolver {
            allow_private,
            lookup: lookup.clone(),
        };
        Ok(Fetcher {
            news: Arc::default(),
            guarded: client(resolver(false))?,
            open: client(resolver(true))?,
            lookup,
            patience: Patience {
                head_share: HEAD_SHARE,
                least_bytes: LEAST_BYTES,
                window: PACE_WINDOW,
            },
        })
    }

    /// The machine behind an address, so that two names of one machine are one to whoever counts requests;
    /// `None` when the name does not resolve, which the request itself will say.
    pub async fn machine(&self, url: &Url) -> Option<IpAddr> {
        match url.host()? {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            // The least of all, because many servers give their addresses in turn.
            Host::Domain(name) => self.lookup.find(name).await.ok()?.into_iter().min(),
        }
    }

    /// Sends one request.
    pub async fn fetch(
        &self,
        request: &Request,
        clock: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
    ) -> Answer {
        if address::check(&request.url, request.allow_private).is_err() {
            return Answer::Nothing(FetchOutcome::PrivateAddress);
        }
        let exchange = self.exchange(request, clock);
        match tokio::time::timeout(request.timeout, exchange).await {
            Ok(answer) => answer,
            Err(_) => Answer::Nothing(FetchOutcome::TimedOut),
        }
    }

    async fn exchange(
        &self,
        request: &Request,
        clock: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
    ) -> Answer {
        let client = if request.allow_private {
            &self.open
        } else {
            &self.guarded
        };
        let headers = match request_headers(request) {
            Ok(headers) => headers,
            Err(outcome) => return Answer::Nothing(outcome),
        };
        let sent = client
            .get(request.url.clone())
            .headers(headers.clone())
            .send();
        let head_timeout = request.timeout / self.patience.head_share;
        let response = match tokio::time::timeout(head_timeout, sent).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Answer::Nothing(outcome_of(&error)),
            Err(_) => return Answer::Nothing(FetchOutcome::TimedOut),
        };
        let is_refused =
            |remote: SocketAddr| !request.allow_private && !address::is_public(remote.ip());
        if response.remote_addr().is_some_and(is_refused) {
            return Answer::Nothing(FetchOutcome::PrivateAddress);
        }
        self.news.certificate(&host_key(&request.url), &response);
        if let Some(answer) = without_body(request, &response, clock()) {
            return answer;
        }
        read(request, response, &headers, self.patience, clock).await
    }
}

fn client(resolver: GuardedResolver) -> Result<Client, ClientError> {
    Client::builder()
        .redirect(Policy::none())
        .tls_info(true)
        .no_proxy()
        .dns_resolver(Arc::new(resolver))
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .http2_max_header_list_size(MAX_HEADER_LIST_BYTES)
        .build()
        .map_err(ClientError)
}

fn request_headers(request: &Request) -> Result<HeaderMap, FetchOutcome> {
    let mut pairs = vec![
        ("user-agent", request.user_agent.as_str()),
        ("accept", ACCEPT),
        ("accept-encoding", "gzip"),
    ];
    pairs.extend(
        request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    pairs.extend(request.etag.as_deref().map(|etag| ("if-none-match", etag)));
    pairs.extend(
        request
            .last_modified
            .as_deref()
            .map(|since| ("if-modified-since", since)),
    );
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let unfit = |_| FetchOutcome::Unreachable {
            detail: format!("the header {name} cannot be sent"),
        };
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unfit(()))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit(()))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// What the status alone says; `None` where the body is wanted.
fn without_body(request: &Request, response: &Response, now: DateTime<Utc>) -> Option<Answer> {
    let status = response.status().as_u16();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let outcome = match status {
        200 | 203 => return None,
        301 | 302 | 303 | 307 | 308 => {
            let target = header("location").and_then(|location| request.url.join(location).ok());
            return Some(match target {
                Some(to) => Answer::Redirect {
                    to,
                    is_permanent: matches!(status, 301 | 308),
                },
                None => Answer::Nothing(FetchOutcome::Refused { status }),
            });
        }
        // Who was not asked whether something changed cannot say that it did not.
        304 if request.etag.is_none() && request.last_modified.is_none() => {
            FetchOutcome::Refused { status }
        }
        304 => FetchOutcome::NotModified,
        404 | 410 => FetchOutcome::Gone { status },
        429 | 503 => FetchOutcome::Busy {
            status,
            // A date is one of the host's own clock, which may go ahead of ours or after it.
            retry_after_s: header("retry-after").and_then(|value| {
                let at_host = header("date").and_then(http_date);
                retry_after(value, at_host.unwrap_or(now))
            }),
        },
        status => FetchOutcome::Refused { status },
    };
    Some(Answer::Nothing(outcome))
}

/// Reads the body piece by piece under the size limit and above the least pace.
async fn read(
    request: &Request,
    mut response: Response,
    sent: &HeaderMap,
    patience: Patience,
    clock: &(dyn Fn() -> DateTime<Utc> + Send + Sync),
) -> Answer {
    let limit_bytes = request.max_body_bytes;
    let too_large = || Answer::Nothing(FetchOutcome::TooLarge { limit_bytes });
    let is_over = |length: u64| length > limit_bytes;
    if !request.is_start_enough && response.content_length().is_some_and(is_over) {
        return too_large();
    }
    let mut wire: Vec<u8> = Vec::new();
    let mut is_cut = false;
    let (mut window_end, mut n_due) = (Instant::now() + patience.window, patience.least_bytes);
    loop {
        let piece = match tokio::time::timeout_at(window_end, response.chunk()).await {
            Ok(piece) => piece,
            // A window is over: a body that came too slowly would hold its place for hours.
            Err(_) if wire.len() < n_due => return Answer::Nothing(FetchOutcome::TimedOut),
            Err(_) => {
                window_end += patience.window;
                n_due = wire.len() + patience.least_bytes;
                continue;
            }
        };
        match piece {
            Ok(Some(piece)) if is_over((wire.len() + piece.len()) as u64) => {
                if !request.is_start_enough {
                    return too_large();
                }
                wire.extend_from_slice(&piece);
                wire.truncate(usize::try_from(limit_bytes).unwrap_or(usize::MAX));
                is_cut = true;
                break;
            }
            Ok(Some(piece)) => wire.extend_from_slice(&piece),
            Ok(None) => break,
            Err(error) => return Answer::Nothing(outcome_of(&error)),
        }
    }
    let headers = pairs(response.headers());
    let coding = headers.iter().find(|(name, _)| name == "content-encoding");
    let coding = coding.map(|(_, value)| value.as_str());
    let decoded = match request.is_start_enough {
        true => decode::start(&wire, coding, limit_bytes, is_cut),
        false => decode::body(&wire, coding, limit_bytes),
    };
    let body = match decoded {
        Ok(body) => body.into_owned(),
        Err(DecodeError::TooLarge { .. }) => return too_large(),
        Err(error) => {
            let detail = error.to_string();
            return Answer::Nothing(FetchOutcome::Unreadable { detail });
        }
    };
    Answer::Body(Box::new(Exchange {
        url: request.url.clone(),
        at: clock(),
        remote: response.remote_addr(),
        request_headers: pairs(sent),
        version: version(response.version()),
        status: response.status().as_u16(),
        headers,
        body,
        wire,
    }))
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/1.1",
    }
}

/// The outcome behind an error of the client.
fn outcome_of(error: &reqwest::Error) -> FetchOutcome {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut detail = String::new();
    while let Some(error) = cause {
        if error.is::<AddressRefusal>() {
            return FetchOutcome::PrivateAddress;
        }
        detail = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() {
        return FetchOutcome::TimedOut;
    }
    // The innermost cause says most: "connection refused" rather than "error sending request".
    FetchOutcome::Unreachable { detail }
}

#[cfg(test)]
mod tests;
