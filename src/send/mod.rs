//! Turns a message and a channel into a delivery, or into the reason why there is none and what to do about it.
//!
//! Read in this order: [`webhook`], [`telegram`] and [`mail`] each dress a message and hand it over once; [`retry`] says,
//! without doing anything, when a channel may be used and when to try again. Who is told what, and how often something
//! was tried, is kept by the caller; a message carries one key through all attempts, so that a receiver may drop repeats.
//! [`stamp`], [`oidc`] and [`hub`] ask others instead of telling them: when a digest was first seen, who has signed in, and for news of a feed.
//! A program killed between handing over and noting it hands over twice rather than never.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::config::AlertConfig;
use crate::model::{Channel, Message, Secret};
use crate::wire::address::{AddressRefusal, GuardedResolver};

pub mod hub;
pub mod mail;
pub mod oidc;
pub mod retry;
pub mod stamp;
pub mod telegram;
pub mod text;
pub mod webhook;

pub use retry::{Next, next};

/// Time for one whole exchange with a webhook or Telegram.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(10);
/// Most of an answer that is read; none of it is ever shown.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// How the program names itself.
const AGENT: &str = concat!("Aigaq/", env!("CARGO_PKG_VERSION"));

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The other side has taken it.
    Sent,
    /// Nothing was tried: the recipient has had enough for now. This is no failure and counts as none.
    Later {
        /// How long to wait.
        after: Duration,
    },
    /// It did not work and may work later.
    Retry {
        /// What happened.
        why: Fault,
        /// How long the other side asks to be left alone, where it says.
        after: Option<Duration>,
    },
    /// It will not work until a person changes something about the channel or the message.
    Refused {
        /// What is wrong.
        why: Fault,
    },
}

/// Why a message was not delivered. No variant carries a secret, an address with one, or what the other side wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The webhook's address may not be connected to.
    #[error(transparent)]
    Address(#[from] AddressRefusal),
    /// The webhook's address is no address.
    #[error("the address is no absolute address")]
    NoAddress,
    /// The webhook would be told in clear.
    #[error("the address must start with https://")]
    InClear,
    /// The webhook has moved and its secret was not entered again.
    #[error("the secret must be entered again, because the address was changed")]
    SecretMissing,
    /// The operator's file says nothing of this kind of channel.
    #[error("{0} is not set up in the operator's file")]
    NotSetUp(&'static str),
    /// The recipient is no mail address or chat.
    #[error("the recipient is not one that can be written to")]
    Recipient,
    /// The subject or key holds a line break or another control character.
    #[error("the subject or key holds a control character")]
    ControlCharacter,
    /// The other side asks for another address; redirects are not followed.
    #[error("the receiver answers with a redirect ({0}); give its final address")]
    Redirect(u16),
    /// The other side answered with this status of HTTP or SMTP.
    #[error("the receiver answered {0}")]
    Status(u16),
    /// The other side does not accept the operator's password or token.
    #[error("the server does not accept the operator's password or token ({0})")]
    Login(u16),
    /// No protected connection could be made: STARTTLS missing, or a certificate that does not hold.
    #[error("no protected connection to the server could be made")]
    NotProtected,
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// No connection, or one that broke.
    #[error("the server cannot be reached")]
    Unreachable,
    /// An answer that is none.
    #[error("the server's answer cannot be read")]
    Unreadable,
}

/// What the operator's file only names: read where the program starts.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Password of the mail server.
    pub mail_password: Option<Secret>,
    /// Certificates in PEM that vouch for the mail server, besides those the system trusts.
    pub mail_authority: Option<Vec<u8>>,
    /// Token of the bot.
    pub telegram_token: Option<Secret>,
}

/// A sender could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The HTTP client cannot start.
    #[error("cannot start the HTTP client")]
    Client(#[source] reqwest::Error),
    /// TLS for the mail server cannot start.
    #[error("cannot start TLS for the mail server")]
    Tls,
    /// `ca_file` of `[mail]` holds no certificate.
    #[error("`ca_file` of [mail] holds no certificate in PEM")]
    Authority,
    /// `[mail]` has an unfit sender.
    #[error("`from` of [mail] is no mail address")]
    From,
    /// `[mail]` names a user, and no password was given.
    #[error("[mail] names a user but its password was not found")]
    MailPassword,
    /// `[mail]` would send in clear over a network.
    #[error("[mail] may send in clear to the machine itself only")]
    InClear,
    /// The addresses of `[oidc]` are none.
    #[error("the provider of [oidc] has an address that is none")]
    Provider,
    /// `[telegram]` stands in the file, and no token that could be one was given.
    #[error("the token of [telegram] was not found, or is none")]
    Token,
}

/// Hands messages over, and minds how many each recipient gets.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    allow_private: bool,
    mail: Option<mail::Mailer>,
    telegram: Option<telegram::Bot>,
    limits: Mutex<retry::Limits>,
}

impl Sender {
    /// A sender as the operator's file has it.
    ///
    /// # Errors
    /// When a client cannot start, or a secret is missing or cannot be one.
    pub fn new(config: &AlertConfig, secrets: Secrets) -> Result<Sender, SetupError> {
        let mail = config.mail.as_ref();
        let telegram = config.telegram.as_ref();
        Ok(Sender {
            client: client(config.allow_private_addresses).map_err(SetupError::Client)?,
            allow_private: config.allow_private_addresses,
            mail: mail
                .map(|mail| {
                    mail::Mailer::new(
                        mail,
                        secrets.mail_password,
                        secrets.mail_authority.as_deref(),
                    )
                })
                .transpose()?,
            telegram: telegram
                .map(|telegram| telegram::Bot::new(telegram, secrets.telegram_token))
                .transpose()?,
            limits: Mutex::new(retry::Limits::new(config.max_per_minute)),
        })
    }

    /// Whether a channel could be written to at all, as far as can be seen without asking anybody: for when a person saves it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self, channel: &Channel) -> Result<(), Fault> {
        match channel {
            Channel::Webhook { url, secret } => {
                webhook::check(url, secret.as_ref(), self.allow_private).map(|_| ())
            }
            Channel::Telegram { chat } => {
                let bot = self.telegram.as_ref();
                bot.ok_or(Fault::NotSetUp("Telegram"))?;
                telegram::check(chat)
            }
            Channel::Mail { to } => {
                let mailer = self.mail.as_ref();
                mailer.ok_or(Fault::NotSetUp("mail"))?;
                mail::recipient(to).map(|_| ())
            }
        }
    }

    /// Tries once to hand a message over.
    pub async fn send(&self, channel: &Channel, message: &Message, now: DateTime<Utc>) -> Delivery {
        self.hand_over(channel, message, &[], now).await
    }

    /// Tries once to hand a person's letter over by mail, with files.
    pub async fn send_letter(
        &self,
        to: &str,
        message: &Message,
        files: &[mail::File],
        now: DateTime<Utc>,
    ) -> Delivery {
        let channel = Channel::Mail { to: to.to_owned() };
        self.hand_over(&channel, message, files, now).await
    }

    async fn hand_over(
        &self,
        channel: &Channel,
        message: &Message,
        files: &[mail::File],
        now: DateTime<Utc>,
    ) -> Delivery {
        if let Err(why) = self.check(channel) {
            return Delivery::Refused { why };
        }
        // Both become part of a header, of HTTP or of a letter.
        let is_unfit = |text: &str| text.chars().any(char::is_control);
        if is_unfit(&message.subject) || is_unfit(&message.key) || message.key.is_empty() {
            let why = Fault::ControlCharacter;
            return Delivery::Refused { why };
        }
        if let Err(after) = self.admit(channel, now) {
            return Delivery::Later { after };
        }
        match channel {
            Channel::Webhook { url, secret } => {
                let checked = webhook::check(url, secret.as_ref(), self.allow_private);
                match checked {
                    Ok(target) => webhook::send(&self.client, &target, message, now).await,
                    Err(why) => Delivery::Refused { why },
                }
            }
            Channel::Telegram { chat } => match &self.telegram {
                Some(bot) => {
                    bot.send(&self.client, chat, message, now, self.allow_private)
                        .await
                }
                None => refused(Fault::NotSetUp("Telegram")),
            },
            Channel::Mail { to } => match &self.mail {
                Some(mailer) => mailer.send(to, message, files, now).await,
                None => refused(Fault::NotSetUp("mail")),
            },
        }
    }

    fn admit(&self, channel: &Channel, now: DateTime<Utc>) -> Result<(), Duration> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.admit(&channel.recipient(), now)
    }
}

fn refused(why: Fault) -> Delivery {
    Delivery::Refused { why }
}

fn again(why: Fault) -> Delivery {
    Delivery::Retry { why, after: None }
}

/// A client that follows no redirects, asks no proxy and connects only where it may.
fn client(allow_private: bool) -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(AGENT)
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(Arc::new(GuardedResolver::new(allow_private)))
        .build()
}

/// What a failed exchange means. The error itself names the address, which may hold a token: nothing of it is kept.
fn fault_of(error: &reqwest::Error) -> Delivery {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<AddressRefusal>() {
            return refused(Fault::Address(refusal.clone()));
        }
        cause = error.source();
    }
    match error.is_timeout() {
        true => again(Fault::TimedOut),
        false => again(Fault::Unreachable),
    }
}

/// Reads an answer up to [`MAX_ANSWER_BYTES`]; what is longer or breaks off is cut there.
async fn read_answer(response: &mut Response) -> Vec<u8> {
    let mut read = Vec::new();
    while read.len() < MAX_ANSWER_BYTES {
        match response.chunk().await {
            Ok(Some(piece)) => read.extend_from_slice(&piece),
            Ok(None) | Err(_) => break,
        }
    }
    read.truncate(MAX_ANSWER_BYTES);
    read
}

/// Headers of an answer that are looked at: how long it asks to be left alone.
fn asked_pause(response: &Response, now: DateTime<Utc>) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.to_str().ok()?;
    crate::wire::pause::retry_after(value, now).map(Duration::from_secs)
}
