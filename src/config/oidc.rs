//! Reads at which provider people may sign in: `[oidc]` of `sources.toml`.
//!
//! Of the client's secret the file names the place only, as of every secret. What would let a foreign answer pass for the
//! provider's, such as plain http over a network, is a mistake of the file.

use std::collections::{BTreeMap, BTreeSet};

use url::{Host, Url};

use super::alerts::{SecretPlace, place};
use super::table::{Section, Value};
use super::values::{address, names, not_empty, slug};
use crate::model::{SourceId, UserRole};

/// The claim that says who somebody is unless the file names another: the only one that a provider never gives to another person.
pub const DEFAULT_CLAIM: &str = "sub";

/// A provider of OpenID Connect at which people may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcConfig {
    /// Its address, as it names itself.
    pub issuer: String,
    /// The name under which it knows the desk.
    pub client_id: String,
    /// Where the secret stands that it gave the desk; `None` for a client without one.
    pub secret: Option<SecretPlace>,
    /// Its name on the button, by language; its host where the file gives none.
    pub name: BTreeMap<String, String>,
    /// The claim of its tokens by which a user is known.
    pub claim: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// Values of `amr` that count as the second step of sign-in; with none the desk's own is asked for.
    pub second_step: BTreeSet<String>,
    /// What people become whom nobody added; `None` keeps them out.
    pub given: Option<GivenRole>,
    /// Whether signing out of the desk ends the session at the provider too, where the provider offers that.
    pub ends_session: bool,
    /// Whether it may stand on loopback or in the operator's own network, and there without TLS.
    pub allow_private_addresses: bool,
}

/// What somebody becomes who was not a user before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRole {
    /// The role; never administrator.
    pub role: UserRole,
    /// Agencies whose cases the person works on; none means all.
    pub agencies: BTreeSet<SourceId>,
}

/// Reads the table; `has_origin` says whether the desk knows under which name it is reached, `sources` are those of the file.
pub(super) fn read(
    root: &Section<'_, '_>,
    has_origin: bool,
    sources: &BTreeSet<SourceId>,
) -> Option<OidcConfig> {
    let value = root.get("oidc")?;
    let section = value.section()?;
    if !has_origin {
        value.wrong("needs `origin` of [web]: the provider sends people back there");
    }
    let private = section.get("allow_private_addresses");
    let allow_private = private.and_then(|value| value.switch()).unwrap_or_default();
    let issuer = section.require("issuer");
    let issuer = issuer.and_then(|value| issuer_address(&value, allow_private));
    let client_id = section
        .require("client_id")
        .and_then(|value| not_empty(&value));
    let secret = place(&section, "client_secret_env", "client_secret_file");
    let name = section.get("name").map(|value| names(&value));
    let claim = match section.get("claim") {
        Some(value) => not_empty(&value),
        None => Some(DEFAULT_CLAIM.to_owned()),
    };
    let scopes = match section.get("scopes") {
        Some(value) => words(&value),
        None => ["email", "profile"].map(str::to_owned).to_vec(),
    };
    let second_step = section.get("second_step").map(|value| words(&value));
    let ends_session = section.get("ends_session");
    let ends_session = ends_session
        .and_then(|value| value.switch())
        .unwrap_or(true);
    let given = given(&section, sources);
    section.finish();
    let issuer = issuer?;
    let host = Url::parse(&issuer).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    let named = name.unwrap_or_else(|| BTreeMap::from([(String::new(), host.unwrap_or_default())]));
    Some(OidcConfig {
        issuer,
        client_id: client_id?,
        secret,
        name: named,
        claim: claim?,
        scopes,
        second_step: second_step.unwrap_or_default().into_iter().collect(),
        given,
        ends_session,
        allow_private_addresses: allow_private,
    })
}

/// The address of a provider: https, or where the file allows it http on the machine itself.
fn issuer_address(value: &Value<'_, '_>, allow_private: bool) -> Option<String> {
    let text = address(value)?;
    let url = Url::parse(&text).ok()?;
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.query().is_some() || url.fragment().is_some() {
        value.wrong("must be the address by which the provider names itself, without `?` and `#`");
        return None;
    }
    if url.scheme() != "https" && !(allow_private && is_here) {
        value.wrong("must start with https://: whoever can change what comes from there signs in as anybody (http:// needs `allow_private_addresses` and the machine itself)");
        return None;
    }
    Some(text)
}

/// Words without spaces in them.
fn words(value: &Value<'_, '_>) -> Vec<String> {
    let mut words = Vec::new();
    for (value, text) in value.texts() {
        match text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            true => value.wrong(format!("`{text}` must be one word")),
            false => words.push(text),
        }
    }
    words
}

/// What people become whom nobody added.
fn given(section: &Section<'_, '_>, sources: &BTreeSet<SourceId>) -> Option<GivenRole> {
    let role = section.get("role");
    let agencies = section.get("agencies");
    let Some(value) = role else {
        if let Some(agencies) = agencies {
            agencies
                .wrong("is of use only beside `role`, which is given to people whom nobody added");
        }
        return None;
    };
    let text = value.text()?;
    let known = UserRole::ALL.into_iter().find(|role| role.word() == text);
    let role = known.filter(|role| *role != UserRole::Administrator);
    if role.is_none() {
        value.wrong(format!(
            "`{text}` is not given to whoever comes; it is one of viewer, analyst, officer, approver"
        ));
    }
    let agencies = agencies.map(|value| value.list()).unwrap_or_default();
    let known = |value: &Value<'_, '_>| {
        let id = SourceId(slug(value)?);
        if !sources.contains(&id) {
            value.wrong(format!("no source of this file has the id `{id}`"));
        }
        Some(id)
    };
    let agencies = agencies.iter().filter_map(known).collect();
    Some(GivenRole {
        role: role?,
        agencies,
    })
}
