//! How a fictional site lists its publications, and the entry of `sources.toml` that finds them.

use serde_json::{Value, json};

use super::{Article, Discovery, Name, PER_PAGE, Site};
use crate::serve::html::escaped;

/// The list at an address, with its media type; `None` when no list stands there.
pub(super) fn list(
    site: &Site,
    root: &str,
    wanted: &str,
    phase: u8,
) -> Option<(&'static str, String)> {
    let standing = |article: &&Article| article.paragraphs_in(phase).is_some();
    let articles: Vec<&Article> = site.article.iter().filter(standing).collect();
    match (site.discovery, wanted) {
        (Discovery::Rss, "rss.xml") => {
            Some(("application/rss+xml; charset=utf-8", rss(root, &articles)))
        }
        (Discovery::Sitemap, "sitemap.xml") => {
            Some(("application/xml; charset=utf-8", sitemap(root, &articles)))
        }
        (Discovery::Api, "api/news") => {
            let items: Vec<Value> = articles.iter().map(|one| head(root, one)).collect();
            Some(("application/json", json!({ "items": items }).to_string()))
        }
        (Discovery::Listing, _) => {
            let page = match wanted.strip_prefix("news") {
                Some("") => 0,
                Some(query) => query.strip_prefix("?page=")?.parse().ok()?,
                None => return None,
            };
            Some(("text/html; charset=utf-8", listing(&articles, page)))
        }
        _ => None,
    }
}

/// An RSS 2.0 feed.
fn rss(root: &str, articles: &[&Article]) -> String {
    let items: String = articles
        .iter()
        .map(|article| {
            format!(
                "<item><title>{}</title><link>{root}{}</link><pubDate>{}</pubDate></item>",
                escaped(&article.title),
                escaped(&article.path),
                article.published.to_rfc2822(),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>news</title><link>{root}</link><description>news</description>{items}</channel></rss>"
    )
}

/// A sitemap.
fn sitemap(root: &str, articles: &[&Article]) -> String {
    let urls: String = articles
        .iter()
        .map(|article| {
            format!(
                "<url><loc>{root}{}</loc><lastmod>{}</lastmod></url>",
                escaped(&article.path),
                article.published.to_rfc3339()
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
    )
}

/// One page of a listing, with a link to the next.
fn listing(articles: &[&Article], page: usize) -> String {
    let links: String = articles
        .iter()
        .skip(page * PER_PAGE)
        .take(PER_PAGE)
        .map(|article| {
            format!(
                "<li><a class=\"news-link\" href=\"/{}\">{}</a></li>",
                escaped(&article.path),
                escaped(&article.title)
            )
        })
        .collect();
    let next = if articles.len() > (page + 1) * PER_PAGE {
        format!("<a rel=\"next\" href=\"/news?page={}\">»</a>", page + 1)
    } else {
        String::new()
    };
    format!(
        "<!doctype html><html><head><title>news</title></head><body><ul>{links}</ul>{next}</body></html>"
    )
}

/// What the list of the JSON API says of a publication.
fn head(root: &str, article: &Article) -> Value {
    json!({
        "id": article.path,
        "url": format!("{root}{}", article.path),
        "title": article.title,
        "created_date": article.published.to_rfc3339(),
        "language": article.language,
    })
}

/// One publication of the JSON API, its body as HTML.
pub(super) fn item(root: &str, article: &Article, paragraphs: &[String]) -> Value {
    let mut item = head(root, article);
    item["body"] = super::pages::body(article, paragraphs).into();
    item
}

/// The site's entry in `sources.toml`.
pub(super) fn source(site: &Site, root: &str) -> String {
    let found = match site.discovery {
        Discovery::Rss => format!("feeds = [\"{root}rss.xml\"]"),
        Discovery::Sitemap => format!("sitemaps = [\"{root}sitemap.xml\"]"),
        Discovery::Listing => format!(
            "listings = [{{ url = \"{root}news\", links = \"a.news-link\", next = \"a[rel=next]\" }}]"
        ),
        Discovery::Api => format!(
            "api = {{ list = \"{root}api/news\", items = \"/items\", item = \"{root}api/news/{{id}}\", id = \"/id\", \
             url = \"/url\", title = \"/title\", published = \"/created_date\", language = \"/language\", body = \"/body\" }}"
        ),
    };
    let name = match &site.name {
        Name::One(name) => format!("{name:?}"),
        Name::Each(names) => {
            let pairs: Vec<String> = names
                .iter()
                .map(|(code, name)| format!("{code} = {name:?}"))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    };
    let languages: Vec<&str> = site.languages.iter().map(|one| one.code()).collect();
    format!(
        "\n[[source]]\nid = \"{}\"\nname = {}\nurl = \"{root}\"\nrole = \"{}\"\nlanguages = {languages:?}\nauthority = {:?}\n{found}\n",
        site.id, name, site.role, site.authority,
    )
}
