//! A page whose content is made in the program and not by a template of its own.

use askama::Template;
use axum::response::Html;

use super::error::Error;
use super::shell::{self, Shell};

#[derive(Template)]
#[template(path = "plain.html")]
struct Plain<'a> {
    shell: &'a Shell,
    title: &'a str,
    body: &'a str,
}

/// A whole page; `body` is HTML, `title` is text.
pub(super) fn page(shell: &Shell, title: &str, body: &str) -> Result<Html<String>, Error> {
    shell::page(&Plain { shell, title, body })
}
