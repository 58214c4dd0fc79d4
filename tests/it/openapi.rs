//! The description of the API: it names every route, its references lead somewhere, and what the router answers is as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use aigaq::canonical;
use aigaq::language::local_day;
use aigaq::model::letter::{LetterStatus, Route};
use aigaq::model::{Answer, CaseState, HitKind, Order, SlotResult, StepKind, User, UserRole};
use aigaq::serve::access::RIGHTS;
use aigaq::serve::{self, router};
use aigaq::store::Store;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::Utc;
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::desk;
use super::letters::Desk as Folder;
use super::signed::signed_in;

/// The description.
fn document() -> Value {
    serde_json::from_str(include_str!("../../src/serve/assets/openapi.json")).unwrap()
}

/// Its operations by method and path.
fn operations(document: &Value) -> BTreeMap<(String, String), &Value> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, one)| ((method.to_uppercase(), path.clone()), one))
        })
        .collect()
}

/// Makes every object of known fields closed, so that a field that nobody described is seen here; readers are promised no such
/// thing.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object)
                && fields.contains_key("type")
                && !fields.contains_key("additionalProperties")
            {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What holds values against a schema of the description.
fn validator(document: &Value, schema: &Value) -> Validator {
    let mut root = schema.clone();
    root["components"] = json!({ "schemas": document["components"]["schemas"] });
    close(&mut root);
    jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .unwrap()
}

/// What is wrong with a value, one line each.
fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let validator = validator(document, schema);
    let faults = validator.iter_errors(value);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

/// What an answer of an operation is said to be.
fn answer<'a>(document: &'a Value, operation: &'a Value, status: StatusCode) -> &'a Value {
    let answer = &operation["responses"][status.as_str()];
    match answer["$ref"].as_str() {
        Some(place) => document.pointer(&place[1..]).unwrap(),
        None => answer,
    }
}

/// A desk with a case, its index and its letters.
struct World {
    document: Value,
    desk: Arc<serve::Desk>,
    store: Arc<dyn Store>,
    case: String,
    // Removed when the test ends.
    _folder: Folder,
}

/// A request.
struct Asked<'a> {
    who: Option<UserRole>,
    method: &'a str,
    /// The path as the description has it.
    route: &'a str,
    path: String,
    headers: Vec<(&'a str, String)>,
    body: Option<Value>,
}

impl<'a> Asked<'a> {
    fn get(route: &'a str) -> Asked<'a> {
        Asked::of("GET", route, Value::Null)
    }

    fn of(method: &'a str, route: &'a str, body: Value) -> Asked<'a> {
        Asked {
            who: Some(UserRole::Administrator),
            method,
            route,
            path: route.to_owned(),
            headers: Vec::new(),
            body: Some(body).filter(|body| !body.is_null()),
        }
    }

    fn by(mut self, who: UserRole) -> Self {
        self.who = Some(who);
        self
    }

    /// With a value in place of the part of the path in braces.
    fn at(mut self, value: &str) -> Self {
        let (from, to) = (
            self.path.find('{').unwrap(),
            self.path.find('}').unwrap() + 1,
        );
        self.path.replace_range(from..to, value);
        self
    }

    /// With a query.
    fn asking(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    fn with(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl World {
    fn new() -> World {
        let folder = Folder::new("");
        let (desk, store) = folder.served();
        let case = folder.case.clone();
        World {
            document: document(),
            desk,
            store,
            case,
            _folder: folder,
        }
    }

    /// Asks, and holds the answer against the description: the status is one that is named, with its headers, its media type
    /// and, where it is JSON, its shape.
    async fn ask(&self, asked: Asked<'_>, wanted: StatusCode) -> (HeaderMap, Value) {
        let mut request = Request::builder().method(asked.method).uri(&asked.path);
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        let body = match &asked.body {
            Some(body) => {
                if !asked
                    .headers
                    .iter()
                    .any(|(name, _)| *name == "content-type")
                {
                    request = request.header("content-type", "application/json");
                }
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let pages = router(Arc::clone(&self.desk));
        let pages = match asked.who {
            None => pages,
            Some(role) => {
                let user = User::new(&format!("the-{}", role.word()), role, desk::minute(0));
                signed_in(pages, &self.store, &user)
            }
        };
        let response = pages.oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX);
        let body = body.await.unwrap();
        let what = format!(
            "{} {}: {status} {}",
            asked.method,
            asked.path,
            String::from_utf8_lossy(&body)
        );
        assert_eq!(status, wanted, "{what}");
        let operations = operations(&self.document);
        let operation = operations[&(asked.method.to_owned(), asked.route.to_owned())];
        let described = answer(&self.document, operation, status);
        assert!(described.is_object(), "not described: {what}");
        if let Some(named) = described["headers"].as_object() {
            // An answer that was not given before does not say so, and of one letter a file has no version.
            let sometimes = ["Idempotency-Replayed", "Content-Disposition"];
            for name in named
                .keys()
                .filter(|name| !sometimes.contains(&name.as_str()))
            {
                assert!(headers.contains_key(name.as_str()), "no {name}: {what}");
            }
        }
        let Some(content) = described["content"].as_object() else {
            assert!(body.is_empty(), "{what}");
            return (headers, Value::Null);
        };
        let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
        let kind = kind.split(';').next().unwrap();
        assert!(
            content.contains_key(kind),
            "{kind} is not described: {what}"
        );
        if !kind.ends_with("json") {
            return (headers, Value::Null);
        }
        let value: Value = serde_json::from_slice(&body).unwrap();
        let faults = faults(&self.document, &content[kind]["schema"], &value);
        assert!(faults.is_empty(), "{}\n{what}", faults.join("\n"));
        (headers, value)
    }
}

#[test]
fn the_description_names_every_route_of_the_api_with_its_right() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeMap<(String, String), String> = operations(&document)
        .into_iter()
        .map(|(at, one)| (at, one["x-right"].as_str().unwrap().to_owned()))
        .collect();
    let rows = RIGHTS.iter().filter(|row| row.1.starts_with("/api/v1/"));
    let rows: BTreeMap<(String, String), String> = rows
        .map(|(method, path, right)| {
            let right = format!("{right:?}").to_lowercase();
            (((*method).to_owned(), (*path).to_owned()), right)
        })
        .collect();
    assert_eq!(described, rows);
    let ids = operations(&document).into_values();
    let ids: Vec<&str> = ids
        .map(|one| one["operationId"].as_str().unwrap())
        .collect();
    let different: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), different.len(), "{ids:?}");
}

/// Every reference below a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|one| references(one, found));
        }
        Value::Array(items) => items.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_something_and_nothing_stands_unused() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    for place in &found {
        let place = place.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{place}");
    }
    for part in ["schemas", "responses", "parameters", "headers"] {
        for name in document["components"][part].as_object().unwrap().keys() {
            let place = format!("#/components/{part}/{name}");
            assert!(found.contains(&place.as_str()), "{place} is unused");
        }
    }
    for ((method, path), operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let named: BTreeSet<&str> = parameters
            .map(|one| match one["$ref"].as_str() {
                Some(place) => document.pointer(&place[1..]).unwrap(),
                None => one,
            })
            .filter(|one| one["in"] == "path")
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        let parts = path.split('/').filter_map(|part| part.strip_prefix('{'));
        let parts: BTreeSet<&str> = parts.map(|part| part.trim_end_matches('}')).collect();
        assert_eq!(named, parts, "{method} {path}");
    }
}

#[test]
fn the_words_of_the_description_are_those_of_the_model() {
    let document = document();
    fn words<T: serde::Serialize>(all: impl IntoIterator<Item = T>) -> Value {
        all.into_iter().map(|one| json!(one)).collect()
    }
    for (name, all) in [
        ("CaseState", words(CaseState::ALL)),
        ("UserRole", words(UserRole::ALL)),
        ("Route", words(Route::ALL)),
        ("LetterStatus", words(LetterStatus::ALL)),
        ("Answer", words(Answer::ALL)),
        ("SlotResult", words(SlotResult::ALL)),
        (
            "HitKind",
            words([HitKind::Pages].into_iter().chain(HitKind::COUNTED)),
        ),
    ] {
        let described = &document["components"]["schemas"][name]["enum"];
        assert_eq!(*described, all, "{name}");
    }
}

#[test]
fn every_step_is_described_as_it_is_read() {
    let document = document();
    let schema = json!({ "$ref": "#/components/schemas/Order" });
    let mut kinds = BTreeSet::new();
    for step in [
        json!("watch"),
        json!("confirm"),
        json!({ "dismiss": { "reason": "other_fact" } }),
        json!({ "merge": { "into": "case-2" } }),
        json!({ "split": { "urls": ["https://herald.example/1"] } }),
        json!({ "propose_letter": { "letter": "2026-0001" } }),
        json!({ "approve_letter": { "letter": "2026-0001" } }),
        json!({ "return_letter": { "letter": "2026-0001" } }),
        json!({ "send_letter": { "letter": "2026-0001" } }),
        json!({ "answer": { "answer": "promised" } }),
        json!("refuse"),
        json!("withdraw"),
        json!("reopen"),
        json!("close"),
        json!({ "assign": { "to": null } }),
        json!({ "assign": {} }),
        json!("comment"),
        json!({ "tag": { "tag": "thefts" } }),
        json!({ "untag": { "tag": "thefts" } }),
        json!({ "add_item": { "item": "call" } }),
        json!({ "tick_item": { "item": "call", "done": true } }),
        json!({ "snooze": { "until": "2026-03-01T00:00:00Z", "worse": true } }),
        json!("wake"),
        json!({ "add_duty": { "duty": "call" } }),
        json!({ "finish_duty": { "duty": "call" } }),
        json!({ "correct_reading": { "slot": "value", "claimed": "40", "result": "same" } }),
        json!({ "correct_reading": {
            "slot": "place", "claimed": null, "official": "", "result": "not_compared",
            "url": "https://herald.example/1",
        } }),
        json!({ "drop_reading": { "slot": "value" } }),
        json!("undo"),
    ] {
        let order = json!({ "step": step, "note": "" });
        let faults = faults(&document, &schema, &order);
        assert!(faults.is_empty(), "{order}: {faults:?}");
        let read: Order = serde_json::from_value(order).unwrap();
        kinds.insert(read.step.kind());
    }
    let all = StepKind::ALL.into_iter();
    let all: BTreeSet<StepKind> = all
        .filter(|kind| !kind.word().starts_with("seen-"))
        .collect();
    assert_eq!(kinds, all);
    for wrong in [
        json!({ "step": "dance" }),
        json!({ "step": { "dismiss": {} } }),
        json!({ "step": "confirm", "why": "" }),
    ] {
        assert!(!faults(&document, &schema, &wrong).is_empty(), "{wrong}");
        assert!(
            serde_json::from_value::<Order>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn what_is_read_is_as_described() {
    let world = World::new();
    let ok = StatusCode::OK;
    let (_, cases) = world.ask(Asked::get("/api/v1/cases"), ok).await;
    assert_eq!(cases["cases"][0]["id"], world.case);
    let one = "/api/v1/cases/{id}";
    let (headers, _) = world.ask(Asked::get(one).at(&world.case), ok).await;
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let same = Asked::get(one).at(&world.case).with("if-none-match", tag);
    world.ask(same, StatusCode::NOT_MODIFIED).await;
    let (_, findings) = world.ask(Asked::get("/api/v1/findings"), ok).await;
    assert!(findings["meta"]["total"].as_u64() > Some(0), "{findings}");
    for (kind, has) in [
        ("pages", ""),
        ("publications", ""),
        ("records", ""),
        ("claims", "claim"),
        ("cases", "case"),
    ] {
        let query = format!("q=&kind={kind}&compare=%D0%BA%D1%80%D0%B0%D0%B6");
        let (_, hits) = world
            .ask(Asked::get("/api/v1/search").asking(&query), ok)
            .await;
        let hit = &hits["hits"][0];
        assert!(hit.is_object(), "{kind}: {hits}");
        assert!(has.is_empty() || hit[has].is_object(), "{kind}: {hit}");
    }
    let plain = Asked::get("/api/v1/search").asking("q=(&facets=no");
    let (_, hits) = world.ask(plain, ok).await;
    assert_eq!(hits["repairs"].as_array().map(Vec::len), Some(1), "{hits}");
    for route in ["/api/v1/search/export", "/api/v1/search/manifest"] {
        for form in ["csv", "jsonl", "xlsx"] {
            world
                .ask(Asked::get(route).asking(&format!("form={form}")), ok)
                .await;
        }
    }
    for ending in ["csv", "jsonl", "xlsx", "html", "atom", "jsonld"] {
        let export = Asked::get("/api/v1/exports/{file}");
        world.ask(export.at(&format!("cases.{ending}")), ok).await;
    }
    for route in [
        "/api/v1/openapi.json",
        "/api/v1/digest",
        "/api/v1/deadlines",
        "/api/v1/letters",
        "/api/v1/saved",
        "/api/v1/views",
        "/api/v1/users",
        "/api/v1/tokens",
        "/api/v1/audit",
    ] {
        world.ask(Asked::get(route), ok).await;
    }
}

#[tokio::test]
async fn what_a_case_and_its_letter_go_through_is_as_described() {
    let world = World::new();
    let (ok, officer) = (StatusCode::OK, UserRole::Officer);
    let steps = "/api/v1/cases/{id}/steps";
    let (mut version, mut last) = (1, Value::Null);
    for step in [
        json!("confirm"),
        json!({ "assign": { "to": "the-officer" } }),
        json!("comment"),
        json!({ "tag": { "tag": "thefts" } }),
        json!({ "add_item": { "item": "call" } }),
        json!({ "tick_item": { "item": "call", "done": true } }),
        json!({ "correct_reading": { "slot": "value", "claimed": "8 714", "result": "differs" } }),
        json!({ "add_duty": { "duty": "call", "deadline": "2026-03-01T00:00:00Z" } }),
    ] {
        let order = json!({ "step": step, "note": "as agreed" });
        let asked = Asked::of("POST", steps, order).by(officer).at(&world.case);
        let asked = asked.with("if-match", format!("\"{version}\""));
        let (_, told) = world.ask(asked, ok).await;
        version = told["case"]["version"].as_u64().unwrap();
        last = told["case"].clone();
    }
    // The deadline is told with what it is for, and both readings of a slot stand beside each other.
    let due = json!({
        "ends_at": "2026-03-01T00:00:00Z", "kind": "duty", "name": "call", "rule": null, "letter": null,
    });
    assert_eq!(last["deadline"], due);
    assert_eq!(last["differences"][0]["claimed"], "8714");
    let one = Asked::get("/api/v1/cases/{id}").at(&world.case);
    let (_, whole) = world.ask(one.by(officer), ok).await;
    let case = &whole["case"];
    assert_eq!(case["deadline"], due);
    let mut slots = case["slots"].as_array().unwrap().iter();
    let value = slots.find(|slot| slot["slot"] == "value").unwrap();
    assert_eq!(value["program"]["claimed"], "8741", "{value}");
    assert_eq!(value["claimed"], "8714", "{value}");
    assert_eq!(value["person"]["state"], "holds", "{value}");
    let (_, list) = world.ask(Asked::get("/api/v1/cases"), ok).await;
    assert_eq!(list["cases"][0]["deadline"], due);
    let stale = Asked::of("POST", steps, json!({ "step": "watch" }));
    let stale = stale.by(officer).at(&world.case).with("if-match", "\"1\"");
    world.ask(stale, StatusCode::PRECONDITION_FAILED).await;
    let review = Asked::get("/api/v1/cases/{id}/claim-review").at(&world.case);
    world.ask(review, ok).await;

    let letters = "/api/v1/cases/{id}/letters";
    let wanted = json!({ "languages": ["kk", "ru"], "route": "reply" });
    let asked = Asked::of("POST", letters, wanted)
        .by(officer)
        .at(&world.case);
    let asked = asked.with("idempotency-key", "one");
    let (headers, entered) = world.ask(asked, StatusCode::CREATED).await;
    let number = entered["letter"]["number"].as_str().unwrap();
    let place = headers[header::LOCATION].to_str().unwrap();
    assert_eq!(place, format!("/api/v1/letters/{number}"));
    let orders = "/api/v1/letters/{number}/steps";
    let mut tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let today = local_day(Utc::now());
    for (who, order) in [
        (officer, json!({ "step": "propose" })),
        (UserRole::Approver, json!({ "step": "approve" })),
        (officer, json!({ "step": "sent", "how": "by post" })),
        (officer, json!({ "step": "received", "on": today })),
        (
            officer,
            json!({ "step": "answer", "answer": "promised", "note": "will do" }),
        ),
    ] {
        let faults = faults(
            &world.document,
            &json!({ "$ref": "#/components/schemas/LetterOrder" }),
            &order,
        );
        assert!(faults.is_empty(), "{order}: {faults:?}");
        let asked = Asked::of("POST", orders, order).by(who).at(number);
        let (headers, _) = world.ask(asked.with("if-match", tag), ok).await;
        tag = headers[header::ETAG].to_str().unwrap().to_owned();
    }
    let late = Asked::of("POST", orders, json!({ "step": "propose" })).by(officer);
    let late = late.at(number).with("if-match", "\"1\"");
    world.ask(late, StatusCode::PRECONDITION_FAILED).await;
    let late = Asked::of("POST", orders, json!({ "step": "propose" })).by(officer);
    let late = late.at(number).with("if-match", tag);
    world.ask(late, StatusCode::CONFLICT).await;
    let letter = "/api/v1/letters/{number}";
    world.ask(Asked::get(letter).at(number), ok).await;
    world.ask(Asked::get(letters).at(&world.case), ok).await;
    for form in ["csv", "jsonl"] {
        let export = Asked::get("/api/v1/letters/export");
        world.ask(export.asking(&format!("form={form}")), ok).await;
    }
    world
        .ask(Asked::get("/api/v1/cases/{id}").at(&world.case), ok)
        .await;
    let (_, due) = world.ask(Asked::get("/api/v1/deadlines"), ok).await;
    assert!(due["meta"]["total"].as_u64() > Some(0), "{due}");
}

#[tokio::test]
async fn views_of_the_queue_are_kept_as_described() {
    let world = World::new();
    let (ok, made) = (StatusCode::OK, StatusCode::CREATED);
    let views = "/api/v1/views";
    let wanted = |name: &str, is_shared: bool| json!({ "name": name, "query": "view=all&sort=newest&selected=x", "is_shared": is_shared });
    let officer = |asked: Asked<'static>| asked.by(UserRole::Officer);
    // Sent again under its key, it is made once.
    let mut shared = Value::Null;
    for _ in 0..2 {
        let asked = officer(Asked::of("POST", views, wanted("Newest", true)));
        let asked = asked.with("idempotency-key", "one");
        (_, shared) = world.ask(asked, made).await;
    }
    let shared = &shared["view"];
    assert_eq!(shared["query"], "view=all&sort=newest", "{shared}");
    assert_eq!(shared["owner"], "the-officer", "{shared}");
    let (_, own) = world
        .ask(
            officer(Asked::of("POST", views, json!({ "name": "Mine" }))),
            made,
        )
        .await;
    let total = async |who| {
        let (_, list) = world.ask(Asked::get(views).by(who), ok).await;
        list["meta"]["total"].as_u64().unwrap()
    };
    assert_eq!(total(UserRole::Officer).await, 2);
    assert_eq!(
        total(UserRole::Viewer).await,
        1,
        "what is one's own is nobody else's"
    );
    for (who, body, status) in [
        (
            UserRole::Officer,
            wanted("Newest", false),
            StatusCode::CONFLICT,
        ),
        (
            UserRole::Officer,
            wanted(" ", false),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            UserRole::Viewer,
            wanted("Ours", true),
            StatusCode::FORBIDDEN,
        ),
        (UserRole::Viewer, wanted("Newest", false), made),
        (
            UserRole::Viewer,
            json!({ "title": "x" }),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        world
            .ask(Asked::of("POST", views, body).by(who), status)
            .await;
    }
    let one = "/api/v1/views/{id}";
    let id = |view: &Value| view["id"].as_str().unwrap().to_owned();
    let rename = |id: &str| Asked::of("PATCH", one, json!({ "name": "All, newest" })).at(id);
    let (_, renamed) = world
        .ask(rename(&id(shared)).by(UserRole::Officer), ok)
        .await;
    assert_eq!(renamed["view"]["name"], "All, newest");
    assert_eq!(renamed["view"]["query"], shared["query"]);
    let analyst = rename(&id(shared)).by(UserRole::Analyst);
    world.ask(analyst, StatusCode::FORBIDDEN).await;
    // An administrator changes what all see, and learns nothing of what is somebody's alone.
    world.ask(rename(&id(shared)), ok).await;
    world
        .ask(rename(&id(&own["view"])), StatusCode::NOT_FOUND)
        .await;
    let removed = StatusCode::NO_CONTENT;
    let remove = |id: &str| {
        Asked::of("DELETE", one, Value::Null)
            .at(id)
            .by(UserRole::Officer)
    };
    world.ask(remove(&id(shared)), removed).await;
    world.ask(remove(&id(shared)), StatusCode::NOT_FOUND).await;
    world.ask(remove(&id(&own["view"])), removed).await;
    assert_eq!(total(UserRole::Officer).await, 0);
    // What all saw is entered in the audit log, what was one's own is not.
    let (_, log) = world.ask(Asked::get("/api/v1/audit"), ok).await;
    let log = log.to_string();
    for (action, n) in [("view.make", 1), ("view.rename", 2), ("view.remove", 1)] {
        assert_eq!(log.matches(action).count(), n, "{action} of {log}");
    }
}

#[tokio::test]
async fn what_administrators_and_keepers_of_searches_are_told_is_as_described() {
    let world = World::new();
    let ok = StatusCode::OK;
    let new = json!({ "id": "aisha", "name": "Aisha", "role": "officer", "language": null });
    let (headers, _) = world
        .ask(
            Asked::of("POST", "/api/v1/users", new.clone()),
            StatusCode::CREATED,
        )
        .await;
    world
        .ask(
            Asked::of("POST", "/api/v1/users", new),
            StatusCode::CONFLICT,
        )
        .await;
    let user = "/api/v1/users/{id}";
    let change = Asked::of("PATCH", user, json!({ "name": "Aisha S." })).at("aisha");
    let tag = headers[header::ETAG].to_str().unwrap();
    world.ask(change.with("if-match", tag), ok).await;
    let late = Asked::of("PATCH", user, json!({ "name": "A." })).at("aisha");
    world
        .ask(late.with("if-match", tag), StatusCode::PRECONDITION_FAILED)
        .await;
    let token = json!({ "user": "aisha", "name": "newsroom", "scope": "write", "days": 30 });
    let (_, token) = world
        .ask(
            Asked::of("POST", "/api/v1/tokens", token),
            StatusCode::CREATED,
        )
        .await;
    let id = token["id"].as_str().unwrap();
    let tokens = "/api/v1/tokens/{id}";
    world
        .ask(Asked::of("DELETE", tokens, Value::Null).at(id), ok)
        .await;
    let nobody = Asked::of("DELETE", tokens, Value::Null).at("000000000000");
    world.ask(nobody, StatusCode::NOT_FOUND).await;
    let long = json!({ "user": "aisha", "days": 4000 });
    world
        .ask(
            Asked::of("POST", "/api/v1/tokens", long),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    for list in ["/api/v1/users", "/api/v1/tokens", "/api/v1/audit"] {
        let (_, told) = world.ask(Asked::get(list), ok).await;
        assert!(told["meta"]["total"].as_u64() > Some(0), "{told}");
    }

    let saved = "/api/v1/saved/{name}";
    for body in [
        json!({ "query": "thefts" }),
        json!({ "query": "thefts", "tell": { "mail": "desk@bureau.example" }, "pace": "daily" }),
        json!({ "query": "thefts", "tell": { "webhook": "https://bureau.example/hook" } }),
    ] {
        world
            .ask(Asked::of("PUT", saved, body).at("thefts"), ok)
            .await;
    }
    for (method, route) in [
        ("GET", "/api/v1/saved/{name}"),
        ("POST", "/api/v1/saved/{name}/resume"),
        ("POST", "/api/v1/saved/{name}/feed"),
    ] {
        world
            .ask(Asked::of(method, route, Value::Null).at("thefts"), ok)
            .await;
    }
    world.ask(Asked::get("/api/v1/saved"), ok).await;
    world
        .ask(Asked::get("/api/v1/saved/preview").asking("q=thefts"), ok)
        .await;
    let gone = StatusCode::NO_CONTENT;
    for (route, wanted) in [
        ("/api/v1/saved/{name}/feed", gone),
        (saved, gone),
        (saved, StatusCode::NOT_FOUND),
    ] {
        let asked = Asked::of("DELETE", route, Value::Null).at("thefts");
        world.ask(asked, wanted).await;
    }
}

#[tokio::test]
async fn whoever_refuses_a_request_does_it_in_the_shape_of_the_api() {
    let world = World::new();
    let wrong = StatusCode::BAD_REQUEST;
    for (route, query) in [
        ("/api/v1/cases", "limit=many"),
        ("/api/v1/search", "kind=rumours"),
        ("/api/v1/search/export", "q=thefts"),
        ("/api/v1/letters", "limit=many"),
        ("/api/v1/letters", "state=lost"),
        ("/api/v1/letters/export", ""),
        ("/api/v1/saved/preview", ""),
        ("/api/v1/audit", "before=first"),
    ] {
        world.ask(Asked::get(route).asking(query), wrong).await;
    }
    world
        .ask(Asked::get("/api/v1/cases/{id}").at("%FF"), wrong)
        .await;
    let nowhere = StatusCode::NOT_FOUND;
    world
        .ask(Asked::get("/api/v1/cases/{id}").at("case-0"), nowhere)
        .await;
    world
        .ask(Asked::get("/api/v1/letters/{number}").at("1"), nowhere)
        .await;
    let put = |body| Asked::of("PUT", "/api/v1/saved/{name}", body).at("thefts");
    let text = put(json!({ "query": "a" })).with("content-type", "text/plain");
    world.ask(text, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    world
        .ask(
            put(json!({ "words": "a" })),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    world.ask(put(json!({ "query": "(" })), wrong).await;
    let large = "a".repeat(3 << 20);
    world
        .ask(
            put(json!({ "query": large })),
            StatusCode::PAYLOAD_TOO_LARGE,
        )
        .await;
    world
        .ask(
            put(json!({ "query": "a" })).by(UserRole::Viewer),
            StatusCode::FORBIDDEN,
        )
        .await;
    let foreign = put(json!({ "query": "a" })).with("sec-fetch-site", "cross-site");
    world.ask(foreign, StatusCode::FORBIDDEN).await;
    let mut nobody = Asked::get("/api/v1/cases");
    nobody.who = None;
    world.ask(nobody, StatusCode::UNAUTHORIZED).await;
    let order = json!({ "step": "confirm" });
    let steps = "/api/v1/cases/{id}/steps";
    let blind = Asked::of("POST", steps, order).by(UserRole::Officer);
    world
        .ask(blind.at(&world.case), StatusCode::PRECONDITION_REQUIRED)
        .await;
    let check = Asked::of("POST", "/api/v1/check", json!({ "text": "8 417" }));
    world.ask(check, nowhere).await;
}

#[tokio::test]
async fn the_page_of_the_description_asks_no_other_machine_and_has_no_script_in_it() {
    let world = World::new();
    let pages = router(Arc::clone(&world.desk));
    let ask = Request::get("/api/docs").body(Body::empty()).unwrap();
    let response = pages.clone().oneshot(ask).await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let user = User::new("reader-1", UserRole::Viewer, desk::minute(0));
    let pages = signed_in(pages, &world.store, &user);
    let ask = Request::get("/api/docs").body(Body::empty()).unwrap();
    let response = pages.clone().oneshot(ask).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let page = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    let page = String::from_utf8(page.unwrap().to_vec()).unwrap();
    assert!(!page.contains("//"), "{page}");
    let mut n_loaded = 0;
    for part in page
        .split(['"'])
        .filter(|part| part.starts_with("/assets/"))
    {
        let ask = Request::get(part).body(Body::empty()).unwrap();
        let response = pages.clone().oneshot(ask).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{part}");
        n_loaded += 1;
    }
    assert_eq!(n_loaded, 4);
    assert_eq!(
        page.matches("<script").count(),
        page.matches("<script src=\"/assets/").count()
    );
}

#[derive(Deserialize)]
struct Lock {
    file: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    path: String,
    package: String,
    version: String,
    license: String,
    sha256: String,
}

#[test]
fn the_files_of_others_are_those_that_the_lock_names() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/assets");
    let lock = std::fs::read_to_string(assets.join("vendor/vendor.lock")).unwrap();
    let lock: Lock = toml::from_str(&lock).unwrap();
    let mut named = BTreeSet::new();
    for one in &lock.file {
        let bytes = std::fs::read(assets.join(&one.path)).unwrap();
        assert_eq!(
            canonical::hex(&Sha256::digest(&bytes)),
            one.sha256,
            "{}",
            one.path
        );
        assert!(!one.package.is_empty() && !one.version.is_empty() && !one.license.is_empty());
        named.insert(one.path.clone());
    }
    let mut found = BTreeSet::new();
    for folder in ["vendor", "fonts"] {
        for entry in std::fs::read_dir(assets.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !name.ends_with(".txt") && !name.ends_with(".lock") {
                found.insert(format!("{folder}/{name}"));
            }
        }
    }
    assert_eq!(found, named);
}
