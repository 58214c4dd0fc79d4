//! Finds the filters that stand in a query, and writes it with others in their place: what facets and chips are links of.

use super::lex::{FIELDS, is_quote};

/// A filter by a field, as it stands in a query outside of any group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Name of the field in lower case.
    pub field: String,
    /// The values between its commas, without quotation marks.
    pub values: Vec<String>,
}

/// The filters of a query in the order typed. What stands in a group, or after a `-`, is none.
pub fn filters(text: &str) -> Vec<Filter> {
    pieces(text)
        .iter()
        .filter_map(|piece| read(piece))
        .collect()
}

/// A query with these values of a field in place of those by the same field; without values the field is left out.
pub fn filtered(text: &str, field: &str, values: &[String]) -> String {
    let list = values.join(",");
    if list.is_empty() {
        return kept(text, field).join(" ");
    }
    let needs_quotes = list.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|'));
    let list = if needs_quotes {
        format!("\"{list}\"")
    } else {
        list
    };
    narrowed(text, field, &list)
}

/// A query with a filter by a field in place of those by the same field; `value` is written as it is.
pub(in crate::index) fn narrowed(text: &str, field: &str, value: &str) -> String {
    let mut pieces = kept(text, field);
    pieces.push(format!("{field}:{value}"));
    pieces.join(" ")
}

/// The pieces of a query that are no filter by a field.
fn kept(text: &str, field: &str) -> Vec<String> {
    let of_field = format!("{field}:");
    let mut pieces = pieces(text);
    pieces.retain(|piece| !piece.to_lowercase().starts_with(&of_field));
    pieces
}

/// Cuts a query at spaces outside of quotations and groups.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    let (mut is_quoted, mut depth) = (false, 0_usize);
    for letter in text.chars() {
        is_quoted ^= is_quote(letter);
        match letter {
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter.is_whitespace() && !is_quoted && depth == 0 {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// A piece as a filter.
fn read(piece: &str) -> Option<Filter> {
    let (field, list) = piece.split_once(':')?;
    let field = field.to_lowercase();
    if !FIELDS.contains(&field.as_str()) {
        return None;
    }
    let list = list.trim_matches(is_quote);
    let values = list.split(',').map(str::trim);
    let values: Vec<String> = values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect();
    (!values.is_empty()).then_some(Filter { field, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters as `field=value,value`.
    fn check(text: &str, expected: &[&str]) {
        let found = filters(text);
        let found: Vec<String> = found
            .iter()
            .map(|filter| format!("{}={}", filter.field, filter.values.join(",")))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn filters_are_read_where_they_narrow_the_whole_query() {
        check("порт source:a,b Lang:kk", &["source=a,b", "lang=kk"]);
        check(
            "person:\"А. Омаров,Б. Серик\" x",
            &["person=А. Омаров,Б. Серик"],
        );
        check(
            "(порт source:a | мост) -lang:kk sorce:x https://a.example",
            &[],
        );
        check("source: lang:,", &[]);
    }

    #[test]
    fn a_filter_takes_the_place_of_those_by_its_field() {
        let own = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        let cases = [
            (
                "порт source:a",
                "source",
                own(&["a", "b"]),
                "порт source:a,b",
            ),
            ("порт source:a x", "source", own(&[]), "порт x"),
            ("", "person", own(&["А. Омаров"]), "person:\"А. Омаров\""),
            (
                "(a source:b)",
                "source",
                own(&["c"]),
                "(a source:b) source:c",
            ),
        ];
        for (text, field, values, expected) in cases {
            assert_eq!(filtered(text, field, &values), expected, "{text}");
        }
        assert_eq!(
            narrowed("a published:2026", "published", "-7d"),
            "a published:-7d"
        );
    }
}
