//! Asks a hub to announce the news of a feed, and tells its notifications from those of others (WebSub, 5.1 and 7.1).
//!
//! Pages name hubs, so the address rules of the crawler hold, and what is asked, with the secret in it, is never sent in clear.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Response;
use reqwest::header::LOCATION;
use url::{Url, form_urlencoded};

use super::{Delivery, EXCHANGE_TIMEOUT, Fault, client, fault_of, read_answer};
use crate::canonical;
use crate::model::Secret;
use crate::wire::address;

/// Redirects followed (307 and 308 are to be followed: WebSub, 5.1).
const MAX_REDIRECTS: usize = 3;

/// What is asked of a hub.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The hub.
    pub hub: &'a str,
    /// The feed, as the hub knows it.
    pub topic: &'a str,
    /// Where it is to verify and to notify.
    pub callback: &'a str,
    /// What it is to sign with.
    pub secret: &'a Secret,
    /// For how long, in seconds.
    pub lease_s: u64,
}

/// Whether a hub may be asked.
///
/// # Errors
/// Says what speaks against it.
pub fn check(hub: &str, allow_private: bool) -> Result<Url, Fault> {
    let url = Url::parse(hub).map_err(|_| Fault::NoAddress)?;
    address::check(&url, allow_private)?;
    if url.scheme() != "https" && !allow_private {
        return Err(Fault::InClear);
    }
    Ok(url)
}

/// Asks a hub to announce a feed's news. That it agreed is only known once it has verified that this was wanted.
///
/// # Errors
/// Says why it was not asked, or did not take the question.
pub async fn subscribe(asking: &Asking<'_>, allow_private: bool) -> Result<(), Fault> {
    let form: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", asking.topic)
        .append_pair("hub.callback", asking.callback)
        .append_pair("hub.secret", asking.secret.reveal())
        .append_pair("hub.lease_seconds", &asking.lease_s.to_string())
        .finish();
    let client = client(allow_private).map_err(|_| Fault::NotProtected)?;
    let mut url = check(asking.hub, allow_private)?;
    for _ in 0..=MAX_REDIRECTS {
        let request = client
            .post(url.clone())
            .timeout(EXCHANGE_TIMEOUT)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.clone());
        let mut response = request.send().await.map_err(|error| why(&error))?;
        let status = response.status().as_u16();
        drop(read_answer(&mut response).await);
        match (status, moved_to(&url, &response)) {
            (200..=299, _) => return Ok(()),
            (307 | 308, Some(to)) => url = check(to.as_str(), allow_private)?,
            (300..=399, _) => return Err(Fault::Redirect(status)),
            _ => return Err(Fault::Status(status)),
        }
    }
    Err(Fault::Redirect(308))
}

fn moved_to(url: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    url.join(location).ok()
}

fn why(error: &reqwest::Error) -> Fault {
    match fault_of(error) {
        Delivery::Retry { why, .. } | Delivery::Refused { why } => why,
        Delivery::Sent | Delivery::Later { .. } => Fault::Unreachable,
    }
}

/// Whether a notification carries the signature of the hub that has the secret: the value of `X-Hub-Signature`, `method=hex`.
///
/// SHA-1 is taken too: hubs of the first hour sign with nothing else, its weakness is one of collisions and none of HMAC, and a forged
/// notification would only have a feed looked at a little earlier.
pub fn is_signed(secret: &Secret, signature: &str, body: &[u8]) -> bool {
    let Some((method, hex)) = signature.trim().split_once('=') else {
        return false;
    };
    let Some(said) = canonical::from_hex(hex) else {
        return false;
    };
    match method.to_ascii_lowercase().as_str() {
        "sha1" => fits::<Hmac<sha1::Sha1>>(secret, body, &said),
        "sha256" => fits::<Hmac<sha2::Sha256>>(secret, body, &said),
        "sha384" => fits::<Hmac<sha2::Sha384>>(secret, body, &said),
        "sha512" => fits::<Hmac<sha2::Sha512>>(secret, body, &said),
        _ => false,
    }
}

/// Compares in constant time.
fn fits<M: Mac + KeyInit>(secret: &Secret, body: &[u8], said: &[u8]) -> bool {
    let Ok(mac) = <M as KeyInit>::new_from_slice(secret.reveal().as_bytes()) else {
        return false;
    };
    mac.chain_update(body).verify_slice(said).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_signature_of_a_known_method_is_taken() {
        // RFC 4231, 4.3, and RFC 2202, 3, test case 2.
        let (secret, body) = (Secret::new("Jefe"), b"what do ya want for nothing?");
        let sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let sha384 = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
        let sha512 = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
        let cases = [
            (format!("sha1={sha1}"), true),
            (format!("sha256={sha256}"), true),
            (format!("SHA256={}", sha256.to_uppercase()), true),
            (format!("sha384={sha384}"), true),
            (format!("sha512={sha512}"), true),
            (format!("sha512={sha256}"), false),
            (format!("sha256={}", &sha256[..62]), false),
            (format!("sha256={sha256}00"), false),
            ("sha256=".to_owned(), false),
            ("sha256=zz".to_owned(), false),
            (format!("md5={sha256}"), false),
            (sha256.to_owned(), false),
            (String::new(), false),
        ];
        for (signature, expected) in cases {
            assert_eq!(
                is_signed(&secret, &signature, body),
                expected,
                "{signature}"
            );
        }
        assert!(!is_signed(
            &secret,
            &format!("sha256={sha256}"),
            b"another body"
        ));
        assert!(!is_signed(
            &Secret::new("other"),
            &format!("sha256={sha256}"),
            body
        ));
    }

    #[test]
    fn hubs_of_the_own_network_and_in_clear_are_not_asked() {
        let cases = [
            ("https://hub.example.org/", false, true),
            ("http://hub.example.org/", false, false),
            ("https://127.0.0.1/", false, false),
            ("https://10.0.0.1/", false, false),
            ("https://hub.internal/", false, false),
            ("https://hub.example.org:25/", false, false),
            ("file:///etc/passwd", true, false),
            ("https://me:word@hub.example.org/", true, false),
            ("http://127.0.0.1:8900/", true, true),
            ("no address", true, false),
        ];
        for (hub, allow_private, expected) in cases {
            assert_eq!(check(hub, allow_private).is_ok(), expected, "{hub}");
        }
    }
}
