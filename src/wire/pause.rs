//! Reads how long another machine asks to be left alone.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Longest pause that is granted: who asks for more is asked again tomorrow.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// Seconds asked for by `Retry-After`, as a number or a date (RFC 9110, 10.2.3), at most [`LONGEST_PAUSE`].
pub fn retry_after(value: &str, now: DateTime<Utc>) -> Option<u64> {
    let value = value.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => u64::MAX,
        Err(_) => {
            let date = DateTime::parse_from_rfc2822(value).ok()?;
            let left = date.with_timezone(&Utc) - now;
            u64::try_from(left.num_seconds()).ok()?
        }
    };
    Some(seconds.min(LONGEST_PAUSE.as_secs()))
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
