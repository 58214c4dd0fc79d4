//! Reads what a page says of itself in JSON-LD: headline, dates, authors, and the text where the page has none.

use serde_json::Value;

/// Deepest nesting looked into; real objects nest five or six levels.
const MAX_DEPTH: usize = 24;
/// Most objects looked at in one page.
const MAX_OBJECTS: usize = 20_000;

/// Most entries of a live blog read.
const MAX_UPDATES: usize = 2_000;

/// What JSON-LD says of the article.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    /// Headline.
    pub(super) headline: Option<String>,
    /// `datePublished` as written.
    pub(super) published: Option<String>,
    /// `dateModified` as written.
    pub(super) modified: Option<String>,
    /// Names of authors.
    pub(super) authors: Vec<String>,
    /// `articleBody`.
    pub(super) body: Option<String>,
    /// Language code.
    pub(super) language: Option<String>,
    /// Name of the publisher.
    pub(super) publisher: Option<String>,
    /// `alternativeHeadline`.
    pub(super) subtitle: Option<String>,
    /// `articleSection`, the first.
    pub(super) section: Option<String>,
    /// Address of the first image.
    pub(super) image: Option<String>,
    /// Whether `isAccessibleForFree` is denied.
    pub(super) is_paid: bool,
    /// Entries of a live blog as (headline, text), in the order of the page.
    pub(super) updates: Vec<(String, String)>,
}

/// Reads the scripts of a page. A script that is no JSON is passed over.
pub(super) fn read(scripts: &[&str]) -> JsonLd {
    let mut found = JsonLd::default();
    let mut rank = 0;
    for script in scripts {
        let Some(value) = parse(script) else {
            continue;
        };
        let mut objects = Vec::new();
        collect(&value, 0, &mut objects);
        for object in objects {
            let this = rank_of(object);
            if this == 0 {
                continue;
            }
            take(&mut found, object, this > rank);
            rank = rank.max(this);
        }
    }
    found
}

/// Parses a script, wrapped in a comment or with raw line breaks in strings as it may be.
fn parse(script: &str) -> Option<Value> {
    let text = script
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("-->")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let spaced: String = text
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        serde_json::from_str(&spaced).ok()
    })
}

/// Lists the objects of a value.
fn collect<'v>(value: &'v Value, depth: usize, objects: &mut Vec<&'v Value>) {
    if depth > MAX_DEPTH || objects.len() > MAX_OBJECTS {
        return;
    }
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect(item, depth + 1, objects)),
        Value::Object(map) => {
            objects.push(value);
            for key in [
                "@graph",
                "mainEntity",
                "mainEntityOfPage",
                "hasPart",
                "itemListElement",
            ] {
                if let Some(inner) = map.get(key) {
                    collect(inner, depth + 1, objects);
                }
            }
        }
        _ => {}
    }
}

/// How surely an object is the article of the page: 0 not at all.
fn rank_of(object: &Value) -> u8 {
    let types = match object.get("@type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return 0,
    };
    types
        .iter()
        .map(|name| match *name {
            name if name.ends_with("Article")
                || matches!(
                    name,
                    "BlogPosting"
                        | "LiveBlogPosting"
                        | "Report"
                        | "SocialMediaPosting"
                        | "LegislationObject"
                ) =>
            {
                3
            }
            "WebPage" | "CreativeWork" | "AboutPage" | "ItemPage" => 1,
            "VideoObject" | "Recipe" | "Product" | "Event" => 0,
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

/// Takes what an object says; a better object overrules, an equal one fills gaps.
fn take(found: &mut JsonLd, object: &Value, is_better: bool) {
    let text = |key: &str| {
        object
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let put = |slot: &mut Option<String>, value: Option<String>| {
        if value.is_some() && (is_better || slot.is_none()) {
            *slot = value;
        }
    };
    put(
        &mut found.headline,
        text("headline").or_else(|| text("name")),
    );
    put(
        &mut found.published,
        text("datePublished").or_else(|| text("dateCreated")),
    );
    put(&mut found.modified, text("dateModified"));
    put(&mut found.body, text("articleBody"));
    put(&mut found.language, text("inLanguage"));
    put(
        &mut found.publisher,
        object
            .get("publisher")
            .and_then(|publisher| publisher.get("name"))
            .and_then(Value::as_str)
            .map(str::to_owned),
    );
    put(&mut found.subtitle, text("alternativeHeadline"));
    put(
        &mut found.section,
        object.get("articleSection").and_then(first_text),
    );
    put(
        &mut found.image,
        object
            .get("image")
            .or_else(|| object.get("thumbnailUrl"))
            .and_then(first_text),
    );
    found.is_paid |= object
        .get("isAccessibleForFree")
        .is_some_and(|value| match value {
            Value::Bool(is_free) => !is_free,
            Value::String(text) => text.eq_ignore_ascii_case("false"),
            _ => false,
        });
    if let Some(Value::Array(entries)) = object.get("liveBlogUpdate")
        && found.updates.is_empty()
    {
        found.updates = entries.iter().take(MAX_UPDATES).map(update).collect();
    }
    let authors = object.get("author").map(names).unwrap_or_default();
    if !authors.is_empty() && (is_better || found.authors.is_empty()) {
        found.authors = authors;
    }
}

/// Headline and text of an entry of a live blog.
fn update(entry: &Value) -> (String, String) {
    let text = |key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    (text("headline"), text("articleBody"))
}

/// The first text of a value: itself, the first of a list, the address or name of an object.
fn first_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => Some(text.as_str()),
        Value::Array(items) => {
            return items
                .first()
                .filter(|item| !item.is_array())
                .and_then(first_text);
        }
        Value::Object(map) => map
            .get("url")
            .or_else(|| map.get("@id"))
            .or_else(|| map.get("name"))
            .and_then(Value::as_str),
        _ => None,
    };
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The names in an author value: a string, an object, or a list of them.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.trim().to_owned()],
        Value::Array(items) => items
            .iter()
            .take(50)
            .flat_map(|item| match item {
                Value::Array(_) => Vec::new(),
                other => names(other),
            })
            .collect(),
        Value::Object(map) => match map.get("name") {
            Some(Value::String(name)) => vec![name.trim().to_owned()],
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
