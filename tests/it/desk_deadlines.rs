//! Last days on the page of a case and in lists: as the page of deadlines has them, everywhere the same, and gone when they were
//! answered or the case ended.

use super::desk_letters::{World, today};

/// The table of what is due, and the head of a case's page.
async fn due(world: &World) -> (String, String) {
    let page = world
        .page("aisha", &format!("/cases/{}", world.case), "en")
        .await
        .body;
    let table = page.split("id=\"duties\"").nth(1).unwrap_or_default();
    let table = table.split("</section>").next().unwrap().to_owned();
    let head = page.split("</h1>").nth(1).unwrap();
    (table, head.split("</div>").next().unwrap().to_owned())
}

/// A letter of a route that was received today; the address of its page.
async fn received(world: &World, route: &str) -> String {
    let page = world.enter("aisha", &[("route", route)]).await;
    let on = today();
    for (who, fields) in [
        ("aisha", vec![("step", "propose")]),
        ("daniyar", vec![("step", "approve")]),
        ("aisha", vec![("step", "sent"), ("how", "by post")]),
        ("aisha", vec![("step", "received"), ("on", on.as_str())]),
    ] {
        let taken = world.step(who, &page, &fields).await;
        assert_eq!(taken.status, 303, "{fields:?}: {}", taken.body);
    }
    page
}

#[tokio::test]
async fn a_promise_does_not_end_what_is_to_be_published_and_a_correction_does() {
    let world = World::confirmed().await;
    let page = received(&world, "reply").await;
    let all = [
        "Publication of the reply",
        "a court may be asked",
        "Limitation",
    ];
    let (table, _) = due(&world).await;
    assert!(all.iter().all(|name| table.contains(name)), "{table}");
    let answer =
        |answer: &'static str| vec![("step", "answer"), ("answer", answer), ("note", "by phone")];
    world.step("aisha", &page, &answer("promised")).await;
    let (table, _) = due(&world).await;
    assert!(table.contains(all[0]), "{table}");
    world.step("aisha", &page, &answer("done")).await;
    let (table, _) = due(&world).await;
    assert!(!table.contains(all[0]) && table.contains(all[1]), "{table}");
    // The page of deadlines and that of the letter say the same.
    for path in ["/deadlines", page.as_str()] {
        let shown = world.page("aisha", path, "en").await.body;
        assert!(
            !shown.contains(all[0]) && shown.contains(all[2]),
            "{path}: {shown}"
        );
    }
    // With the case everything ends.
    let case = world.store.case(&aigaq::model::CaseId(world.case.clone()));
    let seen = case.unwrap().unwrap().version.to_string();
    let fields = [
        ("seen", seen.as_str()),
        ("step", "close"),
        ("note", "corrected"),
    ];
    let closed = world
        .send("aisha", &format!("/cases/{}/steps", world.case), &fields)
        .await;
    assert_eq!(closed.status, 303, "{}", closed.body);
    let (table, _) = due(&world).await;
    assert!(!all.iter().any(|name| table.contains(name)), "{table}");
    let shown = world.page("aisha", "/deadlines", "en").await.body;
    assert!(!shown.contains(&world.case), "{shown}");
}

#[tokio::test]
async fn a_request_to_clarify_is_answered_by_any_answer_in_the_language_of_the_reader() {
    let world = World::confirmed().await;
    let page = received(&world, "clarification").await;
    let (table, _) = due(&world).await;
    assert!(
        table.contains("Answer to the request to clarify"),
        "{table}"
    );
    let fields = [
        ("step", "answer"),
        ("answer", "disputed"),
        ("note", "they ask why"),
    ];
    world.step("aisha", &page, &fields).await;
    let (table, _) = due(&world).await;
    assert!(!table.contains("Answer to the request"), "{table}");
    // The line of time tells the same step in each language, with what was said to it.
    let path = format!("/cases/{}", world.case);
    for (language, words) in [
        ("en", "Noted the answer. They ask or dispute: they ask why"),
        ("ru", "Ответ записан."),
        ("kk", "Жауап жазылды."),
    ] {
        let shown = world.page("aisha", &path, language).await.body;
        let line = shown.split("id=\"h-line\"").nth(1).unwrap();
        assert!(line.contains(words), "{language}: {line}");
        assert!(!line.contains("<span lang=\"en\">"), "{language}: {line}");
    }
}

/// A span as a page writes it after some words, until the next tag.
fn after<'p>(page: &'p str, words: &str) -> &'p str {
    let rest = page.split_once(words).map_or("", |(_, rest)| rest);
    rest.split('<').next().unwrap()
}

/// The case as its row in the queue, the quick look and its own page tell when it is due.
async fn told(world: &World, late: [&str; 2]) -> [String; 3] {
    let queue = world.page("aisha", "/cases?view=all", "en").await.body;
    let (_, rows) = queue.split_once("class=\"c-due\"").unwrap();
    let (row, rest) = rows.split_once("</td>").unwrap();
    let (_, peek) = rest.split_once("id=\"peek\"").unwrap();
    let (_, head) = due(world).await;
    let [in_list, in_case] = late;
    [
        after(row, in_list),
        after(peek, in_list),
        after(&head, in_case),
    ]
    .map(str::to_owned)
}

#[tokio::test]
async fn lists_and_the_page_of_a_case_tell_one_deadline() {
    let world = World::confirmed().await;
    // The limitation of a case that has no letter counts where nothing is sooner, and is no day that passed.
    let [row, peek, head] = told(&world, ["due \"", "Time left: "]).await;
    assert!(row.contains("datetime") && peek.contains("datetime") && !head.is_empty());
    let late = world.page("aisha", "/cases?view=late", "en").await.body;
    assert!(!late.contains(&world.case), "{late}");
    // A letter that was received three weeks ago asks for an answer that is late.
    let page = world.enter("aisha", &[("route", "reply")]).await;
    let long_ago = aigaq::language::local_day(chrono::Utc::now()) - chrono::TimeDelta::days(21);
    let on = long_ago.to_string();
    for (who, fields) in [
        ("aisha", vec![("step", "propose")]),
        ("daniyar", vec![("step", "approve")]),
        (
            "aisha",
            vec![("step", "sent"), ("how", "by post"), ("on", on.as_str())],
        ),
    ] {
        let taken = world.step(who, &page, &fields).await;
        assert_eq!(taken.status, 303, "{fields:?}: {}", taken.body);
    }
    world.page("aisha", "/cases?view=late", "en").await;
    let cases = world.store.last_case_version().unwrap();
    let received = vec![("step", "received"), ("on", on.as_str())];
    let taken = world.step("aisha", &page, &received).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    // No case changed, and what was reckoned before is reckoned anew all the same.
    assert_eq!(world.store.last_case_version().unwrap(), cases);
    let late = world.page("aisha", "/cases?view=late", "en").await.body;
    assert!(
        late.contains(&format!("href=\"/cases/{}", world.case)),
        "{late}"
    );
    assert!(late.contains("data-view=\"late\">1<"), "{late}");
    let [row, peek, head] = told(&world, ["Late by ", "Overdue: "]).await;
    assert!(!head.is_empty(), "the head says that it is late");
    assert_eq!([&row, &peek], [&head, &head]);
    let overview = world.page("aisha", "/overview", "en").await.body;
    let waiting = format!("/cases/{}", world.case);
    assert!(
        overview.contains("Due: ") && overview.contains(&waiting),
        "{overview}"
    );
    // Where the answer came, nothing is late any more.
    let answer = [("step", "answer"), ("answer", "done"), ("note", "by phone")];
    world.step("aisha", &page, &answer).await;
    let late = world.page("aisha", "/cases?view=late", "en").await.body;
    assert!(late.contains("data-view=\"late\">0<"), "{late}");
}
