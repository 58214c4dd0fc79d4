//! The built binary: what it prints where, and with which status it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program in a folder with some input.
pub(crate) fn aigaq(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aigaq"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What was printed as data, a JSON value a line.
pub(crate) fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn errors_of_use_and_of_the_machine_end_with_2_and_say_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let broken = "[[source]]\nid = \"a\"\nrole = \"judge\"\n";
    std::fs::write(folder.path().join("broken.toml"), broken).unwrap();
    for (arguments, named) in [
        (&["cases"][..], "index"),
        (&["--data", "nowhere", "findings"][..], "nowhere"),
        (&["crawl"][..], "sources.toml"),
        (&["--config", "broken.toml", "crawl"][..], "broken.toml"),
        (&["extract", "no.html"][..], "no.html"),
        (&["--format", "pdf", "cases"][..], "pdf"),
    ] {
        let output = aigaq(folder.path(), arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(named),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn sources_check_lists_every_mistake_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let broken = "[[source]]\nid = \"a\"\nrole = \"judge\"\ncolour = 1\n";
    std::fs::write(folder.path().join("sources.toml"), broken).unwrap();
    let output = aigaq(
        folder.path(),
        &["--format", "jsonl", "sources", "check"],
        "",
    );
    assert_eq!(output.status.code(), Some(1));
    let lines_with_mistakes: Vec<_> = lines(&output)
        .iter()
        .map(|one| one["line"].clone())
        .collect();
    assert!(
        lines_with_mistakes.contains(&3.into()),
        "{lines_with_mistakes:?}"
    );
    assert!(
        lines_with_mistakes.contains(&4.into()),
        "{lines_with_mistakes:?}"
    );
}

#[test]
fn a_draft_is_taken_apart_without_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let text = "За первый квартал 2025 года зарегистрировано 1 245 краж.\n";
    let analysed = lines(&aigaq(folder.path(), &["analyze"], text));
    assert_eq!(analysed.len(), 1);
    assert_eq!(analysed[0]["language"], "ru");
    assert_eq!(analysed[0]["quantities"][0]["value"], "1245");
    let claims = lines(&aigaq(folder.path(), &["claims"], text));
    assert!(
        claims.iter().any(|claim| claim["slots"]["value"] == "1245"),
        "{claims:?}"
    );
}

#[test]
fn verify_answers_each_line_with_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: u32, value: &str| {
        let record = "За первый квартал 2025 года в Казахстане зарегистрировано 1 245 краж.";
        serde_json::json!({
            "id": id,
            "claim": record.replace("1 245", value),
            "published": "2025-04-11",
            "evidence": [{ "text": record, "published": "2025-04-10" }],
        })
    };
    let input = format!("{}\n{}\n", line(1, "1 245"), line(2, "1 425"));
    let output = aigaq(folder.path(), &["verify"], &input);
    let verdicts = lines(&output);
    assert_eq!(verdicts[0]["verdict"], "supported", "{verdicts:?}");
    assert_eq!(verdicts[1]["verdict"], "contradicted", "{verdicts:?}");
    assert_eq!(verdicts[1]["differences"][0]["slot"], "value");
    let broken = aigaq(folder.path(), &["verify"], "{\"id\":1}\n");
    assert_eq!(broken.status.code(), Some(2));
    assert!(stderr(&broken).contains("line 1"));
}

#[test]
fn extract_keeps_the_ids_of_a_stream_and_names_what_is_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<html><head><title>Title</title></head><body><article><h1>Title</h1><p>Some sentence that is long enough to be the text of a page.</p></article></body></html>";
    let input = format!(
        "{}\n{}\n",
        serde_json::json!({ "id": "a", "url": "https://a.example/1", "html": page }),
        serde_json::json!({ "id": "b", "url": "https://a.example/2", "html": "" }),
    );
    let documents = lines(&aigaq(folder.path(), &["extract", "--jsonl"], &input));
    assert_eq!(documents[0]["id"], "a");
    assert!(
        documents[0]["text"]
            .as_str()
            .unwrap()
            .contains("long enough")
    );
    assert_eq!(documents[1]["id"], "b");
    assert!(documents[1]["error"].is_string());
}

#[test]
fn the_demo_shows_cases_with_both_sides_and_a_correction() {
    let folder = tempfile::tempdir().unwrap();
    let output = aigaq(folder.path(), &["demo", "--once"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let (first, second) = text.split_once("Some time later").unwrap();
    for what in ["proposed", "Differs", "Published", "Record", "8741", "8417"] {
        assert!(first.contains(what), "{what} is missing:\n{text}");
    }
    for what in ["Why", "History", "opened", "corrected", "removed"] {
        assert!(second.contains(what), "{what} is missing:\n{text}");
    }
    assert!(
        !text.contains("около 8,4"),
        "a rounded figure is not accused:\n{text}"
    );
    assert!(!text.contains('\u{1b}'), "no colours in a pipe");
}

/// A data folder with a few publications of one outlet.
fn library() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sources = "[[source]]\nid = \"outlet\"\nname = \"Outlet\"\nurl = \"https://outlet.example/\"\nrole = \"media\"\nlanguages = [\"ru\"]\n";
    std::fs::write(folder.path().join("sources.toml"), sources).unwrap();
    let pages: String = (1..=5)
        .map(|n| {
            let html = format!(
                "<html><head><title>=Порт {n}</title></head><body><article><h1>=Порт {n}</h1><p>Порт номер {n} открыли после ремонта, сообщили в управлении города.</p></article></body></html>"
            );
            let line = serde_json::json!({
                "url": format!("https://outlet.example/{n}"),
                "html": html,
                "title": format!("=Порт {n}"),
                "published": format!("2026-03-0{n}"),
            });
            format!("{line}\n")
        })
        .collect();
    std::fs::write(folder.path().join("pages.jsonl"), pages).unwrap();
    let output = aigaq(
        folder.path(),
        &["import", "pages.jsonl", "--source", "outlet"],
        "",
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    folder
}

#[test]
fn search_pages_streams_and_counts_the_same_hits() {
    let folder = library();
    let all = lines(&aigaq(
        folder.path(),
        &["search", "порт", "--format", "jsonl"],
        "",
    ));
    assert_eq!(all.len(), 5);
    let page = |after: Option<&str>| {
        let mut arguments = vec![
            "search",
            "порт",
            "--unfolded",
            "--limit",
            "3",
            "--facets",
            "--format",
            "json",
        ];
        arguments.extend(after.iter().flat_map(|after| ["--after", after]));
        let output = aigaq(folder.path(), &arguments, "");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let first = page(None);
    assert_eq!(first["meta"]["total"], 5);
    assert_eq!(first["facets"][0]["values"][0]["count"], 5);
    let second = page(first["meta"]["next"].as_str());
    assert_eq!(second["hits"].as_array().unwrap().len(), 2);
    assert_eq!(second["meta"]["next"], serde_json::Value::Null);
    let text = aigaq(folder.path(), &["search", "порт", "sorce:x"], "");
    assert!(stderr(&text).contains("`source:`"), "{}", stderr(&text));
    let help = aigaq(folder.path(), &["search", "--help"], "");
    assert!(String::from_utf8(help.stdout).unwrap().contains("NEAR/5"));
}

#[test]
fn exports_hold_what_the_screen_counted_and_say_what_they_are() {
    use calamine::Reader as _;
    let folder = library();
    for form in ["csv", "jsonl", "xlsx"] {
        let name = format!("found.{form}");
        let output = aigaq(folder.path(), &["search", "порт", "--export", &name], "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let manifest = folder.path().join(format!("{name}.manifest.json"));
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
        assert_eq!(manifest["n_rows"], 5);
        assert_eq!(manifest["query"], "порт");
        assert_eq!(manifest["sha256"].as_str().unwrap().len(), 64);
        assert!(manifest["index_generation"].as_u64().unwrap() >= 5);
        let path = folder.path().join(&name);
        let titles: Vec<String> = match form {
            "csv" => csv::Reader::from_path(&path)
                .unwrap()
                .records()
                .map(|row| row.unwrap()[6].to_owned())
                .collect(),
            "jsonl" => std::fs::read_to_string(&path)
                .unwrap()
                .lines()
                .map(|line| {
                    serde_json::from_str::<serde_json::Value>(line).unwrap()["title"]
                        .as_str()
                        .unwrap()
                        .to_owned()
                })
                .collect(),
            _ => {
                let mut book = calamine::open_workbook_auto(&path).unwrap();
                let sheet = book.worksheet_range("Sheet1").unwrap();
                assert!(book.worksheet_formula("Sheet1").unwrap().is_empty());
                sheet.rows().skip(1).map(|row| row[6].to_string()).collect()
            }
        };
        assert_eq!(titles.len(), 5, "{form}");
        let beginning = if form == "csv" {
            "'=Порт"
        } else {
            "=Порт"
        };
        assert!(
            titles.iter().all(|title| title.starts_with(beginning)),
            "{form}: {titles:?}"
        );
    }
    let refused = aigaq(
        folder.path(),
        &["search", "порт", "--export", "found.doc"],
        "",
    );
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains(".xlsx"));
}
