//! The rules of the source text itself: who may import whom, where each library lives, what is pure.
//!
//! A text search, not a compiler: it reads `crate::name` and `name::` of the libraries, outside comments.
//! Each message says what to do instead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The stages, in the order of the flow.
const STAGES: [&str; 8] = [
    "crawl", "extract", "index", "judge", "pursue", "report", "send", "serve",
];

/// Rooms without a clock, disk, network or environment.
const PURE: [&str; 8] = [
    "extract",
    "markup",
    "judge",
    "pursue",
    "report",
    "language",
    "canonical",
    "model",
];

/// What each room below the rim may import of ours; stages may use every foundation.
const FOUNDATIONS: [(&str, &[&str]); 7] = [
    ("canonical", &[]),
    ("markup", &[]),
    ("wire", &[]),
    ("language", &["canonical"]),
    ("model", &["language", "canonical"]),
    ("config", &["model", "language", "canonical"]),
    ("store", &["model", "language", "canonical"]),
];

/// The stages that a reader's side may use.
const SERVE_MAY_USE: [&str; 3] = ["index", "pursue", "report"];

/// Libraries with one home. A path ending in `/` is a folder.
const HOMES: [(&str, &[&str]); 28] = [
    ("argon2", &["src/serve/signin/"]),
    ("askama", &["src/serve/"]),
    ("fluent_templates", &["src/serve/words.rs"]),
    ("qrcode", &["src/serve/signin/"]),
    ("totp_rs", &["src/serve/signin/"]),
    ("tower_http", &["src/serve/"]),
    ("reqwest", &["src/crawl/", "src/send/", "src/wire/"]),
    ("lettre", &["src/send/"]),
    ("openidconnect", &["src/send/oidc.rs"]),
    ("cms", &["src/send/stamp.rs"]),
    ("der", &["src/send/stamp.rs"]),
    ("webpki", &["src/send/stamp.rs"]),
    ("x509_tsp", &["src/send/stamp.rs"]),
    ("minijinja", &["src/report/letter/"]),
    ("num_bigint", &["src/crawl/health.rs"]),
    ("zip", &["src/extract/", "src/report/letter/"]),
    ("hmac", &["src/send/"]),
    ("sha1", &["src/send/hub.rs"]),
    ("cron", &["src/crawl/schedule.rs"]),
    ("feed_rs", &["src/crawl/discover/"]),
    ("quick_xml", &["src/crawl/discover/", "src/extract/"]),
    (
        "scraper",
        &[
            "src/extract/",
            "src/crawl/discover/",
            "src/crawl/effective.rs",
        ],
    ),
    ("calamine", &["src/extract/"]),
    ("tantivy", &["src/index/"]),
    ("rust_stemmers", &["src/language/"]),
    ("rusqlite", &["src/store/"]),
    ("axum", &["src/serve/"]),
    ("clap", &["src/cli/", "src/main.rs"]),
];

/// What a pure room must not name.
const IMPURE: [&str; 8] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
];

/// Names that say nothing of what a file is for.
const EMPTY_NAMES: [&str; 7] = [
    "util", "utils", "common", "helper", "helpers", "types", "misc",
];

/// Lines above which a file is more than one idea.
const MOST_LINES: usize = 900;

/// Bytes above which something is data that was committed by mistake.
const MOST_BYTES: u64 = 1024 * 1024;

/// The same for files of others that pages load: the page that shows the API is one script of that size, and cannot be had in
/// parts without a build of its own.
const MOST_VENDOR_BYTES: u64 = 2 * 1024 * 1024;

/// One source file: its path from the root of the project, and its text.
struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    /// The room it stands in: `crawl` of `src/crawl/fetch.rs`, `config` of `src/config.rs`.
    fn room(&self) -> &str {
        let rest = self.path.strip_prefix("src/").unwrap_or(&self.path);
        rest.split(['/', '.']).next().unwrap_or_default()
    }

    /// Lines that are neither comments nor empty, up to the tests at the end, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .text
            .lines()
            .enumerate()
            .map(|(number, line)| (number + 1, line.trim()));
        lines
            .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
    }
}

/// Every Rust file below a folder of the project, by path.
fn rust_files(folder: &str) -> Vec<SourceFile> {
    files_of(folder, "rs")
}

/// Every file of a kind below a folder of the project, by path.
fn files_of(folder: &str, kind: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push(SourceFile { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Whether a file is only compiled for tests.
fn is_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// Fails with all complaints at once.
fn report(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} complaints:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// Whether `line` names a path that begins with `name::`, as a word of its own.
fn names_path(line: &str, name: &str) -> bool {
    let wanted = format!("{name}::");
    line.match_indices(&wanted).any(|(at, _)| {
        !line[..at]
            .ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
    })
}

/// The rooms of ours that a line imports.
fn imported_rooms(line: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for (at, found) in line.match_indices("crate::") {
        let rest = &line[at + found.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            rooms.extend(
                list.trim_end_matches("};")
                    .split(',')
                    .map(|item| first_word(item.trim())),
            );
        } else {
            rooms.push(first_word(rest));
        }
    }
    rooms
}

/// The identifier at the start of a text.
fn first_word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

#[test]
fn rooms_import_only_what_lies_below_them() {
    let foundations: BTreeMap<&str, &[&str]> = FOUNDATIONS.into_iter().collect();
    let mut complaints = Vec::new();
    for file in rust_files("src")
        .iter()
        .filter(|file| !is_tests(&file.path))
    {
        let room = file.room();
        for (number, line) in file.code() {
            for other in imported_rooms(line) {
                let is_room = STAGES.contains(&other)
                    || foundations.contains_key(other)
                    || ["cli", "pipeline"].contains(&other);
                if !is_room || other == room {
                    continue;
                }
                let is_allowed = match (foundations.get(room), STAGES.contains(&room)) {
                    (Some(below), _) => below.contains(&other),
                    (None, true) => {
                        foundations.contains_key(other)
                            || (room == "serve" && SERVE_MAY_USE.contains(&other))
                    }
                    (None, false) => true,
                };
                if !is_allowed {
                    complaints.push(format!(
                        "{}:{number}: {room} imports {other}; let them meet in pipeline.rs, or move what both need to a foundation",
                        file.path
                    ));
                }
            }
        }
    }
    report(&complaints);
}

#[test]
fn each_library_has_one_home() {
    let mut complaints = Vec::new();
    for file in rust_files("src")
        .iter()
        .filter(|file| !is_tests(&file.path))
    {
        for (number, line) in file.code() {
            for (library, homes) in HOMES {
                let is_home = homes.iter().any(|home| file.path.starts_with(home));
                if !is_home && names_path(line, library) {
                    complaints.push(format!(
                        "{}:{number}: {library} lives in {}",
                        file.path,
                        homes.join(", ")
                    ));
                }
            }
        }
    }
    report(&complaints);
}

#[test]
fn connections_are_opened_where_addresses_are_checked() {
    // The crawler's client, the senders' client, and name resolution. SMTP goes to the one host that the operator names.
    let doors = [
        "src/crawl/fetch.rs",
        "src/send/mod.rs",
        "src/wire/address.rs",
        "src/send/mail.rs",
    ];
    let ways = [
        "Client::builder(",
        "Client::new(",
        "reqwest::get",
        "reqwest::blocking",
        "TcpStream::connect",
        "UdpSocket",
        "lookup_host",
        "SmtpConnection::connect",
    ];
    let mut complaints = Vec::new();
    let mut n_doors = 0;
    for file in rust_files("src")
        .iter()
        .filter(|file| !is_tests(&file.path))
    {
        let is_door = doors.contains(&file.path.as_str());
        for (number, line) in file.code() {
            for way in ways.iter().filter(|way| line.contains(**way)) {
                n_doors += usize::from(is_door);
                if !is_door {
                    complaints.push(format!(
                        "{}:{number}: {way}; let `Fetcher` or `Sender` connect, which check the address",
                        file.path
                    ));
                }
            }
        }
    }
    report(&complaints);
    assert!(n_doors >= doors.len(), "the search finds nothing any more");
}

#[test]
fn what_the_docs_say_of_hostile_answers_is_shown_by_a_test() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/crawling.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let rows = docs.lines().filter(|line| line.starts_with("| "));
    let named: Vec<&str> = rows
        .filter_map(|row| row.trim_end_matches(" |").rsplit_once("| "))
        .flat_map(|(_, tests)| tests.split(", "))
        .filter_map(|test| test.strip_prefix('`')?.strip_suffix('`'))
        .collect();
    let code: String = ["src", "tests"]
        .into_iter()
        .flat_map(rust_files)
        .map(|file| file.text)
        .collect();
    let complaints: Vec<String> = named
        .iter()
        .filter(|test| !code.contains(&format!("fn {test}()")))
        .map(|test| format!("docs/crawling.md names `{test}`, which is no test"))
        .collect();
    report(&complaints);
    assert!(named.len() > 50, "only {} tests are named", named.len());
}

#[test]
fn pure_rooms_take_time_and_bytes_as_arguments() {
    let mut complaints = Vec::new();
    for file in rust_files("src")
        .iter()
        .filter(|file| PURE.contains(&file.room()) && !is_tests(&file.path))
    {
        for (number, line) in file.code() {
            for name in IMPURE.iter().filter(|name| line.contains(**name)) {
                complaints.push(format!(
                    "{}:{number}: {name} in a pure room; take what it gives as an argument",
                    file.path
                ));
            }
        }
    }
    report(&complaints);
}

#[test]
fn sql_stays_in_the_store() {
    let mut complaints = Vec::new();
    for file in rust_files("src")
        .iter()
        .filter(|file| file.room() != "store")
    {
        for (number, line) in file.code() {
            if ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE"]
                .iter()
                .any(|word| line.contains(word))
            {
                complaints.push(format!("{}:{number}: SQL outside store", file.path));
            }
        }
    }
    report(&complaints);
}

#[test]
fn files_say_what_they_are_and_hold_one_idea() {
    let mut complaints = Vec::new();
    for file in ["src", "tests", "benches"].into_iter().flat_map(rust_files) {
        let stem = Path::new(&file.path)
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        if !file.text.starts_with("//!") {
            complaints.push(format!(
                "{}: open it with `//!`: what it turns into what",
                file.path
            ));
        }
        if EMPTY_NAMES.contains(&stem.as_str()) {
            complaints.push(format!("{}: name the file for what it does", file.path));
        }
        let n_lines = file.text.lines().count();
        if n_lines > MOST_LINES {
            complaints.push(format!(
                "{}: {n_lines} lines; two ideas are easier to find in two files",
                file.path
            ));
        }
        for (number, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                complaints.push(format!(
                    "{}:{}: space at the end of a line",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    report(&complaints);
}

#[test]
fn tests_run_and_can_fail() {
    let forbidden = [
        concat!("#[ign", "ore"),
        concat!("should_", "panic"),
        concat!("thread::", "sleep"),
    ];
    let mut complaints = Vec::new();
    for file in ["src", "tests"].into_iter().flat_map(rust_files) {
        // The program may wait for others; its tests may not.
        let lines = file.text.lines().collect::<Vec<_>>();
        let tests_from = lines
            .iter()
            .position(|line| line.starts_with("#[cfg(test)]"));
        let tests_from = match file.path.starts_with("tests/") {
            true => 0,
            false => tests_from.unwrap_or(lines.len()),
        };
        for (number, line) in lines.into_iter().enumerate().skip(tests_from) {
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                complaints.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    report(&complaints);
}

#[test]
fn nothing_large_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["src", "tests", "benches"]
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    let mut complaints = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let is_vendor = folder.ends_with("src/serve/assets/vendor");
            let most = if is_vendor {
                MOST_VENDOR_BYTES
            } else {
                MOST_BYTES
            };
            if entry.file_name() == "node_modules" {
                // What the tests in a browser install; git ignores it.
            } else if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.metadata().unwrap().len() > most {
                complaints.push(format!(
                    "{}: larger than {most} bytes",
                    entry.path().display()
                ));
            }
        }
    }
    report(&complaints);
}

#[test]
fn readers_never_meet_an_accusing_word() {
    let words = ["fake", "liar", "lying", "фейк", "ложь", "враньё", "өтірік"];
    let mut complaints = Vec::new();
    let mut files = rust_files("src");
    files.retain(|file| ["report", "pursue", "serve"].contains(&file.room()));
    files.extend(files_of("src/serve/locales", "ftl"));
    files.extend(files_of("src/serve/templates", "html"));
    for file in &files {
        for (number, line) in file.code() {
            let lower = line.to_lowercase();
            for word in words.iter().filter(|word| lower.contains(**word)) {
                complaints.push(format!(
                    "{}:{number}: {word}; say what differs from the record",
                    file.path
                ));
            }
        }
    }
    report(&complaints);
}
