//! The page templates of the fictional web, one for each kind of site that a crawler meets.

use serde_json::json;

use super::{Article, Site, Template};
use crate::serve::html::escaped;

/// A publication's page as bytes with its media type.
pub(super) fn page(
    site: &Site,
    root: &str,
    article: &Article,
    paragraphs: &[String],
) -> (&'static str, Vec<u8>) {
    let name = escaped(site.name.any());
    match site.template {
        Template::Modern => (UTF8, modern(&name, root, article, paragraphs).into_bytes()),
        Template::Wordpress => (UTF8, wordpress(&name, article, paragraphs).into_bytes()),
        Template::Legacy => (
            "text/html",
            windows_1251(&legacy(&name, article, paragraphs)),
        ),
        Template::Json => (UTF8, shell(&name).into_bytes()),
    }
}

/// Media type of a page in UTF-8.
const UTF8: &str = "text/html; charset=utf-8";

/// Paragraphs and table of a publication.
pub(super) fn body(article: &Article, paragraphs: &[String]) -> String {
    let mut html: String = paragraphs
        .iter()
        .map(|text| format!("<p>{}</p>\n", escaped(text)))
        .collect();
    for (place, row) in article.table.iter().enumerate() {
        let tag = if place == 0 { "th" } else { "td" };
        let cells: String = row
            .iter()
            .map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)))
            .collect();
        html.push_str(if place == 0 { "<table>\n" } else { "" });
        html.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    if !article.table.is_empty() {
        html.push_str("</table>\n");
    }
    html
}

/// Semantic HTML with JSON-LD and OpenGraph.
fn modern(name: &str, root: &str, article: &Article, paragraphs: &[String]) -> String {
    let title = escaped(&article.title);
    let published = article.published.to_rfc3339();
    let data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": published,
        "inLanguage": article.language,
    });
    format!(
        r#"<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} | {name}</title>
<link rel="canonical" href="{root}{path}">
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{published}">
<script type="application/ld+json">{data}</script></head>
<body><header><nav><a href="/">{name}</a> <a href="/about">About</a> <a href="/contacts">Contacts</a></nav></header>
<main><article><h1>{title}</h1><time datetime="{published}">{day}</time>
{body}</article></main>
<footer><p>© {name}</p></footer></body></html>"#,
        language = article.language,
        path = escaped(&article.path),
        day = article.published.format("%d.%m.%Y"),
        body = body(article, paragraphs),
    )
}

/// The markup of a common blog engine.
fn wordpress(name: &str, article: &Article, paragraphs: &[String]) -> String {
    let title = escaped(&article.title);
    format!(
        r#"<!DOCTYPE html>
<html lang="{language}"><head><meta charset="UTF-8"><title>{title} – {name}</title>
<meta name="generator" content="fictional"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{published}"></head>
<body class="post-template single"><div id="page" class="site"><header class="site-header"><p class="site-title">{name}</p></header>
<div id="content"><article class="post hentry"><header class="entry-header"><h1 class="entry-title">{title}</h1>
<div class="entry-meta"><time class="entry-date published" datetime="{published}">{day}</time></div></header>
<div class="entry-content">
{body}</div><footer class="entry-footer"><ul class="share-buttons"><li>Telegram</li><li>WhatsApp</li></ul></footer></article>
<aside class="widget-area"><h2>Popular</h2><ul><li>Weather for the week</li><li>Exchange rates</li></ul></aside></div></div></body></html>"#,
        language = article.language,
        published = article.published.to_rfc3339(),
        day = article.published.format("%d.%m.%Y"),
        body = body(article, paragraphs),
    )
}

/// Nested tables with a visible date, as sites of twenty years ago are built.
fn legacy(name: &str, article: &Article, paragraphs: &[String]) -> String {
    let title = escaped(&article.title);
    format!(
        r##"<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>{title} :: {name}</title></head>
<body bgcolor="#ffffff"><table width="100%"><tr><td width="180"><a href="/news">Новости</a><br><a href="/about.php">О нас</a><br><a href="/map.php">Карта сайта</a></td>
<td><h1>{title}</h1><div class="date">{day}</div>
<div class="text">{body}</div></td></tr></table>
<center><small>{name}. При перепечатке ссылка обязательна.</small></center></body></html>"##,
        day = article.published.format("%d.%m.%Y %H:%M"),
        body = body(article, paragraphs),
    )
}

/// The empty page of a site that scripts fill.
fn shell(name: &str) -> String {
    format!(
        r#"<!doctype html><html><head><meta charset="utf-8"><title>{name}</title></head><body><div id="app"></div></body></html>"#
    )
}

/// Text in windows-1251; letters it lacks become numeric references, as old engines write Kazakh.
fn windows_1251(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let code = u32::from(letter);
        match letter {
            '\0'..='\u{7f}' => bytes.push(u8::try_from(code).expect("ASCII is one byte")),
            'А'..='я' => {
                let byte = u8::try_from(code - 0x410 + 0xC0).expect("64 letters from 0xC0 on");
                bytes.push(byte);
            }
            'Ё' => bytes.push(0xA8),
            'ё' => bytes.push(0xB8),
            '«' => bytes.push(0xAB),
            '»' => bytes.push(0xBB),
            '№' => bytes.push(0xB9),
            '–' => bytes.push(0x96),
            '—' => bytes.push(0x97),
            _ => bytes.extend_from_slice(format!("&#{code};").as_bytes()),
        }
    }
    bytes
}
