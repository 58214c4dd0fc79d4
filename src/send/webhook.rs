//! Hands a message to another program: a POST of JSON, signed so that the receiver can tell who sent it, when and what.
//!
//! The signature is HMAC-SHA-256 over time, key and body, in the manner of the widely used `t=…,v1=…` header. Who may
//! type an address makes this program connect to it, so the address rules of the crawler hold, redirects are not followed,
//! and nothing of an answer is shown. [`verify`] is what a receiver does.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use sha2::Sha256;
use url::Url;

use super::{
    Delivery, EXCHANGE_TIMEOUT, Fault, again, asked_pause, fault_of, read_answer, refused,
};
use crate::model::{Message, Secret};
use crate::wire::address;

/// Header with time and signature.
pub const SIGNATURE_HEADER: &str = "X-Aigaq-Signature";
/// Header with the message's key, the same for each attempt.
pub const ID_HEADER: &str = "X-Aigaq-Id";
/// How far the time of a signature may lie from the receiver's: longer, and a recorded request could be played again.
pub const TOLERANCE_S: i64 = 5 * 60;
/// Form of the body; changes when a field changes its meaning.
const VERSION: u32 = 1;

/// What is sent.
#[derive(serde::Serialize)]
struct Body<'m> {
    version: u32,
    #[serde(flatten)]
    message: &'m Message,
}

/// A webhook that may be written to.
#[derive(Debug)]
pub(super) struct Target<'c> {
    url: Url,
    secret: &'c Secret,
}

/// What can be seen from the channel itself.
pub(super) fn check<'c>(
    url: &str,
    secret: Option<&'c Secret>,
    allow_private: bool,
) -> Result<Target<'c>, Fault> {
    let url = Url::parse(url).map_err(|_| Fault::NoAddress)?;
    address::check(&url, allow_private)?;
    if url.scheme() != "https" && !allow_private {
        return Err(Fault::InClear);
    }
    let secret = secret.filter(|secret| !secret.reveal().is_empty());
    Ok(Target {
        url,
        secret: secret.ok_or(Fault::SecretMissing)?,
    })
}

/// Hands a message over once.
pub(super) async fn send(
    client: &Client,
    target: &Target<'_>,
    message: &Message,
    now: DateTime<Utc>,
) -> Delivery {
    let body = Body {
        version: VERSION,
        message,
    };
    let Ok(body) = serde_json::to_vec(&body) else {
        return refused(Fault::Unreadable);
    };
    let signature = sign(target.secret, &message.key, &body, now);
    let request = client
        .post(target.url.clone())
        .timeout(EXCHANGE_TIMEOUT)
        .header("Content-Type", "application/json")
        .header(SIGNATURE_HEADER, signature)
        .header(ID_HEADER, message.key.as_str())
        .body(body);
    let mut response = match request.send().await {
        Ok(response) => response,
        Err(error) => return fault_of(&error),
    };
    let delivery = judge(response.status().as_u16(), asked_pause(&response, now));
    // The status is the answer. The body is taken so that the receiver can end in peace, and thrown away.
    drop(read_answer(&mut response).await);
    delivery
}

/// What a status means.
fn judge(status: u16, after: Option<std::time::Duration>) -> Delivery {
    match status {
        200..=299 => Delivery::Sent,
        300..=399 => refused(Fault::Redirect(status)),
        429 | 503 => Delivery::Retry {
            why: Fault::Status(status),
            after,
        },
        408 | 425 | 500..=599 => again(Fault::Status(status)),
        _ => refused(Fault::Status(status)),
    }
}

/// The value of the signature header.
fn sign(secret: &Secret, id: &str, body: &[u8], now: DateTime<Utc>) -> String {
    let time = now.timestamp().to_string();
    let digest = digest(secret, &time, id, body).finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={hex}")
}

fn digest(secret: &Secret, time: &str, id: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("HMAC takes a key of any length");
    for part in [time.as_bytes(), b".", id.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

/// Why a receiver does not take a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not of the form `t=…,v1=…`.
    #[error("the signature header cannot be read")]
    Header,
    /// It was signed too long ago, or in the future: perhaps a recorded request.
    #[error("the signature is too old or from the future")]
    Time,
    /// Secret, id, time or body differ from what was signed.
    #[error("the signature does not fit")]
    Signature,
}

/// What a receiver does with a request before it trusts it: `header` is the value of [`SIGNATURE_HEADER`], `id` that of
/// [`ID_HEADER`], `body` the bytes as they came. Remember ids for twice [`TOLERANCE_S`] and drop those seen already.
///
/// # Errors
/// Says why the request is not to be trusted.
pub fn verify(
    secret: &Secret,
    header: &str,
    id: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), SignatureError> {
    let (time, signature) = header
        .strip_prefix("t=")
        .and_then(|rest| rest.split_once(",v1="))
        .ok_or(SignatureError::Header)?;
    let at: i64 = time.parse().map_err(|_| SignatureError::Header)?;
    let signature = bytes(signature).ok_or(SignatureError::Header)?;
    digest(secret, time, id, body)
        .verify_slice(&signature)
        .map_err(|_| SignatureError::Signature)?;
    if now.timestamp().abs_diff(at) > TOLERANCE_S.unsigned_abs() {
        return Err(SignatureError::Time);
    }
    Ok(())
}

/// Bytes of hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = hex.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    let pair = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).ok();
    digits.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn n05_a_signature_holds_for_its_secret_id_body_and_five_minutes() {
        let secret = Secret::new("s3cret");
        let now = at("2026-06-01T10:00:00Z");
        let header = sign(&secret, "key-1", b"{}", now);
        let check =
            |id: &str, body: &[u8], time: &str| verify(&secret, &header, id, body, at(time));
        let near = "2026-06-01T10:05:00Z";
        assert_eq!(check("key-1", b"{}", near), Ok(()));
        assert_eq!(check("key-1", b"{ }", near), Err(SignatureError::Signature));
        assert_eq!(check("key-2", b"{}", near), Err(SignatureError::Signature));
        for time in ["2026-06-01T10:05:01Z", "2026-06-01T09:54:59Z"] {
            assert_eq!(check("key-1", b"{}", time), Err(SignatureError::Time));
        }
        let other = verify(&Secret::new("other"), &header, "key-1", b"{}", now);
        assert_eq!(other, Err(SignatureError::Signature));
        // A new time on an old signature.
        let forged = header.replacen("t=17", "t=18", 1);
        let found = verify(&secret, &forged, "key-1", b"{}", now);
        assert_eq!(found, Err(SignatureError::Signature));
    }

    #[test]
    fn a_signature_is_what_others_would_compute() {
        // openssl dgst -sha256 -hmac s3cret over "1780308000.key-1.{}"
        let header = sign(
            &Secret::new("s3cret"),
            "key-1",
            b"{}",
            at("2026-06-01T10:00:00Z"),
        );
        assert_eq!(
            header,
            "t=1780308000,v1=bb55f877e9a1e4dd1acdc19a62500bec575c207b3042c17b0d547d53ca667b34"
        );
    }

    #[test]
    fn headers_that_are_none_are_refused_without_panic() {
        let secret = Secret::new("s");
        let now = at("2026-06-01T10:00:00Z");
        for header in [
            "",
            "t=",
            "t=1",
            "t=,v1=",
            "t=x,v1=00",
            "t=1,v1=0",
            "t=1,v1=zz",
            "v1=00,t=1",
        ] {
            let found = verify(&secret, header, "k", b"", now);
            assert_eq!(found, Err(SignatureError::Header), "{header}");
        }
        let extreme = format!("t={},v1=00", i64::MIN);
        let found = verify(&secret, &extreme, "k", b"", now);
        assert_eq!(found, Err(SignatureError::Signature));
    }

    #[test]
    fn n07_each_status_is_retried_or_refused() {
        use std::time::Duration;
        let minute = Some(Duration::from_secs(60));
        for status in [200, 202, 204] {
            assert_eq!(judge(status, None), Delivery::Sent, "{status}");
        }
        for status in [301, 302, 307, 304] {
            let why = Fault::Redirect(status);
            assert_eq!(judge(status, None), Delivery::Refused { why }, "{status}");
        }
        for status in [400, 401, 403, 404, 410] {
            let why = Fault::Status(status);
            assert_eq!(judge(status, None), Delivery::Refused { why }, "{status}");
        }
        for (status, after) in [
            (429, minute),
            (503, minute),
            (500, None),
            (502, None),
            (408, None),
        ] {
            let why = Fault::Status(status);
            assert_eq!(
                judge(status, minute),
                Delivery::Retry { why, after },
                "{status}"
            );
        }
    }

    #[test]
    fn n01_an_address_into_the_network_is_refused_before_anything_is_sent() {
        let secret = Secret::new("s");
        let refusal = |url: &str, allow| check(url, Some(&secret), allow).err();
        for url in [
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://2130706433/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
            "https://db/",
            "https://a.internal/",
            "https://me:word@hook.example.org/",
            "ftp://hook.example.org/",
            "https://hook.example.org:22/",
        ] {
            assert!(
                matches!(refusal(url, false), Some(Fault::Address(_))),
                "{url}"
            );
        }
        assert_eq!(refusal("hook.example.org", false), Some(Fault::NoAddress));
        assert_eq!(
            refusal("http://hook.example.org/", false),
            Some(Fault::InClear)
        );
        assert_eq!(refusal("https://hook.example.org/", false), None);
        assert_eq!(refusal("http://127.0.0.1:9000/", true), None);
    }

    #[test]
    fn n03_a_webhook_without_its_secret_is_not_written_to() {
        let found = check("https://hook.example.org/", None, false).err();
        assert_eq!(found, Some(Fault::SecretMissing));
        let empty = Secret::new("");
        let found = check("https://hook.example.org/", Some(&empty), false).err();
        assert_eq!(found, Some(Fault::SecretMissing));
    }
}
