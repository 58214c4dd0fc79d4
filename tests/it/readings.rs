//! Slots that people correct by hand: what counts then, that the program's reading stays beside it, and what becomes of it later.

use aigaq::config::CaseConfig;
use aigaq::language::{Language, Lexicon};
use aigaq::model::desk::Step;
use aigaq::model::{
    Case, CaseId, CaseState, Difference, Dues, ReadingState, SlotName, SlotReading, SlotResult,
    SlotSides, UserRole,
};
use aigaq::pursue::{priority, reading as readings};
use aigaq::report::case_tables::{self, CaseForm};
use aigaq::report::{claim_review, json, text};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::cli::{aigaq, lines};
use super::desk::{self, minute, user};
use super::desk_case::{case, desk_of, get, officer};
use super::desk_letters::World;
use super::letters::Desk as Folder;
use super::steps::taken;

/// A reading of a slot that says nothing new about it.
pub fn reading(slot: SlotName) -> SlotReading {
    let sides = |result| SlotSides {
        claimed: String::new(),
        official: String::new(),
        result,
    };
    SlotReading {
        slot,
        person: sides(SlotResult::NotCompared),
        program: sides(SlotResult::Same),
        note: "read twice".to_owned(),
        by: "aisha".to_owned(),
        at: minute(0),
        url: "https://outlet.example/elsewhere".to_owned(),
        passage: String::new(),
        quoted: String::new(),
    }
}

/// The step that corrects a slot.
fn correct(slot: SlotName, sides: [Option<&str>; 2], result: SlotResult) -> Step {
    let [claimed, official] = sides.map(|side| side.map(str::to_owned));
    Step::CorrectReading {
        slot,
        claimed,
        official,
        result,
        url: None,
    }
}

/// The case after an officer of the police took a step.
fn after(before: &Case, step: Step) -> Case {
    let mut cases = taken(before, step, &officer(), &CaseConfig::default()).unwrap();
    cases.swap_remove(0)
}

/// What a slot of a case comes to.
fn seen(case: &Case, slot: SlotName) -> aigaq::model::SlotSeen {
    let mut slots = readings::of_first(Lexicon::shipped(), case).into_iter();
    slots.find(|one| one.slot == slot).unwrap()
}

#[test]
fn what_a_person_read_counts_and_what_the_program_read_stays_beside_it() {
    let before = case();
    let typed = [Some("1 310"), None];
    let read = after(
        &before,
        correct(SlotName::Value, typed, SlotResult::Differs),
    );
    // Numbers are kept in their plain form, so that they can be reckoned with; the other side is as the program read it.
    let differing = read.differing();
    assert_eq!(differing.len(), 1);
    assert_eq!(differing[0].claimed, "1310");
    assert_eq!(differing[0].official, "1309");
    assert_eq!(read.differences, before.differences);
    let value = seen(&read, SlotName::Value);
    assert_eq!(value.counts.claimed, "1310");
    assert_eq!(value.program.claimed, "1903");
    let (kept, state) = value.reading.unwrap();
    assert_eq!(state, ReadingState::Holds);
    assert_eq!(
        (kept.by.as_str(), kept.note.as_str()),
        ("zhanar", "a reason")
    );
    assert_eq!(kept.program, value.program);
    // What is told of the case elsewhere goes by it too.
    let names = std::collections::BTreeMap::new();
    let shown = text::cases(
        std::slice::from_ref(&read),
        &names,
        &Dues::new(),
        text::Style::default(),
    );
    assert!(shown.contains("1310 in the publication"), "{shown}");
    let csv = case_tables::write(
        CaseForm::Csv,
        std::slice::from_ref(&read),
        &names,
        &Dues::new(),
        "",
        minute(0),
    );
    let csv = String::from_utf8(csv.unwrap()).unwrap();
    assert!(csv.contains(",1310,1309,"), "{csv}");
    let whole = json::case(&read);
    assert_eq!(whole["differences"][0]["claimed"], "1310");
    assert_eq!(whole["desk"]["readings"][0]["program"]["claimed"], "1903");
    let points = |case: &Case| priority(case, &names, &CaseConfig::default(), minute(0)).score;
    assert!(points(&read) < points(&before), "nearer values press less");

    // A slot that agrees as a person read it is told nowhere as one that differs.
    let agreed = after(
        &read,
        correct(SlotName::Value, [Some("1309"), None], SlotResult::Same),
    );
    assert!(agreed.differing().is_empty());
    assert_eq!(agreed.desk.readings.len(), 1, "one reading of a slot");
    let mut confirmed = agreed.clone();
    confirmed.desk.confirmed = Some(("zhanar".to_owned(), minute(0)));
    let graph = claim_review::graph(&[confirmed], &names, "");
    assert_eq!(graph["@graph"].as_array().unwrap().len(), 0);

    // A slot that the program passed over may differ as well, and one that it read may be of no account.
    let place = correct(
        SlotName::Place,
        [Some("Astana"), Some("Almaty")],
        SlotResult::Differs,
    );
    let placed = after(&agreed, place);
    let differing = placed.differing();
    let found = (
        differing.len(),
        differing[0].slot,
        differing[0].claimed.as_str(),
    );
    // Known names are kept in the language of the publication.
    assert_eq!(found, (1, SlotName::Place, "Астана"));
    let dropped = after(
        &placed,
        Step::DropReading {
            slot: SlotName::Value,
        },
    );
    assert_eq!(dropped.differing()[0], before.differences[0]);
    assert_eq!(dropped.differing()[1].slot, SlotName::Place);
    let told: Vec<&str> = dropped
        .history
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    let all = "value read as “1310” in the publication and “1309” in the record, differs; the program reads “1903”";
    assert!(told.iter().any(|what| what.starts_with(all)), "{told:?}");
}

#[test]
fn a_reading_that_does_not_fit_together_is_refused_in_words() {
    let case = case();
    let rules = CaseConfig::default();
    let long = "x".repeat(301);
    let refused = [
        (
            correct(SlotName::Value, [None, None], SlotResult::Differs),
            "what the program read",
        ),
        (
            correct(SlotName::Value, [Some("1 309"), None], SlotResult::Differs),
            "say the same",
        ),
        (
            correct(
                SlotName::Body,
                [Some("police"), Some("–")],
                SlotResult::LeftOut,
            ),
            "left out",
        ),
        (
            correct(SlotName::Polarity, [Some("no"), None], SlotResult::Differs),
            "in words",
        ),
        (
            correct(SlotName::Place, [Some(&long), None], SlotResult::Same),
            "at most 300",
        ),
        (
            Step::DropReading {
                slot: SlotName::Value,
            },
            "nobody corrected",
        ),
        (
            Step::CorrectReading {
                slot: SlotName::Value,
                claimed: None,
                official: None,
                result: SlotResult::Same,
                url: Some("https://outlet.example/none".to_owned()),
            },
            "no publication",
        ),
    ];
    for (step, why) in refused {
        let said = taken(&case, step.clone(), &officer(), &rules).unwrap_err();
        assert!(said.to_string().contains(why), "{step:?}: {said}");
    }
    // Who only reads, or only keeps the desk, corrects nothing.
    for role in [UserRole::Viewer, UserRole::Administrator] {
        let step = correct(SlotName::Value, [None, None], SlotResult::Same);
        let by = user("marat", role, "police");
        assert!(taken(&case, step, &by, &rules).is_err(), "{role:?}");
    }
}

#[test]
fn a_reading_outlives_what_the_program_reads_later_and_not_the_text() {
    let step = correct(SlotName::Value, [Some("1309"), None], SlotResult::Same);
    let mut read = after(&case(), step);
    // Judged again, the program reads another number in the same sentence.
    read.differences[0].claimed = "1900".to_owned();
    let value = seen(&read, SlotName::Value);
    assert_eq!(value.program.claimed, "1900");
    let (kept, state) = value.reading.unwrap();
    assert_eq!(state, ReadingState::ProgramReadsOtherwise);
    assert_eq!(kept.program.claimed, "1903");
    assert!(
        read.differing().is_empty(),
        "the sentence that was read stands"
    );
    // It finds a further difference: that is nobody's reading yet.
    let further = Difference {
        slot: SlotName::Place,
        claimed: "Астана".to_owned(),
        official: "Алматы".to_owned(),
    };
    read.differences.push(further.clone());
    assert_eq!(read.differing(), [further]);

    // The publication says something else now: the reading was of what it said before.
    read.copies[0].sentence = "Зарегистрировано 1 900 краж.".to_owned();
    let value = seen(&read, SlotName::Value);
    assert_eq!(value.reading.unwrap().1, ReadingState::TextChanged);
    assert_eq!(value.counts.result, SlotResult::Differs);
    assert_eq!(read.differing().len(), 2);
    // The copy that was read belongs to another case: what it said is as it was.
    read.copies.remove(0);
    assert_eq!(read.differing().len(), 1);
    // And the record is revised.
    read.evidence[0].sentence = "Зарегистрировано 1 310 краж.".to_owned();
    assert_eq!(read.differing().len(), 2);
}

#[test]
fn a_case_of_before_is_read_and_written_as_it_was() {
    let stored = serde_json::to_string(&case()).unwrap();
    assert!(!stored.contains("readings"), "{stored}");
    let read: Case = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, case());
    let corrected = after(
        &case(),
        correct(SlotName::Value, [Some("1309"), None], SlotResult::Same),
    );
    let stored = serde_json::to_string(&corrected).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&stored).unwrap(), corrected);
}

/// Posts a form to the steps of the case.
async fn post(router: &axum::Router, body: &str) -> axum::response::Response {
    let request = Request::post("/cases/case-1/steps")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_owned()));
    router.clone().oneshot(request.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_slot_is_corrected_on_the_page_and_both_readings_are_shown_in_each_language() {
    let (_folder, router) = desk_of(&[case()], &officer(), CaseConfig::default());
    let (_, body) = get(&router, "/cases/case-1", "en").await;
    assert!(body.contains("?copy=1&amp;read=value#reading"), "{body}");
    assert!(
        !body.contains("id=\"reading\""),
        "a form stands where it was asked for"
    );
    let (_, body) = get(&router, "/cases/case-1?read=value", "en").await;
    let form = body.split_once("id=\"reading\"").unwrap().1;
    let form = form.split_once("</form>").unwrap().0;
    for part in [
        "name=\"seen\" value=\"1\"",
        "name=\"slot\" value=\"value\"",
        "name=\"url\" value=\"https://outlet.example/1\"",
        "<option value=\"differs\" selected>",
        "“1,903” in the publication",
    ] {
        assert!(form.contains(part), "{part} of {form}");
    }
    let sent = "seen=1&slot=value&claimed=1+310&official=&result=differs&note=a+slip+of+the+eye&step=correct-reading";
    assert_eq!(post(&router, sent).await.status(), StatusCode::SEE_OTHER);
    for (language, words) in [
        (
            "en",
            [
                "1,310",
                "Read by hand: zhanar",
                "The program reads: “1,903”",
                "Corrected a reading by hand. Number: publication: “1 310”, differs: a slip of the eye",
            ],
        ),
        (
            "ru",
            [
                "1\u{a0}310",
                "Прочитано вручную: zhanar",
                "Программа читает так: в публикации «1\u{a0}903»",
                "Прочтение исправлено вручную. Число: публикация: «1 310», расходится: a slip of the eye",
            ],
        ),
        (
            "kk",
            [
                "1\u{a0}310",
                "Қолмен оқылды: zhanar",
                "Бағдарлама оқуы: жарияланымда «1\u{a0}903»",
                "Оқылуы қолмен түзетілді. Сан: жарияланым: «1 310», сәйкес емес: a slip of the eye",
            ],
        ),
    ] {
        let (_, body) = get(&router, "/cases/case-1", language).await;
        for what in words {
            assert!(
                body.contains(what),
                "{what} is missing in {language}:\n{body}"
            );
        }
    }
    // Who is too late is told so, with all that was typed.
    let late = post(&router, &sent.replace("1+310", "1+311")).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let body = axum::body::to_bytes(late.into_body(), 1 << 20)
        .await
        .unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(
        body.contains("value=\"1 311\"") && body.contains("a slip of the eye"),
        "{body}"
    );
    // What lacks a note says which field.
    let bare = sent
        .replace("seen=1", "seen=2")
        .replace("a+slip+of+the+eye", "");
    assert_eq!(
        post(&router, &bare).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // The program's reading counts again.
    let dropped = post(&router, "seen=2&slot=value&step=drop-reading").await;
    assert_eq!(dropped.status(), StatusCode::SEE_OTHER);
    let (_, body) = get(&router, "/cases/case-1", "en").await;
    assert!(!body.contains("Read by hand"), "{body}");
    // Taken back, the reading stands as it stood.
    assert_eq!(
        post(&router, "seen=3&step=undo").await.status(),
        StatusCode::SEE_OTHER
    );
    let (_, body) = get(&router, "/cases/case-1", "en").await;
    assert!(body.contains("Read by hand"), "{body}");
    // Where nothing differs any more, the quick look says so instead of a table without rows.
    let step = correct(SlotName::Value, [Some("1309"), None], SlotResult::Same);
    let agreed = after(&case(), step);
    let (_folder, router) = desk_of(&[agreed], &officer(), CaseConfig::default());
    let (_, body) = get(&router, "/cases?view=all", "en").await;
    let said = "As people read it nothing differs.";
    assert!(body.contains(said), "{body}");
    let (_, body) = get(&router, "/cases/case-1", "en").await;
    assert!(body.contains(said), "{body}");
    // A viewer reads both and corrects neither.
    let viewer = desk::user("marat", UserRole::Viewer, "police");
    let read = after(
        &case(),
        correct(SlotName::Value, [Some("1310"), None], SlotResult::Differs),
    );
    let (_folder, router) = desk_of(&[read], &viewer, CaseConfig::default());
    let (_, body) = get(&router, "/cases/case-1?read=value", "en").await;
    assert!(
        body.contains("Read by hand") && body.contains("“1,903”"),
        "{body}"
    );
    assert!(
        !body.contains("correct-reading") && !body.contains("drop-reading"),
        "{body}"
    );
}

#[test]
fn a_letter_goes_by_what_people_read_and_asks_for_nothing_that_agrees() {
    let desk = Folder::new("");
    desk.run(&["user", "add", "aisha", "--role", "officer"]);
    let step = |more: &[&str]| {
        let shown = aigaq(desk.path(), &["--format", "jsonl", "case", &desk.case], "");
        let version = lines(&shown).remove(0)["version"].to_string();
        let head = ["case", &desk.case, "--as", "aisha", "--seen", &version];
        desk.run(&[&head[..], more].concat())
    };
    let written = desk.letter(None, Language::Ru, None);
    assert!(written.contains("8 741"), "{written}");
    let told = step(&[
        "--do",
        "correct-reading",
        "--slot",
        "value",
        "--claimed",
        "8 714",
        "--result",
        "differs",
        "--note",
        "digits",
    ]);
    assert!(told.contains("“8714” in the publication"), "{told}");
    assert!(told.contains("the program read “8741”"), "{told}");
    let written = desk.letter(None, Language::Ru, None);
    let table = written.split_once("8 714").map(|(_, rest)| rest);
    assert!(table.is_some(), "{written}");
    // Agreed with, the slot is asked for no longer, and a letter that would ask for nothing is not written.
    step(&[
        "--do",
        "correct-reading",
        "--slot",
        "value",
        "--claimed",
        "8417",
        "--result",
        "same",
        "--note",
        "read",
    ]);
    let (_, said) = desk.refused(&["letter", &desk.case]);
    assert!(said.contains("nothing differs any more"), "{said}");
    // With another slot that differs the letter is about that one.
    step(&[
        "--do",
        "correct-reading",
        "--slot",
        "place",
        "--claimed",
        "Алматы",
        "--official",
        "Казахстан",
        "--result",
        "differs",
        "--note",
        "read",
    ]);
    let written = desk.letter(None, Language::Ru, None);
    assert!(written.contains("Территория"), "{written}");
    assert!(!written.contains("Число"), "{written}");
    let (_, said) = desk.refused(&[
        "case",
        &desk.case,
        "--as",
        "aisha",
        "--seen",
        "1",
        "--do",
        "correct-reading",
        "--slot",
        "colour",
        "--result",
        "same",
    ]);
    assert!(said.contains("there is no slot colour"), "{said}");
    // The bundle has both readings.
    desk.run(&["case", &desk.case, "--bundle", "case.zip"]);
    let bytes = std::fs::read(desk.path().join("case.zip")).unwrap();
    let packed = String::from_utf8_lossy(&bytes);
    assert!(
        packed.contains("the program read “8741”"),
        "a bundle is stored unpacked"
    );
    desk.run(&["verify-audit"]);
}

#[test]
fn a_reading_decides_nothing_of_a_case() {
    for state in CaseState::ALL {
        let before = Case { state, ..case() };
        let step = correct(SlotName::Value, [Some("1309"), None], SlotResult::Same);
        assert_eq!(after(&before, step).state, state);
    }
}

#[tokio::test]
async fn who_opens_a_draft_of_before_is_told_that_a_slot_was_read_otherwise_since() {
    let world = World::confirmed().await;
    let told = "A slot of the case was read otherwise";
    let page = world.enter("aisha", &[("route", "reply")]).await;
    let shown = world.page("aisha", &page, "en").await.body;
    assert!(!shown.contains(told), "{shown}");
    let path = format!("/cases/{}/steps", world.case);
    let step = async |more: &[(&str, &str)]| {
        let id = CaseId(world.case.clone());
        let seen = world.store.case(&id).unwrap().unwrap().version.to_string();
        let fields = [&[("seen", seen.as_str()), ("slot", "value")], more].concat();
        let taken = world.send("aisha", &path, &fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    };
    step(&[
        ("step", "correct-reading"),
        ("claimed", "8 417"),
        ("result", "same"),
        ("note", "read twice"),
    ])
    .await;
    let shown = world.page("aisha", &page, "en").await.body;
    assert!(shown.contains(told), "{shown}");
    // A new one would ask for nothing.
    let new = format!(
        "/cases/{}/letters/new?route=reply&language=en&seen=1&preview=1",
        world.case
    );
    let shown = world.page("aisha", &new, "en").await.body;
    assert!(shown.contains("nothing differs any more"), "{shown}");
    // What is on its way is on its way.
    for (who, fields) in [
        ("aisha", vec![("step", "propose")]),
        ("daniyar", vec![("step", "approve")]),
        ("aisha", vec![("step", "sent"), ("how", "by post")]),
    ] {
        let taken = world.step(who, &page, &fields).await;
        assert_eq!(
            taken.status,
            StatusCode::SEE_OTHER,
            "{fields:?}: {}",
            taken.body
        );
    }
    let shown = world.page("aisha", &page, "en").await.body;
    assert!(!shown.contains(told), "{shown}");
}
