//! Dresses a message as plain text, and as simple HTML that loads nothing.
//!
//! Both show the same in the same order. Crawled words stand in them as they were written: nothing is filled in,
//! nothing is markup.

use crate::model::{Message, MessageItem};

/// What a cut text ends with.
const CUT: &str = "…";

/// Subject left out: text, then each item, then the link.
pub fn plain(message: &Message) -> String {
    let mut parts = vec![message.text.trim().to_owned()];
    parts.extend(message.items.iter().map(plain_item));
    parts.extend(message.link.clone());
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn plain_item(item: &MessageItem) -> String {
    let mut lines = vec![format!("• {}", one_line(&item.title))];
    lines.extend(Some(one_line(&item.why)).filter(|why| !why.is_empty()));
    let facts = item.facts.iter();
    lines.extend(facts.map(|fact| format!("{}: {}", one_line(&fact.name), one_line(&fact.value))));
    lines.extend(item.url.clone());
    lines.join("\n")
}

/// The same as HTML without images, styles or scripts from elsewhere.
pub fn html(message: &Message) -> String {
    let mut out =
        String::from("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
    for line in message.text.trim().lines() {
        out.push_str(&format!("<p>{}</p>\n", escaped(line)));
    }
    if !message.items.is_empty() {
        out.push_str("<ul>\n");
        for item in &message.items {
            out.push_str(&html_item(item));
        }
        out.push_str("</ul>\n");
    }
    if let Some(link) = &message.link {
        out.push_str(&format!("<p>{}</p>\n", anchor(link, link)));
    }
    out.push_str("</body></html>\n");
    out
}

fn html_item(item: &MessageItem) -> String {
    let title = match &item.url {
        Some(url) => anchor(url, &one_line(&item.title)),
        None => escaped(&one_line(&item.title)),
    };
    let mut out = format!("<li>{title}");
    if !item.why.is_empty() {
        out.push_str(&format!("<br>{}", escaped(&one_line(&item.why))));
    }
    for fact in &item.facts {
        let name = escaped(&one_line(&fact.name));
        let value = escaped(&one_line(&fact.value));
        out.push_str(&format!("<br>{name}: {value}"));
    }
    out.push_str("</li>\n");
    out
}

/// A link, where the address is one of the web; else the words alone.
fn anchor(url: &str, words: &str) -> String {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    match is_web {
        true => format!("<a href=\"{}\">{}</a>", escaped(url), escaped(words)),
        false => escaped(words),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A text without line breaks or other control characters: an item cannot pretend to be the next one.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The text, cut at a character so that it has at most `most` UTF-16 units with the sign that it was cut.
/// `tail` is kept whole where it fits at all: a cut message still leads to the page that shows everything.
pub fn cut(text: &str, tail: Option<&str>, most: usize) -> String {
    let whole = match tail {
        Some(tail) if !text.is_empty() => format!("{text}\n\n{tail}"),
        Some(tail) => tail.to_owned(),
        None => text.to_owned(),
    };
    if units(&whole) <= most {
        return whole;
    }
    let end = tail.map(|tail| format!("{CUT}\n\n{tail}"));
    let end = end
        .filter(|end| units(end) <= most)
        .unwrap_or_else(|| CUT.to_owned());
    let room = most.saturating_sub(units(&end));
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.len_utf16();
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept + &end
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MessageFact;
    use proptest::prelude::*;

    fn message(title: &str) -> Message {
        Message {
            key: "k".to_owned(),
            subject: title.to_owned(),
            text: format!("Жаңа іс: {title}"),
            link: Some("https://watch.example/cases/1?a=1&b=2".to_owned()),
            items: vec![MessageItem {
                title: title.to_owned(),
                url: Some("javascript:alert(1)".to_owned()),
                why: title.to_owned(),
                facts: vec![MessageFact {
                    name: "record".to_owned(),
                    value: title.to_owned(),
                }],
            }],
        }
    }

    #[test]
    fn n09_crawled_text_is_escaped_and_nothing_is_loaded() {
        let crawled = r#"<img src="https://spy.example/p.gif" onerror='x'><script>1</script>&amp;"#;
        let shown = html(&message(crawled));
        for tag in ["<img", "<script", "src=\"", "onerror='", "javascript:"] {
            assert!(!shown.contains(tag), "{tag}: {shown}");
        }
        assert_eq!(shown.matches("&lt;img src=&quot;").count(), 4, "{shown}");
        assert!(shown.contains("href=\"https://watch.example/cases/1?a=1&amp;b=2\""));
        assert!(plain(&message(crawled)).contains(crawled));
    }

    #[test]
    fn n08_templates_in_crawled_text_stay_as_they_are() {
        let crawled = "{{7*7}} {% if x %} ${7*7} #{7*7} %s {0} \\n";
        assert_eq!(plain(&message(crawled)).matches(crawled).count(), 4);
        assert_eq!(html(&message(crawled)).matches(crawled).count(), 4);
    }

    #[test]
    fn an_item_cannot_pretend_to_be_two() {
        let mut forged = message("title");
        forged.items[0].title = "a\r\n\n• b\u{0}\u{85}c".to_owned();
        assert!(
            plain(&forged).contains("\n• a • b c\n"),
            "{}",
            plain(&forged)
        );
    }

    #[test]
    fn n10_a_cut_keeps_whole_characters_and_the_link() {
        let long = "🗂️ұ".repeat(4000);
        let shown = cut(&long, Some("https://watch.example/"), 4096);
        assert!(units(&shown) <= 4096 && units(&shown) > 4090);
        assert!(shown.ends_with("…\n\nhttps://watch.example/"));
        assert_eq!(cut("short", Some("link"), 4096), "short\n\nlink");
        assert_eq!(cut("", Some("link"), 4096), "link");
        assert_eq!(cut("abcdef", Some("a very long link"), 4), "abc…");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_cut_never_exceeds_its_limit(text in "\\PC{0,200}", tail in "[a-z]{0,30}", most in 1_usize..200) {
            prop_assert!(units(&cut(&text, Some(&tail), most)) <= most);
            prop_assert!(units(&cut(&text, None, most)) <= most);
        }
    }
}
