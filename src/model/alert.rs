//! What is told to whom: a message, and the channel that carries it out of the program.
//!
//! A message is written once, in the reader's language, as plain text; each channel dresses it for itself. Nothing in
//! it is markup: what was crawled stands in it as it was written. A channel names a recipient and never a server,
//! except for a webhook, whose address is its recipient; servers are the operator's to set, in `sources.toml`.

use serde::{Deserialize, Serialize};

use crate::canonical;

/// Text that proves who someone is. It serializes, so that it can be kept, but is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where messages of one person or office go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Channel {
    /// A letter.
    Mail {
        /// Address of the recipient.
        to: String,
    },
    /// A POST of JSON to another program.
    Webhook {
        /// Address that takes it.
        url: String,
        /// What signs it; `None` after the address was changed, until it is entered again.
        secret: Option<Secret>,
    },
    /// A message of the operator's bot.
    Telegram {
        /// Number of the chat, or `@name` of a public channel.
        chat: String,
    },
}

impl Channel {
    /// The same webhook at another address, without its secret: whoever may change the address must not
    /// be able to have the old receiver's secret used on a receiver of their own. Other channels have no address to change.
    #[must_use]
    pub fn moved_to(&self, address: &str) -> Channel {
        match self {
            Channel::Webhook { url, secret } => Channel::Webhook {
                url: address.to_owned(),
                secret: secret.clone().filter(|_| url == address),
            },
            other => other.clone(),
        }
    }

    /// Who stands behind it, without what proves it: channels of one recipient share their limits.
    pub fn recipient(&self) -> String {
        match self {
            Channel::Mail { to } => format!("mail:{}", to.to_lowercase()),
            Channel::Webhook { url, .. } => format!("webhook:{url}"),
            Channel::Telegram { chat } => format!("telegram:{chat}"),
        }
    }

    /// Items that one message can carry so that a reader sees them all.
    pub fn most_items(&self) -> usize {
        match self {
            Channel::Mail { .. } => 100,
            Channel::Webhook { .. } => 200,
            // 4,096 units less the heading, at about 350 for a title, a reason and an address.
            Channel::Telegram { .. } => 10,
        }
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What tells this message from every other: the same for each attempt to deliver it, so that a receiver may drop a repeat.
    pub key: String,
    /// One line.
    pub subject: String,
    /// Plain text; lines are kept.
    pub text: String,
    /// Page that shows it all.
    pub link: Option<String>,
    /// The single things it tells of, in the order to show them.
    pub items: Vec<MessageItem>,
}

/// One thing a message tells of: a page, a finding, a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageItem {
    /// Its title.
    pub title: String,
    /// Page that shows it.
    pub url: Option<String>,
    /// Why it is told: which search it met, what about it changed.
    pub why: String,
    /// What stands in it, as name and value: what a page says, what the record says, until when.
    pub facts: Vec<MessageFact>,
}

/// A named value of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageFact {
    /// What it is, in the reader's language.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Message {
    /// One line for each of many messages, in as few messages as can carry them: a storm becomes a digest and loses nothing.
    /// `most` is [`Channel::most_items`]; `heading` gives subject, text and link, its key and items are not used.
    pub fn digests(messages: &[Message], heading: &Message, most: usize) -> Vec<Message> {
        let items: Vec<(&str, MessageItem)> = messages
            .iter()
            .flat_map(|message| {
                let items = match message.items.is_empty() {
                    true => vec![message.as_item()],
                    false => message.items.clone(),
                };
                items
                    .into_iter()
                    .map(|item| (message.key.as_str(), item))
                    .collect::<Vec<_>>()
            })
            .collect();
        items
            .chunks(most.max(1))
            .enumerate()
            .map(|(idx, part)| {
                let number = idx.to_string();
                let mut keys = vec![number.as_str()];
                keys.extend(part.iter().map(|(key, _)| *key));
                Message {
                    key: canonical::id("digest", &keys),
                    items: part.iter().map(|(_, item)| item.clone()).collect(),
                    ..heading.clone()
                }
            })
            .collect()
    }

    fn as_item(&self) -> MessageItem {
        MessageItem {
            title: self.subject.clone(),
            url: self.link.clone(),
            why: self.text.clone(),
            facts: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(key: &str, n_items: usize) -> Message {
        let item = |idx: usize| MessageItem {
            title: format!("{key}/{idx}"),
            url: None,
            why: String::new(),
            facts: Vec::new(),
        };
        Message {
            key: key.to_owned(),
            subject: format!("subject of {key}"),
            text: "text".to_owned(),
            link: Some("https://watch.example/".to_owned()),
            items: (0..n_items).map(item).collect(),
        }
    }

    #[test]
    fn n03_a_webhook_that_moves_leaves_its_secret_behind() {
        let hook = Channel::Webhook {
            url: "https://a.example/in".to_owned(),
            secret: Some(Secret::new("old secret")),
        };
        assert_eq!(hook.moved_to("https://a.example/in"), hook);
        let moved = hook.moved_to("https://b.example/in");
        assert_eq!(
            moved,
            Channel::Webhook {
                url: "https://b.example/in".to_owned(),
                secret: None
            }
        );
        let back = moved.moved_to("https://a.example/in");
        assert!(matches!(back, Channel::Webhook { secret: None, .. }));
    }

    #[test]
    fn a_secret_is_kept_and_never_shown() {
        let hook = Channel::Webhook {
            url: "https://a.example/in".to_owned(),
            secret: Some(Secret::new("canary")),
        };
        assert!(!format!("{hook:?}").contains("canary"));
        assert!(!hook.recipient().contains("canary"));
        let kept = serde_json::to_string(&hook).unwrap();
        assert_eq!(serde_json::from_str::<Channel>(&kept).unwrap(), hook);
    }

    #[test]
    fn n12_a_digest_carries_every_item_of_every_message_once() {
        let heading = message("heading", 0);
        let messages: Vec<Message> = (0..1000)
            .map(|idx| message(&format!("m{idx}"), idx % 4))
            .collect();
        for most in [1, 10, 200] {
            let digests = Message::digests(&messages, &heading, most);
            let titles: Vec<&str> = digests
                .iter()
                .flat_map(|digest| digest.items.iter().map(|item| item.title.as_str()))
                .collect();
            let wanted: usize = (0..1000).map(|idx| (idx % 4).max(1)).sum();
            assert_eq!(titles.len(), wanted, "{most}");
            assert_eq!(titles[..3], ["subject of m0", "m1/0", "m2/0"], "{most}");
            assert!(digests.iter().all(|digest| digest.items.len() <= most));
            let mut keys: Vec<&str> = digests.iter().map(|digest| digest.key.as_str()).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), digests.len(), "{most}");
        }
        assert_eq!(Message::digests(&[], &heading, 10), []);
    }
}
