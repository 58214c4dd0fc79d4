//! Reads the secrets and certificates whose places `sources.toml` names, from the environment and the disk, once when the program starts.
//!
//! What is wrong is told by the place and never by what stands there.

use anyhow::{Context as _, bail};

use crate::config::{AdminChannel, AlertConfig, SecretPlace};
use crate::model::{Channel, Secret};
use crate::send::Secrets;

/// Longest secret in a file: a longer one is another file, named by mistake.
const MAX_SECRET_BYTES: u64 = 4096;

/// Every secret that the configuration names.
///
/// # Errors
/// When one is not where the configuration says, or is empty.
pub fn read(config: &AlertConfig) -> anyhow::Result<Secrets> {
    let mail = config.mail.as_ref().and_then(|mail| mail.password.as_ref());
    let telegram = config.telegram.as_ref().map(|telegram| &telegram.token);
    let authority = config.mail.as_ref().and_then(|mail| mail.ca_file.as_ref());
    let authority = authority.map(|path| {
        let read = std::fs::read(path);
        read.with_context(|| format!("the certificates of [mail] in {}", path.display()))
    });
    Ok(Secrets {
        mail_authority: authority.transpose()?,
        mail_password: mail
            .map(secret)
            .transpose()
            .context("the password of [mail]")?,
        telegram_token: telegram
            .map(secret)
            .transpose()
            .context("the token of [telegram]")?,
    })
}

/// The channel of the administrator, with the secret that the configuration only names; `None` where there is none.
///
/// # Errors
/// When the secret is not where the configuration says, or is empty.
pub fn admin(config: &AlertConfig) -> anyhow::Result<Option<Channel>> {
    Ok(match &config.admin {
        None => None,
        Some(AdminChannel::Mail(to)) => Some(Channel::Mail { to: to.clone() }),
        Some(AdminChannel::Telegram(chat)) => Some(Channel::Telegram { chat: chat.clone() }),
        Some(AdminChannel::Webhook { url, secret: place }) => Some(Channel::Webhook {
            url: url.clone(),
            secret: Some(secret(place).context("the secret of `admin` in [alerts]")?),
        }),
    })
}

/// The secret of a place.
pub(super) fn secret(place: &SecretPlace) -> anyhow::Result<Secret> {
    let (text, shown) = match place {
        SecretPlace::Variable(name) => {
            let shown = format!("the environment variable {name}");
            // The error of the environment would repeat what stands there.
            let value = std::env::var(name).ok();
            (value.with_context(|| format!("{shown} is not set"))?, shown)
        }
        SecretPlace::File(path) => {
            let shown = format!("the file {}", path.display());
            let unread = || format!("{shown} cannot be read");
            let length = std::fs::metadata(path).with_context(unread)?.len();
            if length > MAX_SECRET_BYTES {
                bail!("{shown} is too long for a secret");
            }
            (std::fs::read_to_string(path).with_context(unread)?, shown)
        }
    };
    let first = text.lines().next().unwrap_or_default();
    if first.trim().is_empty() {
        bail!("{shown} holds nothing");
    }
    Ok(Secret::new(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TelegramConfig;

    fn of_file(text: Option<&str>) -> anyhow::Result<Secrets> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        read(&AlertConfig {
            telegram: Some(TelegramConfig {
                token: SecretPlace::File(path),
                api: String::new(),
            }),
            ..AlertConfig::default()
        })
    }

    #[test]
    fn the_first_line_of_a_file_is_the_secret() {
        let secrets = of_file(Some("12:canary\r\nnote\n")).unwrap();
        assert_eq!(secrets.telegram_token, Some(Secret::new("12:canary")));
        assert_eq!(secrets.mail_password, None);
        assert!(!format!("{secrets:?}").contains("canary"));
    }

    #[test]
    fn a_secret_that_is_not_there_is_told_by_its_place() {
        let long = "x".repeat(5000);
        let cases = [
            (None, "cannot be read"),
            (Some(""), "holds nothing"),
            (Some("\ncanary"), "holds nothing"),
            (Some(long.as_str()), "is too long"),
        ];
        for (text, wanted) in cases {
            let error = format!("{:#}", of_file(text).unwrap_err());
            assert!(error.contains("the token of [telegram]"), "{error}");
            assert!(
                error.contains(wanted) && !error.contains("canary"),
                "{error}"
            );
        }
        let unset = SecretPlace::Variable("AIGAQ_VARIABLE_THAT_NOBODY_SETS".to_owned());
        let error = secret(&unset).unwrap_err().to_string();
        assert!(
            error.contains("AIGAQ_VARIABLE_THAT_NOBODY_SETS is not set"),
            "{error}"
        );
    }
}
