//! Hands a message to a chat through the operator's bot: `sendMessage` of the Bot API, as plain text.
//!
//! Without a parse mode no character of a title is markup. The token is part of the address that is asked for, so nothing
//! of that address or of an error of the client is ever kept. Which server is asked stands in the operator's file only.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Client;
use serde::Deserialize;
use url::Url;

use super::text::{cut, one_line, plain};
use super::{
    Delivery, EXCHANGE_TIMEOUT, Fault, SetupError, again, asked_pause, fault_of, read_answer,
    refused,
};
use crate::config::TelegramConfig;
use crate::model::{Message, Secret};

/// Longest text of a message, in UTF-16 units (Bot API, `sendMessage`).
pub const MAX_TEXT_UNITS: usize = 4096;
/// Longest number or name of a chat: numbers have up to 52 bits, names up to 32 characters.
const MAX_CHAT_BYTES: usize = 64;

/// The operator's bot.
pub(super) struct Bot {
    /// Where it sends, with its token.
    address: Url,
}

impl std::fmt::Debug for Bot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bot")
    }
}

/// What is sent.
#[derive(serde::Serialize)]
struct SendMessage<'m> {
    chat_id: &'m str,
    text: &'m str,
    /// A preview would make Telegram fetch the page and show a picture of it.
    link_preview_options: LinkPreview,
}

#[derive(serde::Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

/// What is looked at in an answer.
#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

/// Whether a text can be a chat at all.
pub(super) fn check(chat: &str) -> Result<(), Fault> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let is_chat = match chat.strip_prefix('@') {
        Some(name) => is_name(name),
        None => is_number(chat.strip_prefix('-').unwrap_or(chat)),
    };
    match is_chat && chat.len() <= MAX_CHAT_BYTES {
        true => Ok(()),
        false => Err(Fault::Recipient),
    }
}

impl Bot {
    /// The bot of the operator's file.
    pub(super) fn new(config: &TelegramConfig, token: Option<Secret>) -> Result<Bot, SetupError> {
        let token = token.ok_or(SetupError::Token)?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-');
        let token = token.reveal();
        if token.is_empty() || !token.bytes().all(fits) {
            return Err(SetupError::Token);
        }
        let base = config.api.trim_end_matches('/');
        let address = Url::parse(&format!("{base}/bot{token}/sendMessage"));
        // The error of the parser is dropped: what it could not read holds the token.
        let address = address.map_err(|_| SetupError::Token)?;
        Ok(Bot { address })
    }

    /// Hands a message over once.
    pub(super) async fn send(
        &self,
        client: &Client,
        chat: &str,
        message: &Message,
        now: DateTime<Utc>,
        allow_private: bool,
    ) -> Delivery {
        // A name is resolved by a resolver that holds the rules; a literal address is seen here only.
        if let Err(refusal) = crate::wire::address::check(&self.address, allow_private) {
            return refused(Fault::Address(refusal));
        }
        let text = text(message);
        let body = SendMessage {
            chat_id: chat,
            text: &text,
            link_preview_options: LinkPreview { is_disabled: true },
        };
        let Ok(body) = serde_json::to_vec(&body) else {
            return refused(Fault::Unreadable);
        };
        let request = client
            .post(self.address.clone())
            .timeout(EXCHANGE_TIMEOUT)
            .header("Content-Type", "application/json")
            .body(body);
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return fault_of(&error),
        };
        let status = response.status().as_u16();
        let asked = asked_pause(&response, now);
        let answer = read_answer(&mut response).await;
        judge(status, asked, &answer)
    }
}

/// Subject, text and items, with the link at the end whatever had to be cut.
fn text(message: &Message) -> String {
    let without_link = Message {
        link: None,
        ..message.clone()
    };
    let mut parts = vec![one_line(&message.subject), plain(&without_link)];
    parts.retain(|part| !part.is_empty());
    cut(&parts.join("\n\n"), message.link.as_deref(), MAX_TEXT_UNITS)
}

/// What an answer means.
fn judge(status: u16, asked: Option<Duration>, answer: &[u8]) -> Delivery {
    let answer: Option<Answer> = serde_json::from_slice(answer).ok();
    let is_ok = answer.as_ref().is_some_and(|answer| answer.ok);
    match status {
        200..=299 if is_ok => Delivery::Sent,
        200..=299 => again(Fault::Unreadable),
        300..=399 => refused(Fault::Redirect(status)),
        // An unknown token is "401 Unauthorized", one that cannot be a token "404 Not Found".
        401 | 404 => again(Fault::Login(status)),
        429 => {
            let told = answer.and_then(|answer| answer.parameters.retry_after);
            Delivery::Retry {
                why: Fault::Status(status),
                after: told.map(Duration::from_secs).or(asked),
            }
        }
        500..=599 => again(Fault::Status(status)),
        _ => refused(Fault::Status(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_a_number_or_a_public_name() {
        for chat in ["1", "-1001234567890", "@press_office"] {
            assert_eq!(check(chat), Ok(()), "{chat}");
        }
        for chat in [
            "", "-", "@", "press", "@a b", "@a/b", "1.5", "--1", "１", "1\n2",
        ] {
            assert_eq!(check(chat), Err(Fault::Recipient), "{chat}");
        }
        assert_eq!(check(&"1".repeat(65)), Err(Fault::Recipient));
    }

    #[test]
    fn each_answer_is_sent_retried_or_refused() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let again = |why, after| Delivery::Retry { why, after };
        let cases: [(u16, &str, Delivery); 9] = [
            (200, r#"{"ok":true,"result":{}}"#, Delivery::Sent),
            (200, "<html>", again(Fault::Unreadable, None)),
            (200, r#"{"ok":false}"#, again(Fault::Unreadable, None)),
            (
                429,
                r#"{"ok":false,"parameters":{"retry_after":37}}"#,
                again(Fault::Status(429), seconds(37)),
            ),
            (429, "", again(Fault::Status(429), seconds(5))),
            (401, r#"{"ok":false}"#, again(Fault::Login(401), None)),
            (502, "", again(Fault::Status(502), None)),
            (403, r#"{"ok":false}"#, refused(Fault::Status(403))),
            (302, "", refused(Fault::Redirect(302))),
        ];
        for (status, answer, wanted) in cases {
            assert_eq!(
                judge(status, seconds(5), answer.as_bytes()),
                wanted,
                "{status} {answer}"
            );
        }
    }

    #[test]
    fn n11_a_token_that_is_none_is_told_without_the_token() {
        let config = TelegramConfig {
            token: crate::config::SecretPlace::Variable("X".to_owned()),
            api: "https://api.telegram.org".to_owned(),
        };
        for token in ["", "canary/../x", "canary secret", "canary?x", "canary\n"] {
            let error = Bot::new(&config, Some(Secret::new(token))).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
        let bot = Bot::new(&config, Some(Secret::new("12:canary"))).unwrap();
        assert!(!format!("{bot:?}").contains("canary"));
    }
}
