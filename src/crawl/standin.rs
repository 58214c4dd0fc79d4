//! Tells a page from what is sent in its place with a good status: a check that its visitor is a person, a question for
//! consent, a log-in, a note that nothing stands there or that the site is being worked on.
//!
//! Taken for the page, each of them would be a new revision without the sentences of the old one, and a publication would
//! seem to have been changed or withdrawn. What is recognised here counts as an answer that could not be read: it is
//! asked for again later, and what is known of the page stays as it is.
//! Only short pages are looked at, and only whole titles are compared: an article about such a page is an article.

use url::Url;

use super::fetch::Exchange;
use crate::markup::{charset, scan};

/// Visible characters from which a page is a page, whatever its title.
const MAX_CHARS: usize = 2_000;
/// Visible characters under which a page that sets a cookie and loads itself again shows nothing else.
const MAX_CHARS_OF_RELOADING: usize = 200;
/// Largest page that does no more than that, in bytes.
const MAX_BYTES_OF_RELOADING: usize = 8 * 1024;
/// Largest body that is looked at, in bytes: no stand-in is larger.
const MAX_BYTES: usize = 512 * 1024;

/// What can stand in a page's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandIn {
    /// A check that the visitor is a person, or a browser.
    Challenge,
    /// A question for consent.
    Consent,
    /// A form to log in.
    Login,
    /// A note that nothing stands there.
    NothingHere,
    /// A note that the site is being worked on.
    Closed,
}

impl StandIn {
    /// In words for people.
    pub fn describe(self) -> &'static str {
        match self {
            StandIn::Challenge => "a check that the visitor is a person stands in the page's place",
            StandIn::Consent => "a question for consent stands in the page's place",
            StandIn::Login => "a form to log in stands in the page's place",
            StandIn::NothingHere => {
                "a note that nothing is there stands in the page's place, though the status says otherwise"
            }
            StandIn::Closed => "a note that the site is being worked on stands in the page's place",
        }
    }
}

/// Titles, or parts of titles between separators, in lower case.
const TITLES: [(StandIn, &[&str]); 4] = [
    (
        StandIn::Challenge,
        &[
            "just a moment",
            "один момент",
            "attention required!",
            "attention required",
            "ddos-guard",
            "checking your browser",
            "checking your browser before accessing",
            "проверка браузера",
            "проверяем ваш браузер",
            "браузер тексерілуде",
            "are you a robot?",
            "are you a robot",
            "вы не робот?",
            "вы не робот",
            "вы робот?",
            "подтвердите, что вы не робот",
            "подтвердите, что запросы отправляли вы, а не робот",
            "робот емес екеніңізді растаңыз",
            "сіз робот емессіз бе?",
            "robot check",
            "bot verification",
            "human verification",
            "verify you are human",
            "security check",
            "проверка безопасности",
            "captcha",
            "recaptcha",
            "капча",
            "access denied",
            "доступ ограничен",
            "доступ запрещен",
            "доступ запрещён",
            "request rejected",
        ],
    ),
    (
        StandIn::Consent,
        &[
            "before you continue",
            "cookie consent",
            "cookies consent",
            "consent",
            "согласие на использование файлов cookie",
            "cookie файлдарын пайдалануға келісім",
        ],
    ),
    (
        StandIn::NothingHere,
        &[
            "404",
            "404 not found",
            "404 error",
            "404 page not found",
            "not found",
            "page not found",
            "error 404",
            "ошибка 404",
            "404 ошибка",
            "404 страница не найдена",
            "страница не найдена",
            "страница не существует",
            "страница удалена",
            "материал не найден",
            "новость не найдена",
            "запись не найдена",
            "такой страницы нет",
            "бет табылмады",
            "бұл бет табылмады",
            "парақ табылмады",
            "парақша табылмады",
            "бет жоқ",
            "404 қате",
            "қате 404",
            "404 қатесі",
            "жаңалық табылмады",
        ],
    ),
    (
        StandIn::Closed,
        &[
            "maintenance",
            "site maintenance",
            "under maintenance",
            "site under maintenance",
            "maintenance mode",
            "scheduled maintenance",
            "технические работы",
            "ведутся технические работы",
            "на сайте ведутся технические работы",
            "сайт на обслуживании",
            "сайт временно недоступен",
            "сайт закрыт на техническое обслуживание",
            "техникалық жұмыстар",
            "техникалық жұмыстар жүргізілуде",
            "сайтта техникалық жұмыстар жүріп жатыр",
            "сайт уақытша жұмыс істемейді",
        ],
    ),
];

/// Parts of an address to which a page is redirected when it is not shown, with what stands there.
const PLACES: [(StandIn, &[&str]); 3] = [
    (
        StandIn::Challenge,
        &["captcha", "showcaptcha", "challenge", "blocked", "antibot"],
    ),
    (StandIn::Consent, &["consent", "cookie-consent", "gdpr"]),
    (
        StandIn::Login,
        &["login", "signin", "sign-in", "sso", "log-in", "auth"],
    ),
];

/// What stands in the place of the page asked for; `None` when it is the page.
pub fn of(asked: &Url, exchange: &Exchange) -> Option<StandIn> {
    if exchange
        .header("cf-mitigated")
        .is_some_and(|value| value.eq_ignore_ascii_case("challenge"))
    {
        return Some(StandIn::Challenge);
    }
    if let Some(place) = place_led_to(asked, &exchange.url) {
        return Some(place);
    }
    let body = &exchange.body;
    let content_type = exchange.header("content-type");
    let is_html = content_type.is_none_or(|kind| kind.to_ascii_lowercase().contains("html"));
    if !is_html || body.len() > MAX_BYTES {
        return None;
    }
    let text = charset::decode(body, content_type).text;
    of_page(&text)
}

/// What a page is, by its own title and script.
fn of_page(text: &str) -> Option<StandIn> {
    let scanned = scan::scan(text);
    let n_chars = visible_chars(&scanned.html);
    if n_chars >= MAX_CHARS {
        return None;
    }
    // The name under which the most common check keeps its settings; pages that were let through do not carry it.
    if text.contains("_cf_chl_opt") {
        return Some(StandIn::Challenge);
    }
    let holds_data = !scanned.state.is_empty() || !scanned.json_ld.is_empty();
    let may_reload = text.len() < MAX_BYTES_OF_RELOADING && !holds_data;
    if may_reload && n_chars < MAX_CHARS_OF_RELOADING && sets_a_cookie_and_reloads(text) {
        return Some(StandIn::Challenge);
    }
    let title = title(&scanned.html)?;
    let parts = title
        .split(['|', '—', '–', '»', '·'])
        .flat_map(|part| part.split(" - "))
        .map(|part| {
            part.trim_matches(|letter: char| letter.is_whitespace() || ".…!-".contains(letter))
        })
        .chain(std::iter::once(title.as_str()));
    let known = |part: &str| {
        let is_named = |(_, titles): &&(StandIn, &[&str])| titles.contains(&part);
        TITLES.iter().find(is_named).map(|(stands, _)| *stands)
    };
    parts.filter(|part| !part.is_empty()).find_map(known)
}

/// Whether a script writes a cookie and asks for the page again.
fn sets_a_cookie_and_reloads(text: &str) -> bool {
    let script: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let script = script.to_ascii_lowercase();
    let reloads = [
        "location.reload",
        "location.href=",
        "location.replace",
        "location=",
    ];
    script.contains("document.cookie=") && reloads.iter().any(|call| script.contains(call))
}

/// The place a page was redirected to, if it is one where no page stands and was not asked for.
fn place_led_to(asked: &Url, answered: &Url) -> Option<StandIn> {
    if asked == answered {
        return None;
    }
    let words = |url: &Url| -> Vec<String> {
        let host = url.host_str().unwrap_or_default();
        let first_label = host.split('.').next().unwrap_or_default();
        let segments = url.path().split('/').map(|segment| {
            let stem = segment.split('.').next().unwrap_or_default();
            stem.to_ascii_lowercase()
        });
        segments.chain([first_label.to_ascii_lowercase()]).collect()
    };
    let before = words(asked);
    let after = words(answered);
    PLACES
        .iter()
        .find(|(_, places)| {
            after
                .iter()
                .any(|word| places.contains(&word.as_str()) && !before.contains(word))
        })
        .map(|(stands, _)| *stands)
}

/// The title of a page in lower case, white space folded; its first heading when it has none.
fn title(html: &str) -> Option<String> {
    let lower = html.to_lowercase();
    ["title", "h1"].iter().find_map(|name| {
        let start = lower.find(&format!("<{name}"))?;
        let from = start + lower[start..].find('>')? + 1;
        let end = from + lower[from..].find("</")?;
        let words: Vec<&str> = lower[from..end].split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" ").replace(": ", " "))
    })
}

/// Letters and digits outside tags: what a reader could see, roughly.
fn visible_chars(html: &str) -> usize {
    let mut is_tag = false;
    let mut n_chars = 0;
    for letter in html.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if !is_tag && letter.is_alphanumeric() => n_chars += 1,
            _ => {}
        }
    }
    n_chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_pages_place_is_told_by_its_title_or_its_script() {
        let cases = [
            (
                "<title>Just a moment...</title><p>Checking",
                StandIn::Challenge,
            ),
            ("<title>DDoS-Guard</title>", StandIn::Challenge),
            (
                "<title>Attention Required! | Shield</title><p>x",
                StandIn::Challenge,
            ),
            (
                "<title>Вы не робот?</title><form><input>",
                StandIn::Challenge,
            ),
            (
                "<html><script>window._cf_chl_opt = {}</script>",
                StandIn::Challenge,
            ),
            (
                "<script>document.cookie = 'k=1'; location.reload()</script>",
                StandIn::Challenge,
            ),
            (
                "<script>document.cookie='k=1';window.location = '/a'</script><noscript>Enable JavaScript</noscript>",
                StandIn::Challenge,
            ),
            ("<title>Before you continue</title>", StandIn::Consent),
            (
                "<title>Страница не найдена — Степной вестник</title><p>Вернитесь на главную",
                StandIn::NothingHere,
            ),
            (
                "<title>404: страница не найдена</title>",
                StandIn::NothingHere,
            ),
            (
                "<title>Степной вестник | Ошибка 404</title>",
                StandIn::NothingHere,
            ),
            ("<TITLE>\n Бет табылмады \n</TITLE>", StandIn::NothingHere),
            ("<h1>Page not found</h1>", StandIn::NothingHere),
            (
                "<title>На сайте ведутся технические работы</title>",
                StandIn::Closed,
            ),
            ("<title>Техникалық жұмыстар</title>", StandIn::Closed),
        ];
        for (page, expected) in cases {
            assert_eq!(of_page(page), Some(expected), "{page}");
        }
    }

    #[test]
    fn an_article_about_such_a_page_is_an_article() {
        let body = "В районе прошла проверка готовности школ к новому учебному году. ".repeat(50);
        let pages = [
            "<title>Страница не найдена: куда делся сайт акимата</title><p>Короткая заметка.".to_owned(),
            format!("<title>Технические работы</title><p>{body}"),
            "<title>В Павлодаре построили 404 дома</title><p>Коротко.".to_owned(),
            format!("<title>Вы не робот</title><script>window._cf_chl_opt=1</script><p>{body}"),
            "<title>Сводка</title><script>document.cookie='a=1'</script><p>Коротко.".to_owned(),
            format!("<title>Сводка</title><script>document.cookie='a=1';location.href='/x'</script><p>{body}"),
            "<title>Сводка</title>".to_owned(),
            "<script>document.cookie='a=1';location.href='/x'</script><script type=application/json>{\"body\":\"x\"}</script>".to_owned(),
            String::new(),
        ];
        for page in pages {
            assert_eq!(of_page(&page), None, "{page}");
        }
    }

    #[test]
    fn a_page_led_to_a_gate_is_told_by_the_address() {
        let cases = [
            (
                "/a",
                "https://example.org/login?next=%2Fa",
                Some(StandIn::Login),
            ),
            (
                "/a",
                "https://consent.example.net/?c=1",
                Some(StandIn::Consent),
            ),
            (
                "/a",
                "https://example.org/captcha.php",
                Some(StandIn::Challenge),
            ),
            ("/a", "https://example.org/b", None),
            ("/a", "https://example.org/news/login-service-opens", None),
            ("/login", "https://example.org/login/", None),
            ("/a", "https://example.org/a", None),
        ];
        for (asked, answered, expected) in cases {
            let asked = Url::parse("https://example.org")
                .unwrap()
                .join(asked)
                .unwrap();
            let answered = Url::parse(answered).unwrap();
            assert_eq!(place_led_to(&asked, &answered), expected, "{answered}");
        }
    }
}
