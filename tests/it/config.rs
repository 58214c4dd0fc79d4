//! `sources.toml`: every key is read, every mistake is told at its line, and the shipped file is right.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use aigaq::config::{
    Addressee, AdminChannel, AlertConfig, Api, Applicant, CaseConfig, Config, ConfigError,
    EvidenceConfig, LetterConfig, Listing, MailConfig, MailSecurity, PrivateAddresses, SecretPlace,
    TelegramConfig,
};
use aigaq::crawl;
use aigaq::language::Language;
use aigaq::model::{SourceRole, UserRole};

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap()
}

fn mistakes(text: &str) -> Vec<ConfigError> {
    Config::parse(text, Path::new("sources.toml")).unwrap_err()
}

#[test]
fn the_shipped_file_is_right_and_says_why_a_source_is_disabled() {
    let text = fixture("sources.toml");
    let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
    assert_eq!(crawl::check(&config), []);
    assert!(config.enabled().count() >= 5);
    assert!(config.sources.len() > 30);
    for source in &config.sources {
        let id = &source.source.id;
        assert!(source.note.is_some(), "{id} has no note");
        assert!(
            !source.is_enabled || !source.has_no_discovery(),
            "{id} is enabled but names no way to its pages"
        );
        assert!(
            source.crawl.allow_private_addresses == PrivateAddresses::Refused,
            "{id} may reach private addresses"
        );
    }
}

#[test]
fn every_key_is_read() {
    let text = fixture("tests/config/every-key.toml");
    let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
    assert_eq!(crawl::check(&config), []);
    let [source] = &config.sources[..] else {
        panic!("one source")
    };
    assert_eq!(source.source.id.0, "agency");
    assert_eq!(source.source.name_in(Language::Kk), "Агенттік");
    assert_eq!(source.source.role, SourceRole::Official);
    assert_eq!(source.source.languages, Language::ALL);
    assert_eq!(source.source.authority, ["ferries", "harbours"]);
    assert!(!source.is_enabled);
    assert_eq!(source.note.as_deref(), Some("Waits for an agreement."));
    assert_eq!(
        source.crawl.user_agent,
        "Other/1.0 (+https://watch.example/other)"
    );
    assert_eq!(source.crawl.schedule, "10 0 9-18 * * Mon-Fri");
    assert_eq!(source.crawl.timezone, chrono_tz::Asia::Almaty);
    assert!(source.crawl.has_early_looks);
    assert_eq!(source.crawl.delay, Duration::from_millis(10));
    let only = vec![("10.1.2.3".to_owned(), 8080)];
    assert_eq!(
        source.crawl.allow_private_addresses,
        PrivateAddresses::Only(only)
    );
    assert_eq!(source.crawl.timeout, Duration::from_secs(120));
    assert_eq!(source.crawl.max_body_bytes, 1 << 30);
    assert_eq!((source.crawl.max_pages, source.crawl.max_entries), (3, 77));
    assert_eq!(source.feeds, ["https://agency.example/rss.xml"]);
    assert_eq!(source.sitemaps, ["https://agency.example/sitemap.xml"]);
    assert_eq!(source.files, ["https://agency.example/table.xlsx"]);
    let some = |text: &str| Some(text.to_owned());
    let listing = Listing {
        url: "https://agency.example/news".to_owned(),
        links: "a.item".to_owned(),
        next: some("a.next"),
        line: source.listings[0].line,
    };
    assert_eq!(source.listings, [listing]);
    assert_eq!(source.selectors.title.as_deref(), Some("h1"));
    assert_eq!(source.selectors.body.as_deref(), Some(".text"));
    assert_eq!(source.selectors.published.as_deref(), Some("time"));
    let api = source.api.clone().unwrap();
    let expected = Api {
        list: "https://agency.example/api?page={page}&lang={language}".to_owned(),
        items: "/data/items".to_owned(),
        item: some("https://agency.example/api/{id}"),
        id: some("/id"),
        url: some("/link"),
        title: some("/name"),
        published: some("/date"),
        language: some("/lang"),
        body: some("/text"),
        next: some("/data/next"),
        headers: BTreeMap::from([("Accept-Language".to_owned(), "{language}".to_owned())]),
        line: api.line,
    };
    assert_eq!(api, expected);
}

#[test]
fn every_key_of_letters_and_evidence_is_read() {
    let text = fixture("tests/config/every-key.toml");
    let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
    let some = |text: &str| Some(text.to_owned());
    let names = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let owned = |(code, name): &(&str, &str)| ((*code).to_owned(), (*name).to_owned());
        pairs.iter().map(owned).collect()
    };
    let one = |name: &str| names(&[("", name)]);
    let addressee = Addressee {
        name: one("The Agency"),
        person: names(&[("ru", "Редактору")]),
        address: one("2 Street"),
        email: some("editor@outlet.example"),
    };
    let agency = Applicant {
        name: names(&[("kk", "Бюро"), ("ru", "Бюро"), ("en", "Bureau")]),
        bin: some("123456789012"),
        representative: one("A. Person"),
        position: one("Head"),
        authority: one("Order 7"),
        address: one("1 Street"),
        phone: some("+7 700 000 00 00"),
        email: some("office@agency.example"),
    };
    let everybody = Applicant {
        name: one("Everybody's"),
        ..Applicant::default()
    };
    let expected = LetterConfig {
        templates: Some("letters".into()),
        clocks: Some("clocks".into()),
        applicants: BTreeMap::from([("agency".to_owned(), agency), (String::new(), everybody)]),
        addressees: BTreeMap::from([("agency".to_owned(), addressee)]),
    };
    assert_eq!(config.letters, expected);
    let writes = |source| config.letters.applicant(source).map(|one| &one.name);
    assert_eq!(
        writes("agency"),
        Some(&names(&[("kk", "Бюро"), ("ru", "Бюро"), ("en", "Bureau")]))
    );
    assert_eq!(writes("other"), Some(&one("Everybody's")));
    let expected = EvidenceConfig {
        timestamp_url: some("https://stamp.example/"),
        timestamp_ca_file: Some("/etc/aigaq/stamp.pem".into()),
        allow_private_addresses: true,
        keep_uncited: Some(Duration::from_secs(400 * 24 * 3600)),
    };
    assert_eq!(config.evidence, expected);
}

#[test]
fn mistakes_of_letters_are_told_at_their_lines() {
    let text = "[letters]\ntemplate = true\n[[letters.applicant]]\nbin = \"12\"\nemail = \"nobody\"\n[[letters.addressee]]\nname = \"A\"\n[evidence]\ntimestamp_url = \"ftp://a.example/\"\n[[letters.applicant]]\nname = \"B\"\n[[letters.applicant]]\nsource = \"no id\"\n";
    let found: Vec<(usize, String)> = mistakes(text)
        .into_iter()
        .map(|one| (one.line, one.key))
        .collect();
    for wanted in [
        (2, "letters.template"),
        (4, "letters.applicant[0].bin"),
        (5, "letters.applicant[0].email"),
        (10, "letters.applicant[1]"),
        (13, "letters.applicant[2].source"),
        (6, "letters.addressee[0].source"),
        (9, "evidence.timestamp_url"),
    ] {
        assert!(
            found.contains(&(wanted.0, wanted.1.to_owned())),
            "{wanted:?}: {found:?}"
        );
    }
}

#[test]
fn one_applicant_may_be_given_as_a_table() {
    let text = "[letters.applicant]\nname = \"A\"\n";
    let config = Config::parse(text, Path::new("sources.toml")).unwrap();
    let name = config.letters.applicant("agency").map(|one| &one.name[""]);
    assert_eq!(name.map(String::as_str), Some("A"));
}

#[test]
fn defaults_hold_for_every_source_that_does_not_say_otherwise() {
    let text = "[crawl]\ndelay = \"9s\"\n[[source]]\nid = \"a\"\nname = \"A\"\nurl = \"https://a.example/\"\nrole = \"media\"\nlanguages = [\"en\"]\n[[source]]\nid = \"b\"\nname = \"B\"\nurl = \"https://b.example/\"\nrole = \"media\"\nlanguages = [\"en\"]\ndelay = \"1s\"\n";
    let config = Config::parse(text, Path::new("sources.toml")).unwrap();
    let delays: Vec<u64> = config
        .sources
        .iter()
        .map(|source| source.crawl.delay.as_secs())
        .collect();
    assert_eq!(delays, [9, 1]);
    assert_eq!(
        config.sources[0].crawl.max_pages,
        aigaq::config::DEFAULT_MAX_PAGES
    );
}

/// What the comments of the fixture ask for: (line, key, start of the message).
fn expected(text: &str) -> Vec<(usize, String, String)> {
    let mut expected = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let Some((_, comment)) = line.split_once(" # ") else {
            continue;
        };
        for part in comment.split("; ") {
            match part.split_once(": ") {
                Some((key, message)) if !part.starts_with("did you") => {
                    expected.push((idx + 1, key.to_owned(), message.to_owned()));
                }
                // A semicolon inside the message.
                _ => {
                    let last: &mut (usize, String, String) = expected.last_mut().unwrap();
                    last.2 = format!("{}; {part}", last.2);
                }
            }
        }
    }
    expected
}

#[test]
fn the_ways_that_messages_leave_are_read_and_none_is_open_by_itself() {
    let text = fixture("tests/config/every-key.toml");
    let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
    let wanted = AlertConfig {
        base_url: Some("https://watch.example/aigaq/".to_owned()),
        allow_private_addresses: true,
        max_per_minute: 7,
        admin: Some(AdminChannel::Mail("admin@watch.example".to_owned())),
        mail: Some(MailConfig {
            host: "127.0.0.1".to_owned(),
            port: 2525,
            user: Some("watcher".to_owned()),
            password: Some(SecretPlace::Variable("MAIL_PASSWORD".to_owned())),
            from: "Watcher <watcher@watch.example>".to_owned(),
            security: MailSecurity::None,
            ca_file: Some("/etc/aigaq/ca.pem".into()),
        }),
        telegram: Some(TelegramConfig {
            token: SecretPlace::File("/run/secrets/token".into()),
            api: "http://127.0.0.1:8081".to_owned(),
        }),
    };
    assert_eq!(config.alerts, wanted);
    let cases = CaseConfig {
        quiet_period: Duration::from_secs(3 * 3600),
        needs_second_person: false,
    };
    assert_eq!(config.cases, cases);
    let empty = Config::parse("", Path::new("sources.toml")).unwrap();
    assert_eq!(empty.alerts, AlertConfig::default());
    assert!(empty.cases.needs_second_person && empty.cases.quiet_period.is_zero());
    assert!(!empty.alerts.allow_private_addresses);
    let usual = "[mail]\nhost = \"mail.example.org\"\nfrom = \"a@example.org\"\n[telegram]\ntoken_env = \"TOKEN\"\n";
    let usual = Config::parse(usual, Path::new("sources.toml"))
        .unwrap()
        .alerts;
    let mail = usual.mail.unwrap();
    assert_eq!((mail.port, mail.security), (465, MailSecurity::Tls));
    assert_eq!(usual.telegram.unwrap().api, "https://api.telegram.org");
}

#[test]
fn each_way_of_sending_in_clear_or_of_writing_a_secret_down_is_a_mistake() {
    let mail = |lines: &str| format!("[mail]\nfrom = \"a@example.org\"\n{lines}\n");
    let cases = [
        (
            mail("host = \"mail.example.org\"\nsecurity = \"none\"\ninsecure = true"),
            "mail.security",
        ),
        (
            mail("host = \"127.0.0.1\"\nsecurity = \"none\""),
            "mail.security",
        ),
        (
            mail("host = \"127.0.0.1\"\nsecurity = \"none\"\ninsecure = false"),
            "mail.security",
        ),
        (
            mail("host = \"h.example\"\nsecurity = \"ssl\""),
            "mail.security",
        ),
        (
            mail("host = \"h.example\"\npassword = \"x\""),
            "mail.password",
        ),
        (
            mail("host = \"h.example\"\npassword_env = \"p@ss word\""),
            "mail.password_env",
        ),
        (
            mail("host = \"h.example\"\npassword_env = \"P\"\npassword_file = \"p\""),
            "mail.password_file",
        ),
        (
            "[mail]\nhost = \"h.example\"\nfrom = \"Aigaq\"\n".to_owned(),
            "mail.from",
        ),
        (
            "[mail]\nhost = \"h.example\"\nfrom = \"a@b.example\\r\\nBcc: c@d.example\"\n"
                .to_owned(),
            "mail.from",
        ),
        (
            "[telegram]\ntoken = \"12:x\"\n".to_owned(),
            "telegram.token",
        ),
        (
            "[telegram]\ntoken_env = \"12:secret\"\n".to_owned(),
            "telegram.token_env",
        ),
    ];
    for (text, key) in cases {
        let found = mistakes(&text);
        assert!(
            found.iter().any(|error| error.key == key),
            "{key}: {found:#?}"
        );
        assert!(
            !format!("{found:?}").contains("p@ss") && !format!("{found:?}").contains("12:secret")
        );
    }
}

#[test]
fn every_mistake_is_told_at_once_with_its_key_and_line() {
    let text = fixture("tests/config/every-mistake.toml");
    let found = mistakes(&text);
    let mut left = found.clone();
    for (line, key, message) in expected(&text) {
        let at = left.iter().position(|error| {
            error.line == line && error.key == key && error.message.starts_with(&message)
        });
        match at {
            Some(at) => drop(left.remove(at)),
            None => panic!("line {line}: {key}: {message} not among {found:#?}"),
        }
    }
    assert_eq!(left, [], "told but not expected");
}

#[test]
fn broken_toml_is_told_with_its_line_and_never_panics() {
    let found = mistakes("[crawl]\ndelay = \"2s\n[[source]]\nid = = 3\n");
    assert!(found.iter().any(|error| error.line == 2), "{found:#?}");
    assert!(found.iter().any(|error| error.line == 4), "{found:#?}");
    let shown = found[0].to_string();
    assert!(shown.starts_with("sources.toml:2:"), "{shown}");
    for text in [
        "\u{0}",
        "[[[",
        "source = 3",
        "crawl = []",
        "[source]\nid = 1",
    ] {
        assert!(!mistakes(text).is_empty(), "{text}");
    }
}

#[test]
fn roles_that_need_a_second_step_are_named_and_a_word_that_is_no_role_is_a_mistake() {
    let text = "[web]\nsecond_step = [\"administrator\", \"approver\"]\n";
    let config = Config::parse(text, Path::new("sources.toml")).unwrap();
    let roles = [UserRole::Administrator, UserRole::Approver];
    assert_eq!(config.web.second_step, roles.into());
    let found = mistakes("[web]\nsecond_step = [\"king\"]\n");
    assert!(found[0].to_string().contains("no role `king`"), "{found:?}");
    let empty = Config::parse("", Path::new("sources.toml")).unwrap();
    assert!(empty.web.second_step.is_empty());
    assert_eq!(
        (empty.web.hub_callback, empty.evidence.keep_uncited),
        (None, None)
    );
    let text = "[web]\nhub_callback = \"https://desk.example\"\n";
    let config = Config::parse(text, Path::new("sources.toml")).unwrap();
    assert_eq!(
        config.web.hub_callback.as_deref(),
        Some("https://desk.example")
    );
    for wrong in [
        "desk.example",
        "https://desk.example/",
        "ftp://desk.example",
    ] {
        let found = mistakes(&format!("[web]\nhub_callback = \"{wrong}\"\n"));
        assert!(
            found[0].to_string().contains("web.hub_callback"),
            "{found:?}"
        );
    }
}
