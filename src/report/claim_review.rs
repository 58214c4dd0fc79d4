//! Writes confirmed cases as schema.org ClaimReview, in JSON-LD.
//!
//! Only what a person confirmed and did not take back is a review. The rating is in words and has no number: a difference from
//! a record in one slot is no grade of truthfulness, and readers must not add such grades up.

use serde_json::{Value, json};

use super::json::moment;
use super::text::{Names, name};
use crate::model::{Case, CaseState, Copy};

/// All confirmed cases as one JSON-LD document.
pub fn graph(cases: &[Case], names: &Names, base: &str) -> Value {
    let reviews: Vec<Value> = cases
        .iter()
        .filter_map(|case| review(case, names, base))
        .collect();
    json!({ "@context": "https://schema.org", "@graph": reviews })
}

/// Whether a case is a review: a person confirmed it and did not take that back, and something differs as people read it.
pub fn is_review(case: &Case) -> bool {
    let is_ours = !matches!(case.state, CaseState::Dismissed | CaseState::Duplicate);
    is_ours && case.desk.confirmed.is_some() && !case.differing().is_empty()
}

/// One case; `None` where no person stands behind it.
fn review(case: &Case, names: &Names, base: &str) -> Option<Value> {
    let (_, confirmed_at) = case.desk.confirmed.as_ref().filter(|_| is_review(case))?;
    let (first, quote, difference) = (
        case.copies.first()?,
        case.evidence.first()?,
        case.differing().into_iter().next()?,
    );
    let organization = |name: &str| json!({ "@type": "Organization", "name": name });
    let work = |copy: &Copy| {
        json!({
            "@type": "CreativeWork",
            "url": copy.url,
            "datePublished": moment(copy.published),
            "inLanguage": copy.language.code(),
            "publisher": organization(name(names, &copy.source, copy.language)),
        })
    };
    let url = if base.is_empty() {
        format!("urn:aigaq:{}", case.id)
    } else {
        format!("{}/cases/{}", base.trim_end_matches('/'), case.id)
    };
    Some(json!({
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "datePublished": moment(*confirmed_at),
        "author": organization(name(names, &quote.source, first.language)),
        "claimReviewed": first.sentence,
        "reviewBody": case.explanation,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": format!("differs from the record: {}", difference.slot.words()),
            "ratingExplanation": format!(
                "published: {}; record: {}",
                difference.claimed, difference.official
            ),
        },
        "itemReviewed": {
            "@type": "Claim",
            "text": first.sentence,
            "inLanguage": first.language.code(),
            "datePublished": moment(first.published),
            "author": organization(name(names, &first.source, first.language)),
            "firstAppearance": work(first),
            "appearance": case.copies.iter().map(work).collect::<Vec<_>>(),
        },
        "citation": {
            "@type": "CreativeWork",
            "url": quote.url,
            "text": quote.sentence,
            "datePublished": moment(quote.published),
        },
    }))
}
