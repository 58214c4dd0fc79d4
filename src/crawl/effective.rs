//! Says what a page that was answered with success is in effect: a publication, a page that says nothing stands there, or a wall before one.
//!
//! A status of 200 is no promise. A wrong guess here loses a publication, so each sign must stand alone in a title, a heading or an
//! address, or beside the site's name only, and the page must have next to no text of its own: an article about article 404 is an
//! article. A page that says when it was published is one, whatever its headline.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::fetch::Exchange;
use crate::markup::{charset, scan};
use crate::model::{FetchOutcome, Wall};

/// Larger pages are not looked at: neither errors nor walls have that much to say.
const MOST_BYTES: usize = 1024 * 1024;
/// Letters and digits of its own that a page about nothing has at most. Offers of other news may stand around it.
const ERROR_TEXT: usize = 600;
/// The same of a site that is being worked on: agencies announce such work in short notes, too.
const CLOSED_TEXT: usize = 300;
/// The same of a page that only a script can pass, which has no headline either: guards load their scripts on every page of a site,
/// and a note of two sentences is a publication.
const CHALLENGE_TEXT: usize = 150;
/// Bytes that a page has at most which only writes a cookie and asks for itself again.
const MOST_BYTES_OF_RELOADING: usize = 8 * 1024;
/// The same of a page whose text is for subscribers: a lead, and the invitation.
const PAYWALL_TEXT: usize = 1_200;
/// How far up it is looked for what a text stands in: a page nested without end must not cost time without end.
const MOST_DEPTH: usize = 64;
/// What is not a page's own text. A form is no such thing: some systems put the whole page into one.
const AROUND: [&str; 12] = [
    "script", "style", "noscript", "template", "svg", "nav", "header", "footer", "aside", "select",
    "button", "head",
];
/// What stands between a headline and the name of its site in a title.
const BETWEEN: [&str; 6] = ["|", " — ", " – ", " · ", " » ", " - "];
/// How pages that are publications say when they were published.
const DATES: &str = "meta[property='article:published_time'], [itemprop~=datePublished]";
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
const CHALLENGES: [&str; 16] = [
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
    "human verification",
    "you are being redirected",
    "access to this page has been denied",
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
/// What such pages load; some of it is loaded by the pages behind them, too.
const CHALLENGE_MARKS: [&str; 8] = [
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
/// Paths of front pages in the languages of a site.
const FRONTS: [&str; 7] = ["kk", "kz", "kaz", "ru", "rus", "en", "eng"];
/// Steps of a path that lead to such pages.
const LOGIN_STEPS: [&str; 5] = ["login", "signin", "sign-in", "auth", "log-in"];
/// Steps of a path that lead to pages about nothing.
const MISSING_STEPS: [&str; 5] = ["404.html", "404.php", "not-found", "notfound", "error404"];
/// What such a page is called as well. Publications are numbered, so it counts only as the last step, where those before name ...
const MISSING_NUMBER: &str = "404";
/// ... a language, or errors: `/ru/error/404`, and not `/news/404`.
const BEFORE_NUMBER: [&str; 9] = [
    "kk", "kz", "ru", "en", "error", "errors", "page", "pages", "status",
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
        let steps = steps.filter(|step| !step.is_empty());
        steps.map(str::to_ascii_lowercase).collect()
    };
    let (before, now) = (steps(asked), steps(answered));
    let has = |steps: &[String], names: &[&str]| {
        let mut steps = steps.iter();
        steps.any(|step| names.contains(&step.as_str()))
    };
    let came = |names: &[&str]| has(&now, names) && !has(&before, names);
    let host = answered.host_str().unwrap_or_default();
    if came(&MISSING_STEPS)
        || names_missing(&now) && !has(&before, &[MISSING_NUMBER])
        || asks_front_for_missing(answered) && !asks_front_for_missing(asked)
    {
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

/// Whether a path ends in the number of the error, with nothing before it that numbers publications.
fn names_missing(steps: &[String]) -> bool {
    let Some((last, before)) = steps.split_last() else {
        return false;
    };
    let mut before = before.iter().map(String::as_str);
    last == MISSING_NUMBER && before.all(|step| BEFORE_NUMBER.contains(&step))
}

/// Whether an address asks a site's front page for its page about missing pages: `/?p=404`.
fn asks_front_for_missing(url: &Url) -> bool {
    let is_sign = |text: &str| text == MISSING_NUMBER || MISSING_STEPS.contains(&text);
    let mut pairs = url.query_pairs();
    matches!(url.path(), "/" | "/index.php")
        && pairs.any(|(key, value)| is_sign(&key) || is_sign(&value))
}

/// What the page itself says.
fn by_text(html: &str) -> Option<FetchOutcome> {
    // The parser's time grows with the square of the nesting; what would stall it is left out first.
    let page = Html::parse_document(&scan::scan(html).html);
    let n_letters = own_letters(&page);
    if n_letters > PAYWALL_TEXT {
        return None;
    }
    let lower = html.to_ascii_lowercase();
    let tight: String = lower
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect();
    if !is_dated(&page, &tight) {
        let titles = Titles::of(&page);
        if n_letters <= ERROR_TEXT && titles.are_of(&MISSING) {
            return soft_gone("its title says that nothing stands there");
        }
        if n_letters <= CLOSED_TEXT && titles.are_of(&CLOSED) {
            return Some(FetchOutcome::Unreadable {
                detail: "the site says that it is being worked on".to_owned(),
            });
        }
        let has_mark = || CHALLENGE_MARKS.iter().any(|mark| lower.contains(mark));
        let is_challenge = n_letters <= ERROR_TEXT && titles.are_of(&CHALLENGES)
            || n_letters <= CHALLENGE_TEXT
                && !has_headline(&page)
                && (has_mark() || sets_a_cookie_and_reloads(&lower));
        if is_challenge {
            return walled(Wall::Challenge);
        }
        if n_letters <= ERROR_TEXT && titles.are_of(&CONSENTS) {
            return walled(Wall::Consent);
        }
        if n_letters <= ERROR_TEXT && titles.are_of(&LOGINS) && lower.contains("password") {
            return walled(Wall::Login);
        }
    }
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

/// Whether an address is that of a site's front page, perhaps in one of its languages.
fn is_front(url: &Url) -> bool {
    let path = url.path().trim_matches('/').to_ascii_lowercase();
    url.query().is_none() && (path.is_empty() || FRONTS.contains(&path.as_str()))
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

/// Whether a page says when it was published. `tight` is its text without spaces and quotation marks.
fn is_dated(page: &Html, tight: &str) -> bool {
    let dates = Selector::parse(DATES);
    tight.contains("datepublished:")
        || dates.is_ok_and(|dates| page.select(&dates).next().is_some())
}

/// Whether a headline stands on a page: a heading of three words or more.
fn has_headline(page: &Html) -> bool {
    let headings = Selector::parse("h1, h2, h3");
    headings.is_ok_and(|headings| {
        let mut headings = page.select(&headings);
        headings.any(|heading| plain(&text_of(heading)).split(' ').count() >= 3)
    })
}

/// What a page calls itself, in plain form.
struct Titles {
    /// Its title.
    title: String,
    /// The same, taken apart where the site's name may begin.
    parts: Vec<String>,
    /// Its first heading.
    heading: String,
}

impl Titles {
    fn of(page: &Html) -> Titles {
        let first = |selector| {
            let selector = Selector::parse(selector).ok()?;
            page.select(&selector).next().map(text_of)
        };
        let title = first("title").unwrap_or_default();
        let mut parts = vec![title.clone()];
        for between in BETWEEN {
            let split = parts.iter().flat_map(|part| part.split(between));
            parts = split.map(str::to_owned).collect();
        }
        let parts = parts.iter().map(|part| plain(part));
        Titles {
            title: plain(&title),
            parts: parts.filter(|part| !part.is_empty()).collect(),
            heading: plain(&first("h1").unwrap_or_default()),
        }
    }

    /// Whether title or heading is one of those known, with the site's name beside it at most. A title that repeats a longer heading
    /// is a headline, and what stands in it before a dash says nothing by itself.
    fn are_of(&self, known: &[&str]) -> bool {
        let is_known = |text: &str| known.contains(&text);
        if is_known(&self.title) || is_known(&self.heading) {
            return true;
        }
        let Some(sign) = self.parts.iter().find(|part| is_known(part)) else {
            return false;
        };
        let n_others = self.parts.iter().filter(|part| !is_known(part)).count();
        let holds = |text: &str, part: &str| format!(" {text} ").contains(&format!(" {part} "));
        let is_headline = holds(&self.heading, sign) && holds(&self.title, &self.heading);
        n_others <= 1 && !is_headline
    }
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
            "<title>Страница не найдена - Вести</title><h1>Упс! Страница не найдена</h1>",
            "<title>Ошибка 404: страница не найдена</title><h1>Вести долины</h1>",
            "<title>404 — Страница не найдена — Вести долины</title>",
            "<title>Page not found » Valley News</title>",
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
            "<title>Страница не найдена: как музей ищет утерянную рукопись | Вести</title><p>Коротко.</p>".to_owned(),
            "<title>Фильм «404» вышел на экраны</title><h1>Фильм «404» вышел на экраны</h1><p>Коротко.</p>".to_owned(),
            "<title>Страница удалена — что делать читателям</title><h1>Страница удалена — что делать читателям</h1><p>Коротко.</p>".to_owned(),
            "<title>404 — столько дел в суде — Вести долины</title><p>Коротко.</p>".to_owned(),
            "<meta property='article:published_time' content='2026-06-01'><title>Страница не найдена — Вести</title><p>Рассказ.</p>".to_owned(),
            "<title>Страница удалена</title><script type='application/ld+json'>{\"datePublished\": \"2026-06-01\"}</script><p>Рассказ.</p>".to_owned(),
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
        let script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>";
        let note = "<h1>Суд вынес приговор</h1><p>Приговор ещё не вступил в силу.</p>";
        let page = format!("<form action='./news.aspx'>{note}<p>{text}</p></form>");
        for html in [
            format!("<title>Новости</title>{script}{note}"),
            format!("<title>Новости</title>{script}{page}"),
            format!("<title>Доступ ограничен: суд заблокировал сайт</title>{note}"),
            "<title>«Вы не робот?»: зачем сайты показывают картинки</title><h1>«Вы не робот?»: зачем сайты показывают картинки</h1><p>Коротко о px-captcha.</p>".to_owned(),
        ] {
            assert_eq!(of(&html), None, "{html}");
        }
        let bare = "<title>valley.example</title><p>Please enable JS</p><script src='https://ct.captcha-delivery.com/c.js'></script>";
        assert_eq!(of(bare), Some(Wall::Challenge));
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
            format!("<title>Сводка</title>{reloading}<h1>Суд вынес приговор</h1><p>Коротко.</p>"),
            "<title>Технические работы</title><meta property='article:published_time' content='2026-06-01'><p>Завтра.</p>".to_owned(),
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
        for path in [
            "/?p=404",
            "/index.php?error=404",
            "/ru/error/404",
            "/?not-found",
        ] {
            let found = by_address(&asked, &at(path));
            assert!(
                matches!(found, Some(FetchOutcome::SoftGone { .. })),
                "{path}"
            );
        }
        for path in ["/news/404", "/view?id=404", "/?p=405"] {
            assert_eq!(by_address(&asked, &at(path)), None, "{path}");
        }
        for (path, is_known) in [
            ("/", true),
            ("/ru/", true),
            ("/kk", true),
            ("/news/", false),
        ] {
            assert_eq!(is_front(&at(path)), is_known, "{path}");
        }
        assert_eq!(by_address(&at("/?p=404"), &at("/?p=404&lang=kk")), None);
        assert_eq!(by_address(&at("/auth/news"), &at("/auth/news/2")), None);
    }
}
