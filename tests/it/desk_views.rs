//! Views of the queue that people keep: made, shared, renamed and removed, and counted for whoever looks.

use axum::http::{StatusCode, header};

use super::cli::{aigaq, lines};
use super::desk_letters::{Got, World};
use super::letters::Desk as Folder;

const VIEWS: &str = "/cases/views";

async fn keep(world: &World, who: &str, name: &str, query: &str, shared: &str) -> Got {
    let fields = [
        ("do", "keep"),
        ("name", name),
        ("query", query),
        ("shared", shared),
    ];
    world.send(who, VIEWS, &fields).await
}

/// The tab of a view: whether it is the one shown, and its number; `None` where the reader has no such tab.
async fn tab(world: &World, who: &str, path: &str, name: &str) -> Option<(bool, String)> {
    let page = world.page(who, path, "en").await.body;
    let (before, rest) = page.split_once(&format!(">{name} <span class=\"count"))?;
    let link = before.rsplit("<a ").next().unwrap();
    let n = rest.split_once('>').unwrap().1.split('<').next().unwrap();
    Some((link.contains("aria-current"), n.to_owned()))
}

fn id(world: &World, name: &str) -> String {
    let mut views = world.store.queue_views().unwrap().into_iter();
    views.find(|view| view.name == name).unwrap().id
}

#[tokio::test]
async fn a_shared_view_is_a_tab_whose_number_is_that_of_whoever_looks() {
    let world = World::confirmed().await;
    let form = "/cases/views?query=view%3Dall%26sort%3Dnewest";
    let page = world.page("aisha", form, "en").await.body;
    assert!(
        page.contains("<bdi>All cases · newest first</bdi>"),
        "{page}"
    );
    // Of what the address had, only what the list asks for is kept.
    let query = "view=all&sort=newest&selected=x&after=1.2.x&done=tag&next=//evil";
    let kept = keep(&world, "aisha", "Newest", query, "on").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let list = "/cases?view=all&sort=newest";
    assert_eq!(kept.header(header::LOCATION), list);
    let shown = |is_here: bool, n: &str| Some((is_here, n.to_owned()));
    assert_eq!(tab(&world, "aisha", list, "Newest").await, shown(true, "1"));
    assert_eq!(
        tab(&world, "aisha", list, "All cases").await,
        shown(false, "1")
    );
    assert_eq!(
        tab(&world, "daniyar", "/cases", "Newest").await,
        shown(false, "1")
    );
    assert_eq!(
        tab(&world, "yerlan", list, "Newest").await,
        shown(true, "0")
    );
    let news = world
        .page("yerlan", "/cases/news?seen=0&at=0", "en")
        .await
        .body;
    assert!(
        news.contains(&format!("\"{}\":\"0\"", id(&world, "Newest"))),
        "{news}"
    );
    // Only who made it, and an administrator, changes it; a viewer shows nothing to others.
    let view = id(&world, "Newest");
    for fields in [
        [("do", "remove"), ("id", view.as_str()), ("name", "")],
        [("do", "rename"), ("id", view.as_str()), ("name", "Other")],
    ] {
        let refused = world.send("daniyar", VIEWS, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{fields:?}");
    }
    let refused = keep(&world, "bolat", "Mine", "view=all", "on").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let actions: Vec<String> = world
        .store
        .audit_after(0)
        .unwrap()
        .into_iter()
        .map(|one| one.action)
        .collect();
    assert_eq!(
        actions
            .iter()
            .filter(|action| action.starts_with("view."))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_personal_view_is_nobody_elses_and_what_is_removed_can_be_kept_again() {
    let world = World::confirmed().await;
    for (who, name) in [("aisha", "Ports"), ("aisha", "Roads"), ("bolat", "Ports")] {
        let kept = keep(&world, who, name, "q=port", "").await;
        assert_eq!(
            kept.status,
            StatusCode::SEE_OTHER,
            "{who} {name}: {}",
            kept.body
        );
    }
    assert_eq!(tab(&world, "daniyar", "/cases", "Ports").await, None);
    let roads = id(&world, "Roads");
    let foreign = [("do", "remove"), ("id", roads.as_str())];
    assert_eq!(
        world.send("daniyar", VIEWS, &foreign).await.status,
        StatusCode::NOT_FOUND
    );
    // A name that is taken, or none at all, is refused, and what was typed stays.
    let rename = |name: &'static str| [("do", "rename"), ("id", roads.as_str()), ("name", name)];
    let taken = world.send("aisha", VIEWS, &rename("Ports")).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        taken
            .body
            .contains("id=\"rename\" name=\"name\" dir=\"auto\" value=\"Ports\"")
            && taken.body.contains("href=\"#rename\""),
        "{}",
        taken.body
    );
    let long = "x".repeat(41);
    for name in ["", " ", "Ports", "a\u{202e}b", long.as_str()] {
        let refused = keep(&world, "aisha", name, "q=bridge", "on").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            refused.body.contains("name=\"query\" value=\"q=bridge\"")
                && refused.body.contains("value=\"on\" checked"),
            "{name}: {}",
            refused.body
        );
    }
    let renamed = world.send("aisha", VIEWS, &rename("<b>Bridges</b>")).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.body);
    let page = world.page("aisha", "/cases", "en").await.body;
    assert!(
        !page.contains("<b>Bridges") && page.contains("Bridges"),
        "{page}"
    );
    // What is removed stands in the form of the next page.
    let removed = world
        .send("aisha", VIEWS, &[("do", "remove"), ("id", &*roads)])
        .await;
    let to = removed.header(header::LOCATION).to_owned();
    assert_eq!(tab(&world, "aisha", "/cases", "Bridges").await, None);
    let page = world.page("aisha", &to, "en").await.body;
    assert!(
        page.contains("It still stands in the form")
            && page.contains("name=\"query\" value=\"q=port\""),
        "{page}"
    );
    for n in 0..11 {
        keep(&world, "aisha", &format!("View {n}"), "", "").await;
    }
    let many = keep(&world, "aisha", "One more", "", "").await;
    assert_eq!(
        many.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        many.body
    );
}

#[test]
fn views_are_kept_from_the_command_line_as_on_the_page() {
    let folder = Folder::new("");
    for (id, role) in [("aisha", "officer"), ("marat", "viewer")] {
        folder.run(&["user", "add", id, "--role", role]);
    }
    let listed = |who: &str| {
        let list = aigaq(
            folder.path(),
            &["--format", "jsonl", "views", "list", "--as", who],
            "",
        );
        assert_eq!(list.status.code(), Some(0));
        lines(&list)
    };
    let query = "view=all&sort=newest&selected=x";
    folder.run(&[
        "views", "add", "Newest", "--query", query, "--shared", "--as", "aisha",
    ]);
    folder.run(&["views", "add", "Mine", "--as", "marat"]);
    let shared = listed("aisha");
    assert_eq!(shared.len(), 1, "what is another's alone is not listed");
    assert_eq!(shared[0]["query"], "view=all&sort=newest");
    assert_eq!(listed("marat").len(), 2);
    let id = shared[0]["id"].as_str().unwrap();
    let (_, said) = folder.refused(&["views", "rename", id, "Ours", "--as", "marat"]);
    assert!(said.contains("another user's"), "{said}");
    let (_, said) = folder.refused(&["views", "add", "Ours", "--shared", "--as", "marat"]);
    assert!(said.contains("for themselves only"), "{said}");
    let told = folder.run(&["views", "rename", id, "All, newest", "--as", "aisha"]);
    assert!(
        told.contains("All, newest") && told.contains("aisha, shared"),
        "{told}"
    );
    folder.run(&["views", "remove", id, "--as", "aisha"]);
    assert!(listed("aisha").is_empty());
    let (_, said) = folder.refused(&["views", "remove", id, "--as", "aisha"]);
    assert!(said.contains("no view has this id"), "{said}");
}
