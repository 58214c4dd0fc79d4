//! Reads how long another machine asks to be left alone.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

/// Longest pause that is granted: who asks for more is asked again tomorrow.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// Seconds asked for by `Retry-After`, as a number or a date (RFC 9110, 10.2.3), at most [`LONGEST_PAUSE`].
pub fn retry_after(value: &str, now: DateTime<Utc>) -> Option<u64> {
    let value = value.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => u64::MAX,
        Err(_) => {
            let left = http_date(value)? - now;
            u64::try_from(left.num_seconds()).ok()?
        }
    };
    Some(seconds.min(LONGEST_PAUSE.as_secs()))
}

/// A date in any of the three forms of HTTP (RFC 9110, 5.6.7).
pub fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let old = |form| NaiveDateTime::parse_from_str(value, form).ok();
    DateTime::parse_from_rfc2822(value)
        .map(|date| date.with_timezone(&Utc))
        .ok()
        .or_else(|| old("%A, %d-%b-%y %H:%M:%S GMT").map(|date| date.and_utc()))
        .or_else(|| old("%a %b %e %H:%M:%S %Y").map(|date| date.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let cases = [
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("315360000", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Mon, 01 Jun 2026 00:01:00 GMT", Some(60)),
            ("Monday, 01-Jun-26 00:02:00 GMT", Some(120)),
            ("Mon Jun  1 00:03:00 2026", Some(180)),
            ("Tue, 01 Jun 2027 00:00:00 GMT", Some(86_400)),
            ("1e3", None),
            ("Mon, 01 Jun 2020 00:01:00 GMT", None),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(retry_after(value, now), expected, "{value}");
        }
    }
}
