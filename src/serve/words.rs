//! The words of the pages in Kazakh, Russian and English, with numbers and dates as each language prints them.
//!
//! Texts stand in `locales/`, one folder for a language and one file for a page. Case endings follow the last sound of a number in
//! Kazakh and Russian nouns follow its last digits, so a text takes a number as `$n` to choose a form by and as `$shown` to
//! print, and no ending is ever hung on a value.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::language::Language;
use crate::pursue::wording;

static_loader! {
    static TEXTS = {
        locales: "./src/serve/locales",
        fallback_language: "ru",
        // Marks around values would be copied with them.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The language of the pages, and what is said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// Language of the interface, whatever the language of what is shown in it.
    pub(super) language: Language,
}

impl Words {
    /// Words in a language.
    pub(super) fn of(language: Language) -> Words {
        Words { language }
    }

    /// A text.
    pub(super) fn say(&self, id: &str) -> String {
        TEXTS.lookup(self.identifier(), id)
    }

    /// A text with a number in it: `$n` chooses the form, `$shown` is how it is printed.
    pub(super) fn count(&self, id: &str, n: impl TryInto<u64>) -> String {
        let n = n.try_into().unwrap_or(u64::MAX);
        let shown = wording::number(Decimal::from(n), self.language);
        self.fill(id, &[("n", n.into()), ("shown", shown.into())])
    }

    /// A text with a value in it.
    pub(super) fn with(&self, id: &str, name: &'static str, value: &str) -> String {
        self.fill(id, &[(name, value.to_owned().into())])
    }

    /// A text with two values in it.
    pub(super) fn with_two(
        &self,
        id: &str,
        first: (&'static str, &str),
        second: (&'static str, &str),
    ) -> String {
        let [first, second] = [first, second].map(|(name, value)| (name, value.to_owned().into()));
        self.fill(id, &[first, second])
    }

    /// A text with all its values.
    fn fill(&self, id: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        TEXTS.lookup_with_args(self.identifier(), id, &values)
    }

    /// A number with its thousands apart.
    pub(super) fn number(&self, n: impl TryInto<u64>) -> String {
        let n = n.try_into().unwrap_or(u64::MAX);
        wording::number(Decimal::from(n), self.language)
    }

    /// A part of a whole in percent, to a tenth: `7,5 %`.
    pub(super) fn share(&self, part: usize, whole: usize) -> String {
        let thousandths = (part as u64 * 1000)
            .checked_div(whole as u64)
            .unwrap_or_default();
        let percent = Decimal::new(thousandths.to_i64().unwrap_or_default(), 1);
        wording::percent(percent, self.language)
    }

    /// A number of tenths: `9,2`.
    pub(super) fn tenths(&self, tenths: u64) -> String {
        let tenths = tenths.to_i64().unwrap_or(i64::MAX);
        wording::number(Decimal::new(tenths, 1), self.language)
    }

    /// The day of a moment by the clocks of the country.
    pub(super) fn day(&self, at: DateTime<Utc>) -> String {
        self.date(wording::local(at).date_naive())
    }

    /// A day.
    pub(super) fn date(&self, day: NaiveDate) -> String {
        wording::day(day, self.language)
    }

    /// A moment by the clocks of the country, to the minute.
    pub(super) fn moment(&self, at: DateTime<Utc>) -> String {
        wording::moment(at, self.language)
    }

    /// A moment as short as a list wants it: the time alone for today.
    pub(super) fn briefly(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (there, here) = (wording::local(at), wording::local(now));
        let day = there.date_naive();
        if day == here.date_naive() {
            there.format("%H:%M").to_string()
        } else if Some(day) == here.date_naive().pred_opt() {
            self.with("yesterday-at", "time", &there.format("%H:%M").to_string())
        } else {
            self.date(day)
        }
    }

    /// A span of time in its largest unit: minutes, hours or days.
    pub(super) fn span(&self, span: TimeDelta) -> String {
        let span = span.abs();
        match (span.num_days(), span.num_hours(), span.num_minutes()) {
            (days @ 2.., _, _) => self.count("span-days", days),
            (_, hours @ 1.., _) => self.count("span-hours", hours),
            (_, _, minutes) => self.count("span-minutes", minutes),
        }
    }

    fn identifier(&self) -> &'static LanguageIdentifier {
        static ALL: [LanguageIdentifier; 3] = [langid!("kk"), langid!("ru"), langid!("en")];
        &ALL[self.language as usize]
    }
}

#[cfg(test)]
mod tests;
