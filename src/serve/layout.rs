//! The frame of every page: head, navigation, main part.

use super::html::escaped;

/// A whole page; `body` is HTML, `title` and `here` (the current path) are text.
pub(super) fn page(title: &str, here: &str, body: &str) -> String {
    let link = |path: &str, word: &str| {
        let current = if path == here {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!("<a href=\"{path}\"{current}>{word}</a>")
    };
    format!(
        r##"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Aigaq</title><link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/app.css"></head>
<body><a class="skip" href="#main">To the content</a>
<header class="top"><a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="26" height="26"><span lang="kk">Айғақ</span></a>
<nav class="nav" aria-label="Main">{cases}{search}{saved}</nav></header>
<main class="page" id="main">{body}</main>
<footer class="foot"><p>The program proposes, a person decides. Both sides are quoted as published.</p></footer></body></html>"##,
        title = escaped(title),
        cases = link("/", "Cases"),
        search = link("/search", "Search"),
        saved = link("/saved", "Saved"),
    )
}
