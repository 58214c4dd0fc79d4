//! Reads single values of `sources.toml`: names, addresses, pointers, durations, sizes. What is wrong is told at its line.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::LONGEST_DURATION;
use super::table::{Value, nearest};
use crate::language::Language;
use crate::model::SourceRole;

/// Most days that a file may name: a thousand years.
const MOST_DAYS: u64 = 365_000;
/// Seconds of a day.
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

pub(super) fn not_empty(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    if text.trim().is_empty() {
        value.wrong("must not be empty");
        return None;
    }
    Some(text)
}

/// A slug: it becomes part of file names, addresses and output.
pub(super) fn slug(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let starts_well = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !starts_well || text.len() > 64 || !text.bytes().all(fits) {
        value.wrong(format!(
            "`{text}` must be 1 to 64 of a-z, 0-9, `-` and `_`, starting with a letter or digit"
        ));
        return None;
    }
    Some(text)
}

pub(super) fn names(value: &Value<'_, '_>) -> BTreeMap<String, String> {
    if value.is_text() {
        let name = not_empty(value).map(|text| (String::new(), text));
        return name.into_iter().collect();
    }
    let Some(section) = value.section() else {
        return BTreeMap::new();
    };
    let mut names = BTreeMap::new();
    for (code, value) in section.entries() {
        if language(&value, &code).is_some()
            && let Some(text) = not_empty(&value)
        {
            names.insert(code, text);
        }
    }
    if section.entries().is_empty() {
        value.wrong("must be a string or a table of language and name");
    }
    names
}

fn language(value: &Value<'_, '_>, code: &str) -> Option<Language> {
    let found = Language::ALL
        .into_iter()
        .find(|language| language.code() == code);
    if found.is_none() {
        value.wrong(format!(
            "`{code}` is no language the program reads: kk, ru or en"
        ));
    }
    found
}

pub(super) fn languages(value: &Value<'_, '_>) -> Vec<Language> {
    let texts = value.texts();
    let mut found = Vec::new();
    for (value, code) in &texts {
        match language(value, code) {
            Some(language) if found.contains(&language) => {
                value.wrong(format!("`{code}` is given twice"))
            }
            Some(language) => found.push(language),
            None => {}
        }
    }
    if texts.is_empty() {
        value.wrong("must name at least one of kk, ru, en");
    }
    found
}

pub(super) fn role(value: &Value<'_, '_>) -> Option<SourceRole> {
    let text = value.text()?;
    match text.as_str() {
        "official" => Some(SourceRole::Official),
        "media" => Some(SourceRole::Media),
        _ => {
            let hint = nearest(&text, ["official", "media"].into_iter());
            let hint = hint.map(|near| format!("; did you mean `{near}`?"));
            value.wrong(format!(
                "`{text}` is neither `official` nor `media`{}",
                hint.unwrap_or_default()
            ));
            None
        }
    }
}

pub(super) fn topics(value: &Value<'_, '_>) -> Vec<String> {
    value.list().iter().filter_map(not_empty).collect()
}

pub(super) fn addresses(value: Option<Value<'_, '_>>) -> Vec<String> {
    let list = value.map(|value| value.list()).unwrap_or_default();
    list.iter().filter_map(address).collect()
}

/// An absolute http or https address, kept as written.
pub(super) fn address(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    match address_fault(&text) {
        None => Some(text),
        Some(fault) => {
            value.wrong(format!("`{text}` {fault}"));
            None
        }
    }
}

/// An address with `{id}`, `{page}` or `{language}` in it.
pub(super) fn template(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    let mut filled = text.clone();
    for place in ["{id}", "{page}", "{language}"] {
        filled = filled.replace(place, "1");
    }
    if filled.contains(['{', '}']) {
        value.wrong(format!(
            "`{text}` has a placeholder other than {{id}}, {{page}} and {{language}}"
        ));
        return None;
    }
    if let Some(fault) = address_fault(&filled) {
        value.wrong(format!("`{text}` {fault}"));
        return None;
    }
    Some(text)
}

fn address_fault(text: &str) -> Option<&'static str> {
    match Url::parse(text) {
        Err(_) => Some("is no absolute address such as https://example.org/news"),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            Some("must start with http:// or https://")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Some("must not carry a user or password")
        }
        Ok(_) => None,
    }
}

/// A JSON pointer (RFC 6901): empty, or parts that each follow a slash.
pub(super) fn pointer(value: &Value<'_, '_>) -> Option<String> {
    let text = value.text()?;
    let bad_escape = text
        .split('~')
        .skip(1)
        .any(|rest| !rest.starts_with(['0', '1']));
    if !text.is_empty() && !text.starts_with('/') {
        value.wrong(format!(
            "`{text}` is no JSON pointer: it must start with `/`, as in `/{text}`"
        ));
        return None;
    }
    if bad_escape {
        value.wrong(format!(
            "`{text}`: in a JSON pointer `~` is written `~0` and `/` inside a name `~1`"
        ));
        return None;
    }
    Some(text)
}

pub(super) fn header_text(text: &str) -> bool {
    !text.trim().is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

pub(super) fn headers(value: &Value<'_, '_>) -> BTreeMap<String, String> {
    let Some(section) = value.section() else {
        return BTreeMap::new();
    };
    let mut headers = BTreeMap::new();
    for (name, value) in section.entries() {
        let is_token = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let Some(text) = value.text() else { continue };
        // The agent and the host say who asks whom; neither may be disguised.
        let is_kept = ["user-agent", "host", "from"].contains(&name.to_ascii_lowercase().as_str());
        if !is_token || !header_text(&text) || is_kept {
            value.wrong("is no header that may be set here: letters, digits and `-`, printable ASCII, not User-Agent or Host");
            continue;
        }
        headers.insert(name, text);
    }
    headers
}

/// A whole number and a unit: `10ms`, `2s`, `5m`, `1h`, `1d`.
pub(super) fn duration(value: &Value<'_, '_>) -> Option<Duration> {
    let text = value.text()?;
    let (number, unit) = split_unit(&text);
    let scale = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" | "min" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let milliseconds = scale.and_then(|scale: u64| number.parse::<u64>().ok()?.checked_mul(scale));
    match milliseconds.map(Duration::from_millis) {
        Some(duration) if duration <= LONGEST_DURATION => Some(duration),
        Some(_) => {
            value.wrong(format!("`{text}` is longer than a day"));
            None
        }
        None => {
            value.wrong(format!(
                "`{text}` is no duration such as 10ms, 2s, 5m or 1h"
            ));
            None
        }
    }
}

/// A whole number of days: `400d`.
pub(super) fn days(value: &Value<'_, '_>, least: u64) -> Option<Duration> {
    let text = value.text()?;
    let days = match split_unit(&text) {
        (number, "d") => number.parse::<u64>().ok(),
        _ => None,
    };
    match days.filter(|days| (least..=MOST_DAYS).contains(days)) {
        Some(days) => Some(Duration::from_secs(days * SECONDS_A_DAY)),
        None => {
            value.wrong(format!(
                "`{text}` is no number of days such as 400d, from {least} on"
            ));
            None
        }
    }
}

pub(super) fn positive_duration(value: &Value<'_, '_>) -> Option<Duration> {
    let found = duration(value)?;
    if found.is_zero() {
        value.wrong("must be longer than nothing");
        return None;
    }
    Some(found)
}

/// A whole number of bytes with a unit: `512KiB`, `32MiB`, `1GiB`.
pub(super) fn size(value: &Value<'_, '_>) -> Option<u64> {
    let text = value.text()?;
    let (number, unit) = split_unit(&text);
    let scale = match unit {
        "B" => Some(1),
        "KiB" | "KB" => Some(1 << 10),
        "MiB" | "MB" => Some(1 << 20),
        "GiB" | "GB" => Some(1 << 30),
        _ => None,
    };
    let bytes = scale.and_then(|scale: u64| number.parse::<u64>().ok()?.checked_mul(scale));
    match bytes {
        Some(bytes) if bytes > 0 => Some(bytes),
        _ => {
            value.wrong(format!("`{text}` is no size such as 512KiB or 32MiB"));
            None
        }
    }
}

fn split_unit(text: &str) -> (&str, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    (number, unit.trim())
}
