//! What requests tell of hosts besides their answers: robots.txt as it is now, and when the certificate ends.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::Response;
use reqwest::tls::TlsInfo;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::canonical::ContentHash;
use crate::model::HostRecord;

/// What was learned of one host since it was last taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostNews {
    /// Digest of its robots.txt.
    pub robots_hash: Option<String>,
    /// When its certificate ends.
    pub certificate_ends: Option<DateTime<Utc>>,
}

impl HostNews {
    /// Puts what was learned into what is remembered.
    pub fn tell(&self, host: &mut HostRecord, now: DateTime<Utc>) {
        if let Some(hash) = &self.robots_hash {
            host.saw_robots(hash, now);
        }
        if self.certificate_ends.is_some() {
            host.certificate_ends = self.certificate_ends;
        }
    }
}

/// Collects what is learned, by host key, until it is taken.
#[derive(Debug, Default)]
pub struct Newsbox(Mutex<BTreeMap<String, HostNews>>);

impl Newsbox {
    /// Takes note of a robots.txt.
    pub fn robots(&self, host: &str, body: &[u8]) {
        self.with(host, |news| {
            news.robots_hash = Some(ContentHash::of(body).0)
        });
    }

    /// Takes note of the certificate behind an answer, where there is one.
    pub fn certificate(&self, host: &str, response: &Response) {
        let info = response.extensions().get::<TlsInfo>();
        let ends = info.and_then(TlsInfo::peer_certificate).and_then(ends);
        if ends.is_some() {
            self.with(host, |news| news.certificate_ends = ends);
        }
    }

    /// Everything learned since the last time.
    pub fn take(&self) -> BTreeMap<String, HostNews> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with(&self, host: &str, note: impl FnOnce(&mut HostNews)) {
        let mut news = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        note(news.entry(host.to_owned()).or_default());
    }
}

/// When a certificate ends.
fn ends(der: &[u8]) -> Option<DateTime<Utc>> {
    let certificate = Certificate::from_der(der).ok()?;
    let seconds = certificate
        .tbs_certificate
        .validity
        .not_after
        .to_unix_duration();
    DateTime::from_timestamp(i64::try_from(seconds.as_secs()).ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read_and_other_bytes_have_none() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["valley.example".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2027, 3, 1);
        let certificate = params.self_signed(&key).unwrap();
        assert_eq!(
            ends(certificate.der()),
            Some("2027-03-01T00:00:00Z".parse().unwrap())
        );
        assert_eq!(ends(b"no certificate"), None);
    }

    #[test]
    fn news_are_taken_once_and_told_to_what_is_remembered() {
        let newsbox = Newsbox::default();
        newsbox.robots("valley.example", b"User-agent: *\n");
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let mut host = HostRecord::default();
        newsbox.take()["valley.example"].tell(&mut host, now);
        assert!(newsbox.take().is_empty());
        assert_eq!(host.robots_changed_at, None, "the first is no change");
        newsbox.robots("valley.example", b"User-agent: *\nDisallow: /\n");
        newsbox.take()["valley.example"].tell(&mut host, now);
        assert_eq!(host.robots_changed_at, Some(now));
    }
}
