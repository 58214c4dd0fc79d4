//! Reads the lists of JSON APIs through the pointers of the configuration (RFC 6901).

use serde_json::Value;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::{Discovery, same_site};
use crate::config::Api;
use crate::language::Language;
use crate::model::{Hint, TargetKind};

/// The addresses of the first page of the list: one, or one for each language where it asks for one.
pub fn first_pages(api: &Api, languages: &[Language]) -> Vec<(String, Option<Language>)> {
    let list = api.list.replace("{page}", "1");
    let is_by_language = list.contains("{language}");
    if !is_by_language {
        return vec![(list, None)];
    }
    languages
        .iter()
        .map(|language| (list.replace("{language}", language.code()), Some(*language)))
        .collect()
}

/// The address of page `number` of the list, where its pages are numbered.
pub fn numbered_page(api: &Api, language: Option<Language>, number: usize) -> Option<String> {
    if !api.list.contains("{page}") {
        return None;
    }
    let list = api.list.replace("{page}", &number.to_string());
    Some(list.replace("{language}", language.map_or("", Language::code)))
}

/// Publications that a list names. `language` is the one the list was asked for.
///
/// # Errors
/// Says what is missing in the answer.
pub fn discover(
    bytes: &[u8],
    base: &Url,
    api: &Api,
    language: Option<Language>,
    limit: usize,
) -> Result<Discovery, String> {
    let answer: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("the list is no JSON: {error}"))?;
    let items = answer.pointer(&api.items).and_then(Value::as_array);
    let items = items.ok_or_else(|| format!("the list has no array at `{}`", api.items))?;
    let mut discovery = Discovery::default();
    for item in items {
        let at = |pointer: &Option<String>| {
            pointer
                .as_ref()
                .and_then(|pointer| item.pointer(pointer))
                .and_then(plain)
        };
        let code = at(&api.language)
            .and_then(|code| Language::from_code(&code))
            .or(language);
        let page_url = at(&api.url).and_then(|href| super::absolute(base, &href));
        let hint = Hint {
            page_url: page_url.clone(),
            title: at(&api.title),
            published: at(&api.published),
            language: code.map(|language| language.code().to_owned()),
        };
        let (address, kind) = match &api.item {
            Some(template) => (
                at(&api.id).map(|id| item_address(template, &id, code)),
                TargetKind::ApiItem,
            ),
            None => (page_url, TargetKind::Page),
        };
        discovery.add(base, &address.unwrap_or_default(), kind, hint, limit);
    }
    let next = api
        .next
        .as_ref()
        .and_then(|pointer| answer.pointer(pointer))
        .and_then(Value::as_str);
    let next = next.and_then(|href| super::absolute(base, href));
    discovery.next = next.filter(|next| Url::parse(next).is_ok_and(|url| same_site(&url, base)));
    Ok(discovery.without_repeats())
}

/// The address of one item; an id is data, so it is escaped.
fn item_address(template: &str, id: &str, language: Option<Language>) -> String {
    let id: String = byte_serialize(id.as_bytes()).collect();
    template
        .replace("{id}", &id.replace('+', "%20"))
        .replace("{language}", language.map_or("", Language::code))
}

/// A string, number or boolean as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api() -> Api {
        Api {
            list: "https://example.org/api/news".to_owned(),
            items: "/data/items".to_owned(),
            item: Some("https://example.org/api/news/{id}?lang={language}".to_owned()),
            id: Some("/id".to_owned()),
            url: Some("/url".to_owned()),
            title: Some("/title".to_owned()),
            published: Some("/created".to_owned()),
            language: Some("/lang".to_owned()),
            body: Some("/body".to_owned()),
            next: Some("/next".to_owned()),
            headers: Default::default(),
            line: 1,
        }
    }

    fn read(text: &str, api: &Api) -> Result<Discovery, String> {
        let base = Url::parse("https://example.org/api/news").unwrap();
        discover(text.as_bytes(), &base, api, None, 100)
    }

    #[test]
    fn items_lead_to_their_own_address_and_remember_the_page_readers_see() {
        let text = r#"{"data":{"items":[{"id":7,"url":"/kk/7","title":"Т","created":"2026-06-01T10:00:00+05:00","lang":"kk"},
            {"id":"a/b c","lang":"ru"},{"title":"no id"}]},"next":"/api/news?page=2"}"#;
        let discovery = read(text, &api()).unwrap();
        let first = &discovery.found[0];
        assert_eq!(first.url, "https://example.org/api/news/7?lang=kk");
        assert_eq!(first.kind, TargetKind::ApiItem);
        assert_eq!(
            first.hint.page_url.as_deref(),
            Some("https://example.org/kk/7")
        );
        assert_eq!(first.hint.language.as_deref(), Some("kk"));
        assert_eq!(
            discovery.found[1].url,
            "https://example.org/api/news/a%2Fb%20c?lang=ru"
        );
        assert_eq!((discovery.found.len(), discovery.n_skipped), (2, 1));
        assert_eq!(
            discovery.next.as_deref(),
            Some("https://example.org/api/news?page=2")
        );
    }

    #[test]
    fn a_list_without_item_addresses_leads_to_pages() {
        let api = Api {
            item: None,
            items: String::new(),
            ..api()
        };
        let discovery = read(r#"[{"url":"https://example.org/7"}]"#, &api).unwrap();
        assert_eq!(
            (discovery.found[0].kind, discovery.found[0].url.as_str()),
            (TargetKind::Page, "https://example.org/7")
        );
    }

    #[test]
    fn pages_are_numbered_and_asked_for_in_each_language() {
        let api = Api {
            list: "https://example.org/{language}/list?page={page}".to_owned(),
            ..api()
        };
        let first = first_pages(&api, &[Language::Kk, Language::Ru]);
        assert_eq!(
            first[1],
            (
                "https://example.org/ru/list?page=1".to_owned(),
                Some(Language::Ru)
            )
        );
        assert_eq!(
            numbered_page(&api, Some(Language::Kk), 3).as_deref(),
            Some("https://example.org/kk/list?page=3")
        );
    }

    #[test]
    fn answers_of_another_shape_say_what_is_missing() {
        assert!(
            read("<html>", &api())
                .unwrap_err()
                .starts_with("the list is no JSON")
        );
        assert_eq!(
            read("{}", &api()).unwrap_err(),
            "the list has no array at `/data/items`"
        );
    }
}
