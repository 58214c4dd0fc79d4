//! Reads under which name the desk is reached: `[web]` of `sources.toml`.

use std::collections::BTreeSet;
use std::net::IpAddr;

use url::Url;

use super::table::{Section, Value};
use crate::model::UserRole;

/// Under which name the desk is reached, and by way of whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebConfig {
    /// Scheme and host under which people reach it, such as `https://aigaq.agency.example`; loopback alone without one.
    pub origin: Option<String>,
    /// Addresses of the operator's own proxies: what these say of a client is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Scheme and host under which hubs reach the desk from outside; without it no hub is asked to announce news.
    pub hub_callback: Option<String>,
    /// Roles that sign in with a second step or not at all; none unless set.
    pub second_step: BTreeSet<UserRole>,
}

impl WebConfig {
    /// Whether a `Host` is a name of the desk: loopback, or the host of [`WebConfig::origin`].
    pub fn is_ours(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let origin = self
            .origin
            .as_deref()
            .and_then(|origin| origin.split_once("://"));
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
            || origin.is_some_and(|(_, own)| own == host)
    }
}

/// Reads the table.
pub(super) fn read(root: &Section<'_, '_>) -> WebConfig {
    let mut config = WebConfig::default();
    let Some(section) = root.get("web").and_then(|value| value.section()) else {
        return config;
    };
    config.origin = section.get("origin").and_then(|value| origin(&value));
    config.hub_callback = section.get("hub_callback").and_then(|value| origin(&value));
    let proxies = section.get("trusted_proxies").map(|value| value.list());
    for value in proxies.unwrap_or_default() {
        let Some(text) = value.text() else { continue };
        match text.parse() {
            Ok(address) => config.trusted_proxies.push(address),
            Err(_) => value.wrong(format!("`{text}` is no address such as 127.0.0.1")),
        }
    }
    let roles = section.get("second_step").map(|value| value.list());
    for value in roles.unwrap_or_default() {
        let Some(text) = value.text() else { continue };
        match UserRole::ALL.into_iter().find(|role| role.word() == text) {
            Some(role) => {
                config.second_step.insert(role);
            }
            None => value.wrong(format!(
                "there is no role `{text}`; it is one of viewer, analyst, officer, approver, administrator"
            )),
        }
    }
    section.finish();
    config
}

/// A scheme and a host, as browsers name them.
fn origin(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    let origin = Url::parse(&text).map(|url| url.origin().ascii_serialization());
    match origin {
        Ok(origin) if origin == text && text.starts_with("http") => Some(text),
        _ => {
            value.wrong("must be a scheme and a host as browsers name them, such as https://aigaq.agency.example");
            None
        }
    }
}
