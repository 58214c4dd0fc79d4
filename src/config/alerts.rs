//! Reads how messages leave the program: `[alerts]`, `[mail]` and `[telegram]` of `sources.toml`.
//!
//! Servers stand here and nowhere else, so that no user of the pages can point them elsewhere. Of secrets the file
//! names the place only; whoever starts the program reads them. What would send a password or a letter in clear
//! over a network is a mistake of the file, not a choice.

use std::path::PathBuf;

use url::{Host, Url};

use super::table::{Section, Value};
use super::values::{address, not_empty};

/// Messages to one recipient in a minute unless the file says otherwise: Telegram takes 20 a minute for a group.
pub const DEFAULT_MAX_PER_MINUTE: usize = 20;
/// Where Telegram answers bots.
pub const DEFAULT_TELEGRAM_API: &str = "https://api.telegram.org";

/// How messages leave the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertConfig {
    /// Address under which readers reach the pages; links in messages start with it.
    pub base_url: Option<String>,
    /// Whether webhooks and the Telegram interface may stand on loopback or private addresses.
    pub allow_private_addresses: bool,
    /// Messages to one recipient in a minute; further ones wait.
    pub max_per_minute: usize,
    /// Who is told when a source fares otherwise than before; without it nobody is.
    pub admin: Option<AdminChannel>,
    /// The mail server; without it no letters are sent.
    pub mail: Option<MailConfig>,
    /// The bot; without it nothing is sent over Telegram.
    pub telegram: Option<TelegramConfig>,
}

impl Default for AlertConfig {
    fn default() -> AlertConfig {
        AlertConfig {
            base_url: None,
            allow_private_addresses: false,
            max_per_minute: DEFAULT_MAX_PER_MINUTE,
            admin: None,
            mail: None,
            telegram: None,
        }
    }
}

/// Where the administrator is told of sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminChannel {
    /// A letter to this address.
    Mail(String),
    /// A message of the bot to this chat.
    Telegram(String),
    /// A signed POST.
    Webhook {
        /// Address that takes it.
        url: String,
        /// Where what signs it stands.
        secret: SecretPlace,
    },
}

/// Where a secret is read from when the program starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// An environment variable.
    Variable(String),
    /// The first line of a file.
    File(PathBuf),
}

/// How the connection to a mail server is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// In clear up to STARTTLS, which must succeed before anything is said.
    StartTls,
    /// In clear: only to the machine itself, and only where the file says `insecure = true`.
    None,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// Its name, or an address of the machine itself.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Name to log in with; without it nobody logs in.
    pub user: Option<String>,
    /// Where the password stands.
    pub password: Option<SecretPlace>,
    /// Sender of every letter, as `name@example.org` or `Name <name@example.org>`.
    pub from: String,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Certificates in PEM of an authority of one's own, besides those the system trusts.
    pub ca_file: Option<PathBuf>,
}

impl MailConfig {
    /// Whether the server is the machine itself, so that nothing said to it crosses a network.
    pub fn is_local(&self) -> bool {
        is_loopback(&self.host)
    }
}

/// The bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramConfig {
    /// Where its token stands.
    pub token: SecretPlace,
    /// Where the interface answers: Telegram, or an own server of its kind.
    pub api: String,
}

/// Reads the three tables.
pub(super) fn read(root: &Section<'_, '_>) -> AlertConfig {
    let mut config = AlertConfig::default();
    if let Some(section) = root.get("alerts").and_then(|value| value.section()) {
        config.base_url = section.get("base_url").and_then(|value| address(&value));
        let private = section.get("allow_private_addresses");
        config.allow_private_addresses =
            private.and_then(|value| value.switch()).unwrap_or_default();
        let most = section.get("max_per_minute");
        config.max_per_minute = most
            .and_then(|value| value.count())
            .unwrap_or(DEFAULT_MAX_PER_MINUTE);
        config.admin = section.get("admin").and_then(|value| read_admin(&value));
        section.finish();
    }
    if let Some(section) = root.get("mail").and_then(|value| value.section()) {
        config.mail = read_mail(&section);
        section.finish();
    }
    if let Some(section) = root.get("telegram").and_then(|value| value.section()) {
        config.telegram = read_telegram(&section, config.allow_private_addresses);
        section.finish();
    }
    config
}

/// Exactly one way to reach the administrator.
fn read_admin(value: &Value<'_, '_>) -> Option<AdminChannel> {
    let section = value.section()?;
    let mail = section.get("mail").and_then(|value| not_empty(&value));
    let telegram = section.get("telegram").and_then(|value| not_empty(&value));
    let webhook = section.get("webhook").and_then(|value| address(&value));
    let secret = place(&section, "secret_env", "secret_file");
    section.finish();
    match (mail, telegram, webhook, secret) {
        (Some(to), None, None, None) => Some(AdminChannel::Mail(to)),
        (None, Some(chat), None, None) => Some(AdminChannel::Telegram(chat)),
        (None, None, Some(url), Some(secret)) => Some(AdminChannel::Webhook { url, secret }),
        _ => {
            value.wrong(
                "needs one of `mail`, `telegram`, and `webhook` with `secret_env` or `secret_file`",
            );
            None
        }
    }
}

fn read_mail(section: &Section<'_, '_>) -> Option<MailConfig> {
    let host = section.require("host");
    let name = host.as_ref().and_then(host_name);
    let security = section.get("security");
    let is_insecure = section.get("insecure").and_then(|value| value.switch());
    let kind = match &security {
        Some(value) => mail_security(value),
        None => Some(MailSecurity::Tls),
    };
    if let (Some(MailSecurity::None), Some(value)) = (kind, &security)
        && !(is_insecure == Some(true) && name.as_deref().is_some_and(is_loopback))
    {
        value.wrong("`none` sends letters in clear: it needs `insecure = true` and a host on the machine itself, such as 127.0.0.1");
    }
    let user = section.get("user");
    let user_name = user.as_ref().and_then(not_empty);
    let password = place(section, "password_env", "password_file");
    if let (Some(value), None) = (&user, &password) {
        value.wrong("needs `password_env` or `password_file`");
    }
    let standard = match kind {
        Some(MailSecurity::Tls) => 465,
        Some(MailSecurity::StartTls) => 587,
        _ => 25,
    };
    let port = match section.get("port") {
        Some(value) => port(&value),
        None => Some(standard),
    };
    let from = section.require("from").and_then(|value| sender(&value));
    let ca_file = section.get("ca_file").and_then(|value| not_empty(&value));
    Some(MailConfig {
        host: name?,
        port: port?,
        user: user_name,
        password,
        from: from?,
        security: kind?,
        ca_file: ca_file.map(PathBuf::from),
    })
}

fn read_telegram(section: &Section<'_, '_>, allow_private: bool) -> Option<TelegramConfig> {
    let token = place(section, "token_env", "token_file");
    if token.is_none() {
        // Tells which key is missing, where neither of the two is there.
        let _ = section
            .get("token_file")
            .or_else(|| section.require("token_env"));
    }
    let api = match section.get("api") {
        Some(value) => {
            let text = address(&value)?;
            let is_clear = Url::parse(&text).is_ok_and(|url| url.scheme() != "https");
            if is_clear && !allow_private {
                value.wrong("must start with https://: the token is part of every address asked for (http:// needs `allow_private_addresses` of [alerts])");
            }
            text
        }
        None => DEFAULT_TELEGRAM_API.to_owned(),
    };
    Some(TelegramConfig { token: token?, api })
}

/// The place of a secret, under one of two keys.
pub(super) fn place(
    section: &Section<'_, '_>,
    variable: &'static str,
    file: &'static str,
) -> Option<SecretPlace> {
    match (section.get(variable), section.get(file)) {
        (Some(name), None) => {
            let text = not_empty(&name)?;
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !text.chars().all(fits) {
                // What stands here may be the secret itself, so it is not repeated.
                name.wrong("must be the name of an environment variable: letters, digits and `_`");
                return None;
            }
            Some(SecretPlace::Variable(text))
        }
        (None, Some(path)) => Some(SecretPlace::File(PathBuf::from(not_empty(&path)?))),
        (Some(_), Some(path)) => {
            path.wrong(format!(
                "is given beside `{variable}`; one of them is enough"
            ));
            None
        }
        (None, None) => None,
    }
}

/// A name or address of a server without scheme or port.
fn host_name(value: &Value<'_, '_>) -> Option<String> {
    let text = not_empty(value)?;
    match Host::parse(&text) {
        Ok(_) if !text.contains(['[', ']', '%']) => Some(text),
        _ if text.parse::<std::net::IpAddr>().is_ok() => Some(text),
        _ => {
            value.wrong(format!(
                "`{text}` is no name of a server such as mail.example.org"
            ));
            None
        }
    }
}

/// Whether a name or address means the machine itself.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

fn port(value: &Value<'_, '_>) -> Option<u16> {
    let count = value.count()?;
    let port = u16::try_from(count).ok();
    if port.is_none() {
        value.wrong(format!("`{count}` is no port: 1 to 65535"));
    }
    port
}

fn mail_security(value: &Value<'_, '_>) -> Option<MailSecurity> {
    let text = value.text()?;
    match text.as_str() {
        "tls" => Some(MailSecurity::Tls),
        "starttls" => Some(MailSecurity::StartTls),
        "none" => Some(MailSecurity::None),
        _ => {
            value.wrong(format!("`{text}` is none of `tls`, `starttls` and `none`"));
            None
        }
    }
}

/// A sender; the mail stage reads it as an address, here only what can be seen at once.
fn sender(value: &Value<'_, '_>) -> Option<String> {
    let text = not_empty(value)?;
    let (name, address) = match text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    {
        Some((name, address)) => (name, address),
        None => ("", text.as_str()),
    };
    let is_whole = address
        .split_once('@')
        .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty());
    let is_plain = !address.contains(['<', '>', ' ', ',', ';']) && !name.contains(['<', '>', '@']);
    if !is_whole || !is_plain || text.chars().any(char::is_control) {
        value.wrong("is no sender such as aigaq@example.org or \"Aigaq <aigaq@example.org>\"");
        return None;
    }
    Some(text)
}
