//! Templates and days off under administration: what is read, mistakes by their line, a preview that keeps nothing, and versions.

use std::path::Path;
use std::sync::Arc;

use aigaq::config::{CaseConfig, Config};
use aigaq::index::Index;
use aigaq::model::{User, UserRole};
use aigaq::pipeline::letters::Room;
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, Store};
use axum::http::{Method, StatusCode};
use chrono::Utc;
use url::form_urlencoded;

use super::signed::Browser;

/// A desk whose administrator looks at files.
struct Place {
    folder: tempfile::TempDir,
    browser: Browser,
    store: Arc<dyn Store>,
}

impl Place {
    /// With folders of own files, or without.
    fn new(has_folders: bool) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let mut text = "[letters]\n".to_owned();
        for key in ["templates", "clocks"] {
            let path = folder.path().join(key);
            std::fs::create_dir(&path).unwrap();
            if has_folders {
                text.push_str(&format!("{key} = {path:?}\n"));
            }
        }
        let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
        let data = folder.path().join("index");
        std::fs::create_dir(&data).unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(&data).unwrap());
        let desk = Desk::new(
            Arc::clone(&store),
            Index::open(&data).unwrap(),
            Default::default(),
            CaseConfig::default(),
            Gate::default(),
        );
        let desk = desk.with_letters(Box::new(Room::new(config, None)));
        let keeper = User::new("keeper", UserRole::Administrator, Utc::now());
        let browser = Browser::of(router(Arc::new(desk)), &store, &keeper);
        Place {
            folder,
            browser,
            store,
        }
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> (StatusCode, String) {
        let answer = self.browser.ask(method, path, body).await;
        (answer.status, answer.body)
    }

    async fn get(&self, path: &str) -> String {
        let (status, body) = self.ask(Method::GET, path, String::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Sends the form of a file as it stands.
    async fn post(&self, name: &str, what: &str, text: &str) -> (StatusCode, String) {
        let path = format!("/admin/files/{name}");
        let page = self.get(&path).await;
        let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap();
        let seen = seen.split('"').next().unwrap().to_owned();
        self.post_seen(name, what, text, &seen).await
    }

    async fn post_seen(
        &self,
        name: &str,
        what: &str,
        text: &str,
        seen: &str,
    ) -> (StatusCode, String) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs([("do", what), ("text", text), ("seen", seen)]);
        self.ask(Method::POST, &format!("/admin/files/{name}"), body.finish())
            .await
    }

    fn path(&self, place: &str) -> std::path::PathBuf {
        self.folder.path().join(place)
    }

    fn n_changes(&self) -> usize {
        let entries = self.store.audit_after(0).unwrap().into_iter();
        entries.filter(|one| one.action == "file.change").count()
    }
}

/// What the field of a page holds.
fn typed(page: &str) -> String {
    let field = page.split("<textarea").nth(1).unwrap();
    let text = field.split_once('>').unwrap().1.split("</textarea>").next();
    let text = text.unwrap().trim_start_matches('\n');
    text.replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn a_template_is_changed_with_a_preview_and_each_version_can_be_had_again() {
    let place = Place::new(true);
    let list = place.get("/admin/files").await;
    for name in [
        "letter.kk.txt",
        "routes.toml",
        "holidays-2026.toml",
        "rules.toml",
        "holidays-2028.toml",
    ] {
        assert!(list.contains(&format!("/admin/files/{name}\"")), "{name}");
    }
    let page = place.get("/admin/files/letter.en.txt").await;
    assert!(page.contains("shipped with the program") && page.contains("The Example Agency"));
    let shipped = typed(&page);
    assert!(shipped.contains("{{ route.request }}"), "{shipped}");
    let first = shipped.replace("## Time limits", "## By when <b>");
    let (status, shown) = place
        .post("letter.en.txt", "preview", &first.replace('\n', "\r\n"))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(shown.contains("<h3>By when &#60;b&#62;</h3>"), "{shown}");
    assert_eq!(place.n_changes(), 0);
    let own = place.path("templates/letter.en.txt");
    assert!(!own.exists());
    let (status, _) = place
        .post("letter.en.txt", "save", &first.replace('\n', "\r\n"))
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(std::fs::read_to_string(&own).unwrap(), first);
    let second = first.replace("By when", "Until when");
    place.post("letter.en.txt", "save", &second).await;
    // Nothing unfinished is left behind.
    assert_eq!(
        std::fs::read_dir(place.path("templates")).unwrap().count(),
        1
    );
    let entries = place.store.audit_after(0).unwrap();
    let changed: Vec<_> = entries
        .iter()
        .filter(|one| one.action == "file.change")
        .collect();
    assert_eq!(changed.len(), 2);
    assert_eq!(
        (changed[0].actor.as_str(), changed[0].subject.as_str()),
        ("keeper", "letter.en.txt")
    );
    let earlier = format!("/admin/files/letter.en.txt?version={}", changed[0].seq);
    let page = place.get("/admin/files/letter.en.txt").await;
    assert!(page.contains(&format!("?version={}\"", changed[0].seq)));
    assert_eq!(typed(&place.get(&earlier).await), first);
    // Of another file no version has that number.
    let other = format!("/admin/files/letter.kk.txt?version={}", changed[0].seq);
    let (status, _) = place.ask(Method::GET, &other, String::new()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = place.post("letter.en.txt", "remove", "").await;
    assert_eq!((status, own.exists()), (StatusCode::SEE_OTHER, false));
    assert_eq!(
        typed(&place.get("/admin/files/letter.en.txt").await),
        shipped
    );
    assert!(place.store.verify_audit().unwrap().faults.is_empty());
    let log = place.get("/admin/audit?what=file").await;
    assert!(log.contains('…') && log.len() < 60_000, "{}", log.len());
}

#[tokio::test]
async fn mistakes_are_told_by_their_line_and_nothing_is_changed() {
    let place = Place::new(true);
    let year = "year = 2028\nsource = \"decision\"\n[[day_off]]\n";
    let wrong = [
        (
            "letter.ru.txt",
            "# {{ route.title }}\n\n{{ route.titel }}\n".to_owned(),
            "Line 3",
            "undefined",
        ),
        (
            "letter.ru.txt",
            "{% if %}".to_owned(),
            "Line 1",
            "syntax error",
        ),
        (
            "letter.ru.txt",
            "{% for a in range(1000000000) %}{% endfor %}".to_owned(),
            "Line 1",
            "",
        ),
        (
            "routes.toml",
            "[reply]\n".to_owned(),
            "Line 1",
            "missing field",
        ),
        (
            "holidays-2028.toml",
            format!("{year}date = \"2028-13-01\"\n"),
            "Line 4",
            "2028-13-01",
        ),
        (
            "holidays-2028.toml",
            format!(
                "{year}date = \"2027-01-01\"\nname = {{ kk = \"a\", ru = \"b\", en = \"c\" }}\n"
            ),
            "Line 4",
            "does not lie in 2028",
        ),
        (
            "holidays-2028.toml",
            format!("{year}dat = \"2028-01-01\"\n"),
            "Line 4",
            "unknown field `dat`",
        ),
        (
            "holidays-2028.toml",
            format!(
                "# of\n{}",
                year.replace("2028", "2029").replace("[[day_off]]\n", "")
            ),
            "Line 2",
            "`year` is 2029",
        ),
        (
            "holidays-2028.toml",
            "source = 1\n".to_owned(),
            "Line 1",
            "neither `year`",
        ),
    ];
    for (name, text, line, message) in wrong {
        for what in ["preview", "save"] {
            let (status, page) = place.post(name, what, &text).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {page}");
            let page = page.replace("&#60;", "<").replace("&#39;", "'");
            let told = page.split("id=\"faults\"").nth(1).unwrap();
            let told = told.split("</ul>").next().unwrap();
            assert!(
                told.contains(line) && told.contains(message),
                "{text}: {told}"
            );
            assert_eq!(typed(&page).trim_end(), text.trim_end());
        }
    }
    assert_eq!(place.n_changes(), 0);
    let long = "x".repeat(70_000);
    let (status, _) = place.post("letter.ru.txt", "save", &long).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for name in [
        "..%2Fsources.toml",
        "letter.de.txt",
        ".hidden.toml",
        "notes.md",
    ] {
        let path = format!("/admin/files/{name}");
        let (status, _) = place.ask(Method::GET, &path, String::new()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn days_off_of_a_year_are_added_and_a_mistake_of_an_own_file_is_said_in_the_list() {
    let place = Place::new(true);
    let text = "year = 2028\nsource = \"decision of the Government\"\n[[day_off]]\ndate = \"2028-01-03\"\nname = { kk = \"Жаңа жыл\", ru = \"Новый год\", en = \"New Year\" }\n[[day_off]]\ndate = \"2028-01-10\"\ninstead_of = \"2028-01-08\"\n[[working_day]]\ndate = \"2028-01-08\"\ninstead_of = \"2028-01-10\"\n";
    let (status, page) = place.post("holidays-2028.toml", "preview", text).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for said in ["New Year", "2028-01-10", "day off in lieu", "open"] {
        assert!(page.contains(said), "{said}");
    }
    let (status, _) = place.post("holidays-2028.toml", "save", text).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let list = place.get("/admin/files").await;
    assert!(
        list.contains("/admin/files/holidays-2029.toml\""),
        "the next year is offered"
    );
    std::fs::write(place.path("clocks/more.toml"), "year = \"x\"\n").unwrap();
    let list = place.get("/admin/files").await;
    assert!(list.contains("Line 1:"), "{list}");
    // Somebody changed it at the machine meanwhile.
    let (status, page) = place
        .post_seen("more.toml", "save", text, &"0".repeat(64))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("changed meanwhile"));
    let kept = std::fs::read_to_string(place.path("clocks/more.toml")).unwrap();
    assert_eq!(kept, "year = \"x\"\n");
}

#[tokio::test]
async fn where_files_cannot_be_written_it_is_said_and_nothing_is_offered() {
    let place = Place::new(false);
    let list = place.get("/admin/files").await;
    assert!(
        list.contains("names no folder") && list.contains("&#34;clocks&#34;"),
        "{list}"
    );
    let page = place.get("/admin/files/letter.kk.txt").await;
    assert!(page.contains("names no folder") && !page.contains("value=\"save\""));
    let (status, page) = place.post("letter.kk.txt", "save", "# x\n").await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    // A folder that is none.
    let place = Place::new(true);
    std::fs::remove_dir(place.path("clocks")).unwrap();
    std::fs::write(place.path("clocks"), "").unwrap();
    let (status, page) = place.ask(Method::GET, "/admin/files", String::new()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("cannot write into") && page.contains("holidays-2027.toml"),
        "{page}"
    );
    let (status, _) = place.post("holidays-2027.toml", "remove", "").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(place.n_changes(), 0);
}
