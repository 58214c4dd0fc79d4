//! Last days on the page of a case: as the page of deadlines has them, and gone when they were answered or the case ended.

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
