//! Letters, deadlines and bundles through the built binary: written for every route, approved, sent, received, packed, checked.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use aigaq::config::Config;
use aigaq::index::Index;
use aigaq::language::Language;
use aigaq::model::Route;
use aigaq::pipeline::letters::{Room, Wanted, noon};
use aigaq::report::letter::Leaf;
use aigaq::serve::signin::Gate;
use aigaq::store::Store;
use aigaq::{pipeline, serve, store};

use super::cli::{aigaq, lines, stderr};
use crate::send::letters::server;

/// Configuration of a fictional bureau that writes to a fictional outlet.
const SOURCES: &str = r#"
[[letters.applicant]]
name = "Office of all other records"
bin = "210987654321"

[[letters.applicant]]
source = "bureau"
name = { kk = "Құқықтық есептілік бюросы", ru = "Бюро правовой отчётности", en = "Bureau of Legal Reporting" }
bin = "123456789012"
representative = { kk = "А. Сұлтанқызы", ru = "А. Султанкызы", en = "A. Sultankyzy" }
position = { kk = "Баспасөз қызметінің жетекшісі", ru = "Руководитель пресс-службы", en = "Head of the press service" }
authority = { kk = "№ 7 бұйрық", ru = "приказ № 7", en = "Order No. 7" }

[[letters.addressee]]
source = "herald"
person = { kk = "Бас редакторға", ru = "Главному редактору", en = "To the editor-in-chief" }
address = "Zarechny"
email = "editor@herald.example"

[[source]]
id = "bureau"
name = { kk = "Құқықтық есептілік бюросы", ru = "Бюро правовой отчётности", en = "Bureau of Legal Reporting" }
url = "https://bureau.example/"
role = "official"
languages = ["ru", "kk"]
authority = ["legal-statistics", "registered offences"]

[[source]]
id = "herald"
name = { kk = "Заречный жаршысы", ru = "Вестник Заречного", en = "Zarechny Herald" }
url = "https://herald.example/"
role = "media"
languages = ["ru"]
"#;

const RECORD: &str = "За первый квартал 2026 года в Казахстане зарегистрировано 8 417 краж.";
const PASSAGE: &str = "За первый квартал 2026 года в Казахстане зарегистрирована 8 741 кража.";

/// A data folder with one case.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    pub(crate) case: String,
}

/// The data folder that every desk begins with, made once: reading takes longer than copying.
fn first() -> &'static (tempfile::TempDir, String) {
    static FIRST: OnceLock<(tempfile::TempDir, String)> = OnceLock::new();
    FIRST.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sources.toml"), SOURCES).unwrap();
        for (source, day, title, text) in [
            ("bureau", "10T10:00", "Зарегистрированные кражи", RECORD),
            ("herald", "11T12:30", "Сводка за квартал", PASSAGE),
        ] {
            let lead = "Бюро правовой отчётности подвело итоги первого квартала 2026 года.";
            let html = format!(
                "<html lang=\"ru\"><body><article><h1>{title}</h1><p>{lead}</p><p>{text}</p></article></body></html>"
            );
            let page = serde_json::json!({
                "url": format!("https://{source}.example/1"),
                "html": html,
                "title": title,
                "published": format!("2026-04-{day}:00+05:00"),
            });
            std::fs::write(folder.path().join("page.jsonl"), format!("{page}\n")).unwrap();
            let taken = aigaq(folder.path(), &["import", "page.jsonl", "--source", source], "");
            assert_eq!(taken.status.code(), Some(0), "{}", stderr(&taken));
        }
        let cases = lines(&aigaq(folder.path(), &["--format", "jsonl", "cases"], ""));
        let [case] = &cases[..] else {
            panic!("one case: {cases:?}")
        };
        let case = case["id"].as_str().unwrap().to_owned();
        (folder, case)
    })
}

/// Copies a folder with all below it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(std::fs::copy(&path, &to).unwrap()),
        }
    }
}

impl Desk {
    pub(crate) fn new(more: &str) -> Desk {
        let (first, case) = first();
        let folder = tempfile::tempdir().unwrap();
        copy(first.path(), folder.path());
        std::fs::write(
            folder.path().join("sources.toml"),
            format!("{more}{SOURCES}"),
        )
        .unwrap();
        let case = case.clone();
        Desk { folder, case }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The pages over the folder, which can write letters and send none, and their store.
    pub(crate) fn served(&self) -> (Arc<serve::Desk>, Arc<dyn Store>) {
        let file = self.path().join("sources.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let config = Config::parse(&text, &file).unwrap();
        let data = self.path().join("index");
        let store: Arc<dyn Store> = Arc::from(store::open_desk(&data).unwrap());
        let names = store.sources().unwrap().into_iter();
        let desk = serve::Desk::new(
            Arc::clone(&store),
            Index::open(&data).unwrap(),
            names.map(|source| (source.id.clone(), source)).collect(),
            config.cases.clone(),
            Gate::default(),
        );
        let desk = desk.with_letters(Box::new(Room::new(config, None)));
        (Arc::new(desk), store)
    }

    /// Runs a command that must succeed; what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = aigaq(self.path(), arguments, "");
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            stderr(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must not succeed; its status and what it said.
    pub(crate) fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = aigaq(self.path(), arguments, "");
        let said = stderr(&output) + &String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), said)
    }

    /// Enters a letter in the register; its number.
    pub(crate) fn draft(&self, who: &str, more: &[&str]) -> String {
        let mut arguments = vec!["letter", &self.case, "--register", who];
        arguments.extend(more);
        let drafted = aigaq(self.path(), &arguments, "");
        let said = stderr(&drafted);
        let number = said
            .lines()
            .find_map(|line| line.strip_prefix("entered as draft "));
        number.unwrap_or_else(|| panic!("{said}")).to_owned()
    }

    /// The letter as text, white space of every kind as one space; by the library, for a program reads its lexicon at each start.
    pub(crate) fn letter(
        &self,
        route: Option<Route>,
        language: Language,
        received: Option<&str>,
    ) -> String {
        let config = Config::parse(SOURCES, Path::new("sources.toml")).unwrap();
        let store = store::open_read_only(&self.path().join("index")).unwrap();
        let case = store.cases().unwrap()[0].clone();
        let wanted = Wanted {
            languages: vec![language],
            route,
            received: received.map(|day| noon(day.parse().unwrap())),
            ..Wanted::default()
        };
        let now = "2026-04-20T06:00:00Z".parse().unwrap();
        let written = pipeline::letters::write(&*store, &config, &case, &wanted, now).unwrap();
        let leaves: Vec<Leaf> = written.texts.iter().map(Leaf::of).collect();
        flat(&aigaq::report::letter::text(&leaves))
    }
}

/// A text with one space where it has white space.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_letter_of_every_route_and_language_says_all_that_is_asked_of_it() {
    let desk = Desk::new("");
    for route in Route::ALL {
        for (language, own) in [
            (
                Language::Kk,
                [
                    "Өтініш беруші: Құқықтық есептілік бюросы",
                    "БСН: 123456789012",
                    "жобасын бағдарлама дайындады",
                    "2026 жылғы 11 сәуір, 12:30",
                ],
            ),
            (
                Language::Ru,
                [
                    "Заявитель: Бюро правовой отчётности",
                    "БИН: 123456789012",
                    "составлен программой",
                    "11 апреля 2026 года, 12:30",
                ],
            ),
            (
                Language::En,
                [
                    "Applicant: Bureau of Legal Reporting",
                    "BIN: 123456789012",
                    "prepared by a program",
                    "11 April 2026, 12:30",
                ],
            ),
        ] {
            let text = desk.letter(Some(route), language, None);
            let everywhere = [
                "https://herald.example/1",
                "https://bureau.example/1",
                "Сводка за квартал",
                "SHA-256",
                "________",
                PASSAGE,
                RECORD,
            ];
            for wanted in own.iter().chain(&everywhere) {
                assert!(
                    text.contains(wanted),
                    "{route:?} {language}: {wanted}\n{text}"
                );
            }
            for word in [
                "ложн",
                "ложь",
                "лжив",
                "недостовер",
                "фейк",
                "жалған",
                "өтірік",
                "кінәлі",
                "false",
                " lie ",
                "fake",
                "wrong",
            ] {
                assert!(!text.to_lowercase().contains(word), "{word}: {text}");
            }
        }
    }
}

#[test]
fn each_route_runs_its_clocks_from_the_day_of_receipt() {
    let desk = Desk::new("");
    for (route, due, not) in [
        (Route::Reply, "10 марта 2026 года", ""),
        (
            Route::Clarification,
            "11 марта 2026 года",
            "обращение в суд",
        ),
        (
            Route::Refutation,
            "3 апреля 2026 года",
            "Срок публикации ответа",
        ),
        (Route::Replacement, "6 марта 2026 года", "исковой давности"),
    ] {
        let text = desk.letter(Some(route), Language::Ru, Some("2026-03-03"));
        assert!(text.contains(due), "{route:?}: {text}");
        assert!(not.is_empty() || !text.contains(not), "{route:?}: {text}");
        assert!(
            !text.contains("Сроки со дня получения рассчитаны"),
            "the day is known: {text}"
        );
    }
    let text = desk.letter(Some(Route::Reply), Language::Ru, Some("2026-03-03"));
    assert!(
        text.contains("получено 3 марта 2026 года + 5 календарных дней = 8 марта 2026 года"),
        "{text}"
    );
    // Nobody said what to ask for, nor when it is received.
    let text = desk.letter(None, Language::Ru, None);
    assert!(
        text.contains("Просьба уточнить".to_uppercase().as_str())
            && text.contains("Сроки со дня получения рассчитаны"),
        "{text}"
    );
}

#[test]
fn a_proposed_text_of_ones_own_is_taken_and_one_that_is_too_long_refused() {
    let desk = Desk::new("");
    std::fs::write(
        desk.path().join("own.txt"),
        "В первом квартале зарегистрировано 8 417 краж.\n",
    )
    .unwrap();
    let text = flat(&desk.run(&[
        "letter",
        &desk.case,
        "--language",
        "ru",
        "--proposed",
        "own.txt",
    ]));
    assert!(
        text.contains("В первом квартале зарегистрировано 8 417 краж."),
        "{text}"
    );
    std::fs::write(desk.path().join("own.txt"), "очень долго ".repeat(40)).unwrap();
    let (status, said) = desk.refused(&["letter", &desk.case, "--proposed", "own.txt"]);
    assert!(
        status == 2 && said.contains("less than twice the passage"),
        "{said}"
    );
}

#[test]
fn own_templates_take_the_place_of_the_shipped_and_a_wrong_one_is_told_by_its_line() {
    let desk = Desk::new("[letters]\ntemplates = \"own\"\n");
    let folder = desk.path().join("own");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("letter.ru.txt"),
        "# {{ route.title }}\n\nСвоё письмо: {{ passage.differs }}.\n",
    )
    .unwrap();
    let text = flat(&desk.run(&["letter", &desk.case, "--language", "ru"]));
    assert!(
        text.contains("Своё письмо: 8 741.") && !text.contains("БИН"),
        "{text}"
    );
    std::fs::write(
        folder.join("letter.ru.txt"),
        "# {{ route.title }}\n\n{{ passage.difers }}\n",
    )
    .unwrap();
    let (status, said) = desk.refused(&["letter", &desk.case, "--language", "ru"]);
    assert!(status == 2 && said.contains("letter.ru.txt:3"), "{said}");
    std::fs::write(folder.join("letter.de.txt"), "").unwrap();
    let (_, said) = desk.refused(&["letter", &desk.case, "--language", "ru"]);
    assert!(
        said.contains("letter.de.txt") && said.contains("letter.kk.txt"),
        "{said}"
    );
}

#[test]
fn the_register_numbers_letters_and_lets_none_leave_unapproved() {
    let desk = Desk::new("");
    let options = ["--language", "ru", "--route", "reply"];
    let number = desk.draft("analyst", &options);
    assert!(number.ends_with("-0001"), "{number}");
    assert!(desk.draft("analyst", &options).ends_with("-0002"));
    let number = number.as_str();
    let (_, said) = desk.refused(&[
        "letters", "sent", number, "--by", "analyst", "--how", "post",
    ]);
    assert!(said.contains("a second person approves"), "{said}");
    let (_, said) = desk.refused(&["letters", "approve", number, "--by", "analyst"]);
    assert!(said.contains("drafted by analyst"), "{said}");
    desk.run(&["letters", "approve", number, "--by", "officer"]);
    let (_, said) = desk.refused(&[
        "letters",
        "received",
        number,
        "--by",
        "analyst",
        "--on",
        "2026-01-01",
    ]);
    assert!(said.contains("not sent yet"), "{said}");
    desk.run(&[
        "letters",
        "sent",
        number,
        "--by",
        "analyst",
        "--how",
        "by courier",
    ]);
    let (_, said) = desk.refused(&[
        "letters",
        "sent",
        number,
        "--by",
        "analyst",
        "--how",
        "by courier",
    ]);
    assert!(said.contains("sent already"), "{said}");
    let listed = lines(&aigaq(
        desk.path(),
        &["--format", "jsonl", "letters", "list"],
        "",
    ));
    assert_eq!(
        (listed[0]["status"].as_str(), listed[1]["status"].as_str()),
        (Some("sent"), Some("draft"))
    );
    let steps: Vec<&str> = listed[0]["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["drafted", "approved", "sent"]);
    // What was drafted is what is shown, whatever the templates say today.
    let shown = flat(&desk.run(&["letters", "show", number]));
    assert!(shown.contains(number) && shown.contains("8 741"), "{shown}");
    for form in ["html", "docx"] {
        let to = format!("letter.{form}");
        desk.run(&["--format", form, "letters", "show", number, "--out", &to]);
        assert!(desk.path().join(to).metadata().unwrap().len() > 2000);
    }
    let (status, said) = desk.refused(&["--format", "docx", "cases"]);
    assert!(status == 2 && said.contains("forms of letters"), "{said}");
}

#[test]
fn a_letter_moves_its_case_where_users_are_known() {
    let desk = Desk::new("");
    for (id, role) in [
        ("aisha", "officer"),
        ("daniyar", "approver"),
        ("marat", "analyst"),
    ] {
        desk.run(&["user", "add", id, "--role", role]);
    }
    let case = || {
        let shown = aigaq(desk.path(), &["--format", "jsonl", "case", &desk.case], "");
        lines(&shown).remove(0)
    };
    for (who, why) in [
        ("nobody", "user add nobody"),
        ("aisha", "that is proposed cannot"),
    ] {
        let (_, said) = desk.refused(&["letter", &desk.case, "--register", who]);
        assert!(said.contains(why), "{who}: {said}");
    }
    let listed = aigaq(desk.path(), &["--format", "jsonl", "letters", "list"], "");
    assert!(lines(&listed).is_empty(), "nothing is entered when refused");
    let version = case()["version"].to_string();
    desk.run(&[
        "case", &desk.case, "--do", "confirm", "--as", "aisha", "--seen", &version,
    ]);
    let (_, said) = desk.refused(&["letter", &desk.case, "--register", "marat"]);
    assert!(said.contains("analyst"), "{said}");
    let number = &*desk.draft("aisha", &[]);
    let (_, said) = desk.refused(&["letters", "approve", number, "--by", "marat"]);
    assert!(said.contains("analyst"), "{said}");
    desk.run(&["letters", "approve", number, "--by", "daniyar"]);
    let (_, said) = desk.refused(&["letters", "sent", number, "--by", "marat", "--how", "post"]);
    assert!(said.contains("analyst"), "{said}");
    assert_eq!(case()["state"], "confirmed");
    desk.run(&["letters", "sent", number, "--by", "aisha", "--how", "post"]);
    let case = case();
    assert_eq!(case["state"], "correction_requested", "{case}");
    let history = case["history"].to_string();
    for step in ["is ready to be approved", "approved", "sent"] {
        let told = format!("letter {number} {step}");
        assert!(history.contains(&told), "{told} of {history}");
    }
}

#[test]
fn deadlines_are_reckoned_again_when_the_days_off_change() {
    let desk = Desk::new("[cases]\nsecond_person = false\n[letters]\nclocks = \"days\"\n");
    let folder = desk.path().join("days");
    std::fs::create_dir(&folder).unwrap();
    let before = desk.run(&["--format", "jsonl", "deadlines"]);
    assert!(
        before.contains("\"rule\":\"limitation\"") && before.contains("\"due\":\"2027-04-11\""),
        "{before}"
    );
    let number = desk.draft("analyst", &["--language", "ru", "--route", "reply"]);
    let today = desk.run(&[
        "letters", "sent", &number, "--by", "analyst", "--how", "post",
    ]);
    assert_eq!(today, "");
    let on = aigaq::language::local_day(chrono_now()).to_string();
    desk.run(&[
        "letters", "received", &number, "--by", "analyst", "--on", &on,
    ]);
    let row = |desk: &Desk| {
        let rows = lines(&aigaq(desk.path(), &["--format", "jsonl", "deadlines"], ""));
        rows.into_iter().find(|row| row["rule"] == "reply").unwrap()
    };
    let first = row(&desk);
    assert!(first["was"].is_null(), "{first}");
    let due: chrono::NaiveDate = first["due"].as_str().unwrap().parse().unwrap();
    let off = format!(
        "year = {}\nsource = \"a decision\"\n[[day_off]]\ndate = \"{due}\"\nname = {{ kk = \"a\", ru = \"b\", en = \"c\" }}\n",
        chrono::Datelike::year(&due)
    );
    std::fs::write(folder.join("own.toml"), off).unwrap();
    let moved = row(&desk);
    assert_eq!(moved["was"], first["due"]);
    assert_ne!(moved["due"], first["due"]);
    desk.run(&["deadlines", "--accept"]);
    assert!(row(&desk)["was"].is_null());
    std::fs::write(
        folder.join("own.toml"),
        "year = 2026\nsource = \"s\"\n[[day_off]]\ndate = \"2026-02-30\"\n",
    )
    .unwrap();
    let (status, said) = desk.refused(&["deadlines"]);
    assert!(status == 2 && said.contains("own.toml:4"), "{said}");
}

/// The moment of the test.
fn chrono_now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from(std::time::SystemTime::now())
}

/// Settings for a mail server that stands there.
fn mail(address: SocketAddr) -> String {
    format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\ninsecure = true\nfrom = \"Bureau <press@bureau.example>\"\n",
        address.port()
    )
}

#[test]
fn a_letter_that_went_by_mail_moves_its_case_and_one_that_the_server_refused_does_not() {
    let (refusing, _) = server(&[("RCPT", "550 no such mailbox")]);
    let (taking, _) = server(&[]);
    for (address, state, status) in [
        (refusing, "confirmed", "approved"),
        (taking, "correction_requested", "sent"),
    ] {
        let desk = Desk::new(&mail(address));
        for (id, role) in [("aisha", "officer"), ("daniyar", "approver")] {
            desk.run(&["user", "add", id, "--role", role]);
        }
        let shown = |arguments: &[&str]| {
            let arguments = [&["--format", "jsonl"], arguments].concat();
            lines(&aigaq(desk.path(), &arguments, "")).remove(0)
        };
        let version = shown(&["case", &desk.case])["version"].to_string();
        desk.run(&[
            "case", &desk.case, "--do", "confirm", "--as", "aisha", "--seen", &version,
        ]);
        let number = desk.draft("aisha", &[]);
        desk.run(&["letters", "approve", &number, "--by", "daniyar"]);
        let sending = ["letters", "send", &number, "--by", "aisha"];
        let sent = aigaq(desk.path(), &sending, "").status.success();
        assert_eq!(sent, status == "sent");
        assert_eq!(shown(&["case", &desk.case])["state"], state);
        assert_eq!(shown(&["letters", "list"])["status"], status);
    }
}

#[test]
fn a_letter_goes_by_mail_with_its_document_and_not_twice() {
    let (address, told) = server(&[]);
    let desk = Desk::new(&mail(address));
    let number = desk.draft("analyst", &["--route", "reply"]);
    let (_, said) = desk.refused(&["letters", "send", &number, "--by", "analyst"]);
    assert!(said.contains("a second person approves"), "{said}");
    desk.run(&["letters", "approve", &number, "--by", "officer"]);
    assert!(
        desk.run(&["letters", "send", &number, "--by", "analyst"])
            .contains("editor@herald.example")
    );
    let n_letters = || {
        told.lock()
            .unwrap()
            .iter()
            .filter(|line| *line == "DATA")
            .count()
    };
    let letter = told.lock().unwrap().join("\n");
    assert_eq!(n_letters(), 1);
    assert!(
        letter.contains(&format!("filename=\"{number}.docx\"")),
        "{letter}"
    );
    assert!(!letter.contains("Auto-Submitted"), "a person sends it");
    let (_, said) = desk.refused(&["letters", "send", &number, "--by", "analyst"]);
    assert!(said.contains("sent already"), "{said}");
    assert_eq!(n_letters(), 1);
}

#[test]
fn a_bundle_is_the_same_whenever_packed_and_names_what_was_changed() {
    let desk = Desk::new("");
    let entered = aigaq(
        desk.path(),
        &["letter", &desk.case, "--register", "analyst"],
        "",
    );
    assert_eq!(entered.status.code(), Some(0));
    desk.run(&["case", &desk.case, "--bundle", "a.zip"]);
    desk.run(&["case", &desk.case, "--bundle", "b.zip"]);
    let bytes = std::fs::read(desk.path().join("a.zip")).unwrap();
    assert_eq!(bytes, std::fs::read(desk.path().join("b.zip")).unwrap());
    // Checked in a folder with nothing else: neither configuration nor store.
    let apart = tempfile::tempdir().unwrap();
    let verify = |bytes: &[u8]| {
        std::fs::write(apart.path().join("x.zip"), bytes).unwrap();
        let output = aigaq(apart.path(), &["verify-bundle", "x.zip"], "");
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (status, said) = verify(&bytes);
    assert!(status == 0 && said.contains("files match"), "{said}");
    let opened = aigaq::report::bundle::open(&bytes).0.unwrap();
    for wanted in [
        "case.json",
        "case.txt",
        "captures.warc.gz",
        "verdicts.json",
        "sources.json",
        "captures.json",
    ] {
        assert!(opened.files.contains_key(wanted), "{wanted}");
    }
    for beginning in ["revisions/", "texts/", "letters/"] {
        assert!(
            opened
                .files
                .keys()
                .filter(|name| name.starts_with(beginning))
                .count()
                >= 2,
            "{beginning}"
        );
    }
    // One byte in each file, by its name.
    for (name, content) in &opened.files {
        let at = bytes
            .windows(content.len())
            .position(|window| window == content)
            .unwrap()
            + content.len() / 2;
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let (status, said) = verify(&changed);
        assert_eq!(status, 1, "{name}");
        assert!(said.contains(name.as_str()), "{name}: {said}");
    }
}

#[test]
fn any_changed_byte_of_a_real_bundle_is_found() {
    let desk = Desk::new("");
    desk.run(&["case", &desk.case, "--bundle", "a.zip"]);
    let bytes = std::fs::read(desk.path().join("a.zip")).unwrap();
    let found = |at: usize, bit: u8| {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << bit;
        !aigaq::pipeline::bundle::verify(&changed, None)
            .mismatches
            .is_empty()
    };
    // A prime step reaches every kind of byte; the property test of the form itself tries every bit.
    for at in (0..bytes.len()).step_by(13) {
        assert!(found(at, u8::try_from(at % 8).unwrap()), "byte {at}");
    }
}

#[test]
fn warc_files_are_checked_by_a_command_too() {
    let desk = Desk::new("");
    let folder = desk.path().join("index/captures");
    let names = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let path = names
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "gz"))
        .unwrap();
    let shown = path.display().to_string();
    assert!(
        desk.run(&["verify-warc", &shown])
            .contains("3 records, 0 faults\n")
    );
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    let (status, said) = desk.refused(&["verify-warc", &shown]);
    assert!(status == 1 && said.contains("record 2"), "{said}");
}
