//! Where the numbers of the overview lead: the lists that make them.

use url::form_urlencoded::Serializer;

use super::super::period::Period;
use crate::model::{HitKind, SlotName};
use crate::serve::pages::queue::dashed;

/// Cases opened in a period.
pub(super) fn opened(period: Period) -> String {
    cases(&[("opened", &days(period))])
}

/// Cases of which a person decided in a period.
pub(super) fn decided(period: Period) -> String {
    cases(&[("decided", &days(period))])
}

/// Cases in which the first letter was sent in a period.
pub(super) fn asked(period: Period) -> String {
    cases(&[("asked", &days(period))])
}

/// Cases opened in a period that differ in an element.
pub(super) fn differing(period: Period, slot: SlotName) -> String {
    cases(&[("opened", &days(period)), ("slot", &dashed(slot.words()))])
}

/// A search.
pub(super) fn search(query: &str, kind: HitKind) -> String {
    let mut pairs = Serializer::new(String::new());
    pairs.append_pair("q", query);
    if kind != HitKind::Pages {
        pairs.append_pair("kind", kind.word());
    }
    format!("/search?{}", pairs.finish())
}

/// All cases, those that ended included, that some filters leave.
fn cases(filters: &[(&str, &str)]) -> String {
    let mut pairs = Serializer::new(String::new());
    pairs.append_pair("view", "all");
    for (name, value) in filters {
        pairs.append_pair(name, value);
    }
    format!("/cases?{}", pairs.finish())
}

/// A period as a filter of the list of cases.
fn days(period: Period) -> String {
    format!("{}..{}", period.from, period.to)
}
