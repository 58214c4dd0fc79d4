//! Templates of letters: shipped ones, and an operator's in their place; a wrong one is told by file and line.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};

use super::markup::escaped;
use crate::language::Language;
use crate::model::letter::{LetterFacts, LetterText};

/// Steps that filling a template may take: the shipped ones take a few thousand, a loop that never ends is stopped.
const MAX_STEPS: u64 = 1_000_000;

/// The shipped templates by file name.
const SHIPPED: [(&str, &str); 3] = [
    ("letter.kk.txt", include_str!("templates/letter.kk.txt")),
    ("letter.ru.txt", include_str!("templates/letter.ru.txt")),
    ("letter.en.txt", include_str!("templates/letter.en.txt")),
];

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct TemplateError {
    /// File.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The templates of letters.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

/// Name of a language's template.
fn file_of(language: Language) -> &'static str {
    SHIPPED[language as usize].0
}

impl Templates {
    /// The names that an operator's files may have.
    pub fn names() -> [&'static str; 3] {
        SHIPPED.map(|(name, _)| name)
    }

    /// The shipped templates by name.
    pub fn shipped() -> [(&'static str, &'static str); 3] {
        SHIPPED
    }

    /// Name of a language's template.
    pub fn name_of(language: Language) -> &'static str {
        file_of(language)
    }

    /// The shipped templates, with an operator's files in place of those of the same name.
    ///
    /// # Errors
    /// When a template cannot be read, or names a value that no letter has.
    pub fn with(files: &BTreeMap<String, String>) -> Result<Templates, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut syntax = SyntaxConfig::builder();
        // A line that holds only tags leaves no line behind.
        let syntax = syntax.trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| told(&error, SHIPPED[0].0))?);
        environment.set_fuel(Some(MAX_STEPS));
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_formatter(|out, _, value| {
            let text = value.to_string();
            out.write_str(&escaped(&text)).map_err(Error::from)
        });
        for (name, shipped) in SHIPPED {
            let text = files.get(name).map_or(shipped, String::as_str);
            let added = environment.add_template_owned(name, text.to_owned());
            added.map_err(|error| told(&error, name))?;
        }
        Ok(Templates(environment))
    }

    /// A letter's text in a language.
    ///
    /// # Errors
    /// When the template names a value that no letter has, or does not come to an end.
    pub fn fill(
        &self,
        facts: &LetterFacts,
        language: Language,
    ) -> Result<LetterText, TemplateError> {
        let name = file_of(language);
        let template = self
            .0
            .get_template(name)
            .map_err(|error| told(&error, name))?;
        let markup = template
            .render(Value::from(Serde(facts)))
            .map_err(|error| told(&error, name))?;
        Ok(LetterText {
            language,
            title: facts.route.title.clone(),
            markup,
        })
    }
}

/// An error by file and line.
fn told(error: &Error, name: &str) -> TemplateError {
    let message = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    TemplateError {
        file: error.name().unwrap_or(name).to_owned(),
        line: error.line().unwrap_or(1),
        message,
    }
}
