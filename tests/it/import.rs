//! `aigaq import`: publications and records from files, through the binary.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

const SOURCES: &str = r#"
[[source]]
id = "stat"
name = { ru = "Комитет по статистике" }
url = "https://stat.example/"
role = "official"
languages = ["ru"]

[[source]]
id = "news"
name = { ru = "Вечерний вестник" }
url = "https://news.example/"
role = "media"
languages = ["ru"]
"#;

/// A form with a row that counts its columns, nested labels and a merged heading, as a file of values.
const FORM: &str = "\
Форма отчета № 7 «О зарегистрированных уголовных правонарушениях»,,,,
Наименование показателей,,Количество правонарушений уголовные дела о которых находились в производстве,Количество зарегистрированных правонарушений,Количество правонарушений дела о которых направлены в суд
А,Б,1,2,3
Всего правонарушений,,7410,6238,2051
,проступки,1204,1013,388
,преступлений,6206,5225,1663
";

fn run(folder: &Path, args: &[&str]) -> Output {
    std::fs::write(folder.join("sources.toml"), SOURCES).unwrap();
    let aigaq = env!("CARGO_BIN_EXE_aigaq");
    let mut command = Command::new(aigaq);
    command.current_dir(folder).args(args);
    command.output().unwrap()
}

fn shown(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_form_is_taken_in_and_claims_are_judged_by_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("form.csv"), FORM).unwrap();
    let title = "область Улытау, 2025 год";
    let import = [
        "import",
        "form.csv",
        "--source",
        "stat",
        "--title",
        title,
        "--published",
        "2026-01-15",
    ];
    let (code, out, err) = shown(&run(path, &import));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(
        out.starts_with("1 taken in, 0 known already, 0 refused"),
        "{out}"
    );
    let (_, out, _) = shown(&run(path, &import));
    assert!(
        out.starts_with("0 taken in, 1 known already, 0 refused"),
        "{out}"
    );

    let cases = [
        (
            "6 238",
            "supported",
            "",
            "Всего правонарушений | 7410 | 6238",
        ),
        (
            "7 410",
            "contradicted",
            "base",
            "Всего правонарушений | 7410",
        ),
    ];
    for (figure, label, slot, quoted) in cases {
        let text = format!(
            "В области Улытау за 2025 год зарегистрировано {figure} уголовных правонарушений."
        );
        std::fs::write(path.join("draft.txt"), text).unwrap();
        let check = [
            "--format",
            "jsonl",
            "check",
            "draft.txt",
            "--published",
            "2026-02-10",
        ];
        let (_, out, err) = shown(&run(path, &check));
        let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap_or_default())
            .unwrap_or_else(|error| panic!("{error}: {out} {err}"));
        assert_eq!(first["verdict"], label, "{first}");
        assert_eq!(
            first["differences"][0]["slot"].as_str().unwrap_or_default(),
            slot,
            "{first}"
        );
        let sentence = first["evidence"][0]["sentence"]
            .as_str()
            .unwrap_or_default();
        assert!(sentence.contains(quoted), "{sentence}");
    }
}

#[test]
fn folders_archives_and_lines_are_taken_in_and_what_is_broken_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let page = |words: &str| {
        let sentence =
            format!("{words} за девять месяцев 2025 года полицией области раскрыто 417 краж. ");
        format!(
            "<html><head><title>{words}</title></head><body><article><h1>{words}</h1><p>{}</p></article></body></html>",
            sentence.repeat(4)
        )
    };
    let given = path.join("given");
    std::fs::create_dir_all(given.join("deep")).unwrap();
    std::fs::write(given.join("deep/one.html"), page("Первая")).unwrap();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}",
        page("Вторая")
    );
    let record = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/2\r\nWARC-Date: 2025-10-20T05:00:00Z\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    std::fs::write(given.join("two.warc"), record).unwrap();
    let line = serde_json::json!({ "url": "https://news.example/3", "html": page("Третья"), "published": "2025-10-21" });
    std::fs::write(
        given.join("three.jsonl"),
        format!("{line}\n{{\"html\": \"no address\"}}\nno json\n"),
    )
    .unwrap();
    std::fs::write(given.join("four.xlsx"), b"PK\x03\x04 but no workbook").unwrap();
    std::fs::write(
        given.join("five.json"),
        "[{\"region\": \"Улытау\", \"thefts_2025\": 417}]",
    )
    .unwrap();

    let base = "https://news.example/files/";
    let (code, out, err) = shown(&run(
        path,
        &["import", "given", "--source", "news", "--url", base],
    ));
    assert_eq!(code, Some(1), "{out} {err}");
    assert!(
        out.starts_with("5 taken in, 0 known already, 2 refused"),
        "{out} {err}"
    );
    assert!(
        out.contains("5 pages read: 4 new, 0 changed, 1 not documents"),
        "{out}"
    );
    assert!(
        err.contains("three.jsonl: entry 2: it has no `url`"),
        "{err}"
    );
    assert!(err.contains("three.jsonl: entry 3: line 3: "), "{err}");

    let (_, out, _) = shown(&run(path, &["--format", "jsonl", "search", "417"]));
    for url in [
        "https://news.example/2",
        "https://news.example/3",
        "https://news.example/files/deep/one.html",
        "https://news.example/files/five.json",
    ] {
        assert!(
            out.contains(&format!("{url}\"")),
            "{url} is not found: {out}"
        );
    }
    let (code, _, err) = shown(&run(path, &["import", "given", "--source", "nobody"]));
    assert_eq!(code, Some(2));
    assert!(
        err.contains("`nobody` is no source of the configuration"),
        "{err}"
    );
}

#[test]
fn a_line_that_stands_on_every_page_of_a_site_is_left_out_of_later_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let words = ["мосте", "школе", "рынке", "парке", "дворе", "порту"];
    for word in words {
        let page = format!(
            "<h1>Новости о {word}</h1><div class=text><p>Депутаты говорили о {word} весь день и приняли решение, сообщили в маслихате.</p>\
             <p>Работы на {word} начнутся осенью, деньги на них уже выделены из бюджета.</p>\
             <p>Редакция просит писать о событиях своего двора на общий адрес.</p></div>"
        );
        std::fs::write(path.join("page.html"), page).unwrap();
        let url = format!(
            "https://news.example/{}",
            words.iter().position(|one| one == &word).unwrap()
        );
        run(
            path,
            &["import", "page.html", "--source", "news", "--url", &url],
        );
    }
    let found = |query: &str| {
        let (_, out, _) = shown(&run(path, &["--format", "jsonl", "search", query]));
        (0..words.len())
            .filter(|number| out.contains(&format!("https://news.example/{number}\"")))
            .count()
    };
    assert_eq!(found("маслихате"), 6);
    assert_eq!(
        found("\"редакция просит писать\""),
        4,
        "from the fifth page on, pages are read without the site's own line"
    );
}

/// A PDF file of these objects, the first of which is its catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (size, start) = (objects.len() + 1, file.len());
    file.extend(table.into_bytes());
    let end = format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF");
    file.extend(end.into_bytes());
    file
}

fn stream(keys: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{keys}/Length {}>>stream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// A page whose content is the fourth object.
fn one_page(resources: &str) -> Vec<Vec<u8>> {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>>"
    );
    [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &page,
    ]
    .map(|object| object.as_bytes().to_vec())
    .to_vec()
}

/// Two kilobytes that ask for a thousand million drawings: each form draws the next ten times.
fn drawing_forms() -> Vec<u8> {
    const N_FORMS: usize = 9;
    let tenfold = b"/X Do\n".repeat(10);
    let mut objects = one_page("/XObject<</X 5 0 R>>");
    objects.push(stream("", &tenfold));
    for form in 1..=N_FORMS {
        let is_last = form == N_FORMS;
        let next = format!("/Resources<</XObject<</X {} 0 R>>>>", 5 + form);
        let keys = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 600 800]{}",
            if is_last { "" } else { &next }
        );
        objects.push(stream(&keys, if is_last { b"q Q\n" } else { &tenfold }));
    }
    pdf(&objects)
}

/// Two megabytes that unpack to two gigabytes.
fn unpacking_stream() -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..2_048 {
        packer.write_all(&spaces).unwrap();
    }
    let mut objects = one_page("");
    objects.push(stream("/Filter/FlateDecode", &packer.finish().unwrap()));
    pdf(&objects)
}

#[test]
fn files_that_ask_for_more_work_or_memory_than_the_limits_cost_only_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let given = path.join("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::write(given.join("a.pdf"), drawing_forms()).unwrap();
    std::fs::write(given.join("b.pdf"), unpacking_stream()).unwrap();
    let report = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/report-en.pdf");
    std::fs::copy(report, given.join("c.pdf")).unwrap();
    let url = "https://stat.example/files/";
    let (code, out, err) = shown(&run(
        path,
        &[
            "--format", "json", "import", "given", "--source", "stat", "--url", url,
        ],
    ));
    assert_eq!(code, Some(1), "{out} {err}");
    let imported: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(imported["summary"]["new"], 1, "{out}");
    let unreadable = imported["summary"]["unreadable"].as_array().unwrap();
    let names: Vec<&str> = unreadable
        .iter()
        .map(|one| one[0].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "https://stat.example/files/a.pdf",
            "https://stat.example/files/b.pdf"
        ]
    );
    for one in unreadable {
        let expected =
            "reading the file took more than 20 s of processor time or 1024 MB of memory";
        assert_eq!(one[1], expected);
    }
}

#[test]
fn what_changed_for_readers_is_shown_word_by_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let write = |figure: &str, quote: &str| {
        let text = format!(
            "<p>В области за год раскрыто {figure} краж {quote}, сообщила полиция. Работа продолжается и дальше.</p>"
        );
        std::fs::write(
            path.join("page.html"),
            format!("<article><h1>Итоги года</h1>{}</article>", text.repeat(3)),
        )
        .unwrap();
        let url = "https://news.example/page";
        run(
            path,
            &["import", "page.html", "--source", "news", "--url", url],
        )
    };
    write("417", "«из квартир»");
    write("417", "&ldquo;из&nbsp;квартир&rdquo;");
    write("471", "«из квартир»");
    let (code, out, err) = shown(&run(path, &["changes", "https://news.example/page"]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines[0].starts_with("1  ") && lines[0].ends_with("first seen"),
        "{out}"
    );
    assert!(
        lines[1].starts_with("2  ") && lines[1].ends_with("changed"),
        "{out}"
    );
    assert!(lines[2].contains("раскрыто [-417-] {+471+} краж"), "{out}");
    assert!(!out.lines().any(|line| line.starts_with("3  ")), "{out}");
    let (code, _, err) = shown(&run(path, &["changes", "https://news.example/none"]));
    assert_eq!(code, Some(2));
    assert!(
        err.contains("nothing is stored of https://news.example/none"),
        "{err}"
    );
}
