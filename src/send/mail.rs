//! Hands a message over as a letter: SMTP to the one server of the operator's file, never in clear over a network.
//!
//! TLS or STARTTLS is required before a password or a letter is said; a server that stopped offering it is a fault, not a
//! reason to go on without. Failures up to the log-in are the operator's (or a network's) and are tried again; only what
//! the server says of this sender, recipient and letter can refuse it. The `Message-ID` comes from the message's key, so that a
//! letter handed over twice, because the answer to the first was lost, can be known for the same.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::text::{cut, html, one_line, plain};
use super::{Delivery, Fault, SetupError, again, refused};
use crate::canonical;
use crate::config::{MailConfig, MailSecurity};
use crate::model::{Message, Secret};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Time for the whole conversation: servers may think for a while after the letter (greylisting, filters).
const WHOLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Time for a server to say goodbye.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest subject, in UTF-16 units; mail programs show less.
const MAX_SUBJECT_UNITS: usize = 200;
/// Longest recipient (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS_BYTES: usize = 254;

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its kind, as a media type.
    pub kind: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The operator's mail server, and who writes.
pub(super) struct Mailer {
    host: String,
    port: u16,
    security: MailSecurity,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({}:{})", self.host, self.port)
    }
}

/// A recipient that can be written to: one address, without a name.
pub(super) fn recipient(to: &str) -> Result<Address, Fault> {
    let is_plain = !to.chars().any(|c| c.is_control() || c.is_whitespace());
    let address = to.parse::<Address>().ok();
    address
        .filter(|_| is_plain && to.len() <= MAX_ADDRESS_BYTES)
        .ok_or(Fault::Recipient)
}

impl Mailer {
    /// The mail server of the operator's file.
    pub(super) fn new(
        config: &MailConfig,
        password: Option<Secret>,
        authority: Option<&[u8]>,
    ) -> Result<Mailer, SetupError> {
        if config.security == MailSecurity::None && !config.is_local() {
            return Err(SetupError::InClear);
        }
        let tls = match config.security {
            MailSecurity::None => None,
            MailSecurity::Tls | MailSecurity::StartTls => Some(tls(&config.host, authority)?),
        };
        let credentials = match (&config.user, password) {
            (Some(user), Some(password)) => {
                Some(Credentials::new(user.clone(), password.reveal().to_owned()))
            }
            (Some(_), None) => return Err(SetupError::MailPassword),
            (None, _) => None,
        };
        Ok(Mailer {
            host: config.host.clone(),
            port: config.port,
            security: config.security,
            tls,
            credentials,
            from: config.from.parse().map_err(|_| SetupError::From)?,
        })
    }

    /// Hands a message over once. One with files is a person's letter and does not say that a program wrote it.
    pub(super) async fn send(
        &self,
        to: &str,
        message: &Message,
        files: &[File],
        now: DateTime<Utc>,
    ) -> Delivery {
        let letter = match self.letter(to, message, files, now) {
            Ok(letter) => letter,
            Err(why) => return refused(why),
        };
        let hand_over = tokio::time::timeout(WHOLE_TIMEOUT, self.hand_over(&letter));
        let Ok(handed_over) = hand_over.await else {
            return again(Fault::TimedOut);
        };
        match handed_over {
            Ok(mut connection) => {
                // The letter is taken, whatever the farewell brings and however long it takes.
                let farewell = tokio::time::timeout(FAREWELL_TIMEOUT, connection.quit());
                drop(farewell.await);
                Delivery::Sent
            }
            Err(delivery) => delivery,
        }
    }

    /// The letter with its headers: text, and the same as simple HTML.
    fn letter(
        &self,
        to: &str,
        message: &Message,
        files: &[File],
        now: DateTime<Utc>,
    ) -> Result<lettre::Message, Fault> {
        let to = recipient(to)?;
        let domain = self.from.email.domain();
        let id = canonical::id("message", &[&message.key, to.as_ref()]);
        let subject = cut(&one_line(&message.subject), None, MAX_SUBJECT_UNITS);
        // A program wrote it: holiday notices are not to answer (RFC 3834).
        let by_program = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let mut letter = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{id}@{domain}>")))
            .multipart(body(message, files)?)
            .map_err(|_| Fault::Recipient)?;
        if files.is_empty() {
            letter.headers_mut().insert_raw(by_program);
        }
        Ok(letter)
    }

    /// The connection over which the letter was taken, or what its fault means.
    async fn hand_over(&self, letter: &lettre::Message) -> Result<AsyncSmtpConnection, Delivery> {
        let mut connection = self.connect().await.map_err(again)?;
        let bytes = letter.formatted();
        let sent = connection.send(letter.envelope(), &bytes).await;
        sent.map_err(|error| judge(&error))?;
        Ok(connection)
    }

    /// A connection that is protected and logged in.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Fault> {
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let from_start = match self.security {
            MailSecurity::Tls => self.tls.clone(),
            MailSecurity::StartTls | MailSecurity::None => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(CONNECT_TIMEOUT),
            &name,
            from_start,
            None,
        )
        .await
        .map_err(|error| fault(&error))?;
        if let (MailSecurity::StartTls, Some(tls)) = (self.security, &self.tls)
            && connection.starttls(tls.clone(), &name).await.is_err()
        {
            // Dropped without a farewell: after a handshake that failed there is no stream left to say it on.
            return Err(Fault::NotProtected);
        }
        if self.security != MailSecurity::None && !connection.is_encrypted() {
            return Err(Fault::NotProtected);
        }
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            let logged_in = connection.auth(&mechanisms, credentials).await;
            if let Err(error) = logged_in {
                return Err(match error.status() {
                    Some(code) => Fault::Login(code.into()),
                    None => fault(&error),
                });
            }
        }
        Ok(connection)
    }
}

/// Text, and the same as simple HTML, with the files after them.
fn body(message: &Message, files: &[File]) -> Result<MultiPart, Fault> {
    let texts = MultiPart::alternative_plain_html(plain(message), html(message));
    if files.is_empty() {
        return Ok(texts);
    }
    let mut whole = MultiPart::mixed().multipart(texts);
    for file in files {
        let kind = file.kind.parse().map_err(|_| Fault::ControlCharacter)?;
        let part = Attachment::new(file.name.clone()).body(file.bytes.clone(), kind);
        whole = whole.singlepart(part);
    }
    Ok(whole)
}

/// What is asked of a server's certificate: that it names the server, and that the system or the authority vouches for it.
fn tls(host: &str, authority: Option<&[u8]>) -> Result<TlsParameters, SetupError> {
    let mut wanted = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authority {
        // An empty list of certificates is no mistake to the reader of PEM.
        let is_empty = !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----");
        let certificate = Certificate::from_pem(pem).ok().filter(|_| !is_empty);
        wanted = wanted.add_root_certificate(certificate.ok_or(SetupError::Authority)?);
    }
    wanted.build().map_err(|_| SetupError::Tls)
}

/// What a failure while a letter is handed over means.
fn judge(error: &Error) -> Delivery {
    match error.status().map(u16::from) {
        // Who wants a log-in wants it of the operator, not of the recipient.
        Some(code @ (530 | 534 | 535 | 538)) => again(Fault::Login(code)),
        Some(code) if error.is_permanent() => refused(Fault::Status(code)),
        Some(code) => again(Fault::Status(code)),
        // The client itself would not say it: an address with letters the server does not know.
        None if error.is_client() => refused(Fault::Recipient),
        None => again(fault(error)),
    }
}

/// What a failure on the way to the server means.
fn fault(error: &Error) -> Fault {
    if let Some(code) = error.status() {
        return Fault::Status(code.into());
    }
    if error.is_timeout() {
        return Fault::TimedOut;
    }
    if error.is_response() {
        return Fault::Unreadable;
    }
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = cause {
        // The TLS library tells of handshakes that failed as data that is none.
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData) {
            return Fault::NotProtected;
        }
        cause = error.source();
    }
    Fault::Unreachable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(host: &str, security: MailSecurity) -> MailConfig {
        MailConfig {
            host: host.to_owned(),
            port: 2525,
            user: None,
            password: None,
            from: "Aigaq <aigaq@watch.example>".to_owned(),
            security,
            ca_file: None,
        }
    }

    fn message(subject: &str) -> Message {
        Message {
            key: "k1".to_owned(),
            subject: subject.to_owned(),
            text: "text".to_owned(),
            link: None,
            items: Vec::new(),
        }
    }

    #[test]
    fn n14_a_server_elsewhere_is_never_spoken_to_in_clear() {
        for host in ["mail.example.org", "10.0.0.1", "localhost.example.org"] {
            let refused = Mailer::new(&config(host, MailSecurity::None), None, None);
            assert!(matches!(refused, Err(SetupError::InClear)), "{host}");
        }
        assert!(Mailer::new(&config("127.0.0.1", MailSecurity::None), None, None).is_ok());
    }

    #[test]
    fn a_file_without_a_certificate_vouches_for_nobody() {
        let config = config("mail.example.org", MailSecurity::Tls);
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "certificate", broken] {
            let error = Mailer::new(&config, None, Some(pem.as_bytes())).err();
            let is_told = matches!(error, Some(SetupError::Authority | SetupError::Tls));
            assert!(is_told, "{pem}: {error:?}");
        }
        assert!(Mailer::new(&config, None, None).is_ok());
    }

    #[test]
    fn recipients_cannot_carry_headers_or_other_recipients() {
        for to in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example,c@d.example",
            "a b@c.example",
            "A <a@b.example>",
            "a@b.example ",
            "a@b.example>\r\nDATA",
        ] {
            assert_eq!(recipient(to), Err(Fault::Recipient), "{to:?}");
        }
        assert!(recipient("press.office+alerts@agency.example").is_ok());
        assert_eq!(
            recipient(&format!("{}@b.example", "a".repeat(300))),
            Err(Fault::Recipient)
        );
    }

    #[test]
    fn a_letter_has_one_id_for_all_attempts_and_no_header_from_its_subject() {
        let mailer = Mailer::new(&config("127.0.0.1", MailSecurity::None), None, None).unwrap();
        let write = |key: &str, subject: &str, now: &str| {
            let message = Message {
                key: key.to_owned(),
                ..message(subject)
            };
            let letter = mailer
                .letter("a@b.example", &message, &[], now.parse().unwrap())
                .unwrap();
            String::from_utf8(letter.formatted()).unwrap()
        };
        let id = |letter: &str| {
            let line = letter.lines().find(|line| line.starts_with("Message-ID:"));
            line.unwrap().to_owned()
        };
        let first = write("k1", "Сан\r\nBcc: c@d.example", "2026-06-01T00:00:00Z");
        let again = write("k1", "Сан", "2026-06-01T01:00:00Z");
        let other = write("k2", "Сан", "2026-06-01T00:00:00Z");
        assert_eq!(id(&first), id(&again));
        assert_ne!(id(&first), id(&other));
        assert!(
            !first.lines().any(|line| line.starts_with("Bcc")),
            "{first}"
        );
        assert!(
            first.contains("\r\nDate: Mon, 01 Jun 2026 00:00:00 +0000\r\n"),
            "{first}"
        );
        assert!(
            first.contains("\r\nAuto-Submitted: auto-generated\r\n"),
            "{first}"
        );
        assert!(first.is_ascii());
    }

    #[test]
    fn a_user_without_a_password_is_told_before_anything_is_sent() {
        let with_user = MailConfig {
            user: Some("aigaq".to_owned()),
            ..config("127.0.0.1", MailSecurity::None)
        };
        let error = Mailer::new(&with_user, None, None).unwrap_err();
        assert!(matches!(error, SetupError::MailPassword));
        let mailer = Mailer::new(&with_user, Some(Secret::new("canary")), None).unwrap();
        assert!(!format!("{mailer:?}").contains("canary"));
    }
}
