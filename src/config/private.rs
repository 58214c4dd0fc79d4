//! Reads which addresses that are not public may be fetched: none, all, or some by name.

use url::Url;

use super::table::Value;

/// Addresses of the own machine and network that may be fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PrivateAddresses {
    /// None.
    #[default]
    Refused,
    /// All of them.
    Allowed,
    /// These hosts with these ports, as an address writes them, and whatever their names resolve to.
    Only(Vec<(String, u16)>),
}

impl PrivateAddresses {
    /// Whether an address may be fetched although it may not be public.
    pub fn allows(&self, url: &Url) -> bool {
        match self {
            PrivateAddresses::Refused => false,
            PrivateAddresses::Allowed => true,
            PrivateAddresses::Only(named) => named.iter().any(|(host, port)| {
                url.host_str() == Some(host) && url.port_or_known_default() == Some(*port)
            }),
        }
    }
}

/// `true`, `false`, or a list of hosts with their ports.
pub(super) fn read(value: &Value<'_, '_>) -> Option<PrivateAddresses> {
    if !value.is_list() {
        return Some(match value.switch()? {
            true => PrivateAddresses::Allowed,
            false => PrivateAddresses::Refused,
        });
    }
    let mut named = Vec::new();
    for (value, text) in value.texts() {
        match host_and_port(&text) {
            Some(pair) => named.push(pair),
            None => value.wrong(format!(
                "`{text}` is no host with its port such as 10.1.2.3:8080"
            )),
        }
    }
    Some(PrivateAddresses::Only(named))
}

/// The parts of `host:port` in the form that addresses have.
fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (_, port) = text.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    let is_bare = url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let host = url.host_str().filter(|_| is_bare)?;
    Some((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_host_is_allowed_with_its_port_and_no_other_is() {
        let only = PrivateAddresses::Only(
            ["10.1.2.3:8080", "[FD00::1]:80", "Stats.intranet:443"]
                .map(|text| host_and_port(text).unwrap())
                .to_vec(),
        );
        let cases = [
            ("http://10.1.2.3:8080/a", true),
            ("http://0xa.1.2.3:8080/a", true),
            ("http://[fd00:0::1]/", true),
            ("https://stats.intranet/", true),
            ("http://10.1.2.4:8080/", false),
            ("http://10.1.2.3/", false),
            ("http://stats.intranet/", false),
            ("http://other.intranet:443/", false),
        ];
        for (url, expected) in cases {
            assert_eq!(only.allows(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn what_is_no_host_with_a_port_is_not_taken() {
        for text in [
            "",
            "10.1.2.3",
            "10.1.2.3:99999",
            "a:b@c:80",
            "http://10.1.2.3:80",
            "10.1.2.3:80/x",
            "10.0.0.0/8",
        ] {
            assert_eq!(host_and_port(text), None, "{text}");
        }
    }
}
