//! Reads an open dataset in JSON into a table: a list of objects, alone or somewhere in an answer, becomes rows.
//!
//! The column headings are the keys in the order they first appear; a nested object's keys are joined by a dot. The
//! table's title ends with the JSON pointer of the list, so that row `n` is entry `n - 1` below that pointer and each
//! cell can be found again in the file. Left out: lists of plain values, which have no headings.

use serde_json::{Map, Value};

use super::{NotADocument, Page, api, files};
use crate::model::{About, CanonicalUrl, DateOrigin, Document, Table};

/// Most rows read.
const MAX_ROWS: usize = 100_000;
/// Most columns read.
const MAX_COLUMNS: usize = 512;
/// Deepest place at which a list is looked for, and deepest object written out in columns.
const MAX_DEPTH: usize = 6;

/// Whether a page is a JSON file that is no item of a configured API.
pub(super) fn is_dataset(page: &Page<'_>) -> bool {
    let kind = page.content_type.unwrap_or_default().to_ascii_lowercase();
    let path = page.url.split(['?', '#']).next().unwrap_or_default();
    let is_named = kind.starts_with("application/json") || path.ends_with(".json");
    let first = page.bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    page.api.is_none() && is_named && matches!(first, Some(b'[' | b'{'))
}

/// Reads the file.
pub(super) fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    let value: Value =
        serde_json::from_slice(page.bytes).map_err(|error| NotADocument::BadFile {
            detail: error.to_string(),
        })?;
    let mut lists = Vec::new();
    find(&value, String::new(), 0, &mut lists);
    let mut warnings = Vec::new();
    let tables: Vec<Table> = lists
        .into_iter()
        .map(|(pointer, rows)| table(pointer, rows, &mut warnings))
        .collect();
    if tables.is_empty() {
        return Err(NotADocument::Empty);
    }
    Ok(Document {
        url: CanonicalUrl(page.url.to_owned()),
        title: files::title(page, ""),
        authors: Vec::new(),
        published: api::read_date(page, page.hint.published.as_deref(), DateOrigin::Discovery),
        modified: None,
        language: files::language(page, &tables),
        blocks: Vec::new(),
        tables,
        alternates: Vec::new(),
        warnings,
        about: About::default(),
    })
}

/// The lists of objects in a value, with their pointers (RFC 6901).
fn find<'v>(
    value: &'v Value,
    pointer: String,
    depth: usize,
    lists: &mut Vec<(String, Vec<&'v Map<String, Value>>)>,
) {
    match value {
        Value::Array(entries) => {
            let rows: Vec<&Map<String, Value>> =
                entries.iter().filter_map(Value::as_object).collect();
            if rows.len() == entries.len() && !rows.is_empty() {
                lists.push((pointer, rows));
            }
        }
        Value::Object(fields) if depth < MAX_DEPTH => {
            for (key, inner) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                find(inner, format!("{pointer}/{key}"), depth + 1, lists);
            }
        }
        _ => {}
    }
}

/// A list of objects as a table.
fn table(pointer: String, rows: Vec<&Map<String, Value>>, warnings: &mut Vec<String>) -> Table {
    if rows.len() > MAX_ROWS {
        warnings.push(format!(
            "only the first {MAX_ROWS} entries of {pointer} are read"
        ));
    }
    let flat: Vec<Vec<(String, String)>> = rows
        .into_iter()
        .take(MAX_ROWS)
        .map(|row| {
            let mut cells = Vec::new();
            flatten(row, "", 0, &mut cells);
            cells
        })
        .collect();
    let mut columns: Vec<&str> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (key, _) in flat.iter().flatten() {
        if columns.len() < MAX_COLUMNS && !places.contains_key(key.as_str()) {
            places.insert(key.as_str(), columns.len());
            columns.push(key);
        }
    }
    let header: Vec<String> = columns.iter().map(|key| (*key).to_owned()).collect();
    let body = flat.iter().map(|cells| {
        let mut row = vec![String::new(); header.len()];
        for (key, text) in cells {
            if let Some(place) = places.get(key.as_str()) {
                row[*place].clone_from(text);
            }
        }
        row
    });
    let body: Vec<Vec<String>> = body.collect();
    let mut all = vec![header];
    all.extend(body);
    Table {
        title: pointer,
        n_header_rows: 1,
        rows: all,
        n_blocks_before: 0,
    }
}

/// The fields of an entry as cells.
fn flatten(
    fields: &Map<String, Value>,
    above: &str,
    depth: usize,
    cells: &mut Vec<(String, String)>,
) {
    for (key, value) in fields {
        let key = match above {
            "" => key.clone(),
            above => format!("{above}.{key}"),
        };
        match value {
            Value::Object(inner) if depth < MAX_DEPTH => flatten(inner, &key, depth + 1, cells),
            Value::String(text) => cells.push((key, text.clone())),
            Value::Number(number) => cells.push((key, number.to_string())),
            Value::Bool(value) => cells.push((key, value.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => cells.push((key, String::new())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_entries_anywhere_becomes_a_table_under_its_pointer() {
        let json = r#"{"meta":{"total":2},"data/x":{"hits":[
            {"region":"Лесная область","values":{"registered":1204}},
            {"region":"Степная область","values":{"registered":null},"note":"нет данных"}]}}"#;
        let page = Page {
            content_type: Some("application/json"),
            ..Page::plain("https://data.example/set.json", json.as_bytes())
        };
        assert!(is_dataset(&page));
        let found = document(&page).unwrap();
        assert_eq!(found.tables[0].title, "/data~1x/hits");
        let rows: Vec<String> = found.tables[0]
            .rows
            .iter()
            .map(|row| row.join("|"))
            .collect();
        let expected = [
            "region|values.registered|note",
            "Лесная область|1204|",
            "Степная область||нет данных",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn json_without_a_list_of_entries_is_no_document() {
        for json in ["{}", "[1, 2]", "{\"a\":{\"b\":[]}}", "[{\"a\":"] {
            let page = Page {
                content_type: Some("application/json"),
                ..Page::plain("https://data.example/set.json", json.as_bytes())
            };
            assert!(document(&page).is_err(), "{json}");
        }
    }
}
