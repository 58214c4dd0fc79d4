//! Decides whether an address may be connected to: literals, names, ports and every answer of name resolution.
//!
//! A program that follows addresses found in pages, or typed by its users, is a way into the network it runs in. So unless
//! the operator allows private addresses, everything in the IANA special-purpose registries
//! is refused, at the literal, at the name, and again on what the name resolves to (RFC 6890, and
//! the transition forms that carry an IPv4 address inside IPv6). One bad answer refuses the whole name.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Longest wait for name resolution.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(10);
/// More addresses than this for one name is no honest answer.
const MAX_ADDRESSES: usize = 64;
/// Ports on which public sites answer; other ones reach services that are no sites.
const PUBLIC_PORTS: [u16; 4] = [80, 443, 8080, 8443];
/// Names that mean the own machine or network (RFC 6761, RFC 6762, RFC 8375 and custom).
const LOCAL_SUFFIXES: [&str; 8] = [
    "localhost",
    "local",
    "internal",
    "localdomain",
    "lan",
    "home.arpa",
    "intranet",
    "corp",
];

/// IPv4 ranges that are not public, as (network, prefix length).
const REFUSED_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// The only IPv6 range that is public at all, less [`REFUSED_V6`].
const GLOBAL_V6: (u128, u32) = (0x2000 << 112, 3);
/// IPv6 ranges inside it that are not public or hide another address, as (network, prefix length).
const REFUSED_V6: [(u128, u32); 4] = [
    (0x2001 << 112, 23), // protocol assignments: Teredo, benchmarking, ORCHID
    ((0x2001 << 112) | (0x0db8 << 96), 32), // documentation
    (0x2002 << 112, 16), // 6to4
    (0x3fff << 112, 20), // documentation
];

/// Why an address is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefusal {
    /// The scheme is neither http nor https.
    #[error("the scheme `{0}` is not fetched")]
    Scheme(String),
    /// A user name or password stands in the address.
    #[error("the address carries a user or password")]
    Credentials,
    /// A port on which no public site answers.
    #[error("port {0} is not fetched")]
    Port(u16),
    /// A name of the own machine or network.
    #[error("`{0}` is a name of the local network")]
    LocalName(String),
    /// An address that is not public.
    #[error("{0} is not a public address")]
    NotPublic(IpAddr),
}

/// Checks what can be seen from the address itself.
///
/// # Errors
/// Says why it is refused.
pub fn check(url: &Url, allow_private: bool) -> Result<(), AddressRefusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressRefusal::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressRefusal::Credentials);
    }
    if allow_private {
        return Ok(());
    }
    match url.host() {
        Some(Host::Ipv4(ip)) => check_ip(IpAddr::V4(ip))?,
        Some(Host::Ipv6(ip)) => check_ip(IpAddr::V6(ip))?,
        Some(Host::Domain(name)) => check_name(name)?,
        None => return Err(AddressRefusal::LocalName(String::new())),
    }
    match url.port_or_known_default() {
        Some(port) if PUBLIC_PORTS.contains(&port) => Ok(()),
        port => Err(AddressRefusal::Port(port.unwrap_or_default())),
    }
}

fn check_name(name: &str) -> Result<(), AddressRefusal> {
    let lower = name.trim_end_matches('.').to_ascii_lowercase();
    let is_local = LOCAL_SUFFIXES.iter().any(|suffix| {
        lower == *suffix
            || lower
                .strip_suffix(suffix)
                .is_some_and(|rest| rest.ends_with('.'))
    });
    if is_local || !lower.contains('.') {
        return Err(AddressRefusal::LocalName(lower));
    }
    Ok(())
}

fn check_ip(ip: IpAddr) -> Result<(), AddressRefusal> {
    if is_public(ip) {
        Ok(())
    } else {
        Err(AddressRefusal::NotPublic(ip))
    }
}

/// Whether an address is one of the public Internet. Addresses that embed another are never public:
/// what they lead to depends on the network in between.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !REFUSED_V4.iter().any(|(network, prefix)| {
            let shift = 32 - prefix;
            u32::from(ip) >> shift == u32::from(*network) >> shift
        }),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let bits = u128::from(ip);
    let within = |(network, prefix): &(u128, u32)| {
        let shift = 128 - prefix;
        bits >> shift == network >> shift
    };
    within(&GLOBAL_V6) && !REFUSED_V6.iter().any(within)
}

/// How names become addresses. The machine's own resolution, unless a test stands in for it.
#[derive(Clone)]
pub struct Lookup(Arc<dyn Fn(String) -> Found + Send + Sync>);

/// The addresses of a name, to be waited for.
type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

impl Lookup {
    /// As the machine resolves names.
    pub fn system() -> Lookup {
        Lookup::of(|name| async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }

    /// As `find` says.
    pub fn of<F>(find: impl Fn(String) -> F + Send + Sync + 'static) -> Lookup
    where
        F: Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'static,
    {
        Lookup(Arc::new(move |name| Box::pin(find(name))))
    }

    /// The addresses of a name, up to a limit. They may be private: only [`GuardedResolver`] decides that.
    ///
    /// # Errors
    /// When the name has none, or none is told in time.
    pub async fn find(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = self.sockets(name).await?;
        Ok(found.into_iter().map(|address| address.ip()).collect())
    }

    async fn sockets(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let found = tokio::time::timeout(RESOLVE_TIMEOUT, (self.0)(name.to_owned())).await;
        let mut found = found.map_err(io::Error::from)??;
        if found.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the name has no address",
            ));
        }
        found.truncate(MAX_ADDRESSES);
        Ok(found)
    }
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lookup")
    }
}

/// Resolves names and hands out only addresses that may be connected to, so that the checked address is the one connected to.
#[derive(Debug, Clone)]
pub struct GuardedResolver {
    /// Whether loopback and private addresses are handed out too.
    pub allow_private: bool,
    /// How names become addresses.
    pub lookup: Lookup,
}

impl GuardedResolver {
    /// One that resolves names as the machine does.
    pub fn new(allow_private: bool) -> GuardedResolver {
        GuardedResolver {
            allow_private,
            lookup: Lookup::system(),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (allow_private, lookup) = (self.allow_private, self.lookup.clone());
        Box::pin(async move {
            let found = lookup.sockets(name.as_str()).await?;
            if !allow_private {
                check_answers(&found)?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Refuses a name as soon as one of its addresses is not public.
fn check_answers(found: &[SocketAddr]) -> Result<(), AddressRefusal> {
    found.iter().try_for_each(|address| check_ip(address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<AddressRefusal> {
        Url::parse(text)
            .ok()
            .and_then(|url| check(&url, false).err())
    }

    #[test]
    fn private_and_special_literals_are_refused_in_every_spelling() {
        let hosts = [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "１２７.0.0.1",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "0.0.0.0",
            "0.0.0.1",
            "[::]",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.8",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fec0::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::a00:1]",
            "[2002:7f00:1::]",
            "[2001:0:4136:e378::]",
            "[100::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[5f00::1]",
            "[2001:20::1]",
        ];
        for host in hosts {
            let found = refusal(&format!("http://{host}/"));
            assert!(
                matches!(found, Some(AddressRefusal::NotPublic(_))),
                "{host}: {found:?}"
            );
        }
    }

    #[test]
    fn names_of_the_local_network_are_refused() {
        for host in [
            "localhost",
            "localhost.",
            "LOCALHOST",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "intranet",
            "db",
            "router.home.arpa",
        ] {
            let found = refusal(&format!("http://{host}/"));
            assert!(
                matches!(found, Some(AddressRefusal::LocalName(_))),
                "{host}: {found:?}"
            );
        }
    }

    #[test]
    fn public_literals_and_names_pass() {
        for host in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "[2606:4700::1111]",
            "[2a00:1450::1]",
            "example.org",
            "www.gov.kz",
            "локал.қаз",
        ] {
            assert_eq!(refusal(&format!("https://{host}/")), None, "{host}");
        }
    }

    #[test]
    fn only_ports_of_sites_pass() {
        for port in [0, 22, 25, 6379, 9200] {
            let url = format!("http://example.org:{port}/");
            assert_eq!(refusal(&url), Some(AddressRefusal::Port(port)), "{port}");
        }
        for port in PUBLIC_PORTS {
            assert_eq!(
                refusal(&format!("http://example.org:{port}/")),
                None,
                "{port}"
            );
        }
    }

    #[test]
    fn credentials_and_other_schemes_are_refused_even_where_private_addresses_are_allowed() {
        for text in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "http://a:b@127.0.0.1/",
            "gopher://example.org/",
        ] {
            let url = Url::parse(text).unwrap();
            assert!(check(&url, true).is_err(), "{text}");
        }
        assert_eq!(
            check(&Url::parse("http://127.0.0.1:8900/").unwrap(), true),
            Ok(())
        );
    }

    #[test]
    fn one_private_answer_refuses_the_whole_name() {
        let public: SocketAddr = "8.8.8.8:0".parse().unwrap();
        let private: SocketAddr = "10.0.0.5:0".parse().unwrap();
        let mapped: SocketAddr = "[::ffff:169.254.169.254]:0".parse().unwrap();
        assert!(check_answers(&[public]).is_ok());
        for answers in [[public, private], [private, public], [mapped, public]] {
            assert!(check_answers(&answers).is_err(), "{answers:?}");
        }
    }

    /// What the guard makes of a name that resolves as told.
    async fn guarded(
        lookup: Lookup,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let guard = GuardedResolver {
            allow_private: false,
            lookup,
        };
        let found = guard.resolve("news.example.org".parse().unwrap()).await;
        found.map(Iterator::collect)
    }

    fn answers(texts: &[&str]) -> Vec<SocketAddr> {
        let address = |text: &&str| SocketAddr::new(text.parse().unwrap(), 0);
        texts.iter().map(address).collect()
    }

    #[tokio::test]
    async fn a_name_is_handed_on_only_with_public_addresses() {
        let refused: [&[&str]; 7] = [
            &["127.0.0.1"],
            &["8.8.8.8", "10.0.0.5"],
            &["10.0.0.5", "8.8.8.8"],
            &["::ffff:169.254.169.254"],
            &["2a00:1450::1", "fd00::1"],
            &["64:ff9b::7f00:1"],
            &["2002:7f00:1::"],
        ];
        for texts in refused {
            let found = answers(texts);
            let error = guarded(Lookup::of(move |_| {
                let found = found.clone();
                async move { Ok(found) }
            }))
            .await
            .expect_err(&texts.join(" "));
            assert!(error.is::<AddressRefusal>(), "{texts:?}: {error}");
        }
        let open = answers(&["8.8.8.8", "2a00:1450::1"]);
        let told = open.clone();
        let found = guarded(Lookup::of(move |_| {
            let told = told.clone();
            async move { Ok(told) }
        }));
        assert_eq!(found.await.unwrap(), open);
    }

    #[tokio::test]
    async fn a_name_that_answers_anew_each_time_is_checked_each_time() {
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let lookup = Lookup::of(move |_| {
            let n = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            async move { Ok(answers(&[if n == 0 { "8.8.8.8" } else { "127.0.0.1" }])) }
        });
        assert_eq!(
            guarded(lookup.clone()).await.unwrap(),
            answers(&["8.8.8.8"])
        );
        assert!(guarded(lookup).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn no_answer_of_name_resolution_opens_nothing() {
        assert!(
            guarded(Lookup::of(|_| async { Ok(Vec::new()) }))
                .await
                .is_err()
        );
        let failed = Lookup::of(|_| async { Err(io::Error::other("SERVFAIL")) });
        assert!(guarded(failed).await.is_err());
        let begun = tokio::time::Instant::now();
        assert!(
            guarded(Lookup::of(|_| std::future::pending()))
                .await
                .is_err()
        );
        assert_eq!(begun.elapsed(), RESOLVE_TIMEOUT);
        let many = Lookup::of(|_| async { Ok(vec!["8.8.8.8:0".parse().unwrap(); 500]) });
        assert_eq!(guarded(many).await.unwrap().len(), MAX_ADDRESSES);
    }

    #[tokio::test]
    async fn a_name_of_loopback_is_refused_by_the_machines_own_resolution_too() {
        let guard = GuardedResolver::new;
        let refused = guard(false).resolve("localhost".parse().unwrap()).await;
        assert!(refused.is_err_and(|error| error.is::<AddressRefusal>()));
        assert!(
            guard(true)
                .resolve("localhost".parse().unwrap())
                .await
                .is_ok()
        );
    }

    #[test]
    fn what_is_checked_is_the_host_that_is_connected_to_however_the_address_confuses() {
        let cases = [
            ("http://127.0.0.1#@example.org/", false),
            ("http://127.0.0.1?@example.org/", false),
            ("http:///127.0.0.1/", false),
            ("http:/\\127.0.0.1/", false),
            ("http://12\t7.0.0.1/", false),
            ("http://127.0.0.\n1/", false),
            ("http://example.org\\@127.0.0.1/", true),
            ("http://example.org@127.0.0.1/", false),
            ("http://example.org:80@127.0.0.1/", false),
            ("http://①②⑦.⓪.⓪.①/", false),
            ("http://[::ffff:7f00:1]/", false),
            ("http://0x7f000001/", false),
            ("http://017700000001/", false),
            ("http://127.0.0.1./", false),
        ];
        for (text, is_open) in cases {
            let url = Url::parse(text);
            let found = url.as_ref().is_ok_and(|url| check(url, false).is_ok());
            assert_eq!(found, is_open, "{text}: {url:?}");
            if is_open {
                assert_eq!(url.unwrap().host_str(), Some("example.org"), "{text}");
            }
        }
        assert!(Url::parse("http://example.org:65536/").is_err());
    }

    #[test]
    fn other_schemes_are_refused_in_every_spelling() {
        for text in [
            "FILE:///etc/passwd",
            "file:/etc/passwd",
            "file:etc",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:https://example.org/1",
            "view-source:http://example.org/",
            "jar:http://example.org/a!/b",
            "source:file:///etc/passwd",
            "ws://example.org/",
        ] {
            let found = refusal(text);
            assert!(
                matches!(found, Some(AddressRefusal::Scheme(_))),
                "{text}: {found:?}"
            );
        }
    }
}
