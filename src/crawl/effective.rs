//! Says what a page that was answered with success is in effect: a publication, a page that says nothing stands there, or a wall before one.
//!
//! A status of 200 is no promise. A wrong guess here loses a publication, so each sign must stand alone in a title, a heading or an
//! address, and the page must have next to no text of its own: an article about article 404 is an article.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::fetch::Exchange;
use crate::markup::{charset, scan};
use crate::model::{FetchOutcome, Wall};

/// Larger pages are not looked at: neither errors nor walls have that much to say.
const MOST_BYTES: usize = 1024 * 1024;
/// Letters and digits of its own that a page about nothing has at most. Offers of other news may stand around it.
const ERROR_TEXT: usize = 600;
/// The same of a page that only a script can pass.
const CHALLENGE_TEXT: usize = 300;
/// Bytes that a page has at most which only writes a cookie and asks for itself again.
const MOST_BYTES_OF_RELOADING: usize = 8 * 1024;
/// The same of a page whose text is for subscribers: a lead, and the invitation.
const PAYWALL_TEXT: usize = 1_200;
/// How far up it is looked for what a text stands in: a page nested without end must not cost time without end.
const MOST_DEPTH: usize = 64;
/// What is not a page's own text.
const AROUND: [&str; 13] = [
    "script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside", "form",
    "select", "button", "head",
];
/// Titles of pages about nothing, as [`plain`] writes them.
const MISSING: [&str; 31] = [
    "404",
    "404 not found",
    "404 page not found",
    "404 error",
    "404 ошибка",
    "404 қате",
    "404 страница не найдена",
    "404 бет табылмады",
    "error 404",
    "error 404 not found",
    "error 404 page not found",
    "ошибка 404",
    "ошибка 404 страница не найдена",
    "қате 404",
    "қате 404 бет табылмады",
    "not found",
    "page not found",
    "the page you requested was not found",
    "страница не найдена",
    "страница не существует",
    "страница удалена",
    "материал не найден",
    "материал удален",
    "новость не найдена",
    "запись не найдена",
    "документ не найден",
    "бет табылмады",
    "парақша табылмады",
    "сұралған бет табылмады",
    "жаңалық табылмады",
    "құжат табылмады",
];
/// Titles of pages that let pass only browsers.
const CHALLENGES: [&str; 13] = [
    "just a moment",
    "один момент",
    "бір сәт",
    "attention required",
    "checking your browser",
    "проверка браузера",
    "проверяем ваш браузер",
    "ddos guard",
    "access denied",
    "доступ запрещен",
    "доступ ограничен",
    "are you a robot",
    "вы не робот",
];
/// Titles of sites that are being worked on: for now nobody is let pass.
const CLOSED: [&str; 13] = [
    "maintenance",
    "maintenance mode",
    "site maintenance",
    "under maintenance",
    "site under maintenance",
    "технические работы",
    "ведутся технические работы",
    "на сайте ведутся технические работы",
    "сайт временно недоступен",
    "техникалық жұмыстар",
    "техникалық жұмыстар жүргізілуде",
    "сайтта техникалық жұмыстар жүргізілуде",
    "сайт уақытша қолжетімсіз",
];
/// What only such pages load, or nearly.
const CHALLENGE_MARKS: [&str; 9] = [
    "/cdn-cgi/challenge-platform/",
    "_incapsula_resource",
    "captcha-delivery.com",
    "/.well-known/ddos-guard/",
    "__qrator",
    "sucuri_cloudproxy",
    "awswaf.com",
    "px-captcha",
    "_cf_chl_opt",
];
/// Titles of pages that ask for consent first.
const CONSENTS: [&str; 4] = [
    "before you continue",
    "прежде чем продолжить",
    "your privacy choices",
    "согласие на обработку данных",
];
/// Titles of pages that ask who is there.
const LOGINS: [&str; 7] = [
    "login",
    "log in",
    "sign in",
    "вход",
    "авторизация",
    "кіру",
    "жүйеге кіру",
];
/// Steps of a path that lead to such pages.
const LOGIN_STEPS: [&str; 5] = ["login", "signin", "sign-in", "auth", "log-in"];
/// Steps of a path that lead to pages about nothing.
const MISSING_STEPS: [&str; 6] = [
    "404",
    "404.html",
    "404.php",
    "not-found",
    "notfound",
    "error404",
];

/// What an answer to the question for a publication is in effect; `None` when it is taken for the publication.
pub fn outcome(asked: &Url, exchange: &Exchange) -> Option<FetchOutcome> {
    let answered = &exchange.url;
    if is_front(answered) && !is_front(asked) {
        return soft_gone("it leads to the site's front page");
    }
    if let Some(found) = by_address(asked, answered) {
        return Some(found);
    }
    if exchange.header("cf-mitigated") == Some("challenge") {
        return walled(Wall::Challenge);
    }
    let content_type = exchange.header("content-type");
    let is_html = content_type.is_none_or(|kind| kind.to_ascii_lowercase().contains("html"));
    if !is_html || exchange.body.len() > MOST_BYTES {
        return None;
    }
    by_text(&charset::decode(&exchange.body, content_type).text)
}

/// What the address that answered says.
fn by_address(asked: &Url, answered: &Url) -> Option<FetchOutcome> {
    if asked == answered {
        return None;
    }
    let steps = |url: &Url| -> Vec<String> {
        let steps = url.path_segments().into_iter().flatten();
        steps.map(str::to_ascii_lowercase).collect()
    };
    let (before, now) = (steps(asked), steps(answered));
    let came = |names: &[&str]| {
        let has = |steps: &[String]| steps.iter().any(|step| names.contains(&step.as_str()));
        has(&now) && !has(&before)
    };
    let host = answered.host_str().unwrap_or_default();
    if came(&MISSING_STEPS) {
        return soft_gone("it leads to the site's page about missing pages");
    }
    if host.starts_with("consent.") || came(&["consent"]) {
        return walled(Wall::Consent);
    }
    if came(&LOGIN_STEPS) {
        return walled(Wall::Login);
    }
    None
}

/// What the page itself says.
fn by_text(html: &str) -> Option<FetchOutcome> {
    // The parser's time grows with the square of the nesting; what would stall it is left out first.
    let page = Html::parse_document(&scan::scan(html).html);
    let n_letters = own_letters(&page);
    if n_letters > PAYWALL_TEXT {
        return None;
    }
    let titles = titles(&page);
    let is_any = |known: &[&str]| titles.iter().any(|title| known.contains(&title.as_str()));
    let lower = html.to_ascii_lowercase();
    let has_mark = || CHALLENGE_MARKS.iter().any(|mark| lower.contains(mark));
    if n_letters <= ERROR_TEXT && is_any(&MISSING) {
        return soft_gone("its title says that nothing stands there");
    }
    if n_letters <= ERROR_TEXT && is_any(&CLOSED) {
        return Some(FetchOutcome::Unreadable {
            detail: "the site says that it is being worked on".to_owned(),
        });
    }
    let is_challenge = n_letters <= ERROR_TEXT && is_any(&CHALLENGES)
        || n_letters <= CHALLENGE_TEXT && (has_mark() || sets_a_cookie_and_reloads(&lower));
    if is_challenge {
        return walled(Wall::Challenge);
    }
    if n_letters <= ERROR_TEXT && is_any(&CONSENTS) {
        return walled(Wall::Consent);
    }
    if n_letters <= ERROR_TEXT && is_any(&LOGINS) && lower.contains("password") {
        return walled(Wall::Login);
    }
    let tight: String = lower
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect();
    if tight.contains("isaccessibleforfree:false") {
        return walled(Wall::Paywall);
    }
    None
}

/// Whether a page does no more than write a cookie and ask for itself again. Pages that a script fills hold data or are larger.
fn sets_a_cookie_and_reloads(lower: &str) -> bool {
    if lower.len() > MOST_BYTES_OF_RELOADING || lower.contains("json") {
        return false;
    }
    let script: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let reloads = [
        "location.reload",
        "location.href=",
        "location.replace",
        "location=",
    ];
    script.contains("document.cookie=") && reloads.iter().any(|call| script.contains(call))
}

fn soft_gone(sign: &str) -> Option<FetchOutcome> {
    Some(FetchOutcome::SoftGone {
        sign: sign.to_owned(),
    })
}

fn walled(wall: Wall) -> Option<FetchOutcome> {
    Some(FetchOutcome::Walled { wall })
}

/// Whether an address is that of a site's front page.
fn is_front(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

/// Letters and digits of a page's own text.
fn own_letters(page: &Html) -> usize {
    let texts = page.tree.nodes();
    let texts = texts.filter_map(|node| node.value().as_text().map(|text| (node, text)));
    texts
        .filter(|(node, _)| {
            let mut above = node.ancestors().take(MOST_DEPTH);
            !above.any(|node| {
                let element = node.value().as_element();
                element.is_some_and(|element| AROUND.contains(&element.name()))
            })
        })
        .map(|(_, text)| text.chars().filter(|c| c.is_alphanumeric()).count())
        .sum()
}

/// The parts of the page's title and its first heading, in plain form.
fn titles(page: &Html) -> Vec<String> {
    let mut titles = Vec::new();
    for selector in ["title", "h1"] {
        let Ok(selector) = Selector::parse(selector) else {
            continue;
        };
        let Some(found) = page.select(&selector).next() else {
            continue;
        };
        let text = text_of(found);
        titles.extend(text.split(['|', '—', '–', '·', '»', '«', ':']).map(plain));
        titles.extend(text.split(" - ").map(plain));
        titles.push(plain(&text));
    }
    titles
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// Words in lower case with single spaces between, without punctuation; «ё» as «е».
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('ё', "е"))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(html: &str) -> Option<FetchOutcome> {
        by_text(html)
    }

    #[test]
    fn a_page_that_says_nothing_stands_there_is_missing_whatever_its_status() {
        for html in [
            "<title>404 - Вести долины</title><h1>Страница не найдена</h1><p>Проверьте адрес.</p>",
            "<title>Вести долины</title><h1>Бет табылмады</h1>",
            "<title>Page not found | Valley News</title><nav>"
                .to_owned()
                .as_str(),
            "<html><head><title>Ошибка 404</title></head><body><aside><p>Похожие новости: суд, закон, дорога</p></aside></body>",
        ] {
            assert!(
                matches!(said(html), Some(FetchOutcome::SoftGone { .. })),
                "{html}"
            );
        }
        let long = "В суд передано дело, и об этом рассказали в управлении. ".repeat(20);
        for html in [
            "<title>404 дела переданы в суд</title><h1>404 дела переданы в суд</h1><p>Коротко.</p>"
                .to_owned(),
            format!("<title>404</title><h1>404</h1><p>{long}</p>"),
            "<title>Статья 404 кодекса</title><p>Изменена.</p>".to_owned(),
            "<title>Не найдена пропавшая</title><p>Поиски идут.</p>".to_owned(),
        ] {
            assert_eq!(said(&html), None, "{html}");
        }
    }

    #[test]
    fn walls_are_told_apart_from_publications() {
        let of = |html: &str| match said(html) {
            Some(FetchOutcome::Walled { wall }) => Some(wall),
            _ => None,
        };
        let challenge = "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h/b'></script>";
        assert_eq!(of(challenge), Some(Wall::Challenge));
        let consent = "<title>Прежде чем продолжить</title><form><button>Принять</button></form>";
        assert_eq!(of(consent), Some(Wall::Consent));
        let login = "<title>Вход | Архив</title><form><input type=password></form>";
        assert_eq!(of(login), Some(Wall::Login));
        let paywall = "<title>Новости суда</title><script type='application/ld+json'>{\"isAccessibleForFree\": \"False\"}</script><p>Начало статьи. Дальше по подписке.</p>";
        assert_eq!(of(paywall), Some(Wall::Paywall));
        let text = "Суд рассмотрел дело о лесном пожаре и вынес приговор. ".repeat(40);
        let open = paywall.replace("Начало статьи.", &text);
        assert_eq!(
            of(&open),
            None,
            "a text that is there is read, whatever is said of it"
        );
        let guarded = format!(
            "<title>Новости</title><script src='/cdn-cgi/challenge-platform/x'></script><p>{text}</p>"
        );
        assert_eq!(
            of(&guarded),
            None,
            "many pages load the script of their guard"
        );
        assert_eq!(
            of("<title>Вход войск</title><p>Вход войск в город.</p>"),
            None
        );
    }

    #[test]
    fn sites_that_are_worked_on_and_pages_that_only_reload_are_no_publications() {
        for html in [
            "<title>На сайте ведутся технические работы</title>",
            "<title>Вести долины</title><h1>Техникалық жұмыстар</h1><p>Кешіріңіз.</p>",
        ] {
            let found = said(html);
            assert!(
                matches!(found, Some(FetchOutcome::Unreadable { .. })),
                "{html}"
            );
        }
        let reloading = "<script>document.cookie = 'k=1'; window.location = '/a'</script><noscript>Enable it</noscript>";
        let wall = Wall::Challenge;
        assert_eq!(said(reloading), Some(FetchOutcome::Walled { wall }));
        let text = "Ведутся технические работы на линии, сообщили в управлении. ".repeat(40);
        for html in [
            format!("<title>Технические работы</title><p>{text}</p>"),
            format!("<title>Сводка</title>{reloading}<p>{text}</p>"),
            format!("{reloading}<script type='application/json'>{{}}</script>"),
            "<title>Сводка</title><script>document.cookie='a=1'</script><p>Коротко.".to_owned(),
        ] {
            assert_eq!(said(&html), None, "{html}");
        }
    }

    #[test]
    fn a_page_that_would_stall_the_parser_is_looked_at_all_the_same() {
        let deep = format!("<title>404</title>{}", "<div>".repeat(150_000));
        assert!(matches!(said(&deep), Some(FetchOutcome::SoftGone { .. })));
        let bold: String = (0..1_500).map(|idx| format!("<b id={idx}>")).collect();
        assert_eq!(said(&format!("{bold}{}", "<p>".repeat(100_000))), None);
    }

    #[test]
    fn where_a_page_leads_counts() {
        let at = |path: &str| Url::parse(&format!("https://valley.example{path}")).unwrap();
        let asked = at("/news/1");
        assert!(matches!(
            by_address(&asked, &at("/404")),
            Some(FetchOutcome::SoftGone { .. })
        ));
        assert_eq!(
            by_address(&asked, &at("/login?next=1")),
            Some(FetchOutcome::Walled { wall: Wall::Login })
        );
        assert_eq!(by_address(&asked, &at("/news/1-o-sude")), None);
        assert_eq!(by_address(&at("/auth/news"), &at("/auth/news/2")), None);
    }
}
