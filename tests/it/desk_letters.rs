//! Letters on pages and in the API: from a draft to an answer, who is refused on the way and told what, and texts that do no harm.

use std::sync::Arc;

use aigaq::model::desk::Step;
use aigaq::model::{CaseId, Order, SlotName, User, UserRole};
use aigaq::pursue::letter as register;
use aigaq::serve::letter_steps::{LetterStepError, LetterSteps};
use aigaq::serve::{self, router};
use aigaq::store::{CaseChange, Store};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::desk;
use super::letters::Desk as Folder;
use super::signed::signed_in;

/// People of the bureau: an analyst, an officer, two approvers and a viewer, and an approver of another agency.
const PEOPLE: [(&str, UserRole, &str); 6] = [
    ("marat", UserRole::Analyst, "bureau"),
    ("aisha", UserRole::Officer, "bureau"),
    ("daniyar", UserRole::Approver, "bureau"),
    ("saule", UserRole::Approver, "bureau"),
    ("yerlan", UserRole::Approver, "other"),
    ("bolat", UserRole::Viewer, "bureau"),
];

/// A desk with one confirmed case and its people.
pub(super) struct World {
    // Removed when the test ends.
    _folder: Folder,
    desk: Arc<serve::Desk>,
    pub(super) store: Arc<dyn Store>,
    pub(super) case: String,
}

/// An answer: its status, headers and body.
pub(super) struct Got {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }

    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

fn person(id: &str) -> User {
    let (id, role, agency) = PEOPLE.into_iter().find(|one| one.0 == id).unwrap();
    User {
        name: format!("{}{}", id[..1].to_uppercase(), &id[1..]),
        ..desk::user(id, role, agency)
    }
}

impl World {
    fn new() -> World {
        let folder = Folder::new("");
        let (pages, store) = folder.served();
        for (id, ..) in PEOPLE {
            store
                .put_user(&person(id), "keeper", desk::minute(0))
                .unwrap();
        }
        let case = folder.case.clone();
        World {
            desk: pages,
            _folder: folder,
            store,
            case,
        }
    }

    /// A world whose case an officer has confirmed.
    pub(super) async fn confirmed() -> World {
        let world = World::new();
        let case = world
            .store
            .case(&CaseId(world.case.clone()))
            .unwrap()
            .unwrap();
        let order = serde_json::from_value(json!({ "step": "confirm" })).unwrap();
        serve::desk::take_step(
            &*world.store,
            &world.desk.rules,
            &case.id,
            case.version,
            &order,
            &person("aisha"),
            chrono_now(),
        )
        .unwrap();
        world
    }

    /// Sends a request as a person who is signed in, or as nobody.
    async fn ask(&self, who: &str, request: Request<Body>) -> Got {
        let pages = router(Arc::clone(&self.desk));
        let pages = match who {
            "" => pages,
            who => signed_in(pages, &self.store, &person(who)),
        };
        let response = pages.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        // Spaces that do not break are spaces here.
        let body = String::from_utf8_lossy(&body).replace('\u{a0}', " ");
        Got {
            status,
            headers,
            body,
        }
    }

    pub(super) async fn page(&self, who: &str, path: &str, language: &str) -> Got {
        let request = Request::get(path).header(header::COOKIE, format!("language={language}"));
        self.ask(who, request.body(Body::empty()).unwrap()).await
    }

    pub(super) async fn send(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::COOKIE, "language=en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(who, request.body(Body::from(body)).unwrap()).await
    }

    /// Sends JSON with the version that was seen.
    pub(super) async fn post(&self, who: &str, path: &str, seen: &str, body: Value) -> Got {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if !seen.is_empty() {
            request = request.header(header::IF_MATCH, seen);
        }
        let body = Body::from(body.to_string());
        self.ask(who, request.body(body).unwrap()).await
    }

    fn new_page(&self) -> String {
        format!("/cases/{}/letters/new", self.case)
    }

    /// Enters a letter by the form; the address of its page.
    pub(super) async fn enter(&self, who: &str, more: &[(&str, &str)]) -> String {
        let mut fields = vec![("route", "reply"), ("language", "kk"), ("second", "ru")];
        fields.extend(more);
        let entered = self.send(who, &self.new_page(), &fields).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        entered.header(header::LOCATION).to_owned()
    }

    /// Sends the form of a step from the letter as it stands.
    pub(super) async fn step(&self, who: &str, page: &str, fields: &[(&str, &str)]) -> Got {
        let number = page.rsplit('/').next().unwrap();
        let letter = self.store.letter(number).unwrap().unwrap();
        let seen = letter.history.len().to_string();
        let mut all = vec![("seen", seen.as_str())];
        all.extend(fields);
        self.send(who, &format!("{page}/steps"), &all).await
    }

    fn case_state(&self) -> String {
        let case = self
            .store
            .case(&CaseId(self.case.clone()))
            .unwrap()
            .unwrap();
        serde_json::to_value(case.state)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    }
}

fn chrono_now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from(std::time::SystemTime::now())
}

pub(super) fn today() -> String {
    aigaq::language::local_day(chrono_now()).to_string()
}

#[tokio::test]
async fn a_letter_goes_from_draft_to_answer_on_pages_and_its_author_never_approves_it() {
    let world = World::confirmed().await;
    let page = world.enter("daniyar", &[]).await;
    assert_eq!(
        world
            .step("daniyar", &page, &[("step", "propose")])
            .await
            .status,
        303
    );
    // Whoever wrote it is not offered to approve it, is refused all the same, and told who can.
    let shown = world.page("daniyar", &page, "en").await;
    assert!(!shown.body.contains("value=\"approve\""), "{}", shown.body);
    assert!(shown.body.contains("Who can: Saule<"), "{}", shown.body);
    let refused = world.step("daniyar", &page, &[("step", "approve")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for said in [
        "role=\"alert\"",
        "A second person is needed",
        "Who can: Saule<",
    ] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    // An officer may not approve, nor a person of another agency see it at all.
    let refused = world.step("aisha", &page, &[("step", "approve")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.body.contains("Your role does not allow"),
        "{}",
        refused.body
    );
    assert_eq!(
        world.page("yerlan", &page, "en").await.status,
        StatusCode::NOT_FOUND
    );
    let nobody = world.step("", &page, &[("step", "approve")]).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert!(nobody.header(header::LOCATION).starts_with("/sign-in"));
    // It does not leave before it is approved, and what was typed stays.
    let sent = [("step", "sent"), ("how", "by <courier>"), ("on", &*today())];
    let refused = world.step("aisha", &page, &sent).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("still a draft"), "{}", refused.body);
    assert_eq!(
        world
            .step("saule", &page, &[("step", "approve")])
            .await
            .status,
        303
    );
    let late = [
        ("step", "sent"),
        ("how", "by <courier>"),
        ("on", "2999-01-01"),
    ];
    let refused = world.step("aisha", &page, &late).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "lies ahead",
        "value=\"by &#60;courier&#62;\"",
        "value=\"2999-01-01\"",
        "href=\"#f-on\"",
    ] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    assert_eq!(world.case_state(), "confirmed");
    assert_eq!(world.step("aisha", &page, &sent).await.status, 303);
    assert_eq!(world.case_state(), "correction_requested");
    let refused = world
        .step("marat", &page, &[("step", "received"), ("on", &*today())])
        .await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "an analyst notes no receipt"
    );
    assert_eq!(
        world
            .step("aisha", &page, &[("step", "received"), ("on", &*today())])
            .await
            .status,
        303
    );
    let answer = [
        ("step", "answer"),
        ("answer", "promised"),
        ("note", "Мы исправим <b>"),
    ];
    assert_eq!(world.step("aisha", &page, &answer).await.status, 303);
    for (language, words) in [
        (
            "kk",
            [
                "жіберілген",
                "түзетуге уәде берді",
                "Жауапты жариялау мерзімі",
            ],
        ),
        (
            "ru",
            ["отправлено", "обещают исправить", "Срок публикации ответа"],
        ),
        ("en", ["sent", "will correct", "Publication of the reply"]),
    ] {
        let shown = world.page("aisha", &page, language).await;
        assert_eq!(shown.status, StatusCode::OK);
        for word in words {
            assert!(
                shown.body.contains(word),
                "{language}, {word}: {}",
                shown.body
            );
        }
        assert!(
            shown.body.contains("Мы исправим &#60;b&#62;"),
            "{}",
            shown.body
        );
        let register = world.page("aisha", "/letters", language).await;
        assert!(
            register.body.contains(words[2]) && register.body.contains("+ 5"),
            "{}",
            register.body
        );
    }
    let audit = world.store.audit_after(0).unwrap();
    let noted: Vec<&str> = audit
        .iter()
        .filter_map(|entry| entry.action.strip_prefix("letter."))
        .collect();
    assert_eq!(
        noted,
        ["draft", "propose", "approve", "send", "receive", "answer"]
    );
    let refusals = audit
        .iter()
        .filter(|entry| entry.action.starts_with("refused."));
    let refused: Vec<&str> = refusals.map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        refused,
        [
            "refused.letter.approve",
            "refused.approve_letter",
            "refused.letter.sent",
            "refused.letter.receive"
        ]
    );
}

#[tokio::test]
async fn a_letter_goes_the_same_way_over_the_api_and_a_stale_step_is_told_what_changed() {
    let world = World::confirmed().await;
    let letters = format!("/api/v1/cases/{}/letters", world.case);
    let body = json!({ "languages": ["ru"], "route": "reply" });
    assert_eq!(world.post("", &letters, "", body.clone()).await.status, 401);
    let refused = world.post("marat", &letters, "", body.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        refused.json()["who_can"],
        json!(["Aisha", "Daniyar", "Saule"])
    );
    let long =
        json!({ "languages": ["ru"], "route": "reply", "proposed": "очень долго ".repeat(40) });
    assert_eq!(world.post("aisha", &letters, "", long).await.status, 422);
    for wrong in [
        json!([]),
        json!(["ru", "ru"]),
        json!(["kk", "ru", "en"]),
        json!(["de"]),
    ] {
        let body = json!({ "languages": wrong });
        assert_eq!(
            world.post("aisha", &letters, "", body).await.status,
            422,
            "{wrong}"
        );
    }
    assert!(
        world.store.letters(None).unwrap().is_empty(),
        "a refused letter takes no number"
    );
    let made = world.post("aisha", &letters, "", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let address = made.header(header::LOCATION).to_owned();
    assert!(address.ends_with("-0001"), "{address}");
    let steps = format!("{address}/steps");
    let mut tag = made.header(header::ETAG).to_owned();
    assert_eq!(
        world
            .post("aisha", &steps, "", json!({ "step": "propose" }))
            .await
            .status,
        428
    );
    let first = tag.clone();
    for (who, step) in [
        ("aisha", json!({ "step": "propose" })),
        (
            "daniyar",
            json!({ "step": "return", "note": "name the quarter" }),
        ),
        ("aisha", json!({ "step": "propose" })),
        ("daniyar", json!({ "step": "approve" })),
        ("aisha", json!({ "step": "sent", "how": "by post" })),
        ("aisha", json!({ "step": "received", "on": today() })),
        (
            "aisha",
            json!({ "step": "refuse", "note": "the editors stand by it" }),
        ),
    ] {
        let taken = world.post(who, &steps, &tag, step.clone()).await;
        assert_eq!(taken.status, StatusCode::OK, "{step}: {}", taken.body);
        tag = taken.header(header::ETAG).to_owned();
    }
    assert_eq!(world.case_state(), "refused");
    let stale = world
        .post("daniyar", &steps, &first, json!({ "step": "approve" }))
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let changes = stale.json()["changes"].clone();
    assert_eq!(changes[1]["step"], "returned");
    assert_eq!(changes[1]["who"], "daniyar");
    assert_eq!(changes[1]["why"], "name the quarter");
    let letter = world.page("aisha", &address, "en").await.json();
    assert_eq!(letter["letter"]["status"], "sent");
    assert!(
        letter["letter"]["texts"][0]["text"]
            .as_str()
            .unwrap()
            .contains("8 741")
    );
    let rules: Vec<&str> = letter["letter"]["due"]
        .as_array()
        .unwrap()
        .iter()
        .map(|due| due["rule"].as_str().unwrap())
        .collect();
    // They refused, so nothing of theirs is waited for.
    assert_eq!(rules, ["court", "limitation"]);
    let listed = world.page("aisha", &letters, "en").await.json();
    assert_eq!(listed["meta"]["total"], 1);
    assert_eq!(
        world.page("yerlan", "/api/v1/letters", "en").await.json()["meta"]["total"],
        0
    );
    assert_eq!(
        world.page("yerlan", &letters, "en").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_form_that_is_late_or_sent_twice_is_shown_again_with_who_was_faster() {
    let world = World::confirmed().await;
    let page = world.enter("aisha", &[("seen", "0")]).await;
    let number = page.rsplit('/').next().unwrap();
    let twice = [
        ("route", "refutation"),
        ("language", "en"),
        ("seen", "0"),
        ("proposed", "Own <words>"),
    ];
    let shown = world.send("daniyar", &world.new_page(), &twice).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    for said in [
        "role=\"alert\"",
        number,
        "Aisha",
        "Own &#60;words&#62;",
        "value=\"refutation\" checked",
    ] {
        assert!(shown.body.contains(said), "{said}: {}", shown.body);
    }
    assert_eq!(world.store.letters(None).unwrap().len(), 1);
    world.step("aisha", &page, &[("step", "propose")]).await;
    let late = [("seen", "1"), ("step", "return"), ("note", "Not <yet>")];
    let shown = world.send("daniyar", &format!("{page}/steps"), &late).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    for said in [
        "What you typed is kept",
        "Aisha · proposed to be approved",
        "Not &#60;yet&#62;</textarea>",
    ] {
        assert!(shown.body.contains(said), "{said}: {}", shown.body);
    }
    let foreign = Request::post(format!("{page}/steps"))
        .header(header::ORIGIN, "https://elsewhere.example")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("seen=2&step=approve"))
        .unwrap();
    assert_eq!(
        world.ask("daniyar", foreign).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        world.store.letter(number).unwrap().unwrap().history.len(),
        2
    );
}

#[tokio::test]
async fn a_letter_is_chosen_and_looked_at_with_real_data_before_it_is_entered() {
    let world = World::new();
    // An unconfirmed case has no letters, and the page says so instead of failing.
    let shown = world.page("aisha", &world.new_page(), "en").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(
        shown.body.contains("it must be confirmed"),
        "{}",
        shown.body
    );
    let refused = world
        .send(
            "aisha",
            &world.new_page(),
            &[("route", "reply"), ("language", "ru")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let world = World::confirmed().await;
    for (language, words) in [
        ("kk", ["Теріске шығару", "Сотқа", "Алдын ала қарау"]),
        (
            "ru",
            ["Опровержение", "Срок исковой давности", "Предпросмотр"],
        ),
        ("en", ["Refutation", "Limitation", "Preview"]),
    ] {
        let shown = world.page("aisha", &world.new_page(), language).await;
        assert_eq!(shown.body.matches("<h1").count(), 1);
        for word in words {
            assert!(
                shown.body.to_lowercase().contains(&word.to_lowercase()),
                "{word}: {}",
                shown.body
            );
        }
    }
    let query = "?route=reply&language=kk&second=ru&preview=1";
    let shown = world.page("aisha", &(world.new_page() + query), "en").await;
    for said in [
        "<strong>8 741</strong>",
        "lang=\"kk\"",
        "editor@herald.example",
        "____",
    ] {
        assert!(shown.body.contains(said), "{said}: {}", shown.body);
    }
    assert!(!shown.body.contains("style="));
    assert!(
        world.store.letters(None).unwrap().is_empty(),
        "a preview enters nothing"
    );
    let long = format!(
        "?route=reply&language=ru&preview=1&proposed={}",
        "a".repeat(900)
    );
    let shown = world.page("aisha", &(world.new_page() + &long), "en").await;
    assert!(
        shown.body.contains("The text is too long. Characters: 900"),
        "{}",
        shown.body
    );
    let unknown = world
        .send(
            "aisha",
            &world.new_page(),
            &[("route", "<i>"), ("language", "ru")],
        )
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unknown.body.contains("Not a known value: what to ask for"),
        "{}",
        unknown.body
    );
    assert_eq!(
        world.page("", &world.new_page(), "en").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_register_is_filtered_paged_and_exported() {
    let world = World::confirmed().await;
    let empty = world.page("aisha", "/letters", "ru").await;
    assert!(empty.body.contains("Писем пока нет"), "{}", empty.body);
    for route in ["reply", "clarification", "reply"] {
        world.enter("aisha", &[("route", route)]).await;
    }
    let ask = |query: &str| {
        let path = format!("/api/v1/letters{query}");
        let world = &world;
        async move { world.page("aisha", &path, "en").await.json() }
    };
    let first = ask("?limit=2").await;
    assert_eq!(
        (
            &first["meta"]["total"],
            first["letters"].as_array().unwrap().len()
        ),
        (&json!(3), 2)
    );
    let next = first["meta"]["next"].as_str().unwrap().to_owned();
    let rest = ask(&format!("?limit=2&after={next}")).await;
    assert_eq!(rest["letters"].as_array().unwrap().len(), 1);
    assert!(
        rest["letters"][0]["number"]
            .as_str()
            .unwrap()
            .ends_with("-0001")
    );
    assert!(rest["meta"]["next"].is_null());
    // A letter that leaves the filter takes no other with it.
    let seen = ask("?limit=1&route=reply").await["meta"]["next"]
        .as_str()
        .unwrap()
        .to_owned();
    let after = ask(&format!("?limit=1&route=clarification&after={seen}")).await;
    assert_eq!(after["letters"].as_array().unwrap().len(), 1, "{after}");
    let none = ask(&format!("?route=clarification&after={next}")).await;
    assert_eq!(none["letters"].as_array().unwrap().len(), 0, "{none}");
    for wrong in ["limit=0", "limit=501"] {
        let got = world
            .page("aisha", &format!("/api/v1/letters?{wrong}"), "en")
            .await;
        assert!(got.status == StatusCode::BAD_REQUEST && got.body.contains("`limit`"));
    }
    for (query, n) in [
        ("?state=draft", 3),
        ("?state=sent", 0),
        ("?state=overdue", 0),
        ("?outlet=herald", 3),
        ("?outlet=nobody", 0),
        ("?route=clarification", 1),
    ] {
        assert_eq!(ask(query).await["meta"]["total"], n, "{query}");
    }
    let wrong = world
        .page("aisha", "/api/v1/letters?state=gone", "en")
        .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let shown = world.page("aisha", "/letters?state=gone", "en").await;
    assert!(shown.body.contains("No letter matches") && shown.body.contains("role=\"alert\""));
    let shown = world
        .page("aisha", "/letters?limit=2&route=reply&limit=1", "en")
        .await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST, "a field stands once");
    let shown = world
        .page("aisha", "/letters?limit=1&route=reply", "en")
        .await;
    assert!(
        shown.body.contains("rel=\"next\"") && shown.body.contains("2 letters"),
        "{}",
        shown.body
    );
    let csv = world
        .page("aisha", "/api/v1/letters/export?form=csv&route=reply", "en")
        .await;
    assert!(
        csv.header(header::CONTENT_DISPOSITION)
            .starts_with("attachment")
    );
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert!(
        csv.body.contains("= 11 April 2027") || csv.body.contains("2027-04-11"),
        "{}",
        csv.body
    );
    let noted = world.store.audit_after(0).unwrap();
    assert!(
        noted
            .iter()
            .any(|entry| entry.action == "export.letters" && entry.actor == "aisha")
    );
    let deadlines = world.page("aisha", "/deadlines", "en").await;
    assert!(
        deadlines.body.contains("Limitation") && deadlines.body.contains("3 deadlines"),
        "{}",
        deadlines.body
    );
    assert_eq!(
        world.page("yerlan", "/api/v1/deadlines", "en").await.json()["meta"]["total"],
        0
    );
}

#[tokio::test]
async fn hostile_texts_of_a_case_are_harmless_on_pages_and_in_every_file() {
    let world = World::new();
    let mut case = world
        .store
        .case(&CaseId(world.case.clone()))
        .unwrap()
        .unwrap();
    case.copies[0].sentence =
        "За квартал <script>alert(1)</script> 8 741 кража.\n# Чужой заголовок\n| a | b |"
            .to_owned();
    case.differences[0].claimed = "<img src=x onerror=alert(2)>".to_owned();
    assert_eq!(case.differences[0].slot, SlotName::Value);
    let change = CaseChange {
        case,
        actor: "program".to_owned(),
        action: "seen_grown".to_owned(),
        details: Value::Null,
    };
    world.store.change_cases(&[change], chrono_now()).unwrap();
    let case = world
        .store
        .case(&CaseId(world.case.clone()))
        .unwrap()
        .unwrap();
    let order = serde_json::from_value(json!({ "step": "confirm" })).unwrap();
    let (store, rules) = (&*world.store, &world.desk.rules);
    serve::desk::take_step(
        store,
        rules,
        &case.id,
        case.version,
        &order,
        &person("aisha"),
        chrono_now(),
    )
    .unwrap();
    let own = "Исправить <script>alert(3)</script> & **жирно**\n## Не заголовок";
    let page = world.enter("aisha", &[("proposed", own)]).await;
    let number = page.rsplit('/').next().unwrap().to_owned();
    let harmless = |body: &str| {
        // The desk has one script of its own, by address.
        let scripts =
            body.matches("<script").count() - body.matches("<script src=\"/assets/").count();
        assert_eq!(scripts, 0, "{body}");
        assert!(
            !body.contains("<img") && !body.contains("onerror=alert(2)>"),
            "{body}"
        );
        assert!(
            body.contains("alert(1)"),
            "what was published is quoted: {body}"
        );
    };
    let preview = format!("{}?route=reply&language=ru&preview=1", world.new_page());
    for path in [page.as_str(), "/letters", preview.as_str(), "/deadlines"] {
        let shown = world.page("aisha", path, "kk").await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.body);
        harmless(&shown.body);
        assert!(
            !shown.body.contains("<h3>Чужой") && !shown.body.contains("<h3>Не заголовок"),
            "{path}"
        );
    }
    let file = |ending: &str| {
        let path = format!("/api/v1/letters/{number}.{ending}");
        let world = &world;
        async move { world.page("aisha", &path, "en").await }
    };
    let html = file("html").await;
    harmless(&html.body);
    assert!(
        html.header(header::CONTENT_DISPOSITION)
            .starts_with("attachment")
    );
    let text = file("txt").await;
    assert!(text.header(header::CONTENT_TYPE).starts_with("text/plain"));
    assert!(text.body.contains("alert(3)"));
    let docx = file("docx").await;
    assert!(
        docx.header(header::CONTENT_TYPE)
            .contains("wordprocessingml")
    );
    assert!(docx.body.starts_with("PK"));
    assert_eq!(file("exe").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.page("aisha", "/letters/2020-0001", "en").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn an_answer_is_entered_on_letter_and_case_or_on_neither() {
    let world = World::confirmed().await;
    let page = world.enter("aisha", &[]).await;
    let number = page.rsplit('/').next().unwrap();
    for (who, fields) in [
        ("aisha", vec![("step", "propose")]),
        ("daniyar", vec![("step", "approve")]),
        ("aisha", vec![("step", "sent"), ("how", "by post")]),
    ] {
        let taken = world.step(who, &page, &fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    }
    let before = world.store.letter(number).unwrap().unwrap();
    let case = || {
        world
            .store
            .case(&CaseId(world.case.clone()))
            .unwrap()
            .unwrap()
    };
    let (store, id, at) = (&*world.store, CaseId(world.case.clone()), chrono_now());
    let promised = |who: &str| {
        let answer = aigaq::model::Answer::Promised;
        let after = register::answer(&before, who, Some(answer), "will do", at).unwrap();
        let steps = LetterSteps {
            store,
            rules: &world.desk.rules,
            case: &id,
            by: Some(person(who)),
        };
        steps.take_both(Step::Answer { answer }, "will do", (&before, &after), at)
    };
    promised("aisha").unwrap();
    let (once, n_entries) = (case(), store.audit_after(0).unwrap().len());
    // Whoever saw the letter as it was before is told so, and the case has no second answer.
    let late = promised("daniyar").unwrap_err();
    assert!(matches!(late, LetterStepError::Overtaken(_)), "{late}");
    assert_eq!(
        (case(), store.audit_after(0).unwrap().len()),
        (once, n_entries)
    );
    let letter = store.letter(number).unwrap().unwrap();
    assert_eq!(letter.history.len(), before.history.len() + 1);
    assert!(store.verify_audit().unwrap().faults.is_empty());
}

#[tokio::test]
async fn an_author_who_approved_on_the_case_leaves_the_letter_a_draft_that_goes_on() {
    let world = World::confirmed().await;
    let page = world.enter("daniyar", &[]).await;
    let number = page.rsplit('/').next().unwrap();
    let order = |who: &str, step: Step| {
        let id = CaseId(world.case.clone());
        let case = world.store.case(&id).unwrap().unwrap();
        let order = Order {
            step,
            note: String::new(),
        };
        let (store, rules) = (&*world.store, &world.desk.rules);
        let now = chrono_now();
        serve::desk::take_step(store, rules, &id, case.version, &order, &person(who), now).unwrap()
    };
    let letter = || number.to_owned();
    // Another proposed it on the case, so there its author is the second person.
    for (who, step) in [
        ("aisha", Step::ProposeLetter { letter: letter() }),
        ("daniyar", Step::ApproveLetter { letter: letter() }),
    ] {
        let taken = order(who, step);
        assert!(matches!(taken, serve::desk::Stepped::Done(_)), "{taken:?}");
    }
    let sent = [("step", "sent"), ("how", "by post")];
    let early = world.step("aisha", &page, &sent).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.body);
    assert!(
        early.body.contains("a second person approves it"),
        "{}",
        early.body
    );
    for (who, fields) in [("saule", &[("step", "approve")][..]), ("aisha", &sent[..])] {
        let taken = world.step(who, &page, fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    }
}

#[tokio::test]
async fn where_nobody_else_may_approve_it_is_said_what_to_do() {
    let world = World::confirmed().await;
    // Daniyar is left alone as an approver, and wrote the letter.
    let disabled = |is_active: bool| User {
        disabled_at: (!is_active).then(chrono_now),
        ..person("saule")
    };
    let page = world.enter("daniyar", &[]).await;
    let propose = world.step("aisha", &page, &[("step", "propose")]).await;
    assert_eq!(propose.status, StatusCode::SEE_OTHER, "{}", propose.body);
    world
        .store
        .put_user(&disabled(false), "keeper", chrono_now())
        .unwrap();
    let alone = world.step("daniyar", &page, &[("step", "approve")]).await;
    assert!(alone.body.contains("Nobody here can yet"), "{}", alone.body);
    world
        .store
        .put_user(&disabled(true), "keeper", chrono_now())
        .unwrap();
    let refused = world.step("daniyar", &page, &[("step", "approve")]).await;
    assert!(refused.body.contains("Who can: Saule"), "{}", refused.body);
    let taken = world.step("saule", &page, &[("step", "approve")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
}
