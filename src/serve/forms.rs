//! Forms as pages send them, and what is said above one that is shown again.

use axum::body::Bytes;
use url::form_urlencoded;

use super::error::Error;

/// Largest form that is read, in bytes: passwords of the longest kind fit several times.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// Fields of a form, in the order sent.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    pub(super) fn read(body: &Bytes) -> Result<Form, Error> {
        Form::read_up_to(body, MAX_FORM_BYTES)
    }

    /// Reads a form that may be longer, since a whole file is typed in it.
    pub(super) fn read_up_to(body: &Bytes, most: usize) -> Result<Form, Error> {
        if body.len() > most {
            return Err(Error::Wrong("the form is too long".to_owned()));
        }
        Ok(Form(form_urlencoded::parse(body).into_owned().collect()))
    }

    /// A field exactly as given, the first of its name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        let field = fields.find(|(key, _)| key == name);
        field.map_or("", |(_, value)| value)
    }

    /// All fields of a name, as boxes to tick send them.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// What is wrong with a form: one line of its summary, which leads to the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The `id` of the field; empty where no single field is wrong.
    pub(super) field: &'static str,
    /// What is wrong and what to do.
    pub(super) text: String,
}

impl Fault {
    /// A fault of a field.
    pub(super) fn at(field: &'static str, text: String) -> Vec<Fault> {
        vec![Fault { field, text }]
    }

    /// A fault of the form as a whole.
    pub(super) fn of_all(text: String) -> Vec<Fault> {
        Fault::at("", text)
    }

    /// Whether one of the faults is that of a field.
    pub(super) fn is_at(faults: &[Fault], field: &str) -> bool {
        faults.iter().any(|fault| fault.field == field)
    }
}
