//! What came and changed since a list was shown, for the script of a page that stays open: told above the rows, which never move.
//!
//! Since when is told by the number of the newest version of all cases, not by a clock: a pass stores cases with the moment at
//! which it began.

use axum::Json;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::ranked::{Mark, Ranked, View};
use super::{Around, off_thread};
use crate::model::Case;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::shell::Shell;
use crate::serve::{Desk, Shared};

/// Seconds between two looks of an open page; the script looks only while somebody sees the page.
pub(super) const LOOKED_EVERY_SECONDS: u32 = 30;
/// Changed cases of which is looked up whether they stood in the list before; of more only those that stand in it now are told.
const MOST_LOOKED_UP: usize = 200;

/// Up to where a page has been shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Seen {
    /// Number of the newest version of all cases.
    seen: u64,
    /// Seconds since 1970 at which it was shown.
    at: i64,
}

impl Seen {
    /// Up to now.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn now(desk: &Desk, now: DateTime<Utc>) -> Result<Seen, Error> {
        Ok(Seen {
            seen: desk.store.last_case_version()?,
            at: now.timestamp(),
        })
    }

    /// Where the script asks for what is newer in a list.
    pub(super) fn address(&self, asked: &Asked) -> String {
        let list = asked.after(None).query();
        let and = if list.is_empty() { "" } else { "&" };
        format!("/cases/news?{list}{and}seen={}&at={}", self.seen, self.at)
    }
}

/// How much of what was told.
#[derive(Debug, Default, PartialEq, Eq)]
struct News {
    n_new: usize,
    n_changed: usize,
    n_late: usize,
}

/// What is newer than a list that was shown: the same list's address, words, and how many cases stand in each view.
pub(in crate::serve) async fn news(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(seen): Query<Seen>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    off_thread(move || {
        let asked = Asked::of(&query.unwrap_or_default());
        let around = Around::of(&desk, &shell, &user.user)?;
        Ok(Json(around.told_since(&asked, &seen)?).into_response())
    })
    .await
}

impl Around<'_> {
    /// The answer to the script.
    fn told_since(&self, asked: &Asked, shown: &Seen) -> Result<Value, Error> {
        let (words, now) = (self.words(), self.now);
        let ranked = Ranked::of(self.desk, now)?;
        let seen: Vec<(&Case, &Mark)> = ranked.seen_by(self.reader).collect();
        let let_through = self.let_through(asked, seen.iter().copied());
        let let_through: Vec<(&Case, &Mark)> = let_through.collect();
        let mut counts = Map::new();
        for view in View::ALL {
            let n = self.in_view(view, &let_through).count();
            counts.insert(view.word().to_owned(), words.number(n).into());
        }
        for (view, list) in self.views()? {
            counts.insert(
                view.id,
                words.number(self.in_list(&list, &seen).count()).into(),
            );
        }
        let news = self.news(asked, shown, &let_through)?;
        let told = [
            ("queue-news-new", news.n_new),
            ("queue-news-changed", news.n_changed),
            ("queue-news-late", news.n_late),
        ];
        let told = told.into_iter().filter(|(_, n)| *n > 0);
        let told: Vec<String> = told.map(|(id, n)| words.count(id, n)).collect();
        Ok(json!({
            "news": told.join(" · "),
            "href": asked.after(None).address(),
            "counts": counts,
        }))
    }

    /// Of a list: what came, what changed, and what has become late without anybody's doing.
    fn news(
        &self,
        asked: &Asked,
        seen: &Seen,
        let_through: &[(&Case, &Mark)],
    ) -> Result<News, Error> {
        let (store, now) = (&self.desk.store, self.now);
        let changed = store.cases_changed_after(seen.seen)?;
        let before = DateTime::from_timestamp(seen.at, 0).unwrap_or(now);
        let mut news = News::default();
        for (case, mark) in let_through {
            let holds = asked.view.holds(case, mark, self.reader, now);
            match changed.get(&case.id) {
                Some(1) if holds => news.n_new += 1,
                Some(first) if holds || self.held(asked, case, mark, *first, changed.len())? => {
                    news.n_changed += 1;
                }
                None if holds && mark.deadline().is_some_and(|at| before < at && at <= now) => {
                    news.n_late += 1;
                }
                _ => {}
            }
        }
        Ok(news)
    }

    /// Whether a case stood in the list in the version before one that was stored since.
    fn held(
        &self,
        asked: &Asked,
        case: &Case,
        mark: &Mark,
        first: u64,
        n_changed: usize,
    ) -> Result<bool, Error> {
        if n_changed > MOST_LOOKED_UP {
            return Ok(false);
        }
        let before = first.saturating_sub(1);
        let then = self.desk.store.case_version(&case.id, before)?;
        Ok(then.is_some_and(|then| asked.view.holds(&then, mark, self.reader, self.now)))
    }
}
