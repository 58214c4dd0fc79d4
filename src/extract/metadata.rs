//! Reads the title, authors and addresses of a page: each out of several places, by agreement between them.

use url::Url;

use super::json_ld::JsonLd;
use super::lines::{Line, LineKind};
use super::marks::Marks;
use super::tree::{Tag, Tree};

/// Longest title believed, in characters.
const MAX_TITLE_CHARS: usize = 400;
/// Longest name of an author, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Most alternates kept.
const MAX_ALTERNATES: usize = 50;

/// The content of the first meta element with one of the names.
pub(super) fn meta<'t>(tree: &Tree<'t>, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        tree.heads("meta")
            .find(|node| {
                node.attr("property")
                    .or_else(|| node.attr("name"))
                    .is_some_and(|key| key.eq_ignore_ascii_case(name))
            })
            .and_then(|node| node.attr("content"))
            .map(str::trim)
            .filter(|content| !content.is_empty())
    })
}

/// The headline and the line it stands on.
pub(super) fn title(
    tree: &Tree<'_>,
    lines: &[Line],
    json_ld: &JsonLd,
    url: &str,
    hint: Option<&str>,
) -> (String, Option<usize>) {
    let site = site_names(tree, json_ld, url);
    let head = tree
        .heads
        .iter()
        .find(|at| tree.nodes[**at].name() == "title")
        .map(|at| tree.text_of(*at))
        .unwrap_or_default();
    let open_graph = meta(tree, &["og:title", "twitter:title", "dc.title", "title"]).map(fold);
    let named: Vec<String> = json_ld
        .headline
        .as_deref()
        .map(fold)
        .into_iter()
        .chain(open_graph)
        .chain([head])
        .filter(|text| !text.is_empty())
        .collect();
    let candidates = headline_lines(tree, lines, &site);
    // The title a page names in its head comes with the site's name, a headline line with labels: the line that shares
    // most with a named title is the headline, the better heading among equals.
    let shares = |at: &usize| n_shared(&bare(&lines[*at].text), &named, &site);
    let chosen = candidates
        .iter()
        .map(|at| (shares(at), *at))
        .filter(|(n, _)| *n > 0)
        .rev()
        .max_by_key(|(n, _)| *n)
        .map(|(_, at)| at)
        .or_else(|| {
            let mut firsts = candidates.iter().filter(|at| lines[**at].level == 1);
            firsts
                .next()
                .filter(|_| firsts.next().is_none() || named.is_empty())
                .copied()
        });
    if let Some(at) = chosen {
        return (lines[at].text.clone(), Some(at));
    }
    let best = named
        .iter()
        .map(|text| without_site(text, &site))
        .find(|text| !text.is_empty() && !site.contains(&bare(text)))
        .or_else(|| hint.map(fold))
        .or_else(|| candidates.first().map(|at| lines[*at].text.clone()))
        .unwrap_or_default();
    let wanted = bare(&best);
    let line = lines
        .iter()
        .position(|line| !wanted.is_empty() && bare(&line.text) == wanted);
    (best, line)
}

/// Characters a line shares with the named title nearest to it: all of the line inside a title, or a title inside the line.
fn n_shared(line: &str, named: &[String], site: &[String]) -> usize {
    /// Shortest line that can be told from a word of the title.
    const MIN_LINE_CHARS: usize = 8;
    /// Shortest title that can be told from a word of the line.
    const MIN_NAME_CHARS: usize = 15;
    let n_line = line.chars().count();
    if n_line < MIN_LINE_CHARS {
        return 0;
    }
    named
        .iter()
        .flat_map(|name| [bare(name), bare(&without_site(name, site))])
        .map(|name| {
            let n_name = name.chars().count();
            if name.contains(line) {
                n_line
            } else if n_name >= MIN_NAME_CHARS && line.contains(name.as_str()) {
                n_name
            } else {
                0
            }
        })
        .max()
        .unwrap_or(0)
}

/// Lines that may be the headline: headings, elements named so, and big or bold text of old pages.
fn headline_lines(tree: &Tree<'_>, lines: &[Line], site: &[String]) -> Vec<usize> {
    let is_possible = |line: &Line| {
        matches!(line.kind, LineKind::Text(_))
            && line.n_chars <= MAX_TITLE_CHARS
            && line.n_chars >= 4
            && !site.contains(&bare(&line.text))
    };
    let is_away = |line: &Line| {
        tree.ancestors(line.first).any(|above| {
            let node = &tree.nodes[above];
            matches!(node.tag, Tag::Nav | Tag::Aside | Tag::Footer)
                || (node.marks.has(if line.level == 1 {
                    // A column of opinion is a comment too: a heading of the first level is believed.
                    Marks::RELATED
                } else {
                    Marks::RELATED
                        .with(Marks::COMMENT)
                        .with(Marks::SIDE)
                        .with(Marks::NAVIGATION)
                }) && node.name() != "body"
                    && node.n_chars < 2_000)
        })
    };
    let rank = |line: &Line| -> Option<u8> {
        if line.level == 1 {
            return Some(0);
        }
        let is_marked = tree
            .ancestors(line.first)
            .take(3)
            .any(|above| tree.nodes[above].marks.has(Marks::HEADLINE));
        if is_marked && !line.is_linked_over(80) {
            return Some(1);
        }
        if line.level == 2 || line.level == 3 {
            return (!line.is_linked_over(80)).then_some(2);
        }
        let is_big = tree.ancestors(line.first).take(4).any(|above| {
            let node = &tree.nodes[above];
            node.name() == "font"
                && node.attr("size").is_some_and(|size| {
                    matches!(
                        size.trim(),
                        "4" | "5" | "6" | "7" | "+1" | "+2" | "+3" | "+4"
                    )
                })
        });
        (is_big || (line.n_bold_chars * 10 >= line.n_chars * 9 && line.n_link_chars == 0))
            .then_some(3)
    };
    let mut found: Vec<(u8, usize)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_possible(line))
        .filter_map(|(at, line)| Some((rank(line)?, at)))
        .filter(|(_, at)| !is_away(&lines[*at]))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// Names of the site in bare letters: what the page calls it, and the host's own label.
fn site_names(tree: &Tree<'_>, json_ld: &JsonLd, url: &str) -> Vec<String> {
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let host = host.trim_start_matches("www.");
    let mut names: Vec<String> = vec![bare(host)];
    names.extend(host.rsplit('.').nth(1).map(bare));
    names.extend(
        meta(
            tree,
            &[
                "og:site_name",
                "application-name",
                "al:android:app_name",
                "publisher",
                "dc.publisher",
            ],
        )
        .map(bare),
    );
    names.extend(json_ld.publisher.as_deref().map(bare));
    names.retain(|name| !name.is_empty());
    names
}

/// A title without the site's name at its end or start.
fn without_site(text: &str, site: &[String]) -> String {
    const SEPARATORS: [&str; 9] = [
        " | ", " — ", " – ", " - ", " :: ", " » ", " « ", " • ", " / ",
    ];
    let mut text = text.trim().to_owned();
    for _ in 0..3 {
        let Some((at, separator)) = SEPARATORS
            .iter()
            .filter_map(|separator| Some((text.rfind(separator)?, *separator)))
            .max()
        else {
            break;
        };
        let (start, end) = (
            text[..at].trim().to_owned(),
            text[at + separator.len()..].trim().to_owned(),
        );
        let is_site = |part: &str| {
            let part = bare(part);
            !part.is_empty()
                && site.iter().any(|name| {
                    part == *name
                        || (name.chars().count() >= 4
                            && (part.starts_with(name.as_str()) || name.starts_with(&part)))
                })
        };
        let n_start = start.chars().count();
        if is_site(&end)
            || (matches!(separator, " | " | " :: " | " » ")
                && n_start >= 15
                && end.chars().count() < n_start)
            || (n_start >= 25 && end.chars().count() <= 20)
        {
            text = start;
        } else if is_site(&start) {
            text = end;
        } else {
            break;
        }
    }
    text
}

/// Authors as printed.
pub(super) fn authors(tree: &Tree<'_>, json_ld: &JsonLd) -> Vec<String> {
    let mut names: Vec<String> = json_ld.authors.clone();
    if names.iter().all(|name| clean_name(name).is_none()) {
        names = meta(
            tree,
            &[
                "author",
                "article:author",
                "byl",
                "dc.creator",
                "parsely-author",
                "sailthru.author",
            ],
        )
        .map(str::to_owned)
        .into_iter()
        .collect();
    }
    if names.iter().all(|name| clean_name(name).is_none()) {
        names = tree
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                node.attr("rel") == Some("author")
                    || (node.marks.has(Marks::AUTHOR)
                        && node.n_chars > 0
                        && node.n_chars <= MAX_NAME_CHARS)
            })
            .filter(|(at, _)| {
                !tree.ancestors(*at).any(|above| {
                    tree.nodes[above]
                        .marks
                        .has(Marks::COMMENT.with(Marks::RELATED).with(Marks::SIDE))
                })
            })
            .map(|(at, _)| tree.text_of(at))
            .find(|text| clean_name(text).is_some())
            .into_iter()
            .collect();
    }
    let mut clean: Vec<String> = Vec::new();
    for name in names.iter().filter_map(|name| clean_name(name)) {
        if !clean.contains(&name) {
            clean.push(name);
        }
    }
    clean
}

/// A name without "by", or `None` for what is no name.
fn clean_name(text: &str) -> Option<String> {
    let text = fold(text);
    let lower = text.to_lowercase();
    let start = [
        "by ",
        "written by ",
        "posted by ",
        "автор: ",
        "автор ",
        "авторы: ",
        "авторы: ",
        "текст: ",
        "мәтін: ",
    ]
    .iter()
    .find(|start| lower.starts_with(**start))
    .map_or(0, |start| start.len());
    let name = text
        .get(start..)?
        .trim()
        .trim_end_matches([',', '|', '·'])
        .trim();
    let is_name = !name.is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.contains("://")
        && !name.contains('{')
        && name.chars().any(char::is_alphabetic)
        && super::dates::first(name, false).is_none();
    is_name.then(|| name.to_owned())
}

/// The one address of the page: `rel=canonical` or `og:url` on the same site, else the address it came from.
pub(super) fn canonical(tree: &Tree<'_>, url: &str) -> String {
    let base = Url::parse(url).ok();
    let declared = tree
        .heads("link")
        .find(|node| has_word(node.attr("rel"), "canonical"))
        .and_then(|node| node.attr("href"))
        .into_iter()
        .chain(meta(tree, &["og:url"]));
    for address in declared {
        let resolved = match &base {
            Some(base) => base.join(address.trim()).ok(),
            None => Url::parse(address.trim()).ok(),
        };
        if let Some(resolved) = resolved
            && base
                .as_ref()
                .is_none_or(|base| is_same_site(base, &resolved) && is_as_deep(base, &resolved))
        {
            return without_fragment(resolved);
        }
    }
    base.map_or_else(|| url.to_owned(), without_fragment)
}

/// Whether two addresses belong to one site: the same host and port, but for `www.`, `m.` and the scheme.
pub(super) fn is_same_site(one: &Url, other: &Url) -> bool {
    let host = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        ["www.", "m.", "amp.", "mobile."]
            .iter()
            .find_map(|prefix| host.strip_prefix(prefix))
            .unwrap_or(&host)
            .to_owned()
    };
    matches!(other.scheme(), "http" | "https")
        && host(one) == host(other)
        && (one.port() == other.port())
}

/// A canonical address that is the front page of a site is a mistake of its template, unless the page is the front page.
fn is_as_deep(page: &Url, canonical: &Url) -> bool {
    canonical.path() != "/" || page.path() == "/" || canonical.query().is_some()
}

/// The address without its fragment.
fn without_fragment(mut url: Url) -> String {
    url.set_fragment(None);
    url.into()
}

/// The page in other languages and forms.
pub(super) fn alternates(tree: &Tree<'_>, url: &str) -> Vec<(String, String)> {
    let base = Url::parse(url).ok();
    let mut found: Vec<(String, String)> = Vec::new();
    for node in tree.heads("link") {
        let name = if has_word(node.attr("rel"), "amphtml") {
            "amp"
        } else if has_word(node.attr("rel"), "alternate")
            && let Some(language) = node.attr("hreflang")
        {
            language.trim()
        } else {
            continue;
        };
        let address = node.attr("href").and_then(|href| match &base {
            Some(base) => base.join(href).ok(),
            None => Url::parse(href).ok(),
        });
        if let Some(address) = address
            && matches!(address.scheme(), "http" | "https")
            && found.len() < MAX_ALTERNATES
        {
            found.push((name.to_ascii_lowercase(), address.into()));
        }
    }
    found
}

/// Whether an attribute's words hold one.
fn has_word(value: Option<&str>, word: &str) -> bool {
    value.is_some_and(|value| {
        value
            .split_ascii_whitespace()
            .any(|part| part.eq_ignore_ascii_case(word))
    })
}

/// Text with white space folded and markup characters read (`&amp;` written twice).
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    super::tree::fold_into(&mut out, text);
    let out = out.trim();
    if out.contains('&') && out.contains(';') {
        // Markup characters written twice: the parser has read one layer, this reads the other.
        let inner = scraper::Html::parse_fragment(&out.replace('<', "&lt;"));
        inner.root_element().text().collect()
    } else {
        out.to_owned()
    }
}

/// Letters and digits in lower case.
pub(super) fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
