//! What each route asks for, as data: titles, headings, legal basis, request, and the clocks it starts.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::language::Language;
use crate::model::Route;
use crate::model::letter::RouteWords;
use crate::pursue::clock::{DataError, Rules, Worded, read};

/// The shipped routes.
const SHIPPED: &str = include_str!("data/routes.toml");

/// Name of the file of routes, shipped and given.
pub const FILE_NAME: &str = "routes.toml";

/// A route in words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteText {
    /// Ids of the rules of its clocks.
    pub clocks: Vec<String>,
    /// Title of the letter.
    pub title: Worded,
    /// Heading of the text to publish, where one is asked for.
    pub heading: Option<Worded>,
    /// What it rests on.
    pub basis: Worded,
    /// What is asked for.
    pub request: Worded,
}

impl RouteText {
    /// The route in one language.
    pub fn words(&self, route: Route, language: Language) -> RouteWords {
        let heading = self.heading.as_ref();
        RouteWords {
            id: route.name().to_owned(),
            title: self.title.of(language).to_owned(),
            heading: heading.map_or_else(String::new, |text| text.of(language).to_owned()),
            basis: self.basis.of(language).to_owned(),
            request: self.request.of(language).to_owned(),
        }
    }
}

/// All routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes(BTreeMap<Route, RouteText>);

impl Routes {
    /// The text of the shipped routes.
    pub const SHIPPED: &'static str = SHIPPED;

    /// The shipped routes, or those of an operator's file, whose clocks must be among the rules.
    ///
    /// # Errors
    /// The first mistake of the file, with its line.
    pub fn read(given: Option<(&str, &str)>, rules: &Rules) -> Result<Routes, DataError> {
        let (file, text) = given.unwrap_or((FILE_NAME, SHIPPED));
        let routes: BTreeMap<Route, RouteText> = read(file, text)?;
        let wrong = |word: &str, message: String| {
            let before = text
                .find(word)
                .map_or(0, |at| text[..at].matches('\n').count());
            DataError {
                file: file.to_owned(),
                line: before + 1,
                message,
            }
        };
        for route in Route::ALL {
            let Some(words) = routes.get(&route) else {
                return Err(wrong("", format!("[{}] is missing", route.name())));
            };
            let unknown = words.clocks.iter().find(|clock| !rules.knows(clock));
            if let Some(clock) = unknown {
                let message = format!("no rule has the id `{clock}`");
                return Err(wrong(&format!("\"{clock}\""), message));
            }
        }
        Ok(Routes(routes))
    }

    /// A route in words.
    ///
    /// # Panics
    /// Never: reading makes sure that every route is there.
    pub fn of(&self, route: Route) -> &RouteText {
        self.0.get(&route).expect("every route was read")
    }
}
